//! `forward(..)`: the std traits that the twin of a type has.

use proc_macro2::{Ident, Span};
use syn::{
    AngleBracketedGenericArguments, GenericArgument, Meta, Token, Type, ext::IdentExt,
    parse::ParseStream,
};

use super::values::list;
use crate::{
    error::{Accumulator, Error, Result, err},
    model::{Forwarded, WithArgument},
};

/// `forward(..)` as it is written.
#[derive(Default)]
pub(crate) struct Forwards {
    pub(crate) list: ForwardList,
    pub(crate) with: Vec<ListedWith>,
}

/// A trait with a type argument in `forward(..)`.
pub(crate) struct ListedWith {
    pub(crate) what: WithArgument,
    pub(crate) argument: Type,
    pub(crate) at: Span,
}

/// The std traits that the twin of a type implements, if its original has them.
#[derive(Default)]
pub(crate) enum ForwardList {
    #[default]
    All,
    Only(Vec<ListedTrait>),
    /// All but those that are left out.
    Mostly {
        without: Vec<Forwarded>,
        surely: Vec<ListedTrait>,
    },
}

/// A trait in `forward(..)`, and its place.
#[derive(Clone, Copy)]
pub(crate) struct ListedTrait {
    pub(crate) what: Forwarded,
    pub(crate) at: Span,
}

impl ForwardList {
    /// The traits that the original has, as the user says.
    pub(crate) fn surely(&self) -> &[ListedTrait] {
        match self {
            ForwardList::All => &[],
            ForwardList::Only(traits) | ForwardList::Mostly { surely: traits, .. } => traits,
        }
    }

    /// The traits that are left out.
    pub(crate) fn without(&self) -> &[Forwarded] {
        match self {
            ForwardList::Mostly { without, .. } => without,
            ForwardList::All | ForwardList::Only(_) => &[],
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sign {
    None,
    Plus,
    Minus,
}

/// A trait in the list, before it is looked up.
struct Entry {
    sign: Sign,
    name: Ident,
    arguments: Option<AngleBracketedGenericArguments>,
}

pub(super) fn forward(meta: &Meta) -> Result<Forwards> {
    let example = "`forward(Clone, Debug)`, or `forward(+Display, -Clone)`";
    let list = list(meta, example, entry)?;
    let mut errors = Error::accumulator();
    check_one_kind(&list, &mut errors);
    let mut traits = Vec::new();
    let mut with = Vec::new();
    for entry in &list {
        if entry.arguments.is_some() || is_only_with_argument(&entry.name) {
            match with_argument(entry) {
                Ok(listed) => with.push(listed),
                Err(error) => errors.push(error),
            }
            continue;
        }
        let mut all = Forwarded::ALL.into_iter();
        match all.find(|forwarded| entry.name == forwarded.name()) {
            Some(what) => {
                let at = entry.name.span();
                traits.push((entry.sign, ListedTrait { what, at }));
            }
            None => errors.push(unknown_trait(&entry.name)),
        }
    }
    let of = |wanted: Sign| {
        let found = traits.iter().filter(move |(sign, _)| *sign == wanted);
        found.map(|(_, listed)| *listed)
    };
    let without: Vec<Forwarded> = of(Sign::Minus).map(|listed| listed.what).collect();
    let surely: Vec<ListedTrait> = of(Sign::Plus).collect();
    check_needed(&surely, &without, &mut errors);
    let list = match list.first().map(|entry| entry.sign) {
        Some(Sign::None) | None => ForwardList::Only(of(Sign::None).collect()),
        Some(_) => ForwardList::Mostly { without, surely },
    };
    errors.finish_with(Forwards { list, with })
}

fn is_only_with_argument(name: &Ident) -> bool {
    let is_it = |known: &str| name == known;
    WithArgument::ALL.iter().any(|what| is_it(what.name()))
        && !Forwarded::ALL.iter().any(|what| is_it(what.name()))
}

fn with_argument(entry: &Entry) -> Result<ListedWith> {
    let name = &entry.name;
    let mut all = WithArgument::ALL.into_iter();
    let Some(what) = all.find(|with| name == with.name()) else {
        if Forwarded::ALL.iter().any(|what| name == what.name()) {
            return Err(err!(
                name,
                "koil forwards `{name}` without type arguments; write `{name}`"
            ));
        }
        return Err(unknown_trait(name));
    };
    if entry.sign == Sign::Minus {
        return Err(err!(
            name,
            "a twin has `{name}` of a type only where `forward` lists it; remove `-{name}`"
        ));
    }
    let arguments = entry.arguments.iter().flat_map(|list| &list.args);
    let arguments: Vec<&GenericArgument> = arguments.collect();
    let [GenericArgument::Type(argument)] = arguments[..] else {
        return Err(err!(
            name,
            "`{name}` is forwarded for one type at a time; write the type, as in `{name}<Vec<u8>>`"
        ));
    };
    Ok(ListedWith {
        what,
        argument: argument.clone(),
        at: name.span(),
    })
}

/// Rejects traits whose supertraits are left out.
fn check_needed(surely: &[ListedTrait], without: &[Forwarded], errors: &mut Accumulator) {
    for ListedTrait { what, at } in surely {
        if let Some(needed) = without.iter().find(|without| what.needs(**without)) {
            let (name, needed) = (what.name(), needed.name());
            errors.push(err!(
                *at,
                "`{name}` needs `{needed}`, which is left out; remove `+{name}` or `-{needed}`"
            ));
        }
    }
}

fn entry(input: ParseStream<'_>) -> syn::Result<Entry> {
    Ok(Entry {
        sign: sign(input)?,
        name: name(input)?,
        arguments: input.peek(Token![<]).then(|| input.parse()).transpose()?,
    })
}

fn sign(input: ParseStream<'_>) -> syn::Result<Sign> {
    if input.parse::<Option<Token![+]>>()?.is_some() {
        return Ok(Sign::Plus);
    }
    let minus = input.parse::<Option<Token![-]>>()?;
    Ok(minus.map_or(Sign::None, |_| Sign::Minus))
}

fn name(input: ParseStream<'_>) -> syn::Result<Ident> {
    let name = Ident::parse_any(input);
    name.map_err(|error| {
        let message =
            "`forward` lists traits by their names; write one here, as in `forward(+Display)`";
        syn::Error::new(error.span(), message)
    })
}

/// Rejects traits with a sign beside traits without one.
fn check_one_kind(list: &[Entry], errors: &mut Accumulator) {
    let is_plain = |entry: &Entry| entry.sign == Sign::None;
    let Some(first) = list.first() else {
        return;
    };
    for entry in list {
        if is_plain(entry) != is_plain(first) {
            errors.push(err!(
                entry.name,
                "`forward(Clone)` lists all traits, `forward(+Display, -Clone)` changes the usual list; write only one kind"
            ));
        }
    }
}

fn unknown_trait(name: &Ident) -> Error {
    const AUTO: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];
    if AUTO.iter().any(|auto| name == auto) {
        return err!(
            name,
            "the twin is `{name}` if its original is; remove `{name}`"
        );
    }
    let known = Forwarded::ALL.map(Forwarded::name).join("`, `");
    let with = WithArgument::ALL.map(WithArgument::name).join("<T>`, `");
    err!(
        name,
        "koil does not forward `{name}`; it forwards `{known}`, `{with}<T>`"
    )
}
