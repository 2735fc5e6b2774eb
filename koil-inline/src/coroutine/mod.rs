//! Coroutines: an async body that yields values to its caller and receives answers.
//!
//! [`coroutine`] makes one of an async closure. Its caller resumes it with an input, and receives
//! the next value that the body yields, or its result. Real awaits in the body pass through to the
//! executor that polls the resume, so a coroutine may read from a socket between two values. From
//! blocking code, resume it with [`run`](crate::run()) or in a twin.
//!
//! ```
//! use koil::coroutine::{Co, Resumed, coroutine};
//! use koil::inline;
//!
//! /// Asks until the answer is a number.
//! async fn ask(co: &Co<&'static str, String>) -> u32 {
//!     loop {
//!         if let Ok(number) = co.yield_("how many?").await.parse() {
//!             return number;
//!         }
//!     }
//! }
//!
//! let mut dialogue = coroutine(|co, _first: String| async move { ask(&co).await });
//! let asked = inline::run(dialogue.resume(String::new()))?;
//! assert_eq!(asked, Resumed::Yielded("how many?"));
//! inline::run(dialogue.resume("many".to_owned()))?;
//! let done = inline::run(dialogue.resume("3".to_owned()))?;
//! assert_eq!(done, Resumed::Complete(3));
//! # Ok::<(), inline::WouldBlock>(())
//! ```
//!
//! The first input is the second argument of the closure, as in the coroutines of nightly Rust, so
//! there is no separate start. To inject errors, make the input a `Result` and write
//! `co.yield_(value).await?`. To abort a coroutine, drop it.
//!
//! [`stream`] and [`try_stream`] make streams in the same way.

mod co;
mod frame;
mod slot;
mod stream;

use std::boxed::Box;
use std::fmt;
use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

pub use self::co::{Co, Yield};
pub use self::stream::{stream, try_stream};

use self::frame::Id;
use self::slot::Slot;

/// Makes a coroutine of an async closure.
///
/// `f` runs when the coroutine is first resumed, and receives the input of that resume. The future
/// that it returns is boxed; this is the only allocation.
///
/// ```
/// use koil::coroutine::{Resumed, coroutine};
/// use koil::inline;
///
/// let mut sums = coroutine(|co, mut number: i32| async move {
///     let mut sum = 0;
///     while number != 0 {
///         sum += number;
///         number = co.yield_(sum).await;
///     }
///     "done"
/// });
/// assert_eq!(inline::run(sums.resume(2))?, Resumed::Yielded(2));
/// assert_eq!(inline::run(sums.resume(3))?, Resumed::Yielded(5));
/// assert_eq!(inline::run(sums.resume(0))?, Resumed::Complete("done"));
/// # Ok::<(), inline::WouldBlock>(())
/// ```
#[doc(alias = "Monitor")]
#[doc(alias = "generator")]
pub fn coroutine<Y, R, G, F>(f: G) -> Coroutine<Y, R, G, F>
where
    G: FnOnce(Co<Y, R>, R) -> F,
    F: Future,
{
    Coroutine {
        id: Id::new(),
        slot: Slot::new(),
        start: Some(f),
        body: None,
    }
}

/// An async body that yields values of type `Y` and receives answers of type `R`; made by
/// [`coroutine`].
///
/// # Drop
///
/// Dropping it drops the body where it waits.
#[doc(alias = "Monitor")]
#[must_use = "a coroutine does nothing unless it is resumed"]
pub struct Coroutine<Y, R, G, F> {
    id: Id,
    slot: Slot<Y, R>,
    /// `None` once it has begun.
    start: Option<G>,
    /// `None` before it has begun, and once it has finished.
    body: Option<Pin<Box<F>>>,
}

/// Why a coroutine has stopped for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resumed<Y, T> {
    /// The body has yielded this value, and waits for the answer.
    Yielded(Y),
    /// The body has returned this value.
    Complete(T),
}

