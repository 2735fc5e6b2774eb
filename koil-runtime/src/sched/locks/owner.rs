//! `Owner`: the word of a mutex, which names the party that holds it.
//!
//! * FREE: null. Leaves to HELD (a CAS of any thread).
//! * HELD: the address of the party, or ANONYMOUS. Leaves to FREE (a CAS of the holder) and to
//!   CONTENDED (a CAS of the first that has to wait, under the lock of the graph).
//! * CONTENDED: HELD with the lowest bit. Leaves, under the lock of the graph, to FREE, HELD or
//!   CONTENDED: the holder unlocks, and hands over to the first one in the line.

#![allow(unsafe_code)]

use std::ptr;

use crate::scope::priority::party::Party;

/// A value of the word. Not more than a copy: the word of the mutex owns a reference to the party.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Owner(pub(super) *mut ());

/// Some waiter may be in the line.
const CONTENDED: usize = 1;
/// The holder is no party: code without a context of its own.
const ANONYMOUS: usize = 2;

impl Owner {
    pub(super) const FREE: Owner = Owner(ptr::null_mut());

    /// Has a reference to this party, until [`into_party`](Owner::into_party).
    pub(super) fn new(party: Option<Party>) -> Owner {
        Owner(match party {
            Some(party) => party.into_raw().cast_mut(),
            None => ptr::without_provenance_mut(ANONYMOUS),
        })
    }

    pub(super) fn is_free(self) -> bool {
        self.0.is_null()
    }

    pub(super) fn is_contended(self) -> bool {
        self.0.addr() & CONTENDED != 0
    }

    pub(super) fn contended(self) -> Owner {
        Owner(self.0.map_addr(|addr| addr | CONTENDED))
    }

    /// The party alone, if there is one.
    fn raw(self) -> Option<*const ()> {
        let raw = self.0.map_addr(|addr| addr & !(CONTENDED | ANONYMOUS));
        (!raw.is_null()).then_some(raw.cast_const())
    }

    /// Another reference to the party.
    ///
    /// # Safety
    ///
    /// The word that owns the reference keeps it during this call.
    pub(super) unsafe fn party(self) -> Option<Party> {
        // SAFETY: the pointer came out of `into_raw`, and its reference lives, as the caller knows.
        self.raw().map(|raw| unsafe { Party::clone_raw(raw) })
    }

    /// The reference itself.
    ///
    /// # Safety
    ///
    /// The word has been changed, so nobody else takes this reference.
    pub(super) unsafe fn into_party(self) -> Option<Party> {
        // SAFETY: the pointer came out of `into_raw`, and is used once, as the caller knows.
        self.raw().map(|raw| unsafe { Party::from_raw(raw) })
    }
}
