//! `Handler`: a callback that runs many times, one event after the other.

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use crate::report::unwind;

/// A callback for events of type `T`. Events that come while it runs, in an event loop that the
/// callback itself runs (a modal dialog), wait until it has returned.
pub(super) struct Handler<T> {
    callback: RefCell<Box<dyn FnMut(T)>>,
    waiting: RefCell<VecDeque<T>>,
    is_running: Cell<bool>,
}

impl<T> Handler<T> {
    pub(super) fn new(callback: impl FnMut(T) + 'static) -> Rc<Handler<T>> {
        Rc::new(Handler {
            callback: RefCell::new(Box::new(callback)),
            waiting: RefCell::default(),
            is_running: Cell::new(false),
        })
    }

    /// Calls the callback, now or after its present call. A panic in it ends here: the panic hook has
    /// reported it.
    pub(super) fn handle(&self, event: T) {
        self.waiting.borrow_mut().push_back(event);
        if self.is_running.replace(true) {
            return;
        }
        loop {
            let event = self.waiting.borrow_mut().pop_front();
            let Some(event) = event else {
                break;
            };
            // Not borrowed twice: `is_running` keeps inner calls out.
            unwind::swallow(|| (self.callback.borrow_mut())(event));
        }
        self.is_running.set(false);
    }
}
