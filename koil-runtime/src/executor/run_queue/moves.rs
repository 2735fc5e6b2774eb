//! Moves of tasks in a `RunQueue`, which their parties and their own code ask for.

use super::super::TaskStep;
use super::super::current::TaskQueue;
use super::super::run_order::Position;
use super::super::task_info::{NotRunnable, NotRunnableWhy};
use super::RunQueue;
use crate::scope::priority::TaskId;
use crate::scope::priority::party::{LevelChanged, Party};

impl<S: TaskStep> LevelChanged for RunQueue<S> {
    fn level_changed(&self, party: &Party) {
        let Some(task) = party.task() else {
            return;
        };
        if let Some(mut state) = self.state() {
            let level = party.effective().level();
            if let Some(record) = state.slot(task) {
                record.level = level;
                state.order.set_level(task.slot(), level);
            }
        }
    }
}

impl<S: TaskStep> TaskQueue for RunQueue<S> {
    fn place_next(&self, task: TaskId, position: Position) {
        if let Some(mut state) = self.state()
            && let Some(slot) = state.slot(task)
            && slot.step.is_none()
        {
            slot.place_next = Some(position);
        }
    }

    fn bring_forward(&self, task: TaskId) {
        let Some(mut state) = self.state() else {
            return;
        };
        match state.slot(task) {
            Some(slot) if slot.step.is_none() => slot.place_next = Some(Position::Front),
            Some(_) => state.order.reposition(task.slot(), Position::Front),
            None => {}
        }
    }

    fn switch(&self, from: TaskId, to: TaskId, mine: Position) -> Result<(), NotRunnable> {
        let Some(mut state) = self.state() else {
            return Err(NotRunnableWhy::Unknown.of(to));
        };
        state.check_runnable(to)?;
        state.order.make_next(to.slot());
        if let Some(slot) = state.slot(from) {
            slot.place_next = Some(mine);
        }
        Ok(())
    }

    fn party(&self, task: TaskId) -> Option<Party> {
        self.state()?.slot(task).map(|slot| slot.party.clone())
    }
}
