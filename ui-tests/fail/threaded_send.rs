//! A value that cannot go to another thread is shown where it was written.
#![allow(unused_variables)]

use std::cell::Cell;
use std::fmt::Display;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use koil::{Yielder, threaded, threaded_iterable};

#[threaded]
fn by_value(here: u8, shared: Rc<u8>) {}

#[threaded]
fn in_pattern((here, shared): (u8, Rc<u8>)) {}

#[threaded]
fn by_object(shared: Box<dyn Display>) {}

#[threaded]
fn not_shared(cell: Arc<Cell<u8>>) {}

#[derive(Clone)]
struct Local(Rc<u8>);

#[threaded]
fn lent(path: &Path, local: &Local) {}

struct NoClone;

#[threaded]
fn no_owned_form(path: &Path, here: &NoClone) {}

struct Row<'a>(&'a str);

#[threaded]
fn hidden_lifetime(row: Row) {}

#[threaded]
fn returned() -> Rc<u8> {
    Rc::new(1)
}

#[threaded]
fn returned_hidden(text: &str) -> Row {
    Row(text)
}

#[threaded]
fn returned_opaque() -> impl Display {
    Rc::new(1)
}

#[threaded]
fn captures(text: &str) -> impl Display {
    text.len()
}

#[threaded_iterable]
fn items() -> impl Iterator<Item = Rc<u8>> {
    std::iter::empty()
}

#[threaded_iterable]
fn named_items(text: &str) -> std::str::Matches<'_, char> {
    text.matches(',')
}

#[threaded_iterable]
fn opened() -> Result<std::ops::Range<u8>, Rc<u8>> {
    Ok(0..1)
}

#[threaded_iterable]
fn produced(out: &mut Yielder<Rc<u8>>) {}

impl Local {
    #[threaded]
    fn by_self(self) {}

    #[threaded(clone)]
    fn by_clone(&self) {}
}

impl NoClone {
    #[threaded(clone)]
    fn by_clone(&self) {}
}

struct Generic<T>(T);

#[threaded]
impl<T> Generic<T> {
    fn without_bounds(self) {}
}

fn main() {}
