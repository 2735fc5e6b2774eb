//! Attributes on single methods of a `#[threaded]` block or trait.

use proc_macro2::TokenStream;
use syn::{Attribute as Written, Meta};

use crate::{
    args::{self, Threaded},
    error::{Error, Result, err},
    lower::signature::names::path_text,
    syntax::{
        Kind,
        attribute::Attribute,
        attrs::{conditional_mark, is_named},
        block::Invocation,
        function::Function,
    },
};

/// The attribute that renames the twin of a method, for error messages.
pub(crate) const RENAME: &str = "#[threaded(name = \"..\")]";

/// The method's own attribute, if it has one, with its options. `None` if the method is skipped.
pub(crate) fn marked(function: &Function) -> Result<Option<(Option<Attribute>, Threaded)>> {
    let mut errors = Error::accumulator();
    if let Some(attr) = conditional_mark(&function.attrs) {
        errors.push(err!(
            attr.path(),
            "koil sees this block before its `cfg_attr`s; write two `cfg`-ed methods instead"
        ));
    }
    let skipped = errors.handle(skipped(&function.attrs)).unwrap_or_default();
    let mut marks = function.attrs.iter().filter(|attr| is_mark(attr));
    let mark = marks.next();
    for other in marks {
        errors.push(err!(
            other.path(),
            "one attribute says how this method runs elsewhere; keep one"
        ));
    }
    if let (Some(mark), true) = (mark, skipped) {
        errors.push(err!(
            mark.path(),
            "a method that is skipped has no twin to speak of; remove one"
        ));
    }
    let marked = match mark.map(read) {
        None => (None, Threaded::default()),
        Some((attribute, words)) => {
            let words = errors.handle(words).unwrap_or_default();
            (Some(attribute), words)
        }
    };
    errors.finish_with((!skipped).then_some(marked))
}

/// The kind and the options of the attribute.
fn read(mark: &Written) -> (Attribute, Result<Threaded>) {
    let attribute = if is_named(mark, "threaded") {
        Attribute::Threaded
    } else {
        Attribute::ThreadedIterable
    };
    let list = match &mark.meta {
        Meta::List(list) => list.tokens.clone(),
        _ => TokenStream::new(),
    };
    let (words, mistakes) = args::threaded(list, attribute, Kind::Fn);
    let words = mistakes.and_then(|()| match &words.krate {
        None => Ok(words),
        Some(path) => Err(err!(
            path,
            "the block says where koil is; remove `crate` here"
        )),
    });
    (attribute, words)
}

/// The options of the method, and those of the block that apply to every method.
pub(crate) fn of_both(block: &Threaded, method: Threaded) -> Threaded {
    Threaded {
        separate: method.separate.or(block.separate),
        incomplete: block.incomplete,
        ..method
    }
}

/// Is the member marked with `#[koil(skip)]`? The other helpers are about blocking twins.
fn skipped(attrs: &[Written]) -> Result<bool> {
    let (helpers, mistakes) = args::helpers(attrs);
    mistakes?;
    match (
        helpers.skip,
        attrs.iter().find(|attr| is_named(attr, "koil")),
    ) {
        (None, Some(other)) => Err(err!(
            other.path(),
            "here `#[koil(skip)]` is the only helper; write what you mean in `#[threaded(..)]` on the method"
        )),
        (skip, _) => Ok(skip.is_some()),
    }
}

/// Rejects a macro invocation without `skip`: the user has to know that its members get no twins.
pub(crate) fn check_macro(invocation: &Invocation) -> Result<()> {
    if skipped(&invocation.attrs)? {
        return Ok(());
    }
    let name = path_text(&invocation.path);
    Err(err!(
        invocation.path,
        "koil cannot look inside `{name}!{{..}}`; methods made by it get no twin: add `#[koil(skip)]` to accept"
    ))
}

/// Rejects attributes on associated types and constants, which do not run.
pub(crate) fn no_marks(attrs: &[Written]) -> Result<()> {
    match attrs
        .iter()
        .find(|attr| is_mark(attr) || is_named(attr, "koil"))
    {
        None => Ok(()),
        Some(attr) => Err(err!(
            attr.path(),
            "only methods run elsewhere; remove this attribute"
        )),
    }
}

/// Is this attribute about the async twin of a method?
pub(crate) fn is_mark(attr: &Written) -> bool {
    is_named(attr, "threaded") || is_named(attr, "threaded_iterable")
}
