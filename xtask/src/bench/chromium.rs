//! How fast the engine is in Chromium: a page that measures itself and writes down what it found.

use super::{nlu::of_records, splits::split};
use crate::{
    apps,
    system::Browser,
    wasm::{self, Script},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use cli::{Error, agent::records, wasm_opt::Names};
use contract::code::TESTS_FAILED;
use nlu::model::Model;
use std::{fs, path::Path, process::Command};

/// The most sentences that are asked.
const SENTENCES: usize = 300;

/// Prints medians of five: a sentence of 150 intents, and training with 1,000 phrases.
pub fn run(workspace: &Path, browser: &Browser, data: &Path) -> Result<(), Error> {
    let dir = apps::engine(workspace);
    let module = wasm::build(workspace, &dir, &["train"], Names::Drop, Script::Global)?;
    let large = split(data, "clinc150-full")?;
    let mut few = records(&data.join("hwu64-large/train.jsonl"))?;
    few.truncate(1_000);
    let sentences: Vec<&str> = large.test.iter().take(SENTENCES).map(|r| r.text.as_str()).collect();
    let encoded = |bytes: &[u8]| BASE64_STANDARD.encode(bytes);
    let values = serde_json::json!({
        "wasm": encoded(&module.wasm),
        "large": encoded(&Model::train(&of_records(&large.train), None).0.to_bytes()),
        "few": encoded(&Model::untrained(&of_records(&few), None)),
        "sentences": sentences,
    });
    let page = PAGE
        .replace("$SCRIPT", &module.script)
        .replace("$VALUES", &values.to_string().replace('<', "\\u003c"));
    let fault = |what: String| Error::new(TESTS_FAILED, format!("Chromium did not measure: {what}"));
    let folder = tempfile::tempdir().map_err(|error| fault(error.to_string()))?;
    let file = folder.path().join("bench.html");
    fs::write(&file, page).map_err(|error| fault(error.to_string()))?;
    let output = Command::new(&browser.chromium)
        .args(["--headless=new", "--no-sandbox", "--disable-gpu", "--dump-dom", "--timeout=300000"])
        .arg(format!("--user-data-dir={}", folder.path().join("profile").display()))
        .arg(format!("file://{}", file.display()))
        .output()
        .map_err(|error| fault(error.to_string()))?;
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let found = dom.split_once("<pre>").and_then(|(_, rest)| rest.split_once("</pre>")).map(|found| found.0);
    let found = found.filter(|text| !text.is_empty()).ok_or_else(|| {
        fault(String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("no reason given").to_owned())
    })?;
    if found.starts_with(FAILED) {
        return Err(fault(found.to_owned()));
    }
    println!("\nIn Chromium, medians of five\n\n{found}");
    Ok(())
}

/// How the page's report begins when it could not measure.
const FAILED: &str = "failed:";

/// The clock of a page is coarse: a sentence is asked twenty times.
const PAGE: &str = r#"<!doctype html><meta charset="utf-8"><pre></pre>
<script>$SCRIPT</script>
<script>
const values = $VALUES;
const bytes = (text) => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
const middle = (list) => list.sort((a, b) => a - b)[list.length >> 1];
const five = (work) => middle(Array.from({ length: 5 }, work));
const timed = (work) => { const start = performance.now(); work(); return performance.now() - start; };
let report = "";
try {
  wasm_bindgen.initSync({ module: bytes(values.wasm) });
  const few = bytes(values.few), large = new wasm_bindgen.Conversation(bytes(values.large));
  const training = five(() => timed(() => new wasm_bindgen.Conversation(few).free()));
  const shares = Array.from({ length: 5 }, () => {
    const times = values.sentences.map((text) => timed(() => { for (let i = 0; i < 20; i += 1) large.hear(text, "en", 0); }) / 20);
    times.sort((a, b) => a - b);
    return [times[times.length >> 1], times[Math.floor(times.length * 0.99)]];
  });
  report = `a sentence, 150 intents: ${(middle(shares.map((s) => s[0])) * 1000).toFixed(0)} µs (median), ${(middle(shares.map((s) => s[1])) * 1000).toFixed(0)} µs (99 in 100; wanted 1,000)\n` +
    `training with 1,000 phrases, 64 intents: ${training.toFixed(0)} ms (wanted 300)`;
} catch (error) {
  report = `failed: ${error}`;
}
document.querySelector("pre").textContent = report;
</script>"#;
