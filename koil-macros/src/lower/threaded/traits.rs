//! `#[threaded] trait`: the same methods, async, for the value that a `koil::Threaded` shares.

use quote::format_ident;
use syn::{FnArg, Ident, Path, ReceiverKind, Type, TypePath, ext::IdentExt};

use crate::{
    args::{self, Docs, Threaded},
    error::{Error, Result, err},
    lower::{
        signature::{
            docs::async_docs,
            generics::no_conditional_generics,
            names::{Names, Naming, check_distinct},
            trait_members::{TraitMembers, bounds_on_self, predicates},
        },
        threaded::{
            arguments::Cloning,
            function::{Position, names, threaded_fn},
            marks::{RENAME, check_macro, marked, no_marks, of_both},
        },
        types::{
            parts::applied,
            twin_types::{SelfKind, SelfType, TwinTypes},
        },
    },
    model::{Callee, Declared, Labels, ThreadedTrait, ThreadedTraitFn, TwinAssoc, TwinTraitConst},
    syntax::{
        attrs::{companions, conditions, doc_lines, inherited, lints},
        block::{AssociatedType, Constant, Member},
        function::Function,
        traits::TraitItem,
    },
};

pub(crate) fn trait_item(item: &TraitItem, words: &Threaded, koil: &Path) -> Result<ThreadedTrait> {
    let name = words
        .name
        .clone()
        .unwrap_or_else(|| format_ident!("Async{}", item.ident.unraw(), span = item.ident.span()));
    let whole = Whole {
        item,
        words,
        koil,
        name: &name,
        original: applied(&item.ident, &item.generics),
    };
    let of_scope = whole.scope_site();
    let members = TraitMembers::of(item, &of_scope);
    let mut errors = Error::accumulator();
    errors.handle(no_conditional_generics(&item.generics));
    errors.handle(members.free_of_self(&item.generics.params));
    for predicate in predicates(item.generics.where_clause.as_ref()) {
        match bounds_on_self(predicate) {
            Some(bounds) => errors.push(err!(
                bounds,
                "a `koil::Threaded` need not be what is in it; write this as a supertrait"
            )),
            None => drop(errors.handle(members.free_of_self(predicate))),
        }
    }
    let (mut types, mut consts, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    for member in &item.members {
        match member {
            Member::Type(ty) => types.extend(errors.handle(whole.assoc(ty, &members)).flatten()),
            Member::Const(constant) => {
                consts.extend(errors.handle(whole.constant(constant, &members)).flatten());
            }
            Member::Fn(function) => {
                methods.extend(errors.handle(whole.method(function, &members)).flatten());
            }
            Member::Macro(invocation) => drop(errors.handle(check_macro(invocation))),
        }
    }
    let calls = methods
        .iter()
        .map(|method: &ThreadedTraitFn| &method.run.call);
    errors.handle(check_distinct(calls, RENAME));
    let (shown, vis) = (item.ident.unraw(), item.vis.clone());
    let mut docs = async_docs(&doc_lines(&item.attrs), &shown.to_string(), Docs::Prose);
    docs.push(String::new());
    docs.push(format!(
        " A `koil::Threaded` of each [`{shown}`] has it; other types may implement it by hand."
    ));
    errors.finish_with(ThreadedTrait {
        declared: Declared {
            docs,
            advice: format!("wrap a `{shown}` in `koil::Threaded`, which has it"),
            attrs: inherited(&item.attrs),
            companions: [companions(&item.attrs), lints(&item.attrs)].concat(),
            vis,
            name: name.clone(),
            generics: item.generics.clone(),
            original: whole.original,
            types,
            consts,
        },
        methods,
    })
}

/// Data that is the same for all members.
struct Whole<'a> {
    item: &'a TraitItem,
    words: &'a Threaded,
    koil: &'a Path,
    name: &'a Ident,
    original: Path,
}

