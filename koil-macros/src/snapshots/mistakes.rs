impl Shop {
    async fn open(&self) -> [Self; 2] {
        ..
    }
    async fn close(self: &Arc<Self>) {
        ..
    }
    async fn fine(&self) {}
}
::core::compile_error! {
    "unknown option `nam`; did you mean `name`?"
}
::core::compile_error! {
    "`[Self; 2]` cannot be mapped; return `Vec` or use `#[koil(raw)]`"
}
::core::compile_error! {
    "unknown helper `skp`; did you mean `skip`?"
}
::core::compile_error! {
    "receiver `&Arc<Self>` cannot be mapped; use `self: Arc<Self>` or `#[koil(skip)]`"
}
