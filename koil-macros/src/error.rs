//! `err!`: errors at a token, with messages in one style. `Mistakes`: all errors of one item.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Attribute;

pub(crate) use darling::{Error, Result, error::Accumulator};

/// An error at a token. The message says what is wrong and, after `; `, what to write instead:
/// lower case, no full stop, code in backticks.
macro_rules! err {
    ($spanned:expr, $($message:tt)*) => {
        ::darling::Error::custom(::core::format_args!($($message)*)).with_span(&$spanned)
    };
}

pub(crate) use err;

/// The mistakes that were found in an item so far.
///
/// A function that can find one mistake returns a `Result`; one that can find several adds them
/// here, and continues with a placeholder. [`Mistakes::flawless`] keeps placeholders in.
#[derive(Default)]
pub(crate) struct Mistakes(Vec<Error>);

impl Mistakes {
    pub(crate) fn push(&mut self, mistake: Error) {
        self.0.push(mistake);
    }

    /// The value, if there is one; otherwise the mistake is added.
    pub(crate) fn take<T>(&mut self, result: Result<T>) -> Option<T> {
        match result {
            Ok(value) => Some(value),
            Err(mistake) => {
                self.push(mistake);
                None
            }
        }
    }

    /// The value that `make` returns, unless it added mistakes.
    pub(crate) fn flawless<T>(
        &mut self,
        make: impl FnOnce(&mut Mistakes) -> Option<T>,
    ) -> Option<T> {
        let before = self.0.len();
        let value = make(self);
        value.filter(|_| self.0.len() == before)
    }

    /// Did `check` add no mistake?
    pub(crate) fn pass(&mut self, check: impl FnOnce(&mut Mistakes)) -> bool {
        let before = self.0.len();
        check(self);
        self.0.len() == before
    }

    /// The mistakes as code that reports them, each under these conditions.
    pub(crate) fn into_errors(self, conditions: &[Attribute]) -> TokenStream {
        let mistakes = self.0.into_iter().flat_map(Error::flatten);
        let reported = mistakes.map(|mistake| {
            let error = mistake.write_errors();
            quote!(#(#conditions)* #error)
        });
        reported.collect()
    }
}
