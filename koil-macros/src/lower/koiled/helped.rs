//! `Helped`: the parameters of a blocking twin, and the effect of their helpers on its generics.

use syn::{Generics, Ident, Signature};

use super::{arguments::back, callbacks::Callbacks, returned::Output, std_arguments::StdArguments};
use crate::{
    args::{ArgumentHelper, argument},
    error::Mistakes,
    lower::{signature::params, types::TwinTypes},
    model::{Param, Pass, PollBy},
    syntax::function::Function,
};

pub(crate) struct Helped<'a> {
    callbacks: Callbacks<'a>,
    std: StdArguments<'a>,
    twins: &'a TwinTypes<'a>,
}

impl<'a> Helped<'a> {
    pub(crate) fn new(sig: &'a Signature, twins: &'a TwinTypes<'a>, poll: PollBy) -> Helped<'a> {
        Helped {
            callbacks: Callbacks::new(sig, twins, poll),
            std: StdArguments::new(sig, poll),
            twins,
        }
    }

    /// The parameters of the twin, and how they are passed to the original.
    pub(crate) fn params(&self, function: &Function, mistakes: &mut Mistakes) -> Vec<Param<Pass>> {
        params(function, mistakes, &|param| {
            let mapped = match argument(&param.attrs)? {
                Some(ArgumentHelper::Callback(word)) => self.callbacks.param(&param.ty, word)?,
                Some(ArgumentHelper::Std(word)) => self.std.param(&param.ty, word)?,
                None => back(&param.ty, self.twins)?,
            };
            Ok((mapped.ty, mapped.convert))
        })
    }

    /// The generics of the twin, from those of the original.
    pub(crate) fn generics(&self, generics: Generics) -> Generics {
        self.std.generics(self.callbacks.generics(generics))
    }

    /// The parameters whose arguments a call of the original infers.
    pub(crate) fn inferred(&self) -> Vec<Ident> {
        let mut names = self.callbacks.inferred();
        names.extend(self.std.inferred());
        names
    }

    /// Is an argument made for the call, which has to begin before?
    pub(crate) fn needs_call(&self) -> bool {
        self.std.are_any()
    }

    /// Rejects readers and writers of std that would live longer than the call.
    pub(crate) fn check_output(&self, output: &Output, mistakes: &mut Mistakes) {
        let waits_later = output.convert.waits_later();
        self.std
            .check_output(output.wait.is_some(), waits_later, mistakes);
    }
}
