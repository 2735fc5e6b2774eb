//! Lifetimes: elided, named, several, higher-ranked, static, and what opaque types capture.
#![deny(warnings)]
#![allow(clippy::needless_lifetimes)]

use std::borrow::Cow;
use std::fmt::Display;

use futures::{Stream, stream};
use koil::koiled;

#[koiled]
async fn elided(text: &str) -> &str {
    &text[1..]
}

#[koiled]
async fn anonymous(text: Cow<'_, str>) -> usize {
    text.len()
}

#[koiled]
async fn anonymous_return(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

#[koiled]
async fn named<'a>(text: &'a str, _other: &str) -> &'a str {
    text
}

#[koiled]
async fn two<'a, 'b>(a: &'a str, b: &'b str) -> (&'b str, &'a str) {
    (b, a)
}

#[koiled]
async fn outliving<'a, 'b: 'a>(a: &'a str, b: &'b str, first: bool) -> &'a str {
    if first { a } else { b }
}

#[koiled]
async fn in_where<'a, 'b>(a: &'a mut Vec<&'b str>, b: &'b str) -> &'a [&'b str]
where
    'b: 'a,
{
    a.push(b);
    a
}

#[koiled]
async fn forever(text: &'static str) -> &'static str {
    text
}

#[koiled]
async fn owner<'a, T: ?Sized + ToOwned + 'a>(value: &'a T) -> Cow<'a, T> {
    Cow::Borrowed(value)
}

#[koiled]
async fn higher_ranked<F>(f: F) -> usize
where
    F: for<'a> Fn(&'a str) -> &'a str,
{
    f("abc").len()
}

#[koiled]
async fn higher_ranked_where<F, T>(f: F, value: T) -> String
where
    for<'a> F: Fn(&'a T) -> &'a str,
    for<'a> &'a T: Sized,
{
    f(&value).to_owned()
}

#[koiled]
async fn higher_ranked_object(f: &dyn for<'a> Fn(&'a str) -> &'a str) -> usize {
    f("abcd").len()
}

#[koiled]
async fn mutable<'a>(items: &'a mut [u32]) -> &'a mut u32 {
    &mut items[0]
}

#[koiled]
async fn captures_elided(text: &str) -> impl Display {
    text.len()
}

#[koiled]
async fn captures_named<'a>(text: &'a str) -> impl Display + 'a {
    text
}

#[koiled]
async fn nested_borrows<'a, 'b>(map: &'a [(&'b str, &'b [&'a str])]) -> Option<&'b str> {
    map.first().map(|(name, _)| *name)
}

#[koiled]
fn words<'a>(text: &'a str) -> impl Stream<Item = &'a str> + 'a {
    stream::iter(text.split(' '))
}

#[koiled]
fn elided_words(text: &str) -> impl Stream<Item = &str> + '_ {
    stream::iter(text.split(' '))
}

#[koiled]
fn precise<'a>(text: &'a str, _not: &str) -> impl Stream<Item = char> + use<'a> {
    stream::iter(text.chars())
}

#[koiled]
fn nothing_captured(count: &u32) -> impl Stream<Item = u32> + use<> {
    stream::iter(0..*count)
}

#[koiled]
fn generic_captured<'a, T: Clone + 'a>(items: &'a [T]) -> impl Stream<Item = T> + use<'a, T> {
    stream::iter(items.iter().cloned())
}

#[koiled]
struct Text<'t> {
    text: &'t str,
    /// A view of a view, which must not be dropped checked.
    seen: Vec<&'t str>,
}

#[koiled]
impl<'t> Text<'t> {
    const EMPTY: &'static str = "";

    fn new(text: &'t str) -> Self {
        Text {
            text,
            seen: Vec::new(),
        }
    }

