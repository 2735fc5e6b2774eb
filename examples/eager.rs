//! Two uses of `koil::eager_task`: a listener that is there before the work begins, and a cache whose
//! hits wake no thread.

use std::collections::HashMap;
use std::fs;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use koil::{Drivers, Koil, KoilTask, eager_task, unkoil_task};
use tokio::sync::broadcast::{self, error::RecvError};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    // The loop thread drives, so that its wakes can be counted.
    let koil = Koil::builder().drivers(Drivers::LoopThread).build()?;
    let _entered = koil.enter();

    println!("the listener heard: {}", listen()?);

    let cache = Cache::default();
    cache.get("paris").result()?; // The first one is fetched.
    for (name, get) in [
        ("eager_task", Cache::get as fn(&Cache, _) -> _),
        ("unkoil_task", Cache::get_in_a_task),
    ] {
        let before = wakes();
        for _ in 0..1000 {
            assert_eq!(get(&cache, "paris").result()?, "paris: 21 °C");
        }
        match before.zip(wakes()) {
            Some((before, after)) => {
                println!("1000 hits by {name}: {} wakes of the loop", after - before);
            }
            None => println!("1000 hits by {name}: wakes are counted on Linux only"),
        }
    }
    Ok(())
}

/// Starts a listener, then the work that it listens to. The listener has subscribed when
/// `eager_task` returns; an `unkoil_task` might do so only after the event.
fn listen() -> Result<String, Box<dyn std::error::Error>> {
    let (events, _) = broadcast::channel(8);
    let listener: KoilTask<Result<&str, RecvError>> = eager_task({
        let events = events.clone();
        async move { events.subscribe().recv().await }
    });
    let listeners = events.send("the work begins")?;
    assert_eq!(listeners, 1);
    Ok(listener.result()??.to_owned())
}

/// Reports by city, each fetched once.
#[derive(Clone, Default)]
struct Cache(Arc<Mutex<HashMap<&'static str, String>>>);

impl Cache {
    /// A hit is there when this returns; a miss is fetched by the loop.
    fn get(&self, city: &'static str) -> KoilTask<String> {
        eager_task(self.clone().look_up(city))
    }

    fn get_in_a_task(&self, city: &'static str) -> KoilTask<String> {
        unkoil_task(self.clone().look_up(city))
    }

    async fn look_up(self, city: &'static str) -> String {
        if let Some(hit) = self.0.lock().unwrap().get(city) {
            return hit.clone();
        }
        // As long as a server takes to answer.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let report = format!("{city}: 21 °C");
        self.0.lock().unwrap().insert(city, report.clone());
        report
    }
}

/// How often the loop thread has gone to sleep, which is how often it was woken.
fn wakes() -> Option<u64> {
    for thread in fs::read_dir("/proc/self/task").ok()? {
        let status = fs::read_to_string(thread.ok()?.path().join("status")).ok()?;
        if status.starts_with("Name:\tkoil-loop\n") {
            let mut lines = status.lines();
            let count = lines.find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
            return count.trim().parse().ok();
        }
    }
    None
}
