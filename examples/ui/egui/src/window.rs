//! The window: its state, its widgets, and what they start.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use eframe::egui::{
    Align, Button, CentralPanel, Id, Layout, Modal, Pos2, ProgressBar, Response, ScrollArea,
    TextEdit, Ui as Widgets, vec2,
};
use koil::ui::{Outcome, Reply, UiHandle, UiStream};
use ui_shared::driver::Part;
use ui_shared::sdk::{Error, Reading, Weather};
use ui_shared::{rows, text};

pub const TITLE: &str = "Weather";

/// The state of the window. Callbacks of koil change it between two frames, and a frame shows it.
pub struct WeatherWindow {
    ui: UiHandle,
    weather: Weather,
    pub city: RefCell<String>,
    pub answer: RefCell<String>,
    pub rows: RefCell<Vec<String>>,
    pub share: Cell<f64>,
    /// The question that is open, and the way to answer it.
    pub question: RefCell<Option<Reply<bool>>>,
    /// The stream that fills the list; a drop stops it.
    filling: RefCell<Option<UiStream>>,
    /// The middle of each part that the last frame showed, for the driver.
    pub places: RefCell<Vec<(Part, Pos2)>>,
}

impl WeatherWindow {
    pub fn new(ui: UiHandle, weather: Weather) -> Rc<WeatherWindow> {
        Rc::new(WeatherWindow {
            ui,
            weather,
            city: RefCell::default(),
            answer: RefCell::new("-".to_owned()),
            rows: RefCell::default(),
            share: Cell::default(),
            question: RefCell::default(),
            filling: RefCell::default(),
            places: RefCell::default(),
        })
    }

    /// Draws a frame, and handles what its user does.
    pub fn frame(self: &Rc<Self>, widgets: &mut Widgets) {
        self.places.borrow_mut().clear();
        let justified = Layout::top_down_justified(Align::Center);
        CentralPanel::default().show(widgets, |widgets| {
            widgets.with_layout(justified, |widgets| self.contents(widgets));
        });
        self.dialog(widgets);
    }

    fn contents(self: &Rc<Self>, widgets: &mut Widgets) {
        widgets.spacing_mut().item_spacing.y = 6.0;
        let search = {
            let mut city = self.city.borrow_mut();
            widgets.add(TextEdit::singleline(&mut *city).hint_text("A city"))
        };
        self.note_place(Part::Search, &search);
        if search.changed() {
            self.look_up();
        }
        widgets.label(self.answer.borrow().as_str());
        if self.button(widgets, Part::Watch, "Watch Oslo") {
            self.fill();
        }
        if self.button(widgets, Part::Stop, "Stop") {
            self.filling.take();
        }
        if self.button(widgets, Part::Report, "Report 21 °C in Rome") {
            self.ask_and_report();
        }
        let bar = ProgressBar::new(self.share.get() as f32);
        widgets.add(bar.desired_height(6.0).corner_radius(0.0));
        ScrollArea::vertical().show(widgets, |widgets| {
            widgets.spacing_mut().item_spacing.y = 1.0;
            for row in self.rows.borrow().iter() {
                widgets.label(row);
            }
        });
    }

    /// Adds a button; true if it has been clicked.
    fn button(&self, widgets: &mut Widgets, part: Part, label: &str) -> bool {
        let button = Button::new(label).min_size(vec2(0.0, 28.0));
        let button = widgets.add(button);
        self.note_place(part, &button);
        button.clicked()
    }

    fn note_place(&self, part: Part, shown: &Response) {
        self.places.borrow_mut().push((part, shown.rect.center()));
    }

    /// Asks the service; only the answer to the newest text is shown.
    pub fn look_up(self: &Rc<Self>) {
        let (weather, city) = (self.weather.clone(), self.city.borrow().clone());
        let this = self.clone();
        let request = async move { weather.temperature(&city).await };
        self.ui
            .spawn(request, move |outcome| this.show(outcome))
            .timeout(Duration::from_secs(5))
            .latest("search")
            .detach();
    }

    fn show(&self, outcome: Outcome<Result<Reading, Error>>) {
        let answer = match outcome {
            Outcome::Done(answer) => text(answer),
            Outcome::TimedOut => "no answer in time".to_owned(),
            Outcome::Cancelled(_) | Outcome::Stopped => return,
            Outcome::Panicked(_) => "a bug".to_owned(),
        };
        self.answer.replace(answer);
    }

    /// Fills the list from a stream, no faster than the window is drawn.
    fn fill(self: &Rc<Self>) {
        self.rows.borrow_mut().clear();
        let (this, bar) = (self.clone(), self.clone());
        let progress = self.ui.progress(move |share| bar.share.set(share));
        let filling = self.ui.each(rows(&self.weather, progress), move |row| {
            this.rows.borrow_mut().push(row);
        });
        self.filling.replace(Some(filling));
    }

    /// Async code that asks the user before it acts.
    fn ask_and_report(self: &Rc<Self>) {
        let (on_ui, weather, shown) = (self.ui.clone(), self.weather.clone(), self.clone());
        let this = self.ui.local(self.clone());
        let task = async move {
            let question = move |reply| this.with(|this| drop(this.question.replace(Some(reply))));
            if on_ui.ask(question).await? {
                return Ok(Some(weather.report("Rome", 21.0).await));
            }
            Ok::<_, koil::Error>(None)
        };
        let done = move |outcome| match outcome {
            Outcome::Done(Ok(Some(reported))) => shown.show(Outcome::Done(reported)),
            Outcome::Done(Ok(None)) => drop(shown.answer.replace("not reported".to_owned())),
            other => drop(shown.answer.replace(format!("{other:?}"))),
        };
        self.ui.spawn(task, done).detach();
    }

    /// The dialog, while a question is open.
    fn dialog(&self, widgets: &mut Widgets) {
        let Some(reply) = self.question.take() else {
            return;
        };
        let shown = Modal::new(Id::unique("question")).show(widgets.ctx(), |widgets| {
            widgets.label("Report 21 °C in Rome?");
            widgets.horizontal(|widgets| {
                let yes = self.button(widgets, Part::Yes, "Yes, report it");
                let no = widgets.add(Button::new("No").min_size(vec2(0.0, 28.0)));
                (yes || no.clicked()).then_some(yes)
            })
        });
        match shown.inner.inner {
            Some(answer) => reply.send(answer),
            None => drop(self.question.replace(Some(reply))),
        }
    }
}
