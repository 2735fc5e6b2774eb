//! Items used by generated code. Not public API: may change in any release.

mod forward;

/// The checks of `forward(..)`.
pub mod forwards {
    pub use koil_inline::private::forwards::*;

    pub use crate::bridge::asserted_forwards::*;
}

pub use crate::__koil_forward as forward;
pub use crate::bridge::asserted::Asserted;
pub use crate::bridge::asserted_io::AssertedReader;
pub use crate::bridge::calls::{block_on, io, io_futures, iter, try_block_on, try_wait, wait};
pub use crate::bridge::clean_up::CleanUp;
pub use crate::bridge::fallible::{FromBridge, from_bridge};
pub use crate::bridge::forwarded::{cloned, default, from_str, made, next, size_hint};
pub use crate::bridge::forwarded_io::{futures_io, tokio_io};
pub use crate::bridge::inline::{inline, inline_at, inline_iter, try_inline, try_inline_at};
pub use crate::bridge::io::Io;
pub use crate::bridge::iter::{fallible_iter, timeout_iter, timeout_map_iter};
pub use crate::bridge::lent_calls::{
    block_on_lent, io_futures_lent, io_lent, iter_lent, try_block_on_lent, try_wait_lent, wait_lent,
};
pub use crate::bridge::map_iter::map_items;
pub use crate::bridge::panics::{caught, io_caught, iter_caught};
pub use crate::bridge::std_argument::std_argument;
pub use crate::bridge::time_limit::{io_within, limit};
pub use crate::call::{Call, on};
pub use crate::lifecycle::async_guard::enter_async;
pub use crate::lifecycle::composition::{Exits, enter_part, undone};
pub use crate::lifecycle::entered::enter;
pub use crate::lifecycle::entry::ContextNames;
pub use crate::lifecycle::kind::{AnyThread, SameThread};
pub use crate::lifecycle::open_parts::OpenParts;
pub use crate::lifecycle::returned_guard::{entered, entered_twin};
pub use crate::threads::arguments::{Owned, Sent, owned};
pub use crate::threads::call::Place;
pub use crate::threads::iter::threaded_yield;
pub use crate::threads::jobs::{home, threaded};
pub use crate::threads::opening::{Opening, Opens, open, threaded_open};
pub use crate::threads::pinned::Pinned;
pub use crate::threads::pinned::generated::{
    pinned_made, pinned_new, pinned_open, pinned_take, pinned_with, pinned_yield,
};
pub use crate::threads::shared::{Shares, shared};
pub use crate::threads::yielder::{YieldEnd, feed};
pub use futures_core::Stream;
pub use koil_inline::private::{
    CallSite, Callback, HasTwin, Iterates, IteratesNot, MapTwin, Shell, StdIo, Twin, arc_into_aio,
    arc_into_twin, as_twin, as_twin_mut, box_into_aio, box_into_twin, callback, forward_inline,
    into_twin, map_twin, option_mut, option_ref, pin_box_into_aio, pin_box_into_twin,
    pin_mut_into_aio, pin_mut_into_twin, pin_ref_into_aio, pin_ref_into_twin, rc_into_aio,
    rc_into_twin, slice_as_aio, slice_as_aio_mut, slice_as_twins, slice_as_twins_mut,
};
