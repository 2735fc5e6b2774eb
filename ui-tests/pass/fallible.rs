//! A bridge that fails is an error of the twin, not a panic.
#![deny(warnings)]

use koil::koiled;

#[derive(Debug)]
struct Failed(koil::Error);

impl From<koil::Error> for Failed {
    fn from(error: koil::Error) -> Failed {
        Failed(error)
    }
}

type Fallible<T> = Result<T, Failed>;

#[koiled(fallible)]
async fn load(id: u8) -> Fallible<u8> {
    Ok(id)
}

#[koiled(fallible)]
async fn opaque() -> Result<impl Iterator<Item = u8>, Failed> {
    Ok([1].into_iter())
}

#[koiled]
#[derive(Debug)]
struct Shop;

#[koiled(fallible)]
impl Shop {
    async fn open() -> Fallible<Self> {
        Ok(Shop)
    }

    #[koil(local)]
    async fn all(&self) -> Result<Vec<Self>, Failed> {
        Ok(vec![Shop])
    }

    #[koil(send)]
    async fn sent(&self) -> Result<u8, Failed> {
        Ok(1)
    }
}

#[koiled]
impl Shop {
    #[koil(fallible)]
    async fn count(&self) -> Result<u8, koil::Error> {
        Ok(1)
    }
}

fn main() {
    let shop = BlockingShop::open().unwrap();
    assert_eq!(load_blocking(2).unwrap(), 2);
    assert_eq!(opaque_blocking().unwrap().next(), Some(1));
    assert_eq!(shop.all().unwrap().len(), 1);
    assert_eq!(shop.sent().unwrap(), 1);
    assert_eq!(shop.count().unwrap(), 1);
    assert!(koil::shutdown_global().is_some());
    koil::forbid_global();
    assert!(load_blocking(2).is_err_and(|Failed(error)| !error.to_string().is_empty()));
    assert!(BlockingShop::open().is_err());
    assert!(shop.all().is_err());
    assert!(shop.sent().is_err());
    assert!(shop.count().is_err());
}
