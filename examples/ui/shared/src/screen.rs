//! The screen from outside: real keys and clicks by xdotool, pictures by ImageMagick.

use std::path::Path;
use std::process::Command;

use crate::driver::{Place, until};

/// Clicks at a place.
pub fn click(at: &Place) {
    point(at);
    xdotool(&["click", "1"]);
}

/// Moves the pointer to a place; the window under it gets the keys.
pub fn point(at: &Place) {
    let window = window(at.title);
    let (x, y) = (at.x.to_string(), at.y.to_string());
    xdotool(&["mousemove", "--window", &window, &x, &y]);
}

/// Presses the button of the mouse where the pointer is.
pub fn press() {
    xdotool(&["click", "1"]);
}

/// Gives the keyboard to the window of a title: a display of its own has no window manager.
pub fn focus(title: &str) {
    xdotool(&["windowfocus", "--sync", &window(title)]);
}

/// Types a text, as fast as people do at their best.
pub fn keys(text: &str) {
    xdotool(&["type", "--delay", "60", text]);
}

/// Keeps a picture of the screen.
pub fn picture(path: &Path) {
    let mut command = Command::new("import");
    run(command.args(["-window", "root"]).arg(path));
}

/// The id of the visible window with a title, as soon as there is one.
fn window(title: &str) -> String {
    let name = format!("^{title}$");
    let mut id = None;
    until("a window on the screen", || {
        let mut search = Command::new("xdotool");
        // Fails while there is none.
        let found = search.args(["search", "--onlyvisible", "--name", &name]);
        let found = found.output().expect("xdotool is installed");
        id = String::from_utf8_lossy(&found.stdout)
            .lines()
            .last()
            .map(str::to_owned);
        id.is_some()
    });
    id.expect("it has been found")
}

fn xdotool(args: &[&str]) -> String {
    run(Command::new("xdotool").args(args))
}

/// The output of a command that has to succeed.
fn run(command: &mut Command) -> String {
    let output = command.output();
    let output = output.unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {output:?}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}
