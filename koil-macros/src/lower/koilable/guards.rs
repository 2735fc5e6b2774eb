//! The guards of a context: their names, and the model of the code that makes them.

use proc_macro2::Span;
use quote::format_ident;
use syn::{Attribute, Generics, Path, Type, ext::IdentExt};

use crate::{
    args::Koilable,
    error::{Mistakes, Result, err},
    lower::{
        signature::{Around, Owner, check_self_is_original, loop_choice, path_text},
        types::{SelfType, TwinTypes, path_type, readable},
    },
    model::{Composition, Held, Labels, Stays, TwinContext},
};

/// A type that is a context, as its item describes it.
pub(crate) struct Context {
    pub(crate) of_self: SelfType,
    pub(crate) attrs: Vec<Attribute>,
    pub(crate) generics: Generics,
    pub(crate) error: Option<Type>,
    pub(crate) at: Span,
    pub(crate) composition: Option<Composition>,
}

impl Context {
    pub(crate) fn guarded(
        self,
        options: &Koilable,
        koil: &Path,
        mistakes: &mut Mistakes,
    ) -> TwinContext {
        mistakes.take(check_self_is_original(options.handle.as_ref()));
        let of_self = self.of_self;
        let aio = of_self.name().unraw().to_string();
        let blocks = options.suffix.is_some() || options.aio.is_some();
        let (twin, blocking) = if blocks {
            (None, aio.clone())
        } else {
            (Some(of_self.twin_type()), of_self.twin_label())
        };
        let view = options.aio.map(|_| of_self.twin_type());
        let entering = match &view {
            Some(_) => of_self.twin_name().unraw().to_string(),
            None => aio.clone(),
        };
        let link = match &view {
            Some(_) => format!("{}::enter", path_text(&of_self.twin)),
            None => format!("{}::enter", path_text(&of_self.path)),
        };
        let enter = format_ident!("enter{}", options.suffix.as_deref().unwrap_or_default());
        let (stays, guard) = match options.local {
            Some(_) => (Stays::OnItsThread, "LocalAsyncEntered"),
            None => (Stays::Anywhere, "AsyncEntered"),
        };
        let entered = Labels {
            twin: format!("{blocking}::{enter}"),
            original: format!("{entering}::enter"),
        };
        let left = Labels {
            twin: format!("Entered<{blocking}>::drop"),
            original: format!("{guard}<{aio}>::close"),
        };
        let aio = path_type(of_self.path.clone());
        let twins = TwinTypes::new(koil, Some(of_self), &[]);
        let owner = Owner::Type(Box::new(aio.clone()));
        // The expression may use the value that is entered.
        let around = match twin {
            Some(_) => Around::Twin {
                held: Some(Held::Value),
                owner: &owner,
                koil,
            },
            None => Around::Original { has_self: true },
        };
        let handle = loop_choice(options.handle.as_ref(), around);
        TwinContext {
            attrs: self.attrs,
            twin_generics: twins.async_self_generics(&self.generics),
            generics: self.generics,
            aio,
            twin,
            view,
            enter,
            error: self.error,
            stays,
            handle,
            labels: (entered, left),
            link,
            at: self.at,
            composition: self.composition,
        }
    }
}

/// Rejects borrows: an exit that is handed to the loop may run after any borrow has ended.
pub(crate) fn check_borrows(at: Option<Span>, ty: &Type, options: &Koilable) -> Result<()> {
    let (Some(at), None) = (at, options.local) else {
        return Ok(());
    };
    let text = readable(ty);
    Err(err!(
        at,
        "`{text}` borrows, and the loop may run its exit after the borrow ends; hold an `Arc` or a clone, or implement `LocalAsyncContext` under `#[koilable(local)]`"
    ))
}
