//! Wakes that are owed, behind and between others that are not: in every order, at every step.

use std::pin::Pin;

use futures::future::join_all;

use super::sets::{one_in_a_set, set, with_a_clone};
use super::{Case, Result, nap, owed, run, self_wakes, works, yields};

pub(super) const CASES: &[Case] = &[
    owed("`join!(set, yields)`", || {
        run(async { tokio::join!(set(5), yields(5)) })
    }),
    owed("`join!(yields, set, yields)`", || {
        run(async { tokio::join!(yields(2), set(5), yields(7)) })
    }),
    owed("`join!(sleep, set, yields)`", || {
        run(async { tokio::join!(nap(), set(5), yields(7)) })
    }),
    owed("`join!(set, self-wakes)`", || {
        run(async { tokio::join!(set(5), self_wakes(100)) })
    }),
    owed(
        "`join!(self-wakes, yields, set, self-wakes, yields)`",
        || {
            run(async {
                tokio::join!(self_wakes(5), yields(5), set(1), self_wakes(100), yields(9))
            })
        },
    ),
    owed("a set after a yield", || {
        run(async {
            yields(1).await;
            one_in_a_set().await;
        })
    }),
    owed("a set after a yield, with a yield beside it", || {
        run(async {
            yields(1).await;
            tokio::join!(one_in_a_set(), yields(1));
        })
    }),
    owed("a set after a sleep and very many self-wakes", || {
        run(async {
            nap().await;
            self_wakes(1_000).await;
            one_in_a_set().await;
        })
    }),
    owed("a set among the futures of a list, in every order", || {
        in_every_order(&[Part::Set, Part::Yields, Part::SelfWakes, Part::Sleep])
    }),
    owed("a clone of the waker among them, in every order", || {
        in_every_order(&[Part::Clone, Part::Yields, Part::Yields, Part::Sleep])
    }),
    owed("two sets, in every order with two yielders", || {
        in_every_order(&[Part::Set, Part::Set, Part::Yields, Part::Yields])
    }),
    owed(
        "a set, in every order with three yielders and a task",
        || in_every_order(&[Part::Set, Part::Yields, Part::Yields, Part::Task]),
    ),
    works("nothing that is owed, in every order", || {
        in_every_order(&[Part::Yields, Part::SelfWakes, Part::Sleep, Part::Task])
    }),
    owed("every row of up to three steps with a set in it", || {
        every_row(|row| row.iter().any(|step| step.is_owed()))
    }),
    works("every row of up to three steps without one", || {
        every_row(|row| !row.iter().any(|step| step.is_owed()))
    }),
];

/// One of the futures that run beside each other, or one after the other.
#[derive(Debug, Clone, Copy)]
enum Part {
    Yields,
    SelfWakes,
    Sleep,
    Task,
    Set,
    Clone,
    SetThenOwn,
    OwnThenSet,
}

impl Part {
    fn is_owed(self) -> bool {
        matches!(
            self,
            Part::Set | Part::Clone | Part::SetThenOwn | Part::OwnThenSet
        )
    }

    async fn run(self) {
        match self {
            Part::Yields => drop(yields(3).await),
            Part::SelfWakes => self_wakes(3).await,
            Part::Sleep => tokio::time::sleep(std::time::Duration::from_micros(100)).await,
            Part::Task => drop(tokio::spawn(yields(2)).await),
            Part::Set => one_in_a_set().await,
            Part::Clone => drop(with_a_clone(yields(2)).await),
            Part::SetThenOwn => drop(tokio::join!(one_in_a_set(), yields(3))),
            Part::OwnThenSet => drop(tokio::join!(yields(1), one_in_a_set())),
        }
    }
}

/// Runs the parts beside each other in every order; the outcome, if it is one and the same.
fn in_every_order(parts: &[Part]) -> Result {
    let mut outcomes = Vec::new();
    permute(&mut parts.to_vec(), 0, &mut |parts| {
        let all = parts.iter().map(|part| part.run());
        outcomes.push((format!("{parts:?}"), run(join_all(all))));
    });
    one_outcome(outcomes)
}

fn permute(parts: &mut Vec<Part>, at: usize, f: &mut dyn FnMut(&[Part])) {
    if at == parts.len() {
        return f(parts);
    }
    for other in at..parts.len() {
        parts.swap(at, other);
        permute(parts, at + 1, f);
        parts.swap(at, other);
    }
}

/// Runs the chosen ones of all rows of up to three steps; the outcome, if it is one and the same.
fn every_row(is_chosen: fn(&[Part]) -> bool) -> Result {
    const STEPS: [Part; 6] = [
        Part::Yields,
        Part::SelfWakes,
        Part::Task,
        Part::Set,
        Part::SetThenOwn,
        Part::OwnThenSet,
    ];
    let mut rows: Vec<Vec<Part>> = vec![Vec::new()];
    let mut last = rows.clone();
    for _ in 0..3 {
        let longer = last.iter().flat_map(|row| {
            STEPS.map(|step| row.iter().copied().chain([step]).collect::<Vec<_>>())
        });
        last = longer.collect();
        rows.extend(last.iter().cloned());
    }
    let chosen = rows.into_iter().filter(|row| is_chosen(row));
    let outcomes = chosen.map(|row| {
        let name = format!("{row:?}");
        let steps: Pin<Box<dyn Future<Output = ()>>> = Box::pin(async move {
            for step in row {
                step.run().await;
            }
        });
        (name, run(steps))
    });
    one_outcome(outcomes.collect())
}

/// The outcome that all of them share.
fn one_outcome(outcomes: Vec<(String, Result)>) -> Result {
    let are_refused = outcomes.iter().filter(|(_, outcome)| outcome.is_err());
    let are_refused = are_refused.count();
    if are_refused != 0 && are_refused != outcomes.len() {
        let works = outcomes.iter().filter(|(_, outcome)| outcome.is_ok());
        let names: Vec<_> = works.map(|(name, _)| name.as_str()).collect();
        panic!("these are not refused, and others are: {names:?}");
    }
    outcomes.into_iter().try_for_each(|(_, outcome)| outcome)
}
