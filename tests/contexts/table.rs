//! The expected outcome of each cell. The page for users shows the same tables.

use std::collections::HashMap;
use std::fmt;

use crate::calls::{Call, Door, Refusal};

/// The outcomes of twins, `unkoil` and `try_unkoil`: rows are places, columns are calls.
///
/// The default loop. A single word stands for the whole row; `-` is a place that cannot be.
pub(crate) const TWINS: &str = "
a plain thread                                      | ok
a `Drop` while a thread unwinds                     | ok
a thread-local's destructor                         | ok
a thread-local's destructor, after tokio's          | ok ending ending ok ok ok ok ok ok ending ending ok ending ending ending ending ending ok
tokio: a multi-thread task                          | ok
tokio: `block_in_place`                             | ok
tokio: a `Drop` while a multi-thread task unwinds   | ok
tokio: `block_on`, multi-thread                     | ok
tokio: `LocalSet`, multi-thread                     | ok
tokio: `spawn_blocking`                             | ok
tokio: `Handle::block_on`, multi-thread             | ok
tokio: `Handle::block_on`, current-thread           | ok
tokio: `Handle::enter`                              | ok
tokio: a current-thread task                        | ok ok ok ok ok ok ok stuck stuck stuck ok ok ok ok ok ok ok ok
tokio: a `Drop` while a current-thread task unwinds | ok ok ok ok ok ok ok stuck stuck stuck ok ok ok ok ok ok ok ok
tokio: a current-thread task, another runtime entered | ok ok ok ok ok ok ok stuck stuck stuck ok ok ok ok ok ok ok ok
tokio: `block_on`, current-thread                   | ok ok ok ok ok ok ok stuck stuck stuck ok ok ok ok ok ok ok ok
tokio: `#[tokio::test]`                             | ok ok ok ok ok ok ok stuck stuck stuck ok ok ok ok ok ok ok ok
tokio: `LocalSet`, current-thread                   | ok ok ok ok ok ok ok stuck stuck stuck ok ok ok ok ok ok ok ok
smol: `block_on`                                    | ok
smol: a task                                        | ok
futures: `block_on`                                 | ok
futures: a task of a `LocalPool`                    | ok
koil: `spawn_blocking`                              | ok
koil: `Handle::tokio().block_on`                    | ok
koil: `Handle::tokio().enter`                       | ok
koil: a task                                        | loop
koil: `block_in_place` in a task                    | -
koil: a task of another loop                        | loop
koil: a future that it polls                        | poll
koil: a future that it polls on another loop        | poll
koil: a future that its loop polls for the caller   | poll
";

/// `unkoil_lend`, where its outcome is another one; a dash is a call that cannot be lent.
pub(crate) const LENT: &str = "
a thread-local's destructor, after tokio's          | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
tokio: a current-thread task                        | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
tokio: a `Drop` while a current-thread task unwinds | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
tokio: a current-thread task, another runtime entered | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
tokio: `block_on`, current-thread                   | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
tokio: `#[tokio::test]`                             | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
tokio: `LocalSet`, current-thread                   | ok ok ok ok ok ok ok ok ok - - ok - - - ok - -
";

/// Loops with worker threads, where the outcome is not that of the default loop.
pub(crate) const WORKERS: &str = "
koil: `block_in_place` in a task                    | ok
";

/// Adopted runtimes, where the outcome is not that of the default loop.
pub(crate) const ADOPTED: &str = "
koil: a task                                        | ok
koil: `block_in_place` in a task                    | ok
";

/// Which loop is the process-wide one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loop {
    /// As it starts by itself.
    Default,
    /// With two worker threads.
    Workers,
    /// A runtime of the application.
    Adopted,
}

impl Loop {
    pub(crate) const ALL: [Loop; 3] = [Loop::Default, Loop::Workers, Loop::Adopted];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Loop::Default => "default",
            Loop::Workers => "workers",
            Loop::Adopted => "adopted",
        }
    }
}

