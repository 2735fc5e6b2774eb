//! Hostile futures on every kind of thread: each case has one outcome in each place, and none hangs.
//!
//! The cases of one place run in a process of their own, one after the other; see `cases`, `places` and
//! `watch`. A new case is one entry in a list under `cases`.

mod cases;
mod child;
mod load;
mod places;
mod watch;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;

/// Runs in the children, which have orders; elsewhere it has nothing to do.
#[test]
fn the_cases_of_one_place() {
    child::run();
}

/// A test for each place.
macro_rules! visit {
    ($($test:ident: $place:literal,)*) => {
        $(
            #[test]
            fn $test() {
                watch::check($place);
            }
        )*

        #[test]
        fn every_place_is_visited() {
            let visited = [$($place),*];
            let places: Vec<_> = places::PLACES.iter().map(|place| place.name).collect();
            assert_eq!(visited[..], places[..]);
        }
    };
}

visit! {
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
