//! The window: its widgets, and what they start.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use koil::ui::{Outcome, Reply, UiHandle, UiStream};
use slint::{ModelRc, PlatformError, SharedString, VecModel};
use ui_shared::sdk::{Error, Reading, Weather};
use ui_shared::{rows, text};

use crate::widgets::WeatherWidgets;

/// The widgets, and what belongs to them. Callbacks and the driver use it.
pub struct WeatherWindow {
    ui: UiHandle,
    weather: Weather,
    pub widgets: WeatherWidgets,
    pub rows: Rc<VecModel<SharedString>>,
    /// The way to answer the question that is open.
    question: RefCell<Option<Reply<bool>>>,
    /// The stream that fills the list; a drop stops it.
    filling: RefCell<Option<UiStream>>,
}

impl WeatherWindow {
    pub fn new(ui: UiHandle, weather: Weather) -> Result<Rc<WeatherWindow>, PlatformError> {
        let this = Rc::new(WeatherWindow {
            ui,
            weather,
            widgets: WeatherWidgets::new()?,
            rows: Rc::default(),
            question: RefCell::default(),
            filling: RefCell::default(),
        });
        this.connect();
        Ok(this)
    }

    fn connect(self: &Rc<Self>) {
        self.widgets.set_rows(ModelRc::from(self.rows.clone()));
        let this = self.clone();
        self.widgets
            .on_look_up(move |city| this.look_up(city.into()));
        let this = self.clone();
        self.widgets.on_watch(move || this.fill());
        let this = self.clone();
        self.widgets.on_stop(move || drop(this.filling.take()));
        let this = self.clone();
        self.widgets.on_report(move || this.ask_and_report());
        let this = self.clone();
        self.widgets.on_answered(move |yes| this.answer(yes));
    }

    /// Asks the service; only the answer to the newest text is shown.
    pub fn look_up(self: &Rc<Self>, city: String) {
        let (weather, this) = (self.weather.clone(), self.clone());
        let request = async move { weather.temperature(&city).await };
        self.ui
            .spawn(request, move |outcome| this.show(outcome))
            .timeout(Duration::from_secs(5))
            .latest("search")
            .detach();
    }

    fn show(&self, outcome: Outcome<Result<Reading, Error>>) {
        match outcome {
            Outcome::Done(answer) => self.widgets.set_answer(text(answer).into()),
            Outcome::TimedOut => self.widgets.set_answer("no answer in time".into()),
            Outcome::Cancelled(_) | Outcome::Stopped => {}
            Outcome::Panicked(_) => self.widgets.set_answer("a bug".into()),
        }
    }

    /// Fills the list from a stream, no faster than the window is drawn.
    fn fill(self: &Rc<Self>) {
        self.rows.clear();
        let (this, bar) = (self.clone(), self.clone());
        let progress = self
            .ui
            .progress(move |share: f64| bar.widgets.set_share(share as f32));
        let filling = self.ui.each(rows(&self.weather, progress), move |row| {
            this.rows.push(row.into());
        });
        self.filling.replace(Some(filling));
    }

    /// Async code that asks the user before it acts.
    fn ask_and_report(self: &Rc<Self>) {
        let (on_ui, weather, shown) = (self.ui.clone(), self.weather.clone(), self.clone());
        let this = self.ui.local(self.clone());
        let task = async move {
            let question = move |reply| this.with(|this| this.ask(reply));
            if on_ui.ask(question).await? {
                return Ok(Some(weather.report("Rome", 21.0).await));
            }
            Ok::<_, koil::Error>(None)
        };
        let done = move |outcome| match outcome {
            Outcome::Done(Ok(Some(reported))) => shown.show(Outcome::Done(reported)),
            Outcome::Done(Ok(None)) => shown.widgets.set_answer("not reported".into()),
            other => shown.widgets.set_answer(format!("{other:?}").into()),
        };
        self.ui.spawn(task, done).detach();
    }

    /// Opens the dialog.
    fn ask(&self, reply: Reply<bool>) {
        self.question.replace(Some(reply));
        self.widgets.set_asks(true);
    }

    /// Closes the dialog, with its answer.
    fn answer(&self, yes: bool) {
        self.widgets.set_asks(false);
        if let Some(reply) = self.question.take() {
            reply.send(yes);
        }
    }
}
