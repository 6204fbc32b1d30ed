//! The command line `menagerie`.

use clap::Parser;
use cli::output;
use std::process::ExitCode;

/// Make, check and publish microapps.
#[derive(Parser)]
#[command(name = "menagerie", version, propagate_version = true)]
enum Command {
    #[command(subcommand)]
    Agent(cli::agent::Command),
    Build(cli::build::Arguments),
    Pack(cli::pack::Arguments),
    Publish(cli::publish::Arguments),
    #[command(subcommand)]
    Releases(cli::releases::Command),
    #[command(subcommand)]
    Rollout(cli::rollout::Command),
    #[command(subcommand)]
    Tokens(cli::tokens::Command),
    #[command(subcommand)]
    Catalogue(cli::catalogue::Command),
}

fn main() -> ExitCode {
    let done = match Command::parse() {
        Command::Agent(command) => cli::agent::run(&command),
        Command::Build(arguments) => cli::build::run(&arguments),
        Command::Pack(arguments) => cli::pack::run(&arguments),
        Command::Publish(arguments) => cli::publish::run(&arguments),
        Command::Releases(command) => cli::releases::run(&command),
        Command::Rollout(command) => cli::rollout::run(&command),
        Command::Tokens(command) => cli::tokens::run(&command),
        Command::Catalogue(command) => cli::catalogue::run(&command),
    };
    match done {
        Ok(message) => {
            output::line(message);
            ExitCode::SUCCESS
        }
        Err(error) => {
            if let Some(text) = error.output() {
                output::line(text);
            }
            output::note(error.message());
            ExitCode::from(error.exit_code())
        }
    }
}
