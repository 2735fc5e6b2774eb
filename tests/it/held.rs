//! Contexts that a loop keeps open until it ends.

use std::sync::mpsc::{self, Sender};
use std::time::Duration;

use koil::{Exit, Koil, context_fn, unkoil};

use crate::guards::{Does, Room, SOON, all, telling, text};
use crate::support::{FOR_EVER, until, waiting, watched, with_a_loop};

fn room(name: &'static str, exit: Does, log: &Sender<(&'static str, Exit)>) -> Room {
    Room {
        name,
        enter: Does::Sleeps,
        exit,
        log: log.clone(),
    }
}

#[test]
fn what_is_held_is_left_in_reverse_whatever_fails() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let (log, exits) = mpsc::channel();
        for (name, exit) in [
            ("first", Does::Fine),
            ("second", Does::Panics),
            ("third", Does::Hangs),
            ("fourth", Does::Fails),
        ] {
            let held = koil.hold(room(name, exit, &log)).unwrap();
            assert_eq!(held.name, name);
        }
        drop(log);
        assert!(koil.shutdown().is_clean());
        let expected = ["fourth", "third", "second", "first"].map(|name| (name, Exit::Shutdown));
        assert_eq!(all(exits), expected);
        let told = all(told);
        assert!(told[0].ends_with("failed: \"exit\""), "{told:?}");
        assert!(told[1].ends_with("timed out after 100ms"), "{told:?}");
        assert!(told[2].ends_with("panicked: exit"), "{told:?}");
        assert_eq!(told.len(), 3);
    });
}

#[test]
fn what_cannot_be_entered_is_not_held() {
    with_a_loop(|koil| {
        let fails = context_fn(|| async { Err::<(), _>("no") }, |(), _| async { Ok(()) });
        assert_eq!(koil.hold(fails).err(), Some("no"));
        assert!(koil.shutdown().is_clean());
    });
}

#[test]
fn an_exit_waits_for_the_last_clone_and_says_when_it_cannot() {
    watched(|| {
        let (koil, told) = telling(SOON, text);
        let (log, exits) = mpsc::channel();
        let held = koil.hold(room("room", Does::Fine, &log)).unwrap();
        let kept = held.clone();
        drop(log);
        koil.shutdown();
        let told = all(told);
        assert!(told[0].contains("was still held 2 times"), "{told:?}");
        drop((held, kept));
        assert_eq!(all(exits), []);

        let (koil, told) = telling(FOR_EVER, text);
        let (log, exits) = mpsc::channel();
        let held = koil.hold(room("room", Does::Fine, &log)).unwrap();
        let handle = koil.handle();
        // A caller that is released by the stop drops its clone on the way.
        let caller = std::thread::spawn(handle.wrap(move || {
            let _held = held;
            unkoil(std::future::pending::<()>());
        }));
        until(|| waiting(&handle) == 1);
        drop(log);
        assert!(koil.shutdown().is_clean());
        caller.join().unwrap_err();
        drop(handle);
        assert_eq!(all(exits), [("room", Exit::Shutdown)]);
        assert_eq!(all(told), [""; 0]);
    });
}

#[test]
fn an_adopted_runtime_leaves_what_was_held_when_its_koil_goes() {
    watched(|| {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let koil = Koil::from_handle(runtime.handle().clone()).unwrap();
        let (log, exits) = mpsc::channel();
        koil.hold(room("one", Does::Sleeps, &log)).unwrap();
        koil.hold(room("two", Does::Sleeps, &log)).unwrap();
        drop(log);
        assert!(koil.shutdown().is_clean());
        let expected = [("two", Exit::Shutdown), ("one", Exit::Shutdown)];
        assert_eq!(all(exits), expected);

        // The runtime may end first: then nothing can run the exit.
        let koil = Koil::from_handle(runtime.handle().clone()).unwrap();
        let (log, exits) = mpsc::channel();
        koil.hold(room("late", Does::Sleeps, &log)).unwrap();
        drop(log);
        runtime.shutdown_timeout(Duration::from_secs(60));
        drop(koil);
        assert_eq!(all(exits), []);
    });
}
