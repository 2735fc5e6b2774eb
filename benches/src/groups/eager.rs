//! Group `eager`: a task that is ready at its first poll, or after one wait.

use std::hint::black_box;

use futures::FutureExt;
use koil::{eager_task, unkoil_task};
use tokio::task::yield_now;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "eager",
    about: "a task is started and its result taken, by a blocking thread and inside a task",
    when: When::Chosen,
    cases,
};

const PLAIN_TASK: &str = "koil, unkoil_task";
const SPAWN: &str = "tokio::spawn";
const RECIPE: &str = "now_or_never, else tokio::spawn";

fn cases<'a>(_: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(|| blocking("ready, blocking", ready)),
        Box::new(|| blocking("one yield, blocking", yields)),
        Box::new(|| inside("ready, in a task", ready)),
        Box::new(|| inside("one yield, in a task", yields)),
    ]
}

async fn ready(n: u64) -> u64 {
    black_box(n) + 1
}

async fn yields(n: u64) -> u64 {
    yield_now().await;
    black_box(n) + 1
}

/// A thread that blocks on the result.
fn blocking<F>(name: &str, work: fn(u64) -> F) -> Case<'static>
where
    F: Future<Output = u64> + Send + 'static,
{
    let each = move |start: fn(F) -> koil::KoilTask<u64>| {
        calls(move |calls| {
            for n in 0..calls {
                let answer = start(work(n)).result();
                assert_eq!(answer.expect("the loop runs"), n + 1);
            }
        })
    };
    let variants = [
        Variant::new(KOIL, each(eager_task)),
        Variant::new(PLAIN_TASK, each(unkoil_task)),
    ];
    Case::new(name, "task", variants)
}

/// A task on koil's loop that awaits the result; the same loop for all.
fn inside<F>(name: &str, work: fn(u64) -> F) -> Case<'static>
where
    F: Future<Output = u64> + Send + 'static,
{
    let koil = awaited(move |n| eager_task(work(n)).map(|ended| ended.expect("the loop runs")));
    let plain = awaited(move |n| unkoil_task(work(n)).map(|ended| ended.expect("the loop runs")));
    let spawned =
        awaited(move |n| tokio::spawn(work(n)).map(|ended| ended.expect("it does not panic")));
    let variants = [
        Variant::new(KOIL, koil),
        Variant::new(PLAIN_TASK, plain),
        Variant::new(SPAWN, spawned),
        Variant::new(RECIPE, awaited(move |n| recipe(work(n)))),
    ];
    Case::new(name, "task", variants)
}

async fn recipe<F>(future: F) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    let mut future = Box::pin(future);
    match (&mut future).now_or_never() {
        Some(value) => value,
        None => tokio::spawn(future).await.expect("it does not panic"),
    }
}

fn awaited<F>(each: impl Fn(u64) -> F + Clone + Send + 'static) -> Body<'static>
where
    F: Future<Output = u64> + Send,
{
    calls(move |calls| {
        let each = each.clone();
        let task = unkoil_task(async move {
            for n in 0..calls {
                assert_eq!(each(n).await, n + 1);
            }
        });
        task.result().expect("the loop runs");
    })
}
