//! The child process: makes the calls of one place, one after the other, and says how each ended.

use std::sync::OnceLock;

use koil::Koil;
use tokio::runtime::Runtime;

use crate::calls::{self, Call, Door, Outcome};
use crate::places::{self, PLACES, Place};
use crate::series;
use crate::table::{Loop, Mark};

/// All cells of a place.
pub(crate) fn cells() -> impl Iterator<Item = (Call, Door)> {
    let calls = Call::ALL.into_iter();
    calls.flat_map(|call| call.doors().iter().map(move |door| (call, *door)))
}

/// Follows the orders, where there are any.
pub(crate) fn run() {
    let Some(([place, on], skip)) = series::orders() else {
        return;
    };
    start(Loop::ALL[on]);
    for (call, door) in cells().skip(skip) {
        series::run(|| cell(&PLACES[place], call, door));
    }
}

/// Makes the loop of the cells the process-wide one.
fn start(on: Loop) {
    static ADOPTED: OnceLock<Runtime> = OnceLock::new();
    let koil = match on {
        Loop::Default => return,
        Loop::Workers => Koil::builder().worker_threads(2).build(),
        Loop::Adopted => {
            let runtime = Runtime::new().expect("a runtime can be started");
            let runtime = ADOPTED.get_or_init(|| runtime);
            Koil::from_handle(runtime.handle().clone())
        }
    };
    koil::set_global(koil.expect("a loop can be started")).expect("nothing has blocked before");
}

/// One line on what became of a call.
fn cell(place: &Place, call: Call, door: Door) -> String {
    let (job, answer) = places::job(move || calls::make(call, door));
    (place.visit)(job);
    match answer.recv().expect("the place does its job") {
        Outcome::Fine => Mark::Fine.to_string(),
        Outcome::Refused(refusal) => match Mark::of(&refusal, door) {
            Ok(mark) => mark.to_string(),
            Err(lack) => format!("{lack}: {}", refusal.text),
        },
    }
}
