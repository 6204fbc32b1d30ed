//! Benchmarks of whole pages, which the end-to-end package runs in Chromium: `delivery` and `navigation`.

use super::scratch::Scratch;
use crate::{
    apps::{self, App},
    running, system, tools,
};
use cli::Error;
use contract::code::{BUILD_FAILED, TESTS_FAILED};
use std::{fs, path::Path};

/// Real transfer sizes: a first visit, one more microapp, and what a changed line costs who comes again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  cargo xtask bench delivery\n\nBuilds everything a second time, in a folder of its own: that takes some minutes."
)]
pub struct Delivery {}

/// How long it takes from one microapp to the next: cold, from the browser's cache, mounted before.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask bench navigation")]
pub struct Navigation {}

/// A line of each microapp, and what it becomes.
const CHANGES: [(&str, &str, &str, &str); 5] = [
    ("cart", "src/view.rs", "\"Your cart\"", "\"Your basket of things\""),
    ("home", "src/lib.rs", "Good things for good animals", "Good things for all good animals"),
    ("product", "src/buy.rs", "delivery is worked out", "the delivery is worked out"),
    ("checkout", "src/rules.rs", "Enter the street and number.", "Enter the street and the house number."),
    ("contact", "src/form.rs", "Write a few words.", "Write us a few words."),
];

/// Builds the shop, builds it again elsewhere with changed lines, and measures.
pub fn delivery(_: &Delivery) -> Result<(), Error> {
    let workspace = apps::workspace();
    let shop = built(&workspace)?;
    let scratch = Scratch::of(&workspace)?;
    println!("\nthe same again in {}, to see that it is the same", scratch.root().display());
    scratch.build()?;
    for app in &shop {
        same_bytes(app, scratch.root())?;
    }
    println!("  every release has the same bytes, wherever it is built");
    println!("\na line of each microapp changed");
    for (app, file, from, to) in CHANGES {
        scratch.change(&format!("microapps/{app}/{file}"), from, to)?;
    }
    scratch.build()?;
    println!();
    run(&workspace, "delivery", &[("MENAGERIE_NEXT", scratch.root())])
}

/// Builds the shop, and measures.
pub fn navigation(_: &Navigation) -> Result<(), Error> {
    let workspace = apps::workspace();
    built(&workspace)?;
    run(&workspace, "navigation", &[])
}

fn built(workspace: &Path) -> Result<Vec<App>, Error> {
    tools::ensure(workspace)?;
    let shop = apps::all(workspace)?;
    apps::build(&shop, workspace)?;
    Ok(shop)
}

fn same_bytes(app: &App, elsewhere: &Path) -> Result<(), Error> {
    let there = apps::all(elsewhere)?.into_iter().find(|other| other.name == app.name);
    let there = there.map(|other| other.files()).transpose()?.unwrap_or_default();
    let here = app.files()?;
    let differing = here.iter().find(|(name, bytes)| there.get(*name) != Some(bytes));
    match differing {
        None if here.len() == there.len() => Ok(()),
        None => {
            Err(Error::new(TESTS_FAILED, format!("{} has other files when it is built elsewhere", app.name)))
        }
        Some((name, _)) => Err(Error::new(
            TESTS_FAILED,
            format!("{}: {name} has other bytes when it is built elsewhere", app.name),
        )),
    }
}

/// Runs a benchmark of the end-to-end package.
pub fn run(workspace: &Path, bench: &str, folders: &[(&str, &Path)]) -> Result<(), Error> {
    let browser = system::ensure()?;
    let server = running::program(workspace, "menagerie-server", "menagerie-server")?;
    let mut command = tools::command("cargo", workspace);
    command
        .args(["test", "--quiet", "--package", "menagerie-tests", "--bench", bench])
        .env("MENAGERIE_SERVER", server)
        .env("CHROMEDRIVER", &browser.driver)
        .env("CHROMIUM", &browser.chromium);
    for (variable, folder) in folders {
        let folder = fs::canonicalize(folder).map_err(|error| apps::cannot_read(folder, &error))?;
        command.env(variable, folder);
    }
    let status = command.status();
    let status = status.map_err(|error| Error::new(BUILD_FAILED, format!("cargo cannot be run: {error}")))?;
    if status.success() {
        Ok(())
    } else {
        Err(Error::new(TESTS_FAILED, format!("bench {bench} found fault")))
    }
}
