//! `CallSite`: the source location of a blocking call and the names of its two sides. Private:
//! public types such as `Blocked` show it by `call_site` and `twin`.

pub(crate) use koil_inline::private::{CallSite, Names};
