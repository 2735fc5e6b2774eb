//! The docs of generated items.

use syn::Attribute;

/// A line of docs.
#[derive(Clone)]
pub(crate) enum DocLine {
    Text(String),
    /// Text that is not known here: a macro makes it, or a condition decides about it.
    Made(Box<Attribute>),
}

impl DocLine {
    /// An empty line.
    pub(crate) fn gap() -> DocLine {
        DocLine::Text(String::new())
    }

    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, DocLine::Text(text) if text.trim().is_empty())
    }
}
