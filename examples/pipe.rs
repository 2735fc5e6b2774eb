//! Bytes through both worlds: an async socket as blocking lines, and blocking files as async ones.
//!
//! `cargo run --example pipe`

use std::fs::File;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::Path;
use std::{env, fs, process};

use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// The number of lines that go through the pipe.
const LINES: u64 = 50_000;

fn main() -> io::Result<()> {
    let path = env::temp_dir().join(format!("koil-pipe-{}", process::id()));
    let outcome = pipe(&path);
    fs::remove_file(&path)?;
    let sums = outcome?;
    println!("sent     {:016x}", sums[0]);
    println!("as lines {:016x}", sums[1]);
    println!("and back {:016x}", sums[2]);
    assert!(sums.iter().all(|sum| *sum == sums[0]), "no byte is lost");
    Ok(())
}

/// The checksums of the bytes that were sent, that blocking code has read, and that came back.
fn pipe(path: &Path) -> io::Result<[u64; 3]> {
    let (client, server) = koil::unkoil(connect())?;
    let sending = koil::unkoil_task(send(server));

    // Async to blocking: the socket is a `BufRead`, line by line, and each line goes into a file.
    let mut as_lines = Checksum::new();
    let mut file = BufWriter::new(File::create(path)?);
    for line in koil::Io::new(BufReader::new(client)).lines() {
        let line = line? + "\n";
        as_lines.add(line.as_bytes());
        file.write_all(line.as_bytes())?;
    }
    file.flush()?;
    let sent = sending.result()??;

    // Blocking to async and back: files block, so workers read and write them. The copy holds as
    // much as fits between them, however large the file is.
    let back = koil::unkoil(async {
        let mut reader = koil::read_threaded(File::open(path)?);
        let mut writer = koil::write_threaded(Checksum::new());
        tokio::io::copy(&mut reader, &mut writer).await?;
        writer.close().await
    })?;
    Ok([sent.0, as_lines.0, back.0])
}

async fn connect() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let (client, server) = tokio::try_join!(
        TcpStream::connect(listener.local_addr()?),
        listener.accept()
    )?;
    Ok((client, server.0))
}

/// Sends lines of all lengths, and the client's silence back to make sure that it has gone.
async fn send(mut socket: TcpStream) -> io::Result<Checksum> {
    let mut sum = Checksum::new();
    for number in 0..LINES {
        let line = format!(
            "{number} {}\n",
            "=".repeat(usize::try_from(number % 73).unwrap_or(0))
        );
        sum.add(line.as_bytes());
        socket.write_all(line.as_bytes()).await?;
    }
    socket.shutdown().await?;
    assert_eq!(socket.read(&mut [0]).await?, 0);
    Ok(sum)
}

/// FNV-1a; as a writer it only computes the checksum.
struct Checksum(u64);

impl Checksum {
    fn new() -> Checksum {
        Checksum(0xcbf2_9ce4_8422_2325)
    }

    fn add(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
}

impl Write for Checksum {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.add(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
