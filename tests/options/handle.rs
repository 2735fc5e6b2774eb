//! `handle = ..`: twins that name their loop.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use futures::stream::{self, Stream};
use koil::{Handle, Koil, koiled};

static OWN: LazyLock<Koil> = LazyLock::new(|| Koil::builder().thread_name("own").build().unwrap());

/// The runtime whose context is entered where this is polled.
fn here() -> tokio::runtime::Id {
    tokio::runtime::Handle::current().id()
}

fn of(handle: &Handle) -> tokio::runtime::Id {
    handle.tokio().id()
}

#[koiled]
pub struct Radio {
    handle: Handle,
}

#[koiled(handle = self.handle)]
impl Radio {
    /// Without `self` there is no loop to ask for.
    pub async fn tuned(handle: Handle) -> (Self, tokio::runtime::Id) {
        (Radio { handle }, here())
    }

    pub async fn plays(&self) -> tokio::runtime::Id {
        tokio::time::sleep(Duration::from_millis(1)).await;
        here()
    }

    pub async fn plays_mut(&mut self) -> tokio::runtime::Id {
        here()
    }

    pub async fn plays_last(self) -> tokio::runtime::Id {
        here()
    }

    pub async fn plays_shared(self: Arc<Self>) -> tokio::runtime::Id {
        here()
    }

    pub fn songs(&self) -> impl Stream<Item = tokio::runtime::Id> + use<> {
        stream::unfold(0, |played| async move {
            tokio::task::yield_now().await;
            (played < 2).then(|| (here(), played + 1))
        })
    }
}

#[koiled(handle = self.handle, fallible)]
impl Radio {
    pub async fn tries(&self) -> Result<tokio::runtime::Id, koil::Error> {
        Ok(here())
    }
}

#[koiled(handle = OWN.handle())]
impl Radio {
    pub async fn owned() -> tokio::runtime::Id {
        here()
    }

    pub fn forwarded(self) -> tokio::runtime::Id {
        here()
    }
}

#[koiled(handle = self.handle, suffix = "_blocking")]
impl Radio {
    pub async fn beside(&self) -> tokio::runtime::Id {
        here()
    }
}

#[koiled(handle = radio.handle)]
pub async fn listen(radio: &Radio) -> tokio::runtime::Id {
    let _ = radio;
    here()
}

#[test]
fn a_method_is_on_the_loop_that_its_object_names() {
    let koil = Koil::new().unwrap();
    let wanted = of(&koil.handle());
    let (mut radio, made_on) = BlockingRadio::tuned(koil.handle());
    assert_ne!(made_on, wanted);
    assert_eq!(radio.plays(), wanted);
    assert_eq!(radio.plays_mut(), wanted);
    assert_eq!(radio.tries().unwrap(), wanted);
    assert_eq!(radio.aio().beside_blocking(), wanted);
    assert_eq!(listen_blocking(radio.aio()), wanted);
    let again = Radio {
        handle: koil.handle(),
    };
    assert_eq!(Arc::new(again.into_blocking()).plays_shared(), wanted);
    assert_eq!(radio.plays_last(), wanted);
}

#[test]
fn the_entered_loop_does_not_count() {
    let (koil, other) = (Koil::new().unwrap(), Koil::new().unwrap());
    let (radio, _) = BlockingRadio::tuned(koil.handle());
    let _entered = other.enter();
    assert_eq!(radio.plays(), of(&koil.handle()));
}

#[test]
fn an_iterator_remembers_the_loop() {
    let (koil, other) = (Koil::new().unwrap(), Koil::new().unwrap());
    let (radio, _) = BlockingRadio::tuned(koil.handle());
    let songs = radio.songs();
    let _entered = other.enter();
    let wanted = of(&koil.handle());
    assert_eq!(songs.collect::<Vec<_>>(), [wanted, wanted]);
}

#[test]
fn a_loop_may_be_a_static() {
    assert_eq!(BlockingRadio::owned(), of(&OWN.handle()));
    let (radio, _) = BlockingRadio::tuned(OWN.handle());
    assert_eq!(radio.forwarded(), of(&OWN.handle()));
}

#[test]
fn a_stopped_loop_is_told_as_ever() {
    let koil = Koil::new().unwrap();
    let (radio, _) = BlockingRadio::tuned(koil.handle());
    koil.shutdown();
    assert!(radio.tries().unwrap_err().is_shutdown());
}
