//! The window: widgets, and what they start.

use std::cell::RefCell;
use std::rc::Rc;
use std::time::Duration;

use gtk4::prelude::*;
use gtk4::{Box as Stack, Button, Entry, Label, ListBox, Orientation, ProgressBar, Window};
use koil::ui::{Outcome, Reply, Ui, UiHandle, UiStream};
use ui_shared::sdk::{Error, Reading, Weather};
use ui_shared::{rows, text};

/// The titles of the window and of its dialog.
pub const TITLE: &str = "Weather";
pub const QUESTION: &str = "A question";

/// Widgets that callbacks and the driver use.
pub struct WeatherWindow {
    pub window: Window,
    pub search: Entry,
    pub answer: Label,
    pub watch: Button,
    pub stop: Button,
    pub report: Button,
    pub list: ListBox,
    pub bar: ProgressBar,
    /// The dialog that is open.
    pub dialog: RefCell<Option<Dialog>>,
    /// The stream that fills the list; a drop stops it.
    filling: RefCell<Option<UiStream>>,
}

/// A question, and the way to answer it.
pub struct Dialog {
    pub window: Window,
    pub yes: Button,
}

impl WeatherWindow {
    pub fn open(ui: &Ui, weather: &Weather) -> Rc<WeatherWindow> {
        let window = Window::builder().title(TITLE).default_width(420);
        let window = window.default_height(580).build();
        let this = Rc::new(WeatherWindow {
            window,
            search: Entry::builder().placeholder_text("A city").build(),
            answer: Label::new(Some("-")),
            watch: Button::with_label("Watch Oslo"),
            stop: Button::with_label("Stop"),
            report: Button::with_label("Report 21 °C in Rome"),
            list: ListBox::new(),
            bar: ProgressBar::new(),
            dialog: RefCell::new(None),
            filling: RefCell::new(None),
        });
        let column = Stack::new(Orientation::Vertical, 6);
        column.append(&this.search);
        column.append(&this.answer);
        for button in [&this.watch, &this.stop, &this.report] {
            column.append(button);
        }
        column.append(&this.bar);
        column.append(&this.list);
        this.window.set_child(Some(&column));
        this.connect(ui, weather);
        this.window.present();
        this
    }

    fn connect(self: &Rc<Self>, ui: &Ui, weather: &Weather) {
        let (this, on_ui, client) = (self.clone(), ui.handle(), weather.clone());
        self.search.connect_changed(move |search| {
            this.look_up(&on_ui, &client, search.text().to_string());
        });
        let (this, on_ui, client) = (self.clone(), ui.handle(), weather.clone());
        self.watch
            .connect_clicked(move |_| this.fill(&on_ui, &client));
        let this = self.clone();
        self.stop
            .connect_clicked(move |_| drop(this.filling.take()));
        let (this, on_ui, client) = (self.clone(), ui.handle(), weather.clone());
        self.report
            .connect_clicked(move |_| this.ask_and_report(&on_ui, &client));
    }

    /// Asks the service; only the answer to the newest text is shown.
    fn look_up(self: &Rc<Self>, ui: &UiHandle, weather: &Weather, city: String) {
        let (weather, this) = (weather.clone(), self.clone());
        let request = async move { weather.temperature(&city).await };
        ui.spawn(request, move |outcome| this.show(outcome))
            .timeout(Duration::from_secs(5))
            .latest("search")
            .detach();
    }

    fn show(&self, outcome: Outcome<Result<Reading, Error>>) {
        match outcome {
            Outcome::Done(answer) => self.answer.set_text(&text(answer)),
            Outcome::TimedOut => self.answer.set_text("no answer in time"),
            Outcome::Cancelled(_) | Outcome::Stopped => {}
            Outcome::Panicked(_) => self.answer.set_text("a bug"),
        }
    }

    /// Fills the list from a stream, no faster than the window is drawn.
    fn fill(self: &Rc<Self>, ui: &UiHandle, weather: &Weather) {
        self.list.remove_all_rows();
        let (this, bar) = (self.clone(), self.bar.clone());
        let progress = ui.progress(move |share| bar.set_fraction(share));
        let filling = ui.each(rows(weather, progress), move |row| {
            this.list.append(&Label::new(Some(&row)));
        });
        *self.filling.borrow_mut() = Some(filling);
    }

    /// Async code that asks the user before it acts.
    fn ask_and_report(self: &Rc<Self>, ui: &UiHandle, weather: &Weather) {
        let (on_ui, weather, shown) = (ui.clone(), weather.clone(), self.clone());
        let this = ui.local(self.clone());
        let task = async move {
            let question = move |reply| this.with(|this| this.question(reply));
            if on_ui.ask(question).await? {
                return Ok(Some(weather.report("Rome", 21.0).await));
            }
            Ok::<_, koil::Error>(None)
        };
        ui.spawn(task, move |outcome| match outcome {
            Outcome::Done(Ok(Some(reported))) => shown.show(Outcome::Done(reported)),
            Outcome::Done(Ok(None)) => shown.answer.set_text("not reported"),
            other => shown.answer.set_text(&format!("{other:?}")),
        })
        .detach();
    }

    fn question(self: &Rc<Self>, reply: Reply<bool>) {
        let window = Window::builder()
            .title(QUESTION)
            .modal(true)
            .transient_for(&self.window);
        let dialog = Dialog {
            window: window.default_width(200).build(),
            yes: Button::with_label("Yes, report it"),
        };
        let column = Stack::new(Orientation::Vertical, 6);
        column.append(&Label::new(Some("Report 21 °C in Rome?")));
        let no = Button::with_label("No");
        column.append(&dialog.yes);
        column.append(&no);
        dialog.window.set_child(Some(&column));
        let reply = Rc::new(RefCell::new(Some(reply)));
        for (button, answer) in [(&dialog.yes, true), (&no, false)] {
            let (reply, this) = (reply.clone(), self.clone());
            button.connect_clicked(move |_| {
                if let Some(reply) = reply.take() {
                    reply.send(answer);
                }
                if let Some(dialog) = this.dialog.take() {
                    dialog.window.close();
                }
            });
        }
        dialog.window.present();
        *self.dialog.borrow_mut() = Some(dialog);
    }
}

/// `ListBox::remove_all` is newer than GTK 4.8.
trait RemoveAllRows {
    fn remove_all_rows(&self);
}

impl RemoveAllRows for ListBox {
    fn remove_all_rows(&self) {
        while let Some(row) = self.row_at_index(0) {
            self.remove(&row);
        }
    }
}
