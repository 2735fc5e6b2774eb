//! `#[threaded(pinned)] impl`: a type whose async methods run on the thread of one object.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, format_ident};
use syn::{
    GenericArgument, GenericParam, Path, PathArguments, ReturnType, Type, Visibility,
    ext::IdentExt, spanned::Spanned,
};

use super::{
    arguments::Cloning,
    function::{Position, threaded_fn},
    marks::{RENAME, check_macro, marked, no_marks, of_both},
};
use crate::{
    args::{Docs, Pinned, Threaded},
    error::{Mistakes, Result, err},
    lower::{
        signature::{Direction, Names, Naming, Owner, check_distinct, is_self, path_text},
        types::{SelfKind, SelfType, Shape, TwinTypes, bare, path_type, readable},
    },
    model::{
        Carry, DocLine, Job, Made, ObjectUse, PinnedImpl, PinnedType, Place, ThreadedFn,
        ThreadedImpl,
    },
    syntax::{
        attrs::{conditions, inherited},
        block::{Block, Member},
        function::Function,
    },
};

const WAY_OUT: &str = "add `#[koil(skip)]`";

/// The type of the object, by the names that it has in the block.
struct Object<'a> {
    ty: &'a Type,
    /// Its path, as the header writes it.
    path: &'a Path,
    twin: Ident,
}

/// The twins of the methods without mistakes, and the type that has them.
pub(super) fn block(
    block: &Block,
    options: &Threaded,
    pinned: &Pinned,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<PinnedImpl> {
    let ty = bare(&block.self_ty);
    let path = mistakes.take(path_of(block, ty))?;
    let last = path.segments.last()?;
    let given = pinned.of.as_ref().or(options.name.as_ref());
    let object = Object {
        ty,
        path,
        twin: match given {
            Some(name) => name.clone(),
            None => format_ident!("Async{}", last.ident.unraw(), span = last.ident.span()),
        },
    };
    check_options(options, pinned, mistakes);
    let methods = methods(block, options, &object, koil, mistakes);
    let signatures = methods.iter().map(|method| &method.signature);
    check_distinct(signatures, RENAME, mistakes);
    let declared = pinned.of.is_none().then(|| PinnedType {
        docs: vec![DocLine::Text(format!(
            " Async twin of [`{0}`]: a `{0}` on a thread of its own.",
            path_text(path)
        ))],
        vis: widest(&methods),
        name: object.twin.clone(),
    });
    let mut twin = last.clone();
    twin.ident = object.twin;
    Some(PinnedImpl {
        declared,
        conditions: conditions(&block.attrs),
        object: block.self_ty.clone(),
        block: ThreadedImpl {
            attrs: inherited(&block.attrs),
            generics: block.generics.clone(),
            self_ty: path_type(Path::from(twin)),
            methods,
        },
    })
}

fn methods(
    block: &Block,
    options: &Threaded,
    object: &Object<'_>,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Vec<ThreadedFn> {
    let mut methods = Vec::new();
    for member in &block.members {
        match member {
            Member::Fn(function) => {
                let twin =
                    mistakes.flawless(|mistakes| method(function, options, object, koil, mistakes));
                methods.extend(twin);
            }
            Member::Macro(invocation) => drop(mistakes.take(check_macro(invocation))),
            Member::Const(constant) => drop(mistakes.take(no_marks(&constant.attrs))),
            Member::Type(ty) => drop(mistakes.take(no_marks(&ty.attrs))),
        }
    }
    methods
}

fn method(
    function: &Function,
    of_block: &Threaded,
    object: &Object<'_>,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<ThreadedFn> {
    let (attribute, options) = marked(function, mistakes)?;
    check_own_options(&options, mistakes);
    let options = of_both(of_block, options);
    let of_self = SelfType {
        path: object.path.clone(),
        twin: object.twin.clone().into(),
        kind: SelfKind::Type,
    };
    let position = Position {
        names: Names {
            twins: TwinTypes::new(koil, Some(of_self), &[]),
            owner: Owner::Type(Box::new(object.ty.clone())),
            naming: Naming::Elsewhere,
            docs: Docs::Prose,
            direction: Direction::ToAsync,
        },
        attribute,
        options: &options,
        cloning: Cloning::Pinned,
        way_out: WAY_OUT,
    };
    let made = made(&function.sig.output).filter(|_| function.sig.receiver().is_none());
    check_self(function, object, made, mistakes);
    let mut twin = threaded_fn(function, &position, mistakes)?;
    let ty = Box::new(object.ty.clone());
    twin.place = match (&twin.signature.receiver, made) {
        (None, None) => Place::Pool,
        (None, Some(made)) => Place::Object(ty, ObjectUse::Made(made)),
        (Some(receiver), _) if matches!(receiver.pass, Carry::Taken) => {
            mistakes.take(check_ends(function, &twin.job));
            Place::Object(ty, ObjectUse::Taken)
        }
        (Some(_), _) => Place::Object(ty, ObjectUse::Lent),
    };
    Some(twin)
}

/// The path of the type of the block, which has to be one that `AsyncDb` can be named after.
fn path_of<'b>(block: &Block, ty: &'b Type) -> Result<&'b Path> {
    if let Some(GenericParam::Lifetime(lifetime)) = block
        .generics
        .params
        .iter()
        .find(|param| matches!(param, GenericParam::Lifetime(_)))
    {
        return Err(err!(
            lifetime,
            "a pinned object lives on a thread of its own, so it cannot borrow; make it own its data, and remove this lifetime"
        ));
    }
    match ty {
        Type::Path(path) if path.qself.is_none() => Ok(&path.path),
        other => Err(err!(
            other.span(),
            "the async type of a pinned object is named after the type of the object; put the attribute on the impl of a struct or enum"
        )),
    }
}

