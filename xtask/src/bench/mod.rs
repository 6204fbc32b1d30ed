//! `cargo xtask bench`: what is promised in numbers.

mod chromium;
pub mod nlu;
mod pages;
mod quality;
mod reports;
mod search;
mod shop;
mod splits;
mod wrk;

use cli::Error;

/// Measure, next to what was published or promised.
#[derive(Debug, clap::Subcommand)]
#[command(
    after_help = "Examples:\n  cargo xtask bench nlu\n  cargo xtask bench bot\n  cargo xtask bench delivery\n  cargo xtask bench lighthouse\n  cargo xtask bench navigation\n  cargo xtask bench reports\n  cargo xtask bench search\n  cargo xtask bench shop"
)]
pub enum Bench {
    Nlu(nlu::Arguments),
    Bot(pages::Bot),
    Delivery(pages::Delivery),
    Lighthouse(pages::Lighthouse),
    Navigation(pages::Navigation),
    Reports(reports::Arguments),
    Search(search::Arguments),
    Shop(shop::Arguments),
}

/// Runs one of them.
pub fn run(bench: &Bench) -> Result<(), Error> {
    match bench {
        Bench::Nlu(arguments) => nlu::run(arguments),
        Bench::Bot(arguments) => pages::bot(arguments),
        Bench::Delivery(arguments) => pages::delivery(arguments),
        Bench::Lighthouse(arguments) => pages::lighthouse(arguments),
        Bench::Navigation(arguments) => pages::navigation(arguments),
        Bench::Reports(arguments) => reports::run(arguments),
        Bench::Search(arguments) => search::run(arguments),
        Bench::Shop(arguments) => shop::run(arguments),
    }
}
