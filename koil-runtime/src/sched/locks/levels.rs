//! `Levels`: the lines of waiters, and the levels that parties inherit through them. Plain data, under
//! the lock of the graph.
//!
//! A party inherits the highest effective level among those that wait for its locks, and so on
//! through chains. A change is spread step by step: each party whose effective level changes gets its
//! new place in the lines where it waits, and the holders of those locks are looked at next. In a
//! circle of waits this ends too: after one cause, levels only rise or only fall, and there are 64.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::panic::Location;
use std::task::Waker;
use std::thread::ThreadId;

use super::graph;
use crate::scope::priority::Priority;
use crate::scope::priority::party::Party;

/// The number of a wait: its place by arrival. Unique in this process and its children.
pub(super) type WaitId = u64;

/// The number of a line: that of the lock for which all in it wait.
pub(super) type LineId = u64;

/// One that waits, or was chosen and has not noticed.
pub(super) struct Waiter {
    pub(super) party: Party,
    pub(super) line: LineId,
    /// Taken once it is chosen.
    pub(super) waker: Option<Waker>,
    /// Where the code that waits asked for the lock.
    pub(super) place: &'static Location<'static>,
    /// The thread that the wait blocks, if it does.
    pub(super) thread: Option<ThreadId>,
    /// The number of permits that are waited for. Of a notification: whether it is owed to another one
    /// if this one is dropped.
    pub(super) amount: usize,
    /// Its level in the line; `None` once it is chosen.
    level: Option<Priority>,
}

impl Waiter {
    pub(super) fn new(
        line: LineId,
        amount: usize,
        waker: Waker,
        place: &'static Location<'static>,
    ) -> Waiter {
        Waiter {
            party: graph::waiting_party(),
            line,
            waker: Some(waker),
            place,
            thread: graph::blocked_thread(),
            amount,
            level: None,
        }
    }

    pub(super) fn is_chosen(&self) -> bool {
        self.level.is_none()
    }
}

/// All that wait for one lock; there is a line only while it has waiters.
struct Line {
    /// The highest level first, then by arrival.
    order: BTreeSet<(Reverse<Priority>, WaitId)>,
    /// The party that holds the lock, if it has one holder.
    holder: Option<Holder>,
}

/// The party that holds a lock, and where it was taken.
#[derive(Clone)]
pub(super) struct Holder {
    /// `None`: code without a context of its own.
    pub(super) party: Option<Party>,
    pub(super) place: Option<&'static Location<'static>>,
}

/// A party that waits, or for whose locks others wait.
struct PartyNode {
    /// Keeps the address, which is the key, from other parties.
    _party: Party,
    holds: Vec<LineId>,
    waits: Vec<WaitId>,
    /// The scopes inside of this task that inherit.
    scopes: Vec<Party>,
}

#[derive(Default)]
pub(super) struct Levels {
    lines: HashMap<LineId, Line>,
    waiters: HashMap<WaitId, Waiter>,
    nodes: HashMap<usize, PartyNode>,
}

impl Levels {
    pub(super) fn has_line(&self, line: LineId) -> bool {
        self.lines.contains_key(&line)
    }

    /// The waiter of this number; `None` in a forked child, for one of its parent.
    pub(super) fn waiter(&mut self, wait: WaitId) -> Option<&mut Waiter> {
        self.waiters.get_mut(&wait)
    }

    /// The line in which the blocking call of this thread waits; of several the first.
    pub(super) fn line_of(&self, thread: ThreadId) -> Option<LineId> {
        let waits = self
            .waiters
            .iter()
            .filter(|(_, waiter)| waiter.thread == Some(thread) && !waiter.is_chosen());
        let (_, first) = waits.min_by_key(|(wait, _)| **wait)?;
        Some(first.line)
    }

    pub(super) fn holder(&self, line: LineId) -> Option<&Holder> {
        self.lines.get(&line)?.holder.as_ref()
    }

    /// The first one in this line.
    pub(super) fn first(&self, line: LineId) -> Option<&Waiter> {
        let (_, wait) = self.lines.get(&line)?.order.first()?;
        self.waiters.get(wait)
    }

