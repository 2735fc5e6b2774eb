//! The twin of one function or method.

use quote::ToTokens;
use syn::{Ident, Path, ReturnType, Signature, Type};

use crate::{
    args::{self, Helpers, Koiled},
    error::{Error, Result, checked, err},
    lower::{
        koiled::{
            bind::{all_inferred, bound},
            call_options::CallOptions,
            fallible::{Fallible, failure},
            handle_option::{check_no_self, home},
            returned::output,
        },
        signature::{
            docs::docs,
            generics::{no_conditional_generics, turbofish},
            names::{Names, Naming, check_other_name},
            params::{params, receiver},
        },
        types::{
            parts::{bare, result_value},
            twin_types::{TwinTypes, check_all_used},
        },
    },
    model::{Convert, Held, Pass, PollBy, Receiver, Safety, Start, TwinFn, WaitCall},
    syntax::{
        attrs::{doc_lines, inherited, is_inert},
        function::Function,
    },
};

/// A function outside of any impl block.
pub(crate) fn free_fn(function: &Function, koiled: &Koiled, koil: &Path) -> Result<TwinFn> {
    let sig = &function.sig;
    if let Some(receiver) = sig.receiver() {
        let at = receiver.self_token;
        return Err(err!(
            at,
            "`#[koiled]` on a method; put it on the impl block"
        ));
    }
    let (helpers, mistakes) = args::helpers(&function.attrs);
    let suffix = koiled
        .suffix
        .clone()
        .unwrap_or_else(|| "_blocking".to_owned());
    let options = CallOptions {
        names: Names {
            twins: TwinTypes {
                koil,
                own: None,
                listed: &koiled.twins,
            },
            face: Naming::Suffix(suffix),
            self_ty: None,
            docs: koiled.docs,
        },
        fallible: Fallible::default(),
        lend: koiled.lend,
        handle: koiled.handle.as_ref(),
    };

    let name = koiled.name.clone().or_else(|| helpers.name.clone());
    let name = name.unwrap_or_else(|| options.names.twin_name(&sig.ident));
    let twin = twin_fn(function, &helpers, &options, Fallible::of(koiled), name);
    let fits = check_free_fn(function, koiled, &helpers);
    // A function that cannot be async gets no second error for not being async.
    let twin = match &fits {
        Ok(()) => twin.and_then(|twin| crossing(twin, sig)),
        Err(_) => twin,
    };
    let twin = checked(check_no_self(options.handle), twin);
    let twin = checked(
        check_all_used(&koiled.twins, || sig.to_token_stream()),
        twin,
    );
    let twin = checked(check_other_name(koiled.name.as_ref(), &sig.ident), twin);
    checked(mistakes, checked(fits, twin))
}

/// The twin of a function of an impl block, if it needs one; other functions can be called as they
/// are.
pub(crate) fn method(function: &Function, options: &CallOptions<'_>) -> Result<Option<TwinFn>> {
    let (helpers, mistakes) = args::helpers(&function.attrs);
    if helpers.skip.is_some() {
        return mistakes.map(|()| None);
    }
    let original = &function.sig.ident;
    let name = helpers
        .name
        .clone()
        .unwrap_or_else(|| options.names.twin_name(original));
    // The twin of a type or trait has a namespace of its own, so only a suffix twin can collide.
    if matches!(options.names.face, Naming::Suffix(_)) {
        check_other_name(helpers.name.as_ref(), original)?;
    }
    let twin = twin_fn(function, &helpers, options, Fallible::default(), name);
    let twin = checked(mistakes, checked(check_method(function), twin))?;
    let asked_for = helpers.name.is_some() || helpers.enter.is_some();
    let wanted = match &options.names.face {
        Naming::Type => !twin.convert.is_as_is() || !is_borrowed(twin.receiver.as_ref()),
        Naming::Trait => true,
        Naming::Suffix(_) => twin.convert.crosses(),
    };
    if !(wanted || asked_for) {
        return Ok(None);
    }
    // This code cannot see whether the type has accessors. With an explicit name, rustc reports a
    // collision.
    if matches!(options.names.face, Naming::Type)
        && helpers.name.is_none()
        && is_accessor(&twin.name)
    {
        let name = &twin.name;
        return Err(err!(
            name,
            "`{name}` is the twin's accessor; rename with `#[koil(name = \"..\")]`, or set `accessors = \"none\"` on the type and `#[koil(name = \"{name}\")]` here"
        ));
    }
    Ok(Some(twin))
}

