//! Group `cold`: echoes after a silence, when the loop and the caller have gone to sleep.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use tokio::net::TcpStream;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Variant, each_call};
use crate::rivals::{Bridge, STD_SOCKET, TWIN, Task};
use crate::server::{
    Message, blocking_connect, blocking_echo, connect, echo, exchange_blocking, message,
    ten_echoes, ten_exchanges_blocking,
};

pub static GROUP: Group = Group {
    name: "cold",
    about: "the same after 3 ms of silence: calls made now and then",
    when: When::Chosen,
    cases,
};

/// Longer than any loop lingers in the hope of another call.
const SILENCE: Duration = Duration::from_millis(3);

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
    let mut variants = scene.rivals.run(&ColdEcho { server, exchange });
    variants.insert(1, Variant::new(TWIN, twin(server, exchange_blocking)));
    variants.push(Variant::new(STD_SOCKET, floor(server, echoes)));
    Case::new(name, "call", variants).counted(10, 20, 15)
}

/// A body of which each call comes after a silence, which is not measured.
fn after_silence<'a>(mut call: impl FnMut(Message) + 'a) -> Body<'a> {
    each_call(move |number| {
        thread::sleep(SILENCE);
        let meter = Meter::start();
        call(message(number));
        meter.stop()
    })
}

struct ColdEcho<E> {
    server: SocketAddr,
    exchange: E,
}

impl<E, F> Task for ColdEcho<E>
where
    E: Fn(TcpStream, Message) -> F + Copy + 'static,
    F: Future<Output = TcpStream> + Send + 'static,
{
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        let exchange = self.exchange;
        let mut idle = Some(bridge.block_on(connect(self.server)));
        after_silence(move |message| {
            let socket = idle.take().expect("each call hands its socket back");
            idle = Some(bridge.block_on(exchange(socket, message)));
        })
    }
}

fn twin(server: SocketAddr, exchange: fn(&mut TcpStream, Message)) -> Body<'static> {
    let mut socket = koil::unkoil(connect(server));
    after_silence(move |message| exchange(&mut socket, message))
}

fn floor(server: SocketAddr, echoes: u32) -> Body<'static> {
    let mut socket = blocking_connect(server);
    after_silence(move |message| {
        for _ in 0..echoes {
            blocking_echo(&mut socket, message);
        }
    })
}
