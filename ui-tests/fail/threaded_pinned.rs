//! An object on a thread of its own: mistakes, and values that cannot go there or come back.

use std::rc::Rc;

use koil::threaded;

struct Db(Rc<u8>);

#[threaded(pinned)]
impl Db {
    fn open(shared: Rc<u8>) -> Self {
        Db(shared)
    }

    fn shared(&self) -> Rc<u8> {
        self.0.clone()
    }

    fn items(&mut self) -> impl Iterator<Item = Rc<u8>> {
        std::iter::empty()
    }

    fn borrowed(&self) -> &u8 {
        &self.0
    }

    fn fork(&self) -> Self {
        Db(self.0.clone())
    }

    fn by_arc(self: std::sync::Arc<Self>) {}
}

struct Generic<T>(T);

#[threaded(pinned)]
impl<T> Generic<T> {
    fn get(&self) -> u8 {
        1
    }
}

fn main() {}
