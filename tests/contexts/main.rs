//! Where blocking calls are made, against what they call: each cell has one written outcome.
//!
//! The cells of one place run in a process of their own; see `places`, `calls`,
//! `table` and `series`.

mod calls;
mod child;
mod echo;
mod page;
mod places;
mod series;
mod table;

mod drops;
mod guards;
mod moves;
mod starved;
mod stops;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;

use std::fmt::Write as _;

use calls::Call;
use places::PLACES;
use table::{Loop, Mark};

/// Compares every cell of a place with the table.
fn check(name: &str) {
    let place = PLACES.iter().position(|place| place.name == name);
    let place = place.unwrap_or_else(|| panic!("`{name}` is no place"));
    let cells: Vec<_> = child::cells().collect();
    let mut differences = String::new();
    for on in Loop::ALL {
        if table::expected(name, on, cells[0].1)[0] == Mark::Nowhere {
            continue;
        }
        let answers = series::answers(&[place, on as usize], cells.len());
        for ((call, door), (answer, _)) in cells.iter().zip(answers) {
            let column = Call::ALL.iter().position(|other| other == call);
            let expected =
                table::expected(name, on, *door)[column.expect("a column for each call")];
            if answer != expected.word() {
                let on = on.name();
                let _ = writeln!(
                    differences,
                    "{call:?} by {door:?}, {on} loop: expected `{expected}`, got: {answer}"
                );
            }
        }
    }
    assert!(differences.is_empty(), "in {name}:\n{differences}");
}

#[test]
fn every_place_has_its_row() {
    let places: Vec<_> = PLACES.iter().map(|place| place.name).collect();
    let rows: Vec<_> = table::rows(table::TWINS).iter().map(|row| row.0).collect();
    assert_eq!(rows, places);
    for table in [table::LENT, table::WORKERS, table::ADOPTED] {
        for (place, _) in table::rows(table) {
            assert!(places.contains(&place), "{place}");
        }
    }
}

series::visit! {
    a_plain_thread: "a plain thread",
    a_drop_in_an_unwinding_thread: "a `Drop` while a thread unwinds",
    a_thread_local: "a thread-local's destructor",
    a_thread_local_after_tokios: "a thread-local's destructor, after tokio's",

    tokio_multi_thread_task: "tokio: a multi-thread task",
    tokio_block_in_place: "tokio: `block_in_place`",
    tokio_drop_in_an_unwinding_multi_thread_task: "tokio: a `Drop` while a multi-thread task unwinds",
    tokio_multi_thread_root: "tokio: `block_on`, multi-thread",
    tokio_multi_thread_local_set: "tokio: `LocalSet`, multi-thread",
    tokio_spawn_blocking: "tokio: `spawn_blocking`",
    tokio_multi_thread_handle: "tokio: `Handle::block_on`, multi-thread",
    tokio_current_thread_handle: "tokio: `Handle::block_on`, current-thread",
    tokio_entered: "tokio: `Handle::enter`",

    tokio_current_thread_task: "tokio: a current-thread task",
    tokio_drop_in_an_unwinding_current_thread_task:
        "tokio: a `Drop` while a current-thread task unwinds",
    tokio_current_thread_task_in_another_context:
        "tokio: a current-thread task, another runtime entered",
    tokio_current_thread_root: "tokio: `block_on`, current-thread",
    tokio_test: "tokio: `#[tokio::test]`",
    tokio_current_thread_local_set: "tokio: `LocalSet`, current-thread",

    smol_root: "smol: `block_on`",
    smol_task: "smol: a task",
    futures_root: "futures: `block_on`",
    futures_local_pool: "futures: a task of a `LocalPool`",

    koil_spawn_blocking: "koil: `spawn_blocking`",
    koil_handle: "koil: `Handle::tokio().block_on`",
    koil_entered: "koil: `Handle::tokio().enter`",
    koil_task: "koil: a task",
    koil_block_in_place: "koil: `block_in_place` in a task",
    koil_task_of_another_loop: "koil: a task of another loop",
    koil_poll: "koil: a future that it polls",
    koil_poll_on_another_loop: "koil: a future that it polls on another loop",
    koil_poll_by_the_loop: "koil: a future that its loop polls for the caller",
}
