//! `PooledIter`: an iterator that moves between workers, and holds none while its buffer is full.
//!
//! It runs as a job until the buffer is full. Then it waits for room like any sender, but with a
//! waker that submits it to the pool again, and the job ends.

use std::sync::Arc;
use std::task::{Poll, Wake, Waker};

use super::channel::sender::Sender;
use super::iter::ProducerEnd;
use super::job_context::{Halted, JobContext};
use super::outcome::{JobOutcome, OutcomeSender};
use crate::current::LoopCore;
use crate::pool::{JobLevel, Refusal};
use crate::queue::{NotTaken, Queue};
use crate::report::unwind;
use crate::sync::Mutex;

/// An iterator between two jobs.
struct PooledIter<I: Iterator> {
    core: Arc<LoopCore>,
    queue: Arc<Queue<I::Item>>,
    level: JobLevel,
    /// `None` while a job runs it, and after its end.
    parts: Mutex<Option<Parts<I>>>,
}

struct Parts<I: Iterator> {
    // Boxed, since it is moved in and out for each job.
    items: Box<I>,
    /// The item that found no room in the queue.
    hand: Option<I::Item>,
    sender: Sender<I::Item>,
    answer: OutcomeSender<ProducerEnd<I::Item>>,
    job_context: JobContext,
}

/// The reason why a job ends.
enum Stop {
    /// The buffer is full.
    Full,
    /// There are no more items, or the consumer wants no more.
    End,
}

/// The first job of an iterator: makes the iterator, and runs it.
pub(super) fn begin<I>(
    core: Arc<LoopCore>,
    sender: Sender<I::Item>,
    answer: OutcomeSender<ProducerEnd<I::Item>>,
    job_context: JobContext,
    make: impl FnOnce() -> I,
) where
    I: Iterator + Send + 'static,
    I::Item: Send + 'static,
{
    if answer.is_unwanted() {
        drop((make, sender));
        return answer.give(JobOutcome::Unwanted);
    }
    let level = job_context.level();
    let mut job_context = job_context;
    match job_context.run(make) {
        Ok(items) => {
            let iter = Arc::new(PooledIter {
                core,
                queue: sender.queue().clone(),
                level,
                parts: Mutex::new(None),
            });
            iter.run(Parts {
                items: Box::new(items),
                hand: None,
                sender,
                answer,
                job_context,
            });
        }
        Err(halted) => {
            drop(sender);
            answer.give(halted.into());
        }
    }
}

impl<I> PooledIter<I>
where
    I: Iterator + Send + 'static,
    I::Item: Send + 'static,
{
    fn run(self: &Arc<PooledIter<I>>, mut parts: Parts<I>) {
        loop {
            match parts.fill() {
                Ok(Stop::Full) => {}
                Ok(Stop::End) => return parts.end(None),
                Err(halted) => return parts.end(Some(halted.into())),
            }
            // The parts are stored before the waker is registered: a wake must find them.
            self.put(parts);
            let waker = Waker::from(self.clone());
            match self.queue.poll_room(&mut None, &waker) {
                Poll::Pending => return,
                // The waker was not registered, so the parts are still there.
                Poll::Ready(_) => match self.take() {
                    Some(mine) => parts = mine,
                    None => return,
                },
            }
        }
    }

    fn put(&self, parts: Parts<I>) {
        parts.job_context.set_rests(true);
        *self.parts.lock() = Some(parts);
    }

    fn take(&self) -> Option<Parts<I>> {
        let parts = self.parts.lock().take()?;
        parts.job_context.set_rests(false);
        Some(parts)
    }
}

impl<I> Wake for PooledIter<I>
where
    I: Iterator + Send + 'static,
    I::Item: Send + 'static,
{
    /// There is room, or no more items are wanted: in both cases a worker continues.
    fn wake(self: Arc<PooledIter<I>>) {
        let (pool, level) = (self.core.clone(), self.level);
        let job = move |may| {
            let Some(parts) = self.take() else {
                return;
            };
            match may {
                Ok(()) => self.run(parts),
                Err(why) => parts.refuse(why),
            }
        };
        pool.pool.submit(level, Box::new(job));
    }
}

impl<I: Iterator> Parts<I> {
    /// Produces until there is no room.
    fn fill(&mut self) -> Result<Stop, Halted> {
        let Parts {
            items,
            hand,
            sender,
            job_context,
            ..
        } = self;
        job_context.run(|| {
            loop {
                let Some(item) = hand.take().or_else(|| items.next()) else {
                    return Stop::End;
                };
                match sender.queue().push(item) {
                    Ok(()) => {}
                    Err(NotTaken::Closed(_)) => return Stop::End,
                    Err(NotTaken::Full(item)) => {
                        *hand = Some(item);
                        return Stop::Full;
                    }
                }
            }
        })
    }

    /// Drops the iterator within its last job; only then is the consumer notified of the end.
    fn end(self, bad: Option<JobOutcome<ProducerEnd<I::Item>>>) {
        let Parts {
            items,
            hand,
            sender,
            answer,
            mut job_context,
        } = self;
        let dropped = unwind::halt(|| job_context.run_plainly(|| drop((hand, items))));
        drop(sender);
        answer.give(match (bad, dropped) {
            (Some(bad), _) => bad,
            (None, Err(payload)) => JobOutcome::Panic(payload),
            (None, Ok(())) => JobOutcome::Value(Ok(None), job_context.changes()),
        });
    }

    fn refuse(self, why: Refusal) {
        self.end(Some(JobOutcome::Refused(why)));
    }
}
