use koil::{Threaded, threaded};

#[threaded(clone)]
trait Cloned {
    fn load(&self);
}

#[threaded]
trait Shares {
    fn load(&mut self);

    fn take(self);

    fn open() -> u8;

    async fn get(&self);

    fn like(&self, other: &Self);

    fn sized(&self)
    where
        Self: Sized;

    fn row(&self) -> <Self as Iterator>::Item
    where
        Self: Iterator;
}

// Mistakes that only rustc can see.
#[threaded]
trait Local {
    type Row;

    fn row(&self) -> Self::Row;

    fn find(&self, row: &Self::Row);
}

#[threaded]
trait Small {
    fn one(&self) -> u8;
}

struct Cell(std::cell::Cell<u8>);

impl Small for Cell {
    fn one(&self) -> u8 {
        self.0.get()
    }
}

fn main() {
    // Not in a `Threaded`, and a type that cannot be shared.
    fn later(small: impl AsyncSmall) {
        drop(small.one());
    }
    later(Cell(std::cell::Cell::new(1)));
    later(Threaded::new(Cell(std::cell::Cell::new(1))));
}
