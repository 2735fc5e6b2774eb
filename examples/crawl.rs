//! A blocking crawler as a stream: `koil::iterate_threaded`, read-ahead, and a stop that stops.
//!
//! `cargo run --example crawl`. A paginated HTTP service is read with plain blocking sockets. The
//! async side takes some pages from a stream and closes it. The log of the server proves that no
//! further page was fetched: no more than the read-ahead allows, and none after the close.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use futures::StreamExt;
use koil::ThreadedIter;

/// The number of pages that may be ahead of the reader.
const AHEAD: usize = 2;
const WANTED: usize = 5;

/// One page of the listing.
#[derive(Debug)]
struct Page {
    entries: Vec<String>,
    next: Option<u32>,
}

/// Fetches page after page, in blocking code; each page has the address of the next one.
struct Crawl {
    host: String,
    next: Option<u32>,
}

impl Iterator for Crawl {
    type Item = io::Result<Page>;

    fn next(&mut self) -> Option<io::Result<Page>> {
        let page = fetch(&self.host, self.next.take()?);
        // After a failure there is no next page.
        self.next = page.as_ref().ok().and_then(|page| page.next);
        Some(page)
    }
}

/// The async side of the crawler: a stream, for which koil's workers run the crawler.
fn crawl(host: String) -> ThreadedIter<io::Result<Page>> {
    koil::iterate_threaded(AHEAD, || Crawl {
        host,
        next: Some(1),
    })
}

fn fetch(host: &str, number: u32) -> io::Result<Page> {
    let mut socket = TcpStream::connect(host)?;
    socket.write_all(format!("GET /{number} HTTP/1.0\r\nHost: {host}\r\n\r\n").as_bytes())?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer)?;
    let body = answer
        .split_once("\r\n\r\n")
        .filter(|(head, _)| head.starts_with("HTTP/1.0 200 "))
        .map(|(_, body)| body);
    let body = body.ok_or_else(|| io::Error::other(format!("page {number}: {answer}")))?;
    let mut lines = body.lines();
    let next = lines.next().and_then(|line| line.strip_prefix("next: "));
    Ok(Page {
        next: next.and_then(|next| next.parse().ok()),
        entries: lines.map(str::to_owned).collect(),
    })
}

fn main() -> Result<(), Box<dyn Error>> {
    let server = Server::start(1000)?;
    koil::unkoil(async {
        // An async program: it takes some pages and closes the stream.
        let mut pages = crawl(server.host.clone());
        for number in 1..=WANTED {
            let page = pages.next().await.ok_or("the listing is longer")??;
            println!("page {number}: {}", page.entries.join(", "));
        }
        pages.close().await;
        Ok::<(), Box<dyn Error>>(())
    })?;

    let fetched = server.log();
    println!("the server has sent the pages {fetched:?}");
    assert!(
        fetched.iter().copied().eq(1..=fetched.len()),
        "in order, each once"
    );
    // The producer continues when half of the read-ahead is free, and holds one more page.
    assert!((WANTED..=WANTED + AHEAD + 1).contains(&fetched.len()));
    // The producer has ended and fetches nothing more: the log stays as it is.
    assert_eq!(koil::unkoil(server.pages_after(&fetched)), 0);

    // To the end, and past it: the listing of a server that breaks ends with its error.
    let broken = Server::start(3)?;
    let (pages, errors): (Vec<_>, Vec<_>) = koil::unkoil(async {
        let all: Vec<_> = crawl(broken.host.clone()).collect().await;
        all.into_iter().partition(Result::is_ok)
    });
    assert_eq!((pages.len(), errors.len()), (3, 1));
    println!("and then: {}", errors[0].as_ref().unwrap_err());
    Ok(())
}

/// A listing of pages, which breaks off after some of them; it writes down what it has sent.
struct Server {
    host: String,
    log: Arc<Mutex<Vec<usize>>>,
}

impl Server {
    fn start(pages: usize) -> io::Result<Server> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let host = listener.local_addr()?.to_string();
        let log = Arc::new(Mutex::new(Vec::new()));
        let written = log.clone();
        // It ends with the program.
        thread::spawn(move || {
            for socket in listener.incoming() {
                if let Err(error) = socket.and_then(|socket| answer(socket, pages, &written)) {
                    eprintln!("the server: {error}");
                }
            }
        });
        Ok(Server { host, log })
    }

    fn log(&self) -> Vec<usize> {
        self.log.lock().expect("the server does not panic").clone()
    }

    /// The number of pages sent since `before`, read after a page that this program itself requests.
    async fn pages_after(&self, before: &[usize]) -> usize {
        let host = self.host.clone();
        let own = koil::run_threaded(move || fetch(&host, 0)).await;
        assert!(
            own.is_ok(),
            "the server answers one after the other: this one came last"
        );
        self.log().len() - before.len() - 1
    }
}

fn answer(mut socket: TcpStream, pages: usize, log: &Mutex<Vec<usize>>) -> io::Result<()> {
    // All of the head: a socket that is closed with bytes unread is reset.
    let head = BufReader::new(&socket).lines();
    let head: Vec<_> = head
        .take_while(|line| line.as_ref().is_ok_and(|line| !line.is_empty()))
        .collect::<io::Result<_>>()?;
    let request = head.first().map_or("", String::as_str);
    let number = request
        .strip_prefix("GET /")
        .and_then(|rest| rest.split_once(' '))
        .and_then(|(number, _)| number.parse::<usize>().ok());
    let number = number.ok_or_else(|| io::Error::other(format!("what is {request:?}?")))?;
    if number > pages {
        return write!(socket, "HTTP/1.0 500 Broken\r\n\r\n");
    }
    log.lock().expect("nobody panics with it").push(number);
    write!(
        socket,
        "HTTP/1.0 200 OK\r\n\r\nnext: {}\nentry {number}a\nentry {number}b\n",
        number + 1
    )
}
