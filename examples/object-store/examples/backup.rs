//! A blocking program on the blocking side of the SDK: it backs a folder up, and reads it back.
//!
//! `cargo run -p koil-object-store --example backup [folder]`; the service runs in the same process.

// The server is shared with the tests, so it says `pub`.
#![allow(unreachable_pub)]

#[path = "../tests/sdk/server.rs"]
mod server;

use std::error::Error;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use koil_object_store::blocking::{Account, Bucket};
use server::Server;

fn main() -> Result<(), Box<dyn Error>> {
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let folder = std::env::args_os().nth(1).map_or(sources, PathBuf::from);

    let server = Server::start()?;
    let bucket = Account::new(&server.url)?.create_bucket("backup")?;
    println!("An object store listens on {}.\n", server.url);

    back_up(&folder, &bucket)?;
    for object in bucket.list("files/") {
        let object = object?;
        println!("{:>7} bytes in {}", object.size()?, object.key());
    }
    let bytes = read_back(&folder, &bucket)?;
    println!("\nAll {bytes} bytes came back as they are in the folder.");
    let (requests, open) = (server.log().len(), server.memory.open_uploads());
    println!("That took {requests} requests; {open} uploads are left open.");
    Ok(())
}

fn back_up(folder: &Path, bucket: &Bucket) -> Result<(), Box<dyn Error>> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let key = format!("files/{}", entry.file_name().display());
            bucket.object(key).write_from(File::open(entry.path())?)?;
        }
    }
    Ok(())
}

/// The bytes of all files, each compared with what is on the disk.
fn read_back(folder: &Path, bucket: &Bucket) -> Result<u64, Box<dyn Error>> {
    let mut bytes = 0;
    for object in bucket.list("files/") {
        let object = object?;
        let mut copy = Vec::new();
        bytes += io::copy(&mut object.reader()?, &mut copy)?;
        let name = object.key().trim_start_matches("files/");
        if fs::read(folder.join(name))? != copy {
            return Err(format!("{name} came back as something else").into());
        }
    }
    Ok(bytes)
}
