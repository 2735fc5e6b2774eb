//! The table of all options, and the errors for words that it does not allow.

use std::fmt;

use proc_macro2::Ident;

use self::{
    Status::{Ready, Refused},
    Taker::{Argument, Field, Member, On},
};
use crate::{
    error::{Error, Result, err},
    syntax::{
        Kind::{self, Enum, Fn, Impl, Struct, Trait},
        attribute::Attribute::{self, Koilable, Koiled, Threaded, ThreadedIterable},
    },
};

/// An attribute that takes options, with its place.
#[derive(Clone, Copy)]
pub(super) enum Taker {
    /// An attribute of an item.
    On(Attribute, Kind),
    /// `#[koil(..)]` on a method or another member.
    Member,
    /// `#[koil(..)]` on an argument of a `#[koiled]` function.
    Argument,
    /// `#[koil(..)]` on a field of a `#[koilable]` struct.
    Field,
}

/// An option, and whether a taker accepts it.
struct Row {
    name: &'static str,
    is_taken_by: fn(Taker) -> bool,
    status: Status,
}

#[derive(Clone, Copy)]
enum Status {
    Ready,
    /// The word is known and rejected with this message.
    Refused(&'static str),
}

macro_rules! row {
    ($name:literal, $status:expr, $takers:pat) => {
        Row {
            name: $name,
            is_taken_by: |taker| matches!(taker, $takers),
            status: $status,
        }
    };
}

/// `On(attribute, _)` is every kind of item that the attribute applies to.
#[rustfmt::skip]
const OPTIONS: &[Row] = &[
    row!("name", Ready, On(Koiled | Koilable, _) | On(Threaded | ThreadedIterable, Fn | Trait) | On(Threaded, Impl) | Member),
    row!("suffix", Ready, On(Koiled, Fn | Impl) | On(Koilable, _)),
    row!("local", Ready, On(Koilable, _)),
    row!("aio", Ready, On(Koiled, Fn | Struct | Enum | Impl) | On(Koilable, _) | On(Threaded | ThreadedIterable, Fn | Impl)),
    row!("twins", Ready, On(Koiled, Fn | Impl | Trait)),
    row!("forward", Ready, On(Koiled, Struct | Enum)),
    row!("accessors", Ready, On(Koiled, Struct | Enum)),
    row!("pinned", Ready, On(Threaded, Impl)),
    row!("error", Ready, On(Koilable, Struct)),
    row!("separate", Ready, On(Threaded | ThreadedIterable, _)),
    row!("unwinding", Ready, On(Threaded | ThreadedIterable, _)),
    row!("clone", Ready, On(Threaded | ThreadedIterable, Fn | Impl)),
    row!("feature", Ready, On(..)),
    row!("fallible", Ready, On(Koiled, Fn | Impl | Trait) | Member),
    row!("timeout", Ready, On(Koiled, Fn | Impl | Trait) | Member),
    row!("lend", Ready, On(Koiled, Fn | Impl | Trait) | Member),
    row!("docs", Ready, On(Koiled, _)),
    row!("handle", Ready, On(Koiled, Fn | Impl | Trait) | On(Koilable | Threaded | ThreadedIterable, _)),
    row!("inline", Ready, On(Koiled, _) | Member),
    row!("crate", Ready, On(..)),
    row!("capacity", Ready, On(ThreadedIterable, _)),
    row!("skip", Ready, On(Koiled, Impl | Trait) | Member),
    row!("raw", Ready, Member),
    row!("iter", Ready, Member),
    row!("io", Ready, On(Koiled, Struct | Enum) | Member),
    row!("wait", Ready, Member),
    row!("enter", Ready, Member),
    row!("bind", Ready, Member),
    row!("doc", Ready, Member),
    row!("context", Ready, Field),
    row!("callback", Ready, Argument),
    row!("std", Ready, Argument),
    row!("pinned", Refused("`pinned` is not needed, since a twin has the methods that take `Pin<&mut Self>`; remove it, and pin the twin with `pin!` or `Box::pin`"), On(Koiled, Struct | Enum)),
    row!("send", Refused("`send` was removed, since the calling thread always polls; remove it, or write `lend` to have the loop thread poll"), On(Koiled, Fn | Impl | Trait) | Member),
    row!("panics", Refused("`panics` is a word of `fallible`; write `fallible(panics)`"), On(Koiled, Fn | Impl | Trait) | Member),
    row!("local", Refused("`local` was removed, since the calling thread always polls; remove it"), On(Koiled, Fn | Impl | Trait) | Member),
    row!("capacity", Refused("`capacity` is for items, and `#[threaded]` returns one value; write `#[threaded_iterable]`, or remove `capacity`"), On(Threaded, _)),
];

/// Checks that the word is an option, and that it applies here.
pub(super) fn check(word: &Ident, taker: Taker) -> Result<()> {
    let row = OPTIONS
        .iter()
        .find(|row| word == row.name && (row.is_taken_by)(taker));
    match row.map(|row| row.status) {
        Some(Ready) => Ok(()),
        Some(Refused(message)) => Err(err!(word, "{message}")),
        None => Err(not_taken(word, taker)),
    }
}

fn not_taken(word: &Ident, taker: Taker) -> Error {
    let ready = OPTIONS.iter().filter(|row| matches!(row.status, Ready));
    let here = ready.filter(|row| (row.is_taken_by)(taker));
    let names: Vec<&str> = here.map(|row| row.name).collect();
    let known = format!("{taker} takes `{}`", names.join("`, `"));
    let mut rows = OPTIONS.iter().filter(|row| word == row.name);
    if matches!(taker, Member) && rows.clone().any(|row| (row.is_taken_by)(Argument)) {
        return err!(
            word,
            "`{word}` is for arguments; write `#[koil({word})]` on one of them"
        );
    }
    if rows.next().is_some() {
        return err!(word, "`{word}` does not apply here; {known}");
    }
    let noun = match taker {
        On(..) => "option",
        Member | Argument | Field => "helper",
    };
    match closest(word, &names) {
        Some(meant) => err!(word, "unknown {noun} `{word}`; did you mean `{meant}`?"),
        None => err!(word, "unknown {noun} `{word}`; {known}"),
    }
}

/// The name that was probably meant. darling compares names, but tells the closest one only inside
/// an error text.
fn closest(word: &Ident, names: &[&str]) -> Option<String> {
    let message = Error::unknown_field_with_alts(&word.to_string(), names).to_string();
    let (_, rest) = message.split_once("Did you mean `")?;
    let (meant, _) = rest.split_once('`')?;
    Some(meant.to_owned())
}

impl fmt::Display for Taker {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            On(_, kind) => kind.fmt(out),
            Member => out.write_str("a method"),
            Argument => out.write_str("an argument"),
            Field => out.write_str("a field"),
        }
    }
}
