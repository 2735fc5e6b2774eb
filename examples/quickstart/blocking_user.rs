//! A blocking program that uses the SDK: calls, events, timeouts, tasks, many calls at once.

use std::error::Error;
use std::thread;
use std::time::{Duration, Instant};

use crate::Findings;
use crate::sdk::Reading;
use crate::sdk::blocking::Weather;
use crate::server::Server;
use crate::show::{check, show};

pub fn visit(server: &Server) -> Result<Findings, Box<dyn Error>> {
    let weather = Weather::new(&server.url)?;

    show! { let now = weather.temperature("Oslo")?; }
    show! { let noted = weather.report("Oslo", -4.5)?; }
    show! { let unknown_city = weather.temperature("Atlantis"); }
    show! { let refused = weather.report("Oslo", -300.0); }

    let watched = watch(server, &weather)?;
    time_out(&weather)?;
    let tomorrow = do_several_things_at_once(&weather)?;

    Ok(Findings {
        now,
        noted,
        unknown_city: unknown_city.err().ok_or("Atlantis is known")?.to_string(),
        refused: refused.err().ok_or("-300 °C are accepted")?.to_string(),
        watched,
        tomorrow,
    })
}

/// A stream is an iterator here; leaving it early closes the connection.
fn watch(server: &Server, weather: &Weather) -> Result<Vec<Reading>, Box<dyn Error>> {
    let mut events = weather.watch("Rome");
    show! { let watched = events.by_ref().take(3).collect::<Result<Vec<_>, _>>()?; }
    check(server.watchers() == 1, "the service counts one watcher")?;
    drop(events);
    check(
        comes_true(|| server.watchers() == 0),
        "after `drop(events)` the service has seen the connection close",
    )?;
    Ok(watched)
}

/// A deadline is a matter of the caller; the SDK does not know it.
fn time_out(weather: &Weather) -> Result<(), Box<dyn Error>> {
    let patience = Duration::from_millis(50);
    show! { let late = koil::unkoil_timeout(patience, weather.aio().forecast("Oslo")); }
    check(
        late.is_err_and(|error| error.is_timeout()),
        "the call was given up when the time was over",
    )?;

    let mut events = weather.watch("Rome");
    show! { let early = events.next_timeout(Duration::from_millis(1)); }
    check(
        early.is_some_and(|event| event.is_err_and(|error| error.is_timeout())),
        "no event yet; the iterator is still good",
    )?;
    show! { let event = events.next(); }
    check(matches!(event, Some(Ok(_))), "there it is")?;
    Ok(())
}

/// Work continues in the background, or many calls wait at the same time.
fn do_several_things_at_once(weather: &Weather) -> Result<Vec<Reading>, Box<dyn Error>> {
    let asked = weather.aio().clone();
    let task = koil::unkoil_task(async move { asked.forecast("Lima").await });
    show! { let meanwhile = weather.temperature("Rome")?; }
    show! { let joined = task.result()??; }
    check(
        meanwhile.city == "Rome" && joined.city == "Lima",
        "the task ran while this thread did something else",
    )?;

    let start = Instant::now();
    let cities = ["Oslo", "Rome", "Lima"];
    show! { let tomorrow = koil::try_gather(cities.map(|city| weather.aio().forecast(city))).wait()?; }
    println!(
        "      three forecasts of 300 ms each took {} ms together",
        start.elapsed().as_millis()
    );
    Ok(tomorrow)
}

/// Waits until an effect on another thread is visible here.
fn comes_true(claim: impl Fn() -> bool) -> bool {
    let start = Instant::now();
    while !claim() {
        if start.elapsed() > Duration::from_secs(1) {
            return false;
        }
        thread::sleep(Duration::from_millis(5));
    }
    true
}
