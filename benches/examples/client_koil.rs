//! A small client whose blocking side is made of twins; for the group `size`.

#[path = "shared/client.rs"]
mod client;

fn main() -> std::io::Result<()> {
    let (address, name) = client::arguments()?;
    let mut client = client::BlockingClient::open(&address)?;
    println!("{}", client.greet(&name)?);
    println!("{}", client.length(&name)?);
    client.close()
}
