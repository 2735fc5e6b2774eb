//! `fallible` and `timeout`: failures of the bridge are errors of the twin.

use std::future::{Future, pending, ready};
use std::rc::Rc;
use std::time::{Duration, Instant};

use futures::stream::{self, Stream, StreamExt};
use koil::{CancelScope, koiled};

#[derive(Debug)]
pub enum Error {
    Refused(String),
    Koil(koil::Error),
}

impl From<koil::Error> for Error {
    fn from(error: koil::Error) -> Error {
        Error::Koil(error)
    }
}

impl Error {
    fn koil(self) -> koil::Error {
        match self {
            Error::Koil(error) => error,
            Error::Refused(why) => panic!("refused: {why}"),
        }
    }
}

type Answer<T> = std::result::Result<T, Error>;

#[koiled]
pub struct Line {
    number: u32,
}

#[koiled(fallible, timeout = "20ms")]
impl Line {
    pub fn new(number: u32) -> Self {
        Line { number }
    }

    pub async fn open(number: u32) -> Answer<Self> {
        Ok(Line { number })
    }

    pub async fn number(&self) -> Result<u32, Error> {
        Ok(self.number)
    }

    pub async fn refuses(&self) -> Answer<()> {
        Err(Error::Refused("engaged".to_owned()))
    }

    pub async fn hangs(&self) -> Answer<()> {
        pending().await
    }

    #[koil(timeout = "60ms")]
    pub async fn hangs_longer(&self) -> Answer<()> {
        pending().await
    }

    #[koil(timeout = "60s")]
    pub async fn naps(&self) -> Answer<u32> {
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(self.number)
    }

    pub fn future(&self) -> impl Future<Output = Answer<Self>> + use<> {
        ready(Ok(Line::new(self.number)))
    }

    /// The future stays on its thread.
    #[koil(timeout = "60s")]
    pub async fn stays(&self) -> Answer<u32> {
        let number = Rc::new(self.number);
        tokio::time::sleep(Duration::from_millis(1)).await;
        Ok(*number)
    }

    /// No time limit comes before the cancel.
    #[koil(timeout = "10m")]
    pub async fn waits(&self) -> Answer<()> {
        pending().await
    }

    #[koil(lend)]
    pub async fn lent(&self) -> Answer<()> {
        pending().await
    }

    pub async fn next(&mut self) -> Option<Answer<u32>> {
        self.number = self.number.checked_sub(1)?;
        Some(Ok(self.number))
    }

    pub async fn next_hangs(&mut self) -> Option<Answer<u32>> {
        pending().await
    }

    /// The items cannot hold a failure, so the twin's items are results.
    pub fn digits(&self) -> impl Stream<Item = u32> + use<> {
        stream::iter([self.number])
    }

    pub async fn opened_digits(&self) -> Answer<impl Stream<Item = u32> + use<>> {
        Ok(stream::iter([self.number]).chain(stream::pending()))
    }

    #[koil(raw)]
    pub async fn raw(self) -> Answer<Line> {
        Ok(self)
    }
}

/// Beside a block that panics, one method may say more.
#[koiled]
impl Line {
    pub async fn infallible(&self) -> u32 {
        self.number
    }

    #[koil(fallible, timeout = "10ms")]
    pub async fn says_more(&self) -> Answer<u32> {
        pending().await
    }
}

#[koiled(fallible, timeout = "5ms")]
pub async fn ring<T: Send>(number: T) -> std::io::Result<T> {
    let () = pending().await;
    Ok(number)
}

#[koiled(fallible)]
pub trait Exchange {
    type Error: From<koil::Error>;
    async fn connect(&self) -> Result<u32, Error>;
    async fn connect_by(&self) -> Result<u32, Self::Error>;
    #[koil(timeout = "5ms")]
    async fn hang(&self) -> Result<u32, Self::Error>;
}

impl Exchange for Line {
    type Error = Error;
    async fn connect(&self) -> Result<u32, Error> {
        Ok(self.number)
    }
    async fn connect_by(&self) -> Result<u32, Error> {
        Ok(self.number)
    }
    async fn hang(&self) -> Result<u32, Error> {
        pending().await
    }
}

