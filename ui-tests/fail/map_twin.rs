use std::collections::HashMap;

use koil::koiled;

struct Wrap<T>(T);

type Swapped<E, T> = Result<T, E>;

#[koiled]
struct Client;

#[koiled]
impl Client {
    async fn unknown_container(&self) -> Wrap<Self> {
        Wrap(Client)
    }

    async fn inside_a_known_one(&self) -> Option<Vec<Wrap<Client>>> {
        None
    }

    async fn keys_of_a_map(&self) -> HashMap<Client, Vec<Self>> {
        HashMap::new()
    }

    async fn reordered_by_an_alias(&self) -> Swapped<u32, Self> {
        Ok(Client)
    }
}

fn main() {
    let client = Client.into_blocking();
    client.unknown_container();
    client.keys_of_a_map();
    drop((client.inside_a_known_one(), client.reordered_by_an_alias()));
}
