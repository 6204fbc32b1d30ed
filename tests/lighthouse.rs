//! What Lighthouse says of a page.

use crate::environment;
use serde_json::Value;
use std::process::Command;

/// The version that is asked for; later ones want a later Node.
pub const VERSION: &str = "12.8.2";

const FLAGS: &str =
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking";

/// How often a page is looked at before Lighthouse is given up.
const ATTEMPTS: usize = 3;

/// A look at a page, with the mobile preset.
pub struct Report(Value);

impl Report {
    /// Looks at the page at an address; why not, when it cannot be done. It waits: not for a task of the runtime.
    pub fn of(address: &str, categories: &[&str]) -> Result<Self, String> {
        // Now and then it misses the beginning of a page (NO_NAVSTART), and asks to be run again.
        (1..ATTEMPTS)
            .find_map(|_| Self::attempt(address, categories).ok())
            .map_or_else(|| Self::attempt(address, categories), Ok)
    }

    fn attempt(address: &str, categories: &[&str]) -> Result<Self, String> {
        let output = Command::new("npx")
            .args(["--yes", &format!("lighthouse@{VERSION}"), address])
            .arg(format!("--only-categories={}", categories.join(",")))
            .args(["--output=json", "--output-path=stdout", "--quiet"])
            .arg(format!("--chrome-flags={FLAGS}"))
            .env("CHROME_PATH", environment::chromium())
            .output()
            .map_err(|error| format!("npx cannot be run ({error}); it comes with Node 20"))?;
        let report: Value = serde_json::from_slice(&output.stdout).map_err(|_| {
            String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or("it gave no reason").to_owned()
        })?;
        match report["runtimeError"]["message"].as_str() {
            Some(why) => Err(why.to_owned()),
            None => Ok(Self(report)),
        }
    }

    /// Points of a category, of 100.
    pub fn points(&self, category: &str) -> Option<f64> {
        self.0["categories"][category]["score"].as_f64().map(|score| score * 100.0)
    }

    /// What costs points in a category: `color-contrast (Background and foreground …)`.
    pub fn faults(&self, category: &str) -> Vec<String> {
        let audits = self.0["categories"][category]["auditRefs"].as_array().map_or(&[][..], Vec::as_slice);
        let fault = |audit: &Value| {
            let (id, weight) = (audit["id"].as_str()?, audit["weight"].as_f64()?);
            let audit = &self.0["audits"][id];
            (weight > 0.0 && audit["score"].as_f64()? < 1.0)
                .then(|| format!("{id} ({})", audit["title"].as_str().unwrap_or_default()))
        };
        audits.iter().filter_map(fault).collect()
    }
}
