//! A weather program with Slint: search while typing, a list that fills from a stream, a dialog that
//! async code asks, and a window that closes while requests run.
//!
//! `cargo run -p ui-slint` opens the window; `../run slint` drives it without a person.

mod driven;
mod glue;
mod widgets;
mod window;

use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use koil::ui::Ui;
use slint::{BackendSelector, CloseRequestResponse, ComponentHandle};
use ui_shared::driver;
use ui_shared::sdk::Weather;
use ui_shared::server::Server;

use crate::driven::MeasuresFrames;
use crate::window::WeatherWindow;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let weather = Weather::new(&server.url)?;
    BackendSelector::new()
        .with_winit_custom_application_handler(MeasuresFrames)
        .select()?;

    let ui = Rc::new(Ui::new(glue::post)?);
    let window = WeatherWindow::new(ui.handle(), weather.clone())?;
    let closing = Rc::downgrade(&ui);
    window.widgets.window().on_close_requested(move || {
        // Never blocks: requests that run are cancelled on the loop.
        if let Some(ui) = closing.upgrade() {
            ui.close();
        }
        CloseRequestResponse::HideWindow
    });
    let driver = std::env::args_os()
        .nth(1)
        .map(|folder| driver::start(&ui, window.clone(), (server, weather), folder.into()));
    window.widgets.run()?;
    if let Some(driver) = driver {
        driver
            .join()
            .expect("a driver that panics ends the process");
    }
    // The end of main: time for the tasks that clean up.
    let ui = Rc::into_inner(ui).expect("nothing else owns it");
    assert!(ui.join(Duration::from_secs(5)), "a task has not ended");
    Ok(())
}
