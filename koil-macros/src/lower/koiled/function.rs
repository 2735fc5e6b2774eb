//! The twin of one function or method.

use quote::ToTokens;
use syn::{Ident, Path, ReturnType, Signature, Type};

use crate::{
    args::{self, Helpers, Koiled},
    error::{Error, Mistakes, err},
    lower::{
        koiled::{
            arguments::{params, receiver},
            bind::{bound, check_inferred},
            call_options::CallOptions,
            fallible::{Fallible, failure},
            handle_option::{check_no_self, home},
            returned::output,
        },
        signature::{
            docs::docs,
            generics::{check_conditional_generics, turbofish},
            names::{Names, Owner, check_other_name},
        },
        types::{
            parts::{bare, result_value},
            twin_types::{TwinTypes, check_all_used},
        },
    },
    model::{Convert, Held, Labels, Pass, PollBy, Receiver, Safety, Start, TwinFn, WaitCall},
    syntax::{
        attrs::{doc_lines, inherited, is_inert},
        function::Function,
    },
};

/// A function outside of any impl block.
pub(crate) fn free_fn(
    function: &Function,
    koiled: &Koiled,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<TwinFn> {
    let sig = &function.sig;
    if let Some(receiver) = sig.receiver() {
        mistakes.push(err!(
            receiver.self_token,
            "`#[koiled]` on a method; put it on the impl block"
        ));
        return None;
    }
    let (helpers, wrong) = args::helpers(&function.attrs);
    mistakes.take(wrong);
    let fits = mistakes.pass(|mistakes| check_free_fn(function, koiled, &helpers, mistakes));
    mistakes.take(check_other_name(koiled.name.as_ref(), &sig.ident));
    check_all_used(&koiled.twins, || sig.to_token_stream(), mistakes);
    mistakes.take(check_no_self(koiled.handle.as_ref()));
    let suffix = koiled.suffix.clone();
    let options = CallOptions {
        names: Names {
            twins: TwinTypes {
                koil,
                of_self: None,
                listed: &koiled.twins,
            },
            owner: Owner::Free,
            suffix: Some(suffix.unwrap_or_else(|| "_blocking".to_owned())),
            docs: koiled.docs,
        },
        fallible: Fallible::default(),
        lend: koiled.lend,
        handle: koiled.handle.as_ref(),
    };
    let name = koiled.name.clone().or_else(|| helpers.name.clone());
    let name = name.unwrap_or_else(|| options.names.twin_name(&sig.ident));
    let fallible = Fallible::of(koiled);
    let twin = twin_fn(function, &helpers, &options, fallible, name, mistakes)?;
    // A function that cannot be async gets no second error for not being async.
    if fits && !twin.convert.crosses() {
        mistakes.push(not_async(sig));
    }
    Some(twin)
}

/// The twin of a function of an impl block, if it needs one; other functions can be called as they
/// are.
pub(crate) fn method(
    function: &Function,
    options: &CallOptions<'_>,
    mistakes: &mut Mistakes,
) -> Option<TwinFn> {
    let names = &options.names;
    let (helpers, wrong) = args::helpers(&function.attrs);
    mistakes.take(wrong);
    if helpers.skip.is_some() {
        return None;
    }
    let original = &function.sig.ident;
    let name = helpers.name.clone();
    let name = name.unwrap_or_else(|| names.twin_name(original));
    // The twin of a type or trait has a namespace of its own, so only a suffix twin can collide.
    if names.suffix.is_some() {
        mistakes.take(check_other_name(helpers.name.as_ref(), original));
    }
    if let Some(at) = &function.defaultness {
        mistakes.push(err!(
            at,
            "specialised methods cannot be forwarded; add `#[koil(skip)]`"
        ));
    }
    let twin = twin_fn(
        function,
        &helpers,
        options,
        Fallible::default(),
        name,
        mistakes,
    )?;
    let asked_for = helpers.name.is_some() || helpers.enter.is_some();
    if !(asked_for || is_needed(&twin, names)) {
        return None;
    }
    // This code cannot see whether the type has accessors. With an explicit name, rustc reports a
    // collision.
    let own_name = helpers.name.is_none() && names.suffix.is_none();
    if own_name && matches!(names.owner, Owner::Type(_)) && is_accessor(&twin.name) {
        let name = &twin.name;
        mistakes.push(err!(
            name,
            "`{name}` is the twin's accessor; rename with `#[koil(name = \"..\")]`, or set `accessors = \"none\"` on the type and `#[koil(name = \"{name}\")]` here"
        ));
    }
    Some(twin)
}

/// Can the original not be called as it is?
fn is_needed(twin: &TwinFn, names: &Names<'_>) -> bool {
    match names.owner {
        _ if names.suffix.is_some() => twin.convert.crosses(),
        Owner::Trait { .. } => true,
        Owner::Free | Owner::Type(_) => {
            !twin.convert.is_as_is() || !is_borrowed(twin.receiver.as_ref())
        }
    }
}

/// `own` are options for this function alone.
pub(crate) fn twin_fn(
    function: &Function,
    helpers: &Helpers,
    options: &CallOptions<'_>,
    own: Fallible<'_>,
    name: Ident,
    mistakes: &mut Mistakes,
) -> Option<TwinFn> {
    mistakes.flawless(|mistakes| {
        let (names, original) = (&options.names, &function.sig);
        // Parsing the signature again is expensive, and few functions need it.
        let bound = (!helpers.bind.is_empty())
            .then(|| bound(function, &helpers.bind, mistakes))
            .flatten();
        let function = bound.as_ref().unwrap_or(function);
        let sig = &function.sig;
        check_conditional_generics(&sig.generics, mistakes);
        let receiver = mistakes.take(receiver(function, &names.twins)).flatten();
        let params = params(function, &names.twins, mistakes);
        let labels = names.labels(&original.ident, &name);
        let (output, convert) = converted(function, helpers, options, own, &labels, mistakes)
            .unwrap_or((ReturnType::Default, Convert::AsIs));
        let lines = doc_lines(&function.attrs);
        let of_self = names.self_text();
        Some(TwinFn {
            docs: docs(
                &lines,
                &names.link(&sig.ident),
                of_self.as_deref(),
                names.docs,
            ),
            attrs: inherited(&function.attrs),
            vis: function.vis.clone(),
            safety: match sig.safety {
                syn::Safety::Unsafe(_) => Safety::Unsafe,
                _ => Safety::Safe,
            },
            home: home(options.handle, receiver.as_ref()),
            start: start(&convert, receiver.as_ref(), helpers),
            callee: names.callee(&sig.ident),
            labels,
            name,
            generics: names.twins.async_self_generics(&sig.generics),
            turbofish: turbofish(original, &helpers.bind),
            receiver,
            params,
            output,
            convert,
        })
    })
}

/// The return type, and the conversion of the returned value.
fn converted(
    function: &Function,
    helpers: &Helpers,
    options: &CallOptions<'_>,
    own: Fallible<'_>,
    labels: &Labels,
    mistakes: &mut Mistakes,
) -> Option<(ReturnType, Convert)> {
    let poll = PollBy::of(helpers.lend.or(options.lend));
    let (output, mut convert) = output(function, helpers, &options.names.twins, poll, mistakes)?;
    if !mistakes.pass(|mistakes| {
        check_helpers(helpers, &convert, &function.sig.ident, mistakes);
        check_inferred(&function.sig, &output, mistakes);
    }) {
        return None;
    }
    let decided = failure(function, helpers, &convert, (own, options.fallible));
    let decided = mistakes.take(decided)?;
    if let Convert::Wait(wait, inner) = &mut convert {
        wait.failure = decided;
        if is_lazy(function, options) && !inner.crosses() {
            wait.call = WaitCall::Whole(labels.lines());
        }
    }
    Some((output, convert))
}

fn start(convert: &Convert, receiver: Option<&Receiver>, helpers: &Helpers) -> Start {
    if let Convert::Wait(wait, _) = convert {
        match wait.call {
            WaitCall::Begun => Start::Begin(wait.failure),
            WaitCall::Whole(_) => Start::Plain,
        }
    } else if convert.crosses() || !is_borrowed(receiver) || helpers.enter.is_some() {
        Start::Open
    } else {
        Start::Plain
    }
}

/// Does a call only make a future, and do nothing else, as far as can be seen? Another attribute
/// could have turned the function into a plain one, and so could an implementor of the trait.
fn is_lazy(function: &Function, options: &CallOptions<'_>) -> bool {
    function.sig.asyncness.is_some()
        && options.handle.is_none()
        && !matches!(options.names.owner, Owner::Trait { .. })
        && function.attrs.iter().all(is_inert)
}

/// `&self` and `&mut self` of a twin type, which has the sync methods through `Deref`.
fn is_borrowed(receiver: Option<&Receiver>) -> bool {
    receiver.is_some_and(|receiver| matches!(receiver.pass, Pass::Aio(Held::Ref | Held::RefMut)))
}

/// The mistake of a function that waits for nothing.
fn not_async(sig: &Signature) -> Error {
    let name = &sig.ident;
    let may_be_one = matches!(&sig.output, ReturnType::Type(_, ty)
        if matches!(bare(ty), Type::Path(_)) && result_value(ty).is_none());
    let instead = if may_be_one {
        "add `#[koil(wait)]` or `#[koil(iter)]` if the type is one by another name"
    } else {
        "return `impl Stream`"
    };
    err!(
        name,
        "`{name}` is not async and returns neither a future nor a stream; remove `#[koiled]`, or {instead}"
    )
}

/// Names that every twin type has already.
fn is_accessor(name: &Ident) -> bool {
    ["aio", "aio_mut", "into_aio"]
        .iter()
        .any(|accessor| name == accessor)
}

fn check_free_fn(function: &Function, koiled: &Koiled, helpers: &Helpers, mistakes: &mut Mistakes) {
    let sig = &function.sig;
    if let Some(at) = &sig.constness {
        mistakes.push(err!(
            at,
            "a `const fn` cannot be async; remove `const` or `#[koiled]`"
        ));
    }
    if let Some(abi) = &sig.abi {
        mistakes.push(err!(
            abi.extern_token,
            "`extern` fns cannot be async; remove `#[koiled]`"
        ));
    }
    if sig.ident == "main" {
        mistakes.push(err!(
            sig.ident,
            "`main` needs no twin; write `fn main() {{ koil::unkoil(async {{ .. }}) }}`"
        ));
    }
    if let (Some(_), Some(name)) = (&koiled.name, &helpers.name) {
        mistakes.push(err!(name, "`name` is given twice; keep one"));
    }
    if let Some(at) = helpers.skip {
        mistakes.push(err!(
            at,
            "`skip` is for methods; remove `#[koiled]` from this fn"
        ));
    }
}

/// Checks that `lend` is on a function that returns a future, stream or reader, and `enter` on one
/// that does not.
fn check_helpers(helpers: &Helpers, convert: &Convert, name: &Ident, mistakes: &mut Mistakes) {
    if let Some(at) = helpers.lend.filter(|_| !convert.crosses()) {
        mistakes.push(err!(
            at,
            "`lend` says who polls, and `{name}` returns no future, stream or reader; remove it"
        ));
    }
    if let Some(at) = helpers.enter.filter(|_| convert.crosses()) {
        mistakes.push(err!(
            at,
            "`enter` is for sync methods; `{name}` is under the loop's handle anyway: remove it"
        ));
    }
}
