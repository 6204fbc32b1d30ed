//! How many pages, lists and searches a second the server gives, next to a server that only says hello; and how many
//! orders it takes, of which none may be lost.

use super::{search, wrk};
use crate::{
    apps,
    running::{self, Running},
    serve, tools,
};
use cli::Error;
use contract::code::{SERVER_UNREACHABLE, TESTS_FAILED};
use reqwest::blocking::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use std::{
    process::{Child, Command, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    thread,
    time::{Duration, Instant},
};

/// Shoppers so far.
static NEXT: AtomicU32 = AtomicU32::new(0);

/// Asks for pages, lists and searches as fast as it goes, and orders; a lost order fails, rates are told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Needs `wrk`, which most systems have as a package of that name.\n\nExample:\n  cargo xtask bench shop"
)]
pub struct Arguments {
    /// Articles; five to a product.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(10_000..=1_000_000))]
    skus: u32,
    /// For how long each is asked, in seconds.
    #[arg(long, default_value_t = 10)]
    seconds: u32,
    /// Connections at a time.
    #[arg(long, default_value_t = 32)]
    connections: u32,
    /// Shoppers who order at a time.
    #[arg(long, default_value_t = 4)]
    shoppers: u32,
    /// The port that the server gets; the next one is for the other.
    #[arg(long, default_value_t = 8096, value_parser = clap::value_parser!(u16).range(1..u16::MAX.into()))]
    port: u16,
}

/// What is asked for.
const ASKED: [(&str, &str); 6] = [
    ("the page", "/"),
    ("the manifest", "/manifest.json"),
    ("a list of the catalogue", "/api/v1/catalogue/products?per_page=24"),
    ("a search", "/api/v1/catalogue/products?q=velvet%20hamster&per_page=24"),
    (
        "a search with filters",
        "/api/v1/catalogue/products?q=bed&colour=Navy&size=M&in_stock=true&per_page=24",
    ),
    ("a product", "/api/v1/catalogue/products/1"),
];
/// Pieces of what is ordered: more than anybody can order in the time.
const STOCK: u64 = 1_000_000;
const ORDERED: &str = "Handle,Title,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price\n\
                       pumpkin,Pumpkin toy,PUMPKIN,shopify,1000000,5.00\n";

/// Starts both servers, asks, orders, starts again and counts.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    wrk::is_there()?;
    running::port_is_free(arguments.port)?;
    running::port_is_free(arguments.port + 1)?;
    tools::ensure(&workspace)?;
    let shop = apps::all(&workspace)?;
    apps::build(&shop, &workspace)?;
    let program = running::shipped(&workspace, "menagerie-server", "menagerie-server")?;
    let hello = running::example(&workspace, "menagerie-server", "hello")?;
    running::return_on_stop()?;
    let data = tempfile::tempdir().map_err(|error| apps::cannot_read(&workspace, &error))?;
    let running = Running::start(
        &program,
        arguments.port,
        data.path(),
        &["--seed", "none", "--trusted-proxy", "127.0.0.1"],
    )?;
    for app in &shop {
        serve::publish(app, &running)?;
    }
    for (catalogue, others) in
        [(search::catalogue(arguments.skus / search::VARIANTS), "true"), (ORDERED.to_owned(), "false")]
    {
        let path = format!("api/v1/catalogue/import?replace={others}");
        let _: Value = running.server.post(&path, "text/csv", catalogue.into_bytes())?;
    }

    println!(
        "\n{} connections for {} s each, {} articles\n",
        arguments.connections, arguments.seconds, arguments.skus
    );
    println!("{:<28}{:>12}{:>12}{:>12}{:>12}", "", "a second", "p50, ms", "p99, ms", "of hello");
    let plain = Plain::start(&hello, arguments.port + 1)?;
    let measure = |url: &str| wrk::ask(url, arguments.connections, arguments.seconds);
    let most = measure(&format!("http://127.0.0.1:{}/", arguments.port + 1))?;
    drop(plain);
    row("a server that says hello", most, most);
    for (name, path) in ASKED {
        row(name, measure(&format!("http://127.0.0.1:{}{path}", arguments.port))?, most);
    }

    let shoppers = Shoppers { origin: format!("http://127.0.0.1:{}", arguments.port) };
    let variant = shoppers.variant()?;
    let began = Instant::now();
    let until = began + Duration::from_secs(arguments.seconds.into());
    let keys = thread::scope(|scope| {
        let ordering: Vec<_> =
            (0..arguments.shoppers.max(1)).map(|_| scope.spawn(|| shoppers.order(variant, until))).collect();
        let keys = ordering.into_iter().map(|shopper| shopper.join());
        keys.map(|keys| keys.unwrap_or_else(|_| Err(fault("a shopper panicked"))))
            .collect::<Result<Vec<_>, _>>()
    })?
    .concat();
    let rate = keys.len() as f64 / began.elapsed().as_secs_f64();
    println!("\n{rate:.0} orders a second by {} shoppers on SQLite", arguments.shoppers);
    running.stop();
    let _running = Running::start(&program, arguments.port, data.path(), &[])?;
    shoppers.find_all(&keys)?;
    println!("after a new start all {} are there, and the stock is less by as many", keys.len());
    Ok(())
}

