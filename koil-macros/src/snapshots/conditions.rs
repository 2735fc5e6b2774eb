//! Expansions of items with conditions of their own.

use expect_test::expect_file;

use super::expand;

#[test]
fn helpers_under_a_condition_give_twins_for_both_cases() {
    expect_file!["conditional.rs"].assert_eq(&expand(
        "skip(limit)",
        "impl Shop {
            #[cfg_attr(feature = \"blocking\", koil(skip), inline)]
            pub fn new() -> Self { .. }
            #[cfg_attr(feature = \"blocking\", koil(name = \"fetch\"))]
            pub async fn get(&self, url: &str) -> u8 { .. }
            pub async fn limit(&self) -> u8 { .. }
        }",
    ));
}
