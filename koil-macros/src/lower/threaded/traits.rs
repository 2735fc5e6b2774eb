//! `#[threaded] trait`: the same methods, async, for the value that a `koil::Threaded` shares.

use quote::format_ident;
use syn::{FnArg, Path, ReceiverKind, WhereClause, ext::IdentExt};

use super::{
    arguments::Cloning,
    function::{Position, threaded_fn},
    marks::{RENAME, check_macro, marked, no_marks, of_both},
};
use crate::{
    args::{self, Docs, Threaded},
    error::{Mistakes, Result, err},
    lower::{
        signature::{
            Direction, Names, Naming, TraitMembers, bounds_on_self, check_distinct,
            check_unconditional, conditions_and_lints, doc_lines, docs, predicates,
        },
        types::{TwinTypes, applied},
    },
    model::{Declared, DocLine, ThreadedTrait, ThreadedTraitFn, TwinTraitConst},
    syntax::{
        attrs::{companions, inherited, lints},
        block::{Constant, Member},
        function::Function,
        traits::TraitItem,
    },
};

pub(crate) fn trait_item(
    item: &TraitItem,
    options: &Threaded,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> ThreadedTrait {
    let name = options.name.clone();
    let name = name
        .unwrap_or_else(|| format_ident!("Async{}", item.ident.unraw(), span = item.ident.span()));
    let original = applied(&item.ident, &item.generics);
    let direction = Direction::ToAsync;
    let names = Names::of_trait(
        original.clone(),
        name.clone(),
        &[],
        Docs::Prose,
        direction,
        koil,
    );
    let members = TraitMembers::of(item, &names);
    check_unconditional(&item.generics, mistakes);
    mistakes.take(members.free_of_self(&item.generics.params));
    let advice = "write this as a supertrait";
    check_clause(
        item.generics.where_clause.as_ref(),
        &members,
        advice,
        mistakes,
    );
    let (mut types, mut consts, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    for member in &item.members {
        match member {
            Member::Type(ty) => {
                let unmarked = mistakes.take(no_marks(&ty.attrs));
                types.extend(unmarked.and_then(|()| members.assoc(ty, mistakes)));
            }
            Member::Const(value) => consts.extend(constant(value, &members, mistakes)),
            Member::Fn(function) => methods.extend(method(function, options, &members, mistakes)),
            Member::Macro(invocation) => drop(mistakes.take(check_macro(invocation))),
        }
    }
    let signatures = methods.iter();
    let signatures = signatures.map(|method: &ThreadedTraitFn| &method.run.signature);
    check_distinct(signatures, RENAME, mistakes);
    let (shown, lines) = (item.ident.unraw().to_string(), doc_lines(&item.attrs));
    let mut docs = docs(direction, &lines, &shown, None, Docs::Prose);
    docs.push(DocLine::gap());
    docs.push(DocLine::Text(format!(
        " A `koil::Threaded` of each [`{shown}`] has it; other types may implement it by hand."
    )));
    ThreadedTrait {
        declared: Declared {
            docs,
            advice: format!("wrap a `{shown}` in `koil::Threaded`, which has it"),
            attrs: inherited(&item.attrs),
            companions: [companions(&item.attrs), lints(&item.attrs)].concat(),
            vis: item.vis.clone(),
            name,
            generics: item.generics.clone(),
            original,
            types,
            consts,
        },
        methods,
    }
}

fn method(
    function: &Function,
    of_trait: &Threaded,
    members: &TraitMembers<'_>,
    mistakes: &mut Mistakes,
) -> Option<ThreadedTraitFn> {
    let (attribute, options) = marked(function, mistakes)?;
    let options = of_both(of_trait, options);
    let names = members.names;
    let position = Position {
        names: Names {
            // `Self` has the same meaning on both sides.
            twins: TwinTypes::new(names.twins.koil, None, &[]),
            owner: names.owner.clone(),
            naming: Naming::Elsewhere,
            docs: names.docs,
            direction: names.direction,
        },
        attribute,
        options: &options,
        cloning: Cloning::Shared,
        way_out: "add `#[koil(skip)]`",
    };
    mistakes.take(check_shareable(function));
    check_self(function, members, mistakes);
    let run = threaded_fn(function, &position, mistakes)?;
    Some(ThreadedTraitFn {
        impl_attrs: conditions_and_lints(&run.signature.attrs),
        run,
    })
}

fn constant(
    constant: &Constant,
    members: &TraitMembers<'_>,
    mistakes: &mut Mistakes,
) -> Option<TwinTraitConst> {
    mistakes.take(no_marks(&constant.attrs))?;
    if args::helpers(&constant.attrs).0.skip.is_none() {
        mistakes.take(members.free_of_self(&constant.ty))?;
    }
    members.constant(constant, mistakes)
}

/// Checks that there is a `self`, which a `koil::Threaded` can share.
fn check_shareable(function: &Function) -> Result<()> {
    match function.sig.receiver() {
        Some(_) => Ok(()),
        None => Err(err!(
            function.sig.ident,
            "`{}` has no `self`, so a `koil::Threaded` cannot call it; add `#[koil(skip)]`",
            function.sig.ident
        )),
    }
}

/// Rejects `Self`, which is one type in the original and another in its twin.
fn check_self(function: &Function, members: &TraitMembers<'_>, mistakes: &mut Mistakes) {
    let sig = &function.sig;
    for input in &sig.inputs {
        match input {
            FnArg::Typed(typed) => {
                mistakes.take(members.free_of_self(&typed.ty));
                members.check_nameable(&typed.ty, mistakes);
            }
            FnArg::Receiver(receiver) => {
                if let ReceiverKind::Typed(_, ty) = &receiver.kind {
                    members.check_nameable(ty, mistakes);
                }
            }
        }
    }
    mistakes.take(members.free_of_self(&sig.output));
    members.check_nameable(&sig.output, mistakes);
    mistakes.take(members.free_of_self(&sig.generics));
    let advice = "add `#[koil(skip)]`";
    check_clause(
        sig.generics.where_clause.as_ref(),
        members,
        advice,
        mistakes,
    );
}

/// Rejects bounds on `Self`, and other uses of it.
fn check_clause(
    clause: Option<&WhereClause>,
    members: &TraitMembers<'_>,
    advice: &str,
    mistakes: &mut Mistakes,
) {
    for predicate in predicates(clause) {
        match bounds_on_self(predicate) {
            Some(bounds) => mistakes.push(err!(
                bounds,
                "this bound need not hold for a `koil::Threaded` of the type; {advice}"
            )),
            None => drop(mistakes.take(members.free_of_self(predicate))),
        }
    }
}
