//! Longer pages: where a call may block, what becomes of it, who drives, how to migrate.
//!
//! There is nothing in here to import.
//! In the repository there are also `examples/quickstart` and `examples/object-store`, SDKs to read
//! and run; `docs/performance.md`, what it costs, with charts; `CHANGELOG.md`; and `ARCHITECTURE.md`.

/// Where a blocking call works, steps aside, or is refused.
///
/// [drivers]: who_drives
#[doc = include_str!("../docs/where-you-can-block.md")]
pub mod where_you_can_block {}

/// The effect of a cancel, a timeout, a drop, a panic, a shutdown, a fork and the end on each call.
#[doc = include_str!("../docs/what-happens-when.md")]
pub mod what_happens_when {}

/// Which thread drives the loop, when a caller does, and what that asks of a program.
///
/// [moments]: what_happens_when
/// [figures]: crate::guide
#[doc = include_str!("../docs/who-drives.md")]
pub mod who_drives {}

/// How a hand-written blocking module is replaced.
///
/// [places]: where_you_can_block
#[doc = include_str!("../docs/migrate.md")]
pub mod migrate {}
