//! Traits with a type argument that a twin forwards.

use syn::{GenericParam, LifetimeParam, Type};

use crate::{
    args::{Koiled, ListedWith},
    error::{Mistakes, err},
    lower::types::{bare, name_lifetimes},
    model::{ForwardedWith, WithArgument},
    syntax::types::TypeItem,
};

/// The listed ones. Whether the original has them may depend on its parameters.
pub(super) fn forwards_with(
    item: &TypeItem,
    koiled: &Koiled,
    depends: bool,
    mistakes: &mut Mistakes,
) -> Vec<ForwardedWith> {
    let mut forwards = Vec::new();
    for listed in &koiled.forward.with {
        if let Some(name) = own_conversion(item, listed) {
            let what = listed.what.name();
            mistakes.push(err!(
                listed.at,
                "every twin is made `From` its original; remove `{what}<{name}>`"
            ));
            continue;
        }
        let mut argument = listed.argument.clone();
        let mut generics = item.generics.clone();
        let lifetimes = name_lifetimes(&mut argument).into_iter();
        let lifetimes = lifetimes.map(|name| GenericParam::Lifetime(LifetimeParam::new(name)));
        // Lifetimes come first.
        generics.params = lifetimes.chain(generics.params).collect();
        forwards.push(ForwardedWith {
            what: listed.what,
            argument,
            at: listed.at,
            generics,
            depends,
        });
    }
    forwards
}

/// The name of the type itself, where this is the conversion from it.
fn own_conversion(item: &TypeItem, listed: &ListedWith) -> Option<String> {
    let Type::Path(path) = bare(&listed.argument) else {
        return None;
    };
    let is_conversion = matches!(listed.what, WithArgument::From | WithArgument::TryFrom);
    let name = &path.path.segments.first()?.ident;
    let is_own = path.path.segments.len() == 1 && *name == item.ident;
    (is_conversion && is_own).then(|| name.to_string())
}
