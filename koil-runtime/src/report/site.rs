//! `CallSite`: the source location of a blocking call and the names of its two sides.

pub(crate) use koil_inline::private::{CallSite, Names};
