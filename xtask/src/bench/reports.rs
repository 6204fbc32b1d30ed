//! Whether reports of mounts hurt the serving of pages: 10,000 a second from many addresses, and visitors beside them.

use crate::{
    apps::{self, App},
    running::{self, Running},
    serve, tools,
};
use cli::Error;
use contract::{
    code::{SERVER_UNREACHABLE, TESTS_FAILED},
    release::Release,
};
use reqwest::blocking::Client;
use std::{
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
    thread,
    time::{Duration, Instant},
};

/// Floods the server with reports of mounts, and measures what visitors notice of it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask bench reports")]
pub struct Arguments {
    /// Reports a second.
    #[arg(long, default_value_t = 10_000)]
    rate: u32,
    /// How long, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// The port that the server gets.
    #[arg(long, default_value_t = 8099)]
    port: u16,
}

/// Reports in a request: as many as the server takes.
const TOGETHER: u32 = 50;
const SENDERS: u32 = 8;
/// How much longer the middle page may take meanwhile. Server and visitors share the cores with what floods them.
const SLOWER: f64 = 3.0;
/// Pages that are asked for without and with the flood.
const PAGES: usize = 400;

/// What became of the requests.
#[derive(Default)]
struct Count {
    taken: AtomicU64,
    shed: AtomicU64,
    refused: AtomicU64,
    late: AtomicU64,
}

/// Starts a server of its own, and measures.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    running::port_is_free(arguments.port)?;
    tools::ensure(&workspace)?;
    let shop = apps::all(&workspace)?;
    apps::build(&shop, &workspace)?;
    let program = running::shipped(&workspace, "menagerie-server", "menagerie-server")?;
    running::return_on_stop()?;
    let data = tempfile::tempdir().map_err(|error| apps::cannot_read(&workspace, &error))?;
    let running = Running::start(&program, arguments.port, data.path(), &["--trusted-proxy", "127.0.0.1"])?;
    for app in &shop {
        serve::publish(app, &running)?;
    }
    let releases = shop.iter().map(App::described).collect::<Result<Vec<_>, _>>()?;
    let origin = format!("http://127.0.0.1:{}", arguments.port);
    let visitors = Visitors { client: client()?, origin: &origin };
    let token = visitors.token()?;

    let before = visitors.pages(|| true)?;
    let (count, flooding) = (Count::default(), AtomicBool::new(true));
    let during = thread::scope(|scope| {
        let senders: Vec<_> = (0..SENDERS)
            .map(|number| {
                let (count, flooding, token, releases) =
                    (&count, &flooding, token.as_str(), releases.as_slice());
                let origin = origin.as_str();
                scope.spawn(move || {
                    Sender { number, count, origin, token, releases }.send(arguments, flooding)
                })
            })
            .collect();
        let during = visitors.pages(|| flooding.load(Ordering::Relaxed));
        for sender in senders {
            let _ = sender.join();
        }
        during
    })?;
    let load = |counter: &AtomicU64| counter.load(Ordering::Relaxed) * u64::from(TOGETHER);
    println!("\n{} reports a second for {} s, {TOGETHER} in a request:", arguments.rate, arguments.seconds);
    println!("  taken {}, shed {}, refused {}", load(&count.taken), load(&count.shed), load(&count.refused));
    println!("  sent later than planned: {}", load(&count.late));
    println!("  a page before: {:.1} ms (middle), {:.1} ms (95 in 100)", before.0, before.1);
    println!("  a page meanwhile: {:.1} ms, {:.1} ms", during.0, during.1);
    let asked = u64::from(arguments.rate / TOGETHER / SENDERS * SENDERS * arguments.seconds * TOGETHER);
    let answered = load(&count.taken) + load(&count.shed) + load(&count.refused);
    let slower = during.0 / before.0;
    if asked == 0 || answered < asked || !slower.is_finite() {
        let what = format!("{answered} of {asked} reports were sent: a higher --rate, or more --seconds");
        return Err(Error::new(TESTS_FAILED, what));
    }
    println!("  {slower:.2} times as long in the middle; {SLOWER} are allowed");
    if load(&count.refused) > 0 || slower > SLOWER {
        return Err(Error::new(TESTS_FAILED, "the flood was noticed".to_owned()));
    }
    Ok(())
}

