//! The command line `menagerie`.

use clap::Parser;
use cli::output;
use std::process::ExitCode;

/// Make, check and publish microapps.
#[derive(Parser)]
#[command(name = "menagerie", version)]
enum Command {
    #[command(subcommand)]
    Agent(cli::agent::Command),
    New(cli::new::Arguments),
    Build(cli::build::Arguments),
    Check(cli::check::Arguments),
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
        Command::New(arguments) => cli::new::run(&arguments),
        Command::Build(arguments) => cli::build::run(&arguments),
        Command::Check(arguments) => cli::check::run(&arguments),
        Command::Pack(arguments) => cli::pack::run(&arguments),
        Command::Publish(arguments) => cli::publish::run(&arguments),
        Command::Releases(command) => cli::releases::run(&command),
        Command::Rollout(command) => cli::rollout::run(&command),
        Command::Tokens(command) => cli::tokens::run(&command),
        Command::Catalogue(command) => cli::catalogue::run(&command),
    };
    match done {
        Ok(message) => {
            // What has said everything meanwhile has nothing to say at the end.
            if !message.is_empty() {
                output::line(message);
            }
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

#[cfg(test)]
mod tests {
    use super::Command;

    /// Whether each verb's flags fit together, clap says only when it is asked, or when the verb runs.
    #[test]
    fn every_verb_can_be_parsed() {
        <Command as clap::CommandFactory>::command().debug_assert();
    }
}
