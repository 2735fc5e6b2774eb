//! `OpenParts`: the open parts of a context, kept outside of it so that a cut enter can be undone.

use std::panic::Location;

/// How far a context has been entered, and left again.
///
/// A plain context is one part. A composition has several, each a context of its own; at any time
/// a number of them are open, and at most one is half-way, in or out.
#[derive(Debug, Default)]
pub struct OpenParts {
    /// The number of parts that are open, from the first on.
    open: usize,
    /// The open parts of the part after these, if that part is half-way in or out.
    half_way: Option<Box<OpenParts>>,
    /// The place where the guard was made.
    at: Option<&'static Location<'static>>,
}

impl OpenParts {
    pub(crate) fn new(at: &'static Location<'static>) -> OpenParts {
        OpenParts {
            at: Some(at),
            ..OpenParts::default()
        }
    }

    /// The open parts of a context that is open as a whole, with `parts` parts.
    pub fn whole(parts: usize) -> OpenParts {
        OpenParts {
            open: parts,
            ..OpenParts::default()
        }
    }

    /// True if nothing is open.
    pub(crate) fn is_empty(&self) -> bool {
        self.open == 0 && self.half_way.as_ref().is_none_or(|part| part.is_empty())
    }

    /// The counts of parts that have yet to be left, level by level; each attempt that begins an
    /// exit makes the list less, in the order of slices.
    pub(super) fn left(&self) -> Vec<usize> {
        let path = std::iter::successors(Some(self), |parts| parts.half_way.as_deref());
        path.map(|parts| parts.open).collect()
    }

    pub(super) fn at(&self) -> Option<&'static Location<'static>> {
        self.at
    }

    /// Records that a context of one part has been entered.
    pub(super) fn mark_entered(&mut self) {
        self.open = 1;
    }

    /// Records that the exit of a context of one part begins. True if it had been entered.
    pub(super) fn begin_exit(&mut self) -> bool {
        std::mem::take(&mut self.open) > 0
    }

    /// Records that the next part is about to be entered, and returns the open parts of that one.
    pub(super) fn begin_part(&mut self) -> &mut OpenParts {
        let at = self.at;
        self.half_way.insert(Box::new(OpenParts {
            at,
            ..OpenParts::default()
        }))
    }

    /// Records that the part begun last is open.
    pub(super) fn end_part(&mut self) {
        self.half_way = None;
        self.open += 1;
    }

    /// The open parts of part `index`, which itself has `parts`, if it is the one to leave now.
    pub(super) fn last_part(&mut self, index: usize, parts: usize) -> Option<&mut OpenParts> {
        if self.open == index + 1 {
            let part = OpenParts {
                at: self.at,
                ..OpenParts::whole(parts)
            };
            self.open = index;
            self.half_way = Some(Box::new(part));
        }
        let part = self.half_way.as_deref_mut().filter(|_| self.open == index);
        part.filter(|part| !part.is_empty())
    }
}
