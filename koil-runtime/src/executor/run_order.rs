//! `RunOrder`: the order in which runnable tasks are picked. It knows keys alone, and is deterministic.
//!
//! There is a list for each level, linked through `links`, so a task is found and taken out by its
//! key. The highest level is served first, and within it the first of the list.
//!
//! Ageing: every `patience` picks, the level below the highest one that has waited longest is served,
//! if it has waited for that long. A level waits since it was served last, or since it has tasks. So
//! the first task of a level waits for at most `patience` picks for each level that has tasks.

const LEVELS: usize = 64;

/// The list of the tasks that are to be picked before all others, whatever their level.
const NEXT: usize = LEVELS;

/// The key of no task.
const NONE: u32 = u32::MAX;

/// The patience of an executor that is not told another one, in picks.
pub(crate) const PATIENCE: u32 = 128;

/// The patience of a strict order: no ageing.
const STRICT: u32 = u32::MAX;

/// A place among the runnable tasks of one level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Position {
    /// Before all others.
    Front,
    /// Behind all others.
    Back,
    /// Behind so many others; behind all of them, if there are fewer.
    At(usize),
}

pub(super) struct RunOrder {
    lists: [ListEnds; LEVELS + 1],
    /// One for each key that was ever in a list.
    links: Vec<ListLink>,
    /// A bit for each level that has tasks.
    occupied: u64,
    len: usize,
    /// The number of picks so far.
    picks: u64,
    patience: u32,
    /// Picks until the next look at the levels below.
    until_aged: u32,
}

#[derive(Clone, Copy)]
struct ListEnds {
    first: u32,
    last: u32,
    /// The pick at which this level was served last, or got its first task.
    since: u64,
}

#[derive(Clone, Copy)]
struct ListLink {
    before: u32,
    after: u32,
    /// The list of this key; `u8::MAX` if it is in none.
    list: u8,
}

const UNLINKED: ListLink = ListLink {
    before: NONE,
    after: NONE,
    list: u8::MAX,
};

impl RunOrder {
    /// `patience` of at least 1.
    pub(super) fn new(patience: u32) -> RunOrder {
        RunOrder {
            lists: [ListEnds {
                first: NONE,
                last: NONE,
                since: 0,
            }; LEVELS + 1],
            links: Vec::new(),
            occupied: 0,
            len: 0,
            picks: 0,
            patience,
            until_aged: patience,
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// The list of a runnable task.
    fn list_of(&self, key: u32) -> Option<usize> {
        let list = self.links.get(key as usize)?.list;
        (list != u8::MAX).then_some(list.into())
    }

    /// For each key the number of tasks of the same level that are before it; `None` for one that is
    /// not runnable.
    pub(super) fn positions(&self) -> Vec<Option<usize>> {
        let mut positions = vec![None; self.links.len()];
        for list in &self.lists {
            let (mut at, mut before) = (list.first, 0);
            while at != NONE {
                positions[at as usize] = Some(before);
                before += 1;
                at = self.links[at as usize].after;
            }
        }
        positions
    }

    /// Adds a task that is in no list.
    pub(super) fn insert(&mut self, key: u32, level: u8, position: Position) {
        let index = key as usize;
        if self.links.len() <= index {
            self.links.resize(index + 1, UNLINKED);
        }
        let list = &mut self.lists[usize::from(level)];
        if list.first == NONE {
            list.since = self.picks;
            self.occupied |= 1 << level;
        }
        self.link(key, level.into(), position);
    }

    /// Moves a runnable task within its level.
    pub(super) fn reposition(&mut self, key: u32, position: Position) {
        if let Some(list) = self.list_of(key) {
            self.unlink(key, list);
            self.link(key, list, position);
        }
    }

    /// Makes a runnable task the next one that is picked, whatever its level.
    pub(super) fn make_next(&mut self, key: u32) {
        if self.remove(key) {
            self.link(key, NEXT, Position::Front);
        }
    }

    /// Puts a runnable task into another level: at the back of a higher one, at the front of a lower
    /// one. One that is the next to be picked stays that.
    pub(super) fn set_level(&mut self, key: u32, level: u8) {
        let list = self.list_of(key).filter(|list| *list != NEXT);
        let Some(list) = list.filter(|list| *list != usize::from(level)) else {
            return;
        };
        let is_raised = usize::from(level) > list;
        self.remove(key);
        let position = if is_raised {
            Position::Back
        } else {
            Position::Front
        };
        self.insert(key, level, position);
    }

    /// True if the task was runnable.
    pub(super) fn remove(&mut self, key: u32) -> bool {
        let Some(list) = self.list_of(key) else {
            return false;
        };
        self.unlink(key, list);
        if list != NEXT && self.lists[list].first == NONE {
            self.occupied &= !(1 << list);
        }
        true
    }

    /// Takes all tasks out.
    pub(super) fn clear(&mut self) {
        *self = RunOrder::new(self.patience);
    }

    /// The task that runs now; it is taken out.
    pub(super) fn pick(&mut self) -> Option<u32> {
        let next = self.lists[NEXT].first;
        if next != NONE {
            self.picks += 1;
            self.unlink(next, NEXT);
            return Some(next);
        }
        let highest = self.occupied.checked_ilog2()? as usize;
        self.picks += 1;
        let level = self.aged(highest).unwrap_or(highest);
        let list = &mut self.lists[level];
        list.since = self.picks;
        let first = list.first;
        self.remove(first);
        Some(first)
    }

    /// The level below `highest` that has waited for too long, in every `patience`-th pick.
    fn aged(&mut self, highest: usize) -> Option<usize> {
        if self.patience == STRICT {
            return None;
        }
        self.until_aged -= 1;
        if self.until_aged > 0 {
            return None;
        }
        self.until_aged = self.patience;
        let mut below = self.occupied & !(1 << highest);
        let mut oldest = None;
        while below != 0 {
            let level = below.trailing_zeros() as usize;
            below &= below - 1;
            // Of two that have waited equally long, the higher one.
            if oldest
                .is_none_or(|oldest: usize| self.lists[level].since <= self.lists[oldest].since)
            {
                oldest = Some(level);
            }
        }
        oldest.filter(|level| self.picks - self.lists[*level].since >= self.patience.into())
    }

    fn link(&mut self, key: u32, list: usize, position: Position) {
        let ListEnds { first, last, .. } = self.lists[list];
        let (before, after) = match position {
            Position::Front => (NONE, first),
            Position::Back => (last, NONE),
            Position::At(others) => {
                let mut after = first;
                for _ in 0..others {
                    if after == NONE {
                        break;
                    }
                    after = self.links[after as usize].after;
                }
                let before = match after {
                    NONE => last,
                    after => self.links[after as usize].before,
                };
                (before, after)
            }
        };
        #[allow(clippy::cast_possible_truncation)] // At most 64.
        let list_number = list as u8;
        self.links[key as usize] = ListLink {
            before,
            after,
            list: list_number,
        };
        match before {
            NONE => self.lists[list].first = key,
            before => self.links[before as usize].after = key,
        }
        match after {
            NONE => self.lists[list].last = key,
            after => self.links[after as usize].before = key,
        }
        self.len += 1;
    }

    fn unlink(&mut self, key: u32, list: usize) {
        let ListLink { before, after, .. } = self.links[key as usize];
        match before {
            NONE => self.lists[list].first = after,
            before => self.links[before as usize].after = after,
        }
        match after {
            NONE => self.lists[list].last = before,
            after => self.links[after as usize].before = before,
        }
        self.links[key as usize] = UNLINKED;
        self.len -= 1;
    }
}

#[cfg(all(test, not(koil_loom)))]
mod tests;
