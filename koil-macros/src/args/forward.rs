//! `forward(..)`: the std traits that the twin of a type has.

use proc_macro2::{Ident, Span};
use syn::{Meta, Token, ext::IdentExt, parse::ParseStream};

use super::values::list;
use crate::{
    error::{Accumulator, Error, Result, err},
    model::Forwarded,
};

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

pub(super) fn forward(meta: &Meta) -> Result<ForwardList> {
    let example = "`forward(Clone, Debug)`, or `forward(+Display, -Clone)`";
    let list = list(meta, example, |input| Ok((sign(input)?, name(input)?)))?;
    let mut errors = Error::accumulator();
    check_one_kind(&list, &mut errors);
    let mut traits = Vec::new();
    for (sign, name) in &list {
        let mut all = Forwarded::ALL.into_iter();
        match all.find(|forwarded| name == forwarded.name()) {
            Some(what) => {
                let at = name.span();
                traits.push((*sign, ListedTrait { what, at }));
            }
            None => errors.push(unknown_trait(name)),
        }
    }
    let of = |wanted: Sign| {
        let found = traits.iter().filter(move |(sign, _)| *sign == wanted);
        found.map(|(_, listed)| *listed)
    };
    let without: Vec<Forwarded> = of(Sign::Minus).map(|listed| listed.what).collect();
    let surely: Vec<ListedTrait> = of(Sign::Plus).collect();
    for ListedTrait { what, at } in &surely {
        if let Some(needed) = without.iter().find(|without| what.needs(**without)) {
            let (name, needed) = (what.name(), needed.name());
            errors.push(err!(
                *at,
                "`{name}` needs `{needed}`, which is left out; remove `+{name}` or `-{needed}`"
            ));
        }
    }
    errors.finish_with(match list.first() {
        Some((Sign::None, _)) | None => ForwardList::Only(of(Sign::None).collect()),
        Some(_) => ForwardList::Mostly { without, surely },
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
fn check_one_kind(list: &[(Sign, Ident)], errors: &mut Accumulator) {
    let is_plain = |sign: Sign| sign == Sign::None;
    let Some((first, _)) = list.first() else {
        return;
    };
    for (sign, name) in list {
        if is_plain(*sign) != is_plain(*first) {
            errors.push(err!(
                name,
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
    err!(
        name,
        "koil does not forward `{name}`; it forwards `{known}`"
    )
}
