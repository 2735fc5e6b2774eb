//! A user without hands: drives the window through its own signals, takes pictures, and measures.
//!
//! It runs on GTK's own executor, and awaits the tasks of koil there.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use gtk4::glib;
use gtk4::prelude::*;
use koil::ui::{Ui, UiHandle};

use crate::glue;
use crate::sdk::Weather;
use crate::window::{ROWS, WeatherWindow};

thread_local! {
    /// The longest time in one event of koil's, on the UI thread.
    static LONGEST: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Runs an event, and notes the time that it takes.
pub fn timed(event: Box<dyn FnOnce() + Send>) {
    let begun = Instant::now();
    event();
    LONGEST.set(LONGEST.get().max(begun.elapsed()));
}

/// All stages, one after the other. Panics where the window does not show what it should.
pub async fn drive(window: Rc<WeatherWindow>, ui: UiHandle, weather: Weather, folder: PathBuf) {
    for text in ["O", "Os", "Osl", "Oslo"] {
        window.search.set_text(text);
    }
    until(|| window.answer.text().contains("°C in Oslo")).await;
    picture(&ui, &folder, "search").await;

    window.watch.emit_clicked();
    until(|| rows(&window) >= ROWS / 2).await;
    picture(&ui, &folder, "stream").await;
    until(|| rows(&window) == ROWS).await;
    assert!(window.bar.fraction() > 0.999);
    window.watch.emit_clicked();
    until(|| (1..ROWS).contains(&rows(&window))).await;
    window.stop.emit_clicked();
    let stopped_at = rows(&window);
    picture(&ui, &folder, "stopped").await;
    assert_eq!(rows(&window), stopped_at);

    window.report.emit_clicked();
    until(|| window.dialog.borrow().is_some()).await;
    picture(&ui, &folder, "dialog").await;
    let yes = window
        .dialog
        .borrow()
        .as_ref()
        .map(|dialog| dialog.yes.clone());
    yes.expect("the dialog is open").emit_clicked();
    until(|| window.answer.text() == "21 °C in Rome").await;
    picture(&ui, &folder, "reported").await;

    requests(&window, &ui, &weather).await;
    cycles(&weather).await;
    // Closing while a request runs.
    let (slow, client) = (ui.clone(), weather.clone());
    slow.spawn(async move { client.forecast("Lima").await }, |_| {
        unreachable!("the window is closed before")
    })
    .detach();
    window.window.close();
}

/// A thousand requests, one after the other.
async fn requests(window: &Rc<WeatherWindow>, ui: &UiHandle, weather: &Weather) {
    LONGEST.set(Duration::ZERO);
    let begun = Instant::now();
    for n in 0..1000 {
        let city = ["Oslo", "Rome", "Lima"][n % 3];
        window.look_up(ui, weather, city.to_owned());
        until(|| window.answer.text().ends_with(city)).await;
    }
    let (each, longest) = (begun.elapsed() / 1000, LONGEST.get());
    println!("1000 requests, {each:?} each; longest event of koil on the UI thread: {longest:?}");
}

/// Two hundred windows that close while a request of theirs runs.
async fn cycles(weather: &Weather) {
    let before = (status("Threads:"), status("VmRSS:"));
    let ended = Rc::new(Cell::new(0));
    for _ in 0..200 {
        let ui = Ui::new(glue::post).expect("a loop starts");
        let window = gtk4::Window::builder().title("One of many").build();
        window.present();
        let (client, count) = (weather.clone(), ended.clone());
        ui.on_closed(move |_| count.set(count.get() + 1));
        ui.spawn(async move { client.forecast("Lima").await }, |_| {
            unreachable!("no callback after close")
        })
        .detach();
        glib::timeout_future(Duration::from_millis(1)).await;
        window.close();
        drop(ui);
    }
    until(|| ended.get() == 200).await;
    // Threads that have reported their end still need a moment to leave the process.
    until(|| status("Threads:") <= before.0 + 1).await;
    let after = (status("Threads:"), status("VmRSS:"));
    println!(
        "200 windows: threads {} -> {}, KiB {} -> {}",
        before.0, after.0, before.1, after.1
    );
}

fn rows(window: &WeatherWindow) -> usize {
    let mut rows = 0;
    while window.list.row_at_index(rows).is_some() {
        rows += 1;
    }
    usize::try_from(rows).expect("rows are counted from 0")
}

/// Waits, beside the other events of GTK, until `condition` holds.
async fn until(condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "the window does not show it"
        );
        glib::timeout_future(Duration::from_millis(1)).await;
    }
}

/// Keeps a picture of the screen.
async fn picture(ui: &UiHandle, folder: &Path, name: &str) {
    // GTK draws first.
    glib::timeout_future(Duration::from_millis(300)).await;
    let path = folder.join(name).with_extension("png");
    let shot = koil::run_threaded(move || {
        Command::new("import")
            .args(["-window", "root"])
            .arg(path)
            .status()
    });
    // A task of koil's, awaited on GTK's executor.
    let status = ui.koil().task(shot).await.expect("the loop runs");
    assert!(
        status.is_ok_and(|status| status.success()),
        "ImageMagick takes the picture"
    );
}

/// A number of this process, as Linux tells it.
fn status(name: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}
