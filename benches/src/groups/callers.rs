//! Group `callers`: threads that echo side by side, each over a connection of its own.

use std::net::SocketAddr;
use std::sync::Barrier;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::{MakeCase, Scene};
use crate::harness::{Body, Case, Meter, Spent, Variant};
use crate::rivals::{Bridge, STD_SOCKET, Task};
use crate::server::{blocking_connect, blocking_echo, connect, echo, message};

pub fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    [1, 2, 8, 64]
        .map(|threads| Box::new(move || case(scene, threads)) as MakeCase<'a>)
        .into()
}

fn case<'a>(scene: &'a Scene<'a>, threads: usize) -> Case<'a> {
    let server = scene.server;
    let mut variants = scene.rivals.run(&Crowd { server, threads });
    variants.push(Variant {
        name: STD_SOCKET,
        body: floor(server, threads),
    });
    let plural = if threads == 1 { "" } else { "s" };
    Case {
        name: format!("{threads} thread{plural}"),
        unit: "call",
        stretch: 5,
        variants,
    }
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

/// Makes `calls` calls in all, one thread to a lane; a call goes to whoever is free.
///
/// The time is that of the whole crowd, so that time divided by calls is the inverse of the
/// throughput.
fn side_by_side<L: Send>(lanes: &mut [L], calls: u64, call: impl Fn(&mut L, u64) + Sync) -> Spent {
    let next = AtomicU64::new(0);
    // Two gates: all threads are up before the clock starts, and none begins before it does.
    let [up, go] = [(); 2].map(|()| Barrier::new(lanes.len() + 1));
    let work = |lane: &mut L| {
        up.wait();
        go.wait();
        // ORDERING: Relaxed; only uniqueness counts.
        let tickets = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
        for ticket in tickets.take_while(|ticket| *ticket < calls) {
            call(lane, ticket);
        }
    };
    thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = lanes
            .iter_mut()
            .map(|lane| scope.spawn(move || work(lane)))
            .collect();
        up.wait();
        let meter = Meter::start();
        go.wait();
        for thread in threads {
            thread.join().expect("no echo fails");
        }
        meter.stop()
    })
}
