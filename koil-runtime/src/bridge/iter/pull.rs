//! `Iter::pull`: getting the next item, from the items that have been read ahead, or by polling the
//! stream here.

use std::collections::VecDeque;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use futures_core::Stream;

use super::Iter;
use super::source::Source;
use super::window::Window;
use crate::bridge::panics::halted;
use crate::call::{admission, whole};
use crate::drive::block_on::block_on_apart;
use crate::drive::terms::Terms;
use crate::drive::work::{Work, Workload};
use crate::report::error::Error;
use crate::report::site::CallSite;
use crate::report::unwind::{self, Payload};
use crate::scope::cancel::current_cancel::Answer;
use crate::sync::Mutex;

/// The thread that polls the stream of an iterator, as the code that made it decided.
pub(super) enum Poller<S: Stream> {
    /// The thread that asks for an item.
    Caller,
    /// The thread of the loop, or the one that asks for an item without the lock of a host: as the
    /// function says, which is the proof that the work is `Send`.
    Named(SendItem<S>),
    /// None is needed: the stream is always ready, no loop is used, and no thread is held up.
    AlwaysReady,
}

type SendItem<S> = for<'a> fn(&'a mut NextItem<'_, S>) -> Workload<'a>;

impl<S: Stream> Iter<S> {
    /// The next item. Called in an end frame of short backtraces, which is never inlined: so it adds
    /// no cost to an item in stock.
    #[inline]
    pub(super) fn pull(
        &mut self,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Option<S::Item>, Error> {
        let pulled = if !self.ahead.is_empty() {
            self.pop(site)
        } else if self.catches {
            halted(site, || self.wait(timeout, site, answer)).and_then(|pulled| pulled)
        } else {
            self.wait(timeout, site, answer)
        };
        pulled.map_err(Error::of_items)
    }

    /// The oldest of the items that have been read ahead. Refused where a wait would be refused:
    /// code that works once works always.
    #[inline]
    pub(super) fn pop(&mut self, site: CallSite) -> Result<Option<S::Item>, Error> {
        admission::may_block(self.home.as_ref(), site)?;
        Ok(self.ahead.pop_front())
    }

    /// As [`pop`](Iter::pop), for most threads: threads without any koil role that are in no poll.
    #[inline(always)]
    pub(super) fn in_stock(&mut self) -> Option<S::Item> {
        if let Source::Prefetched(prefetched) = &mut self.source {
            return if admission::is_stranger() {
                prefetched.pop()
            } else {
                None
            };
        }
        if self.ahead.is_empty() || !admission::is_stranger() {
            return None;
        }
        self.ahead.pop_front()
    }

    #[inline(never)]
    fn wait(
        &mut self,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Option<S::Item>, Error> {
        match &self.source {
            Source::Fresh(_) | Source::Pulled(_) => {}
            Source::Ended => return Ok(None),
            Source::Prefetched(_) => return self.await_prefetched(timeout, site, answer),
            Source::Panicked(_) => self.source.resume_panic(),
        }
        let work_of = match self.poller {
            Poller::Caller => None,
            Poller::Named(work_of) => Some(work_of),
            Poller::AlwaysReady => return Ok(self.take()),
        };
        self.poll(work_of, timeout, site, answer)
    }

    /// Polls the stream until it gives an item, and further while it has more ready.
    fn poll(
        &mut self,
        work_of: Option<SendItem<S>>,
        timeout: Option<Duration>,
        site: CallSite,
        answer: Answer,
    ) -> Result<Option<S::Item>, Error> {
        let Iter {
            source,
            ahead,
            window,
            home,
            ..
        } = self;
        let mut pull = Pull {
            source,
            ahead,
            window,
            work_of,
        };
        let mut item = Poll::Pending;
        let pulled = whole::within(home.as_ref(), timeout, site, answer, |terms| {
            pull.by(terms, &mut item)
        });
        if let Err(error) = pulled.unwrap_or_else(Err) {
            self.end_if_stopped(&error);
            return Err(error);
        }
        match item {
            Poll::Ready(item) => Ok(item),
            Poll::Pending => unreachable!("`block_on` returns `Ok` only after a poll was ready"),
        }
    }

    /// The next item of a stream that is always ready.
    fn take(&mut self) -> Option<S::Item> {
        let mut stream = self.source.take_stream()?;
        let item = match stream
            .as_mut()
            .poll_next(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(item) => item?,
            Poll::Pending => unreachable!("`FromIter` is always ready"),
        };
        self.source = Source::Pulled(stream);
        Some(item)
    }

    /// A loop that has stopped will give no item any more, and without this its error would repeat
    /// without end.
    pub(super) fn end_if_stopped(&mut self, error: &Error) {
        if error.is_shutdown() || error.is_forked() {
            // The error of the call reports the stop already.
            let _ = self.drop_stream();
        }
    }
}

/// The parts of an iterator that a `next` uses while a call is made.
struct Pull<'a, S: Stream> {
    source: &'a mut Source<S>,
    ahead: &'a mut VecDeque<S::Item>,
    window: &'a mut Window,
    work_of: Option<SendItem<S>>,
}

impl<S: Stream> Pull<'_, S> {
    /// Takes an item by a call.
    fn by(&mut self, terms: &Terms<'_>, item: &mut Poll<Option<S::Item>>) -> Result<(), Error> {
        let polled = DropOnUnwind(self.source);
        let Some(stream) = polled.0.stream() else {
            unreachable!("only called while there is a stream");
        };
        let mut next = NextItem {
            stream,
            item,
            ahead: self.ahead,
            window: self.window,
            then: ReadAhead::More,
        };
        let work = match self.work_of {
            Some(work_of) => work_of(&mut next),
            None => Workload::Own(&mut next),
        };
        let waited = block_on_apart(terms, work);
        // After a call that was cut short or refused, the stream may be asked again; at its end it
        // is dropped here.
        match (next.item, next.then) {
            (Poll::Ready(None), _) | (_, ReadAhead::End) => polled.0.drop_stream(),
            (_, ReadAhead::Panic(payload)) => {
                drop(mem::replace(
                    polled.0,
                    Source::Panicked(Mutex::new(payload)),
                ));
            }
            (_, ReadAhead::More) => {}
        }
        mem::forget(polled);
        waited
    }
}

