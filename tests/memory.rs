//! Counting what is alive after a garbage collection.

use crate::Browser;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// Long enough for a collection, short of any time-out of the apps' own.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often is looked at least: on a busy machine one look takes seconds.
const LOOKS: u32 = 5;

/// How many `WebAssembly.Memory` objects are alive on the page after a forced collection.
pub async fn wasm_memories(browser: &Browser) -> u64 {
    count(browser, "WebAssembly.Memory.prototype").await
}

/// Waits until as many memories are alive as expected: what a pending answer holds goes with it.
pub async fn until_wasm_memories(browser: &Browser, expected: u64, what: &str) {
    let began = Instant::now();
    for look in 1.. {
        let alive = wasm_memories(browser).await;
        if alive == expected {
            return;
        }
        let goes_on = look < LOOKS || began.elapsed() < PATIENCE;
        assert!(goes_on, "{what}: {alive} memories are alive, not {expected}");
    }
}

/// How many objects with a prototype are alive on the page after a forced collection.
pub async fn count(browser: &Browser, prototype: &str) -> u64 {
    // What one collection finalises, the next one frees.
    for _ in 0..4 {
        browser.devtools("HeapProfiler.collectGarbage", json!({})).await;
        browser.eval::<Value>("return new Promise((done) => setTimeout(() => done(null)))").await;
    }
    let found = browser
        .devtools("Runtime.evaluate", json!({ "expression": prototype, "objectGroup": "count" }))
        .await;
    let found = browser
        .devtools(
            "Runtime.queryObjects",
            json!({ "prototypeObjectId": found["result"]["objectId"], "objectGroup": "count" }),
        )
        .await;
    let count = browser
        .devtools(
            "Runtime.callFunctionOn",
            json!({
                "objectId": found["objects"]["objectId"], "returnByValue": true,
                "functionDeclaration": "function () { return this.length }",
            }),
        )
        .await;
    browser.devtools("Runtime.releaseObjectGroup", json!({ "objectGroup": "count" })).await;
    count["result"]["value"].as_u64().unwrap_or_else(|| panic!("{prototype} cannot be counted: {count}"))
}