#[test]
fn values_and_errors_of_the_original_come_through() {
    let mut line = BlockingLine::new(7);
    assert_eq!(line.number().unwrap(), 7);
    assert_eq!(line.naps().unwrap(), 7);
    assert_eq!(line.stays().unwrap(), 7);
    assert!(matches!(line.refuses(), Err(Error::Refused(why)) if why == "engaged"));
    assert_eq!(BlockingLine::open(3).unwrap().number().unwrap(), 3);
    assert_eq!(line.future().unwrap().number().unwrap(), 7);
    assert_eq!(line.next().unwrap().unwrap(), 6);
    let digits: Result<Vec<_>, koil::Error> = line.digits().collect();
    assert_eq!(digits.unwrap(), [6]);
    assert_eq!(line.opened_digits().unwrap().next().unwrap().unwrap(), 6);
    assert_eq!(line.infallible(), 6);
    assert_eq!(line.raw().unwrap().number, 6);
}

#[test]
fn a_twin_that_takes_too_long_says_so() {
    let mut line = BlockingLine::new(7);
    let begun = Instant::now();
    let error = line.hangs().unwrap_err().koil();
    assert!(error.is_timeout(), "{error}");
    assert!(error.to_string().contains("BlockingLine::hangs"), "{error}");
    assert_eq!(error.call_site().file(), file!());
    assert_eq!(error.call_site().line(), line!() - 4);
    assert!(begun.elapsed() >= Duration::from_millis(20));
    assert!(line.lent().unwrap_err().koil().is_timeout());
    assert!(line.says_more().unwrap_err().koil().is_timeout());
    assert!(line.next_hangs().unwrap().unwrap_err().koil().is_timeout());
    let error = ring_blocking(3_u8).unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::TimedOut);
}

#[test]
fn the_word_of_the_method_counts() {
    let line = BlockingLine::new(7);
    let begun = Instant::now();
    let error = line.hangs_longer().unwrap_err().koil();
    assert!(error.is_timeout());
    assert!(begun.elapsed() >= Duration::from_millis(60));
}

#[test]
fn a_call_that_could_hang_is_an_error() {
    let line = BlockingLine::new(7);
    let error = koil::unkoil(async { line.number() }).unwrap_err().koil();
    assert!(error.would_deadlock());
    assert_eq!(error.call_site().line(), line!() - 2);
    assert!(error.to_string().contains("await `Line::number`"));
}

#[test]
fn a_stopped_loop_is_an_error() {
    let koil = koil::Koil::new().unwrap();
    let handle = koil.handle();
    koil.shutdown();
    let _entered = handle.enter();
    let line = BlockingLine::new(7);
    assert!(line.number().unwrap_err().koil().is_shutdown());
}

#[test]
fn a_deadline_around_it_is_an_error() {
    let line = BlockingLine::new(7);
    let answer = koil::deadline(Duration::from_millis(1), || line.hangs());
    let error = answer.unwrap().unwrap_err().koil();
    assert!(error.is_timeout() && !error.is_cancelled(), "{error}");
}

#[test]
fn a_scope_that_is_cancelled_cuts_a_fallible_twin_short_with_its_reason() {
    let line = BlockingLine::new(7);
    let scope = CancelScope::new();
    let canceller = scope.token().clone();
    let waits = std::thread::spawn(move || {
        while koil::blocked()
            .iter()
            .all(|call| call.twin() != Some("BlockingLine::waits"))
        {
            std::thread::yield_now();
        }
        canceller.cancel("the user has left");
    });
    let error = scope.run(|| line.waits()).unwrap().unwrap_err().koil();
    waits.join().unwrap();
    assert!(error.is_cancelled() && !error.is_timeout(), "{error}");
    assert_eq!(error.cancel_reason().as_deref(), Some("the user has left"));
    let text = error.to_string();
    assert!(text.starts_with("`BlockingLine::waits` at "), "{text}");
    // Outside of the scope the twin works as before.
    assert_eq!(line.number().unwrap(), 7);
}

#[test]
fn the_twins_of_a_trait_fail_with_its_error() {
    let line = BlockingLine::new(7);
    assert_eq!(line.connect().unwrap(), 7);
    assert_eq!(line.connect_by().unwrap(), 7);
    assert!(line.hang().unwrap_err().koil().is_timeout());
}
