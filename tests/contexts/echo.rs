//! A server that answers with what it was sent, outside any runtime.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;

/// The address of the server of this process, which is started on first use.
pub(crate) fn server() -> SocketAddr {
    static SERVER: OnceLock<SocketAddr> = OnceLock::new();
    *SERVER.get_or_init(|| {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
        let address = listener.local_addr().expect("it is bound");
        thread::spawn(move || {
            for socket in listener.incoming().flatten() {
                thread::spawn(move || answer(socket));
            }
        });
        address
    })
}

fn answer(mut socket: impl Read + Write) {
    let mut buffer = [0; 256];
    while let Ok(length @ 1..) = socket.read(&mut buffer) {
        // Else the answer could be there before the caller has begun to wait.
        thread::sleep(Duration::from_millis(1));
        if socket.write_all(&buffer[..length]).is_err() {
            return;
        }
    }
}
