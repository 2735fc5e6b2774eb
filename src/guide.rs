//! Longer pages: where a call may block, how it may end, who drives, how to migrate, desktop programs,
//! priorities.
//!
//! There is nothing in here to import.
//! The repository has more: `examples/quickstart` and `examples/object-store`, SDKs to read and run;
//! `docs/performance.md`, the measured cost, with charts; `docs/promises.md`; `CHANGELOG.md`;
//! `ARCHITECTURE.md` and `STYLE.md`.

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

/// Replacing a hand-written blocking module, step by step.
///
/// [places]: where_you_can_block
#[doc = include_str!("../docs/migrate.md")]
pub mod migrate {}

/// Which problem koil solves, which one std, futures or tokio solve as well, and how.
///
/// [sync]: sync_in_async
#[doc = include_str!("../docs/which-tool-when.md")]
pub mod which_tool_when {}

/// The ways out for a callback, a foreign sync trait, an iterator, a `Drop` or a hook that cannot await.
///
/// [places]: where_you_can_block
#[doc = include_str!("../docs/sync-in-async.md")]
pub mod sync_in_async {}

/// An async loop beside a window: the glue for toolkits, callbacks, dialogs, progress, the end.
///
// The picture: rustdoc takes no files. It stands before the page, so its definition counts.
#[doc = include_str!("../docs/desktop/windows.md")]
#[doc = include_str!("../docs/desktop.md")]
pub mod desktop_programs {}

/// With the feature `sched`: where a priority has an effect and where not, and when two runtimes are right.
///
/// [inversion]: priorities#locks-and-what-they-inherit
#[doc = include_str!("../docs/priorities.md")]
#[doc = include_str!("../docs/inversion.svg")]
pub mod priorities {}
