//! Chores: `cargo xtask serve`, `test`, `budget`, `bench`, `fuzz`, `layout`, `docs`, `texts`.
//!
//! Everything here could be typed by hand; it only knows the order, and leaves out what is done already.
#![allow(clippy::print_stdout)] // it speaks to people

mod apps;
mod bench;
mod budget;
mod docs;
mod fingerprint;
mod fuzz;
mod layout;
mod reproducible;
mod running;
mod scratch;
mod serve;
mod shell_words;
mod system;
mod test;
mod texts;
mod tools;
mod wasm;
mod watch;
mod why;

use clap::Parser;
use std::process::ExitCode;

/// Chores of Menagerie.
#[derive(Parser)]
#[command(bin_name = "cargo xtask")]
enum Chore {
    Serve(serve::Arguments),
    Test(test::Arguments),
    Budget(budget::Arguments),
    #[command(subcommand)]
    Bench(bench::Bench),
    Fuzz(fuzz::Arguments),
    /// Write the documents that are made from code: docs/errors.md.
    Docs,
    /// Write what most microapps have and so stands first in each wasm: crates/release/src/layout.txt.
    Layout,
    Texts(texts::Arguments),
}

fn main() -> ExitCode {
    let done = match Chore::parse() {
        Chore::Serve(arguments) => serve::run(&arguments),
        Chore::Test(arguments) => test::run(&arguments),
        Chore::Budget(arguments) => budget::run(&arguments),
        Chore::Bench(bench) => bench::run(&bench),
        Chore::Fuzz(arguments) => fuzz::run(&arguments),
        Chore::Docs => docs::write(),
        Chore::Layout => layout::write(),
        Chore::Texts(arguments) => texts::run(&arguments),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{}", error.message());
            ExitCode::FAILURE
        }
    }
}
