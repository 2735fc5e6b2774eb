//! The glue between Slint and koil: how a closure gets to the UI thread.

use koil::ui::Closed;
use ui_shared::meter::EVENTS;

/// Runs `event` as an event of the loop of the platform.
pub fn post(event: Box<dyn FnOnce() + Send>) -> Result<(), Closed> {
    slint::invoke_from_event_loop(|| EVENTS.time(event)).map_err(|_| Closed)
}
