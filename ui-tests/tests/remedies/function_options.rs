//! Remedies for the options of `#[koiled]` on functions, and for the values of options.

use crate::scenery::*;

remedy!(
    "#[koiled(suffix = \"_x\", name = \"x\")] async fn load() {}",
    "keep one",
    {
        #[koiled(suffix = "_x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(suffix = \"_x\", name = \"x\")] async fn load() {}",
    "keep one",
    {
        #[koiled(name = "x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"a\")] #[koil(name = \"b\")] async fn load() {}",
    "keep one",
    {
        #[koiled(name = "a")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"a\")] #[koil(name = \"b\")] async fn load() {}",
    "keep one",
    {
        #[koiled]
        #[koil(name = "b")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(suffix = \"-x\")] async fn load() {}",
    "write letters, digits and `_`",
    {
        #[koiled(suffix = "_x2")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(suffix = \"\")] async fn load() {}",
    "write `suffix = \"..\"`",
    {
        #[koiled(suffix = "_x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(suffix = \"\")] async fn load() {}",
    "or remove it",
    {
        #[koiled]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"get-all\")] async fn load() {}",
    "write letters, digits and `_`",
    {
        #[koiled(name = "get_all2")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"fn\")] async fn load() {}",
    "write `r#fn`",
    {
        #[koiled(name = "r#fn")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"\")] async fn load() {}",
    "write `name = \"..\"`",
    {
        #[koiled(name = "x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"\")] async fn load() {}",
    "or remove it",
    {
        #[koiled]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = 3)] async fn load() {}",
    "write `name = \"..\"`",
    {
        #[koiled(name = "x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(name = \"load\")] async fn load() {}",
    "give the twin another name",
    {
        #[koiled(name = "load_now")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(koil::name = \"a\")] async fn load() {}",
    "write it without a path",
    {
        #[koiled(name = "a")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(sufix = \"x\")] async fn load() {}",
    "did you mean `suffix`?",
    {
        #[koiled(suffix = "x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(pinned)] async fn load() {}",
    "a fn takes `name`, `suffix`",
    {
        #[koiled(suffix = "_x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(twins(Bucket))] async fn load() {}",
    "remove it",
    {
        #[koiled]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(crate = \"-\")] async fn load() {}",
    "write one such as `crate::koil`",
    {
        #[koiled(crate = "crate::koil")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(docs = \"many\")] async fn load() {}",
    "write one of `\"prose\"`",
    {
        #[koiled(docs = "prose")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(docs = \"many\")] async fn load() {}",
    "`\"all\"`",
    {
        #[koiled(docs = "all")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(docs = \"many\")] async fn load() {}",
    "`\"link\"`",
    {
        #[koiled(docs = "link")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(docs = \"many\")] async fn load() {}",
    "`\"none\"`",
    {
        #[koiled(docs = "none")]
        async fn load() {}
    }
);

// `aio` and `inline`.

remedy!(
    "#[koiled(aio, name = \"x\")] async fn load() {}",
    "keep one of the two options",
    {
        #[koiled(aio)]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(aio, name = \"x\")] async fn load() {}",
    "keep one of the two options",
    {
        #[koiled(name = "x")]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(aio)] #[koil(name = \"y\")] async fn load() {}",
    "remove `name`, and rename the fn",
    {
        #[koiled(aio)]
        async fn y() {}
    }
);

remedy!(
    "#[koiled(inline = \"T\")] async fn load() {}",
    "write `inline`",
    {
        #[koiled(inline)]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(inline = \"T\")] async fn load<T>(of: T) {}",
    "or `inline(T)`",
    {
        #[koiled(inline(T))]
        async fn load<T>(of: T) {}
    }
);

remedy!(
    "#[koiled(inline(T))] async fn load<U>(from: U) {}",
    "remove it",
    {
        #[koiled(inline)]
        async fn load<U>(from: U) {}
    }
);

// `handle`.

remedy!(
    "#[koiled(handle)] async fn load() {}",
    "write one for a `koil::Handle`, such as `handle = HANDLE`",
    {
        #[koiled(handle = HANDLE)]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(handle = \"HANDLE\")] async fn load() {}",
    "write `handle = HANDLE`",
    {
        #[koiled(handle = HANDLE)]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(handle = self.handle)] async fn load(handle: Handle) {}",
    "use an argument",
    {
        #[koiled(handle = handle)]
        async fn load(handle: Handle) {}
    }
);

remedy!(
    "#[koiled(handle = self.handle)] async fn load() {}",
    "a static",
    {
        #[koiled(handle = HANDLE)]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(handle = self.handle)] async fn load() {}",
    "or a function that returns a `koil::Handle`",
    {
        fn handle() -> Handle {
            HANDLE.clone()
        }

        #[koiled(handle = handle())]
        async fn load() {}
    }
);
