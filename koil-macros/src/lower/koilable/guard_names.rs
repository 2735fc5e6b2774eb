//! `GuardNames`: the names of guards and of the functions that enter, from the name of a type.

use crate::{
    args::Koilable,
    error::{Result, err},
    lower::{
        signature::names::path_text,
        types::{
            tokens::readable,
            twin_types::{SelfType, TwinTypes},
        },
    },
    model::{Home, Labels, Stays},
};
use proc_macro2::Span;
use quote::format_ident;
use syn::{Ident, Path, Type, ext::IdentExt};

/// Names that are derived from the name of the type.
pub(crate) struct GuardNames {
    pub(crate) twin: Option<Type>,
    pub(crate) enter: Ident,
    pub(crate) twin_generics: syn::Generics,
    pub(crate) labels: (Labels, Labels),
    pub(crate) link: String,
}

impl GuardNames {
    pub(crate) fn of(
        own: SelfType,
        words: &Koilable,
        koil: &Path,
        generics: &syn::Generics,
    ) -> GuardNames {
        let aio = own.name().unraw().to_string();
        let link = format!("{}::enter", path_text(&own.path));
        let (twin, blocking) = match words.suffix {
            Some(_) => (None, aio.clone()),
            None => (Some(own.twin_type()), own.twin.unraw().to_string()),
        };
        let suffix = words.suffix.as_deref().unwrap_or_default();
        let enter = format_ident!("enter{suffix}");
        let twins = TwinTypes {
            koil,
            own: Some(own),
            listed: &[],
        };
        let guard = match words.local {
            Some(_) => "LocalAsyncEntered",
            None => "AsyncEntered",
        };
        let labels = (
            Labels {
                twin: format!("{blocking}::{enter}"),
                original: format!("{aio}::enter"),
            },
            Labels {
                twin: format!("Entered<{blocking}>::drop"),
                original: format!("{guard}<{aio}>::close"),
            },
        );
        GuardNames {
            twin,
            twin_generics: twins.async_self_generics(generics),
            enter,
            labels,
            link,
        }
    }
}

pub(crate) fn stays(words: &Koilable) -> Stays {
    match words.local {
        Some(_) => Stays::OnItsThread,
        None => Stays::Anywhere,
    }
}

/// The loop of the context. The expression may use the value that is entered.
pub(crate) fn home(words: &Koilable) -> Home {
    match &words.handle {
        Some(handle) => Home::Given(Box::new(handle.clone())),
        None => Home::Ambient,
    }
}

/// Rejects borrows: an exit that is handed to the loop may run after any borrow has ended.
pub(crate) fn check_borrows(at: Option<Span>, ty: &Type, words: &Koilable) -> Result<()> {
    let (Some(at), None) = (at, words.local) else {
        return Ok(());
    };
    let text = readable(ty);
    Err(err!(
        at,
        "`{text}` borrows, and its exit may be handed to the loop; hold an `Arc` or a clone instead, or write `#[koilable(local)]`, for a `LocalAsyncContext`"
    ))
}
