//! Links in the docs of twins: those to originals that have a twin beside them lead to that twin.

use std::collections::HashMap;

use syn::ext::IdentExt;

use crate::{
    lower::signature::{Names, link_twins, path_text},
    model::{Callee, DocLine, TwinConst, TwinFn, TwinTraitFn},
};

/// The members of a block.
pub(super) fn link_block(names: &Names<'_>, consts: &mut [TwinConst], methods: &mut [TwinFn]) {
    let mut twins: HashMap<String, String> = methods.iter().map(pair).collect();
    twins.extend(consts.iter().map(|constant| {
        let name = constant.name.unraw().to_string();
        (name.clone(), name)
    }));
    let consts = consts.iter_mut().map(|constant| &mut constant.docs);
    let methods = methods.iter_mut().map(|method| &mut method.signature.docs);
    link(names, &twins, consts.chain(methods));
}

/// The methods of a trait.
pub(super) fn link_trait(names: &Names<'_>, methods: &mut [TwinTraitFn]) {
    let twins = methods.iter().map(|method| pair(&method.forward)).collect();
    let docs = methods
        .iter_mut()
        .map(|method| &mut method.forward.signature.docs);
    link(names, &twins, docs);
}

fn link<'d>(
    names: &Names<'_>,
    twins: &HashMap<String, String>,
    docs: impl Iterator<Item = &'d mut Vec<DocLine>>,
) {
    let Some(owner) = names.owner_path() else {
        return;
    };
    let mut owners = vec![path_text(owner)];
    // Otherwise it has been replaced by the owner.
    owners.extend(names.is_beside().then(|| "Self".to_owned()));
    for lines in docs {
        for owner in &owners {
            link_twins(owner, twins, lines);
        }
    }
}

/// The names of the original and of its twin.
fn pair(twin: &TwinFn) -> (String, String) {
    let (Callee::Free(original)
    | Callee::Inherent(_, original)
    | Callee::Trait(_, original)
    | Callee::Shared(_, original)) = &twin.signature.callee;
    let twin = &twin.signature.name;
    (original.unraw().to_string(), twin.unraw().to_string())
}
