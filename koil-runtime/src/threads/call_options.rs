//! The options of a `ThreadedCall`, and the ways to start its job without a poll.

use super::call::ThreadedCall;

impl<T> ThreadedCall<T> {
    /// Starts the job now, without a poll: it runs although nothing awaits it.
    ///
    /// Its token is below the one that is current here. The call can be awaited later, or never.
    /// Dropping it then detaches the job, which runs to its end; its value is dropped there, and a
    /// panic in it is reported by the panic hook alone. With
    /// [`cancel_on_drop`](ThreadedCall::cancel_on_drop), dropping cancels the job, as it does for a
    /// call that was started by a poll.
    ///
    /// The loop is stopped only after the job has ended, within `join_timeout`; the end of `main`
    /// does not wait for it.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// let (send, received) = mpsc::channel();
    /// let sum = koil::run_threaded(move || {
    ///     send.send("it runs").unwrap();
    ///     1 + 1
    /// });
    /// let sum = sum.start();
    /// assert_eq!(received.recv().unwrap(), "it runs");
    /// assert_eq!(koil::unkoil(sum), 2);
    /// ```
    #[doc(alias = "spawn")]
    pub fn start(mut self) -> ThreadedCall<T> {
        // A call that was polled before keeps its owner.
        if !self.leak_if_forked() && self.options().is_some() {
            self.hand_over();
            self.set_drop_cancels(false);
        }
        self
    }

    /// Lets the job run to its end without an owner; starts it, if that has not been done.
    ///
    /// As dropping a call after [`start`](ThreadedCall::start), also for one that was started by a
    /// poll.
    ///
    /// ```
    /// use std::sync::mpsc;
    ///
    /// let (send, received) = mpsc::channel();
    /// koil::run_threaded(move || send.send("done")).detach();
    /// assert_eq!(received.recv().unwrap(), "done");
    /// ```
    pub fn detach(mut self) {
        if !self.leak_if_forked() {
            self.hand_over();
            self.set_drop_cancels(false);
        }
    }

    /// Makes a drop of this call cancel the job, also after [`start`](ThreadedCall::start).
    pub fn cancel_on_drop(mut self) -> ThreadedCall<T> {
        self.set_drop_cancels(true);
        self
    }

    /// Makes a cancel of the job release its plain calls too: a plain twin or
    /// [`unkoil`](crate::unkoil()) that waits, or is called after the cancel, unwinds to the end of
    /// the job, which gives its worker back. Call it before the first poll.
    ///
    /// Without this, such a call waits for its output, although the owner of the job has gone.
    ///
    /// The unwinding runs the drops of the job and calls no panic hook, as in an
    /// [unwinding scope](crate::CancelScope::unwinding). If the call is awaited nevertheless,
    /// [`fallible`](ThreadedCall::fallible) returns the error of the plain call, and a plain await
    /// panics with its text.
    ///
    /// Under `panic = "abort"` nothing can unwind: the option has no effect there.
    ///
    /// ```
    /// koil::unkoil(async {
    ///     let waits = || koil::unkoil(std::future::pending::<()>());
    ///     let mut call = koil::run_threaded(waits).unwinding();
    ///     assert!(futures::poll!(&mut call).is_pending());
    ///     assert!(call.cancel().await, "its worker is free again");
    /// });
    /// ```
    pub fn unwinding(mut self) -> ThreadedCall<T> {
        if let Some(options) = self.options() {
            options.unwinds = true;
        }
        self
    }

    /// Applies the changes that the job makes to its [context](crate::ContextVar) to the context of
    /// the caller that awaits it; after a panic none are applied. Call it before the first poll.
    ///
    /// Only variables that the job has set or unset are applied. A value set meanwhile at the await
    /// stays, unless the job has set the same variable.
    ///
    /// ```
    /// koil::context_var! { static VISITED: u32 = 0 }
    ///
    /// koil::unkoil(async {
    ///     koil::run_threaded(|| VISITED.set(1)).await;
    ///     assert_eq!(VISITED.get(), 0);
    ///     koil::run_threaded(|| VISITED.set(1)).bring_context().await;
    ///     assert_eq!(VISITED.get(), 1);
    /// });
    /// ```
    pub fn bring_context(mut self) -> ThreadedCall<T> {
        if let Some(options) = self.options() {
            options.brings_context = true;
        }
        self
    }
}
