//! What the chat costs a page of somebody else, and how fast it answers there: `cargo xtask bench bot`. Bytes and ratios
//! fail; times are printed as medians of five loads, and fail nothing.

// A bench ends at what goes wrong, with a sentence.
#![allow(clippy::expect_used, clippy::print_stdout, missing_docs)]

#[path = "bot/lighthouse.rs"]
mod lighthouse;

use axum::{Router, response::Html, routing::get};
use release::compress;
use serde::Deserialize;
use serde_json::{Value, json};
use std::process::ExitCode;
use tests::{Browser, ForeignPage, Server};

/// How many loads are measured; one before them fills the cache.
const RUNS: usize = 5;
/// In bytes after brotli 11.
const LOADER: usize = 5_000;
const FIRST_ANSWER: usize = 180_000;

/// What a page that measures itself has found: times in milliseconds.
#[derive(Debug, Deserialize)]
struct Run {
    /// Of long tasks between load and click.
    long_tasks: Vec<f64>,
    /// Layout shift until the click.
    shift: f64,
    /// From the click to the frame in which the panel shows.
    open: f64,
    /// From the click to the welcome.
    welcome: f64,
    /// From the welcome until everything is learnt.
    learnt: f64,
    /// Of long tasks between click and the end of learning.
    learning: Vec<f64>,
    /// From Enter to the answer on the page.
    answers: Vec<f64>,
    /// From Enter to the end of the frame that shows it.
    painted: Vec<f64>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let folders = ["microapps/bot".to_owned()];
    let (server, browser) = tokio::join!(Server::holding(&folders), Browser::start());
    let page = host_page(server.origin()).await;
    let mut missed = bytes(&server).await;
    missed.extend(speed(&browser, &page).await);
    drop(browser);
    // Beside this thread, which serves the page meanwhile.
    let origin = page.origin().to_owned();
    let compared = tokio::task::spawn_blocking(move || lighthouse::compare(&origin)).await;
    missed.extend(compared.expect("Lighthouse's thread"));
    if missed.is_empty() {
        return ExitCode::SUCCESS;
    }
    println!("\nnot reached: {}", missed.join(", "));
    ExitCode::FAILURE
}

/// A page with the chat, and the same one `/without` it.
async fn host_page(shop: &str) -> ForeignPage {
    let chat = format!(
        r#"<script type="module" src="{shop}/embed/bot.js"></script><menagerie-bot></menagerie-bot>"#
    );
    let page = |chat: &str| {
        let html = format!(
            r#"<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Somebody else's page</title>
            <meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
            <style>body {{ max-width: 40rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.6 sans-serif }}</style></head>
            <body><main><h1>Somebody else's page</h1><p>With a text of its own, which is there before anything of ours.</p>
            <ul><li>One</li><li>Two</li><li>Three</li></ul></main>{chat}</body></html>"#
        );
        get(move || async move { Html(html) })
    };
    ForeignPage::with(Router::new().route("/with", page(&chat)).route("/without", page(""))).await
}

/// Bytes of what a visitor fetches up to the first answer in English.
async fn bytes(server: &Server) -> Vec<String> {
    println!("\nKilobytes after brotli 11, up to the first answer in English\n");
    let manifest: Value = server.get("/manifest.json").await.json().await.expect("a manifest");
    let base = manifest["apps"][0]["releases"][0]["base"].as_str().expect("a place").to_owned();
    let (mut missed, mut total) = (Vec::new(), 0);
    let mut line = |what: &str, bytes: usize, most: Option<usize>| {
        let of = most.map_or_else(String::new, |most| format!("  of {:.1}", most as f64 / 1000.0));
        println!("{what:<44} {:>8.1}{of}", bytes as f64 / 1000.0);
        if most.is_some_and(|most| bytes > most) {
            missed.push(format!("{what}: {bytes} bytes"));
        }
    };
    for (path, what, most) in [
        ("/embed/bot.js".to_owned(), "loader", Some(LOADER)),
        (format!("{base}bot_bg.wasm"), "chat and engine", None),
        (format!("{base}bot.js"), "their script", None),
        (format!("{base}bot.css"), "styles", None),
        (format!("{base}tokens.css"), "design tokens", None),
        (format!("{base}petstore.en.agent"), "agent, to be learnt in the page", None),
    ] {
        let response = server.get(&path).await.error_for_status().expect("a file");
        let bytes = compress::brotli(&response.bytes().await.expect("its bytes")).len();
        line(what, bytes, most);
        total += bytes;
    }
    line("together", total, Some(FIRST_ANSWER));
    missed
}

/// Times, and what the page pays before anybody opens the chat.
async fn speed(browser: &Browser, page: &ForeignPage) -> Vec<String> {
    let observe = json!({ "source": include_str!("bot/observe.js") });
    browser.devtools("Page.addScriptToEvaluateOnNewDocument", observe).await;
    let mut runs: Vec<Run> = Vec::new();
    for _ in 0..=RUNS {
        browser.open("about:blank").await;
        browser.open(&format!("{}/with", page.origin())).await;
        runs.push(browser.eval(include_str!("bot/measure.js")).await);
        browser.eval::<()>("sessionStorage.clear()").await;
    }
    runs.remove(0);
    let of = |value: fn(&Run) -> f64| quantile(runs.iter().map(value).collect(), 0.5);
    let share = |list: fn(&Run) -> &Vec<f64>, part: f64| {
        quantile(runs.iter().map(|run| quantile(list(run).clone(), part)).collect(), 0.5)
    };
    println!("\nMilliseconds in Chromium, medians of {RUNS} loads; the cache is warm\n");
    for (what, value, wanted) in [
        ("from click to open", of(|run| run.open), "  wanted 100"),
        ("from click to the welcome", of(|run| run.welcome), ""),
        ("from the welcome until all is learnt", of(|run| run.learnt), ""),
        ("longest task over 50 ms meanwhile", of(|run| longest(&run.learning)), "  wanted none"),
        ("from Enter to the answer, p50", share(|run| &run.answers, 0.5), ""),
        ("from Enter to the answer, p95", share(|run| &run.answers, 0.95), "  wanted 16"),
        ("from Enter to the painted answer, p50", share(|run| &run.painted, 0.5), ""),
        ("from Enter to the painted answer, p95", share(|run| &run.painted, 0.95), ""),
        ("longest task over 50 ms before it is opened", of(|run| longest(&run.long_tasks)), "  wanted none"),
    ] {
        println!("{what:<44} {value:>8.1}{wanted}");
    }
    let shift = longest(&runs.iter().map(|run| run.shift).collect::<Vec<_>>());
    println!("{:<44} {shift:>8.3}  wanted 0", "layout shift before it is opened");
    if shift > 0.0 { vec![format!("layout shift {shift}")] } else { Vec::new() }
}

fn longest(list: &[f64]) -> f64 {
    list.iter().copied().fold(0.0, f64::max)
}

/// The value below which a part of the others lie.
fn quantile(mut list: Vec<f64>, part: f64) -> f64 {
    list.sort_by(f64::total_cmp);
    let last = list.len().saturating_sub(1);
    list.get((last as f64 * part).round() as usize).copied().unwrap_or(f64::NAN)
}