    /// Puts a waiter into its line. If it is the first, `holder` has the lock.
    pub(super) fn add(&mut self, wait: WaitId, mut waiter: Waiter, holder: Option<Holder>) {
        let level = waiter.party.effective();
        waiter.level = Some(level);
        let id = waiter.line;
        if !self.lines.contains_key(&id) {
            self.open(id, holder);
        }
        self.node(&waiter.party).waits.push(wait);
        self.waiters.insert(wait, waiter);
        if let Some(line) = self.lines.get_mut(&id) {
            line.order.insert((Reverse(level), wait));
        }
        self.spread_from(id);
    }

    fn open(&mut self, id: LineId, holder: Option<Holder>) {
        if let Some(party) = holder.as_ref().and_then(|holder| holder.party.as_ref()) {
            self.node(party).holds.push(id);
        }
        let order = BTreeSet::new();
        self.lines.insert(id, Line { order, holder });
    }

    /// Chooses the first one in this line, and takes its waker out.
    pub(super) fn choose_waker(&mut self, line: LineId) -> Option<(&mut Waiter, Option<Waker>)> {
        let chosen = self.choose_first(line)?;
        let waiter = self.waiters.get_mut(&chosen)?;
        let waker = waiter.waker.take();
        Some((waiter, waker))
    }

    /// Takes a waiter away; true if it was chosen. Its parts are dropped by the caller, outside of
    /// the lock of the graph.
    pub(super) fn remove(&mut self, wait: WaitId) -> Option<(Waiter, bool)> {
        let is_chosen = self.waiters.get(&wait)?.is_chosen();
        if !is_chosen {
            self.leave_line(wait);
        }
        Some((self.waiters.remove(&wait)?, is_chosen))
    }

    /// Chooses the first one in this line: it waits no more.
    ///
    /// The one that held the lock holds it no more; the chosen one does, if the lock has a holder.
    pub(super) fn choose_first(&mut self, id: LineId) -> Option<WaitId> {
        let &(_, wait) = self.lines.get(&id)?.order.first()?;
        self.pass_on(id, wait);
        self.leave_line(wait);
        Some(wait)
    }

    /// The chosen waiter is the holder from now on.
    fn pass_on(&mut self, id: LineId, chosen: WaitId) {
        let Some(before) = self.lines.get_mut(&id).and_then(|line| line.holder.take()) else {
            return;
        };
        let Some(waiter) = self.waiters.get(&chosen) else {
            return;
        };
        let (party, place) = (waiter.party.clone(), Some(waiter.place));
        self.node(&party).holds.push(id);
        if let Some(line) = self.lines.get_mut(&id) {
            line.holder = Some(Holder {
                party: Some(party),
                place,
            });
        }
        if let Some(party) = before.party {
            self.let_go(id, &party);
        }
    }

    /// The party holds this lock no more.
    fn let_go(&mut self, id: LineId, party: &Party) {
        self.node(party).holds.retain(|held| *held != id);
        self.spread(vec![party.clone()]);
        self.forget(party);
    }

    /// The waiter is in its line no more; a line without waiters ends.
    fn leave_line(&mut self, wait: WaitId) {
        let Some(waiter) = self.waiters.get_mut(&wait) else {
            return;
        };
        let (party, id) = (waiter.party.clone(), waiter.line);
        let Some(level) = waiter.level.take() else {
            return;
        };
        self.node(&party).waits.retain(|other| *other != wait);
        self.forget(&party);
        let Some(line) = self.lines.get_mut(&id) else {
            return;
        };
        line.order.remove(&(Reverse(level), wait));
        if !line.order.is_empty() {
            return self.spread_from(id);
        }
        let ended = self.lines.remove(&id);
        if let Some(party) = ended.and_then(|line| line.holder?.party) {
            self.let_go(id, &party);
        }
    }

    /// Takes all away that wait in this line.
    pub(super) fn discard(&mut self, id: LineId) -> Vec<Waiter> {
        let of_line = |(_, waiter): &(&WaitId, &Waiter)| waiter.line == id;
        let waits: Vec<_> = self
            .waiters
            .iter()
            .filter(of_line)
            .map(|it| *it.0)
            .collect();
        let removed = waits.into_iter().filter_map(|it| self.remove(it));
        removed.map(|(waiter, _)| waiter).collect()
    }

