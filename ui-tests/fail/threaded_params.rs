use std::borrow::Cow;
use std::io::Read;
use std::path::Path;
use std::pin::Pin;
use std::rc::Rc;

use koil::threaded;

#[threaded]
fn mutable(into: &mut Vec<u8>) {
    into.clear();
}

#[threaded]
fn object(from: &dyn Send) {
    let _ = from;
}

#[threaded]
fn mutable_object(from: &mut (dyn Read + Send)) {
    let _ = from;
}

#[threaded]
fn nested(name: Option<&str>, paths: Vec<(&Path, u8)>) {
    let _ = (name, paths);
}

#[threaded]
fn lists(names: &[&str], name: &&str) {
    let _ = (names, name);
}

struct Row<'a>(&'a str);

#[threaded]
fn lifetimes<'a>(name: Cow<'_, str>, row: Row<'a>) {
    let _ = (name, row.0);
}

#[threaded]
fn returned(text: &str) -> &str {
    text
}

#[threaded]
fn returned_inside(text: &str) -> Result<Vec<&str>, Row<'_>> {
    Err(Row(text))
}

struct Shop;

impl Shop {
    #[threaded]
    fn by_ref(&self) {}

    #[threaded]
    fn by_mut(&mut self) {}

    #[threaded(clone)]
    fn by_mut_clone(&mut self) {}

    #[threaded]
    fn by_rc(self: Rc<Self>) {}

    #[threaded]
    fn by_pin(self: Pin<&mut Self>) {}

    #[threaded(clone)]
    fn by_value(self) {}
}

fn main() {
    mutable(&mut Vec::new());
    object(&1);
    mutable_object(&mut std::io::empty());
    nested(None, Vec::new());
    lists(&[], &"");
    lifetimes("".into(), Row(""));
    let _ = (returned(""), returned_inside("").is_ok());
    let mut shop = Shop;
    shop.by_ref();
    shop.by_mut();
    shop.by_mut_clone();
    Pin::new(&mut shop).by_pin();
    Rc::new(shop).by_rc();
    Shop.by_value();
}
