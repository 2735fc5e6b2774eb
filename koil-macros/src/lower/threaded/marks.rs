//! Attributes on single methods of a `#[threaded]` block or trait.

use proc_macro2::TokenStream;
use syn::{Attribute as Written, Meta};

use crate::{
    args::{self, Threaded},
    error::{Mistakes, Result, err},
    lower::signature::unseen_members,
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
pub(crate) fn marked(
    function: &Function,
    mistakes: &mut Mistakes,
) -> Option<(Option<Attribute>, Threaded)> {
    if let Some(attr) = conditional_mark(&function.attrs) {
        mistakes.push(err!(
            attr.path(),
            "koil reads a helper in one `cfg_attr`, not in a nested one; write `#[cfg_attr(all(..), threaded(..))]`"
        ));
    }
    let skipped = mistakes.take(skipped(&function.attrs)).unwrap_or_default();
    let mut marks = function.attrs.iter().filter(|attr| is_mark(attr));
    let mark = marks.next();
    for other in marks {
        mistakes.push(err!(
            other.path(),
            "two attributes choose how this method runs on another thread; keep one"
        ));
    }
    if let (Some(mark), true) = (mark, skipped) {
        mistakes.push(err!(
            mark.path(),
            "a skipped method has no twin, so this attribute has no effect; remove one of the two"
        ));
    }
    let marked = match mark.map(read) {
        None => (None, Threaded::default()),
        Some((attribute, options)) => {
            let options = mistakes.take(options).unwrap_or_default();
            (Some(attribute), options)
        }
    };
    (!skipped).then_some(marked)
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
    let (options, mistakes) = args::threaded(list, attribute, Kind::Fn);
    let options = mistakes.and_then(|()| match &options.krate {
        None => Ok(options),
        Some(path) => Err(err!(
            path,
            "the block sets the path of koil; remove `crate` here"
        )),
    });
    (attribute, options)
}

/// The options of the method, and those of the block that apply to every method.
pub(crate) fn of_both(block: &Threaded, method: Threaded) -> Threaded {
    Threaded {
        separate: method.separate.or(block.separate),
        unwinding: method.unwinding || block.unwinding,
        handle: method.handle.or_else(|| block.handle.clone()),
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
            "under `#[threaded]`, `#[koil(..)]` takes only `skip`; remove this, or write the option in `#[threaded(..)]` on the method"
        )),
        (skip, _) => Ok(skip.is_some()),
    }
}

/// Rejects a macro invocation without `skip`.
pub(crate) fn check_macro(invocation: &Invocation) -> Result<()> {
    if skipped(&invocation.attrs)? {
        return Ok(());
    }
    Err(unseen_members(invocation))
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
            "only methods run on another thread; remove this attribute"
        )),
    }
}

/// Is this attribute about the async twin of a method?
pub(crate) fn is_mark(attr: &Written) -> bool {
    is_named(attr, "threaded") || is_named(attr, "threaded_iterable")
}
