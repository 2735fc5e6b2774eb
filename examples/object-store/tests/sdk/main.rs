//! Does the SDK do the same for blocking and for async users, wherever their code runs?

// The server is shared with an example, so it says `pub`.
#![allow(unreachable_pub)]

mod server;
mod watchdog;

mod async_user;
mod back_ends;
mod blocking_user;
mod docs;

/// Bytes for more than one part and piece.
fn film() -> Vec<u8> {
    (0..50_000_u32).flat_map(u32::to_le_bytes).collect()
}