/// The answer of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mark {
    /// The call does what it should.
    Fine,
    /// Refused: inside a future that koil polls.
    InPoll,
    /// Refused: on the thread of a loop.
    OnLoop,
    /// Refused: the scheduler of the thread owes a wake to an executor inside the future.
    Stuck,
    /// Refused: the thread ends, and the future asks for a runtime.
    Ending,
    /// There is no such cell.
    Nowhere,
}

impl Mark {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Mark::Fine => "ok",
            Mark::InPoll => "poll",
            Mark::OnLoop => "loop",
            Mark::Stuck => "stuck",
            Mark::Ending => "ending",
            Mark::Nowhere => "-",
        }
    }

    fn of_word(word: &str) -> Mark {
        let all = [
            Mark::Fine,
            Mark::InPoll,
            Mark::OnLoop,
            Mark::Stuck,
            Mark::Ending,
            Mark::Nowhere,
        ];
        let found = all.into_iter().find(|mark| mark.word() == word);
        found.unwrap_or_else(|| panic!("`{word}` is no word of the table"))
    }

    /// The mark of a refusal, if its text says all that it must.
    pub(crate) fn of(refusal: &Refusal, door: Door) -> Result<Mark, String> {
        let remedy = match door {
            Door::Twin => "`#[koil(lend)]`",
            Door::Unkoil | Door::Try | Door::Lend => "`koil::unkoil_lend(future)`",
        };
        let text = &refusal.text;
        let says = |word: &str| {
            if text.contains(word) {
                Ok(())
            } else {
                Err(format!("the text should say `{word}`"))
            }
        };
        // In async code a future is awaited, and the items of a stream are taken.
        let says_what_to_do = || says("take the items of ").or_else(|_| says("await "));
        says("tests/contexts/calls.rs:")?;
        if let Some(error) = &refusal.error
            && !error.would_deadlock()
        {
            return Err("it should be `would_deadlock`".to_owned());
        }
        if text.contains("inside a future that koil is polling") {
            says_what_to_do()?;
            Ok(Mark::InPoll)
        } else if text.contains("would block a loop thread") {
            says_what_to_do()?;
            says("spawn_blocking")?;
            Ok(Mark::OnLoop)
        } else if text.contains("cannot wait on this thread") {
            says_what_to_do()?;
            says(remedy)?;
            Ok(Mark::Stuck)
        } else if text.contains("while its thread is ending") {
            says("before the thread ends")?;
            says("`koil::unkoil_lend`")?;
            Ok(Mark::Ending)
        } else {
            Err("no refusal of the bridge".to_owned())
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// The rows of one table, in order.
pub(crate) fn rows(table: &'static str) -> Vec<(&'static str, Vec<Mark>)> {
    let lines = table.lines().filter(|line| !line.is_empty());
    let rows = lines.map(|line| {
        let (place, words) = line.split_once('|').expect("a row has a `|`");
        let mut marks: Vec<_> = words.split_whitespace().map(Mark::of_word).collect();
        if marks.len() == 1 {
            marks = vec![marks[0]; Call::ALL.len()];
        }
        assert_eq!(
            marks.len(),
            Call::ALL.len(),
            "one word for each call: {line}"
        );
        (place.trim(), marks)
    });
    rows.collect()
}

/// The expected outcomes at a place, one for each call.
pub(crate) fn expected(place: &str, on: Loop, door: Door) -> Vec<Mark> {
    let row = |table| {
        let rows: HashMap<_, _> = rows(table).into_iter().collect();
        rows.get(place).cloned()
    };
    let of_loop = match on {
        Loop::Default => None,
        Loop::Workers => row(WORKERS),
        Loop::Adopted => row(ADOPTED),
    };
    let of_door = match door {
        Door::Lend => row(LENT),
        Door::Twin | Door::Unkoil | Door::Try => None,
    };
    let otherwise = || row(TWINS).unwrap_or_else(|| panic!("`{place}` is in no table"));
    of_loop.or(of_door).unwrap_or_else(otherwise)
}
