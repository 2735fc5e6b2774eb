//! The SDK: an async client of the warehouse, with its blocking side.

use koil::koiled;

/// A client of the warehouse.
#[koiled]
pub struct Stock {
    http: reqwest::Client,
    base: String,
}

#[koiled]
impl Stock {
    /// A client of the warehouse at `base`.
    pub fn new(base: &str) -> reqwest::Result<Self> {
        // The service is on loopback: no proxy of the environment can reach it.
        let http = reqwest::Client::builder().no_proxy().build()?;
        let base = base.to_owned();
        Ok(Stock { http, base })
    }

    /// The number of units of an article.
    pub async fn units(&self, article: u32) -> reqwest::Result<u32> {
        let url = format!("{}/units/{article}", self.base);
        let answer = self.http.get(url).send().await?;
        answer.error_for_status()?.json().await
    }

    /// Reserves some units of an article; returns the number of reservations so far.
    pub async fn reserve(&self, article: u32, units: u32) -> reqwest::Result<u32> {
        let url = format!("{}/reserve/{article}/{units}", self.base);
        let answer = self.http.post(url).send().await?;
        answer.error_for_status()?.json().await
    }

    /// Tells the warehouse how many requests a shop has served.
    pub async fn report(&self, served: usize) -> reqwest::Result<()> {
        let url = format!("{}/report/{served}", self.base);
        self.http.post(url).send().await?.error_for_status()?;
        Ok(())
    }
}
