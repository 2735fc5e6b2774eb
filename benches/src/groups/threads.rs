//! Group `threads`: async code awaits a short blocking function on another thread.

use std::hint::black_box;

use futures::future::join_all;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "threads",
    about: "a task on a loop awaits a short blocking function on another thread, per function",
    when: When::Chosen,
    cases,
};

fn cases<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| at_once(1)), Box::new(|| at_once(64))]
}

fn at_once(width: u64) -> Case<'static> {
    let name = match width {
        1 => "one at a time".to_owned(),
        _ => format!("{width} at once"),
    };
    let mut variants = vec![
        Variant::new(KOIL, jobs(width, |n| koil::run_threaded(move || work(n)))),
        Variant::new("tokio spawn_blocking", jobs(width, spawned)),
        Variant::new(
            "blocking::unblock",
            jobs(width, |n| blocking::unblock(move || work(n))),
        ),
        Variant::new("rayon::spawn + oneshot", jobs(width, on_rayon)),
        Variant::new("inline, on the loop", jobs(width, async |n| work(n))),
    ];
    if width == 1 {
        let separate = jobs(width, |n| koil::run_separate(move || work(n)));
        variants.push(Variant::new("koil, a thread of its own", separate));
        variants.push(Variant::new(
            "fresh std::thread",
            jobs(width, on_a_fresh_thread),
        ));
    }
    Case::new(name, "function", variants)
}

fn work(n: u64) -> u64 {
    black_box(n) + 1
}

async fn spawned(n: u64) -> u64 {
    spawn_blocking(move || work(n))
        .await
        .expect("it does not panic")
}

async fn on_rayon(n: u64) -> u64 {
    let (answer, answered) = oneshot::channel();
    rayon::spawn(move || {
        // The task waits for it.
        let _ = answer.send(work(n));
    });
    answered.await.expect("it does not panic")
}

async fn on_a_fresh_thread(n: u64) -> u64 {
    let (answer, answered) = oneshot::channel();
    std::thread::spawn(move || {
        // As above.
        let _ = answer.send(work(n));
    });
    answered.await.expect("it does not panic")
}

/// Jobs, `width` of them at a time, awaited by one task on koil's loop; the same loop for all, so that
/// only the way to the other thread and back is compared.
fn jobs<F>(width: u64, job: impl Fn(u64) -> F + Clone + Send + Sync + 'static) -> Body<'static>
where
    F: Future<Output = u64> + Send,
{
    calls(move |calls| {
        let job = job.clone();
        let task = koil::unkoil_task(async move {
            let mut begun = 0;
            while begun < calls {
                let batch = width.min(calls - begun);
                if batch == 1 {
                    assert_eq!(job(begun).await, begun + 1);
                } else {
                    let answers = join_all((begun..begun + batch).map(&job)).await;
                    assert!(answers.into_iter().eq(begun + 1..=begun + batch));
                }
                begun += batch;
            }
        });
        task.result().expect("the loop runs");
    })
}
