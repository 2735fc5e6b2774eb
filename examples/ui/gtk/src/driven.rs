//! The window as its driver uses it.

use gtk4::graphene::Point;
use gtk4::prelude::*;
use gtk4::{Widget, Window};
use koil::ui::Ui;
use ui_shared::driver::{Another, Driven, Part, Place, Shown};
use ui_shared::meter::FRAMES;

use crate::glue;
use crate::window::{QUESTION, TITLE, WeatherWindow};

impl Driven for WeatherWindow {
    fn shown(&self) -> Shown {
        let mut rows = 0;
        while self.list.row_at_index(rows).is_some() {
            rows += 1;
        }
        Shown {
            answer: self.answer.text().into(),
            rows: usize::try_from(rows).expect("rows are counted from 0"),
            share: self.bar.fraction(),
            has_dialog: self.dialog.borrow().is_some(),
        }
    }

    fn place(&self, part: Part) -> Option<Place> {
        match part {
            Part::Search => middle(&self.window, TITLE, &self.search),
            Part::Watch => middle(&self.window, TITLE, &self.watch),
            Part::Stop => middle(&self.window, TITLE, &self.stop),
            Part::Report => middle(&self.window, TITLE, &self.report),
            Part::Yes => {
                let dialog = self.dialog.borrow();
                let dialog = dialog.as_ref()?;
                middle(&dialog.window, QUESTION, &dialog.yes)
            }
        }
    }

    fn look_up(&self, city: &str) {
        self.search.set_text(city);
    }

    fn open_another(&self) -> Another {
        let window = Window::builder().title("One of many").build();
        window.present();
        measure_frames(&window);
        Another {
            ui: Ui::new(glue::post).expect("a loop starts"),
            close: Box::new(move || window.close()),
        }
    }

    fn close(&self) {
        self.window.close();
    }
}

/// Measures the frames of a window from now on.
pub fn measure_frames(window: &Window) {
    let clock = window.frame_clock().expect("the window is presented");
    clock.connect_before_paint(|_| FRAMES.begin());
    clock.connect_after_paint(|_| FRAMES.end());
}

/// The middle of a widget, in the window as X11 knows it: with the shadow that GTK draws.
fn middle(window: &Window, title: &'static str, widget: &impl IsA<Widget>) -> Option<Place> {
    let (width, height) = (widget.width() as f32, widget.height() as f32);
    let at = widget.compute_point(window, &Point::new(width / 2.0, height / 2.0))?;
    let (left, top) = window.surface_transform();
    Some(Place {
        title,
        x: (f64::from(at.x()) + left) as i32,
        y: (f64::from(at.y()) + top) as i32,
    })
}
