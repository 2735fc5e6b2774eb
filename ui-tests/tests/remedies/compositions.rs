//! Remedies for `#[koilable]` on structs.

use crate::scenery::*;

/// A context.
macro_rules! context {
    ($name:ident) => {
        struct $name;

        impl AsyncContext for $name {
            type Error = Error;

            async fn aenter(&mut self) -> Result<(), Error> {
                Ok(())
            }

            async fn aexit(&mut self, _: Exit) -> Result<(), Error> {
                Ok(())
            }
        }
    };
}

remedy!(
    "#[koilable] #[koiled] struct Service { #[koil(skip)] cache: Cache }",
    "a field takes `context`",
    {
        context!(Cache);

        #[koilable]
        #[koiled]
        struct Service {
            #[koil(context)]
            cache: Cache,
        }
    }
);

remedy!(
    "#[koilable] #[koil(context)] #[koiled] struct Service { #[koil(context)] pool: Pool }",
    "remove it here",
    {
        context!(Pool);

        #[koilable]
        #[koiled]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koilable] #[koil(suffix = \"_x\")] struct Service { #[koil(context)] pool: Pool }",
    "or write the option in `#[koilable(..)]`",
    {
        context!(Pool);

        #[koilable(suffix = "_x")]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koilable] #[koiled] struct Service { #[koil] pool: Pool }",
    "write `#[koil(context)]`",
    {
        context!(Pool);

        #[koilable]
        #[koiled]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koilable] #[koiled] struct Service { #[koil(context)] pool: Pool, #[koil] cache: Cache }",
    "or remove it",
    {
        context!(Pool);

        struct Cache;

        #[koilable]
        #[koiled]
        struct Service {
            #[koil(context)]
            pool: Pool,
            cache: Cache,
        }
    }
);

remedy!(
    "#[koilable] #[koiled] struct Service { pool: Pool }",
    "write `#[koil(context)]` on each field that is entered and left with it",
    {
        context!(Pool);

        #[koilable]
        #[koiled]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koilable(error)] #[koiled] struct Service { #[koil(context)] pool: Pool }",
    "write `error = ServiceError`",
    {
        context!(Pool);

        type ServiceError = Error;

        #[koilable(error = ServiceError)]
        #[koiled]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koilable(error)] #[koiled] struct Service { #[koil(context)] pool: Pool }",
    "or `error = \"Box<dyn Error>\"` with quotes",
    {
        context!(Pool);

        #[koilable(error = "Box<dyn std::error::Error + Send + Sync>")]
        #[koiled]
        struct Service {
            #[koil(context)]
            pool: Pool,
        }
    }
);

remedy!(
    "#[koilable] #[koiled] struct Service { #[koil(context)] #[cfg(unix)] pool: Pool, #[koil(context)] #[cfg(windows)] cache: Cache }",
    "write `#[koilable(error = ..)]`",
    {
        context!(Pool);
        context!(Cache);

        #[koilable(error = Error)]
        #[koiled]
        struct Service {
            #[koil(context)]
            #[cfg(unix)]
            pool: Pool,
            #[koil(context)]
            #[cfg(windows)]
            cache: Cache,
        }
    }
);
