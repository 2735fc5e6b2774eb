//! A weather program with GTK 4: search while typing, a list that fills from a stream, a dialog that
//! async code asks, and a window that closes while requests run.
//!
//! `cargo run -p ui-gtk` opens the window; `../run gtk` drives it without a person.

mod driven;
mod glue;
mod window;

use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use gtk4::glib;
use gtk4::prelude::*;
use koil::ui::Ui;
use ui_shared::driver;
use ui_shared::sdk::Weather;
use ui_shared::server::Server;

use crate::window::WeatherWindow;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let weather = Weather::new(&server.url)?;
    gtk4::init()?;

    let ui = Rc::new(Ui::new(glue::post)?);
    let events = glib::MainLoop::new(None, false);
    let window = WeatherWindow::open(&ui, &weather);
    let (closing, ended) = (Rc::downgrade(&ui), events.clone());
    window.window.connect_close_request(move |_| {
        // Never blocks: requests that run are cancelled on the loop.
        if let Some(ui) = closing.upgrade() {
            ui.close();
        }
        ended.quit();
        glib::Propagation::Proceed
    });
    let driver = std::env::args_os().nth(1).map(|folder| {
        driven::measure_frames(&window.window);
        driver::start(&ui, window.clone(), (server, weather), folder.into())
    });
    events.run();
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
