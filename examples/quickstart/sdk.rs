//! The SDK: an async client of the weather service, and `#[koiled]` on its type and its methods.

use std::fmt;

use futures::stream::{self, Stream, TryStreamExt};
use koil::koiled;
use reqwest::{RequestBuilder, Response, StatusCode};
use serde::{Deserialize, Serialize};

/// A client of the weather service.
#[koiled]
#[derive(Clone, Debug)]
pub struct Weather {
    http: reqwest::Client,
    base: String,
}

/// The same names for blocking users, as `reqwest::blocking` and others have it.
pub mod blocking {
    pub use super::BlockingWeather as Weather;
}

#[koiled]
impl Weather {
    /// A client of the service at `base`.
    pub fn new(base: impl Into<String>) -> Result<Self, Error> {
        // The service is on loopback: no proxy of the environment can reach it.
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Weather {
            http,
            base: base.into(),
        })
    }

    /// The temperature of a city, now.
    pub async fn temperature(&self, city: &str) -> Result<Reading, Error> {
        reading(self.http.get(self.url("temperature", city))).await
    }

    /// Reports a reading to the service; returns the reading that the service has noted.
    pub async fn report(&self, city: &str, celsius: f64) -> Result<Reading, Error> {
        let request = self.http.post(self.url("temperature", city));
        reading(request.json(&Report { celsius })).await
    }

    /// The temperature of a city, tomorrow. The service has to think about it.
    pub async fn forecast(&self, city: &str) -> Result<Reading, Error> {
        reading(self.http.get(self.url("forecast", city))).await
    }

    /// The temperature of a city whenever it changes, as server-sent events.
    pub fn watch(&self, city: &str) -> impl Stream<Item = Result<Reading, Error>> {
        stream::once(events(self.http.get(self.url("watch", city)))).try_flatten()
    }

    fn url(&self, what: &str, city: &str) -> String {
        format!("{}/{what}/{city}", self.base)
    }
}

/// A reading of a thermometer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    pub city: String,
    pub celsius: f64,
}

#[derive(Serialize)]
struct Report {
    celsius: f64,
}

/// The failure of a call.
#[derive(Debug)]
pub enum Error {
    /// The service does not know the city.
    UnknownCity(String),
    /// The service has refused the value.
    Refused(String),
    /// The service could not be reached, or its answer could not be read.
    Http(reqwest::Error),
    /// An event could not be read.
    Unreadable(serde_json::Error),
}

/// Asks for one reading.
async fn reading(request: RequestBuilder) -> Result<Reading, Error> {
    Ok(answer(request).await?.json().await?)
}

/// Asks for readings without end, as server-sent events.
async fn events(
    request: RequestBuilder,
) -> Result<impl Stream<Item = Result<Reading, Error>>, Error> {
    let start = (answer(request).await?, Vec::new());
    Ok(stream::try_unfold(
        start,
        async |(mut response, mut received)| loop {
            if let Some(end) = received.windows(2).position(|two| two == b"\n\n") {
                let event: Vec<u8> = received.drain(..end + 2).collect();
                return Ok(Some((read(&event)?, (response, received))));
            }
            match response.chunk().await? {
                Some(chunk) => received.extend(chunk),
                None => return Ok(None),
            }
        },
    ))
}

/// The response, unless its status is an error.
async fn answer(request: RequestBuilder) -> Result<Response, Error> {
    let response = request.send().await?;
    match response.status() {
        StatusCode::NOT_FOUND => Err(Error::UnknownCity(response.text().await?)),
        StatusCode::UNPROCESSABLE_ENTITY => Err(Error::Refused(response.text().await?)),
        _ => Ok(response.error_for_status()?),
    }
}

fn read(event: &[u8]) -> Result<Reading, Error> {
    let json = event.strip_prefix(b"data: ").unwrap_or(event);
    serde_json::from_slice(json).map_err(Error::Unreadable)
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} °C in {}", self.celsius, self.city)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::UnknownCity(why) => write!(f, "unknown city: {why}"),
            Error::Refused(why) => write!(f, "refused: {why}"),
            Error::Http(error) => error.fmt(f),
            Error::Unreadable(error) => write!(f, "unreadable event: {error}"),
        }
    }
}

impl std::error::Error for Error {}

impl From<reqwest::Error> for Error {
    fn from(error: reqwest::Error) -> Error {
        Error::Http(error)
    }
}
