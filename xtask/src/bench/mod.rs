//! `cargo xtask bench`: what is promised in numbers.

mod chromium;
mod nlu;
mod quality;
mod splits;

use cli::Error;

/// Measure, next to what was published or promised.
#[derive(Debug, clap::Subcommand)]
#[command(after_help = "Example:\n  cargo xtask bench nlu")]
pub enum Bench {
    Nlu(nlu::Arguments),
}

/// Runs one of them.
pub fn run(bench: &Bench) -> Result<(), Error> {
    match bench {
        Bench::Nlu(arguments) => nlu::run(arguments),
    }
}
