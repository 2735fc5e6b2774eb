//! Uses the SDK without koil in its build; with the feature `blocking`, from its blocking side too.

#![deny(warnings)]

use futures::{StreamExt, executor::block_on};
use optional_sdk::{Client, Count};

fn main() {
    block_on(async {
        let client = Client::new(&["koil", "twin"]).builder();
        assert_eq!(client.measure("twin").await, Some(4));
        assert_eq!(client.names().collect::<Vec<_>>().await, ["koil", "twin"]);
        assert_eq!(client.timeout().await, None);
        assert_eq!(client.count().await, 2);
        assert_eq!(client.in_words().await, "2 names");
    });
    println!("async: without koil");
    #[cfg(feature = "blocking")]
    blocking();
}

#[cfg(feature = "blocking")]
fn blocking() {
    use optional_sdk::blocking::{Client, Count};

    let client = Client::new(&["koil", "twin"]);
    assert_eq!(client.length("twin"), Some(4));
    assert_eq!(client.names().collect::<Vec<_>>(), ["koil", "twin"]);
    // A method without a twin is that of the original.
    assert_eq!(block_on(client.timeout()), None);
    assert_eq!(Count::count(&client), 2);
    println!("blocking: twins of an optional dependency");
}
