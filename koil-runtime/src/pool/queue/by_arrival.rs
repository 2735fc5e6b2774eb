//! `ByArrival`: a queue of jobs with one level.

use std::collections::VecDeque;

use super::JobLevel;

#[derive(Debug)]
pub(crate) struct ByArrival<J>(VecDeque<J>);

impl<J> Default for ByArrival<J> {
    fn default() -> ByArrival<J> {
        ByArrival(VecDeque::new())
    }
}

impl<J> ByArrival<J> {
    pub(crate) fn push(&mut self, _: JobLevel, job: J) {
        self.0.push_back(job);
    }

    /// The job that is served next.
    pub(crate) fn pop_first(&mut self) -> Option<J> {
        self.0.pop_front()
    }

    /// The job that would be served last.
    pub(crate) fn pop_last(&mut self) -> Option<J> {
        self.0.pop_back()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl<J> IntoIterator for ByArrival<J> {
    type Item = J;
    type IntoIter = std::collections::vec_deque::IntoIter<J>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}
