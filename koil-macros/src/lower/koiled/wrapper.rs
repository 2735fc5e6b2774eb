//! The twin of a struct or enum: its wrapper, and the traits that it forwards.

use std::slice;

use syn::{Generics, Type, TypeParamBound, Visibility, WherePredicate, ext::IdentExt};

use super::{aio::check_one_side, forwards_with::forwards_with};
use crate::{
    args::{self, Accessors, Koiled, ListedTrait},
    error::{Mistakes, err},
    lower::{
        signature::{Direction, check_other_name, doc_lines, docs, view_ident},
        types::{bare, ends_with, twin_ident},
    },
    model::{
        CheckedForward, DocLine, Forwarded, ForwardedImpl, Link, Shown, Side, Size, Template,
        TwinType, Wrap,
    },
    syntax::{
        attrs::{companions, derives, find_word, inherited, is_named},
        types::TypeItem,
    },
};

pub(crate) fn type_item(item: &TypeItem, koiled: &Koiled, mistakes: &mut Mistakes) -> TwinType {
    check_attributes(item, mistakes);
    mistakes.take(check_other_name(koiled.name.as_ref(), &item.ident));
    mistakes.take(check_one_side(koiled, &item.attrs));
    let size = size(item);
    let wrap = match (koiled.inline.as_ref(), koiled.aio) {
        // Without a loop to enter, the drop is a plain one; that of a view is the drop of its type.
        (Some(_), _) | (_, Some(_)) => Wrap::Bare,
        (None, None) => wrap(&item.generics, size),
    };
    check_inline(koiled, mistakes);
    check_io(koiled, mistakes);
    let name = item.ident.unraw().to_string();
    let (lines, direction) = (doc_lines(&item.attrs), Direction::ToBlocking);
    let docs = match koiled.aio {
        Some(_) => view_docs(&name, koiled.docs),
        None => docs(direction, &lines, &name, Some(&name), koiled.docs),
    };
    let twin = koiled.name.clone().unwrap_or_else(|| match koiled.aio {
        Some(_) => view_ident(&item.ident),
        None => twin_ident(&item.ident),
    });
    TwinType {
        docs,
        attrs: inherited(&item.attrs),
        companions: companions(&item.attrs),
        vis: item.vis.clone(),
        aio: item.ident.clone(),
        shown: koiled.twin.clone().unwrap_or_else(|| twin.clone().into()),
        twin,
        size,
        generics: item.generics.clone(),
        wrap,
        side: match koiled.aio {
            Some(_) => Side::Async,
            None => Side::Blocking,
        },
        template: match (koiled.inline.as_ref(), koiled.aio) {
            (None, None) => Template::Looping,
            _ => Template::Inline,
        },
        link: match (&koiled.inline, &koiled.accessors) {
            (Some(_), Accessors::None) => Link::Second,
            _ => Link::Only,
        },
        accessors: accessors(&koiled.accessors, &item.vis),
        forwards: forwards(item, koiled, wrap),
        io: koiled.io.and_then(|word| word.traits).unwrap_or_default(),
        checked: checked(item, koiled, wrap, mistakes),
        forwards_with: forwards_with(item, koiled, has_arguments(&item.generics), mistakes),
    }
}

fn view_docs(name: &str, level: args::Docs) -> Vec<DocLine> {
    if level == args::Docs::None {
        return Vec::new();
    }
    let line = |text: &str| DocLine::Text(text.to_owned());
    vec![
        DocLine::Text(format!(" The async side of [`{name}`].")),
        DocLine::gap(),
        line(" Its methods are async and have the names of the blocking ones."),
    ]
}

