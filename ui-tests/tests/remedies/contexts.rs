//! Remedies for `#[koilable]`.

use crate::scenery::*;

/// The methods of a context.
macro_rules! methods {
    () => {
        type Error = Error;

        async fn aenter(&mut self) -> Result<(), Error> {
            Ok(())
        }

        async fn aexit(&mut self, _: Exit) -> Result<(), Error> {
            Ok(())
        }
    };
}

// The item.

remedy!("#[koilable] fn enter() {}", "remove it here", {
    fn enter() {}
});

remedy!(
    "#[koilable] impl Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "write `impl AsyncContext for Client`",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl Clone for Client { fn clone(&self) -> Self {} }",
    "remove it here",
    {
        struct Client;

        impl Clone for Client {
            fn clone(&self) -> Self {
                Client
            }
        }
    }
);

remedy!(
    "#[koilable] impl !AsyncContext for Client {}",
    "remove `#[koilable]` here",
    {
        struct Client;

        nightly! { impl !AsyncContext for Client {} }
    }
);

remedy!(
    "#[koilable] default impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "remove `#[koilable]` here",
    {
        struct Client;

        nightly! {
            default impl AsyncContext for Client {
                methods! {}
            }
        }
    }
);

remedy!(
    "#[koilable] impl LocalAsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "write `#[koilable(local)]`",
    {
        #[koiled]
        struct Client;

        #[koilable(local)]
        impl LocalAsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl LocalAsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "or implement `AsyncContext`",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable(local)] impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "implement that",
    {
        #[koiled]
        struct Client;

        #[koilable(local)]
        impl LocalAsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable(local)] impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "or remove `local`",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

// The type.

remedy!(
    "#[koilable] impl AsyncContext for Client<'_> { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "hold an `Arc`",
    {
        #[koiled]
        struct Client(Arc<str>);

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for Client<'_> { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "or a clone",
    {
        #[koiled]
        struct Client(String);

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for Client<'_> { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "or implement `LocalAsyncContext` under `#[koilable(local)]`",
    {
        #[koiled]
        struct Client<'a>(&'a str);

        #[koilable(local)]
        impl LocalAsyncContext for Client<'_> {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for dyn Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "implement the trait for a struct",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for (u8, u8) { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "implement it for a struct",
    {
        #[koiled]
        struct Client(u8, u8);

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for (u8, u8) { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "or enum",
    {
        #[koiled]
        enum Client {
            Both(u8, u8),
        }

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

// The methods.

remedy!(
    "#[koilable] impl AsyncContext for Client { #[koil(skip)] async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "remove it",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for Client { async fn aexit(&mut self, _: Exit) {} }",
    "add `async fn aenter(&mut self) -> Result<(), Self::Error>`",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            type Error = Error;

            async fn aenter(&mut self) -> Result<(), Self::Error> {
                Ok(())
            }

            async fn aexit(&mut self, _: Exit) -> Result<(), Self::Error> {
                Ok(())
            }
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for Client { async fn aenter() {} async fn aexit(&mut self, _: Exit) {} }",
    "write `async fn aenter(&mut self) -> Result<(), Self::Error>`",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            type Error = Error;

            async fn aenter(&mut self) -> Result<(), Self::Error> {
                Ok(())
            }

            async fn aexit(&mut self, _: Exit) -> Result<(), Self::Error> {
                Ok(())
            }
        }
    }
);

remedy!(
    "#[koilable] impl AsyncContext for Client { async fn aenter(&mut self) {} fn aexit(&mut self, _: Exit) -> Result<(), u8> {} }",
    "write `async fn aexit(&mut self, cause: Exit) -> Result<(), Self::Error>`",
    {
        #[koiled]
        struct Client;

        #[koilable]
        impl AsyncContext for Client {
            type Error = Error;

            async fn aenter(&mut self) -> Result<(), Self::Error> {
                Ok(())
            }

            async fn aexit(&mut self, cause: Exit) -> Result<(), Self::Error> {
                Ok(())
            }
        }
    }
);

// Options.

remedy!(
    "#[koilable(timeout = \"5s\")] impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "an impl takes `name`, `suffix`",
    {
        struct Client;

        #[koilable(suffix = "_x")]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable(name = \"Sync\", suffix = \"_x\")] impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "keep one",
    {
        struct Client;

        #[koilable(suffix = "_x")]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable(name = \"Sync\", suffix = \"_x\")] impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "keep one",
    {
        #[koiled(name = "Sync")]
        struct Client;

        #[koilable(name = "Sync")]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);

remedy!(
    "#[koilable(name = \"enter_now\")] impl AsyncContext for Client { async fn aenter(&mut self) {} async fn aexit(&mut self, _: Exit) {} }",
    "to rename the function, write `suffix = \"..\"`",
    {
        struct Client;

        #[koilable(suffix = "_now")]
        impl AsyncContext for Client {
            methods! {}
        }
    }
);
