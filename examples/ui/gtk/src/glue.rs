//! The glue between GTK and koil: how a closure gets to the UI thread.

use gtk4::glib;
use koil::ui::Closed;
use ui_shared::meter::EVENTS;

/// Runs `event` as an idle event of the main loop, after GTK has drawn.
pub fn post(event: Box<dyn FnOnce() + Send>) -> Result<(), Closed> {
    glib::idle_add_once(|| EVENTS.time(event));
    Ok(())
}
