//! The twin of one function or method.

use syn::{Ident, Path};

use super::{
    aio::{async_fn, check_no_name, check_one_side},
    bind::{bound, check_inferred},
    call_options::CallOptions,
    fallible::{Fallible, failure},
    function_checks::{check_free_fn, check_helpers, not_async},
    helped::Helped,
    inline_option::{add_bounds, ready_bounds},
    listed::{check_all_used, check_no_bounds},
    returned::{Output, output},
    shown::{is_accessor, shown},
    unawaited::mark,
};
use crate::{
    args::{Helpers, Koiled, no_panics_inline},
    error::{Mistakes, Result, err},
    lower::{
        signature::{
            Around, Direction, Names, Naming, Owner, check_conditional_generics, check_no_self,
            check_other_name, doc_lines, loop_choice, passed_receiver, read_helpers, receiver,
            turbofish, without_async_trait,
        },
        types::{TwinTypes, named_lifetimes},
    },
    model::{
        AsyncFn, Call, Given, Held, Panics, Pass, PollBy, Receiver, Safety, Start, TwinFn,
        TwinSignature, Wait,
    },
    syntax::{
        attrs::{inherited, is_inert},
        function::Function,
    },
};

/// A function outside of any impl block.
pub(crate) fn free_fn(
    function: &Function,
    koiled: &Koiled,
    koil: &Path,
    mistakes: &mut Mistakes,
) -> Option<(TwinFn, Option<AsyncFn>)> {
    let sig = &function.sig;
    if let Some(receiver) = sig.receiver() {
        mistakes.push(err!(
            receiver.self_token,
            "`#[koiled]` does not apply to a single method; put it on the impl block"
        ));
        return None;
    }
    let helpers = read_helpers(&function.attrs, mistakes);
    let fits = mistakes.pass(|mistakes| check_free_fn(function, koiled, &helpers, mistakes));
    mistakes.take(check_other_name(koiled.name.as_ref(), &sig.ident));
    check_all_used(&koiled.twins, sig, mistakes);
    check_no_bounds(&koiled.twins, sig, mistakes);
    mistakes.take(check_no_self(koiled.handle.as_ref(), "a `koil::Handle`"));
    mistakes.take(check_one_side(koiled, &function.attrs));
    let naming = match (koiled.aio, &koiled.suffix) {
        (Some(_), _) => Naming::Aio(sig.ident.clone().into()),
        (None, suffix) => Naming::Suffix(suffix.as_deref().unwrap_or("_blocking").to_owned()),
    };
    let names = Names {
        twins: TwinTypes::new(koil, None, &koiled.twins),
        owner: Owner::Free,
        naming,
        docs: koiled.docs,
        direction: Direction::ToBlocking,
    };
    let options = CallOptions::of(names, koiled, None);
    mistakes.take(check_no_name(&options.names, helpers.name.as_ref()));
    let name = koiled.name.clone().or_else(|| helpers.name.clone());
    let name = name.unwrap_or_else(|| options.names.twin_name(&sig.ident));
    let original = Original::of(function, &helpers, name, &options);
    let twin = original.twin(&options, mistakes)?;
    // A function that cannot be async gets no second error for not being async.
    if fits && !twin.waits() {
        mistakes.push(not_async(sig));
    }
    let aio = async_fn(function, &options.names);
    Some((twin, aio))
}

/// The twin of a function of an impl block, if it needs one; other functions can be called as they
/// are, and are only shown.
pub(crate) fn method(
    function: &Function,
    options: &CallOptions<'_>,
    mistakes: &mut Mistakes,
) -> Option<TwinFn> {
    let names = &options.names;
    let helpers = read_helpers(&function.attrs, mistakes);
    if helpers.skip.is_some() {
        return None;
    }
    let original = &function.sig.ident;
    let name = helpers.name.clone();
    let name = name.unwrap_or_else(|| names.twin_name(original));
    // The twin of a type or trait has a namespace of its own, so only a suffix twin can collide.
    if matches!(names.naming, Naming::Suffix(_)) {
        mistakes.take(check_other_name(helpers.name.as_ref(), original));
    }
    mistakes.take(check_no_name(names, helpers.name.as_ref()));
    if let Some(at) = &function.defaultness {
        mistakes.push(err!(
            at,
            "specialised methods cannot be forwarded; add `#[koil(skip)]`"
        ));
    }
    let original = Original::of(function, &helpers, name, options);
    let mut twin = original.twin(options, mistakes)?;
    let is_unawaited = !names.is_beside() && mark(&mut twin, &function.sig.output);
    let mut params = twin.signature.params.iter();
    let asked_for = helpers.name.is_some()
        || is_unawaited
        || helpers.enter.is_some()
        || params.any(|param| matches!(param.pass, Pass::Callback(_) | Pass::Std(..)));
    if !(asked_for || is_needed(&twin, names)) {
        let shown = shown(function, twin, names);
        if let (Some(doc), None) = (&helpers.doc, &shown) {
            mistakes.push(err!(
                doc,
                "`{}` has no twin, and no page lists it, so `doc` has no effect; remove `doc`",
                function.sig.ident
            ));
        }
        return shown;
    }
    // This code cannot see whether the type has accessors. With an explicit name, rustc reports a
    // collision.
    let own_name = helpers.name.is_none() && !names.is_beside();
    if own_name && matches!(names.owner, Owner::Type(_)) && is_accessor(&twin.signature.name) {
        let name = &twin.signature.name;
        mistakes.push(err!(
            name,
            "`{name}` is an accessor of the twin type; rename the method with `#[koil(name = \"..\")]`, or set `accessors = \"none\"` on the type and `#[koil(name = \"{name}\")]` here"
        ));
    }
    Some(twin)
}