    /// The base level of this party has changed.
    pub(super) fn base_changed(&mut self, party: &Party) {
        if self.nodes.contains_key(&party.address()) {
            let holders = self.resort(party);
            self.spread(holders);
        }
    }

    /// The line has changed: its holder may inherit another level.
    fn spread_from(&mut self, id: LineId) {
        let holder = self.holder(id).and_then(|holder| holder.party.clone());
        self.spread(holder.into_iter().collect());
    }

    /// Gives each of these parties the level that it inherits, and so on through the chains.
    fn spread(&mut self, mut parties: Vec<Party>) {
        while let Some(party) = parties.pop() {
            let before = (party.effective(), party.inherited());
            party.set_inherited(self.inherited(&party));
            if party.inherited() != before.1
                && let Some(task) = party.around()
            {
                self.lend(&party, task);
                parties.push(task.clone());
            }
            if party.effective() != before.0 {
                parties.extend(self.resort(&party));
            }
            self.forget(&party);
        }
    }

    /// The highest level among those that wait for the locks of this party, and of the scopes inside
    /// of it.
    fn inherited(&self, party: &Party) -> Option<Priority> {
        let node = self.nodes.get(&party.address())?;
        let lines = node.holds.iter().filter_map(|line| self.lines.get(line));
        let firsts = lines.filter_map(|line| line.order.first());
        let levels = firsts.map(|(Reverse(level), _)| *level);
        levels
            .chain(node.scopes.iter().filter_map(Party::inherited))
            .max()
    }

    /// The task has what the scope inside of it inherits.
    fn lend(&mut self, scope: &Party, task: &Party) {
        let scopes = &mut self.node(task).scopes;
        scopes.retain(|other| other.address() != scope.address());
        if scope.inherited().is_some() {
            scopes.push(scope.clone());
        }
    }

    /// Gives the waits of this party the places of its effective level; returns the holders of the
    /// locks for which it waits.
    fn resort(&mut self, party: &Party) -> Vec<Party> {
        let Some(node) = self.nodes.get(&party.address()) else {
            return Vec::new();
        };
        let level = party.effective();
        let mut holders = Vec::new();
        for wait in &node.waits {
            let Some(waiter) = self.waiters.get_mut(wait) else {
                continue;
            };
            let Some(line) = self.lines.get_mut(&waiter.line) else {
                continue;
            };
            if let Some(before) = waiter.level.replace(level) {
                line.order.remove(&(Reverse(before), *wait));
                line.order.insert((Reverse(level), *wait));
            }
            holders.extend(line.holder.as_ref().and_then(|it| it.party.clone()));
        }
        holders
    }

    /// True if the holder of this line waits for the line itself, through any number of locks.
    pub(super) fn is_circle(&self, id: LineId) -> bool {
        let (mut seen, mut next) = (BTreeSet::new(), vec![id]);
        while let Some(line) = next.pop() {
            let holder = self.holder(line).and_then(|it| it.party.as_ref());
            let node = holder.and_then(|party| self.nodes.get(&party.address()));
            let waits = node.map_or(&[][..], |node| &node.waits);
            for waiter in waits.iter().filter_map(|wait| self.waiters.get(wait)) {
                if waiter.line == id {
                    return true;
                }
                if seen.insert(waiter.line) {
                    next.push(waiter.line);
                }
            }
        }
        false
    }

    fn node(&mut self, party: &Party) -> &mut PartyNode {
        self.nodes
            .entry(party.address())
            .or_insert_with(|| PartyNode {
                _party: party.clone(),
                holds: Vec::new(),
                waits: Vec::new(),
                scopes: Vec::new(),
            })
    }

    /// The node of a party without waits and locks goes.
    fn forget(&mut self, party: &Party) {
        let key = party.address();
        let node = self.nodes.get(&key);
        if node.is_some_and(|node| {
            node.holds.is_empty() && node.waits.is_empty() && node.scopes.is_empty()
        }) {
            self.nodes.remove(&key);
        }
    }
}
