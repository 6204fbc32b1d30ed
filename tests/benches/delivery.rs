//! What visits cost on the wire, by the browser's own account: `cargo xtask bench delivery`, which builds what is served
//! and says where it lies (`MENAGERIE_NEXT`: the workspace again, with one line of each microapp changed).

// A bench ends at what goes wrong, with a sentence.
#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

use release::compress;
use serde::Deserialize;
use std::{collections::BTreeMap, env, fs, process::ExitCode};
use tests::{Browser, Server, Shop, environment, folders_of_the_shop};

/// The microapps of the shop and a path of each, in the order of a purchase.
const APPS: [(&str, &str); 5] = [
    ("home", "/"),
    ("product", "/product/1"),
    ("cart", "/cart"),
    ("checkout", "/checkout/address"),
    ("contact", "/contact"),
];

/// What may be over the wire at most, in bytes. The goals of the issue stand beside where they are not reached yet.
const WHOLE_SHOP: u64 = 290_000;
const ONE_LINE: u64 = 4_000;
const AFTER_THE_SHELL: u64 = 30_000;

#[derive(Deserialize)]
struct Fetched {
    path: String,
    bytes: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let next =
        env::var("MENAGERIE_NEXT").unwrap_or_else(|_| environment::missing("MENAGERIE_NEXT is not set"));
    let shop = fresh().await;
    let first = whole_visit(&shop).await;
    let mut over = Vec::new();

    println!("Bytes over the wire in Chromium, heads of answers included\n");
    println!("{:<10} {:>14} {:>16} {:>24}", "", "brotli alone", "after the shell", "after shell and home");
    for (app, path) in APPS {
        let alone = brotli_alone(app);
        let deep = deep_link(app, path).await;
        let here = *first.get(app).unwrap_or(&0);
        println!("{app:<10} {alone:>14} {deep:>16} {here:>24}");
        if app != "home" && here > AFTER_THE_SHELL {
            println!("{:<10} goal for one more microapp: {AFTER_THE_SHELL}", "");
        }
    }
    println!("{:<10} {:>14}\n", "shell", first.get("shell").unwrap_or(&0));

    let mut row = |what: &str, bytes: u64, most: Option<u64>| {
        let limit = most.map(|most| format!("of {most}")).unwrap_or_default();
        println!("{what:<52} {bytes:>8} {limit}");
        if most.is_some_and(|most| bytes > most) {
            over.push(what.to_owned());
        }
    };
    row("first visit of the whole shop", first.values().sum(), Some(WHOLE_SHOP));
    let again = whole_visit(&shop).await;
    let (page, manifest) =
        (again.get("page").copied().unwrap_or(0), again.get("manifest").copied().unwrap_or(0));
    row("again, nothing changed: page", page, None);
    row("again, nothing changed: manifest", manifest, None);
    row("again, nothing changed: releases", of_releases(&again), Some(0));

    shop.server.publish_folder(&format!("{next}/microapps/cart")).await;
    let changed = whole_visit(&shop).await;
    row("after one line of cart changed: cart", changed.get("cart").copied().unwrap_or(0), Some(ONE_LINE));
    row(
        "after one line of cart changed: everything else",
        of_releases(&changed) - changed.get("cart").unwrap_or(&0),
        Some(0),
    );
    for (app, _) in APPS.iter().filter(|(app, _)| *app != "cart") {
        shop.server.publish_folder(&format!("{next}/microapps/{app}")).await;
    }
    let changed = whole_visit(&shop).await;
    row("after a line of each of the other four changed", of_releases(&changed), Some(4 * ONE_LINE));
    if over.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nover: {}", over.join(", "));
    ExitCode::FAILURE
}

async fn fresh() -> Shop {
    let folders = folders_of_the_shop();
    let (server, browser) = tokio::join!(Server::whole(&folders), Browser::start());
    Shop { server, browser }
}

/// Walks through the shop in a page of its own, as people do: each page stands before they go on; bytes by app, beside `page` and `manifest`. What the shop's API and
/// pictures cost is the same in every shell.
async fn whole_visit(shop: &Shop) -> BTreeMap<String, u64> {
    shop.visit("/").await;
    for (app, path) in APPS {
        shop.follow(path).await;
        shop.until_state(app, "MOUNTED").await;
        shop.until_idle().await;
    }
    bytes_by_app(shop).await
}

/// What a microapp costs whoever opens it first of all.
async fn deep_link(app: &str, path: &str) -> u64 {
    let shop = fresh().await;
    shop.visit(&format!("/#{path}")).await;
    shop.until_state(app, "MOUNTED").await;
    bytes_by_app(&shop).await.get(app).copied().unwrap_or(0)
}

async fn bytes_by_app(shop: &Shop) -> BTreeMap<String, u64> {
    let script =
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .map((e) => ({ path: e.name.slice(location.origin.length), bytes: e.transferSize }))";
    let mut sums = BTreeMap::new();
    for Fetched { path, bytes } in shop.eval::<Vec<Fetched>>(script).await {
        let app = match path.strip_prefix("/apps/") {
            Some(rest) => rest.split('/').next().unwrap_or_default(),
            None if path.starts_with("/manifest.json") => "manifest",
            None if path.split('#').next() == Some("/") => "page",
            None => continue,
        };
        // The chat comes some seconds after the page, and has a budget of its own.
        if app != "bot" {
            *sums.entry(app.to_owned()).or_insert(0) += bytes;
        }
    }
    sums
}

fn of_releases(sums: &BTreeMap<String, u64>) -> u64 {
    sums.iter().filter(|(app, _)| !matches!(app.as_str(), "page" | "manifest")).map(|(_, bytes)| bytes).sum()
}

/// Its wasm, script and style after brotli 11.
fn brotli_alone(app: &str) -> usize {
    let folder = environment::release(&format!("microapps/{app}"));
    let files = [format!("{app}_bg.wasm"), format!("{app}.js"), format!("{app}.css")];
    let sizes = files.iter().map(|file| {
        let bytes = fs::read(folder.join(file)).expect("a release has its files");
        compress::brotli(&bytes).len()
    });
    sizes.sum()
}
