//! `BlockingOnUi`: the answer to a blocking call on the thread of a `Ui`.

/// The answer to a blocking call (`unkoil`, a twin, an item of a [`koil::Iter`](crate::Iter)) that is
/// made on the thread of a [`Ui`](super::Ui): the window stands still while the call waits.
///
/// Set by [`UiBuilder::blocking`](super::UiBuilder::blocking). Where several `Ui`s share a thread, the
/// strictest answer counts.
///
/// ```
/// use koil::ui::testing::Pump;
/// use koil::ui::{BlockingOnUi, Ui};
///
/// let pump = Pump::new();
/// let ui = Ui::builder(pump.post()).blocking(BlockingOnUi::Refused).build()?;
/// let refused = koil::try_unkoil(async { "ready or not" }).unwrap_err();
/// assert!(refused.would_deadlock());
///
/// ui.close();
/// assert_eq!(koil::try_unkoil(async { "no window" })?, "no window");
/// # Ok::<(), koil::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum BlockingOnUi {
    /// It waits, and nothing is said.
    Allowed,
    /// It waits. Then the hook of its loop
    /// ([`on_blocking_in_async`](crate::KoilBuilder::on_blocking_in_async)) is told the line and how
    /// long it has waited, once per line; without a hook it is one line on stderr. A call that does
    /// not wait is not told. A call that has waited for 5 s is told while it waits.
    #[default]
    Told,
    /// It fails at once, ready or not, with
    /// [`Error::would_deadlock`](crate::Error::would_deadlock); the text names `ui.spawn`.
    Refused,
}
