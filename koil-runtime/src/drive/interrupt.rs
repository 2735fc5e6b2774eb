//! `cancel_on_ctrl_c`: the first Ctrl-C cancels the scopes, the second ends the program.

#![allow(unsafe_code)]

use std::io;
use std::sync::mpsc;
use std::thread;

use tokio::runtime::Builder;

use crate::fork::PerProcess;
use crate::scope::cancel::root;
use crate::scope::cancel::token::CancelToken;
use crate::sync::Mutex;

/// Makes the first Ctrl-C cancel every open [`CancelScope`](crate::CancelScope) and
/// [`deadline`](crate::deadline()), and the second end the program, as Ctrl-C does without this.
///
/// Code inside the scopes returns or unwinds, and is cleaned up on the way. Calls outside of
/// scopes, and scopes that are made after the first Ctrl-C, continue undisturbed. Returns a token
/// that the first Ctrl-C cancels, for code that is in no scope. Another call returns the same
/// token.
///
/// For programs. Not for code in an embedded host that hears Ctrl-C itself, such as an interpreter with
/// an extension module: the two would take the signal from each other, and a host that sets its handler
/// again ends this without a word. There a [`WaitHook`](crate::WaitHook) asks the host whether a call
/// goes on.
///
/// It uses a thread of its own and no loop, and lasts until the program ends. In a forked child
/// (Unix) that thread is missing: there Ctrl-C has its default action again, and this is an error.
///
/// Taken from Python's `asyncio.Runner`, which synchronicity follows: the first Ctrl-C is a
/// request, the second an order.
///
/// # Errors
///
/// If the operating system gives no thread, or does not allow a handler for the signal; and of kind
/// [`Unsupported`](io::ErrorKind::Unsupported) in a forked child whose parent called this before:
/// tokio's signals do not survive a fork.
///
/// ```no_run
/// let interrupted = koil::cancel_on_ctrl_c()?;
/// let download = koil::CancelScope::new().unwinding().run(|| {
///     koil::unkoil(std::future::pending::<()>())
/// });
/// if interrupted.is_cancelled() {
///     println!("{}", download.unwrap_err());
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
#[doc(alias = "ctrlc")]
#[doc(alias = "sigint")]
pub fn cancel_on_ctrl_c() -> io::Result<CancelToken> {
    static WATCHED: PerProcess<Mutex<Option<CancelToken>>> = PerProcess::new(Mutex::default);
    #[cfg(unix)]
    in_child::refuse()?;
    let mut watched = WATCHED.get().lock();
    if let Some(token) = &*watched {
        return Ok(token.clone());
    }
    let token = CancelToken::new();
    watch(token.clone())?;
    *watched = Some(token.clone());
    Ok(token)
}

/// Starts the thread; returns after the thread has begun to listen.
fn watch(token: CancelToken) -> io::Result<()> {
    let (report, listening) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("koil-ctrl-c".to_owned())
        .spawn(move || {
            let runtime = match Builder::new_current_thread().enable_io().build() {
                Ok(runtime) => runtime,
                Err(error) => return drop(report.send(Err(error))),
            };
            runtime.block_on(async {
                let mut interrupts = match CtrlCSignals::listen() {
                    Ok(interrupts) => interrupts,
                    Err(error) => return drop(report.send(Err(error))),
                };
                #[cfg(unix)]
                in_child::watch();
                // `watch` waits for this.
                let _ = report.send(Ok(()));
                interrupts.next().await;
                token.cancel("Ctrl-C");
                root::cancel_all("Ctrl-C");
                interrupts.next().await;
                end();
            });
        })?;
    listening.recv().unwrap_or_else(|_| {
        Err(io::Error::other(
            "the thread that listens for Ctrl-C has ended",
        ))
    })
}

/// The handling of the signal in a forked child.
#[cfg(unix)]
mod in_child {
    use std::io;
    use std::sync::atomic::{AtomicBool, Ordering};

    use crate::fork::unix::at_fork;

    static IS_CHILD: AtomicBool = AtomicBool::new(false);

    /// From now on Ctrl-C has its default action again in a forked child.
    pub(super) fn watch() {
        at_fork(None, None, restore);
    }

    extern "C" fn restore() {
        // ORDERING: Relaxed; this is the only thread of the process.
        IS_CHILD.store(true, Ordering::Relaxed);
        // SAFETY: the default action is no function of ours; the call may be made at any time.
        unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
    }

    /// An error in a forked child: there tokio takes itself to be listening already, on a socket
    /// that the child shares with its parent.
    pub(super) fn refuse() -> io::Result<()> {
        // ORDERING: Relaxed; it is set before there are other threads.
        if !IS_CHILD.load(Ordering::Relaxed) {
            return Ok(());
        }
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "`koil::cancel_on_ctrl_c` was called before this process was forked; what it listens to \
             belongs to the parent",
        ))
    }
}

struct CtrlCSignals(
    #[cfg(unix)] tokio::signal::unix::Signal,
    #[cfg(windows)] tokio::signal::windows::CtrlC,
);

impl CtrlCSignals {
    #[cfg(unix)]
    fn listen() -> io::Result<CtrlCSignals> {
        let kind = tokio::signal::unix::SignalKind::interrupt();
        tokio::signal::unix::signal(kind).map(CtrlCSignals)
    }

    #[cfg(windows)]
    fn listen() -> io::Result<CtrlCSignals> {
        tokio::signal::windows::ctrl_c().map(CtrlCSignals)
    }

    async fn next(&mut self) {
        if self.0.recv().await.is_none() {
            // No further Ctrl-C can be received; the program continues as if there were none.
            std::future::pending::<()>().await;
        }
    }
}

/// Ends the program by the default action of the signal, as in a program without a handler: so a
/// shell sees the right exit status.
#[cfg(unix)]
fn end() -> ! {
    // SAFETY: the default action is no function of ours, and has no requirements.
    unsafe { libc::signal(libc::SIGINT, libc::SIG_DFL) };
    // SAFETY: as above; any thread may send its own process a signal.
    unsafe { libc::kill(std::process::id().cast_signed(), libc::SIGINT) };
    // Reached if the signal is blocked or late.
    std::process::exit(128 + libc::SIGINT)
}

#[cfg(windows)]
fn end() -> ! {
    // STATUS_CONTROL_C_EXIT.
    std::process::exit(0xC000_013A_u32.cast_signed())
}
