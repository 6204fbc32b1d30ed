//! What a first visit fetches, byte by byte.

use crate::{Browser, browser::quoted};
use serde::{Deserialize, Serialize};

/// One file that came over the wire.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Fetched {
    /// Its path.
    pub path: String,
    /// Bytes of the body as it was encoded.
    pub bytes: u64,
    /// When it was asked for, in milliseconds since the page began.
    pub asked: f64,
}

/// What was asked for before a mark in the page's time, by the browser's own account.
pub async fn before(browser: &Browser, milliseconds: f64) -> Vec<Fetched> {
    let script = format!(
        "return [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
           .filter((e) => e.transferSize > 0 && e.startTime <= {milliseconds})
           .map((e) => ({{ path: e.name.replace({}, ''), bytes: e.encodedBodySize, asked: e.startTime }}))",
        quoted("http://")
    );
    browser.eval(&script).await
}

/// All of it together.
pub fn total(fetched: &[Fetched]) -> u64 {
    fetched.iter().map(|file| file.bytes).sum()
}
