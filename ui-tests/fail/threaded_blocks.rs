use koil::threaded;

#[derive(Clone)]
struct Shop;

trait Store {
    fn open(self);

    #[threaded]
    fn close(self);
}

#[threaded]
impl Store for Shop {
    fn open(self) {}

    fn close(self) {}
}

// All mistakes at once, and the fine ones have their twins.
#[threaded]
impl Shop {
    fn by_ref(&self) {}

    async fn already(self) {}

    const fn constant() -> u8 {
        1
    }

    #[koil(raw)]
    fn helped(self) {}

    #[koil(skip)]
    #[threaded(separate)]
    fn skipped(self) {}

    #[threaded]
    #[threaded_iterable]
    fn twice(self) {}

    #[threaded(sep)]
    fn misspelt(self) {}

    #[cfg_attr(all(), cfg_attr(all(), threaded(separate)))]
    fn conditional(self) {}

    #[threaded]
    const N: u8 = 1;

    fn fine(self) {}
}

#[threaded(clone)]
impl Shop {
    fn no_ref(self) {}
}

#[threaded]
impl Shop {
    #[threaded(name = "same")]
    fn one(self) {}

    #[threaded(name = "same")]
    fn other(self) {}
}

impl Shop {
    // Nothing here shows that it belongs to a type.
    #[threaded]
    fn belongs(n: u8) -> u8 {
        n
    }
}

fn main() {
    let _fine = Shop.fine_async();
}
