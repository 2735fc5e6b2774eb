use koil::{Yielder, threaded, threaded_iterable};

#[threaded]
struct Shop;

#[threaded_iterable]
impl Shop {}

#[threaded(seperate)]
fn misspelt() {}

#[threaded(aio, name = "later")]
fn two_names() {}

#[threaded(capacity = 8)]
fn one_value() {}

#[threaded_iterable(capacity = 0)]
fn never() -> impl Iterator<Item = u8> {
    0..1
}

#[threaded(clone)]
fn nothing_to_clone() {}

#[threaded]
#[threaded_iterable]
fn both() {}

#[threaded]
async fn already() {}

#[threaded]
const fn constant() -> u8 {
    1
}

#[threaded]
fn endless() -> ! {
    loop {}
}

#[threaded]
fn items() -> impl Iterator<Item = u8> {
    0..1
}

#[threaded]
fn produced(_out: &mut Yielder<u8>) {}

#[threaded_iterable]
fn no_items() -> u64 {
    1
}

#[threaded_iterable]
fn whole() -> Vec<u8> {
    Vec::new()
}

#[threaded_iterable]
fn hidden() -> impl Iterator {
    0..1
}

#[threaded_iterable]
fn not_last(_out: &mut Yielder<u8>, _base: String) {}

#[threaded_iterable]
fn lost(_out: &mut Yielder<u8>) -> u64 {
    1
}

// Mistakes that only rustc can see.
struct NoItems;

#[threaded_iterable]
fn named() -> NoItems {
    NoItems
}

type Answer<T> = Result<T, String>;

#[threaded_iterable]
fn alias() -> Answer<std::ops::Range<u8>> {
    Ok(0..1)
}

#[threaded_iterable]
fn opened() -> Option<NoItems> {
    None
}

fn main() {
    let _ = (misspelt(), two_names(), one_value(), never().count(), nothing_to_clone(), both());
    let _ = (already(), constant(), items().count(), no_items(), whole(), hidden().count());
    let _ = (named(), alias(), opened(), Shop);
    let _ = (endless, produced, not_last, lost);
}
