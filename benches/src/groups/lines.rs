//! Group `lines`: lines that come through a socket, taken one by one on a blocking thread.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::pin::Pin;
use std::thread;

use futures::stream::{self, Stream, StreamExt};
use tokio::io::AsyncBufReadExt;
use tokio::runtime::Handle;
use tokio::sync::mpsc;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::KOIL;

pub static GROUP: Group = Group {
    name: "lines",
    about: "lines of a TCP socket as an iterator of strings, per line",
    when: When::Chosen,
    cases,
};

/// Each line is this long, with its end.
const LINE: &[u8; 20] = b"a line of some text\n";

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let server = serve();
        let handle = scene.rivals.loop_thread.handle();
        let variants = [
            Variant::new(
                KOIL,
                taken(move |n| koil::unkoil_iter(through_tokio(server, n))),
            ),
            Variant::new(
                "koil, read_ahead",
                taken(move |n| koil::unkoil_iter(through_tokio(server, n)).read_ahead(64)),
            ),
            Variant::new(
                "koil, prefetch(1024)",
                taken(move |n| koil::unkoil_iter(through_tokio(server, n)).prefetch(1024)),
            ),
            Variant::new(
                "koil::Io, BufRead::lines",
                taken(move |n| through_io(server, n)),
            ),
            Variant::new(
                "tokio mpsc(1024)",
                taken(move |n| through_channel(handle, server, n)),
            ),
            Variant::new(
                "std BufReader::lines",
                taken(move |n| BufReader::new(connect(server, n)).lines()),
            ),
        ];
        // Connecting takes its time.
        Case::new("lines of a socket", "line", variants).stretched(3)
    })]
}

fn taken<'a, I>(open: impl Fn(u64) -> I + 'a) -> Body<'a>
where
    I: Iterator<Item = io::Result<String>>,
{
    calls(move |calls| {
        let mut seen = 0;
        for line in open(calls) {
            let line = line.expect("the line is whole");
            assert_eq!(line.as_bytes(), &LINE[..LINE.len() - 1]);
            seen += 1;
        }
        assert_eq!(seen, calls, "no line is lost");
    })
}

/// Sends each client the number of lines that it asks for, until the process ends.
fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    thread::spawn(move || {
        for client in listener.incoming() {
            // A client that has closed its connection has all its lines.
            let _ = client.and_then(send_lines);
        }
    });
    address
}

fn send_lines(mut client: TcpStream) -> io::Result<()> {
    let block = LINE.repeat(3200);
    let mut wanted = [0; 8];
    client.read_exact(&mut wanted)?;
    let mut left = u64::from_be_bytes(wanted) * LINE.len() as u64;
    while left > 0 {
        let now = left.min(block.len() as u64);
        let now = usize::try_from(now).expect("a block fits");
        client.write_all(&block[..now])?;
        left -= now as u64;
    }
    Ok(())
}

fn connect(server: SocketAddr, lines: u64) -> TcpStream {
    let mut socket = TcpStream::connect(server).expect("the server accepts");
    let asked = socket.write_all(&lines.to_be_bytes());
    asked.expect("the server listens");
    socket
}

/// The socket of the loop whose context is entered.
fn connect_async(server: SocketAddr, lines: u64) -> tokio::io::BufReader<tokio::net::TcpStream> {
    let socket = connect(server, lines);
    let nonblocking = socket.set_nonblocking(true);
    nonblocking.expect("a socket can be");
    let socket = tokio::net::TcpStream::from_std(socket);
    tokio::io::BufReader::new(socket.expect("a loop is entered"))
}

fn lines_of(
    reader: tokio::io::BufReader<tokio::net::TcpStream>,
) -> impl Stream<Item = io::Result<String>> + Send + Unpin + 'static {
    let mut lines = reader.lines();
    stream::poll_fn(move |cx| {
        let line = Pin::new(&mut lines).poll_next_line(cx);
        line.map(Result::transpose)
    })
}

fn through_tokio(
    server: SocketAddr,
    lines: u64,
) -> impl Stream<Item = io::Result<String>> + Send + Unpin + 'static {
    let handle = koil::global();
    let _entered = handle.tokio().enter();
    lines_of(connect_async(server, lines))
}

fn through_io(server: SocketAddr, lines: u64) -> impl Iterator<Item = io::Result<String>> {
    let handle = koil::global();
    let _entered = handle.tokio().enter();
    koil::Io::new(connect_async(server, lines)).lines()
}

fn through_channel(
    handle: &Handle,
    server: SocketAddr,
    lines: u64,
) -> impl Iterator<Item = io::Result<String>> + use<> {
    let _entered = handle.enter();
    let mut lines = lines_of(connect_async(server, lines));
    let (sender, mut receiver) = mpsc::channel(1024);
    handle.spawn(async move {
        while let Some(line) = lines.next().await {
            sender.send(line).await.expect("the consumer takes all");
        }
    });
    std::iter::from_fn(move || receiver.blocking_recv())
}
