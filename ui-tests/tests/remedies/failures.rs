//! Remedies for `fallible` and `timeout` on functions.

use crate::scenery::*;

remedy!(
    "#[koiled(\"fallible\")] async fn load() -> Result<(), Error> {}",
    "write `fallible`",
    {
        #[koiled(fallible)]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible())] async fn load() -> Result<(), Error> {}",
    "write `fallible`",
    {
        #[koiled(fallible)]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible())] async fn load() -> Result<(), Error> {}",
    "or `fallible(panics)`",
    {
        #[koiled(fallible(panics))]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible(panic))] async fn load() -> Result<(), Error> {}",
    "write `fallible`",
    {
        #[koiled(fallible)]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible(panic))] async fn load() -> Result<(), Error> {}",
    "or `fallible(panics)`",
    {
        #[koiled(fallible(panics))]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(inline, fallible(panics))] async fn load() -> Result<(), Error> {}",
    "write `fallible` without `panics`",
    {
        #[koiled(inline, fallible)]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(inline, fallible(panics))] async fn load() -> Result<(), Error> {}",
    "or remove `inline` for a twin with a loop",
    {
        #[koiled(fallible(panics))]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible)] async fn load() {}",
    "return `Result<(), ..>`",
    {
        #[koiled(fallible)]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible)] async fn load() {}",
    "or remove `fallible`",
    {
        #[koiled]
        async fn load() {}
    }
);

remedy!(
    "#[koiled(fallible)] async fn load() -> Option<u8> {}",
    "return a `Result`",
    {
        #[koiled(fallible)]
        async fn load() -> Result<Option<u8>, Error> {
            Ok(None)
        }
    }
);

remedy!(
    "#[koiled(fallible)] async fn load() -> Option<u8> {}",
    "or remove `fallible`",
    {
        #[koiled]
        async fn load() -> Option<u8> {
            None
        }
    }
);

// `timeout`.

remedy!(
    "#[koiled(timeout = \"5s\")] async fn load() -> Result<(), Error> {}",
    "add `fallible`",
    {
        #[koiled(fallible, timeout = "5s")]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = 5)] async fn load() -> Result<(), Error> {}",
    "write `\"250ms\"`",
    {
        #[koiled(fallible, timeout = "250ms")]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = 5)] async fn load() -> Result<(), Error> {}",
    "`\"5s\"`",
    {
        #[koiled(fallible, timeout = "5s")]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = 5)] async fn load() -> Result<(), Error> {}",
    "or `\"2m\"`",
    {
        #[koiled(fallible, timeout = "2m")]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = \"LIMIT\")] async fn load() -> Result<(), Error> {}",
    "or an expression for a `Duration`, without quotes",
    {
        const LIMIT: Duration = Duration::from_secs(5);

        #[koiled(fallible, timeout = LIMIT)]
        async fn load() -> Result<(), Error> {
            Ok(())
        }
    }
);

remedy!(
    "#[koiled(fallible, timeout = self.limit)] async fn load(limit: Duration) -> Result<(), Error> {}",
    "use an argument",
    {
        #[koiled(fallible, timeout = limit)]
        async fn load(limit: Duration) -> Result<(), Error> {
            Ok(())
        }
    }
);
