//! Group `echo`: one call that sends 64 bytes and waits for them, once or ten times.

use std::net::SocketAddr;

use tokio::net::TcpStream;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::{Bridge, STD_SOCKET, TWIN, Task};
use crate::server::{
    Message, blocking_connect, blocking_echo, connect, echo, exchange_blocking, message,
    ten_echoes, ten_exchanges_blocking,
};

pub static GROUP: Group = Group {
    name: "echo",
    about: "64 bytes to a TCP server and back: calls that wait",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(|| {
            let twin = exchange_blocking;
            case(scene, "one echo per call", 1, echo, twin)
        }),
        Box::new(|| {
            let twin = ten_exchanges_blocking;
            case(scene, "ten echoes per call", 10, ten_echoes, twin)
        }),
    ]
}

fn case<'a, E, F>(
    scene: &'a Scene<'a>,
    name: &str,
    echoes: u32,
    exchange: E,
    exchange_blocking: fn(&mut TcpStream, Message),
) -> Case<'a>
where
    E: Fn(TcpStream, Message) -> F + Copy + 'static,
    F: Future<Output = TcpStream> + Send + 'static,
{
    let server = scene.server;
    let mut variants = scene.rivals.run(&Echo { server, exchange });
    variants.insert(1, Variant::new(TWIN, twin(server, exchange_blocking)));
    variants.push(Variant::new(STD_SOCKET, floor(server, echoes)));
    Case::new(name, "call", variants)
}

/// The same future for every bridge; the connection is made through the bridge, and kept.
struct Echo<E> {
    server: SocketAddr,
    exchange: E,
}

impl<E, F> Task for Echo<E>
where
    E: Fn(TcpStream, Message) -> F + Copy + 'static,
    F: Future<Output = TcpStream> + Send + 'static,
{
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        let exchange = self.exchange;
        let mut idle = Some(bridge.block_on(connect(self.server)));
        calls(move |calls| {
            for call in 0..calls {
                let socket = idle.take().expect("each call hands its socket back");
                idle = Some(bridge.block_on(exchange(socket, message(call))));
            }
        })
    }
}

/// The twin borrows the connection, which no bridge with a loop thread of its own can do.
fn twin(server: SocketAddr, exchange: fn(&mut TcpStream, Message)) -> Body<'static> {
    let mut socket = koil::unkoil(connect(server));
    calls(move |calls| {
        for call in 0..calls {
            exchange(&mut socket, message(call));
        }
    })
}

fn floor(server: SocketAddr, echoes: u32) -> Body<'static> {
    let mut socket = blocking_connect(server);
    calls(move |calls| {
        for call in 0..calls {
            for _ in 0..echoes {
                blocking_echo(&mut socket, message(call));
            }
        }
    })
}
