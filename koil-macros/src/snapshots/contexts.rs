//! The same for contexts.

use expect_test::expect_file;

use super::{expand, of};
use crate::syntax::attribute::Attribute;

#[test]
fn a_context_has_a_guard_on_each_side() {
    expect_file!["koilable.rs"].assert_eq(&of(
        Attribute::Koilable,
        "handle = self.handle()",
        "impl<D: Driver> AsyncContext for Pool<D> where Self: Sync {
            type Error = D::Error;
            async fn aenter(&mut self) -> Result<(), D::Error> { .. }
            async fn aexit(&mut self, cause: Exit) -> Result<(), D::Error> { .. }
        }",
    ));
}

#[test]
fn a_context_that_stays_on_its_thread_has_other_guards() {
    expect_file!["koilable_local.rs"].assert_eq(&of(
        Attribute::Koilable,
        "local, suffix = \"_blocking\", feature = \"blocking\"",
        "impl LocalAsyncContext for Window {
            type Error = Self::Broken;
            async fn aenter(&mut self) -> Result<(), Self::Error> { .. }
            async fn aexit(&mut self, cause: Exit) -> Result<(), Self::Error> { .. }
        }",
    ));
}

#[test]
fn a_composition_enters_its_parts_in_order_and_leaves_them_in_reverse() {
    expect_file!["koilable_parts.rs"].assert_eq(&of(
        Attribute::Koilable,
        "",
        "#[koiled]
         #[derive(Deserialize)]
         pub struct Service<T = u8> {
            #[koil(context)]
            pool: Pool<T>,
            #[serde(default)]
            url: String,
            #[koil(context)]
            #[cfg(unix)]
            cache: Cache,
        }",
    ));
}

#[test]
fn a_field_that_is_a_context_stays_marked_for_the_attribute_below() {
    let item = "#[koilable] struct Service { #[koil(context)] pool: Pool }";
    let expanded = expand("", item);
    assert!(
        expanded.starts_with("#[koilable]\nstruct Service {\n    #[koil(context)]"),
        "{expanded}"
    );
    let item = "#[koiled] struct Service { #[koil(context)] pool: Pool }";
    let expanded = of(Attribute::Koilable, "", item);
    assert!(
        expanded.starts_with("#[koiled]\nstruct Service {\n    pool: Pool"),
        "{expanded}"
    );
}
