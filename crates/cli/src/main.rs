//! The command line `menagerie`.
#![allow(clippy::print_stdout)]

use clap::Parser;
use std::process::ExitCode;

/// Make, check and publish microapps.
#[derive(Parser)]
#[command(name = "menagerie", version, propagate_version = true)]
enum Command {
    Pack(cli::pack::Arguments),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Pack(arguments) => cli::pack::run(&arguments),
    };
    match done {
        Ok(message) => {
            println!("{message}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", error.message());
            ExitCode::FAILURE
        }
    }
}
