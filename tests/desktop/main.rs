//! `koil::ui` without a display: each test is a UI thread that pumps its own events.

mod bad_input;
mod blocking;
mod calls;
mod closing;
mod progress;
mod streams;
mod tasks;

#[path = "../it/support.rs"]
#[allow(dead_code)] // Others need the rest.
mod support;

use std::cell::{Cell, RefCell};
use std::panic;
use std::rc::Rc;
use std::sync::{Mutex, Once, PoisonError};
use std::thread::{self, ThreadId};

use koil::Koil;
use koil::ui::testing::Pump;
use koil::ui::{Closed, Ui};
use support::{Count, until, watched_as};

/// An event loop whose events are counted, and a `Ui` of it.
struct Desk {
    pump: Rc<Pump>,
    ui: Ui,
    /// The events that have been posted so far.
    posted: Count,
}

/// Runs `test` on a UI thread, with a watchdog.
#[track_caller]
fn on_a_desk<F: FnOnce(&Desk) + Send + 'static>(test: F) {
    watched_as(std::any::type_name::<F>(), move || {
        test(&Desk::over(None));
    });
}

/// As [`on_a_desk`], on a loop that belongs to the test.
#[track_caller]
fn on_a_shared_loop<F: FnOnce(&Desk, Koil) + Send + 'static>(test: F) {
    watched_as(std::any::type_name::<F>(), move || {
        let koil = support::a_loop();
        let desk = Desk::over(Some(&koil));
        test(&desk, koil);
    });
}

impl Desk {
    fn over(koil: Option<&Koil>) -> Desk {
        let (pump, posted) = (Rc::new(Pump::new()), Count::default());
        let ui = Ui::builder(Desk::post_of(&pump, &posted));
        let ui = match koil {
            Some(koil) => ui.handle(&koil.handle()),
            None => ui,
        };
        let ui = ui.build().expect("a loop can be started");
        support::watch(&ui.koil());
        Desk { pump, ui, posted }
    }

    fn post_of(
        pump: &Pump,
        posted: &Count,
    ) -> impl Fn(Box<dyn FnOnce() + Send>) -> Result<(), Closed> + Send + Sync + use<> {
        let (post, posted) = (pump.post(), posted.clone());
        move |event| {
            let result = post(event);
            posted.add();
            result
        }
    }

    /// Waits until `count` events have been posted, and runs none.
    fn wait_for_posts(&self, count: usize) {
        until(|| self.posted.get() >= count);
    }
}

/// A list that callbacks fill; they stay on this thread.
struct Log<T>(Rc<RefCell<Vec<T>>>);

impl<T: 'static> Log<T> {
    fn new() -> Log<T> {
        Log(Rc::default())
    }

    /// A callback that notes its argument.
    fn noting<U>(&self, note: impl Fn(U) -> T + 'static) -> impl FnMut(U) + 'static {
        let log = self.0.clone();
        move |value| log.borrow_mut().push(note(value))
    }

    fn add(&self, value: T) {
        self.0.borrow_mut().push(value);
    }

    fn len(&self) -> usize {
        self.0.borrow().len()
    }

    fn take(&self) -> Vec<T> {
        self.0.take()
    }
}

impl<T> Clone for Log<T> {
    fn clone(&self) -> Log<T> {
        Log(self.0.clone())
    }
}

/// A mark that stays on this thread.
#[derive(Clone, Default)]
struct Mark(Rc<Cell<bool>>);

impl Mark {
    fn set(&self) {
        self.0.set(true);
    }

    fn is_set(&self) -> bool {
        self.0.get()
    }
}

/// The threads on which a panic has been reported to the panic hook, from now on.
fn reported() -> Vec<ThreadId> {
    let panics = panics().lock();
    panics.unwrap_or_else(PoisonError::into_inner).clone()
}

/// The number of panics that the hook has reported on this thread.
fn reported_here() -> usize {
    let here = thread::current().id();
    reported().into_iter().filter(|it| *it == here).count()
}

fn panics() -> &'static Mutex<Vec<ThreadId>> {
    static HOOK: Once = Once::new();
    static PANICS: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let here = thread::current().id();
            PANICS
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(here);
            before(info);
        }));
    });
    &PANICS
}
