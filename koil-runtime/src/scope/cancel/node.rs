//! The tree of cancel tokens: a cancel goes down it once and wakes the listeners.
//!
//! A node is locked alone, never together with a second node, so no lock order can be violated.
//! Whether a node is cancelled is read without a lock.
//!
//! In a forked child the nodes from before the fork stand alone: they can be queried and cancelled,
//! but their locks are never taken, since another thread may have held them.

use std::collections::BTreeMap;
use std::fmt;
use std::mem;
use std::sync::{Arc, Weak};
use std::task::Waker;

use super::token::CancelReason;
use crate::fork::OfProcess;
use crate::report::unwind;
use crate::sync::{AtomicBool, Mutex, MutexGuard, Ordering};

/// One node of the tree.
pub(crate) struct Node {
    /// Set once and never reset; under the lock of `inner`, except on a node that a forked child
    /// has inherited.
    cancelled: AtomicBool,
    inner: OfProcess<Mutex<Inner>>,
    /// The parent that lists this node, and the key of the entry.
    parent: Option<(Arc<Node>, u64)>,
}

#[derive(Default)]
struct Inner {
    reason: Option<CancelReason>,
    /// The number of listeners. `heard`: there was a listener at the moment of the cancel, or a
    /// future has seen the cancel since.
    listening: usize,
    heard: bool,
    next: u64,
    listeners: BTreeMap<u64, Waker>,
    /// By key. A child removes its entry when it is dropped.
    children: BTreeMap<u64, Child>,
}

/// The children and listeners that a cancel found on its way down.
#[derive(Default)]
struct Found {
    children: Vec<Child>,
    listeners: Vec<Waker>,
}

/// A child as its parent refers to it: the parent does not keep the child alive.
type Child = Weak<Node>;

impl Node {
    pub(crate) fn root() -> Arc<Node> {
        Node::new(None, None)
    }

    fn new(reason: Option<CancelReason>, parent: Option<(Arc<Node>, u64)>) -> Arc<Node> {
        Arc::new(Node {
            cancelled: AtomicBool::new(reason.is_some()),
            inner: OfProcess::new(Mutex::new(Inner {
                reason,
                ..Inner::default()
            })),
            parent,
        })
    }

    /// A node that is cancelled with this one; cancelled from the start if this one is.
    pub(crate) fn child(self: &Arc<Node>) -> Arc<Node> {
        let Some(mut inner) = self.lock() else {
            return Node::new(self.reason(), None);
        };
        let key = inner.take_key();
        let child = Node::new(inner.reason.clone(), Some((self.clone(), key)));
        if inner.reason.is_none() {
            inner.children.insert(key, Arc::downgrade(&child));
        }
        child
    }

    /// Lists a node that has another parent as a child; `None` if this node is cancelled already.
    pub(crate) fn adopt(&self, child: &Arc<Node>) -> Option<u64> {
        let mut inner = self.lock()?;
        if inner.reason.is_some() {
            return None;
        }
        let key = inner.take_key();
        inner.children.insert(key, Arc::downgrade(child));
        Some(key)
    }

    /// Removes a child from the list.
    pub(crate) fn forget(&self, key: u64) {
        if let Some(mut inner) = self.lock() {
            inner.children.remove(&key);
        }
    }

    pub(crate) fn parent(&self) -> Option<Arc<Node>> {
        self.parent.as_ref().map(|(parent, _)| parent.clone())
    }

    /// True if this node is `above` or is below it.
    pub(crate) fn is_under(self: &Arc<Node>, above: &Arc<Node>) -> bool {
        let mut chain = std::iter::successors(Some(self), |node| {
            node.parent.as_ref().map(|(parent, _)| parent)
        });
        chain.any(|node| Arc::ptr_eq(node, above))
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        // ORDERING: Acquire pairs with the Release of `mark`: a thread that sees the flag also sees
        // everything that was done before the cancel.
        self.cancelled.load(Ordering::Acquire)
    }

