//! The web server: blocking sockets, and a thread for each request.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, mpsc};
use std::thread::JoinHandle;

use crate::jobs::Order;
use crate::sdk::BlockingStock;

/// A server that listens.
pub struct Server {
    pub address: SocketAddr,
    is_closed: Arc<AtomicBool>,
    acceptor: JoinHandle<usize>,
}

impl Server {
    /// Listens on a free port of loopback.
    pub fn start(stock: Arc<BlockingStock>, queue: mpsc::Sender<Order>) -> io::Result<Server> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let is_closed = Arc::new(AtomicBool::new(false));
        let closed = is_closed.clone();
        let acceptor = crate::spawn("acceptor", move || {
            let mut requests = Vec::new();
            for connection in listener.incoming().map_while(Result::ok) {
                if closed.load(Ordering::SeqCst) {
                    break;
                }
                let (stock, queue) = (stock.clone(), queue.clone());
                let serve = move || serve(&connection, &stock, &queue);
                requests.push(crate::spawn("request", serve).expect("the system has threads"));
            }
            let served = requests.into_iter().map(|request| {
                let served = request.join().expect("a handler does not panic");
                served.expect("the client listens");
            });
            served.count()
        })?;
        Ok(Server {
            address,
            is_closed,
            acceptor,
        })
    }

    /// Takes no more requests, and waits for those that run; returns how many it has served.
    pub fn stop(self) -> usize {
        self.is_closed.store(true, Ordering::SeqCst);
        // Wakes the thread that accepts.
        drop(TcpStream::connect(self.address));
        self.acceptor.join().expect("the acceptor does not panic")
    }
}

/// Answers one request. A handler is a plain function that calls the SDK as any library.
fn serve(
    mut connection: &TcpStream,
    stock: &BlockingStock,
    queue: &mpsc::Sender<Order>,
) -> io::Result<()> {
    let mut lines = BufReader::new(connection).lines();
    let request = lines.next().unwrap_or(Ok(String::new()))?;
    // The headers end at an empty line.
    for header in lines {
        if header?.is_empty() {
            break;
        }
    }
    let (status, body) = answer(&request, stock, queue);
    let length = body.len();
    write!(
        connection,
        "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
    )
}

fn answer(
    request: &str,
    stock: &BlockingStock,
    queue: &mpsc::Sender<Order>,
) -> (&'static str, String) {
    let words: Vec<&str> = request.split([' ', '/']).collect();
    match words[..] {
        ["GET", "", "units", article, ..] => {
            match article.parse().map(|article| stock.units(article)) {
                Ok(Ok(units)) => ("200 OK", units.to_string()),
                Ok(Err(error)) => ("502 Bad Gateway", error.to_string()),
                Err(error) => ("400 Bad Request", error.to_string()),
            }
        }
        ["POST", "", "orders", article, units, ..] => match (article.parse(), units.parse()) {
            (Ok(article), Ok(units)) => match queue.send(Order { article, units }) {
                Ok(()) => ("202 Accepted", "queued".to_owned()),
                Err(error) => ("503 Service Unavailable", error.to_string()),
            },
            _ => (
                "400 Bad Request",
                "an article and a number of units".to_owned(),
            ),
        },
        _ => ("404 Not Found", "no such page".to_owned()),
    }
}
