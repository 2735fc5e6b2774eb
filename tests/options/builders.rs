//! Builders that are awaited: their twins have `wait`.

use std::future::{IntoFuture, Ready, pending, ready};
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
