//! The blocking twin of a trait, and the one impl that covers every twin type.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{
    Path, TypeParamBound, WhereClause, WherePredicate, ext::IdentExt, parse::Parse,
    punctuated::Punctuated,
};

use super::{
    block::RENAME,
    call_options::{CallOptions, check_expressions},
    doc_links::link_trait,
    function::method,
    inline_option::ready_bounds,
    listed::{check_no_bounds_in_trait, check_no_trait_by_type, unused_twins},
    trait_bounds::{Marker, Markers, needs_sized_self},
};
use crate::{
    args::{self, Docs, Koiled},
    error::{Mistakes, Result, err},
    lower::{
        signature::{
            Direction, Names, TraitMembers, bounds_on_self, check_attrs, check_distinct,
            check_macro, check_other_name, check_unconditional, conditions_and_lints, doc_lines,
            docs, predicates,
        },
        types::{applied, ends_with, is_path_separator, readable_tokens, replaced, twin_ident},
    },
    model::{
        ConstValue, Declared, DocLine, Safety, TwinAssoc, TwinTrait, TwinTraitConst, TwinTraitFn,
    },
    syntax::{
        attrs::{companions, inherited, lints},
        block::Member,
        function::Function,
        traits::TraitItem,
    },
};

pub(crate) fn trait_item(
    item: &TraitItem,
    koiled: &Koiled,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> TwinTrait {
    let original = applied(&item.ident, &item.generics);
    let name = koiled.name.clone();
    let name = name.unwrap_or_else(|| twin_ident(&item.ident));
    let (listed, direction) = (&koiled.twins, Direction::ToBlocking);
    let names = Names::of_trait(
        original.clone(),
        name.clone(),
        listed,
        koiled.docs,
        direction,
        koil,
    );
    check_expressions(koiled, mistakes);
    let options = CallOptions::of(names, koiled, Some(&item.generics));
    check_no_trait_by_type(&koiled.twins, &item.supertraits, mistakes);
    check_no_bounds_in_trait(&koiled.twins, item, mistakes);
    let mut members = TraitMembers::of(item, &options.names);
    let of_supertrait = members.inherit(item, || methods_with_twins(item));
    mistakes.take(check_other_name(koiled.name.as_ref(), &item.ident));
    check_unconditional(&item.generics, mistakes);
    mistakes.take(not_rewritten(item));
    let mut markers = Markers::of_default_bodies(item);
    let (mut types, consts, mut methods) = twins(item, &members, &options, &mut markers, mistakes);
    types.extend(of_supertrait);
    link_trait(&options.names, &mut methods);
    let supertraits = members.carried(&item.supertraits);
    let clauses = members.where_clauses(item, &original, mistakes);
    let has_twin_const = consts
        .iter()
        .any(|constant| constant.value == ConstValue::Twin);
    if has_twin_const || supertraits.iter().any(is_sized) {
        markers.add(Marker::Sized);
    }
    let on_twin = supertraits.iter().cloned().chain(clauses.on_twin);
    let mut generics = syn::Generics {
        where_clause: clauses.twin,
        ..item.generics.clone()
    };
    let mut blanket_where = clauses.blanket;
    let ready = ready_bounds(&generics, koiled.inline.as_ref(), koil, mistakes);
    if !ready.is_empty() {
        blanket_where.extend(ready.iter().cloned());
        generics.make_where_clause().predicates.extend(ready);
    }
    TwinTrait {
        safety: match item.unsafety {
            Some(_) => Safety::Unsafe,
            None => Safety::Safe,
        },
        size: markers.size(),
        aio_bounds: markers.bounds(),
        twin_bounds: members.known(on_twin),
        blanket_where,
        declared: Declared {
            docs: trait_docs(item, koiled.docs),
            advice: advice(item),
            attrs: inherited(&item.attrs),
            companions: [companions(&item.attrs), lints(&item.attrs)].concat(),
            vis: item.vis.clone(),
            name,
            generics,
            original,
            types,
            consts,
        },
        supertraits,
        methods,
        unused: unused_twins(&koiled.twins, &mentioned(item)),
    }
}

fn twins(
    item: &TraitItem,
    members: &TraitMembers<'_>,
    options: &CallOptions<'_>,
    markers: &mut Markers,
    mistakes: &mut Mistakes,
) -> (Vec<TwinAssoc>, Vec<TwinTraitConst>, Vec<TwinTraitFn>) {
    let (mut types, mut consts, mut methods) = (Vec::new(), Vec::new(), Vec::new());
    for member in &item.members {
        check_attrs(member.attrs(), "trait", mistakes);
        match member {
            Member::Type(ty) => types.extend(members.assoc(ty, mistakes)),
            Member::Const(constant) => consts.extend(members.constant(constant, mistakes)),
            Member::Fn(function) => {
                methods.extend(members.method(function, options, markers, mistakes));
            }
            Member::Macro(invocation) => check_macro(invocation, mistakes),
        }
    }
    let signatures = methods.iter().map(|method| &method.forward.signature);
    check_distinct(signatures, RENAME, mistakes);
    (types, consts, methods)
}

impl TraitMembers<'_> {
    fn method(
        &self,
        function: &Function,
        options: &CallOptions<'_>,
        markers: &mut Markers,
        mistakes: &mut Mistakes,
    ) -> Option<TwinTraitFn> {
        let (helpers, _) = args::helpers(&function.attrs);
        if helpers.skip.is_none() {
            self.check_nameable(&function.sig, mistakes);
            self.check_bounds(function, markers, mistakes);
        }
        let forward = method(function, options, mistakes)?;
        if needs_sized_self(&forward) {
            markers.add(Marker::Sized);
        }
        Some(TwinTraitFn {
            impl_attrs: conditions_and_lints(&forward.signature.attrs),
            forward,
        })
    }

    /// Markers such as `where Self: Sized` have to hold for the async side too. Other bounds on
    /// `Self` are rejected, since they cannot be asked of a twin.
    fn check_bounds(&self, function: &Function, markers: &mut Markers, mistakes: &mut Mistakes) {
        let generics = &function.sig.generics;
        mistakes.take(self.free_of_self(&generics.params));
        for predicate in predicates(generics.where_clause.as_ref()) {
            let Some(bounds) = bounds_on_self(predicate) else {
                mistakes.take(self.free_of_self(predicate));
                continue;
            };
            for bound in bounds.iter().filter(|bound| !markers.take(bound)) {
                let text = readable_tokens(bound);
                mistakes.push(err!(
                    bound,
                    "a twin cannot know that its original is `{text}`; add `#[koil(skip)]`"
                ));
            }
        }
    }

    fn where_clauses(
        &self,
        item: &TraitItem,
        original: &Path,
        mistakes: &mut Mistakes,
    ) -> WhereClauses {
        let mut twin = Punctuated::new();
        let (mut blanket, mut on_twin) = (Vec::new(), Vec::new());
        mistakes.take(self.free_of_self(&item.generics.params));
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
            // The twin of such a type need not have the bound, as with supertraits.
            if self.names.twins.nameless_in(predicate).is_none() {
                self.check_nameable(predicate, mistakes);
                twin.push(predicate.clone());
            }
            blanket.push(self.of_original(predicate, original));
        }
        let clause = item.generics.where_clause.as_ref();
        let clause = clause.filter(|_| !twin.is_empty());
        WhereClauses {
            twin: clause.map(|clause| WhereClause {
                where_token: clause.where_token,
                predicates: twin,
            }),
            blanket,
            on_twin,
        }
    }

    /// Replaces `Self` by the original, and `Self::Item` by the item that the original declares.
    fn of_original<T: Parse + ToTokens + Clone>(&self, node: &T, original: &Path) -> T {
        let koil = self.names.twins.koil;
        let aio = quote!(<Self as #koil::__private::Twin>::Aio);
        let replaced = replaced(node.to_token_stream(), &|word, next| {
            let in_path = is_path_separator(next);
            let is_self = word == "Self";
            is_self.then(|| {
                if in_path {
                    quote!(<#aio as #original>)
                } else {
                    aio.clone()
                }
            })
        });
        syn::parse2(replaced).unwrap_or_else(|_| node.clone())
    }
}

/// The `where` clause of a trait, divided.
struct WhereClauses {
    /// The clause of the twin trait.
    twin: Option<WhereClause>,
    /// The predicates of the blanket impl.
    blanket: Vec<WherePredicate>,
    /// The bounds on `Self`.
    on_twin: Vec<TypeParamBound>,
}

/// The docs of a twin, with a line about the types that implement it.
fn trait_docs(item: &TraitItem, level: Docs) -> Vec<DocLine> {
    let name = item.ident.unraw().to_string();
    let (lines, direction) = (doc_lines(&item.attrs), Direction::ToBlocking);
    let mut lines = docs(direction, &lines, &name, Some(&name), level);
    if level != Docs::None {
        lines.push(DocLine::gap());
        lines.push(DocLine::Text(format!(
            " The blocking twin of each [`{name}`] has it; other types may implement it by hand."
        )));
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
        if bound.maybe.is_none() && ends_with(&bound.path, &["Sized"]))
}

/// The signatures of the methods that have twins.
fn methods_with_twins(item: &TraitItem) -> TokenStream {
    let mut tokens = TokenStream::new();
    for member in &item.members {
        if let Member::Fn(function) = member
            && args::helpers(&function.attrs).0.skip.is_none()
        {
            function.sig.to_tokens(&mut tokens);
        }
    }
    tokens
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
