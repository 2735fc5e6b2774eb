//! The channel bridge, written by hand after `reqwest::blocking`.
//!
//! The call travels to the loop thread through an unbounded channel, is spawned there, and its
//! result comes back through a oneshot, for which the caller parks.

use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};

use tokio::sync::{mpsc, oneshot};

use super::{Bridge, LoopThread};

type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The sending end, on the caller's side.
pub struct ChannelBridge(mpsc::UnboundedSender<Job>);

impl ChannelBridge {
    pub fn start() -> io::Result<ChannelBridge> {
        let (jobs, inbox) = mpsc::unbounded_channel();
        LoopThread::start("channel-loop", spawn_all(inbox))?;
        Ok(ChannelBridge(jobs))
    }
}

impl Bridge for ChannelBridge {
    const NAME: &'static str = "channel (reqwest style)";

    fn block_on<F>(&self, future: F) -> F::Output
    where
        F: Future + Send + 'static,
        F::Output: Send + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = async move {
            // The caller is parked until this is sent, so the receiver exists.
            let _ = answer.send(future.await);
        };
        let queued = self.0.send(Box::pin(job));
        queued.expect("the loop thread lives as long as the process");
        wait(answered).expect("the job answers before it ends")
    }
}

async fn spawn_all(mut inbox: mpsc::UnboundedReceiver<Job>) {
    while let Some(job) = inbox.recv().await {
        tokio::spawn(job);
    }
}

/// Parks until the future is ready; as there, each wait makes a waker of its own.
fn wait<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut cx = Context::from_waker(&waker);
    loop {
        match future.as_mut().poll(&mut cx) {
            Poll::Ready(output) => return output,
            Poll::Pending => thread::park(),
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Unpark>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Unpark>) {
        self.0.unpark();
    }
}
