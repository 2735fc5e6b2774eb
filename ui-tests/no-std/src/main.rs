//! A program without std and without an allocator: it links `koil-inline`, and calls async code.

#![no_std]
#![no_main]

use core::ffi::c_int;
use core::future::{pending, poll_fn};
use core::task::Poll;

use koil_inline::run;

/// A driver that is async: here its bus is always ready.
async fn temperature(read: impl AsyncFn(u8) -> u16) -> u16 {
    read(0xF3).await * 2
}

/// Wakes itself once.
async fn yield_now() {
    let mut is_first = true;
    poll_fn(|cx| {
        if core::mem::replace(&mut is_first, false) {
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(())
    })
    .await;
}

/// Returns 0 if everything was as expected, and otherwise the number of the check that failed.
#[unsafe(no_mangle)]
extern "C" fn main() -> c_int {
    match run(temperature(async |register| u16::from(register))) {
        Ok(486) => {}
        _ => return 1,
    }
    if run(yield_now()).is_err() {
        return 2;
    }
    match run(pending::<()>()) {
        Err(error) if error.polls() == 1 => 0,
        _ => 3,
    }
}

// The C library has the entry point and the functions that core expects.
#[link(name = "c")]
unsafe extern "C" {}

#[panic_handler]
fn panicked(_: &core::panic::PanicInfo<'_>) -> ! {
    loop {
        core::hint::spin_loop();
    }
}

/// The compiled core refers to it for unwinding, which cannot happen here.
#[unsafe(no_mangle)]
extern "C" fn rust_eh_personality() {}
