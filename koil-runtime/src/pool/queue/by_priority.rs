//! `ByPriority`: a queue of jobs with a level for each priority.

use std::collections::VecDeque;
use std::iter;

use super::JobLevel;

const LEVELS: usize = 64;

#[derive(Debug)]
pub(crate) struct ByPriority<J> {
    /// One queue for each level, once there has been a job.
    levels: Vec<VecDeque<J>>,
    /// A bit for each level that has jobs.
    occupied: u64,
    len: usize,
}

impl<J> Default for ByPriority<J> {
    fn default() -> ByPriority<J> {
        ByPriority {
            levels: Vec::new(),
            occupied: 0,
            len: 0,
        }
    }
}

impl<J> ByPriority<J> {
    pub(crate) fn push(&mut self, level: JobLevel, job: J) {
        let level = level.number();
        if self.levels.is_empty() {
            self.levels = iter::repeat_with(VecDeque::new).take(LEVELS).collect();
        }
        self.levels[level].push_back(job);
        self.occupied |= 1 << level;
        self.len += 1;
    }

    /// The job that is served next: the first one of the highest level.
    pub(crate) fn pop_first(&mut self) -> Option<J> {
        self.pop(self.occupied.checked_ilog2()?, VecDeque::pop_front)
    }

    /// The job that would be served last: the last one of the lowest level.
    pub(crate) fn pop_last(&mut self) -> Option<J> {
        (self.occupied != 0).then_some(())?;
        self.pop(self.occupied.trailing_zeros(), VecDeque::pop_back)
    }

    fn pop(&mut self, level: u32, end: impl FnOnce(&mut VecDeque<J>) -> Option<J>) -> Option<J> {
        let jobs = &mut self.levels[level as usize];
        let job = end(jobs);
        if jobs.is_empty() {
            self.occupied &= !(1 << level);
        }
        self.len -= usize::from(job.is_some());
        job
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.occupied == 0
    }

    pub(crate) fn len(&self) -> usize {
        self.len
    }
}

impl<J> IntoIterator for ByPriority<J> {
    type Item = J;
    type IntoIter = iter::Flatten<iter::Rev<std::vec::IntoIter<VecDeque<J>>>>;

    fn into_iter(self) -> Self::IntoIter {
        self.levels.into_iter().rev().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::priority::Priority;

    fn queue_of(jobs: &[(u8, char)]) -> ByPriority<char> {
        let mut queue = ByPriority::default();
        for (level, job) in jobs {
            let priority = Priority::new(*level).unwrap();
            queue.push(JobLevel { priority }, *job);
        }
        queue
    }

    #[test]
    fn the_highest_level_is_served_first_and_equals_by_arrival() {
        let mut queue = queue_of(&[(20, 'c'), (63, 'a'), (0, 'e'), (20, 'd'), (63, 'b')]);
        assert_eq!(queue.len(), 5);
        let served: String = iter::from_fn(|| queue.pop_first()).collect();
        assert_eq!(served, "abcde");
        assert!(queue.is_empty());
        assert_eq!(queue.len(), 0);
    }

    #[test]
    fn from_the_end_they_come_in_the_opposite_order() {
        let mut queue = queue_of(&[(20, 'c'), (63, 'a'), (0, 'e'), (20, 'd'), (63, 'b')]);
        let served: String = iter::from_fn(|| queue.pop_last()).collect();
        assert_eq!(served, "edcba");
        assert!(queue.is_empty());
    }

    #[test]
    fn all_of_them_come_in_the_order_in_which_they_would_be_served() {
        let queue = queue_of(&[(20, 'c'), (63, 'a'), (0, 'e'), (20, 'd'), (63, 'b')]);
        assert_eq!(queue.into_iter().collect::<String>(), "abcde");
        assert_eq!(ByPriority::<char>::default().into_iter().next(), None);
        assert_eq!(ByPriority::<char>::default().pop_last(), None);
    }
}
