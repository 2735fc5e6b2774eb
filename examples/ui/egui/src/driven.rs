//! The window as its driver uses it, and the other windows that the driver opens.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::mpsc::Sender;

use eframe::egui::{Context, Label, ViewportBuilder, ViewportCommand, ViewportId};
use eframe::{EframeWinitApplication, UserEvent};
use koil::ui::Ui;
use ui_shared::driver::{Another, Driven, Part, Place, Shown};
use ui_shared::meter::FRAMES;
use winit::application::ApplicationHandler;
use winit::event::{DeviceEvent, DeviceId, StartCause, WindowEvent};
use winit::event_loop::ActiveEventLoop;
use winit::window::WindowId;

use crate::window::{TITLE, WeatherWindow};
use crate::{Event, glue};

/// The window, and what it takes to open another.
pub struct DrivenWindow {
    pub window: Rc<WeatherWindow>,
    pub ctx: Context,
    pub events: Sender<Event>,
    pub others: Rc<OtherWindows>,
}

/// The windows that are open beside the first. egui keeps a window as long as each frame shows it.
#[derive(Default)]
pub struct OtherWindows {
    open: RefCell<Vec<ViewportId>>,
}

impl OtherWindows {
    pub fn frame(&self, ctx: &Context) {
        for id in self.open.borrow().iter() {
            let builder = ViewportBuilder::default().with_title("One of many");
            ctx.show_viewport_immediate(*id, builder, |widgets, _| {
                widgets.add(Label::new("One of many"));
            });
        }
    }
}

impl Driven for DrivenWindow {
    fn shown(&self) -> Shown {
        Shown {
            answer: self.window.answer.borrow().clone(),
            rows: self.window.rows.borrow().len(),
            share: self.window.share.get(),
            has_dialog: self.window.question.borrow().is_some(),
        }
    }

    fn place(&self, part: Part) -> Option<Place> {
        let places = self.window.places.borrow();
        let (_, at) = places.iter().find(|(drawn, _)| *drawn == part)?;
        let scale = self.ctx.pixels_per_point();
        Some(Place {
            title: TITLE,
            x: (at.x * scale) as i32,
            y: (at.y * scale) as i32,
        })
    }

    fn look_up(&self, city: &str) {
        self.window.city.replace(city.to_owned());
        self.window.look_up();
    }

    fn open_another(&self) -> Another {
        let id = ViewportId::from_hash_of("another");
        self.others.open.borrow_mut().push(id);
        let others = self.others.clone();
        Another {
            ui: Ui::new(glue::post(self.ctx.clone(), self.events.clone())).expect("a loop starts"),
            close: Box::new(move || others.open.borrow_mut().retain(|open| *open != id)),
        }
    }

    fn close(&self) {
        self.ctx
            .send_viewport_cmd_to(ViewportId::ROOT, ViewportCommand::Close);
    }
}

/// The program of eframe, whose frames are measured: all that it does to redraw a window.
pub struct Measured<'a>(pub EframeWinitApplication<'a>);

impl ApplicationHandler<UserEvent> for Measured<'_> {
    fn window_event(&mut self, events: &ActiveEventLoop, window: WindowId, event: WindowEvent) {
        if event == WindowEvent::RedrawRequested {
            FRAMES.time(|| self.0.window_event(events, window, event));
        } else {
            self.0.window_event(events, window, event);
        }
    }

    fn resumed(&mut self, events: &ActiveEventLoop) {
        self.0.resumed(events);
    }

    fn new_events(&mut self, events: &ActiveEventLoop, cause: StartCause) {
        self.0.new_events(events, cause);
    }

    fn user_event(&mut self, events: &ActiveEventLoop, event: UserEvent) {
        self.0.user_event(events, event);
    }

    fn device_event(&mut self, events: &ActiveEventLoop, device: DeviceId, event: DeviceEvent) {
        self.0.device_event(events, device, event);
    }

    fn about_to_wait(&mut self, events: &ActiveEventLoop) {
        self.0.about_to_wait(events);
    }

    fn suspended(&mut self, events: &ActiveEventLoop) {
        self.0.suspended(events);
    }

    fn exiting(&mut self, events: &ActiveEventLoop) {
        self.0.exiting(events);
    }

    fn memory_warning(&mut self, events: &ActiveEventLoop) {
        self.0.memory_warning(events);
    }
}
