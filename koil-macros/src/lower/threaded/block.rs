//! `#[threaded] impl`: the async twins of all its methods, beside them.

use proc_macro2::TokenStream;
use syn::{Attribute as Written, Meta, Path};

use super::{Spot, carry::Cloning, is_mark, site, threaded_fn};
use crate::{
    args::{self, Threaded},
    error::{Error, Result, err},
    lower::{block::distinct, handles::bare, site::path_text},
    model::{ThreadedFn, ThreadedImpl},
    syntax::{
        Kind,
        attribute::Attribute,
        attrs::{conditional_mark, inherited, is_named},
        block::{Block, Invocation, Member},
        function::Function,
    },
};

/// A method with a mistake costs the others nothing: the mistakes come beside their twins.
pub(in crate::lower) fn block(
    block: &Block,
    words: &Threaded,
    koil: &Path,
) -> Result<(ThreadedImpl, Result<()>)> {
    check_header(block)?;
    let self_ty = bare(&block.self_ty).clone();
    let mut errors = Error::accumulator();
    let mut methods = Vec::new();
    let mut borrowed = false;
    for member in &block.members {
        match member {
            Member::Fn(function) => {
                borrowed |= is_borrowed(function);
                let site = site(koil, Some(self_ty.clone()));
                methods.extend(errors.handle(method(function, words, site)).flatten());
            }
            Member::Macro(invocation) => drop(errors.handle(accepted(invocation))),
            Member::Const(constant) => drop(errors.handle(no_attributes(&constant.attrs))),
            Member::Type(ty) => drop(errors.handle(no_attributes(&ty.attrs))),
        }
    }
    if let Some(word) = words.clone.filter(|_| !borrowed) {
        errors.push(err!(
            word,
            "`clone` is for methods that take `&self`, and there is none here; remove it"
        ));
    }
    errors.handle(distinct(
        methods.iter().map(|method: &ThreadedFn| &method.call),
        "#[threaded(name = \"..\")]",
    ));
    let twin = ThreadedImpl {
        attrs: inherited(&block.attrs),
        generics: block.generics.clone(),
        self_ty,
        methods,
    };
    Ok((twin, errors.finish()))
}

fn method(
    function: &Function,
    of_block: &Threaded,
    site: super::Site<'_>,
) -> Result<Option<ThreadedFn>> {
    let mut errors = Error::accumulator();
    if let Some(attr) = conditional_mark(&function.attrs) {
        errors.push(err!(
            attr.path(),
            "koil sees this block before its `cfg_attr`s; write two `cfg`-ed methods instead"
        ));
    }
    let skipped = errors.handle(skipped(&function.attrs)).unwrap_or_default();
    let marks: Vec<_> = function.attrs.iter().filter(|attr| is_mark(attr)).collect();
    if let [_, others @ ..] = &marks[..] {
        for other in others {
            errors.push(err!(
                other.path(),
                "one attribute says how this method runs elsewhere; keep one"
            ));
        }
    }
    if let (Some(mark), true) = (marks.first(), skipped) {
        errors.push(err!(
            mark.path(),
            "a method that is skipped has no twin to speak of; remove one"
        ));
    }
    let (attribute, words) = match marks.first() {
        None => (None, Ok(Threaded::default())),
        Some(mark) => {
            let (attribute, words) = read(mark);
            (Some(attribute), words)
        }
    };
    let words = errors.handle(words).unwrap_or_default();
    errors.finish()?;
    if skipped {
        return Ok(None);
    }
    let words = of_both(of_block, words);
    let cloning = match of_block.clone {
        // The block has been asked whether its word is of use.
        Some(_) => Cloning::Allowed(None),
        None => Cloning::of(&words, words.clone),
    };
    let spot = Spot {
        site,
        attribute,
        words: &words,
        cloning,
        way_out: "add `#[koil(skip)]`",
    };
    let mut twin = threaded_fn(function, &spot)?;
    if let Some(feature) = &words.feature {
        twin.call
            .attrs
            .extend(crate::lower::feature_gate(Some(feature)));
    }
    Ok(Some(twin))
}

/// What the method's own attribute says.
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

/// The words of the method, and those of the block where they are for every method.
fn of_both(block: &Threaded, method: Threaded) -> Threaded {
    Threaded {
        separate: method.separate.or(block.separate),
        incomplete: block.incomplete,
        ..method
    }
}

/// `#[koil(skip)]`; the other helpers are about blocking twins.
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

/// Members made by a macro get no twins, which the user has to know.
fn accepted(invocation: &Invocation) -> Result<()> {
    if skipped(&invocation.attrs)? {
        return Ok(());
    }
    let name = path_text(&invocation.path);
    Err(err!(
        invocation.path,
        "koil cannot look inside `{name}!{{..}}`; methods made by it get no twin: add `#[koil(skip)]` to accept"
    ))
}

fn no_attributes(attrs: &[Written]) -> Result<()> {
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

fn check_header(block: &Block) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(at) = &block.defaultness {
        errors.push(err!(
            at,
            "specialised impls have no twins; remove `#[threaded]` here"
        ));
    }
    if let Some(at) = &block.negative {
        errors.push(err!(
            at,
            "a negative impl has no methods; remove `#[threaded]` here"
        ));
    } else if let Some(of_trait) = &block.of_trait {
        let text = path_text(of_trait);
        errors.push(err!(
            of_trait,
            "an impl of `{text}` can have no methods but those of `{text}`; put `#[threaded]` on an inherent impl that calls them"
        ));
    }
    errors.finish()
}

fn is_borrowed(function: &Function) -> bool {
    let receiver = function.sig.receiver();
    receiver.is_some_and(|receiver| match &receiver.kind {
        syn::ReceiverKind::Reference(..) => true,
        syn::ReceiverKind::Typed(_, ty) => matches!(bare(ty), syn::Type::Reference(_)),
        _ => false,
    })
}