fn row(name: &str, rate: wrk::Rate, most: wrk::Rate) {
    let share = rate.a_second / most.a_second;
    println!("{name:<28}{:>12.0}{:>12.2}{:>12.2}{share:>12.2}", rate.a_second, rate.p50, rate.p99);
}

fn fault(what: &str) -> Error {
    Error::new(TESTS_FAILED, what.to_owned())
}

/// The server that says hello; it ends with this value.
struct Plain(Child);

impl Plain {
    fn start(program: &std::path::Path, port: u16) -> Result<Self, Error> {
        let child = Command::new(program).arg(port.to_string()).stdin(Stdio::null()).spawn();
        let plain = Self(child.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))?);
        let client = Client::new();
        for _ in 0..300 {
            if client.get(format!("http://127.0.0.1:{port}/")).send().is_ok() {
                return Ok(plain);
            }
            thread::sleep(Duration::from_millis(10));
        }
        Err(Error::new(SERVER_UNREACHABLE, "the server that says hello does not".to_owned()))
    }
}

impl Drop for Plain {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Those who order.
struct Shoppers {
    origin: String,
}

impl Shoppers {
    fn client() -> Result<Client, Error> {
        let built = Client::builder().timeout(Duration::from_secs(30)).build();
        built.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))
    }

    fn address(&self, path: &str) -> String {
        format!("{}/api/v1/{path}", self.origin)
    }

    fn get(&self, client: &Client, path: &str) -> Result<Value, Error> {
        json_of(client.get(self.address(path)))
    }

    /// What is ordered.
    fn product(&self) -> Result<Value, Error> {
        let client = Self::client()?;
        let found = self.get(&client, "catalogue/products?q=pumpkin")?;
        self.get(&client, &format!("catalogue/products/{}", found["items"][0]["id"]))
    }

    fn variant(&self) -> Result<i64, Error> {
        let product = self.product()?;
        product["variants"][0]["id"].as_i64().ok_or_else(|| fault("there is nothing to order"))
    }

    /// One shopper's orders until then: their keys.
    fn order(&self, variant: i64, until: Instant) -> Result<Vec<String>, Error> {
        let client = Self::client()?;
        let mut keys = Vec::new();
        let mut cookie = String::new();
        let mut total = Value::Null;
        while Instant::now() < until {
            // Everybody else: the server counts what one person puts into carts and orders.
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let once = format!("shopper-{number}");
            let [_, a, b, c] = number.to_be_bytes();
            let post = |path: &str, body: &Value, cookie: &str| {
                client
                    .post(self.address(path))
                    .header("sec-fetch-site", "same-origin")
                    .header("x-forwarded-for", format!("10.{a}.{b}.{c}"))
                    .header("cookie", cookie)
                    .json(body)
            };
            let item = json!({ "variant_id": variant, "quantity": 1 });
            let answer = good(post("cart/items", &item, &cookie))?;
            let given = answer.headers().get("set-cookie").and_then(|given| given.to_str().ok());
            if let Some((pair, _)) = given.and_then(|given| given.split_once(';')) {
                pair.clone_into(&mut cookie);
            }
            if total.is_null() {
                let asked = json!({ "delivery": "standard", "country": "DE" });
                total = json_of(post("checkout/quote", &asked, &cookie))?["total"]["amount"].take();
            }
            let order = json!({
                "email": format!("{once}@example.org"), "delivery": "standard", "payment": "on_delivery", "expected_total": total,
                "address": { "name": "Ada", "street": "Lane 1", "postcode": "10115", "city": "Berlin", "country": "DE" },
            });
            let placed = json_of(post("orders", &order, &cookie).header("idempotency-key", once))?;
            keys.push(placed["key"].as_str().unwrap_or_default().to_owned());
        }
        Ok(keys)
    }

    /// Whether every order is there, and the stock has that many pieces less.
    fn find_all(&self, keys: &[String]) -> Result<(), Error> {
        let client = Self::client()?;
        for key in keys {
            self.get(&client, &format!("orders/{key}"))?;
        }
        let stock = self.product()?["variants"][0]["stock"].as_u64();
        match stock {
            Some(stock) if stock + keys.len() as u64 == STOCK => Ok(()),
            stock => Err(fault(&format!("{} orders, and a stock of {stock:?}", keys.len()))),
        }
    }
}

/// The answer, if it is a good one.
fn good(request: RequestBuilder) -> Result<Response, Error> {
    let answer = request.send().map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    let (status, path) = (answer.status(), answer.url().path().to_owned());
    Err(fault(&format!("{path}: {status} {}", answer.text().unwrap_or_default())))
}

fn json_of(request: RequestBuilder) -> Result<Value, Error> {
    good(request)?.json().map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))
}
