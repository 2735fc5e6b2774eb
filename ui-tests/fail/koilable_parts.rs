#![deny(unused_must_use)]

use std::rc::Rc;

use koil::{AsyncContext, Exit, koilable};

struct Pool;

impl AsyncContext for Pool {
    type Error = PoolError;

    async fn aenter(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), Self::Error> {
        Ok(())
    }
}

#[derive(Debug)]
struct PoolError;

struct Cache;

impl AsyncContext for Cache {
    type Error = CacheError;

    async fn aenter(&mut self) -> Result<(), CacheError> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), CacheError> {
        Ok(())
    }
}

#[derive(Debug)]
struct CacheError;

// A field that is no context.
#[koilable(suffix = "_blocking")]
struct Named {
    #[koil(context)]
    name: String,
}

// An error that does not become that of the first part.
#[koilable(suffix = "_blocking")]
struct Mixed {
    #[koil(context)]
    pool: Pool,
    #[koil(context)]
    cache: Cache,
}

// A parameter without bounds.
#[koilable(suffix = "_blocking")]
struct Wrapped<T>(#[koil(context)] T);

// One that may not leave its thread.
#[koilable(suffix = "_blocking")]
struct Bound {
    #[koil(context)]
    pool: Pool,
    name: Rc<str>,
}

#[koilable(suffix = "_blocking", error = "Box<dyn std::error::Error>")]
struct Boxed {
    #[koil(context)]
    pool: Pool,
}

fn main() {
    drop(Named {
        name: String::new(),
    });
    Pool.aenter();
}
