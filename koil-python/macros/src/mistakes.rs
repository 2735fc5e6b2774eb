//! Each mistake, and the token that it is told at.

use proc_macro2::TokenStream;

fn mistake(options: &str, item: &str) -> (String, String) {
    let parse = |text: &str| text.parse::<TokenStream>().expect("the case is Rust");
    let error = crate::expand(parse(options), parse(item)).expect_err("the case is a mistake");
    let place = error.span().source_text().unwrap_or_default();
    (error.to_string(), place)
}

fn method(signature: &str) -> String {
    format!("#[pymethods] impl A {{ {signature} {{}} }}")
}

#[test]
fn mistakes_are_told_at_their_token() {
    let cases = [
        ("", "struct A;", "is for `#[pymethods]` blocks", "struct A;"),
        ("", "impl A {}", "stands above `#[pymethods]`", "A"),
        ("", "async fn f() {}", "stands above `#[pyfunction]`", "f"),
        ("", "#[pyfunction] fn f() {}", "is not async", "fn"),
        (
            "context = self.0",
            "#[pyfunction] async fn f() {}",
            "no options",
            "context",
        ),
        (
            "name = 1",
            "#[pymethods] impl A {}",
            "the one option",
            "name",
        ),
        (
            "context = self.0, context = self.1",
            "#[pymethods] impl A {}",
            "once",
            "context",
        ),
        (
            "",
            &method("async fn f(&mut self)"),
            "take `&self`",
            "&mut self",
        ),
        ("", &method("async fn f(self)"), "take `&self`", "self"),
        (
            "",
            &method("async fn f(&self, a: &A)"),
            "cannot borrow this",
            "&A",
        ),
        (
            "",
            &method("async fn f(&self, a: &mut str)"),
            "cannot borrow this",
            "&mut str",
        ),
        (
            "",
            &method("async fn f<T>(&self, a: T)"),
            "no generic functions",
            "T",
        ),
        (
            "",
            &method("async fn f(&self, (a, b): (A, B))"),
            "the name",
            "(a, b)",
        ),
        (
            "",
            &method("async fn f(&self, py: Python<'_>)"),
            "does not hold the lock",
            "Python<'_>",
        ),
        (
            "",
            &method("#[new] async fn f() -> A"),
            "cannot be awaited",
            "#[new]",
        ),
        (
            "",
            &method("#[getter] async fn f(&self)"),
            "cannot be awaited",
            "#[getter]",
        ),
    ];
    for (options, item, text, place) in cases {
        let (message, at) = mistake(options, item);
        assert!(message.contains(text), "{item}: {message}");
        // A span of several tokens is its first one here.
        assert!(place.starts_with(&at), "{item}: {message} at {at}");
    }
}
