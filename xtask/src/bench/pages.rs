//! Benchmarks of whole pages, which the end-to-end package runs in Chromium: `bot`, `delivery`,
//! `lighthouse` and `navigation`.

use crate::{
    apps::{self, App},
    reproducible, running,
    scratch::{CHANGES, Scratch},
    system, tools,
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

/// What Lighthouse says of home, product and cart: speed, accessibility, best practices, SEO.
///
/// Lighthouse is fetched with npx. Points for speed are medians of five, and are printed only.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask bench lighthouse")]
pub struct Lighthouse {}

/// What the chat costs a page of somebody else, and how fast it answers there.
///
/// Fails on bytes and ratios; times are medians of five loads, and are printed only. Lighthouse is fetched with npx, and left
/// out where there is none.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  cargo xtask bench bot")]
pub struct Bot {}

/// Builds the chat, and measures.
pub fn bot(_: &Bot) -> Result<(), Error> {
    let workspace = apps::workspace();
    tools::ensure(&workspace)?;
    let mut apps = apps::all(&workspace)?;
    apps.retain(|app| app.name == "bot");
    apps::build(&apps, &workspace)?;
    run(&workspace, "bot", &[])
}

/// Builds the shop, builds it again elsewhere with changed lines, and measures.
pub fn delivery(_: &Delivery) -> Result<(), Error> {
    let workspace = apps::workspace();
    let shop = built(&workspace)?;
    let scratch = Scratch::of(&workspace)?;
    println!(
        "\nThe same in {} with nothing of what is built here, and a line of cart changed:",
        scratch.root().display()
    );
    let (first, others) = CHANGES.split_first().unwrap_or((&CHANGES[0], &[]));
    scratch.change_line(first)?;
    scratch.build()?;
    for app in shop.iter().filter(|app| app.name != first.0) {
        reproducible::same_release(app, scratch.root())?;
    }
    println!("every other release has the same bytes\n\nA line of each microapp changed:");
    others.iter().try_for_each(|change| scratch.change_line(change))?;
    scratch.build()?;
    println!();
    run(&workspace, "delivery", &[("MENAGERIE_NEXT", scratch.root())])
}

/// Builds the shop, and has it looked at.
pub fn lighthouse(_: &Lighthouse) -> Result<(), Error> {
    let workspace = apps::workspace();
    built(&workspace)?;
    run(&workspace, "lighthouse", &[])
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

/// Runs a benchmark of the end-to-end package.
pub fn run(workspace: &Path, bench: &str, folders: &[(&str, &Path)]) -> Result<(), Error> {
    let browser = system::ensure()?;
    let server = running::shipped(workspace, "menagerie-server", "menagerie-server")?;
    let mut command = tools::command("cargo", workspace)?;
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
