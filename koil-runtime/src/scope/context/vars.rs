//! The values of the context variables on this thread: an immutable list, shared, copied on write.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::mem;
use std::sync::Arc;

/// The identity of a variable: the address of its static.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key(pub(super) usize);

/// A value, shared by every context that holds it.
pub(crate) type Value = Arc<dyn Any + Send + Sync>;

/// The variables that are set, in the order in which they were first set. `None` if there are none,
/// so that the empty context costs nothing. Programs have a handful of variables, for which a list
/// is faster than a tree or a hash table.
#[derive(Debug, Clone, Default)]
pub(crate) struct Vars(Option<Arc<Vec<(Key, Value)>>>);

impl Vars {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    pub(crate) fn get(&self, key: Key) -> Option<&Value> {
        let found = self.list().iter().find(|(other, _)| *other == key);
        found.map(|(_, value)| value)
    }

    /// Sets or unsets a variable; returns its previous value.
    pub(crate) fn replace(&mut self, key: Key, value: Option<Value>) -> Option<Value> {
        let at = self.list().iter().position(|(other, _)| *other == key);
        match (at, value) {
            (None, None) => None,
            (Some(at), Some(value)) => {
                // Copied only while another context shares the list.
                let list = Arc::make_mut(self.0.get_or_insert_default());
                Some(mem::replace(&mut list[at].1, value))
            }
            (None, Some(value)) => {
                Arc::make_mut(self.0.get_or_insert_default()).push((key, value));
                None
            }
            (Some(at), None) => {
                let list = Arc::make_mut(self.0.get_or_insert_default());
                let (_, value) = list.remove(at);
                if list.is_empty() {
                    self.0 = None;
                }
                Some(value)
            }
        }
    }

    /// The differences from `base`: the variables with their values now, `None` where unset.
    pub(super) fn changes_since(&self, base: &Vars) -> Vec<(Key, Option<Value>)> {
        if self.is_same(base) {
            return Vec::new();
        }
        let set = self.list().iter().filter(|(key, value)| {
            let was = base.get(*key);
            // Compared by identity, not equality: a value that was set again is a change.
            was.is_none_or(|was| !Arc::ptr_eq(was, value))
        });
        let set = set.map(|(key, value)| (*key, Some(value.clone())));
        let gone = base
            .list()
            .iter()
            .filter(|(key, _)| self.get(*key).is_none());
        set.chain(gone.map(|(key, _)| (*key, None))).collect()
    }

    fn is_same(&self, other: &Vars) -> bool {
        match (&self.0, &other.0) {
            (None, None) => true,
            (Some(one), Some(other)) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }

    fn list(&self) -> &[(Key, Value)] {
        self.0.as_ref().map_or(&[], |list| list.as_slice())
    }
}

thread_local! {
    // No destructor: this can be read at any moment, and is the only cost of an empty context.
    static ANY: Cell<bool> = const { Cell::new(false) };

    static VARS: RefCell<Vars> = const { RefCell::new(Vars(None)) };
}

/// True if no variable is set on this thread.
#[inline]
pub(super) fn are_empty() -> bool {
    !ANY.get()
}

/// The variables of this thread.
#[inline]
pub(super) fn current() -> Vars {
    if are_empty() {
        return Vars::default();
    }
    // Once the thread-local is destroyed, no variable is set.
    VARS.try_with(|vars| vars.borrow().clone())
        .unwrap_or_default()
}

/// Makes `vars` the variables of this thread; returns the previous ones.
pub(super) fn swap(vars: Vars) -> Vars {
    let any = !vars.is_empty();
    let before = VARS.try_with(|slot| slot.replace(vars));
    ANY.set(any && before.is_ok());
    before.unwrap_or_default()
}

/// Sets or unsets a variable of this thread; returns its previous value.
///
/// No value is dropped while the thread-local is borrowed: the drop of a value is user code and may
/// call this function again.
pub(super) fn replace(key: Key, value: Option<Value>) -> Option<Value> {
    let replaced = VARS.try_with(|slot| {
        // Taken out, so that a list without another owner is changed in place, outside the borrow.
        let mut vars = slot.take();
        let before = vars.replace(key, value);
        ANY.set(!vars.is_empty());
        // Meanwhile the slot holds an empty list, which needs no drop.
        drop(slot.replace(vars));
        before
    });
    replaced.ok().flatten()
}

/// The value of a variable on this thread.
#[inline]
pub(super) fn get(key: Key) -> Option<Value> {
    if are_empty() {
        return None;
    }
    VARS.try_with(|vars| vars.borrow().get(key).cloned())
        .ok()
        .flatten()
}

/// Makes `vars` the variables of this thread until this is dropped. Variables that are set
/// meanwhile are left in `vars`.
#[derive(Debug)]
pub(super) struct EnteredVars<'a> {
    vars: &'a mut Vars,
    outer: Vars,
}

impl<'a> EnteredVars<'a> {
    #[inline]
    pub(super) fn enter(vars: &'a mut Vars) -> EnteredVars<'a> {
        // Where nothing is set on either side, this reads two flags and nothing else.
        let outer = if are_empty() && vars.is_empty() {
            Vars::default()
        } else {
            swap(mem::take(vars))
        };
        EnteredVars { vars, outer }
    }
}

impl Drop for EnteredVars<'_> {
    #[inline]
    fn drop(&mut self) {
        if !are_empty() || !self.outer.is_empty() {
            *self.vars = swap(mem::take(&mut self.outer));
        }
    }
}
