//! `Attribute`: which of koil's attributes stands on an item, and on what kinds of item it goes.

use super::Kind;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Attribute {
    Koiled,
}

impl Attribute {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Attribute::Koiled => "koiled",
        }
    }

    pub(super) fn goes_on(self, _kind: Kind) -> bool {
        match self {
            Attribute::Koiled => true,
        }
    }

    /// Those kinds, as errors call them.
    pub(super) fn places(self) -> &'static str {
        match self {
            Attribute::Koiled => "a fn, struct, enum, impl or trait",
        }
    }
}
