//! The trait behind accounts, as blocking code meets it: called, boxed, and mocked.

use bytes::Bytes;
use koil_object_store::{Address, Entry, Error, Memory, Page, blocking};

use crate::server::Server;
use crate::watchdog::Watchdog;

/// Code of a blocking user, without async: the size of everything in a bucket.
fn weigh(service: &dyn blocking::Backend, bucket: &str) -> Result<u64, Error> {
    let (mut sum, mut after) = (0, None);
    loop {
        let Page { entries, more } = service.page(bucket, "", after.as_deref())?;
        sum += entries.iter().map(|entry| entry.size).sum::<u64>();
        after = entries.last().map(|entry| entry.key.clone());
        if !more {
            return Ok(sum);
        }
    }
}

/// A service that was never async. It has one bucket, and can do what `weigh` needs.
struct Mock;

impl blocking::Backend for Mock {
    fn buckets(&self) -> Result<Vec<String>, Error> {
        Ok(vec!["sky".to_owned()])
    }

    fn page(&self, bucket: &str, _: &str, after: Option<&str>) -> Result<Page, Error> {
        assert_eq!(bucket, "sky");
        let number: u64 = after.map_or(0, |after| after.parse().expect("a number"));
        Ok(Page {
            entries: vec![Entry {
                key: (number + 1).to_string(),
                size: 1 << number,
            }],
            more: number < 9,
        })
    }

    fn create_bucket(&self, _: &str) -> Result<(), Error> {
        panic!("no caller of this mock asks for it")
    }

    fn head(&self, _: &Address) -> Result<Entry, Error> {
        panic!("no caller of this mock asks for it")
    }

    fn read(&self, _: &Address, _: u64) -> Result<Bytes, Error> {
        panic!("no caller of this mock asks for it")
    }

    fn write(&self, _: &Address, _: Bytes) -> Result<(), Error> {
        panic!("no caller of this mock asks for it")
    }

    fn delete(&self, _: &Address) -> Result<(), Error> {
        panic!("no caller of this mock asks for it")
    }

    fn begin(&self, _: &Address) -> Result<String, Error> {
        panic!("no caller of this mock asks for it")
    }

    fn part(&self, _: &Address, _: &str, _: u32, _: Bytes) -> Result<(), Error> {
        panic!("no caller of this mock asks for it")
    }

    fn complete(&self, _: &Address, _: &str) -> Result<(), Error> {
        panic!("no caller of this mock asks for it")
    }

    fn abort(&self, _: &Address, _: &str) -> Result<(), Error> {
        panic!("no caller of this mock asks for it")
    }
}

#[test]
fn a_mock_of_the_blocking_trait_needs_no_async() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    assert_eq!(weigh(&Mock, "sky")?, 1023);
    Ok(())
}

/// Boxes of every kind, filled and weighed; `dyn Backend` itself is impossible.
fn weigh_all() -> Result<(), Error> {
    let server = Server::start()?;
    let services: [Box<dyn blocking::Backend>; 3] = [
        Box::new(blocking::Memory::new()),
        Box::new(blocking::Http::new(&server.url)?),
        Box::new(koil::Blocking::new(Memory::with_pages_of(1))),
    ];
    for service in &services {
        service.create_bucket("sky")?;
        for key in ["a", "b", "c"] {
            let at = Address {
                bucket: "sky".to_owned(),
                key: key.to_owned(),
            };
            service.write(&at, Bytes::from_static(b"four"))?;
        }
        assert_eq!(weigh(service.as_ref(), "sky")?, 12);
    }
    let mock: Box<dyn blocking::Backend> = Box::new(Mock);
    for service in services.into_iter().chain([mock]) {
        assert_eq!(service.buckets()?, ["sky"]);
    }
    Ok(())
}

#[test]
fn every_back_end_fits_in_one_box() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    weigh_all()
}

#[tokio::test]
async fn every_back_end_fits_in_one_box_on_a_current_thread_runtime() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    weigh_all()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_back_end_fits_in_one_box_on_a_multi_threaded_runtime() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    tokio::spawn(async { weigh_all() }).await.expect("no panic")
}

#[test]
fn an_account_takes_any_back_end() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    let account = blocking::Account::with_backend(Memory::with_pages_of(3));
    let bucket = account.create_bucket("photos")?;
    for number in 0..10 {
        bucket.put(&number.to_string(), "picture")?;
    }
    let mut keys = String::new();
    for object in bucket.list("") {
        keys += object?.key();
    }
    assert_eq!(keys, "0123456789");
    Ok(())
}

#[test]
fn both_sides_may_use_one_bucket() -> Result<(), Error> {
    let _watchdog = Watchdog::start();
    let account = blocking::Account::with_backend(Memory::new());
    let bucket = account.create_bucket("photos")?;
    let (a, b) = koil::unkoil(async {
        let bucket = bucket.aio();
        tokio::try_join!(bucket.put("a", "one"), bucket.put("b", "two"))
    })?;
    assert_eq!(a.blocking().read()?, b"one");
    assert_eq!(blocking::Object::from(b).read()?, b"two");
    Ok(())
}
