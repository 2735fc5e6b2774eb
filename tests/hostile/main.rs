//! Hostile futures on every kind of thread: each case has one outcome in each place, and none hangs.
//!
//! The cases of one place run in a process of their own, one after the other; see `cases`, `places` and
//! `series`. A new case is one entry in a list under `cases`.

mod cases;
mod child;
mod load;
mod places;

#[path = "../contexts/series.rs"]
mod series;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;

use std::fmt::Write as _;

use places::PLACES;

/// Compares every case of a place with the expected outcome.
fn check(name: &str) {
    let place = PLACES.iter().position(|place| place.name == name);
    let place = place.unwrap_or_else(|| panic!("`{name}` is no place"));
    let cases: Vec<_> = child::cases(&PLACES[place]).collect();
    let mut differences = String::new();
    for ((case, expected), (answer, took)) in
        cases.iter().zip(series::answers(&[place], cases.len()))
    {
        let case = case.name;
        println!("{name}: {case} in {took:?}: {answer}");
        if answer != expected.to_string() {
            let _ = writeln!(differences, "{case}: expected `{expected}`, got: {answer}");
        }
    }
    assert!(differences.is_empty(), "in {name}:\n{differences}");
}

series::visit! {
    a_plain_thread: "a plain thread",
    a_multi_thread_task: "a multi-thread task",
    a_multi_thread_local_set: "a `LocalSet`, multi-thread",
    a_current_thread_root: "`block_on`, current-thread",
    a_tokio_test: "`#[tokio::test]`",
    a_current_thread_task: "a current-thread task",
    a_task_in_another_context: "a current-thread task, another runtime entered",
    a_task_in_the_context_of_koil: "a current-thread task, koil's runtime entered",
    a_local_set_task: "a task of a `LocalSet`",
    a_local_set_root: "`LocalSet::block_on`",
    a_root_on_a_worker_of_koil: "`block_on`, current-thread, on a worker of koil's",
    an_actix_system: "actix: `System::block_on`",
    an_actix_arbiter: "actix: an `Arbiter`",
    an_actix_spawn: "actix: `spawn`",
}

#[test]
fn no_two_cases_have_one_name() {
    let mut names: Vec<_> = cases::all().map(|case| case.name).collect();
    names.sort_unstable();
    let all = names.len();
    names.dedup();
    assert_eq!(names.len(), all);
}