/// Can the original not be called as it is?
fn is_needed(twin: &TwinFn, names: &Names<'_>) -> bool {
    match names.owner {
        _ if names.is_beside() => twin.waits(),
        Owner::Trait { .. } => true,
        Owner::Free | Owner::Type(_) => {
            let is_same = twin.convert.is_as_is() && !matches!(twin.call, Call::Waits(_));
            !is_same || !is_borrowed(twin.signature.receiver.as_ref())
        }
    }
}

/// A function that gets a twin.
pub(crate) struct Original<'a> {
    pub(crate) function: &'a Function,
    pub(crate) helpers: &'a Helpers,
    /// The name of the twin.
    pub(crate) name: Ident,
    /// `fallible` and `timeout` of a function outside of any block; empty for a method, whose
    /// helpers are added later.
    pub(crate) fallible: Fallible<'a>,
    /// Does a call only make a future?
    pub(crate) is_lazy: bool,
}

impl<'a> Original<'a> {
    pub(crate) fn of(
        function: &'a Function,
        helpers: &'a Helpers,
        name: Ident,
        options: &CallOptions<'a>,
    ) -> Original<'a> {
        Original {
            function,
            helpers,
            name,
            fallible: match options.names.owner {
                Owner::Free => options.fallible,
                Owner::Type(_) | Owner::Trait { .. } => Fallible::default(),
            },
            is_lazy: is_lazy(function, options),
        }
    }

    pub(crate) fn twin(
        mut self,
        options: &CallOptions<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<TwinFn> {
        mistakes.flawless(|mistakes| {
            let names = &options.names;
            let original = &self.function.sig;
            // Parsing the signature again is expensive, and few functions need it.
            let bound = (!self.helpers.bind.is_empty())
                .then(|| bound(self.function, &self.helpers.bind, mistakes))
                .flatten();
            let function = bound.as_ref().unwrap_or(self.function);
            let spelled_out = named_lifetimes(&function.sig).map(|sig| Function {
                sig,
                ..function.clone()
            });
            let function = spelled_out.as_ref().unwrap_or(function);
            let sig = &function.sig;
            check_conditional_generics(sig, mistakes);
            let declared = receiver(function);
            let receiver = declared
                .and_then(|declared| mistakes.take(passed_receiver(declared, &names.twins)));
            let poll = self.poll(options, mistakes);
            let helped = Helped::new(sig, &names.twins, poll);
            let params = helped.params(function, mistakes);
            self.is_lazy &= !helped.needs_call();
            // An inline iterator returns its failures beside `next`.
            let fallible = if poll.is_inline() {
                Fallible::default()
            } else {
                options.fallible.and(self.helpers)
            };
            let twins = &names.twins;
            let output = output(function, self.helpers, twins, poll, fallible, mistakes)?;
            helped.check_output(&output, mistakes);
            let around = around(function, receiver.as_ref(), names);
            let receiving = (receiver.as_ref(), around);
            let call = self.call(function, &output, receiving, poll, options, mistakes)?;
            let limit = self.limit(function, &call, &output, around, options);
            let limit = mistakes.take(limit).flatten();
            let generics = names.twins.async_self_generics(&sig.generics);
            let mut generics = without_async_trait(helped.generics(generics));
            let of_fn = options
                .inline
                .filter(|_| matches!(names.owner, Owner::Free));
            let inline = self.helpers.inline.as_ref().or(of_fn);
            let ready = ready_bounds(&generics, inline, names.twins.koil, mistakes);
            add_bounds(&mut generics, ready);
            let lines = doc_lines(&function.attrs);
            let signature = TwinSignature {
                docs: names.docs_of(self.helpers.doc.as_ref(), &lines, &sig.ident),
                attrs: inherited(&function.attrs),
                vis: function.vis.clone(),
                safety: match sig.safety {
                    syn::Safety::Unsafe(_) => Safety::Unsafe,
                    _ => Safety::Safe,
                },
                labels: names.labels(&original.ident, &self.name),
                name: self.name,
                generics,
                receiver,
                params,
                output: output.ty,
                callee: names.callee(&sig.ident),
                turbofish: turbofish(original, &self.helpers.bind, &helped.inferred()),
            };
            Some(TwinFn {
                signature,
                limit,
                call,
                convert: output.convert,
            })
        })
    }

    /// The thread that polls. Options of the method come before those of the block.
    fn poll(&self, options: &CallOptions<'_>, mistakes: &mut Mistakes) -> PollBy {
        if let Some(inline) = &self.helpers.inline {
            if self.helpers.fallible.is_none() && options.fallible.panics() == Panics::Caught {
                mistakes.push(no_panics_inline(inline.at));
            }
            return PollBy::inline();
        }
        if options.inline.is_some() {
            for mistake in self.helpers.need_loop() {
                mistakes.push(mistake);
            }
            return PollBy::inline();
        }
        PollBy::of(self.helpers.lend.or(options.lend))
    }

    /// The expression of the time limit, if the twin waits, now or later.
    fn limit(
        &self,
        function: &Function,
        call: &Call,
        output: &Output,
        around: Around<'_>,
        options: &CallOptions<'_>,
    ) -> Result<Option<Box<Given>>> {
        let waits = match call {
            Call::Plain | Call::ByDeref | Call::Noted => false,
            Call::Entered(_) => output.convert.waits_later(),
            Call::Waits(wait) => !wait.poll.is_inline(),
        };
        if !waits {
            return Ok(None);
        }
        let own = self.fallible.and(self.helpers);
        let all = options.fallible.and(self.helpers);
        all.given_limit(own, &function.sig.ident, around)
    }

    fn call(
        &self,
        function: &Function,
        output: &Output,
        (receiver, around): (Option<&Receiver<Pass>>, Around<'_>),
        poll: PollBy,
        options: &CallOptions<'_>,
        mistakes: &mut Mistakes,
    ) -> Option<Call> {
        if !mistakes.pass(|mistakes| {
            check_helpers(self.helpers, output, &function.sig.ident, mistakes);
            check_inferred(&function.sig, &output.ty, mistakes);
        }) {
            return None;
        }
        let own = self.fallible.and(self.helpers);
        let handle = || loop_choice(options.handle, around);
        let all = options.fallible.and(self.helpers);
        let waits_later = output.convert.waits_later();
        let Some(waits) = output.wait else {
            let name = &function.sig.ident;
            mistakes.take(own.check_unused(&output.convert, poll.is_inline(), name))?;
            if waits_later {
                mistakes.take(all.check_limit())?;
            }
            if poll.is_inline() {
                return Some(if waits_later {
                    Call::Noted
                } else {
                    Call::Plain
                });
            }
            let enters = waits_later || !is_borrowed(receiver) || self.helpers.enter.is_some();
            return Some(if enters {
                Call::Entered(handle())
            } else {
                Call::Plain
            });
        };
        Some(Call::Waits(Wait {
            poll: waits,
            failure: mistakes.take(failure(function, self.helpers, options.around, (own, all)))?,
            start: if poll.is_inline() {
                if waits_later {
                    Start::Noted
                } else {
                    Start::WithWait
                }
            } else if self.is_lazy && !waits_later && all.panics() == Panics::Unwind {
                Start::WithWait
            } else {
                Start::BeforeOriginal(handle())
            },
        }))
    }
}

/// The surroundings of an expression in an option of this function.
fn around<'a>(
    function: &Function,
    receiver: Option<&Receiver<Pass>>,
    names: &'a Names<'_>,
) -> Around<'a> {
    let written = function.sig.receiver();
    if names.is_beside() {
        return Around::Original {
            has_self: written.is_some(),
        };
    }
    let held = match receiver.map(|receiver| &receiver.pass) {
        Some(Pass::Held(held)) => *held,
        _ => Held::Ref,
    };
    Around::Twin {
        held: written.map(|_| held),
        owner: &names.owner,
        koil: names.twins.koil,
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
fn is_borrowed(receiver: Option<&Receiver<Pass>>) -> bool {
    receiver.is_some_and(|receiver| matches!(receiver.pass, Pass::Held(Held::Ref | Held::RefMut)))
}
