//! The job server: a queue, and workers that take orders from it.

use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread::JoinHandle;

use crate::sdk::BlockingStock;

/// An order to be reserved later.
#[derive(Debug, Clone, Copy)]
pub struct Order {
    pub article: u32,
    pub units: u32,
}

/// The result of one order: the number of its reservation.
pub type Done = Result<u32, reqwest::Error>;

/// The workers, and their queue.
pub struct Jobs {
    queue: mpsc::Sender<Order>,
    workers: Vec<JoinHandle<Vec<Done>>>,
}

impl Jobs {
    /// Starts workers, each of which makes blocking calls.
    pub fn start(stock: Arc<BlockingStock>, workers: usize) -> Jobs {
        let (queue, orders) = mpsc::channel();
        let orders = Arc::new(Mutex::new(orders));
        let workers = (0..workers).map(|_| {
            let (stock, orders) = (stock.clone(), orders.clone());
            let work = move || work(&stock, &orders);
            crate::spawn("job-worker", work).expect("the system has threads")
        });
        Jobs {
            queue,
            workers: workers.collect(),
        }
    }

    /// The end of the queue for those who bring orders.
    pub fn queue(&self) -> mpsc::Sender<Order> {
        self.queue.clone()
    }

    /// Waits until every order is done.
    pub fn finish(self) -> Vec<Done> {
        drop(self.queue);
        let join = |worker: JoinHandle<Vec<Done>>| worker.join().expect("a worker does not panic");
        self.workers.into_iter().flat_map(join).collect()
    }
}

fn work(stock: &BlockingStock, orders: &Mutex<mpsc::Receiver<Order>>) -> Vec<Done> {
    let next = || orders.lock().unwrap_or_else(PoisonError::into_inner).recv();
    let mut done = Vec::new();
    while let Ok(Order { article, units }) = next() {
        done.push(stock.reserve(article, units));
    }
    done
}