fn check_options(options: &Threaded, pinned: &Pinned, mistakes: &mut Mistakes) {
    check_own_options(options, mistakes);
    if let (Some(name), Some(of)) = (&options.name, &pinned.of) {
        mistakes.push(err!(
            name,
            "`pinned({of})` names the type already; remove `name`"
        ));
    }
}

/// Rejects options that choose a thread, on the block and on a method.
fn check_own_options(options: &Threaded, mistakes: &mut Mistakes) {
    if let Some(at) = options.separate {
        mistakes.push(err!(
            at,
            "a pinned object has one thread, on which all its methods run; remove `separate`"
        ));
    }
    if let Some(at) = options.clone {
        mistakes.push(err!(
            at,
            "a pinned object stays on its thread and is never cloned; remove `clone`"
        ));
    }
    if let Some(handle) = &options.handle {
        mistakes.push(err!(
            handle,
            "a pinned object stays with the loop that was ambient when it was made; remove `handle`, and call `handle.enter()` where the object is made"
        ));
    }
}

/// How the object is in a returned type, if it is the returned value or in a `Result` or `Option`.
fn made(output: &ReturnType) -> Option<Made> {
    let ReturnType::Type(_, ty) = output else {
        return None;
    };
    if is_self(ty) {
        return Some(Made::Always);
    }
    let shape = Shape::without_twins(ty);
    let (path, inner) = shape.result_value()?;
    let others = path.path.segments.last().map(|last| match &last.arguments {
        PathArguments::AngleBracketed(list) => list.args.iter().skip(1).any(mentions_self),
        _ => false,
    });
    (is_self(inner) && !others.unwrap_or_default()).then_some(Made::Inside)
}

fn mentions_self(argument: &GenericArgument) -> bool {
    word_self(argument.to_token_stream()).is_some()
}

/// Rejects `Self` where it would be the async type, and the object itself where it would leave its
/// thread.
fn check_self(
    function: &Function,
    object: &Object<'_>,
    made: Option<Made>,
    mistakes: &mut Mistakes,
) {
    let (sig, twin) = (&function.sig, &object.twin);
    let text = readable(object.ty);
    let typed = sig.inputs.iter().filter_map(|input| match input {
        syn::FnArg::Typed(typed) => Some(typed.ty.to_token_stream()),
        syn::FnArg::Receiver(_) => None,
    });
    let generics = [
        sig.generics.to_token_stream(),
        sig.generics.where_clause.to_token_stream(),
    ];
    if let Some(at) = typed.chain(generics).find_map(word_self) {
        mistakes.push(err!(
            at,
            "`Self` is `{text}` here, and `{twin}` in the twin; write `{text}`, or {WAY_OUT}"
        ));
    }
    if made.is_some() {
        return;
    }
    let ReturnType::Type(_, ty) = &sig.output else {
        return;
    };
    match (word_self(ty.to_token_stream()), sig.receiver()) {
        (Some(at), Some(_)) => mistakes.push(err!(
            at,
            "a `{text}` cannot leave its thread; return another value, or {WAY_OUT}"
        )),
        (Some(at), None) => mistakes.push(err!(
            at,
            "only `Self`, `Result<Self, E>` and `Option<Self>` become `{twin}`; return one of them, or {WAY_OUT}"
        )),
        (None, None) if is_object(ty, object) => mistakes.push(err!(
            ty.span(),
            "this object becomes an `{twin}` only under the name `Self`; write `Self`"
        )),
        _ => {}
    }
}

/// Is this the type of the object by its own name, also in a `Result` or `Option`?
fn is_object(ty: &Type, object: &Object<'_>) -> bool {
    let same = |ty: &Type| {
        bare(ty).to_token_stream().to_string() == object.ty.to_token_stream().to_string()
    };
    let shape = Shape::without_twins(ty);
    same(ty) || shape.result_value().is_some_and(|(_, inner)| same(inner))
}

/// The first word `Self`.
fn word_self(tokens: TokenStream) -> Option<Ident> {
    tokens.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if ident == "Self" => Some(ident),
        TokenTree::Group(group) => word_self(group.stream()),
        _ => None,
    })
}

/// A method that takes `self` is the end of the object, so nothing can be left that needs it.
fn check_ends(function: &Function, job: &Job) -> Result<()> {
    match (job, function.sig.receiver()) {
        (Job::Items(_) | Job::Opened(_) | Job::Yields(_), Some(receiver)) => Err(err!(
            receiver.self_token,
            "a method that takes `self` ends the object, and the items need it; take `&mut self`"
        )),
        _ => Ok(()),
    }
}

/// The visibility of the most visible method.
fn widest(methods: &[ThreadedFn]) -> Visibility {
    let rank = |vis: &Visibility| match vis {
        Visibility::Public(_) => 2,
        Visibility::Restricted(_) => 1,
        Visibility::Inherited => 0,
    };
    let visible = methods.iter().map(|method| &method.signature.vis);
    let widest = visible.max_by_key(|vis| rank(vis));
    widest.cloned().unwrap_or(Visibility::Inherited)
}
