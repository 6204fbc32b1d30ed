//! What a first visit fetches, byte by byte.

use crate::Browser;
use serde::{Deserialize, Serialize};

/// One file that came over the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fetched {
    /// Its path.
    pub path: String,
    /// Bytes of head and body, as they were encoded.
    pub bytes: u64,
    /// When it was asked for, in milliseconds since the page began.
    pub asked: f64,
}

/// What came over the wire until now, by the browser's own account, without apps other than `apps`:
/// those were fetched ahead of need.
pub async fn of_first_view(browser: &Browser, apps: &[&str]) -> Vec<Fetched> {
    let script = "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .filter((e) => e.transferSize > 0)
        .map((e) => ({ path: e.name.slice(location.origin.length), bytes: e.transferSize, asked: Math.round(e.startTime) }))";
    let fetched: Vec<Fetched> = browser.eval(script).await;
    let counts = |file: &Fetched| match file.path.strip_prefix("/apps/") {
        Some(rest) => apps.iter().any(|app| rest.starts_with(&format!("{app}/"))),
        None => true,
    };
    fetched.into_iter().filter(counts).collect()
}

/// All of it together.
pub fn total(fetched: &[Fetched]) -> u64 {
    fetched.iter().map(|file| file.bytes).sum()
}
