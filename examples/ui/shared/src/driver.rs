//! A user without hands: uses a window by keys and mouse, looks at what it shows, and measures.
//!
//! It is a thread of its own, and a blocking caller: it reads the window by `ui.call`.

use std::cell::RefCell;
use std::fs;
use std::path::PathBuf;
use std::process;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use koil::ui::{Ui, UiHandle, UiLocal};

use crate::meter::{EVENTS, FRAMES};
use crate::sdk::Weather;
use crate::server::Server;
use crate::{ROWS, readings, screen};

/// A window of a toolkit, for its driver. All methods run on the UI thread.
pub trait Driven: 'static {
    /// The contents of the window.
    fn shown(&self) -> Shown;
    /// The middle of a part of it; `None` if the part is not shown.
    fn place(&self, part: Part) -> Option<Place>;
    /// Looks a city up, as a change of the text does.
    fn look_up(&self, city: &str);
    /// Opens another window, with a `Ui` of its own.
    fn open_another(&self) -> Another;
    /// Closes the window, as its user does; then the event loop returns.
    fn close(&self);
}

/// The contents of a window.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub answer: String,
    pub rows: usize,
    /// How full the bar is, of 1.
    pub share: f64,
    pub has_dialog: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    Search,
    Watch,
    Stop,
    Report,
    /// The button of the dialog that says yes.
    Yes,
}

/// A point of a window, in pixels of the screen.
#[derive(Clone, Debug)]
pub struct Place {
    /// The title of the window.
    pub title: &'static str,
    pub x: i32,
    pub y: i32,
}

/// Another window.
pub struct Another {
    pub ui: Ui,
    /// Closes the window, and not the `Ui`.
    pub close: Box<dyn FnOnce()>,
}

thread_local! {
    /// The other window that is open, on the UI thread.
    static ANOTHER: RefCell<Option<Another>> = const { RefCell::new(None) };
}

/// The counts of windows that were closed while a request ran.
#[derive(Clone, Default)]
struct Closings {
    /// Their loops that have ended.
    ended: Arc<AtomicUsize>,
    /// Callbacks that ran after the close.
    late: Arc<AtomicUsize>,
}

struct Driver<W> {
    ui: UiHandle,
    window: UiLocal<Rc<W>>,
    server: Server,
    weather: Weather,
    folder: PathBuf,
}

/// Starts the user of a window; it ends with the window. A window that does not show what it should
/// ends the process.
pub fn start<W: Driven>(
    ui: &Ui,
    window: Rc<W>,
    (server, weather): (Server, Weather),
    folder: PathBuf,
) -> JoinHandle<()> {
    let driver = Driver {
        ui: ui.handle(),
        window: ui.local(window),
        server,
        weather,
        folder,
    };
    thread::spawn(move || {
        let _failing = ExitOnPanic;
        driver.stages();
        driver.requests();
        driver.cycles();
        driver.close();
    })
}

impl<W: Driven> Driver<W> {
    /// Uses the window, one part after the other.
    fn stages(&self) {
        self.click(Part::Search);
        screen::focus(self.place(Part::Search).title);
        screen::keys("Oslo");
        self.until("the answer", |shown| shown.answer == "3.5 °C in Oslo");
        self.picture("search");

        self.click(Part::Watch);
        self.until("the full list", |shown| {
            shown.rows == ROWS && shown.share > 0.999
        });
        self.picture("stream");

        self.click(Part::Watch);
        screen::point(&self.place(Part::Stop));
        self.until("a part of the list", |shown| {
            (6..ROWS).contains(&shown.rows)
        });
        screen::press();
        until("the end of the stream", || self.server.watchers() == 0);
        let stopped = self.shown();
        assert!(stopped.rows < ROWS, "{stopped:?}");
        self.picture("stopped");
        assert_eq!(self.shown().rows, stopped.rows);

        self.click(Part::Report);
        self.until("the dialog", |shown| shown.has_dialog);
        self.picture("dialog");
        self.click(Part::Yes);
        self.until("the report", |shown| shown.answer == "21 °C in Rome");
        assert!(!self.shown().has_dialog);
        self.picture("reported");
    }

    /// A thousand requests, one after the other.
    fn requests(&self) {
        EVENTS.reset();
        FRAMES.reset();
        let begun = Instant::now();
        for n in 0..1000 {
            let city = ["Oslo", "Rome", "Lima"][n % 3];
            self.on_ui(move |window| window.look_up(city));
            self.until(city, |shown| shown.answer.ends_with(city));
        }
        println!("1000 requests: {:.3?} each", begun.elapsed() / 1000);
        println!("events of koil in them: {}", EVENTS.figures());
        println!("frames of the toolkit beside them: {}", FRAMES.figures());
    }

