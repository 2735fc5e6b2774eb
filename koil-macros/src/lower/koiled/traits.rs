//! The blocking twin of a trait, and the one impl that covers every twin type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Path, Type, TypeParamBound, TypePath, WhereClause, WherePredicate, ext::IdentExt, parse::Parse,
    punctuated::Punctuated,
};

use crate::{
    args::{self, Docs, Koiled},
    error::{Error, Result, checked, err},
    lower::{
        koiled::{
            block::RENAME,
            call_options::CallOptions,
            fallible::Fallible,
            function::method,
            trait_bounds::{Marker, Markers, of_self},
        },
        signature::{
            attributes::{check_attrs, check_macro},
            docs::docs,
            generics::no_conditional_generics,
            names::{Names, Naming, check_distinct, check_other_name},
            trait_members::{TraitMembers, bounds_on_self, predicates},
        },
        types::{
            parts::applied,
            tokens::{readable_tokens, replace_self},
            twin_types::{SelfKind, SelfType, TwinTypes, check_all_used, twin_ident},
        },
    },
    model::{ConstValue, Declared, Safety, TwinTrait, TwinTraitFn},
    syntax::{
        attrs::{companions, conditions, doc_lines, inherited, lints},
        block::Member,
        function::Function,
        traits::TraitItem,
    },
};

