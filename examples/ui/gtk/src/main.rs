//! A weather program with GTK 4: search while typing, a list that fills from a stream, a dialog that
//! async code asks, and a window that closes while requests run.
//!
//! `cargo run -p ui-gtk` opens the window; `../run` drives it without a person.

mod drive;
mod glue;
mod window;

#[allow(dead_code, unused_imports)] // The example uses a part of the client.
#[path = "../../../quickstart/sdk.rs"]
mod sdk;
#[allow(dead_code)]
#[path = "../../../quickstart/server.rs"]
mod server;

use std::error::Error;
use std::rc::Rc;
use std::time::Duration;

use gtk4::glib;
use gtk4::prelude::*;
use koil::ui::Ui;

use crate::sdk::Weather;
use crate::server::Server;
use crate::window::WeatherWindow;

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start()?;
    let weather = Weather::new(&server.url)?;
    gtk4::init()?;

    let ui = Rc::new(Ui::new(glue::post)?);
    let events = glib::MainLoop::new(None, false);
    let window = WeatherWindow::open(&ui, &weather);
    let (closing, ended) = (ui.clone(), events.clone());
    window.window.connect_close_request(move |_| {
        // Never blocks: requests that run are cancelled on the loop.
        closing.close();
        ended.quit();
        glib::Propagation::Proceed
    });
    if let Some(folder) = std::env::args().nth(1) {
        let driven = drive::drive(window, ui.handle(), weather, folder.into());
        let quit = events.clone();
        glib::spawn_future_local(async move {
            driven.await;
            quit.quit();
        });
    }
    events.run();
    let ui = Rc::into_inner(ui);
    // The end of main: time for the tasks that clean up.
    assert!(ui.is_none_or(|ui| ui.join(Duration::from_secs(5))));
    Ok(())
}
