//! `Drivers`: the choice of threads that drive a loop, from its builder or the environment.

use std::io;

/// The environment variable that decides for loops whose builder has no setting.
const VARIABLE: &str = "KOIL_DRIVERS";

/// The threads that drive a loop: that run its tasks, timers and sockets.
///
/// Chosen by [`KoilBuilder::drivers`](crate::KoilBuilder::drivers), or for a program by the environment
/// variable `KOIL_DRIVERS`, which is read when a loop is built. [`guide::who_drives`] has the differences.
///
/// [`guide::who_drives`]: ../koil/guide/who_drives/index.html
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Drivers {
    /// A blocked caller drives the loop while it waits, unless a task that koil spawned is alive on it
    /// ([`unkoil_task`](crate::unkoil_task()), [`Iter::prefetch`](crate::Iter::prefetch), a lent future, an
    /// exit that a drop handed over): such work is polled by the loop's own thread only. The default.
    /// `KOIL_DRIVERS=callers-unless-tasks`.
    ///
    /// Tasks that are spawned by `tokio::spawn` cannot be seen: they may run on the thread of a caller.
    #[default]
    CallersUnlessTasks,
    /// A blocked caller drives the loop while it waits, and may run any of its tasks.
    /// `KOIL_DRIVERS=callers`.
    Callers,
    /// Only the loop's own thread drives; each wait of a caller costs a wake by that thread.
    /// `KOIL_DRIVERS=loop`.
    LoopThread,
}

impl Drivers {
    /// The builder's setting, else the environment's, else the default.
    ///
    /// # Errors
    ///
    /// If the environment variable has an unknown value.
    pub(in crate::drive) fn or_from_environment(built: Option<Drivers>) -> io::Result<Drivers> {
        if let Some(drivers) = built {
            return Ok(drivers);
        }
        let Some(value) = std::env::var_os(VARIABLE) else {
            return Ok(Drivers::default());
        };
        match value.to_str() {
            Some("" | "callers-unless-tasks") => Ok(Drivers::CallersUnlessTasks),
            Some("callers") => Ok(Drivers::Callers),
            Some("loop") => Ok(Drivers::LoopThread),
            _ => Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "the environment variable {VARIABLE} is `{}`; write `loop`, `callers` or \
                     `callers-unless-tasks`",
                    value.display()
                ),
            )),
        }
    }
}
