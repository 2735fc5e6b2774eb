//! Attributes that twins carry, and those that they must not.
#![deny(warnings)]

use std::panic::Location;

use futures::{Stream, stream};
use koil::koiled;

#[koiled]
#[cfg(any())]
async fn absent(value: Missing) -> Missing {
    value
}

#[koiled]
#[cfg(not(any()))]
async fn present() -> u32 {
    1
}

#[cfg(not(any()))]
#[koiled]
async fn condition_above() -> u32 {
    2
}

#[cfg_attr(not(any()), koiled)]
async fn conditionally_koiled() -> u32 {
    3
}

#[koiled]
#[cfg_attr(not(any()), must_use)]
#[cfg_attr(any(), missing)]
async fn with_cfg_attr() -> u32 {
    4
}

#[koiled]
#[cfg(any())]
struct Absent(Missing);

#[koiled]
#[cfg(any())]
impl Absent {
    async fn missing(&self) -> Missing {}
}

#[koiled]
#[must_use = "numbers are precious"]
async fn precious() -> u32 {
    5
}

#[koiled]
#[must_use]
#[deprecated(since = "0.1.0", note = "use `precious`")]
async fn old() -> u32 {
    6
}

#[koiled]
#[allow(non_snake_case)]
async fn SHOUTED(Quiet: u32) -> u32 {
    Quiet
}

#[koiled]
#[expect(unused_mut, clippy::let_and_return)]
async fn expecting() -> u32 {
    let mut kept = 7;
    kept
}

#[koiled]
#[warn(unused_variables)]
#[inline(always)]
#[cold]
#[doc(hidden)]
#[doc(alias = "eight")]
#[track_caller]
#[allow(ungated_async_fn_track_caller)]
async fn many() -> u32 {
    8
}

#[koiled]
#[deprecated]
#[derive(Clone, Debug)]
struct OldType;

#[koiled]
#[allow(deprecated)]
impl OldType {
    fn new() -> Self {
        OldType
    }

    async fn touch(&self) -> u32 {
        1
    }
}

#[koiled]
#[must_use]
#[derive(Clone)]
struct Guard(u32);

#[koiled]
#[allow(dead_code)]
#[allow(clippy::unused_async)]
impl Guard {
    #![allow(clippy::missing_errors_doc)]

    async fn make() -> Self {
        Guard(1)
    }

    #[must_use]
    async fn number(&self) -> u32 {
        self.0
    }

    #[deprecated]
    async fn old(&self) -> u32 {
        self.0
    }

    #[cfg(any())]
    async fn absent(&self) -> Missing {}

    // Of two, one exists.
    #[cfg(any())]
    async fn either(&self, _: Missing) -> &'static str {
        "absent"
    }

    #[cfg(not(any()))]
    async fn either(&self) -> &'static str {
        "present"
    }

    #[cfg(any())]
    const SIDE: Missing = Missing;

    #[cfg(not(any()))]
    const SIDE: &'static str = "present";

    #[koil(skip)]
    async fn skipped(&self) -> u32 {
        2
    }

    #[koil(skip)]
    #[cfg(any())]
    async fn skipped_absent(self: std::cell::Cell<Self>) {}

    #[cfg_attr(any(), missing)]
    #[koil(name = "twice")]
    #[doc = "Docs in the middle."]
    #[koil(lend)]
    async fn several_helpers(&self) -> u32 {
        self.0 * 2
    }

    #[cfg_attr(not(any()), cfg(any()))]
    async fn conditional(&self) -> Missing {
        Missing
    }

    #[cfg_attr(not(any()), cfg(not(any())), deprecated, doc(alias = "other"), inline)]
    #[cfg_attr(any(), cfg(any()))]
    async fn conditional(&self) -> u32 {
        self.0
    }

    #[cfg_attr(not(any()), expect(unused_variables), must_use)]
    async fn expecting_if(&self, #[cfg_attr(not(any()), cfg(any()))] gone: Missing) -> u32 {
        let unused = 1;
        self.0
    }

    #[track_caller]
    fn here() -> &'static Location<'static> {
        Location::caller()
    }

    #[must_use]
    fn items(&self) -> impl Stream<Item = u32> + use<> {
        stream::iter([self.0])
    }
}

#[koiled(docs = "none")]
async fn without_docs() -> u32 {
    1
}

/// Docs.
///
/// # Examples
/// ```
/// this does not even parse
/// ```
#[koiled(docs = "link")]
async fn only_a_link() -> u32 {
    1
}

#[koiled(docs = "all")]
#[doc = concat!("computed ", "docs")]
/** block docs */
async fn all_docs() -> u32 {
    1
}

mod gated {
    #![allow(unexpected_cfgs, dead_code)]

    use koil::koiled;

    #[koiled(feature = "of-another-world")]
    async fn gated() -> u32 {
        1
    }

    /// The name of a twin that is gated out is free.
    pub(crate) fn gated_blocking() -> u32 {
        2
    }

    #[koiled(feature = "of-another-world")]
    struct Gated;

    #[koiled(feature = "of-another-world")]
    impl Gated {
        const ONE: u32 = 1;

        async fn get() -> Self {
            Gated
        }
    }

    struct BlockingGated;
}

#[koiled()]
async fn empty_parentheses() -> u32 {
    1
}

#[rustfmt::skip]
#[koiled(name = "with_a_comma",)]
async fn trailing_comma() -> u32 {
    1
}

#[koil::koiled]
async fn by_path() -> u32 {
    1
}

#[::koil::koiled]
async fn by_absolute_path() -> u32 {
    1
}

/// `must_use` and `deprecated` have come along if leaving them out is noticed.
fn carried() {
    #[expect(unused_must_use)]
    precious_blocking();
    #[expect(deprecated)]
    let _ = old_blocking();
    #[expect(deprecated)]
    let old = BlockingOldType::new();
    #[allow(deprecated)]
    let number = old.touch();
    assert_eq!(number, 1);
    let guard = BlockingGuard::make();
    #[expect(unused_must_use)]
    guard.number();
    #[expect(deprecated)]
    guard.old();
    #[expect(unused_must_use)]
    guard.items();
    #[expect(deprecated)]
    guard.conditional();
    #[expect(unused_must_use)]
    guard.expecting_if();
    #[expect(unused_must_use)]
    BlockingGuard::make();
}

pub(crate) fn main() {
    carried();
    assert_eq!(present_blocking(), 1);
    assert_eq!(condition_above_blocking(), 2);
    assert_eq!(conditionally_koiled_blocking(), 3);
    assert_eq!(with_cfg_attr_blocking(), 4);
    assert_eq!(precious_blocking(), 5);
    assert_eq!(SHOUTED_blocking(6), 6);
    assert_eq!(expecting_blocking(), 7);
    assert_eq!(many_blocking(), 8);
    let guard = Guard(3).into_blocking();
    assert_eq!(guard.either(), "present");
    assert_eq!(BlockingGuard::SIDE, "present");
    assert_eq!(koil::unkoil(guard.skipped()), 2);
    assert_eq!(guard.twice(), 6);
    let (here, line) = (BlockingGuard::here(), line!());
    assert_eq!((here.line(), here.file()), (line, file!()));
    assert_eq!(without_docs_blocking(), 1);
    assert_eq!(only_a_link_blocking(), 1);
    assert_eq!(all_docs_blocking(), 1);
    assert_eq!(gated::gated_blocking(), 2);
    assert_eq!(empty_parentheses_blocking(), 1);
    assert_eq!(with_a_comma(), 1);
    assert_eq!(by_path_blocking(), 1);
    assert_eq!(by_absolute_path_blocking(), 1);
}
