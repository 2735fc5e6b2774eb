//! Parser of option lists: splits the list, rejects duplicates, reads the values.

use proc_macro2::{Ident, TokenStream};
use quote::ToTokens;
use syn::{
    Expr, ExprLit, Lit, LitStr, Meta, Path, Token,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

use crate::error::{Accumulator, Error, Result, err};

/// Reads each word with its value. A mistake in one word does not hide mistakes in the other words.
pub(super) fn read_words(tokens: TokenStream, errors: &mut Accumulator) -> Vec<(Ident, Meta)> {
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated_with;
    let metas = (|input: ParseStream<'_>| metas(input, unquoted)).parse2(tokens);
    let metas = errors
        .handle(metas.map_err(Error::from))
        .unwrap_or_default();
    let mut words: Vec<(Ident, Meta)> = Vec::new();
    for meta in metas {
        match meta.path().get_ident().cloned() {
            Some(word) if words.iter().any(|(earlier, _)| *earlier == word) => {
                errors.push(err!(word, "`{word}` is given twice; keep one"));
            }
            Some(word) => words.push((word, meta)),
            None => errors.push(err!(
                meta.path(),
                "options are single words; leave out the path before the last"
            )),
        }
    }
    words
}

/// Reads `skip`; rejects `"skip"`.
fn unquoted(input: ParseStream<'_>) -> syn::Result<Meta> {
    match input.fork().parse::<LitStr>() {
        Ok(text) => Err(syn::Error::new(
            text.span(),
            format!("options are words without quotes; write `{}`", text.value()),
        )),
        Err(_) => input.parse(),
    }
}

/// Checks that the word has no value.
pub(super) fn bare(meta: &Meta) -> Result<()> {
    match meta {
        Meta::Path(_) => Ok(()),
        other => {
            let word = word_of(other);
            Err(err!(other, "`{word}` takes no value; write `{word}`"))
        }
    }
}

/// Rejects `send` and `local`, former options that selected the polling thread.
pub(super) fn not_gone(word: &Ident) -> Result<()> {
    match word.to_string().as_str() {
        "send" => Err(err!(
            word,
            "`send` is gone, since the calling thread polls always; remove it, or write `lend` if the loop's thread shall poll"
        )),
        "local" => Err(err!(
            word,
            "`local` is gone, since the calling thread polls always; remove it"
        )),
        _ => Ok(()),
    }
}

/// The string of `word = ".."`.
pub(super) fn text(meta: &Meta) -> Result<LitStr> {
    if let Meta::NameValue(pair) = meta
        && let Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) = ungrouped(&pair.value)
    {
        return Ok(text.clone());
    }
    let word = word_of(meta);
    let meant = match meta {
        Meta::NameValue(pair) => match ungrouped(&pair.value) {
            Expr::Path(path) => path.to_token_stream().to_string().replace(' ', ""),
            _ => "..".to_owned(),
        },
        _ => "..".to_owned(),
    };
    Err(err!(
        meta,
        "`{word}` takes a string; write `{word} = \"{meant}\"`"
    ))
}

pub(super) fn name(meta: &Meta) -> Result<Ident> {
    let text = text(meta)?;
    text.parse().map_err(|_| {
        let (word, written) = (word_of(meta), text.value());
        if written.is_empty() {
            return err!(
                text,
                "`{word}` is empty; write `{word} = \"..\"` or remove it"
            );
        }
        if syn::parse_str::<Ident>(&format!("r#{written}")).is_ok() {
            return err!(text, "`{written}` is a keyword; write `r#{written}`");
        }
        err!(text, "`{word}` must be an identifier; `{written}` is not")
    })
}

pub(super) fn path(meta: &Meta) -> Result<Path> {
    let text = text(meta)?;
    text.parse_with(Path::parse_mod_style).map_err(|_| {
        let word = word_of(meta);
        err!(
            text,
            "`{word}` must be a path like `crate::koil`; `{}` is not",
            text.value()
        )
    })
}

/// The known word that was probably meant.
pub(super) fn closest(
    word: &Ident,
    known: impl Iterator<Item = &'static str>,
) -> Option<&'static str> {
    let word = word.to_string();
    let scored = known.map(|known| (edits(&word, known), known));
    scored
        .filter(|(edits, known)| *edits <= known.len().div_ceil(3))
        .min()
        .map(|(_, known)| known)
}

/// Levenshtein distance: the number of letters to add, remove or change.
fn edits(from: &str, to: &str) -> usize {
    let mut row: Vec<usize> = (0..=to.chars().count()).collect();
    for (done, letter) in from.chars().enumerate() {
        let mut diagonal = done;
        row[0] = done + 1;
        for (index, other) in to.chars().enumerate() {
            let changed = diagonal + usize::from(letter != other);
            diagonal = row[index + 1];
            row[index + 1] = changed.min(row[index] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

fn word_of(meta: &Meta) -> String {
    meta.path()
        .get_ident()
        .map(Ident::to_string)
        .unwrap_or_default()
}

/// The value without the invisible groups that `macro_rules!` puts around it.
pub(super) fn ungrouped(value: &Expr) -> &Expr {
    match value {
        Expr::Group(group) => ungrouped(&group.expr),
        other => other,
    }
}
