//! Snapshot tests of parameters that are callbacks.

use expect_test::expect_file;

use super::expand;

#[test]
fn a_callback_is_a_plain_closure() {
    expect_file!["callback.rs"].assert_eq(&expand(
        "twins(Tx)",
        "impl Store {
            async fn transaction<T>(&self, #[koil(callback)] work: impl AsyncFnOnce(&mut Tx) -> T) -> T { .. }
            async fn each<F, Fut>(&self, #[koil(callback)] visit: F) -> usize
            where F: FnMut(Tx, u32) -> Fut + Send, Fut: Future<Output = bool> + Send { .. }
            async fn boxed<T>(&self, #[koil(callback)] work: impl for<'t> FnOnce(&'t Self) -> BoxFuture<'t, Option<T>>) { .. }
            async fn merged(&self, #[koil(callback)] part: impl AsyncFn() -> Option<Tx>) { .. }
            async fn find(&self, #[koil(callback)] is_meant: impl Fn(&Tx) -> bool) {}
        }",
    ));
}
