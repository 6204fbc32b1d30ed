//! How long the search takes in a shop of 100,000 articles, with the server as it is shipped.

use crate::{
    apps,
    running::{self, Running},
};
use cli::Error;
use contract::code::{SERVER_UNREACHABLE, TESTS_FAILED};
use reqwest::blocking::Client;
use serde_json::Value;
use std::{
    fmt::Write as _,
    thread,
    time::{Duration, Instant},
};

/// Asks a server with made-up articles a mix of questions; wrong answers fail, times are told.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask bench search")]
pub struct Arguments {
    /// Articles; five to a product.
    #[arg(long, default_value_t = 100_000, value_parser = clap::value_parser!(u32).range(10_000..=1_000_000))]
    skus: u32,
    /// How often each question is asked.
    #[arg(long, default_value_t = 40)]
    rounds: usize,
    /// Shoppers at a time.
    #[arg(long, default_value_t = 2)]
    shoppers: usize,
    /// The port that the server gets.
    #[arg(long, default_value_t = 8098)]
    port: u16,
}

pub const VARIANTS: u32 = 5;
/// What is promised for 95 in 100, in milliseconds.
const PROMISED: f64 = 50.0;
const ANIMALS: [&str; 10] =
    ["Dog", "Cat", "Hamster", "Budgie", "Goldfish", "Rabbit", "Ferret", "Tortoise", "Gecko", "Canary"];
const THINGS: [&str; 20] = [
    "bed",
    "bowl",
    "ball",
    "leash",
    "collar",
    "cave",
    "tunnel",
    "wheel",
    "perch",
    "brush",
    "carrier",
    "blanket",
    "fountain",
    "ladder",
    "hammock",
    "shampoo",
    "harness",
    "biscuit",
    "kennel",
    "scratcher",
];
const MANNERS: [&str; 25] = [
    "Cosy", "Sturdy", "Silent", "Bright", "Folding", "Washable", "Woollen", "Wooden", "Velvet", "Heated",
    "Cooling", "Travel", "Organic", "Luxury", "Basic", "Striped", "Spotted", "Giant", "Mini", "Round",
    "Square", "Quilted", "Padded", "Rustic", "Nordic",
];
const COLOURS: [&str; 8] = ["Navy", "Sand", "Forest", "Rust", "Charcoal", "Mustard", "Plum", "Ivory"];
const SIZES: [&str; 5] = ["XS", "S", "M", "L", "XL"];

/// A question and how many products answer it.
struct Question {
    path: String,
    total: u32,
}

/// Imports, starts again, asks.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    running::port_is_free(arguments.port)?;
    let program = running::shipped(&workspace, "menagerie-server", "menagerie-server")?;
    running::return_on_stop()?;
    let data = tempfile::tempdir().map_err(|error| apps::cannot_read(&workspace, &error))?;
    let products = arguments.skus / VARIANTS;
    let flags = ["--seed", "none"];
    let running = Running::start(&program, arguments.port, data.path(), &flags)?;
    let began = Instant::now();
    let csv = catalogue(products).into_bytes();
    let _: Value = running.server.post("api/v1/catalogue/import", "text/csv", csv)?;
    println!("\n{} articles: imported and indexed in {:.1} s", arguments.skus, began.elapsed().as_secs_f64());
    running.stop();
    let began = Instant::now();
    let _running = Running::start(&program, arguments.port, data.path(), &flags)?;
    println!("  started again, index included, in {:.1} s", began.elapsed().as_secs_f64());

    let origin = format!("http://127.0.0.1:{}/api/v1/catalogue/", arguments.port);
    let questions = questions(products);
    let (mut all, mut slowest) = (Vec::new(), Vec::new());
    for question in &questions {
        let mut times = thread::scope(|scope| {
            let shoppers: Vec<_> = (0..arguments.shoppers.max(1))
                .map(|_| scope.spawn(|| question.ask(&origin, arguments.rounds)))
                .collect();
            let answers = shoppers.into_iter().map(|shopper| shopper.join());
            answers
                .map(|answer| answer.unwrap_or_else(|_| Err(wrong("a shopper panicked"))))
                .collect::<Result<Vec<_>, _>>()
        })?
        .concat();
        all.extend_from_slice(&times);
        slowest.push((percentile(&mut times, 95), percentile(&mut times, 50), &question.path));
    }
    slowest.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("  {} questions, {} shoppers at a time:", all.len(), arguments.shoppers);
    for percent in [50, 95, 99] {
        println!("    {percent} in 100 within {:.1} ms", percentile(&mut all, percent));
    }
    println!("    (promised on two cores that do nothing else: 95 in 100 within {PROMISED} ms)");
    println!("  each question, 50 and 95 in 100, in ms:");
    for (most, middle, path) in &slowest {
        println!("    {middle:>6.1} {most:>6.1}  {path}");
    }
    Ok(())
}

