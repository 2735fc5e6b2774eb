//! The window as its driver uses it, and a meter of frames.

use koil::ui::Ui;
use slint::platform::WindowEvent as PlatformEvent;
use slint::winit_030::winit::event::WindowEvent;
use slint::winit_030::winit::event_loop::ActiveEventLoop;
use slint::winit_030::winit::window::{Window as WinitWindow, WindowId};
use slint::winit_030::{CustomApplicationHandler, EventResult};
use slint::{ComponentHandle, Model, Window};
use ui_shared::driver::{self, Another, Driven, Place, Shown};
use ui_shared::meter::FRAMES;

use crate::glue;
use crate::widgets::{OneOfMany, Part};
use crate::window::WeatherWindow;

impl Driven for WeatherWindow {
    fn shown(&self) -> Shown {
        Shown {
            answer: self.widgets.get_answer().into(),
            rows: self.rows.row_count(),
            share: self.widgets.get_share().into(),
            has_dialog: self.widgets.get_asks(),
        }
    }

    fn place(&self, part: driver::Part) -> Option<Place> {
        let part = match part {
            driver::Part::Search => Part::Search,
            driver::Part::Watch => Part::Watch,
            driver::Part::Stop => Part::Stop,
            driver::Part::Report => Part::Report,
            driver::Part::Yes if self.widgets.get_asks() => Part::Yes,
            driver::Part::Yes => return None,
        };
        let (x, y) = self.widgets.invoke_place(part);
        let scale = self.widgets.window().scale_factor();
        Some(Place {
            title: "Weather",
            x: (x * scale) as i32,
            y: (y * scale) as i32,
        })
    }

    fn look_up(&self, city: &str) {
        self.widgets.set_city(city.into());
        self.widgets.invoke_look_up(city.into());
    }

    fn open_another(&self) -> Another {
        let window = OneOfMany::new().expect("the platform is there");
        window.show().expect("a window opens");
        Another {
            ui: Ui::new(glue::post).expect("a loop starts"),
            close: Box::new(move || window.hide().expect("a window closes")),
        }
    }

    fn close(&self) {
        let window = self.widgets.window();
        window.dispatch_event(PlatformEvent::CloseRequested);
    }
}

/// Measures frames: each begins when a window has to be redrawn, and ends before the next event.
pub struct MeasuresFrames;

impl CustomApplicationHandler for MeasuresFrames {
    fn window_event(
        &mut self,
        _: &ActiveEventLoop,
        _: WindowId,
        _: Option<&WinitWindow>,
        _: Option<&Window>,
        event: &WindowEvent,
    ) -> EventResult {
        FRAMES.end();
        if *event == WindowEvent::RedrawRequested {
            FRAMES.begin();
        }
        EventResult::Propagate
    }

    fn about_to_wait(&mut self, _: &ActiveEventLoop) -> EventResult {
        FRAMES.end();
        EventResult::Propagate
    }
}
