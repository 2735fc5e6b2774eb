//! A server with a few commands, on a thread, so that the example needs nothing else.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;

/// Serves on a port of its own until the process ends.
///
/// # Errors
///
/// If there is no port.
pub fn start() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for socket in listener.incoming().flatten() {
            thread::spawn(move || serve(socket));
        }
    });
    Ok(address)
}

fn serve(socket: TcpStream) -> io::Result<()> {
    let mut input = BufReader::new(socket.try_clone()?);
    let mut output = socket;
    let mut values = BTreeMap::new();
    while let Some(words) = request(&mut input)? {
        output.write_all(&reply(&words, &mut values))?;
    }
    Ok(())
}

/// The reply to one command.
pub fn reply(words: &[String], values: &mut BTreeMap<String, String>) -> Vec<u8> {
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let text = match words.as_slice() {
        ["PING"] => "+PONG\r\n".to_owned(),
        ["SET", key, value] => {
            values.insert((*key).to_owned(), (*value).to_owned());
            "+OK\r\n".to_owned()
        }
        ["GET", key] => match values.get(*key) {
            Some(value) => format!("${}\r\n{value}\r\n", value.len()),
            None => "$-1\r\n".to_owned(),
        },
        ["LIST"] => {
            let pairs = values.iter();
            let pairs = pairs.map(|(key, value)| format!("*2\r\n+{key}\r\n:{}\r\n", value.len()));
            format!("*{}\r\n{}", values.len(), pairs.collect::<String>())
        }
        _ => "-ERR unknown command\r\n".to_owned(),
    };
    text.into_bytes()
}

/// The words of the next command; `None` at the end.
fn request(input: &mut impl BufRead) -> io::Result<Option<Vec<String>>> {
    let mut line = String::new();
    if input.read_line(&mut line)? == 0 {
        return Ok(None);
    }
    let count: usize = line.trim_start_matches('*').trim().parse().unwrap_or(0);
    let words = (0..count).map(|_| {
        let (mut length, mut word) = (String::new(), String::new());
        input.read_line(&mut length)?;
        input.read_line(&mut word)?;
        Ok(word.trim_end().to_owned())
    });
    words.collect::<io::Result<_>>().map(Some)
}
