//! The glue between egui and koil: how a closure gets to the UI thread.

use std::sync::mpsc::Sender;

use eframe::egui::{Context, ViewportId};
use koil::ui::Closed;

/// Puts an event into a channel and wakes the main window, whose next frame empties the channel.
pub fn post<E>(ctx: Context, events: Sender<E>) -> impl Fn(E) -> Result<(), Closed> {
    move |event| {
        let sent = events.send(event).map_err(|_| Closed);
        ctx.request_repaint_of(ViewportId::ROOT);
        sent
    }
}
