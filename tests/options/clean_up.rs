//! The error that a future returns while it cleans up is the source of its twin's failure.

use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use koil::{CancelScope, CancelToken, koiled};

/// The error of an SDK.
#[derive(Debug)]
pub enum Error {
    /// The last step of a clean-up failed.
    RolledBackBadly(u32),
    Koil(koil::Error),
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Error {}

impl From<koil::Error> for Error {
    fn from(error: koil::Error) -> Error {
        Error::Koil(error)
    }
}

/// An error that is no `std::error::Error`.
#[derive(Debug)]
pub struct Plain(Option<koil::Error>);

impl From<koil::Error> for Plain {
    fn from(error: koil::Error) -> Plain {
        Plain(Some(error))
    }
}

/// An error that borrows.
#[derive(Debug)]
pub struct Borrowed<'a>(Option<koil::Error>, &'a str);

impl fmt::Display for Borrowed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.1)
    }
}

impl std::error::Error for Borrowed<'_> {}

impl From<koil::Error> for Borrowed<'_> {
    fn from(error: koil::Error) -> Self {
        Borrowed(Some(error), "")
    }
}

type Answer<T> = Result<T, Error>;

async fn cancelled() {
    let token = CancelToken::current().expect("a call has a token");
    token.cancelled().await;
}

#[koiled]
pub struct Db;

#[koiled(fallible, timeout = "5ms")]
impl Db {
    pub async fn commit(&self) -> Result<u32, Error> {
        cancelled().await;
        Err(Error::RolledBackBadly(7))
    }

    /// An alias, and another way of polling.
    #[koil(lend)]
    pub async fn commit_lent(&self) -> Answer<&'static str> {
        cancelled().await;
        Err(Error::RolledBackBadly(8))
    }

    pub fn commit_later(&self) -> impl Future<Output = Answer<()>> + use<> {
        async {
            cancelled().await;
            Err(Error::RolledBackBadly(9))
        }
    }

    pub async fn next(&mut self) -> Option<Answer<()>> {
        cancelled().await;
        Some(Err(Error::RolledBackBadly(10)))
    }

    /// A value that comes too late is dropped.
    pub async fn answers(&self) -> Answer<u32> {
        cancelled().await;
        Ok(1)
    }

    pub async fn plain(&self) -> Result<(), Plain> {
        cancelled().await;
        Err(Plain(None))
    }

    pub async fn borrowed<'a>(&self, text: &'a str) -> Result<(), Borrowed<'a>> {
        cancelled().await;
        Err(Borrowed(None, text))
    }

    /// The parameter may borrow.
    pub async fn generic<E>(&self, error: E) -> Result<(), E>
    where
        E: std::error::Error + From<koil::Error> + Send + Sync,
    {
        cancelled().await;
        Err(error)
    }

    pub async fn text(&self) -> Result<(), Text> {
        cancelled().await;
        Err(Text("no disk".into()))
    }

    #[koil(timeout = "10m")]
    pub async fn commits_for_ever(&self) -> Answer<()> {
        cancelled().await;
        Err(Error::RolledBackBadly(11))
    }
}

/// As `anyhow::Error`: no `std::error::Error`, but one can be made of it.
#[derive(Debug)]
pub struct Text(Box<dyn std::error::Error + Send + Sync>);

impl From<koil::Error> for Text {
    fn from(error: koil::Error) -> Text {
        Text(error.into())
    }
}

impl From<Text> for Box<dyn std::error::Error + Send + Sync> {
    fn from(text: Text) -> Self {
        text.0
    }
}

#[koiled(fallible, timeout = "5ms")]
pub async fn save() -> Answer<()> {
    cancelled().await;
    Err(Error::RolledBackBadly(12))
}

/// The number of the error that the clean-up returned.
fn source(error: Error) -> u32 {
    let Error::Koil(error) = error else {
        panic!("the failure of the bridge comes first: {error}");
    };
    assert!(error.acknowledged(), "{error}");
    let source = error.source().and_then(|source| source.downcast_ref());
    match source {
        Some(Error::RolledBackBadly(number)) => *number,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_error_of_the_clean_up_is_the_source_of_the_timeout() {
    let db = BlockingDb::from(Db);
    assert_eq!(source(db.commit().unwrap_err()), 7);
    // The loop thread may need longer than the limit to begin; then nothing is cleaned up.
    let begun = || match db.commit_lent().unwrap_err() {
        Error::Koil(error) if !error.acknowledged() => None,
        error => Some(error),
    };
    assert_eq!(
        source(std::iter::repeat_with(begun).flatten().next().unwrap()),
        8
    );
    assert_eq!(source(db.commit_later().unwrap_err()), 9);
    assert_eq!(
        source(BlockingDb::from(Db).next().unwrap().unwrap_err()),
        10
    );
    assert_eq!(source(save_blocking().unwrap_err()), 12);
    let Text(error) = db.text().unwrap_err();
    assert_eq!(error.source().unwrap().to_string(), "no disk");
}

#[test]
fn a_cancel_keeps_its_reason_beside_the_error_of_the_clean_up() {
    let scope = CancelScope::new();
    let db = BlockingDb::from(Db);
    let error = scope.run(|| {
        let canceller = scope.token().clone();
        let timer = std::thread::spawn(move || {
            while koil::blocked()
                .iter()
                .all(|call| call.twin() != Some("BlockingDb::commits_for_ever"))
            {
                std::thread::yield_now();
            }
            canceller.cancel("enough");
        });
        let error = db.commits_for_ever().unwrap_err();
        timer.join().unwrap();
        error
    });
    let Ok(Error::Koil(error)) = error else {
        panic!("{error:?}");
    };
    assert_eq!(error.cancel_reason().as_deref(), Some("enough"));
    assert!(
        error.to_string().ends_with("was cancelled: enough"),
        "{error}"
    );
    assert_eq!(source(Error::Koil(error)), 11);
}

#[test]
fn an_output_that_cannot_be_a_source_is_dropped() {
    let db = BlockingDb::from(Db);
    let Error::Koil(error) = db.answers().unwrap_err() else {
        panic!("a value came too late");
    };
    assert!(error.is_timeout() && error.acknowledged() && error.source().is_none());
    let Plain(Some(error)) = db.plain().unwrap_err() else {
        panic!("the error of the clean-up came out");
    };
    assert!(error.is_timeout() && error.source().is_none());
    let text = String::from("borrowed");
    let Borrowed(Some(error), _) = db.borrowed(&text).unwrap_err() else {
        panic!("the error of the clean-up came out");
    };
    assert!(error.is_timeout() && error.source().is_none());
    let Borrowed(Some(error), _) = db.generic(Borrowed(None, &text)).unwrap_err() else {
        panic!("the error of the clean-up came out");
    };
    assert!(error.is_timeout() && error.source().is_none());
}

#[test]
fn a_call_that_nothing_cleans_up_has_no_source() {
    let error = koil::unkoil_timeout(Duration::from_millis(1), std::future::pending::<()>());
    assert!(error.unwrap_err().source().is_none());
}