/// `failing` are options for this function alone.
pub(crate) fn twin_fn(
    function: &Function,
    helpers: &Helpers,
    options: &CallOptions<'_>,
    failing: Fallible<'_>,
    name: Ident,
) -> Result<TwinFn> {
    let twins = &options.names.twins;
    let mut errors = Error::accumulator();
    let labels = options.names.labels(&function.sig.ident, &name);
    let original = &function.sig;
    // Parsing the signature again is expensive, and few functions need it.
    let bound = (!helpers.bind.is_empty())
        .then(|| errors.handle(bound(function, &helpers.bind)))
        .flatten();
    let function = bound.as_ref().unwrap_or(function);
    let sig = &function.sig;
    errors.handle(no_conditional_generics(&sig.generics));
    let receiver = errors.handle(receiver(function, twins)).flatten();
    let params = errors.handle(params(function, twins)).unwrap_or_default();
    // A placeholder for a mistake never leaves this function: `finish_with` returns the errors
    // instead.
    let output = errors.handle_in(|| {
        let poll = PollBy::of(helpers.lend.or(options.lend));
        let (output, mut convert) = output(function, helpers, twins, poll)?;
        helpers_fit(helpers, &convert, &sig.ident)?;
        all_inferred(sig, &output)?;
        let decided = failure(function, helpers, &convert, (failing, options.fallible))?;
        if let Convert::Wait(wait, inner) = &mut convert {
            wait.failure = decided;
            if is_lazy(function, options) && !inner.crosses() {
                wait.call = WaitCall::Whole(labels.lines());
            }
        }
        Ok((output, convert))
    });
    let (output, convert) = output.unwrap_or((ReturnType::Default, Convert::AsIs));
    let (lines, link, own) = (
        doc_lines(&function.attrs),
        options.names.link(&sig.ident),
        options.names.own_text(),
    );
    errors.finish_with(TwinFn {
        docs: docs(&lines, &link, own.as_deref(), options.names.docs),
        attrs: inherited(&function.attrs),
        vis: function.vis.clone(),
        safety: match sig.safety {
            syn::Safety::Unsafe(_) => Safety::Unsafe,
            _ => Safety::Safe,
        },
        home: home(options.handle, receiver.as_ref()),
        start: start(&convert, receiver.as_ref(), helpers),
        callee: options.names.callee(&sig.ident),
        labels,
        name,
        generics: twins.async_self_generics(&sig.generics),
        turbofish: turbofish(original, &helpers.bind),
        receiver,
        params,
        output,
        convert,
    })
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
        && !matches!(options.names.face, Naming::Trait)
        && function.attrs.iter().all(is_inert)
}

/// `&self` and `&mut self` of a twin type, which has the sync methods through `Deref`.
fn is_borrowed(receiver: Option<&Receiver>) -> bool {
    receiver.is_some_and(|receiver| matches!(receiver.pass, Pass::Aio(Held::Ref | Held::RefMut)))
}

fn crossing(twin: TwinFn, sig: &Signature) -> Result<TwinFn> {
    if twin.convert.crosses() {
        return Ok(twin);
    }
    let name = &sig.ident;
    let may_be_one = matches!(&sig.output, ReturnType::Type(_, ty)
        if matches!(bare(ty), Type::Path(_)) && result_value(ty).is_none());
    let instead = if may_be_one {
        "add `#[koil(wait)]` or `#[koil(iter)]` if the type is one by another name"
    } else {
        "return `impl Stream`"
    };
    Err(err!(
        name,
        "`{name}` is not async and returns neither a future nor a stream; remove `#[koiled]`, or {instead}"
    ))
}

/// Names that every twin type has already.
fn is_accessor(name: &Ident) -> bool {
    ["aio", "aio_mut", "into_aio"]
        .iter()
        .any(|accessor| name == accessor)
}

fn check_free_fn(function: &Function, koiled: &Koiled, helpers: &Helpers) -> Result<()> {
    let sig = &function.sig;
    let mut errors = Error::accumulator();
    if let Some(at) = &sig.constness {
        errors.push(err!(
            at,
            "a `const fn` cannot be async; remove `const` or `#[koiled]`"
        ));
    }
    if let Some(abi) = &sig.abi {
        errors.push(err!(
            abi.extern_token,
            "`extern` fns cannot be async; remove `#[koiled]`"
        ));
    }
    if sig.ident == "main" {
        errors.push(err!(
            sig.ident,
            "`main` needs no twin; write `fn main() {{ koil::unkoil(async {{ .. }}) }}`"
        ));
    }
    if let (Some(_), Some(name)) = (&koiled.name, &helpers.name) {
        errors.push(err!(name, "`name` is given twice; keep one"));
    }
    if let Some(at) = helpers.skip {
        errors.push(err!(
            at,
            "`skip` is for methods; remove `#[koiled]` from this fn"
        ));
    }
    errors.finish()
}

fn check_method(function: &Function) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(at) = &function.defaultness {
        errors.push(err!(
            at,
            "specialised methods cannot be forwarded; add `#[koil(skip)]`"
        ));
    }
    errors.finish()
}

/// Checks that `lend` is on a function that returns a future, stream or reader, and `enter` on one
/// that does not.
fn helpers_fit(helpers: &Helpers, convert: &Convert, name: &Ident) -> Result<()> {
    let mut errors = Error::accumulator();
    if let Some(at) = helpers.lend.filter(|_| !convert.crosses()) {
        errors.push(err!(
            at,
            "`lend` says who polls, and `{name}` returns no future, stream or reader; remove it"
        ));
    }
    if let Some(at) = helpers.enter.filter(|_| convert.crosses()) {
        errors.push(err!(
            at,
            "`enter` is for sync methods; `{name}` is under the loop's handle anyway: remove it"
        ));
    }
    errors.finish()
}
