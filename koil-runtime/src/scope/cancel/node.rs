//! The tree of tokens: a cancel goes down, once, and wakes whoever listens.
//!
//! A node locks itself only, never a second node at the same time: so no order of locks can be
//! wrong. Who is cancelled is read without a lock.

use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::sync::{Arc, PoisonError, Weak};
use std::task::Waker;

use super::token::CancelReason;
use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};

/// One place in the tree.
pub(crate) struct Node {
    /// Set once, for good, under the lock of `inner`.
    cancelled: AtomicBool,
    inner: Mutex<Inner>,
    /// Where this node is listed, and under which key.
    parent: Option<(Arc<Node>, u64)>,
}

#[derive(Default)]
struct Inner {
    reason: Option<CancelReason>,
    /// How many listen, and whether any did in the moment of the cancel.
    listening: usize,
    heard: bool,
    next: u64,
    listeners: BTreeMap<u64, Waker>,
    /// By key; a child takes itself off the list when it is dropped.
    children: BTreeMap<u64, Child>,
}

/// A child as its parent knows it: it does not keep the child alive.
type Child = Weak<Node>;

impl Node {
    pub(crate) fn root() -> Arc<Node> {
        Arc::new(Node {
            cancelled: AtomicBool::new(false),
            inner: Mutex::new(Inner::default()),
            parent: None,
        })
    }

    /// A node that is cancelled with this one; born cancelled, if this one is.
    pub(crate) fn child(self: &Arc<Node>) -> Arc<Node> {
        let mut inner = self.lock();
        let reason = inner.reason.clone();
        let key = inner.take_key();
        let child = Arc::new(Node {
            cancelled: AtomicBool::new(reason.is_some()),
            inner: Mutex::new(Inner {
                reason,
                ..Inner::default()
            }),
            parent: Some((self.clone(), key)),
        });
        if inner.reason.is_none() {
            inner.children.insert(key, Arc::downgrade(&child));
        }
        child
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `cancel_alone`: who sees the flag sees what
        // was done before the cancel.
        self.cancelled.load(Ordering::Acquire)
    }

    pub(crate) fn reason(&self) -> Option<CancelReason> {
        if !self.is_cancelled() {
            return None;
        }
        self.lock().reason.clone()
    }

    /// Cancels this node and all below it. True if this was the first cancel of this node.
    pub(crate) fn cancel(&self, reason: &CancelReason) -> bool {
        let Some(mut waiting) = self.cancel_alone(reason) else {
            return false;
        };
        // Not by recursion: a tree may be deeper than a stack.
        while let Some(child) = waiting.pop() {
            if let Some(child) = child.upgrade() {
                waiting.extend(child.cancel_alone(reason).unwrap_or_default());
            }
        }
        true
    }

    /// Cancels this node; its children are the caller's to cancel. `None` if it was before.
    fn cancel_alone(&self, reason: &CancelReason) -> Option<Vec<Child>> {
        let (listeners, children) = {
            let mut inner = self.lock();
            if inner.reason.is_some() {
                return None;
            }
            inner.reason = Some(reason.clone());
            inner.heard = inner.listening > 0;
            // ORDERING: Release pairs with the Acquire of `is_cancelled`.
            self.cancelled.store(true, Ordering::Release);
            (
                mem::take(&mut inner.listeners),
                mem::take(&mut inner.children),
            )
        };
        // Outside the lock: a waker is somebody else's code.
        listeners.into_values().for_each(Waker::wake);
        Some(children.into_values().collect())
    }

    /// Listens, under `key` if that was given before: `waker` is woken by the cancel. `None` if it
    /// has come already.
    pub(crate) fn listen(&self, key: Option<u64>, waker: &Waker) -> Option<u64> {
        let mut inner = self.lock();
        if inner.reason.is_some() {
            return None;
        }
        let key = key.unwrap_or_else(|| {
            inner.listening += 1;
            inner.take_key()
        });
        match inner.listeners.get_mut(&key) {
            Some(listener) => listener.clone_from(waker),
            None => drop(inner.listeners.insert(key, waker.clone())),
        }
        Some(key)
    }

    /// Stops listening.
    pub(crate) fn unlisten(&self, key: u64) {
        let listener = {
            let mut inner = self.lock();
            inner.listening -= 1;
            inner.listeners.remove(&key)
        };
        // Outside the lock: the drop of a waker is somebody else's code.
        drop(listener);
    }

    /// Was anybody listening in the moment of the cancel?
    pub(crate) fn was_heard(&self) -> bool {
        self.lock().heard
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    fn take_key(&mut self) -> u64 {
        let key = self.next;
        self.next += 1;
        key
    }
}

impl Drop for Node {
    fn drop(&mut self) {
        // Not by recursion: a chain of parents that only this child kept alive may be long.
        let mut above = self.parent.take();
        while let Some((parent, key)) = above {
            parent.lock().children.remove(&key);
            above = Arc::into_inner(parent).and_then(|mut parent| parent.parent.take());
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = self.lock();
        f.debug_struct("Node")
            .field("reason", &inner.reason)
            .field("listeners", &inner.listeners.len())
            .field("children", &inner.children.len())
            .finish_non_exhaustive()
    }
}