    /// Two hundred windows that close while a request of theirs runs.
    fn cycles(&self) {
        let before = (status("Threads:"), status("VmRSS:"));
        let closings = Closings::default();
        for _ in 0..200 {
            let (weather, counts) = (self.weather.clone(), closings.clone());
            let drawn = self.on_ui(move |window| {
                let another = window.open_another();
                start_requests(&another.ui, &weather, &counts);
                another.ui.on_closed(move |_| {
                    // ORDERING: Relaxed, a count.
                    counts.ended.fetch_add(1, Ordering::Relaxed);
                });
                ANOTHER.set(Some(another));
                FRAMES.figures().count
            });
            until("a frame", || FRAMES.figures().count > drawn);
            until("a request in flight", || self.server.watchers() == 1);
            self.on_ui(|_| {
                let another = ANOTHER.take().expect("it has been opened");
                another.ui.close();
                (another.close)();
            });
            until("the end of the request", || self.server.watchers() == 0);
        }
        until("the end of the loops", || closings.ended() == 200);
        // Threads that have reported their end still need a moment to leave the process.
        until("the end of the threads", || status("Threads:") <= before.0);
        // Events that came before this one have run.
        self.on_ui(|_| ());
        let after = (status("Threads:"), status("VmRSS:"));
        println!(
            "200 windows: threads {} -> {}, KiB {} -> {}, callbacks after the close: {}",
            before.0,
            after.0,
            before.1,
            after.1,
            closings.late()
        );
        assert_eq!(closings.late(), 0);
    }

    /// Closes the window while a request runs.
    fn close(&self) {
        let (weather, closings) = (self.weather.clone(), Closings::default());
        let (ui, counts) = (self.ui.clone(), closings.clone());
        self.on_ui(move |_| start_requests(&ui, &weather, &counts));
        until("a request in flight", || self.server.watchers() == 1);
        let window = self.window.clone();
        let closing = self.ui.call(move || window.with(|window| window.close()));
        // The window may be gone before the call has its answer.
        drop(futures::executor::block_on(closing));
        until("the end of the request", || self.server.watchers() == 0);
        let after = futures::executor::block_on(self.ui.call(|| ()));
        assert!(after.is_err_and(|error| error.is_closed()));
        assert_eq!(closings.late(), 0);
    }

    fn shown(&self) -> Shown {
        self.on_ui(|window| window.shown())
    }

    /// The middle of a part, as soon as a frame has shown it.
    fn place(&self, part: Part) -> Place {
        let mut place = None;
        until(&format!("{part:?}"), || {
            place = self.on_ui(move |window| window.place(part));
            place.is_some()
        });
        place.expect("it has been found")
    }

    fn click(&self, part: Part) {
        screen::click(&self.place(part));
    }

    /// Waits until the window shows it.
    fn until(&self, what: &str, condition: impl Fn(&Shown) -> bool) {
        let begun = Instant::now();
        loop {
            let shown = self.shown();
            if condition(&shown) {
                return;
            }
            let waited = begun.elapsed();
            assert!(waited < LIMIT, "the window does not show {what}: {shown:?}");
            thread::sleep(STEP);
        }
    }

    /// Keeps a picture of the screen, once the toolkit has drawn what has changed.
    fn picture(&self, name: &str) {
        until("the last frame", || {
            FRAMES.is_quiet(Duration::from_millis(200))
        });
        screen::picture(&self.folder.join(name).with_extension("png"));
    }

    /// Runs `f` on the UI thread. This thread is a blocking caller of the loop.
    fn on_ui<R: Send + 'static>(&self, f: impl FnOnce(&W) -> R + Send + 'static) -> R {
        let window = self.window.clone();
        let call = self.ui.call(move || window.with(|window| f(window)));
        let value = self.ui.koil().unkoil(call);
        value.expect("the window is open")
    }
}

/// Starts a request whose answer takes 300 ms, and a stream that never ends.
fn start_requests(ui: &UiHandle, weather: &Weather, counts: &Closings) {
    let (of_ui, late) = (ui.clone(), counts.late.clone());
    let note = move || {
        if of_ui.is_closed() {
            // ORDERING: Relaxed, a count; it is read after a later event of this thread.
            late.fetch_add(1, Ordering::Relaxed);
        }
    };
    let (client, noted) = (weather.clone(), note.clone());
    ui.spawn(async move { client.forecast("Lima").await }, move |_| {
        noted();
    })
    .detach();
    ui.each(readings(weather), move |_| note()).detach();
}

impl Closings {
    fn ended(&self) -> usize {
        // ORDERING: Relaxed, a count.
        self.ended.load(Ordering::Relaxed)
    }

    fn late(&self) -> usize {
        // ORDERING: Relaxed, a count.
        self.late.load(Ordering::Relaxed)
    }
}

const LIMIT: Duration = Duration::from_secs(60);
const STEP: Duration = Duration::from_millis(1);

/// Waits until `condition` holds.
pub fn until(what: &str, mut condition: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < LIMIT, "waited in vain for {what}");
        thread::sleep(STEP);
    }
}

/// A number of this process, as Linux tells it.
fn status(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.expect("Linux tells it")
}

/// Ends the process where the driver panics: the event loop would run on.
struct ExitOnPanic;

impl Drop for ExitOnPanic {
    fn drop(&mut self) {
        if thread::panicking() {
            process::exit(1);
        }
    }
}
