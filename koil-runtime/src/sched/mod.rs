//! Priorities that hold: for tasks, locks and blocking calls, in any runtime.
//!
//! A [`Priority`] belongs to the running code and goes where its context goes:
//! into blocking calls, tasks, workers and gathers. No signature changes. A [`Mutex`] is given to the
//! highest one that waits, and lends its priority to the code that holds the mutex.
//!
//! ```
//! use koil::sched::Priority;
//!
//! fn refresh_everything() -> Priority {
//!     koil::unkoil(async { Priority::current() })
//! }
//!
//! assert_eq!(Priority::LOW.scope(refresh_everything), Priority::LOW);
//! ```

mod executor;
mod interrupts;
mod locks;
mod turn;

pub use self::executor::Executor;
pub use self::interrupts::{Interrupter, Interrupts, interrupts};
pub use self::locks::condvar::Condvar;
pub use self::locks::mutex::{Mutex, MutexGuard, OwnedMutexGuard};
pub use self::locks::semaphore::{OwnedSemaphorePermit, Semaphore, SemaphorePermit};
pub use self::turn::{switch_to, yield_to};
pub use crate::executor::{NotRunnable, Position, TaskInfo, TaskState};
pub use crate::report::held_lock::HeldLock;
pub use crate::report::task_id::TaskId;
pub use crate::scope::priority::Priority;
