//! Uses the SDK from async code, on an executor that is not tokio's.

#![deny(warnings)]

use futures::{StreamExt, executor::block_on};
use sdk::{Client, Count, Error, add};

fn main() {
    block_on(async {
        let client = Client::connect(&["koil", "twin"]).await.expect("a client");
        assert_eq!(client.measure("koil").await, Ok(4));
        assert_eq!(client.measure("?").await, Err(Error::Missing("?".to_owned())));
        assert_eq!(client.names().collect::<Vec<_>>().await, ["koil", "twin"]);
        assert_eq!(client.request(1).await.as_deref(), Some("twin"));
        assert_eq!(client.count().await, 2);
        assert_eq!(add(&client, &client).await, 4);
    });
    println!("async: as it was");
}
