//! Anonymous lifetimes inside of `impl Trait` arguments, which rustc allows in an `async fn` alone.

use proc_macro2::Span;
use syn::{
    AngleBracketedGenericArguments, FnArg, GenericArgument, GenericParam, Lifetime, LifetimeParam,
    PathArguments, Signature, Type, TypeParamBound,
};

/// The signature with a name for each of these lifetimes, if it has some.
pub(crate) fn named_lifetimes(sig: &Signature) -> Option<Signature> {
    let mut inputs = sig.inputs.iter();
    let may_have_some =
        |input: &FnArg| matches!(input, FnArg::Typed(typed) if is_or_holds_impl(&typed.ty));
    if sig.asyncness.is_none() || !inputs.any(may_have_some) {
        return None;
    }
    let mut named = sig.clone();
    let mut fresh = FreshLifetimes(Vec::new());
    for input in &mut named.inputs {
        if let FnArg::Typed(typed) = input {
            fresh.outside(&mut typed.ty);
        }
    }
    if fresh.0.is_empty() {
        return None;
    }
    let params = &mut named.generics.params;
    let others = std::mem::take(params);
    let lifetimes = fresh.0.into_iter().map(LifetimeParam::new);
    // Lifetimes come first.
    let (first, rest): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|param| matches!(param, GenericParam::Lifetime(_)));
    params.extend(first);
    params.extend(lifetimes.map(GenericParam::Lifetime));
    params.extend(rest);
    Some(named)
}

/// Names the anonymous lifetimes of a type, and returns the names.
pub(crate) fn name_lifetimes(ty: &mut Type) -> Vec<Lifetime> {
    let mut fresh = FreshLifetimes(Vec::new());
    fresh.inside(ty);
    fresh.0
}

/// Is this an `impl Trait`, or a type in which one is easily seen? Most arguments are neither.
fn is_or_holds_impl(ty: &Type) -> bool {
    match ty {
        Type::ImplTrait(_) => true,
        Type::Reference(reference) => is_or_holds_impl(&reference.elem),
        Type::Group(group) => is_or_holds_impl(&group.elem),
        Type::Paren(paren) => is_or_holds_impl(&paren.elem),
        Type::Slice(slice) => is_or_holds_impl(&slice.elem),
        Type::Array(array) => is_or_holds_impl(&array.elem),
        Type::Tuple(tuple) => tuple.elems.iter().any(is_or_holds_impl),
        Type::Path(path) => path.path.segments.iter().any(|segment| {
            matches!(&segment.arguments, PathArguments::AngleBracketed(list)
                if list.args.iter().any(|argument|
                    matches!(argument, GenericArgument::Type(ty) if is_or_holds_impl(ty))))
        }),
        _ => false,
    }
}

/// The new names.
struct FreshLifetimes(Vec<Lifetime>);

impl FreshLifetimes {
    fn fresh(&mut self) -> Lifetime {
        let name = format!("'__l{}", self.0.len());
        let lifetime = Lifetime::new(&name, Span::call_site());
        self.0.push(lifetime.clone());
        lifetime
    }

    /// A type outside of any `impl Trait`, where lifetimes may stay anonymous.
    fn outside(&mut self, ty: &mut Type) {
        match ty {
            Type::ImplTrait(node) => self.bounds(&mut node.bounds),
            other => super::parts::for_each_part(other, &mut |part| self.outside(part)),
        }
    }

    fn inside(&mut self, ty: &mut Type) {
        match ty {
            Type::ImplTrait(node) => self.bounds(&mut node.bounds),
            Type::TraitObject(object) => self.bounds(&mut object.bounds),
            Type::Reference(reference) => {
                match &mut reference.lifetime {
                    Some(lifetime) => self.lifetime(lifetime),
                    none => *none = Some(self.fresh()),
                }
                self.inside(&mut reference.elem);
            }
            Type::Path(path) => {
                for segment in &mut path.path.segments {
                    self.arguments(&mut segment.arguments);
                }
            }
            other => super::parts::for_each_part(other, &mut |part| self.inside(part)),
        }
    }

    fn bounds<'b>(&mut self, bounds: impl IntoIterator<Item = &'b mut TypeParamBound>) {
        for bound in bounds {
            match bound {
                TypeParamBound::Trait(bound) => {
                    for segment in &mut bound.path.segments {
                        self.arguments(&mut segment.arguments);
                    }
                }
                TypeParamBound::Lifetime(lifetime) => self.lifetime(lifetime),
                _ => {}
            }
        }
    }

    /// The lifetimes of `Fn(&T)` belong to each call.
    fn arguments(&mut self, arguments: &mut PathArguments) {
        let PathArguments::AngleBracketed(AngleBracketedGenericArguments { args, .. }) = arguments
        else {
            return;
        };
        for argument in args {
            match argument {
                GenericArgument::Lifetime(lifetime) => self.lifetime(lifetime),
                GenericArgument::Type(ty) => self.inside(ty),
                GenericArgument::AssocType(assoc) => self.inside(&mut assoc.ty),
                GenericArgument::Constraint(constraint) => self.bounds(&mut constraint.bounds),
                _ => {}
            }
        }
    }

    fn lifetime(&mut self, lifetime: &mut Lifetime) {
        if lifetime.ident == "_" {
            *lifetime = self.fresh();
        }
    }
}
