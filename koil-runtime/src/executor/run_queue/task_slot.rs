//! `TaskSlot`: the place of a task in its queue.

use std::sync::Arc;

use super::super::TaskStep;
use super::RunQueue;
use crate::scope::priority::TaskId;
use crate::scope::priority::party::Party;

/// The slot of a task; its drop says that the future of the task is gone.
pub(crate) struct TaskSlot<S: TaskStep> {
    queue: Arc<RunQueue<S>>,
    id: TaskId,
    party: Party,
}

impl<S: TaskStep> TaskSlot<S> {
    pub(super) fn new(queue: Arc<RunQueue<S>>, id: TaskId, party: Party) -> TaskSlot<S> {
        TaskSlot { queue, id, party }
    }

    pub(crate) fn id(&self) -> TaskId {
        self.id
    }

    pub(crate) fn party(&self) -> &Party {
        &self.party
    }

    pub(crate) fn queue(&self) -> &Arc<RunQueue<S>> {
        &self.queue
    }
}

impl<S: TaskStep> Drop for TaskSlot<S> {
    fn drop(&mut self) {
        if let Some(mut state) = self.queue.state() {
            let is_mine = state.slot(self.id).is_some();
            let slot = is_mine.then(|| {
                state.order.remove(self.id.slot());
                state.slots.remove(self.id.slot() as usize)
            });
            drop(state);
            drop(slot);
        }
    }
}
