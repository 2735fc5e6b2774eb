//! Group `background`: how long a task on the loop stands still after the last call.

use std::net::SocketAddr;

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Meter, Spent, Variant, each_call, slowest_call};
use crate::rivals::{Bridge, STD_SOCKET, Task};
use crate::server::{blocking_connect, blocking_echo, connect, echo, message, serve_here};

pub static GROUP: Group = Group {
    name: "background",
    about: "a task on the bridge's loop, asked by others just after a call: its answer",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![
        Box::new(|| case(scene, Asked::AfterACall)),
        Box::new(|| case(scene, Asked::AfterTwenty)),
    ]
}

fn case<'a>(scene: &'a Scene<'a>, asked: Asked) -> Case<'a> {
    let server = scene.server;
    let mut variants = scene
        .rivals
        .run_in_background(&Background { server, asked });
    variants.push(Variant::new(STD_SOCKET, floor(server, asked)));
    let name = match asked {
        Asked::AfterACall => "answer after a call",
        Asked::AfterTwenty => "answer after twenty calls, slowest",
    };
    Case::new(name, "answer", variants).counted(20, 50, 15)
}

/// The calls before the task is asked.
#[derive(Clone, Copy)]
enum Asked {
    AfterACall,
    /// Enough calls that callers drive, if they may. The slowest answer of a sample counts.
    AfterTwenty,
}

impl Asked {
    /// `call` is not measured.
    fn body<'a>(self, mut call: impl FnMut(u64) + 'a, mut ask: impl FnMut(u64) + 'a) -> Body<'a> {
        let calls = match self {
            Asked::AfterACall => 1,
            Asked::AfterTwenty => 20,
        };
        let answer = move |number| -> Spent {
            for at in 0..calls {
                call(number * calls + at);
            }
            let meter = Meter::start();
            ask(number);
            meter.stop()
        };
        match self {
            Asked::AfterACall => each_call(answer),
            Asked::AfterTwenty => slowest_call(answer),
        }
    }
}

/// Calls that wait, through the bridge; then, with the bridge idle, a plain socket to an echo
/// server that is a task on the bridge's loop. Only that is measured.
struct Background {
    server: SocketAddr,
    asked: Asked,
}

impl Task for Background {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        let mut idle = Some(bridge.block_on(connect(self.server)));
        let background = bridge.block_on(serve_here());
        let mut background = blocking_connect(background.expect("a loopback port is free"));
        self.asked.body(
            move |number| {
                let socket = idle.take().expect("each call hands its socket back");
                idle = Some(bridge.block_on(echo(socket, message(number))));
            },
            move |number| blocking_echo(&mut background, message(number)),
        )
    }
}

/// The same answer from a loop that nothing but this keeps busy.
fn floor(server: SocketAddr, asked: Asked) -> Body<'static> {
    let mut other = blocking_connect(server);
    let mut socket = blocking_connect(server);
    asked.body(
        move |number| blocking_echo(&mut other, message(number)),
        move |number| blocking_echo(&mut socket, message(number)),
    )
}
