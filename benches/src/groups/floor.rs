//! The floor: what a poll, a context, a wake and a socket cost without any bridge.

use std::future::ready;
use std::hint::black_box;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};
use std::thread::{self, Thread};

use super::{Group, MakeCase, Scene, When};
use crate::harness::{Body, Case, Variant, calls};
use crate::rivals::STD_SOCKET;
use crate::server::{blocking_connect, blocking_echo, message};

pub static GROUP: Group = Group {
    name: "floor",
    about: "what this machine charges before any bridge",
    when: When::Always,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    vec![Box::new(move || {
        let variants = [
            Variant::new("direct poll of a ready future", direct_poll()),
            Variant::new("Handle::enter and leave", enter(scene)),
            Variant::new("park/unpark round trip", park_round_trip()),
            Variant::new(STD_SOCKET, socket(scene)),
        ];
        Case::new("floor", "call", variants)
    })]
}

fn direct_poll() -> Body<'static> {
    calls(|calls| {
        let mut cx = Context::from_waker(Waker::noop());
        for call in 0..calls {
            let future = pin!(ready(black_box(call)));
            assert_eq!(future.poll(&mut cx), Poll::Ready(call));
        }
    })
}

fn enter<'a>(scene: &'a Scene<'a>) -> Body<'a> {
    calls(move |calls| {
        for _ in 0..calls {
            drop(black_box(scene.rivals.loop_thread.handle().enter()));
        }
    })
}

/// Two threads that wake each other in turn: the least cost of any hand-over to a loop thread.
fn park_round_trip() -> Body<'static> {
    calls(|calls| {
        let ball = Arc::new(Ball::default());
        let here = thread::current();
        let partner = thread::spawn({
            let ball = ball.clone();
            move || (0..calls).for_each(|_| ball.take_and_pass(Side::There, &here))
        });
        for _ in 0..calls {
            ball.pass(Side::There, partner.thread());
            ball.wait_for(Side::Here);
        }
        partner.join().expect("the partner returns every ball");
    })
}

fn socket<'a>(scene: &'a Scene<'a>) -> Body<'a> {
    let mut socket = blocking_connect(scene.server);
    calls(move |calls| {
        for call in 0..calls {
            blocking_echo(&mut socket, message(call));
        }
    })
}

/// On whose side the ball is.
#[derive(Default)]
struct Ball {
    there: AtomicBool,
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Here,
    There,
}

impl Ball {
    fn pass(&self, to: Side, partner: &Thread) {
        // ORDERING: parking synchronises; Release and Acquire make the ball stand on its own.
        self.there.store(to == Side::There, Ordering::Release);
        partner.unpark();
    }

    fn wait_for(&self, side: Side) {
        while self.there.load(Ordering::Acquire) != (side == Side::There) {
            thread::park();
        }
    }

    fn take_and_pass(&self, side: Side, partner: &Thread) {
        self.wait_for(side);
        self.pass(Side::Here, partner);
    }
}
