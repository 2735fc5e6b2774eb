//! Uses the SDK from blocking code, which knows neither koil nor tokio.

#![deny(warnings)]

use sdk::Error;
use sdk::blocking::{Client, Count, add};

fn main() {
    let client = Client::connect(&["koil", "twin"]).expect("a client");
    assert_eq!(client.measure("koil"), Ok(4));
    assert_eq!(client.measure("?"), Err(Error::Missing("?".to_owned())));
    assert_eq!(client.names().map(Result::unwrap).collect::<Vec<_>>(), ["koil", "twin"]);
    assert_eq!(client.request(1).wait().as_deref(), Some("twin"));
    assert_eq!(client.count(), 2);
    assert_eq!(add(&client, &client), 4);
    assert_eq!(Client::LIMIT, 8);
    println!("blocking: the same answers");
}