impl Question {
    /// Asks so often; the times in milliseconds.
    fn ask(&self, origin: &str, rounds: usize) -> Result<Vec<f64>, Error> {
        let client = Client::builder().timeout(Duration::from_secs(30)).build();
        let client = client.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))?;
        let url = format!("{origin}{}", self.path);
        let mut times = Vec::with_capacity(rounds);
        for _ in 0..rounds {
            let began = Instant::now();
            let answer =
                client.get(&url).send().and_then(|answer| answer.error_for_status()?.json::<Value>());
            times.push(began.elapsed().as_secs_f64() * 1000.0);
            let answer = answer.map_err(|error| Error::new(SERVER_UNREACHABLE, error.to_string()))?;
            let total = match &answer["total"] {
                Value::Null => answer["products"].as_array().map(|found| found.len() as u64),
                total => total.as_u64(),
            };
            if total != Some(self.total.into()) {
                return Err(wrong(&format!("{}: {total:?} products, not {}", self.path, self.total)));
            }
        }
        Ok(times)
    }
}

fn wrong(what: &str) -> Error {
    Error::new(TESTS_FAILED, what.to_owned())
}

fn percentile(times: &mut [f64], percent: usize) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len().saturating_sub(1) * percent / 100).copied().unwrap_or(f64::NAN)
}

/// What a product is: every mixture of animal, thing and manner comes again and again.
struct Made {
    animal: &'static str,
    thing: &'static str,
    manner: &'static str,
    colour: &'static str,
    price: u32,
    sold_out: bool,
}

impl Made {
    fn number(n: u32) -> Self {
        let at = |list: &[&'static str], n: u32| list[n as usize % list.len()];
        Self {
            animal: at(&ANIMALS, n),
            thing: at(&THINGS, n / 10),
            manner: at(&MANNERS, n / 200),
            colour: at(&COLOURS, n / 7),
            price: 3 + n * 37 % 500,
            sold_out: n % 20 == 19,
        }
    }
}

/// As Shopify exports it.
pub fn catalogue(products: u32) -> String {
    let mut csv = String::from(
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,\
         Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price\n",
    );
    for n in 0..products {
        let made = Made::number(n);
        let Made { animal, thing, manner, colour, price, sold_out } = made;
        for (place, size) in SIZES.iter().enumerate() {
            let about = if place == 0 {
                format!(
                    "{manner} {animal} {thing},<p>Made by hand number {n} of oak and linen for small friends who \
                     sleep and play all day; wipe it clean with a damp cloth. It fits in every corner \
                     and ships within two days.</p>,Maker {},{animal} things,new,Colour,{colour},Size",
                    n % 300
                )
            } else {
                format!(",,,,,,{colour},")
            };
            let stock = if sold_out || place == 0 { 0 } else { 5 };
            let _ = writeln!(csv, "p{n},{about},{size},S{n}-{size},shopify,{stock},{price}.99");
        }
    }
    csv
}

fn questions(products: u32) -> Vec<Question> {
    let count = |fits: &dyn Fn(&Made) -> bool| {
        let fitting = (0..products).filter(|n| fits(&Made::number(*n))).count();
        u32::try_from(fitting).unwrap_or(u32::MAX)
    };
    let dog_beds = count(&|made| made.animal == "Dog" && made.thing == "bed");
    let asked = |query: &str, total: u32| Question { path: format!("products?{query}"), total };
    vec![
        asked("", products),
        asked("page=100&per_page=100&sort=price-desc", products),
        asked("sort=title", products),
        asked("q=dog", count(&|made| made.animal == "Dog")),
        asked("q=dog%20beds", dog_beds),
        asked("q=dog%20beds&sort=price-asc&page=3", dog_beds),
        asked(
            "q=cosy%20hamster%20wheel",
            count(&|made| (made.manner, made.animal, made.thing) == ("Cosy", "Hamster", "wheel")),
        ),
        // As one types, with few letters and with many answers.
        asked("q=h", products), // “hand”
        asked("q=fount", count(&|made| made.thing == "fountain")),
        // Typing errors.
        asked("q=hamstre", count(&|made| made.animal == "Hamster")),
        asked("q=torotise%20balnket", count(&|made| (made.animal, made.thing) == ("Tortoise", "blanket"))),
        asked("q=dinosaurus", 0),
        // Filters.
        asked("category=cat-things", count(&|made| made.animal == "Cat")),
        asked("colour=Navy&colour=Plum&size=M", count(&|made| ["Navy", "Plum"].contains(&made.colour))),
        asked("in_stock=true&size=L&size=XL", count(&|made| !made.sold_out)),
        asked("in_stock=true&size=XS", 0),
        asked(
            "q=bed&colour=Sand&in_stock=true&min=1000&max=10000",
            count(&|made| {
                made.thing == "bed"
                    && made.colour == "Sand"
                    && !made.sold_out
                    && (10..100).contains(&made.price)
            }),
        ),
        // What nobody types.
        asked(&format!("q={}", "squeakyy%20".repeat(22)), 0),
        Question { path: "suggestions?q=do".to_owned(), total: 7 },
        Question { path: "suggestions?q=hamster%20whe".to_owned(), total: 8 },
    ]
}
