//! Remedies in the notes of rustc on values that are not used: `#[must_use]`.
//!
//! Each `hint!` has the name of the type or function with the note.
#![deny(unused_must_use)]

use koil::ui::{Ui, UiHandle};
use koil::{AsyncEntered, Entered, KoilTask, ShutdownOnDrop, run_threaded, unkoil_task};

use crate::scenery::*;

struct Session;

impl AsyncContext for Session {
    type Error = io::Error;
    async fn aenter(&mut self) -> io::Result<()> {
        Ok(())
    }
    async fn aexit(&mut self, _: Exit) -> io::Result<()> {
        Ok(())
    }
}

hint!("KoilTask", "call `detach` if that is meant", {
    fn start() {
        unkoil_task(async {}).detach();
    }
});

hint!("timeout", "keep it, or call `detach`", {
    fn start(task: KoilTask<u8>, other: KoilTask<u8>) -> Result<u8, koil::Error> {
        let kept = task.timeout(Duration::from_secs(5));
        other.timeout(Duration::from_secs(5)).detach();
        kept.result()
    }
});

hint!("UiTask", "keep it while it is wanted, or call `detach`", {
    fn start(ui: &Ui) {
        let task = ui.spawn(async {}, |_| {});
        ui.spawn(async {}, |_| {}).detach();
        task.cancel("it is not wanted any more");
    }
});

hint!(
    "UiStream",
    "keep it while it is wanted, or call `detach`",
    {
        fn start(ui: &Ui) {
            let items = ui.each(stream::iter([1]), |_| {});
            ui.each(stream::iter([1]), |_| {}).detach();
            drop(items);
        }
    }
);

hint!(
    "ThreadedCall",
    "write `.await`",
    "`.detach()` to let it run without an owner",
    {
        async fn start() {
            run_threaded(|| ()).await;
            run_threaded(|| ()).detach();
        }
    }
);

hint!(
    "AsyncGuard",
    "close it",
    "give it a name that is not `_`",
    {
        async fn enter() -> io::Result<()> {
            let closed = AsyncEntered::enter(Session).await?;
            let _named = AsyncEntered::enter(Session).await?;
            closed.close().await.map(drop).map_err(|(_, error)| error)
        }
    }
);

hint!("Entered", "give it a name that is not `_`", {
    fn enter() -> io::Result<()> {
        let _named = Entered::enter(Session)?;
        Ok(())
    }
});

hint!("ShutdownOnDrop", "bind it to a name, `let _koil = ..`", {
    fn made(guard: ShutdownOnDrop) -> ShutdownOnDrop {
        guard
    }

    fn main() {
        let _koil = made(koil::shutdown_on_drop());
    }
});

hint!("shutdown_on_drop", "bind it to a name, `let _koil = ..`", {
    fn main() {
        let _koil = koil::shutdown_on_drop();
    }
});
