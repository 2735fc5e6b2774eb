//! Table of the options of an attribute, and the errors for words that are not in it.

use proc_macro2::Ident;

use super::words::closest;
use crate::{
    error::{Result, err},
    syntax::Kind,
};

/// An option, the kinds of item that accept it, and whether it is implemented yet.
pub(super) struct Word {
    pub(super) name: &'static str,
    pub(super) takers: &'static [Kind],
    pub(super) ready: bool,
}

/// Checks that the word is an option, that the item accepts it, and that it is implemented.
pub(super) fn check(options: &[Word], word: &Ident, kind: Kind) -> Result<()> {
    let all = || options.iter().map(|option| option.name);
    let Some(option) = options.iter().find(|option| word == option.name) else {
        return Err(match closest(word, all()) {
            Some(meant) => err!(word, "unknown option `{word}`; did you mean `{meant}`?"),
            None => err!(
                word,
                "unknown option `{word}`; {kind} takes {}",
                taken_by(options, kind)
            ),
        });
    };
    if !option.takers.contains(&kind) {
        let taken = taken_by(options, kind);
        return Err(err!(
            word,
            "`{word}` does not apply to {kind}; {kind} takes {taken}"
        ));
    }
    if !option.ready {
        return Err(err!(word, "`{word}` is not there yet; remove it"));
    }
    Ok(())
}

/// The implemented options that this kind of item accepts, for an error message.
fn taken_by(options: &[Word], kind: Kind) -> String {
    let taken = options
        .iter()
        .filter(|option| option.takers.contains(&kind) && option.ready);
    taken
        .map(|option| format!("`{}`", option.name))
        .collect::<Vec<_>>()
        .join(", ")
}