/// Drops a stream that panics at once, which ends its iterator.
struct DropOnUnwind<'a, S: Stream>(&'a mut Source<S>);

impl<S: Stream> Drop for DropOnUnwind<'_, S> {
    fn drop(&mut self) {
        self.0.drop_stream();
    }
}

/// One `next`: done when the stream gave an item or ended.
pub(super) struct NextItem<'a, S: Stream> {
    stream: Pin<&'a mut S>,
    item: &'a mut Poll<Option<S::Item>>,
    ahead: &'a mut VecDeque<S::Item>,
    window: &'a mut Window,
    then: ReadAhead,
}

/// The result of reading ahead.
enum ReadAhead {
    More,
    End,
    Panic(Payload),
}

impl<S: Stream> Work for NextItem<'_, S> {
    fn __rust_begin_short_backtrace(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let item = ready!(self.stream.as_mut().poll_next(cx));
        let more = item.is_some();
        *self.item = Poll::Ready(item);
        if more && self.window.size() > 0 {
            self.read_ahead(cx);
        }
        Poll::Ready(())
    }

    /// The stream belongs to the iterator, which decides about its drop.
    fn abandon(&mut self) {}
}

impl<S: Stream> NextItem<'_, S> {
    /// Takes the items that the stream has ready. A panic is delayed to the place of its item: the
    /// items before it are kept.
    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        let (stream, ahead, wanted) = (&mut self.stream, &mut *self.ahead, self.window.size());
        let read = unwind::halt(|| {
            for _ in 0..wanted {
                match stream.as_mut().poll_next(cx) {
                    Poll::Ready(Some(item)) => ahead.push_back(item),
                    Poll::Ready(None) => return ReadAhead::End,
                    Poll::Pending => break,
                }
            }
            ReadAhead::More
        });
        self.then = read.unwrap_or_else(ReadAhead::Panic);
        if self.ahead.len() == wanted {
            self.window.grow();
        } else {
            self.window.reset();
        }
    }
}
