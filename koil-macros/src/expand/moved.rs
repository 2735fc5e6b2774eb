//! The original of an item whose plain names block: its async functions under other names, in the place where
//! the async side finds them.
//!
//! Only here koil changes code of the user. It works on tokens, and changes nothing but the names of these
//! functions, in their declarations and in calls, and their docs.

use proc_macro2::{Delimiter, Group, Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};

use super::{docs::documented, views::of_fn};
use crate::model::{AsyncSide, AsyncView, Model, Twin};

/// The item as the compiler gets it.
pub(crate) fn original(item: TokenStream, model: &Model) -> TokenStream {
    match (&model.async_side, &model.twin) {
        (Some(AsyncSide::Fn(of)), Twin::Fn(_)) => {
            let named = |name: &Ident| (*name == of.name).then(|| of.member.clone());
            let member = renamed(item, &named, &documented(&of.docs, &[]), &|body| body);
            of_fn(of, &member)
        }
        (Some(AsyncSide::Methods(view)), Twin::Impls(_)) => in_body(item, &|body| {
            let named = |name: &Ident| hidden(name, view);
            let calls = |body| calls(body, view);
            renamed(body, &named, &quote!(#[doc(hidden)]), &calls)
        }),
        _ => item,
    }
}

/// The hidden name of an async method.
fn hidden(name: &Ident, view: &AsyncView) -> Option<Ident> {
    let mut names = view.hidden.iter();
    let (_, hidden) = names.find(|(plain, _)| plain == name)?;
    // Errors in a call are reported at that call.
    Some(Ident::new(&hidden.to_string(), name.span()))
}

/// Changes the tokens between the braces at the end of an item.
fn in_body(item: TokenStream, change: &dyn Fn(TokenStream) -> TokenStream) -> TokenStream {
    let mut tokens: Vec<TokenTree> = item.into_iter().collect();
    if let Some(TokenTree::Group(last)) = tokens.last_mut() {
        // An item that comes through `macro_rules!` may be in invisible groups.
        let changed = match last.delimiter() {
            Delimiter::Brace => change(last.stream()),
            Delimiter::None => in_body(last.stream(), change),
            _ => last.stream(),
        };
        *last = regrouped(last, changed);
    }
    tokens.into_iter().collect()
}

fn regrouped(group: &Group, stream: TokenStream) -> Group {
    let mut new = Group::new(group.delimiter(), stream);
    new.set_span(group.span());
    new
}

/// Functions with the names that `name` returns, and with these attributes instead of their docs. `body`
/// changes the bodies of all members.
fn renamed(
    members: TokenStream,
    name: &dyn Fn(&Ident) -> Option<Ident>,
    attrs: &TokenStream,
    body: &dyn Fn(TokenStream) -> TokenStream,
) -> TokenStream {
    let mut done = TokenStream::new();
    // The tokens of the current member.
    let mut member: Vec<TokenTree> = Vec::new();
    let mut rest = members.into_iter().peekable();
    while let Some(token) = rest.next() {
        let new_name = match (&token, rest.peek()) {
            (TokenTree::Ident(word), Some(TokenTree::Ident(written))) if word == "fn" => {
                name(written)
            }
            _ => None,
        };
        if let Some(new_name) = new_name {
            rest.next();
            done.extend(attrs.clone());
            done.extend(without_docs(&member));
            member = vec![token, new_name.into()];
            continue;
        }
        let ends = match token {
            TokenTree::Group(group) => {
                let is_body = matches!(group.delimiter(), Delimiter::Brace | Delimiter::None);
                let ends = is_body && group.delimiter() == Delimiter::Brace;
                let group = if is_body {
                    regrouped(&group, body(group.stream()))
                } else {
                    group
                };
                member.push(group.into());
                ends
            }
            token => {
                let ends = is_punct(Some(&token), ';');
                member.push(token);
                ends
            }
        };
        if ends {
            done.extend(member.drain(..));
        }
    }
    done.extend(member);
    done
}

/// The attributes and words before `fn`, without `#[doc = ".."]`.
fn without_docs(tokens: &[TokenTree]) -> TokenStream {
    let mut kept = TokenStream::new();
    let mut rest = tokens.iter().peekable();
    while let Some(token) = rest.next() {
        if is_punct(Some(token), '#')
            && let Some(TokenTree::Group(attr)) = rest.peek()
            && is_doc_line(&attr.stream())
        {
            rest.next();
            continue;
        }
        token.to_tokens(&mut kept);
    }
    kept
}

fn is_doc_line(attr: &TokenStream) -> bool {
    let mut tokens = attr.clone().into_iter();
    is_word(tokens.next().as_ref(), "doc") && is_punct(tokens.next().as_ref(), '=')
}

/// Calls of async methods by their hidden names: those on `self`, and those through `Self` or the name of
/// the type.
fn calls(body: TokenStream, view: &AsyncView) -> TokenStream {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let mut done: Vec<TokenTree> = Vec::with_capacity(tokens.len());
    // An item in the body has a `self` of its own, up to its braces.
    let mut in_item = false;
    for (index, token) in tokens.iter().enumerate() {
        let new = match token {
            TokenTree::Group(group) if in_item => {
                in_item = group.delimiter() != Delimiter::Brace;
                group.clone().into()
            }
            TokenTree::Group(group) => regrouped(group, calls(group.stream(), view)).into(),
            TokenTree::Ident(word) => {
                in_item |= begins_item(&tokens, index);
                let is_call = !in_item && is_own_call(&tokens, index, view);
                let name = is_call.then(|| hidden(word, view)).flatten();
                name.unwrap_or_else(|| word.clone()).into()
            }
            token => token.clone(),
        };
        done.push(new);
    }
    done.into_iter().collect()
}

/// Does an `impl` or `trait` begin here, at the place of a statement?
fn begins_item(tokens: &[TokenTree], index: usize) -> bool {
    let word = tokens.get(index);
    let is_item = is_word(word, "impl") || is_word(word, "trait");
    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
    is_item
        && match before {
            None => true,
            Some(TokenTree::Group(group)) => {
                matches!(group.delimiter(), Delimiter::Brace | Delimiter::Bracket)
            }
            before => is_punct(before, ';') || is_word(before, "unsafe") || is_word(before, "pub"),
        }
}

/// Is the word in `self.word(`, `Self::word` or `<Self>::word`?
fn is_own_call(tokens: &[TokenTree], index: usize, view: &AsyncView) -> bool {
    let before = |steps| index.checked_sub(steps).and_then(|at| tokens.get(at));
    let is_path = |steps| is_punct(before(steps), ':') && is_punct(before(steps + 1), ':');
    let of = |steps| {
        is_word(before(steps), "Self")
            || matches!(before(steps), Some(TokenTree::Ident(name)) if *name == view.of)
    };
    if is_punct(before(1), '.') {
        // A field has no parentheses behind it.
        let is_called = match tokens.get(index + 1) {
            Some(TokenTree::Group(group)) => group.delimiter() == Delimiter::Parenthesis,
            next => is_punct(next, ':'),
        };
        return is_called && is_word(before(2), "self");
    }
    let through_type = of(3) && !is_punct(before(4), ':');
    let through_brackets = is_punct(before(3), '>') && of(4) && is_punct(before(5), '<');
    is_path(1) && (through_type || through_brackets)
}

fn is_punct(token: Option<&TokenTree>, mark: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == mark)
}

fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(ident)) if ident == word)
}