impl<Y, R, G, F> Coroutine<Y, R, G, F>
where
    G: FnOnce(Co<Y, R>, R) -> F,
    F: Future,
{
    /// Runs the body to its next yield or its end.
    ///
    /// The first input is the argument of the body; each later one is the answer to the yield
    /// before. Nothing happens before the returned future is polled. If it is dropped after that and
    /// before it is ready, the body stays where it waits; [`proceed`](Coroutine::proceed) continues
    /// it.
    ///
    /// # Panics
    ///
    /// The returned future panics if the body panics; if the body has finished; or if the body does
    /// not wait for an answer, because the last resume was dropped half-way.
    #[doc(alias = "asend")]
    #[doc(alias = "aawait")]
    pub fn resume(&mut self, input: R) -> Resume<'_, Y, R, G, F> {
        Resume {
            coroutine: self,
            input: Input::Given(input),
        }
    }

    /// Continues a resume that was dropped half-way.
    ///
    /// # Panics
    ///
    /// The returned future panics if there is no such resume: the body has not begun, waits for an
    /// answer or has finished.
    ///
    /// ```
    /// use koil::coroutine::{Resumed, coroutine};
    /// use koil::inline;
    ///
    /// # async fn yield_now() {
    /// #     let mut woken = false;
    /// #     std::future::poll_fn(|cx| {
    /// #         if std::mem::replace(&mut woken, true) {
    /// #             return std::task::Poll::Ready(());
    /// #         }
    /// #         cx.waker().wake_by_ref();
    /// #         std::task::Poll::Pending
    /// #     }).await
    /// # }
    /// let mut slow = coroutine(|_: koil::coroutine::Co<()>, ()| async {
    ///     yield_now().await;
    ///     42
    /// });
    /// inline::run(async {
    ///     let half_way = std::pin::pin!(slow.resume(()));
    ///     assert!(futures::poll!(half_way).is_pending());
    /// })?;
    /// assert_eq!(inline::run(slow.proceed())?, Resumed::Complete(42));
    /// # Ok::<(), inline::WouldBlock>(())
    /// ```
    pub fn proceed(&mut self) -> Resume<'_, Y, R, G, F> {
        Resume {
            coroutine: self,
            input: Input::Proceed,
        }
    }

    /// True if the body has returned or panicked.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.start.is_none() && self.body.is_none()
    }

    /// True if the next thing that the body needs is an input.
    fn wants_input(&self) -> bool {
        self.start.is_some() || self.body.is_some() && self.slot.is_asked()
    }

    /// Begins the body, or answers its yield.
    #[inline]
    fn give(&mut self, input: R) {
        if let Some(start) = self.start.take() {
            self.body = Some(Box::pin(start(Co::new(self.id), input)));
        } else if let Some(waker) = self.slot.answer(input) {
            waker.wake();
        }
    }

    #[inline]
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Resumed<Y, F::Output>> {
        loop {
            let (waker, body) = (cx.waker(), &mut self.body);
            let polled = frame::polled(self.id, &mut self.slot, waker, || poll_once(body, cx));
            if let Poll::Ready(output) = polled {
                return Poll::Ready(Resumed::Complete(output));
            }
            if let Some(value) = self.slot.take_yielded() {
                return Poll::Ready(Resumed::Yielded(value));
            }
            if !self.slot.take_missed_turn() {
                return Poll::Pending;
            }
        }
    }
}

/// Polls a body, and drops it when it has returned or panicked.
#[inline]
fn poll_once<F: Future>(body: &mut Option<Pin<Box<F>>>, cx: &mut Context<'_>) -> Poll<F::Output> {
    struct Clear<'a, F>(&'a mut Option<Pin<Box<F>>>);

    impl<F> Drop for Clear<'_, F> {
        fn drop(&mut self) {
            *self.0 = None;
        }
    }

    let body = Clear(body);
    let Some(future) = &mut *body.0 else {
        panic!("a `Coroutine` was resumed after it had finished");
    };
    let polled = future.as_mut().poll(cx);
    if polled.is_pending() {
        mem::forget(body);
    }
    polled
}

impl<Y, R, G, F> Drop for Coroutine<Y, R, G, F> {
    fn drop(&mut self) {
        if let Some(body) = self.body.take() {
            frame::dropped(self.id, || drop(body));
        }
    }
}

/// Inputs and values are moved, never pinned; the body is boxed.
impl<Y, R, G, F> Unpin for Coroutine<Y, R, G, F> {}

impl<Y, R, G, F> fmt::Debug for Coroutine<Y, R, G, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = match (&self.start, &self.body) {
            (Some(_), _) => "new",
            (None, Some(_)) => "begun",
            (None, None) => "finished",
        };
        f.debug_struct("Coroutine")
            .field("state", &state)
            .finish_non_exhaustive()
    }
}

/// A coroutine on its way to its next yield; made by [`Coroutine::resume`] and
/// [`Coroutine::proceed`].
#[must_use = "the coroutine continues when this is awaited"]
pub struct Resume<'a, Y, R, G, F> {
    coroutine: &'a mut Coroutine<Y, R, G, F>,
    input: Input<R>,
}

enum Input<R> {
    Given(R),
    Proceed,
    Taken,
}

/// Inputs are moved, never pinned.
impl<Y, R, G, F> Unpin for Resume<'_, Y, R, G, F> {}

impl<Y, R, G, F> Future for Resume<'_, Y, R, G, F>
where
    G: FnOnce(Co<Y, R>, R) -> F,
    F: Future,
{
    type Output = Resumed<Y, F::Output>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match mem::replace(&mut self.input, Input::Taken) {
            Input::Given(input) if self.coroutine.wants_input() => self.coroutine.give(input),
            Input::Given(_) => assert!(
                self.coroutine.is_finished(),
                "a `Coroutine` was resumed with an input that its body does not wait for: the last \
                 resume was dropped half-way; continue it with `proceed`"
            ),
            Input::Proceed => assert!(
                !self.coroutine.wants_input(),
                "there is no resume to proceed with: the body of this `Coroutine` waits for an input; \
                 call `resume`"
            ),
            Input::Taken => {}
        }
        self.coroutine.poll_body(cx)
    }
}

impl<Y, R, G, F> fmt::Debug for Resume<'_, Y, R, G, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Resume").field(&self.coroutine).finish()
    }
}
