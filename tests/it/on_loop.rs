//! The calls that are methods of a loop use that loop, whichever is ambient.

use std::panic::{self, AssertUnwindSafe};

use koil::{Handle, Koil};
use tokio::runtime::Id;
use tokio::task::yield_now;

use crate::support::{LIMIT, a_loop, refused, shut_down, watched, with_a_loop};

/// The loop under which a future runs, for tokio and for koil.
async fn under() -> (Id, Handle) {
    yield_now().await;
    (tokio::runtime::Handle::current().id(), Handle::current())
}

#[test]
fn each_method_runs_on_its_loop_beside_an_entered_one() {
    watched(|| {
        let (ambient, koil) = (a_loop(), a_loop());
        let _entered = ambient.enter();
        let handle = koil.handle();
        let expected = (handle.tokio().id(), handle.clone());
        let stream = || Box::pin(futures::stream::once(under()));
        let seen = [
            koil.unkoil(under()),
            koil.try_unkoil(under()).unwrap(),
            koil.task(under()).result().unwrap(),
            koil.iter(stream()).next().unwrap(),
            koil.gather([under()]).wait().remove(0),
            handle.unkoil(under()),
            handle.try_unkoil(under()).unwrap(),
            handle.task(under()).result().unwrap(),
            handle.iter(stream()).next().unwrap(),
            handle.gather([under()]).try_wait().unwrap().remove(0),
        ];
        for seen in seen {
            assert_eq!(seen, expected);
        }
        assert_eq!(Handle::current(), ambient.handle());
    });
}

#[test]
fn a_refused_method_names_its_line_and_leaves_the_ambient_loop() {
    watched(|| {
        let (ambient, koil) = (a_loop(), a_loop());
        let error = ambient.unkoil(async {
            let error = refused(koil.try_unkoil(async {}));
            assert_eq!(error.call_site().line(), line!() - 1);
            assert_eq!(Handle::current(), ambient.handle());
            error
        });
        assert_eq!(error.call_site().file(), file!());
    });
}

#[test]
fn the_methods_of_a_stopped_loop_fail() {
    with_a_loop(|koil: Koil| {
        let handle = koil.handle();
        drop(koil);
        let running = a_loop();
        let _entered = running.enter();
        shut_down(handle.try_unkoil(async {}));
        shut_down(handle.task(async {}).result());
        shut_down(handle.gather([async {}]).try_wait());
        let mut items = handle.iter(futures::stream::pending::<()>());
        shut_down(items.next_timeout(LIMIT).unwrap());
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| handle.unkoil(async {})));
        assert!(outcome.is_err());
    });
}
