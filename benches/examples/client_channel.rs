//! The same client with a bridge written by hand after `reqwest::blocking`; for the group `size`.

#[path = "shared/client.rs"]
mod client;

use std::io;
use std::pin::Pin;
use std::thread;

use client::Client;
use tokio::sync::{mpsc, oneshot};

type Answer<T> = oneshot::Sender<io::Result<T>>;

enum Request {
    Greet(String, Answer<String>),
    Length(String, Answer<usize>),
    Close(Answer<()>),
}

/// The blocking side: requests go to a thread that owns the client and its loop.
struct BlockingClient(mpsc::UnboundedSender<Request>);

impl BlockingClient {
    fn open(address: &str) -> io::Result<BlockingClient> {
        let (requests, inbox) = mpsc::unbounded_channel();
        let (opened, answer) = oneshot::channel();
        let address = address.to_owned();
        thread::Builder::new().spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            match runtime {
                Ok(runtime) => runtime.block_on(serve(&address, inbox, opened)),
                Err(error) => drop(opened.send(Err(error))),
            }
        })?;
        wait(answer)?;
        Ok(BlockingClient(requests))
    }

    fn greet(&mut self, name: &str) -> io::Result<String> {
        self.ask(|answer| Request::Greet(name.to_owned(), answer))
    }

    fn length(&mut self, name: &str) -> io::Result<usize> {
        self.ask(|answer| Request::Length(name.to_owned(), answer))
    }

    fn close(self) -> io::Result<()> {
        self.ask(Request::Close)
    }

    fn ask<T>(&self, request: impl FnOnce(Answer<T>) -> Request) -> io::Result<T> {
        let (answer, answered) = oneshot::channel();
        let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
        self.0.send(request(answer)).map_err(gone)?;
        wait(answered)
    }
}

fn wait<T>(answer: oneshot::Receiver<io::Result<T>>) -> io::Result<T> {
    let gone = |_| io::Error::from(io::ErrorKind::BrokenPipe);
    answer.blocking_recv().map_err(gone)?
}

async fn serve(address: &str, mut inbox: mpsc::UnboundedReceiver<Request>, opened: Answer<()>) {
    let mut client = match Client::open(address).await {
        Ok(client) => client,
        Err(error) => return drop(opened.send(Err(error))),
    };
    drop(opened.send(Ok(())));
    while let Some(request) = inbox.recv().await {
        let answered: Pin<Box<dyn Future<Output = ()>>> = match request {
            Request::Greet(name, answer) => {
                let client = &mut client;
                Box::pin(async move { drop(answer.send(client.greet(&name).await)) })
            }
            Request::Length(name, answer) => {
                let client = &mut client;
                Box::pin(async move { drop(answer.send(client.length(&name).await)) })
            }
            Request::Close(answer) => return drop(answer.send(client.close().await)),
        };
        answered.await;
    }
}

fn main() -> io::Result<()> {
    let (address, name) = client::arguments()?;
    let mut client = BlockingClient::open(&address)?;
    println!("{}", client.greet(&name)?);
    println!("{}", client.length(&name)?);
    client.close()
}
