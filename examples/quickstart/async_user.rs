//! Async programs that use the same SDK: under tokio, and from blocking code through `aio()`.

use std::error::Error;

use futures::stream::{StreamExt, TryStreamExt};

use crate::Findings;
use crate::sdk::{Reading, Weather, blocking};
use crate::server::Server;
use crate::show::{check, show};

pub fn visit(server: &Server) -> Result<Findings, Box<dyn Error>> {
    // A program with a tokio runtime of its own; koil is not involved.
    let runtime = tokio::runtime::Runtime::new()?;
    let findings = runtime.block_on(under_tokio(Weather::new(&server.url)?))?;

    // A blocking program may have an async part: the twin is the client it wraps.
    let weather = blocking::Weather::new(&server.url)?;
    show! { let pair = koil::unkoil(async {
        tokio::try_join!(weather.aio().temperature("Rome"), weather.aio().temperature("Lima"))
    })?; }
    let (rome, lima): &(Reading, Reading) = &pair;
    check(
        (rome.celsius, lima.celsius) == (19.0, 22.5),
        "`aio()` leads from the twin back to the async client",
    )?;
    Ok(findings)
}

async fn under_tokio(weather: Weather) -> Result<Findings, Box<dyn Error>> {
    weather.report("Oslo", 3.5).await?; // As before the blocking program ran.

    show! { let now = weather.temperature("Oslo").await?; }
    show! { let noted = weather.report("Oslo", -4.5).await?; }
    show! { let unknown_city = weather.temperature("Atlantis").await; }
    show! { let refused = weather.report("Oslo", -300.0).await; }
    show! { let watched = weather.watch("Rome").take(3).try_collect::<Vec<_>>().await?; }

    let cities = ["Oslo", "Rome", "Lima"];
    show! { let tomorrow = futures::future::try_join_all(cities.map(|city| weather.forecast(city))).await?; }

    Ok(Findings {
        now,
        noted,
        unknown_city: unknown_city.err().ok_or("Atlantis is known")?.to_string(),
        refused: refused.err().ok_or("-300 °C are accepted")?.to_string(),
        watched,
        tomorrow,
    })
}
