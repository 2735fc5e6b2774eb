//! Builders that are awaited: their twins have `wait`.

use std::future::{Future, IntoFuture, Ready, pending, ready};
use std::time::Duration;

use futures::future::BoxFuture;
use koil::koiled;

#[koiled]
#[derive(Debug)]
pub struct Row(u32);

#[koiled]
impl Row {
    pub async fn number(&self) -> u32 {
        self.0
    }
}

#[koiled]
pub struct Database {
    rows: Vec<u32>,
}

#[koiled]
pub struct Find<'a> {
    database: &'a Database,
    limit: usize,
}

#[koiled(twins(Find))]
impl Database {
    /// Borrows, and is awaited by its caller.
    pub fn find(&self) -> Find<'_> {
        Find {
            database: self,
            limit: usize::MAX,
        }
    }
}

#[koiled]
impl<'a> Find<'a> {
    pub fn limit(mut self, limit: usize) -> Find<'a> {
        self.limit = limit;
        self
    }
}

#[koiled(twins(Row))]
impl<'a> IntoFuture for Find<'a> {
    type Output = std::io::Result<Vec<Row>>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            tokio::time::sleep(Duration::from_millis(1)).await;
            let rows = self.database.rows.iter().take(self.limit);
            Ok(rows.copied().map(Row).collect())
        })
    }
}

/// Generic, `mut`, under another name.
#[koiled]
pub struct Insert<T> {
    value: T,
}

#[koiled]
impl<T: Clone> Insert<T> {
    pub fn new(value: T) -> Self {
        Insert { value }
    }
}

#[koiled]
impl<T: Clone> std::future::IntoFuture for Insert<T>
where
    T: Send,
{
    type Output = (T, T);
    type IntoFuture = Ready<(T, T)>;

    #[koil(name = "send")]
    fn into_future(mut self) -> Self::IntoFuture {
        self.value = self.value.clone();
        ready((self.value.clone(), self.value))
    }
}

#[koiled]
pub struct Hang;

#[koiled(fallible, timeout = "5ms")]
impl IntoFuture for Hang {
    type Output = Result<(), koil::Error>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(pending())
    }
}

/// One builder for all calls of a client, with aliases for its calls.
#[koiled]
#[must_use]
pub struct Call<I, O, F: Future<Output = std::io::Result<O>>> {
    args: I,
    start: fn(I) -> F,
}

#[koiled(twins(Reader))]
impl<I, O, F: Future<Output = std::io::Result<O>>> IntoFuture for Call<I, O, F> {
    type Output = std::io::Result<O>;
    type IntoFuture = F;

    #[koil(bind(O = String | Reader | Vec<Reader> | ()))]
    fn into_future(self) -> F {
        (self.start)(self.args)
    }
}

pub type Stat<F> = Call<u32, String, F>;
pub type BlockingStat<F> = BlockingCall<u32, String, F>;

#[koiled]
impl<F: Future<Output = std::io::Result<String>>> Stat<F> {
    pub fn version(mut self, version: u32) -> Self {
        self.args = version;
        self
    }
}

pub type Open<F> = Call<u32, Reader, F>;
pub type BlockingOpen<F> = BlockingCall<u32, Reader, F>;

#[koiled]
pub struct Reader(u32);

#[koiled]
impl Reader {
    pub async fn read(&self) -> u32 {
        tokio::task::yield_now().await;
        self.0
    }
}

#[koiled]
#[derive(Default)]
pub struct Client {
    deleted: std::sync::Mutex<Vec<String>>,
}

#[koiled(twins(Stat, Open, Call))]
impl Client {
    pub fn stat_with(&self) -> Stat<impl Future<Output = std::io::Result<String>> + use<>> {
        Call {
            args: 1,
            start: |version| async move { Ok(format!("v{version}")) },
        }
    }

    pub fn open_with(&self) -> Open<impl Future<Output = std::io::Result<Reader>> + use<>> {
        Call {
            args: 2,
            start: |version| async move { Ok(Reader(version)) },
        }
    }

    pub fn list_with(
        &self,
    ) -> Call<u32, Vec<Reader>, impl Future<Output = std::io::Result<Vec<Reader>>> + use<>> {
        Call {
            args: 3,
            start: |count| async move { Ok((0..count).map(Reader).collect()) },
        }
    }

    pub fn delete_with<'a>(
        &'a self,
        path: &'a str,
    ) -> Call<(&'a Self, &'a str), (), impl Future<Output = std::io::Result<()>> + use<'a>> {
        Call {
            args: (self, path),
            start: |(client, path): (&Self, &str)| async move {
                tokio::task::yield_now().await;
                client.deleted.lock().unwrap().push(path.to_owned());
                Ok(())
            },
        }
    }

    /// An async builder on purpose.
    #[koil(raw)]
    pub fn raw_with(&self) -> Stat<impl Future<Output = std::io::Result<String>> + use<>> {
        self.stat_with()
    }
}

#[test]
fn a_builder_for_many_outputs_waits_for_each_and_gives_twins() {
    let client = BlockingClient::default();
    let stat: String = client.stat_with().version(7).wait().unwrap();
    assert_eq!(stat, "v7");
    let reader: BlockingReader = client.open_with().wait().unwrap();
    assert_eq!(reader.read(), 2);
    let readers: Vec<BlockingReader> = client.list_with().wait().unwrap();
    assert_eq!(readers.iter().map(BlockingReader::read).sum::<u32>(), 3);
}

#[test]
fn a_builder_that_waits_has_done_its_work() {
    let client = BlockingClient::default();
    let builder = client.delete_with("/tea");
    assert!(client.deleted.lock().unwrap().is_empty());
    builder.wait().unwrap();
    assert_eq!(*client.deleted.lock().unwrap(), ["/tea"]);
}

#[test]
fn a_raw_builder_stays_async() {
    let raw = BlockingClient::default().raw_with();
    let stat = koil::unkoil(async { raw.version(9).await });
    assert_eq!(stat.unwrap(), "v9");
}

#[test]
fn a_builder_waits_where_its_original_is_awaited() {
    let database = BlockingDatabase::from(Database {
        rows: vec![1, 2, 3],
    });
    let rows: Vec<BlockingRow> = database.find().limit(2).wait().unwrap();
    assert_eq!(rows.iter().map(BlockingRow::number).sum::<u32>(), 3);
    assert_eq!(database.find().wait().unwrap().len(), 3);
}

#[test]
fn its_method_may_have_another_name() {
    assert_eq!(BlockingInsert::new("a").send(), ("a", "a"));
}

#[test]
fn it_may_fail_and_time_out() {
    let error = BlockingHang::from(Hang).wait().unwrap_err();
    assert!(error.is_timeout());
    assert!(error.to_string().contains("BlockingHang::wait"), "{error}");
}

#[test]
fn a_refusal_names_what_to_await() {
    let error = koil::unkoil(async { BlockingHang::from(Hang).wait() }).unwrap_err();
    assert!(error.to_string().contains("await `Hang`"), "{error}");
}
