//! What Lighthouse says of a page with the chat, next to the same page without it.

use serde_json::Value;
use std::process::Command;
use tests::environment;

/// The version that is asked for; later ones want a later Node.
const VERSION: &str = "12.8.2";
/// How often each page is looked at.
const TIMES: usize = 5;
/// Points that the chat may cost.
const POINTS: f64 = 1.0;
const FLAGS: &str =
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";

/// Prints the medians of both pages, in turns so that a busy minute is no one's alone; what was lost beyond what may be.
pub fn compare(origin: &str) -> Option<String> {
    let mut scores = [Vec::new(), Vec::new()];
    for _ in 0..TIMES {
        for (scores, name) in scores.iter_mut().zip(["without", "with"]) {
            match score(&format!("{origin}/{name}")) {
                Ok(score) => scores.push(score),
                Err(why) => {
                    println!("\nLighthouse is not measured: {why}");
                    return None;
                }
            }
        }
    }
    let [without, with] = scores.map(|scores| super::quantile(scores, 0.5));
    println!("\nLighthouse {VERSION}, performance, medians of {TIMES}\n");
    println!("{:<44} {without:>8.0}", "the page without the chat");
    println!("{:<44} {with:>8.0}  may lose {POINTS}", "the same with it, closed");
    (without - with > POINTS).then(|| format!("Lighthouse: {} points lost", without - with))
}

fn score(address: &str) -> Result<f64, String> {
    let output = Command::new("npx")
        .args(["--yes", &format!("lighthouse@{VERSION}"), address])
        .args(["--only-categories=performance", "--output=json", "--output-path=stdout", "--quiet"])
        .arg(format!("--chrome-flags={FLAGS}"))
        .env("CHROME_PATH", environment::chromium())
        .output()
        .map_err(|error| format!("npx cannot be run ({error}); it comes with Node 20"))?;
    let report: Option<Value> = serde_json::from_slice(&output.stdout).ok();
    let score = report.and_then(|report| report["categories"]["performance"]["score"].as_f64());
    score.map(|score| score * 100.0).ok_or_else(|| {
        String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it gave no reason").to_owned()
    })
}