impl<'a> Whole<'a> {
    /// The names in which `Self` is any implementor of the trait.
    fn scope_site(&self) -> Names<'a> {
        Names {
            twins: TwinTypes {
                koil: self.koil,
                own: Some(SelfType {
                    path: self.original.clone(),
                    twin: self.name.clone(),
                    kind: SelfKind::Trait,
                }),
                listed: &[],
            },
            face: Naming::Trait,
            self_ty: Some(self.original_type()),
            docs: Docs::Prose,
        }
    }

    fn original_type(&self) -> Type {
        Type::Path(TypePath {
            attrs: Vec::new(),
            qself: None,
            path: self.original.clone(),
        })
    }

    fn method(
        &self,
        function: &Function,
        members: &TraitMembers<'_>,
    ) -> Result<Option<ThreadedTraitFn>> {
        let Some((attribute, words)) = marked(function)? else {
            return Ok(None);
        };
        let words = of_both(self.words, words);
        let position = Position {
            names: Names {
                face: Naming::Trait,
                ..names(self.koil, Some(self.original_type()))
            },
            attribute,
            words: &words,
            cloning: Cloning::Shared,
            way_out: "add `#[koil(skip)]`",
        };
        let mut errors = Error::accumulator();
        errors.handle(shareable(function));
        errors.handle(of_no_self(function, members));
        let run = errors.handle(threaded_fn(function, &position));
        let Some(mut run) = run else {
            return errors.finish().map(|()| None);
        };
        let ident = &function.sig.ident;
        run.call.callee = Callee::Shared(self.original.clone(), ident.clone());
        let [twin, original] = [self.name, &self.item.ident].map(Ident::unraw);
        run.call.labels = Labels {
            twin: format!("{twin}::{}", run.call.name.unraw()),
            original: format!("{original}::{}", ident.unraw()),
        };
        let declared = std::mem::take(&mut run.call.attrs);
        run.call.attrs = conditions(&declared);
        run.call.attrs.extend(lints(&declared));
        errors.finish_with(Some(ThreadedTraitFn {
            docs: std::mem::take(&mut run.call.docs),
            attrs: declared,
            run,
        }))
    }

    fn assoc(&self, ty: &AssociatedType, members: &TraitMembers<'_>) -> Result<Option<TwinAssoc>> {
        no_marks(&ty.attrs)?;
        let twin = members.assoc(ty)?;
        Ok(twin.map(|twin| TwinAssoc {
            docs: self.docs(&ty.attrs, &ty.ident),
            ..twin
        }))
    }

    fn constant(
        &self,
        constant: &Constant,
        members: &TraitMembers<'_>,
    ) -> Result<Option<TwinTraitConst>> {
        no_marks(&constant.attrs)?;
        if args::helpers(&constant.attrs).0.skip.is_none() {
            members.free_of_self(&constant.ty)?;
        }
        let twin = members.constant(constant)?;
        Ok(twin.map(|twin| TwinTraitConst {
            docs: self.docs(&constant.attrs, &constant.ident),
            ..twin
        }))
    }

    fn docs(&self, attrs: &[syn::Attribute], name: &Ident) -> Vec<String> {
        let link = format!("{}::{}", self.item.ident.unraw(), name.unraw());
        async_docs(&doc_lines(attrs), &link, Docs::Prose)
    }
}

/// Checks that there is a `self`, which a `koil::Threaded` can share.
fn shareable(function: &Function) -> Result<()> {
    match function.sig.receiver() {
        Some(_) => Ok(()),
        None => Err(err!(
            function.sig.ident,
            "`{}` has no `self` that a `koil::Threaded` could share; add `#[koil(skip)]`",
            function.sig.ident
        )),
    }
}

/// Rejects `Self`, which is one type in the original and another in its twin.
fn of_no_self(function: &Function, members: &TraitMembers<'_>) -> Result<()> {
    let sig = &function.sig;
    let mut errors = Error::accumulator();
    for input in &sig.inputs {
        match input {
            FnArg::Typed(typed) => {
                errors.handle(members.free_of_self(&typed.ty));
                errors.handle(members.nameable(&typed.ty));
            }
            FnArg::Receiver(receiver) => {
                if let ReceiverKind::Typed(_, ty) = &receiver.kind {
                    errors.handle(members.nameable(ty));
                }
            }
        }
    }
    errors.handle(members.free_of_self(&sig.output));
    errors.handle(members.nameable(&sig.output));
    errors.handle(members.free_of_self(&sig.generics));
    for predicate in predicates(sig.generics.where_clause.as_ref()) {
        match bounds_on_self(predicate) {
            Some(bounds) => errors.push(err!(
                bounds,
                "a `koil::Threaded` need not be what is in it; add `#[koil(skip)]`"
            )),
            None => drop(errors.handle(members.free_of_self(predicate))),
        }
    }
    errors.finish()
}
