//! `Blocked`: one blocking call that waits right now, as a watchdog sees it.

use std::fmt;
use std::panic::Location;
use std::thread::{Thread, ThreadId};
use std::time::Duration;

#[cfg(feature = "sched")]
use super::held_lock::HeldLock;
use super::site::{CallSite, Names};

/// A blocking call that was waiting when [`blocked`](crate::blocked()) looked; or the work that keeps
/// a thread of a loop from its other work ([`BlockedWait::InPoll`]).
#[derive(Debug, Clone)]
pub struct Blocked {
    pub(crate) site: CallSite,
    pub(crate) waited: Duration,
    pub(crate) loop_id: u64,
    pub(crate) loop_name: String,
    pub(crate) thread: Thread,
    pub(crate) wait: BlockedWait,
    #[cfg(feature = "sched")]
    pub(crate) lock: Option<HeldLock>,
}

/// How a blocked call waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BlockedWait {
    /// Its thread has polled the future and sleeps until it is woken.
    Parked,
    /// The thread of the loop polls the future, as the call asked for; its own thread sleeps.
    Lent,
    /// Parked on a worker of another runtime, after another thread has taken over the tasks of that
    /// worker.
    SteppedAside,
    /// Its thread polls the future and drives the loop meanwhile, or waits for its turn to drive
    /// it.
    Driving,
    /// The call has been cut short, and its future, or a value that the future drops, is cleaning
    /// up.
    InCleanUp,
    /// No call: a thread of the loop is inside one poll of this task, exit, prefetched stream or lent
    /// future, and has not come back to the loop. Everything else that this thread drives stands still
    /// meanwhile.
    InPoll,
}

impl Blocked {
    /// Where the call was written; of [`BlockedWait::InPoll`], where the work was started.
    pub fn call_site(&self) -> &'static Location<'static> {
        self.site.location
    }

    /// The twin that was called, `BlockingShop::open`; `None` for `unkoil` and its siblings.
    pub fn twin(&self) -> Option<&'static str> {
        self.site.names.map(Names::twin)
    }

    /// How long the call has waited; of [`BlockedWait::InPoll`], how long at least the poll has
    /// taken: the time since a call began to wait for the loop, or since `blocked` was called, and
    /// first found the thread in this poll.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// The number of the loop that the call waits for, unique in this process.
    pub fn loop_id(&self) -> u64 {
        self.loop_id
    }

    /// The name of the loop that the call waits for, as
    /// [`KoilBuilder::thread_name`](crate::KoilBuilder::thread_name) gave it.
    pub fn loop_name(&self) -> &str {
        &self.loop_name
    }

    /// The name of the blocked thread, if it has one.
    pub fn thread_name(&self) -> Option<&str> {
        self.thread.name()
    }

    /// The blocked thread.
    pub fn thread_id(&self) -> ThreadId {
        self.thread.id()
    }

    /// How the call waits.
    pub fn wait(&self) -> BlockedWait {
        self.wait
    }

    /// The lock that the call waits for, if it waits for a [`Mutex`](crate::sched::Mutex), and its
    /// holder.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use koil::sched::Mutex;
    ///
    /// let mutex = Arc::new(Mutex::new(()));
    /// let guard = mutex.lock_blocking();
    /// let wanted = mutex.clone();
    /// let waits = std::thread::spawn(move || drop(wanted.lock_blocking()));
    /// let lock = loop {
    ///     match koil::blocked().iter().find_map(koil::Blocked::lock) {
    ///         Some(lock) => break lock,
    ///         None => std::thread::yield_now(),
    ///     }
    /// };
    /// assert_eq!(lock.taken_at().unwrap().file(), file!());
    /// drop(guard);
    /// waits.join().unwrap();
    /// ```
    #[cfg(feature = "sched")]
    pub fn lock(&self) -> Option<HeldLock> {
        self.lock
    }
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Blocked {
            site,
            waited,
            loop_id,
            loop_name,
            thread,
            wait,
            ..
        } = self;
        if *wait == BlockedWait::InPoll {
            write!(
                f,
                "{} has been polled for {waited:.1?} and keeps loop `{loop_name}` ({loop_id}) from its \
                 other work, ",
                StartedWork(*site)
            )?;
        } else {
            write!(
                f,
                "{site} has waited {waited:.1?} for loop `{loop_name}` ({loop_id}), "
            )?;
        }
        match thread.name() {
            Some(name) => write!(f, "thread `{name}` ({:?})", thread.id())?,
            None => write!(f, "a thread without a name ({:?})", thread.id())?,
        }
        write!(f, ", {wait}")?;
        #[cfg(feature = "sched")]
        if let Some(lock) = self.lock {
            write!(f, ", for {lock}")?;
        }
        Ok(())
    }
}

/// Work on a loop, by the place where it was started.
pub(crate) struct StartedWork(pub(crate) CallSite);

impl fmt::Display for StartedWork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let CallSite { location, names } = self.0;
        match names {
            Some(names) => write!(f, "the future of `{}` at {location}", names.twin()),
            None => write!(f, "the work that was started at {location}"),
        }
    }
}

impl fmt::Display for BlockedWait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            BlockedWait::Parked => "parked",
            BlockedWait::Lent => "its future polled by the loop",
            BlockedWait::SteppedAside => "stepped aside",
            BlockedWait::Driving => "driving the loop",
            BlockedWait::InCleanUp => "in clean-up",
            BlockedWait::InPoll => "inside its poll",
        })
    }
}