    pub(crate) fn reason(&self) -> Option<CancelReason> {
        if !self.is_cancelled() {
            return None;
        }
        match self.lock() {
            Some(inner) => inner.reason.clone(),
            None => Some("a token from before the fork was cancelled".into()),
        }
    }

    /// Cancels this node and all nodes below it. True if this was the first cancel of this node.
    ///
    /// All of them are cancelled when this returns, also where other threads cancel some of them
    /// meanwhile.
    pub(crate) fn cancel(&self, reason: &CancelReason) -> bool {
        let mut found = Found::default();
        let is_first = self.mark(reason, &mut found);
        // Not by recursion: a tree may be deeper than a stack.
        while let Some(child) = found.children.pop() {
            if let Some(child) = child.upgrade() {
                child.mark(reason, &mut found);
            }
        }
        // Wakes last, so that a woken listener finds all nodes below cancelled; and outside the
        // locks, since a waker is foreign code.
        unwind::wake_all(found.listeners);
        is_first
    }

    /// Cancels this node alone, unless it was cancelled before. The caller cancels the nodes below
    /// in both cases: the thread that cancelled this node first may not have reached them yet.
    fn mark(&self, reason: &CancelReason, found: &mut Found) -> bool {
        let Some(mut inner) = self.lock() else {
            // ORDERING: as below.
            return !self.cancelled.swap(true, Ordering::Release);
        };
        found.children.extend(inner.children.values().cloned());
        if inner.reason.is_some() {
            return false;
        }
        inner.reason = Some(reason.clone());
        inner.heard = inner.listening > 0;
        // ORDERING: Release pairs with the Acquire of `is_cancelled`.
        self.cancelled.store(true, Ordering::Release);
        let listeners = mem::take(&mut inner.listeners);
        found.listeners.extend(listeners.into_values());
        true
    }

    /// Registers `waker`, which is woken by the cancel, under `key` if an earlier call returned
    /// one. `None` if the cancel has come already, or will never wake a listener: in a forked
    /// child.
    pub(crate) fn listen(&self, key: Option<u64>, waker: &Waker) -> Option<u64> {
        // Cloned before the lock is taken, and the previous waker is dropped after: a waker is
        // foreign code, and its drop may call `unlisten` on this node.
        let waker = waker.clone();
        let mut inner = self.lock()?;
        if inner.reason.is_some() {
            return None;
        }
        let key = key.unwrap_or_else(|| {
            inner.listening += 1;
            inner.take_key()
        });
        let last = inner.listeners.insert(key, waker);
        drop(inner);
        drop(last);
        Some(key)
    }

    /// Removes a listener.
    pub(crate) fn unlisten(&self, key: u64) {
        let listener = self.lock().and_then(|mut inner| {
            inner.listening -= 1;
            inner.listeners.remove(&key)
        });
        // Outside the lock: the drop of a waker is foreign code.
        drop(listener);
    }

    /// True if the cancel has come. The cancel then counts as heard, also if the caller was not a
    /// listener before.
    pub(crate) fn hear(&self) -> bool {
        if !self.is_cancelled() {
            return false;
        }
        if let Some(mut inner) = self.lock() {
            inner.heard = true;
        }
        true
    }

    /// True if there was a listener at the moment of the cancel, or a future has seen the cancel
    /// since.
    pub(crate) fn was_heard(&self) -> bool {
        self.lock().is_some_and(|inner| inner.heard)
    }

    /// `None` for a node that a forked child has inherited.
    fn lock(&self) -> Option<MutexGuard<'_, Inner>> {
        self.inner.get().map(Mutex::lock)
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
            parent.forget(key);
            above = Arc::into_inner(parent).and_then(|mut parent| parent.parent.take());
        }
    }
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(inner) = self.lock() else {
            return f.write_str("Node from before a fork");
        };
        f.debug_struct("Node")
            .field("reason", &inner.reason)
            .field("listeners", &inner.listeners.len())
            .field("children", &inner.children.len())
            .finish_non_exhaustive()
    }
}