pub(crate) fn trait_item(item: &TraitItem, koiled: &Koiled, koil: &Path) -> Result<TwinTrait> {
    let original = applied(&item.ident, &item.generics);
    let name = koiled.name.clone();
    let name = name.unwrap_or_else(|| twin_ident(&item.ident));
    let options = CallOptions {
        names: Names {
            twins: TwinTypes {
                koil,
                own: Some(SelfType {
                    path: original.clone(),
                    twin: name.clone(),
                    kind: SelfKind::Trait,
                }),
                listed: &koiled.twins,
            },
            face: Naming::Trait,
            self_ty: Some(Type::Path(TypePath {
                attrs: Vec::new(),
                qself: None,
                path: original.clone(),
            })),
            docs: koiled.docs,
        },
        fallible: Fallible::of(koiled),
        lend: koiled.lend,
        handle: None,
    };
    let names = &options.names;
    let members = TraitMembers::of(item, names);
    let mut errors = Error::accumulator();
    errors.handle(check_other_name(koiled.name.as_ref(), &item.ident));
    errors.handle(no_conditional_generics(&item.generics));
    errors.handle(not_rewritten(item));
    let mut needs = Markers::of_default_bodies(item);
    let (mut types, mut consts, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    for member in &item.members {
        errors.handle(check_attrs(member.attrs(), "trait"));
        match member {
            Member::Type(ty) => types.extend(errors.handle(members.assoc(ty)).flatten()),
            Member::Const(constant) => {
                consts.extend(errors.handle(members.constant(constant)).flatten());
            }
            Member::Fn(function) => {
                methods.extend(
                    errors
                        .handle(members.method(function, &options, &mut needs))
                        .flatten(),
                );
            }
            Member::Macro(invocation) => drop(errors.handle(check_macro(invocation))),
        }
    }
    let forwards = methods.iter().map(|method| &method.forward);
    errors.handle(check_distinct(forwards, RENAME));
    errors.handle(check_all_used(&koiled.twins, || mentioned(item)));
    let supertraits = members.carried(&item.supertraits);
    let (twin_where, blanket_where, twin_bounds) = errors
        .handle(members.where_clause(item, &original))
        .unwrap_or_default();
    let needs_sized = consts
        .iter()
        .any(|constant| constant.value == ConstValue::Twin);
    if needs_sized || supertraits.iter().any(is_sized) {
        needs.add(Marker::Sized);
    }
    errors.finish_with(TwinTrait {
        declared: Declared {
            docs: trait_docs(item, koiled.docs),
            advice: advice(item),
            attrs: inherited(&item.attrs),
            companions: [companions(&item.attrs), lints(&item.attrs)].concat(),
            vis: item.vis.clone(),
            name,
            generics: syn::Generics {
                where_clause: twin_where,
                ..item.generics.clone()
            },
            original,
            types,
            consts,
        },
        safety: match item.unsafety {
            Some(_) => Safety::Unsafe,
            None => Safety::Safe,
        },
        size: needs.size(),
        aio_bounds: needs.bounds(),
        twin_bounds: members.known(supertraits.iter().cloned().chain(twin_bounds)),
        blanket_where,
        supertraits,
        methods,
    })
}

impl TraitMembers<'_> {
    fn method(
        &self,
        function: &Function,
        options: &CallOptions<'_>,
        needs: &mut Markers,
    ) -> Result<Option<TwinTraitFn>> {
        let (helpers, _) = args::helpers(&function.attrs);
        let twin = method(function, options);
        if helpers.skip.is_some() {
            return twin.map(|_| None);
        }
        let nameable = self.nameable(&function.sig);
        let bounds = self.method_bounds(function, needs);
        let twin = checked(nameable, checked(bounds, twin))?;
        Ok(twin.map(|mut forward| {
            if of_self(&forward) {
                needs.add(Marker::Sized);
            }
            let declared = std::mem::take(&mut forward.attrs);
            forward.attrs = conditions(&declared);
            forward.attrs.extend(lints(&declared));
            TwinTraitFn {
                docs: std::mem::take(&mut forward.docs),
                attrs: declared,
                forward,
            }
        }))
    }

    /// Markers such as `where Self: Sized` have to hold for the async side too. Other bounds on
    /// `Self` are rejected, since they cannot be asked of a twin.
    fn method_bounds(&self, function: &Function, needs: &mut Markers) -> Result<()> {
        let mut errors = Error::accumulator();
        let generics = &function.sig.generics;
        errors.handle(self.free_of_self(&generics.params));
        for predicate in predicates(generics.where_clause.as_ref()) {
            let Some(bounds) = bounds_on_self(predicate) else {
                errors.handle(self.free_of_self(predicate));
                continue;
            };
            for bound in bounds.iter().filter(|bound| !needs.take(bound)) {
                let text = readable_tokens(bound);
                errors.push(err!(
                    bound,
                    "a twin cannot know that its original is `{text}`; add `#[koil(skip)]`"
                ));
            }
        }
        errors.finish()
    }

    /// The predicates of the twin trait, those of the blanket impl, and bounds on `Self`.
    fn where_clause(&self, item: &TraitItem, original: &Path) -> Result<WhereClauses> {
        let mut errors = Error::accumulator();
        let mut twin = Punctuated::new();
        let (mut blanket, mut on_twin) = (Vec::new(), Vec::new());
        errors.handle(self.free_of_self(&item.generics.params));
        for predicate in predicates(item.generics.where_clause.as_ref()) {
            if let Some(bounds) = bounds_on_self(predicate) {
                let carried = self.carried(bounds);
                if let (WherePredicate::Type(of_type), false) = (predicate, carried.is_empty()) {
                    let mut of_type = of_type.clone();
                    of_type.bounds = carried.iter().cloned().collect();
                    twin.push(WherePredicate::Type(of_type));
                }
                on_twin.extend(carried);
                continue;
            }
            errors.handle(self.nameable(predicate));
            errors.handle(self.free_of_self(predicate));
            twin.push(predicate.clone());
            blanket.push(self.of_original(predicate, original));
        }
        let clause = item.generics.where_clause.as_ref();
        let clause = clause
            .filter(|_| !twin.is_empty())
            .map(|clause| WhereClause {
                where_token: clause.where_token,
                predicates: twin,
            });
        errors.finish_with((clause, blanket, on_twin))
    }

    /// Replaces `Self::Item` by the item that the original declares.
    fn of_original<T: Parse + ToTokens + Clone>(&self, node: &T, original: &Path) -> T {
        let koil = self.names.twins.koil;
        let aio = quote!(<Self as #koil::__private::Twin>::Aio as #original);
        let replaced = replace_self(node.to_token_stream(), &aio);
        syn::parse2(replaced).unwrap_or_else(|_| node.clone())
    }
}

type WhereClauses = (
    Option<WhereClause>,
    Vec<WherePredicate>,
    Vec<TypeParamBound>,
);

/// The docs of a twin, with a line about the types that implement it.
fn trait_docs(item: &TraitItem, level: Docs) -> Vec<String> {
    let name = item.ident.unraw().to_string();
    let mut lines = docs(&doc_lines(&item.attrs), &name, Some(&name), level);
    if level != Docs::None {
        lines.push(String::new());
        lines.push(format!(
            " The blocking twin of each [`{name}`] has it; other types may implement it by hand."
        ));
    }
    lines
}

/// The note in rustc's error. Most often, the user passed the original.
fn advice(item: &TraitItem) -> String {
    let name = item.ident.unraw();
    format!(
        "the blocking twin of each `{name}` has it; wrap a value without one in `koil::Blocking`"
    )
}

/// Rejects a trait that `#[async_trait]` has rewritten already.
fn not_rewritten(item: &TraitItem) -> Result<()> {
    let methods = item.members.iter().filter_map(|member| match member {
        Member::Fn(function) => Some(function),
        _ => None,
    });
    let rewritten = methods
        .flat_map(|function| function.sig.generics.lifetimes())
        .find(|param| param.lifetime.ident == "async_trait");
    match rewritten {
        None => Ok(()),
        Some(param) => Err(err!(
            param.lifetime,
            "`#[async_trait]` has rewritten these signatures already; put `#[koiled]` above it"
        )),
    }
}

fn is_sized(bound: &TypeParamBound) -> bool {
    matches!(bound, TypeParamBound::Trait(bound)
        if bound.maybe.is_none() && bound.path.segments.last().is_some_and(|last| last.ident == "Sized"))
}

/// The tokens in which a type of `twins(..)` may occur.
fn mentioned(item: &TraitItem) -> TokenStream {
    let mut tokens = item.supertraits.to_token_stream();
    item.generics.where_clause.to_tokens(&mut tokens);
    for member in &item.members {
        match member {
            Member::Fn(function) => function.sig.to_tokens(&mut tokens),
            Member::Const(constant) => constant.ty.to_tokens(&mut tokens),
            Member::Type(ty) => ty.bounds.to_tokens(&mut tokens),
            Member::Macro(_) => {}
        }
    }
    tokens
}
