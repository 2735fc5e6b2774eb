//! Group `http`: GET requests of a real HTTP client, through twins and through its own blocking one.

use std::net::SocketAddr;

use koil::koiled;

use super::{Group, MakeCase, Scene, When};
use crate::crowd::{self, side_by_side};
use crate::harness::{Body, Case, Variant};
use crate::http::page;
use crate::rivals::{Bridge, KOIL, REQWEST_BLOCKING, Task};

pub static GROUP: Group = Group {
    name: "http",
    about: "GET requests: reqwest through a twin, against reqwest::blocking",
    when: When::Chosen,
    cases,
};

fn cases<'a>(scene: &'a Scene<'a>) -> Vec<MakeCase<'a>> {
    [1, 8, 64]
        .map(|threads| Box::new(move || case(scene, threads)) as MakeCase<'a>)
        .into()
}

fn case<'a>(scene: &'a Scene<'a>, threads: usize) -> Case<'a> {
    let server = scene.http;
    let mut variants = vec![
        Variant::new(KOIL, twin(server, threads)),
        Variant::new(REQWEST_BLOCKING, reqwest_blocking(server, threads)),
    ];
    variants.extend(scene.rivals.run_usual(&Gets { server, threads }));
    Case::new(crowd::size(threads), "GET", variants).counted(600, 10_000, 5)
}

/// One request, as a user writes it; its twin is measured.
#[koiled]
async fn get(client: &reqwest::Client, url: &str) -> reqwest::Result<String> {
    let response = client.get(url).send().await?;
    response.error_for_status()?.text().await
}

fn url(server: SocketAddr, number: u64) -> String {
    format!("http://{server}/number/{number}")
}

fn check(answer: reqwest::Result<String>, number: u64) {
    let text = answer.expect("the HTTP server answers");
    assert_eq!(text, page(number), "the answer belongs to the request");
}

/// All threads share one client, as its docs advise.
fn twin(server: SocketAddr, threads: usize) -> Body<'static> {
    let client = reqwest::Client::new();
    let mut lanes = vec![(); threads];
    Box::new(move |calls| {
        side_by_side(&mut lanes, calls, |(), call| {
            check(get_blocking(&client, &url(server, call)), call);
        })
    })
}

fn reqwest_blocking(server: SocketAddr, threads: usize) -> Body<'static> {
    let client = reqwest::blocking::Client::new();
    let mut lanes = vec![(); threads];
    Box::new(move |calls| {
        side_by_side(&mut lanes, calls, |(), call| {
            let response = client.get(url(server, call)).send();
            let text = response.and_then(|response| response.error_for_status()?.text());
            check(text, call);
        })
    })
}

/// The async client through another bridge.
struct Gets {
    server: SocketAddr,
    threads: usize,
}

impl Task for Gets {
    fn body<'a, B: Bridge>(&self, bridge: &'a B) -> Body<'a> {
        let client = reqwest::Client::new();
        let server = self.server;
        let mut lanes = vec![(); self.threads];
        Box::new(move |calls| {
            side_by_side(&mut lanes, calls, |(), call| {
                let client = client.clone();
                let text = async move { get(&client, &url(server, call)).await };
                check(bridge.block_on(text), call);
            })
        })
    }
}
