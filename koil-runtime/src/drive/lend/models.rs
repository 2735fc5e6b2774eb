//! Loom models of a loan: owner and user meet in every order, and only one touches the value.

use std::ptr::NonNull;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

use super::cell::{AfterUse, AskedBack, LendCell, Status, UseOutcome};
use crate::sync::Parker;

/// Loom's cell reports two threads inside at once, and reads that are not ordered after the write.
type Value = UnsafeCell<u32>;

struct Loan {
    // Boxed, so that the value has a stable place; dropped by the owner after the model.
    value: Box<Value>,
    cell: LendCell<Value>,
    owner: Parker,
}

fn lend() -> Arc<Loan> {
    let mut value = Box::new(UnsafeCell::new(0));
    let place = NonNull::from(&mut *value);
    // SAFETY: the box lives as long as the loan, and is touched through the protocol only.
    let cell = unsafe { LendCell::new(place) };
    Arc::new(Loan {
        value,
        cell,
        owner: Parker::new(),
    })
}

// SAFETY: the model shares a `LendCell` as the runtime does; the value is handed over by it.
unsafe impl Send for Loan {}
// SAFETY: as above.
unsafe impl Sync for Loan {}

/// The task on the loop: `uses` polls, the last of which finishes if `finish`, then its drop.
fn user(loan: &Loan, uses: u32, finish: bool) {
    for n in 1..=uses {
        let after = loan.cell.use_once(|value| {
            // SAFETY: loom checks that no other thread is inside.
            value.with_mut(|value| unsafe { *value += 1 });
            if finish && n == uses {
                UseOutcome::Finished
            } else {
                UseOutcome::Pending
            }
        });
        match after {
            AfterUse::StillLent => {}
            AfterUse::WakeOwner => loan.owner.notify(),
            AfterUse::NotLent => return,
        }
    }
    if loan.cell.give_back() {
        loan.owner.notify();
    }
}

fn take_back(loan: &Loan) -> AskedBack {
    loop {
        loan.owner.reset();
        match loan.cell.ask_back() {
            AskedBack::InPoll => drop(loan.owner.park(None)),
            back => return back,
        }
    }
}

fn wait_until_back(loan: &Loan) -> Status {
    loop {
        loan.owner.reset();
        match loan.cell.status() {
            Status::Lent => drop(loan.owner.park(None)),
            back => return back,
        }
    }
}

/// The owner touches the value, as it does when it drops the future.
fn touch(loan: &Loan) -> u32 {
    // SAFETY: loom checks that no other thread is inside.
    loan.value.with(|value| unsafe { *value })
}

fn model(uses: u32, finish: bool, owner: impl Fn(&Loan) + Sync + Send + 'static) {
    loom::model(move || {
        let loan = lend();
        let task = {
            let loan = loan.clone();
            thread::spawn(move || user(&loan, uses, finish))
        };
        owner(&loan);
        task.join().unwrap();
    });
}

#[test]
fn the_owner_takes_an_unfinished_value_back_in_any_moment() {
    model(2, false, |loan| {
        assert_eq!(take_back(loan), AskedBack::Returned);
        assert!(touch(loan) <= 2);
    });
}

#[test]
fn taking_back_races_with_finishing() {
    model(2, true, |loan| match take_back(loan) {
        AskedBack::Finished => assert_eq!(touch(loan), 2),
        _ => assert!(touch(loan) < 2),
    });
}

#[test]
fn a_finished_value_is_seen_and_its_owner_woken() {
    model(1, true, |loan| {
        assert_eq!(wait_until_back(loan), Status::Finished);
        assert_eq!(touch(loan), 1);
    });
}

#[test]
fn a_user_that_goes_away_wakes_the_owner() {
    model(1, false, |loan| {
        assert_eq!(wait_until_back(loan), Status::Returned);
        assert_eq!(touch(loan), 1);
    });
}