    async fn whole(&self) -> &'t str {
        self.text
    }

    async fn elided(&self) -> &str {
        self.text
    }

    async fn look(&mut self, word: &'t str) -> &mut Vec<&'t str> {
        self.seen.push(word);
        &mut self.seen
    }

    async fn pick<'a>(&self, other: &'a str) -> (&'a str, &'t str) {
        (other, self.text)
    }

    async fn longer<'a>(&'a self, other: &'a str) -> &'a str
    where
        't: 'a,
    {
        if other.len() > self.text.len() {
            other
        } else {
            self.text
        }
    }

    async fn take(self) -> Vec<&'t str> {
        self.seen
    }

    fn words(&self) -> impl Stream<Item = &'t str> + use<'t> {
        stream::iter(self.text.split(' '))
    }

    fn borrowed_words(&self) -> impl Stream<Item = &str> + '_ {
        stream::iter(self.text.split(' '))
    }
}

#[koiled]
impl Text<'_> {
    async fn len(&self) -> usize {
        self.text.len()
    }

    async fn same(&self, other: &Text<'_>) -> bool {
        self.text == other.text
    }

    async fn twice(&self) -> Self {
        Self {
            text: self.text,
            seen: self.seen.clone(),
        }
    }
}

#[koiled]
impl Text<'static> {
    async fn literal() -> Self {
        Text::new("literal")
    }

    async fn forever(&self) -> &'static str {
        self.text
    }
}

/// The borrow of a twin ends where that of its original does.
fn short_borrow() {
    let owned = String::from("a b");
    let mut text = BlockingText::new(&owned);
    text.look("x").push("y");
    let whole = text.whole();
    assert_eq!(text.take(), ["x", "y"]);
    assert_eq!(whole, "a b");
}

pub(crate) fn main() {
    assert_eq!(elided_blocking("abc"), "bc");
    assert_eq!(anonymous_blocking("abc".into()), 3);
    assert_eq!(anonymous_return_blocking("abc"), "abc");
    let kept = {
        let short = String::from("short");
        named_blocking("long", &short)
    };
    assert_eq!(kept, "long");
    assert_eq!(two_blocking("a", "b"), ("b", "a"));
    assert_eq!(outliving_blocking("a", "b", false), "b");
    assert_eq!(in_where_blocking(&mut vec!["a"], "b"), ["a", "b"]);
    assert_eq!(forever_blocking("abc"), "abc");
    assert_eq!(owner_blocking("abc"), "abc");
    assert_eq!(higher_ranked_blocking(|s| &s[1..]), 2);
    assert_eq!(
        higher_ranked_where_blocking(|s: &String| &s[1..], String::from("ab")),
        "b"
    );
    assert_eq!(higher_ranked_object_blocking(&|s| &s[1..]), 3);
    let mut items = [1, 2];
    *mutable_blocking(&mut items) = 5;
    assert_eq!(items, [5, 2]);
    assert_eq!(captures_elided_blocking("abc").to_string(), "3");
    assert_eq!(captures_named_blocking("abc").to_string(), "abc");
    assert_eq!(nested_borrows_blocking(&[("a", &["b"])]), Some("a"));
    assert_eq!(words_blocking("a b").collect::<Vec<_>>(), ["a", "b"]);
    assert_eq!(elided_words_blocking("a b").count(), 2);
    let chars = {
        let short = String::from("short");
        precise_blocking("ab", &short)
    };
    assert_eq!(chars.collect::<String>(), "ab");
    let numbers = {
        let count = 3;
        nothing_captured_blocking(&count)
    };
    assert_eq!(numbers.sum::<u32>(), 3);
    assert_eq!(generic_captured_blocking(&["a"]).collect::<Vec<_>>(), ["a"]);

    let owned = String::from("a b c");
    let text = BlockingText::new(&owned);
    assert_eq!(BlockingText::EMPTY, "");
    assert_eq!(text.whole(), "a b c");
    assert_eq!(text.elided(), "a b c");
    assert_eq!(text.pick("x"), ("x", "a b c"));
    assert_eq!(text.longer("x"), "a b c");
    assert_eq!(text.len(), 5);
    assert!(text.same(&BlockingText::new("a b c")));
    assert_eq!(text.twice().whole(), "a b c");
    assert_eq!(text.borrowed_words().count(), 3);
    let words = text.words();
    drop(text);
    assert_eq!(words.collect::<Vec<_>>(), ["a", "b", "c"]);
    assert_eq!(BlockingText::literal().forever(), "literal");
    short_borrow();
}
