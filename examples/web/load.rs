//! The load: clients that send requests one after the other, and check each answer.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use crate::warehouse::units_of;

/// Clients that send at the same time.
pub const CLIENTS: u32 = 16;
/// The requests of each.
const REQUESTS: u32 = 60;
/// Each client orders with every fourth request.
const ORDER_EVERY: u32 = 4;
/// The units of an order.
const UNITS: u32 = 3;

/// The figures of a run.
pub struct Seen {
    pub requests: usize,
    pub took: Duration,
    /// The most threads at a time, where the system can tell.
    pub threads: Option<usize>,
    /// The most threads of koil at a time.
    pub of_koil: usize,
}

/// The number of orders that all clients place.
pub fn orders() -> usize {
    (CLIENTS * REQUESTS / ORDER_EVERY) as usize
}

/// The number of units that they reserve.
pub fn reserved_units() -> u32 {
    CLIENTS * REQUESTS / ORDER_EVERY * UNITS
}

/// Sends all requests; `count` gives the threads of this process, and those of koil.
pub fn run(address: SocketAddr, count: &dyn Fn() -> Option<(usize, usize)>) -> io::Result<Seen> {
    let begun = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|client| crate::spawn("client", move || send_all(address, client)))
        .collect::<io::Result<_>>()?;
    let (mut threads, mut of_koil) = (None, 0);
    while !clients.iter().all(std::thread::JoinHandle::is_finished) {
        let counted = count();
        threads = threads.max(counted.map(|(all, _)| all));
        of_koil = of_koil.max(counted.map_or(0, |(_, koil)| koil));
        std::thread::sleep(Duration::from_millis(1));
    }
    for client in clients {
        client.join().expect("a client does not panic")?;
    }
    Ok(Seen {
        requests: (CLIENTS * REQUESTS) as usize,
        took: begun.elapsed(),
        threads,
        of_koil,
    })
}

fn send_all(address: SocketAddr, client: u32) -> io::Result<()> {
    for number in 0..REQUESTS {
        let article = client * REQUESTS + number;
        if number % ORDER_EVERY == 0 {
            let answer = send(address, &format!("POST /orders/{article}/{UNITS}"))?;
            assert_eq!(answer, ("202".to_owned(), "queued".to_owned()));
        } else {
            let answer = send(address, &format!("GET /units/{article}"))?;
            assert_eq!(answer, ("200".to_owned(), units_of(article).to_string()));
        }
    }
    Ok(())
}

/// The status and the body of the answer.
fn send(address: SocketAddr, request: &str) -> io::Result<(String, String)> {
    let mut connection = TcpStream::connect(address)?;
    write!(connection, "{request} HTTP/1.1\r\nhost: shop\r\n\r\n")?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer)?;
    let unreadable = || io::Error::other(format!("unreadable: {answer}"));
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(unreadable)?;
    let status = head.split(' ').nth(1).ok_or_else(unreadable)?;
    Ok((status.to_owned(), body.to_owned()))
}
