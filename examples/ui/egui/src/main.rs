//! A weather program with egui: search while typing, a list that fills from a stream, a dialog that
//! async code asks, and a window that closes while requests run.
//!
//! `cargo run -p ui-egui` opens the window; `../run egui` drives it without a person.

mod driven;
mod glue;
mod window;

use std::cell::OnceCell;
use std::error::Error;
use std::rc::Rc;
use std::sync::mpsc::{self, Receiver};
use std::thread::JoinHandle;
use std::time::Duration;

use eframe::egui::{Context, Ui as Widgets, Vec2, ViewportBuilder};
use eframe::{App, Frame, NativeOptions};
use koil::ui::Ui;
use ui_shared::driver;
use ui_shared::meter::EVENTS;
use ui_shared::sdk::Weather;
use ui_shared::server::Server;
use winit::event_loop::EventLoop;

use crate::driven::{DrivenWindow, Measured, OtherWindows};
use crate::window::{TITLE, WeatherWindow};

type Event = Box<dyn FnOnce() + Send>;

/// The program, as eframe runs it.
struct WeatherApp {
    ui: Rc<Ui>,
    events: Receiver<Event>,
    window: Rc<WeatherWindow>,
    others: Rc<OtherWindows>,
}

impl App for WeatherApp {
    /// Before each frame, and also while the window is hidden.
    fn logic(&mut self, ctx: &Context, _: &mut Frame) {
        for event in self.events.try_iter() {
            EVENTS.time(event);
        }
        if ctx.input(|input| input.viewport().close_requested()) {
            // Never blocks: requests that run are cancelled on the loop.
            self.ui.close();
        }
    }

    fn ui(&mut self, widgets: &mut Widgets, _: &mut Frame) {
        self.window.frame(widgets);
        self.others.frame(widgets.ctx());
    }
}

/// The parts of the program that outlive the event loop.
struct Started {
    ui: Rc<Ui>,
    driver: Option<JoinHandle<()>>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let started = Rc::new(OnceCell::new());
    let events = EventLoop::with_user_event().build()?;
    let options = NativeOptions {
        viewport: ViewportBuilder::default().with_inner_size(Vec2::new(420.0, 580.0)),
        ..NativeOptions::default()
    };
    let keep = started.clone();
    let create = Box::new(move |start: &eframe::CreationContext<'_>| {
        let (app, of_app) = start_app(&start.egui_ctx)?;
        keep.get_or_init(|| of_app);
        Ok(Box::new(app) as Box<dyn App>)
    });
    let app = eframe::create_native(TITLE, options, create, &events);
    events.run_app(&mut Measured(app))?;
    let Some(Started { ui, driver }) = Rc::into_inner(started).and_then(OnceCell::into_inner)
    else {
        return Ok(());
    };
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

fn start_app(ctx: &Context) -> Result<(WeatherApp, Started), Box<dyn Error + Send + Sync>> {
    let server = Server::start()?;
    let weather = Weather::new(&server.url)?;
    let (sender, events) = mpsc::channel();
    let ui = Rc::new(Ui::new(glue::post(ctx.clone(), sender.clone()))?);
    let window = WeatherWindow::new(ui.handle(), weather.clone());
    let others = Rc::new(OtherWindows::default());
    let driver = std::env::args_os().nth(1).map(|folder| {
        let driven = DrivenWindow {
            window: window.clone(),
            ctx: ctx.clone(),
            events: sender,
            others: others.clone(),
        };
        driver::start(&ui, Rc::new(driven), (server, weather), folder.into())
    });
    let of_app = Started {
        ui: ui.clone(),
        driver,
    };
    let app = WeatherApp {
        ui,
        events,
        window,
        others,
    };
    Ok((app, of_app))
}
