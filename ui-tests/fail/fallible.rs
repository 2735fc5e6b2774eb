use std::fmt;

use futures::Stream;
use koil::koiled;

#[derive(Debug)]
pub struct Error;

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("error")
    }
}

impl std::error::Error for Error {}

pub struct Rows;

#[koiled]
pub struct Table;

// The error cannot be made of a `koil::Error`.
#[koiled(fallible)]
impl Table {
    pub fn rows(&self) -> impl Stream<Item = Result<u32, Error>> + use<> {
        futures::stream::iter([Ok(1)])
    }

    pub async fn open(&self) -> Result<u32, Error> {
        Ok(1)
    }
}

// No stream.
#[koiled(fallible)]
impl Table {
    #[koil(iter)]
    pub fn named(&self) -> Rows {
        Rows
    }
}

fn main() {}
