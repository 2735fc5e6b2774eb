//! Mistakes in callbacks, and in readers and writers of std as arguments.

pub(super) const MISTAKES: &[&str] = &[
    // Callbacks.
    "#[koiled] async fn load<F: Clone>(#[koil(callback)] f: F) {}",
    "#[koiled] async fn load(#[koil(callback)] f: Box<dyn FnOnce(u32) -> BoxFuture<'static, ()>>) {}",
    "#[koiled] async fn load<F: Fn() -> Fut, Fut: Future>(#[koil(callback)] f: F) {}",
    "#[koiled] async fn load(#[koil(callback)] f: impl AsyncFn(BoxStream<'static, u8>)) {}",
    "#[koiled] async fn load(#[koil(callback = 3, callbak)] f: impl AsyncFn()) {}",
    "#[koiled] async fn load(#[koil] f: impl AsyncFn()) {}",
    "#[koiled] #[koil(callback)] async fn load(f: impl AsyncFn()) {}",
    "#[koiled] impl Shop { #[koil(lend)] async fn load(&self, #[koil(callback)] f: impl AsyncFn()) {} }",
    "#[koiled] impl Shop { async fn load(#[koil(callback)] &self) {} }",
    "#[threaded] fn load(#[koil(callback)] f: u32) {}",
    // Readers and writers.
    "#[koiled] async fn load(#[koil(std)] from: Box<dyn AsyncRead>, #[koil(std)] at: u32) {}",
    "#[koiled] async fn load<R: Clone, T>(#[koil(std)] from: R, #[koil(std)] at: &mut T, #[koil(std)] into: &impl AsyncRead) {}",
    "#[koiled] async fn load(#[koil(std)] from: impl AsyncRead + Send + Unpin) {}",
    "#[koiled] async fn load<W>(#[koil(std)] into: W) where W: AsyncWrite + Unpin + 'static {}",
    "#[koiled] async fn load(#[koil(std)] from: &'static mut dyn AsyncRead) {}",
    "#[koiled] async fn load(#[koil(std)] from: &mut (impl AsyncRead + Named)) {}",
    "#[koiled] async fn load<R: AsyncRead>(#[koil(std)] from: R, other: Option<R>) {}",
    "#[koiled] async fn load<R: AsyncRead>(#[koil(std)] from: R) -> R {}",
    "#[koiled] async fn load<R: AsyncRead, T: From<R>>(#[koil(std)] from: R, into: T) {}",
    "#[koiled] async fn load(#[koil(std, callback)] from: impl AsyncRead) {}",
    "#[koiled] async fn load(#[koil(std = \"x\")] from: impl AsyncRead) {}",
    "#[koiled] impl Shop { #[koil(lend)] async fn load(&self, #[koil(std)] from: impl AsyncRead) {} fn set(self, #[koil(std)] from: impl AsyncRead) -> Self {} }",
    "#[koiled] fn load(#[koil(std)] from: &mut impl AsyncRead) -> impl Stream<Item = u8> {}",
    "#[koiled] async fn load<'a>(#[koil(std)] from: &'a mut impl AsyncBufRead) -> &'a [u8] {}",
    "#[koiled] async fn load(#[koil(std)] from: &mut impl AsyncBufRead) -> io::Result<Cow<'_, str>> {}",
    "#[koiled] impl<R: AsyncRead> Conn<R> { async fn load(&self, #[koil(std)] from: R) {} }",
    "#[koiled] #[koil(std)] async fn load(from: impl AsyncRead) {}",
];
