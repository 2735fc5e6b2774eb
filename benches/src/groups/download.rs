//! Group `download`: a large HTTP body, read on a blocking thread.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use futures::TryStreamExt;
use tokio::runtime::Handle;
use tokio_util::io::{StreamReader, SyncIoBridge};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Variant};
use crate::http::{MEGABYTE, byte_at};
use crate::rivals::{KOIL, REQWEST_BLOCKING, STD_SOCKET};

pub static GROUP: Group = Group {
    name: "download",
    about: "a body of 100 MB: koil::Io over reqwest's stream, against reqwest::blocking",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let server = scene.http;
        let variants = [
            Variant::new(KOIL, through_io(server)),
            Variant::new(REQWEST_BLOCKING, through_reqwest(server)),
            Variant::new(
                "SyncIoBridge",
                through_bridge(server, scene.rivals.loop_thread.handle()),
            ),
            Variant::new(STD_SOCKET, through_socket(server)),
        ];
        Case::new("100 MB", "MB", variants).counted(100, 100, 7)
    })]
}

/// Downloads as many megabytes as there are calls; the request itself is measured with them.
fn megabytes<'a, R: Read>(open: impl Fn(u64) -> R + 'a) -> Body<'a> {
    let mut buffer = vec![0; 64 * 1024];
    Box::new(move |megabytes| {
        let meter = Meter::start();
        let mut body = open(megabytes);
        let mut place = 0;
        loop {
            let length = body.read(&mut buffer).expect("the body comes to its end");
            let Some(last) = length.checked_sub(1) else {
                break;
            };
            assert_eq!(buffer[0], byte_at(place), "no byte is lost");
            assert_eq!(buffer[last], byte_at(place + last), "no byte is lost");
            place += length;
        }
        assert_eq!(place as u64, megabytes * MEGABYTE as u64);
        meter.stop()
    })
}

fn url(server: SocketAddr, megabytes: u64) -> String {
    format!("http://{server}/megabytes/{megabytes}")
}

async fn request(client: &reqwest::Client, url: String) -> reqwest::Response {
    let response = client.get(url).send().await;
    response.expect("the HTTP server answers")
}

fn through_io(server: SocketAddr) -> Body<'static> {
    let client = reqwest::Client::new();
    megabytes(move |megabytes| {
        let response = koil::unkoil(request(&client, url(server, megabytes)));
        koil::Io::from_stream(response.bytes_stream())
    })
}

fn through_reqwest(server: SocketAddr) -> Body<'static> {
    let client = reqwest::blocking::Client::new();
    megabytes(move |megabytes| {
        let response = client.get(url(server, megabytes)).send();
        response.expect("the HTTP server answers")
    })
}

fn through_bridge(server: SocketAddr, handle: &Handle) -> Body<'_> {
    let client = reqwest::Client::new();
    megabytes(move |megabytes| {
        let response = handle.block_on(request(&client, url(server, megabytes)));
        let stream = response.bytes_stream().map_err(std::io::Error::other);
        SyncIoBridge::new_with_handle(StreamReader::new(stream), handle.clone())
    })
}

/// The request written by hand, the headers skipped, the body as it comes.
fn through_socket(server: SocketAddr) -> Body<'static> {
    megabytes(move |megabytes| {
        let mut socket = TcpStream::connect(server).expect("the HTTP server accepts");
        let request = format!(
            "GET /megabytes/{megabytes} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n"
        );
        let sent = socket.write_all(request.as_bytes());
        sent.expect("the HTTP server listens");
        let mut reader = BufReader::with_capacity(64 * 1024, socket);
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            let header = reader.read_line(&mut line);
            header.expect("the HTTP server answers");
        }
        reader
    })
}
