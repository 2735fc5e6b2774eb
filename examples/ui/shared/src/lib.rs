//! The parts that the windows share: the weather service, its client, and a user without hands.

pub mod driver;
pub mod meter;
mod screen;

#[path = "../../../quickstart/sdk.rs"]
pub mod sdk;
#[path = "../../../quickstart/server.rs"]
pub mod server;

use std::pin::pin;

use futures::{Stream, StreamExt};
use koil::coroutine;
use koil::ui::Progress;

use crate::sdk::{Error, Reading, Weather};

/// The number of readings that fill the list.
pub const ROWS: usize = 24;

/// The temperature of Oslo whenever it changes, without end. The stream owns the client, from which
/// that of the SDK borrows.
pub fn readings(weather: &Weather) -> impl Stream<Item = Result<Reading, Error>> + Send + use<> {
    let weather = weather.clone();
    coroutine::stream(|co| async move {
        let mut readings = pin!(weather.watch("Oslo"));
        while let Some(reading) = readings.next().await {
            co.yield_(reading).await;
        }
    })
}

/// The first [`ROWS`] readings, as text; `progress` hears which share of them has come.
pub fn rows(
    weather: &Weather,
    progress: Progress<f64>,
) -> impl Stream<Item = String> + Send + use<> {
    let readings = readings(weather).take(ROWS).enumerate();
    readings.map(move |(at, reading)| {
        progress.set((at + 1) as f64 / ROWS as f64);
        text(reading)
    })
}

/// The answer of the service, for people.
pub fn text(answer: Result<Reading, Error>) -> String {
    answer.map_or_else(|error| error.to_string(), |reading| reading.to_string())
}