fn client() -> Result<Client, Error> {
    let built = Client::builder().timeout(Duration::from_secs(30)).build();
    built.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))
}

/// Those who open pages.
struct Visitors<'a> {
    client: Client,
    origin: &'a str,
}

impl Visitors<'_> {
    /// Opens pages one after the other while `more`; the middle and the 95th of 100, in milliseconds.
    fn pages(&self, more: impl Fn() -> bool) -> Result<(f64, f64), Error> {
        let mut times = Vec::new();
        while times.len() < PAGES && more() {
            let start = Instant::now();
            for path in ["/", "/manifest.json"] {
                self.get(path)?;
            }
            times.push(start.elapsed().as_secs_f64() * 1000.0);
        }
        times.sort_by(f64::total_cmp);
        let at = |percent: usize| times.get(times.len() * percent / 100).copied().unwrap_or(f64::NAN);
        Ok((at(50), at(95)))
    }

    fn get(&self, path: &str) -> Result<String, Error> {
        let answer = self.client.get(format!("{}{path}", self.origin)).send();
        let text = answer.and_then(|answer| answer.error_for_status()?.text());
        text.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))
    }

    /// The token that comes with a page.
    fn token(&self) -> Result<String, Error> {
        let page = self.get("/")?;
        let after = page.split_once("&quot;token&quot;:&quot;").map(|(_, rest)| rest);
        let token = after.and_then(|rest| rest.split_once("&quot;")).map(|(token, _)| token.to_owned());
        token.ok_or_else(|| Error::new(TESTS_FAILED, "the page has no token for reports".to_owned()))
    }
}

/// One of those who report.
struct Sender<'a> {
    number: u32,
    count: &'a Count,
    origin: &'a str,
    token: &'a str,
    releases: &'a [Release],
}

impl Sender<'_> {
    /// Sends its part, evenly over the time, each request from an address and a visitor of its own.
    fn send(&self, arguments: &Arguments, flooding: &AtomicBool) {
        let Ok(client) = client() else { return };
        let each = arguments.rate / TOGETHER / SENDERS;
        let pause = Duration::from_secs(1) / each.max(1);
        let start = Instant::now();
        for turn in 0..each * arguments.seconds {
            if serve::is_stopping() {
                break;
            }
            let due = start + pause * turn;
            match due.checked_duration_since(Instant::now()) {
                Some(early) => thread::sleep(early),
                None if due.elapsed() > Duration::from_secs(1) => {
                    self.count.late.fetch_add(1, Ordering::Relaxed);
                }
                None => {}
            }
            let number = turn * SENDERS + self.number;
            let request = client
                .post(format!("{}/api/v1/health/mounts", self.origin))
                .header("origin", self.origin)
                .header("x-forwarded-for", format!("10.{}.{}.1", number / 256 % 256, number % 256))
                .body(self.report(number).to_string());
            let counter = match request.send().map(|answer| answer.status().as_u16()) {
                Ok(204) => &self.count.taken,
                Ok(503) => &self.count.shed,
                _ => &self.count.refused,
            };
            counter.fetch_add(1, Ordering::Relaxed);
        }
        flooding.store(false, Ordering::Relaxed);
    }

    fn report(&self, number: u32) -> serde_json::Value {
        let mounts = self.releases.iter().cycle().take(TOGETHER as usize);
        let mounts: Vec<_> = mounts
            .map(|release| serde_json::json!({ "app": release.name, "version": release.version, "kind": "ok", "ms": 5 }))
            .collect();
        serde_json::json!({ "token": self.token, "visitor": format!("visitor-{number:08}"), "mounts": mounts })
    }
}
