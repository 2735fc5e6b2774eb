//! Group `background`: how long a task on the loop stands still after the last call.

use std::net::SocketAddr;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Variant, each_call};
use crate::rivals::{Bridge, STD_SOCKET, Task};
use crate::server::{blocking_connect, blocking_echo, connect, echo, message, serve_here};

pub static GROUP: Group = Group {
    name: "background",
    about: "a task on the bridge's loop, asked by others just after a call: its answer",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(|| {
        let server = scene.server;
        let mut variants = scene.rivals.run_in_background(&AfterTheCall { server });
        variants.push(Variant::new(STD_SOCKET, floor(server)));
        Case::new("answer after a call", "answer", variants).counted(20, 50, 15)
    })]
}

/// A call that waits, through the bridge; then, with the bridge idle, a plain socket to an echo
/// server that is a task on the bridge's loop. Only that is measured.
struct AfterTheCall {
    server: SocketAddr,
}

impl Task for AfterTheCall {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        let mut idle = Some(bridge.block_on(connect(self.server)));
        let background = bridge.block_on(serve_here());
        let mut background = blocking_connect(background.expect("a loopback port is free"));
        each_call(move |number| {
            let socket = idle.take().expect("each call hands its socket back");
            idle = Some(bridge.block_on(echo(socket, message(number))));
            let meter = Meter::start();
            blocking_echo(&mut background, message(number));
            meter.stop()
        })
    }
}

/// The same answer from a loop that nothing but this keeps busy.
fn floor(server: SocketAddr) -> Body<'static> {
    let mut other = blocking_connect(server);
    let mut socket = blocking_connect(server);
    each_call(move |number| {
        blocking_echo(&mut other, message(number));
        let meter = Meter::start();
        blocking_echo(&mut socket, message(number));
        meter.stop()
    })
}
