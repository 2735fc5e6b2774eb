//! Groups `echo` and `cold`: one call that sends 64 bytes and waits for them, once or ten times; in
//! a tight loop of calls, and now and then.

use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use tokio::net::TcpStream;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Variant, calls, each_call};
use crate::rivals::{Bridge, STD_SOCKET, TWIN, Task};
use crate::server::{
    Message, blocking_connect, blocking_echo, connect, echo, exchange_blocking, message,
    ten_echoes, ten_exchanges_blocking,
};

pub static GROUP: Group = Group {
    name: "echo",
    about: "64 bytes to a TCP server and back: calls that wait",
    when: When::Chosen,
    cases: |scene| cases(scene, Pace::Burst),
};

pub static COLD: Group = Group {
    name: "cold",
    about: "the same after 3 ms of silence: calls made now and then",
    when: When::Chosen,
    cases: |scene| cases(scene, Pace::NowAndThen),
};

/// Longer than any loop waits for another call.
const SILENCE: Duration = Duration::from_millis(3);

/// The time between two calls.
#[derive(Clone, Copy)]
enum Pace {
    Burst,
    /// After a silence, in which the loop and the caller have gone to sleep.
    NowAndThen,
}

impl Pace {
    /// A body of such calls; silence is not measured.
    fn body<'a>(self, mut call: impl FnMut(Message) + 'a) -> Body<'a> {
        match self {
            Pace::Burst => calls(move |calls| {
                for number in 0..calls {
                    call(message(number));
                }
            }),
            Pace::NowAndThen => each_call(move |number| {
                thread::sleep(SILENCE);
                let meter = Meter::start();
                call(message(number));
                meter.stop()
            }),
        }
    }
}

fn cases<'a>(scene: &'a Scene<'a>, pace: Pace) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(move || {
            let twin = exchange_blocking;
            case(scene, pace, "one echo per call", 1, echo, twin)
        }),
        Box::new(move || {
            let twin = ten_exchanges_blocking;
            case(scene, pace, "ten echoes per call", 10, ten_echoes, twin)
        }),
    ]
}

fn case<'a, E, F>(
    scene: &'a Scene<'a>,
    pace: Pace,
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
    let task = Echo {
        server,
        pace,
        exchange,
    };
    let mut variants = scene.rivals.run(&task);
    variants.insert(1, Variant::new(TWIN, twin(server, pace, exchange_blocking)));
    variants.push(Variant::new(STD_SOCKET, floor(server, pace, echoes)));
    let case = Case::new(name, "call", variants);
    match pace {
        Pace::Burst => case,
        Pace::NowAndThen => case.counted(8, 20, 15),
    }
}

/// The same future for every bridge; the connection is made through the bridge, and kept.
struct Echo<E> {
    server: SocketAddr,
    pace: Pace,
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
        self.pace.body(move |message| {
            let socket = idle.take().expect("each call hands its socket back");
            idle = Some(bridge.block_on(exchange(socket, message)));
        })
    }
}

/// The twin borrows the connection, which no bridge with a loop thread of its own can do.
fn twin(server: SocketAddr, pace: Pace, exchange: fn(&mut TcpStream, Message)) -> Body<'static> {
    let mut socket = koil::unkoil(connect(server));
    pace.body(move |message| exchange(&mut socket, message))
}

fn floor(server: SocketAddr, pace: Pace, echoes: u32) -> Body<'static> {
    let mut socket = blocking_connect(server);
    pace.body(move |message| {
        for _ in 0..echoes {
            blocking_echo(&mut socket, message);
        }
    })
}
