use std::rc::Rc;

use koil::{AsyncContext, Entered, Exit, LocalAsyncContext, koilable, koiled};

struct NoTwin;

#[koilable]
impl AsyncContext for NoTwin {
    type Error = u8;

    async fn aenter(&mut self) -> Result<(), u8> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), u8> {
        Ok(())
    }
}

// It holds a value that may not leave its thread.
struct Stuck(Rc<u8>);

#[koilable(suffix = "_blocking")]
impl AsyncContext for Stuck {
    type Error = u8;

    async fn aenter(&mut self) -> Result<(), u8> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), u8> {
        Ok(())
    }
}

// Its futures could go anywhere, but not the value, nor the error.
struct Kept(*const u8);

#[koilable(suffix = "_blocking")]
impl AsyncContext for Kept {
    type Error = Rc<u8>;

    fn aenter(&mut self) -> impl Future<Output = Result<(), Rc<u8>>> + Send {
        async { Ok(()) }
    }

    fn aexit(&mut self, _: Exit) -> impl Future<Output = Result<(), Rc<u8>>> + Send {
        async { Ok(()) }
    }
}

struct Client;

#[koilable]
impl Client {
    async fn aenter(&mut self) {}
}

#[koilable(local)]
impl AsyncContext for Client {
    type Error = u8;

    fn aenter(&mut self) -> Result<(), u8> {
        Ok(())
    }
}

#[koilable(suffix = "_blocking")]
impl AsyncContext for Box<dyn Send> {
    type Error = u8;

    async fn aenter(&mut self, url: &str) -> Result<(), u8> {
        Ok(())
    }

    async fn aexit(&self) -> Result<(), u8> {
        Ok(())
    }
}

#[koiled]
#[koilable]
struct Service {
    #[koil(contxt)]
    stuck: Stuck,
    name: String,
}

#[koilable]
enum Either {
    One,
}

fn main() {
    // No context at all.
    let _ = Entered::enter(7);
    let _ = Entered::enter_local("text");
    // The guard would be gone at once.
    LocalOnly.enter_blocking().unwrap();
    std::thread::spawn(|| Client.enter());
}

struct LocalOnly;

#[koilable(local, suffix = "_blocking")]
impl LocalAsyncContext for LocalOnly {
    type Error = u8;

    async fn aenter(&mut self) -> Result<(), u8> {
        Ok(())
    }

    async fn aexit(&mut self, _: Exit) -> Result<(), u8> {
        Ok(())
    }
}