/// Rejects options that an inline type cannot have.
fn check_inline(koiled: &Koiled, mistakes: &mut Mistakes) {
    let Some(inline) = &koiled.inline else {
        return;
    };
    if let Some(param) = inline.ready.first() {
        mistakes.push(err!(
            param,
            "a type may hold what waits, and its methods may not use it; write `inline` here and `inline({param})` on the impl block"
        ));
    }
    let mut listed = koiled.forward.list.surely().iter();
    if let Some(waits) = listed.find(|listed| listed.what.waits()) {
        let name = waits.what.name();
        mistakes.push(err!(
            inline.at,
            "an inline twin does not forward `{name}`, which waits; remove `{name}` from `forward`, or remove `inline`"
        ));
    }
}

/// Rejects `io` on a type whose twin is no reader or writer.
fn check_io(koiled: &Koiled, mistakes: &mut Mistakes) {
    let Some(word) = koiled.io else {
        return;
    };
    let has_io = match &koiled.forward.list {
        args::ForwardList::All => true,
        args::ForwardList::Mostly { without, .. } => !Forwarded::ALL
            .iter()
            .filter(|what| what.is_io())
            .all(|what| without.contains(what)),
        args::ForwardList::Only(traits) => traits.iter().any(|listed| listed.what.is_io()),
    };
    if koiled.inline.is_some() {
        mistakes.push(err!(
            word.at,
            "an inline twin is no reader or writer, so `io` has no effect; remove `io`, or remove `inline`"
        ));
    } else if !has_io {
        mistakes.push(err!(
            word.at,
            "`io` is for readers and writers, and `forward` has none; remove `io`, or forward `Read` or another"
        ));
    }
}

/// Rejects `#[koil(..)]` on the type, and koil's attributes on its fields and variants.
fn check_attributes(item: &TypeItem, mistakes: &mut Mistakes) {
    if let Some(helper) = item.attrs.iter().find(|attr| is_named(attr, "koil")) {
        mistakes.push(err!(
            helper.path(),
            "`#[koil(..)]` is for methods; remove it, or write an option of the type in `#[koiled(..)]`"
        ));
    }
    // `#[koilable]`, which stands below this attribute, checks the helpers of fields.
    let is_koilable = item.attrs.iter().any(|attr| is_named(attr, "koilable"));
    for attr in &item.member_attrs {
        let mistake = if is_named(attr, "koiled") {
            "fields and variants have no twins; remove `#[koiled]` here"
        } else if !is_named(attr, "koil") || is_koilable {
            continue;
        } else if args::is_context(slice::from_ref(attr)).is_ok_and(|is_context| is_context) {
            "`#[koil(context)]` needs `#[koilable]` on the struct; add it there"
        } else {
            "`#[koil(..)]` is for methods, and fields and variants have no twins; remove it"
        };
        mistakes.push(err!(attr.path(), "{mistake}"));
    }
    if let Some(repr) = find_word(&item.attrs, "repr", "packed") {
        mistakes.push(err!(
            repr.path(),
            "`#[repr(packed)]` types cannot be wrapped by reference; remove `#[koiled]` here"
        ));
    }
}

fn wrap(generics: &Generics, size: Size) -> Wrap {
    let borrows = generics.lifetimes().next().is_some();
    if borrows || size == Size::MayBeUnknown {
        Wrap::Bare
    } else {
        Wrap::Shell
    }
}

/// The size of the type. Only a type with an unsized last field is unsized.
fn size(item: &TypeItem) -> Size {
    const ALWAYS_SIZED: [&str; 6] = ["Arc", "Rc", "Box", "Vec", "Weak", "PhantomData"];
    if !has_maybe(&item.generics) {
        return Size::Known;
    }
    match item.fields.last().map(|field| bare(&field.ty)) {
        Some(Type::Path(path)) if ends_with(&path.path, &ALWAYS_SIZED) => Size::Known,
        Some(
            Type::Path(_) | Type::Slice(_) | Type::TraitObject(_) | Type::Tuple(_) | Type::Macro(_),
        ) => Size::MayBeUnknown,
        _ => Size::Known,
    }
}

