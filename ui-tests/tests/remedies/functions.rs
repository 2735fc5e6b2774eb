//! Remedies for functions.

use crate::scenery::*;

remedy!("#[koiled] fn load() {}", "return `impl Stream`", {
    #[koiled]
    fn load() -> impl Stream<Item = u8> {
        stream::empty()
    }
});

remedy!("#[koiled] fn load() -> Load {}", "add `#[koil(wait)]`", {
    type Load = std::future::Ready<u8>;

    #[koiled]
    #[koil(wait)]
    fn load() -> Load {
        std::future::ready(1)
    }
});
