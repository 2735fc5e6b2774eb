//! `Window`: the number of items to take at once, which grows while that many are ready.

/// 1 at first; twice as many each time that all were ready, up to `max`; 1 again when they were
/// not. So a slow stream gives each item at once, and a fast one many together.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Window {
    now: usize,
    max: usize,
}

impl Window {
    pub(super) fn up_to(max: usize) -> Window {
        Window {
            now: max.min(1),
            max,
        }
    }

    #[inline]
    pub(super) fn size(self) -> usize {
        self.now
    }

    /// Doubles the window: all of its items were ready.
    pub(super) fn grow(&mut self) {
        self.now = self.now.saturating_mul(2).min(self.max);
    }

    /// Begins again with one item: not all items of the window were ready.
    pub(super) fn reset(&mut self) {
        self.now = self.max.min(1);
    }
}