fn has_maybe(generics: &Generics) -> bool {
    let in_params = generics
        .type_params()
        .any(|param| param.bounds.iter().any(is_maybe));
    let mut predicates = generics
        .where_clause
        .iter()
        .flat_map(|clause| &clause.predicates);
    in_params
        || predicates.any(|predicate| {
            matches!(predicate, WherePredicate::Type(ty) if ty.bounds.iter().any(is_maybe))
        })
}

/// Is this `?Sized`?
fn is_maybe(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound) if bound.maybe.is_some())
}

fn accessors(accessors: &Accessors, vis: &Visibility) -> Option<Visibility> {
    match accessors {
        Accessors::Inherited => Some(vis.clone()),
        Accessors::As(vis) => Some(vis.clone()),
        Accessors::None => None,
    }
}

fn forwards(item: &TypeItem, koiled: &Koiled, wrap: Wrap) -> Vec<ForwardedImpl> {
    let in_derives = derives(&item.attrs);
    let derived = Forwarded::ALL.into_iter();
    let derived: Vec<Forwarded> = derived
        .filter(|what| in_derives.iter().any(|name| name == what.name()))
        .collect();
    let surely = koiled.forward.list.surely();
    // A trait is added or removed together with the traits that it needs.
    let named = |traits: &[ListedTrait], what| traits.iter().any(|listed| listed.what.needs(what));
    let wanted = |what: Forwarded| match &koiled.forward.list {
        args::ForwardList::All | args::ForwardList::Mostly { .. } => {
            let mut without = koiled.forward.list.without().iter();
            !without.any(|without| what.needs(*without))
        }
        // Every twin has these two.
        args::ForwardList::Only(traits) => {
            named(traits, what) || matches!(what, Forwarded::From | Forwarded::Deref)
        }
    };
    let has_arguments = has_arguments(&item.generics);
    let shown = |what: Forwarded| match what {
        Forwarded::From => Shown::Yes,
        Forwarded::Deref if named(surely, what) => Shown::Yes,
        // A derive of that name gives the original a `Deref` of another kind.
        Forwarded::Deref => Shown::No,
        _ if derived.iter().any(|derived| derived.needs(what)) => Shown::Yes,
        _ if named(surely, what) && has_arguments => Shown::Yes,
        _ if named(surely, what) => Shown::Claimed,
        _ => Shown::No,
    };
    let possible = Forwarded::ALL.into_iter().filter(|what| {
        // A type whose drop does something cannot be `Copy`.
        (*what != Forwarded::Copy || wrap == Wrap::Bare)
            && !((koiled.inline.is_some() || koiled.aio.is_some()) && what.waits())
    });
    possible
        .filter(|what| wanted(*what))
        .map(|what| ForwardedImpl {
            what,
            shown: shown(what),
        })
        .collect()
}

/// The traits that the user lists, and that rustc should find. Whether a type with type or const
/// parameters has a trait may depend on their arguments.
fn checked(
    item: &TypeItem,
    koiled: &Koiled,
    wrap: Wrap,
    mistakes: &mut Mistakes,
) -> Vec<CheckedForward> {
    let listed = koiled.forward.list.surely();
    if wrap == Wrap::Shell
        && let Some(copy) = listed.iter().find(|listed| listed.what == Forwarded::Copy)
    {
        mistakes.push(err!(
            copy.at,
            "this twin drops its original under the loop, so it cannot be `Copy`; remove `Copy`"
        ));
        return Vec::new();
    }
    if has_arguments(&item.generics) {
        return Vec::new();
    }
    let is_asked =
        |listed: &&ListedTrait| !matches!(listed.what, Forwarded::From | Forwarded::Deref);
    let checked = listed.iter().filter(is_asked);
    checked
        .map(|listed| CheckedForward {
            what: listed.what,
            at: listed.at,
        })
        .collect()
}

/// Has the type parameters on which its traits may depend?
fn has_arguments(generics: &Generics) -> bool {
    generics.type_params().next().is_some() || generics.const_params().next().is_some()
}
