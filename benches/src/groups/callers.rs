//! Group `callers`: threads that echo side by side, each over a connection of its own.

use std::net::SocketAddr;

use super::{Group, MakeCase, Scene, When};
use crate::crowd::{self, side_by_side};
use crate::harness::{Body, Case, Variant};
use crate::rivals::{Bridge, STD_SOCKET, Task};
use crate::server::{blocking_connect, blocking_echo, connect, echo, message};

pub static GROUP: Group = Group {
    name: "callers",
    about: "many threads that echo: throughput",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    [1, 2, 8, 64]
        .map(|threads| Box::new(move || case(scene, threads)) as MakeCase<'a>)
        .into()
}

fn case<'a>(scene: &'a Scene<'a>, threads: usize) -> Case<'a> {
    let server = scene.server;
    let mut variants = scene.rivals.run(&Crowd { server, threads });
    variants.push(Variant::new(STD_SOCKET, floor(server, threads)));
    Case::new(crowd::size(threads), "call", variants).stretched(5)
}

struct Crowd {
    server: SocketAddr,
    threads: usize,
}

impl Task for Crowd {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        let dial = || Some(bridge.block_on(connect(self.server)));
        let mut lanes: Vec<_> = (0..self.threads).map(|_| dial()).collect();
        Box::new(move |calls| {
            side_by_side(&mut lanes, calls, |lane, call| {
                let socket = lane.take().expect("each call hands its socket back");
                *lane = Some(bridge.block_on(echo(socket, message(call))));
            })
        })
    }
}

fn floor(server: SocketAddr, threads: usize) -> Body<'static> {
    let mut lanes: Vec<_> = (0..threads).map(|_| blocking_connect(server)).collect();
    Box::new(move |calls| {
        side_by_side(&mut lanes, calls, |socket, call| {
            blocking_echo(socket, message(call));
        })
    })
}
