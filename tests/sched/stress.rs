//! Many tasks, many runners, and cancels at any moment: each task ends once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use koil::sched::{Executor, Position, Priority, yield_to};
use tokio::runtime::Builder;

use crate::support::on_a_loop;

/// Numbers that are the same in each run (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}

#[test]
fn each_of_100_000_tasks_ends_once_whatever_is_cancelled() {
    const TASKS: usize = 100_000;
    on_a_loop(|_| {
        let tokio = Builder::new_multi_thread()
            .worker_threads(2)
            .build()
            .unwrap();
        let executor = Executor::new();
        for _ in 0..2 {
            let executor = executor.clone();
            tokio.spawn(async move { executor.run().await });
        }
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15);
        let done = Arc::new(AtomicUsize::new(0));
        let mut tasks = Vec::new();
        for _ in 0..TASKS {
            let level = u8::try_from(numbers.below(64)).unwrap();
            let (yields, done) = (numbers.below(4), done.clone());
            let task = executor.spawn(Priority::new(level).unwrap(), async move {
                for _ in 0..yields {
                    yield_to(Position::Back).await;
                }
                done.fetch_add(1, Ordering::Relaxed);
            });
            if numbers.below(8) == 0 {
                task.cancel("by chance");
            }
            tasks.push(task);
            // Later cancels meet tasks that are queued, run or have ended.
            let at = numbers.below(tasks.len() as u64);
            let earlier = &tasks[usize::try_from(at).unwrap()];
            match numbers.below(16) {
                0 => _ = earlier.cancel("by chance"),
                1 => _ = executor.set_priority(earlier.id().unwrap(), Priority::MAX),
                2 => _ = executor.reposition(earlier.id().unwrap(), Position::Front),
                _ => {}
            }
        }
        let (mut finished, mut cancelled) = (0, 0);
        for task in tasks {
            match task.result() {
                Ok(()) => finished += 1,
                Err(error) if error.is_cancelled() => cancelled += 1,
                Err(error) => panic!("{error}"),
            }
        }
        assert_eq!(finished + cancelled, TASKS);
        assert!(finished > 0 && cancelled > 0);
        // A task whose cancel came in its last poll has run all the same.
        assert!(done.load(Ordering::Relaxed) >= finished);
        assert_eq!(executor.tasks(), []);
    });
}
