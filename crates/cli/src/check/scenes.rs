//! The scenes that a release is put through in a browser, each on a page of its own.

use super::{
    browser::{Browser, Fault},
    findings::{Finding, Report},
    serve::Serving,
};
use crate::{Error, output};
use contract::{
    code::{CHECK_IMPOSSIBLE, CHECK_LEFT_BEHIND, CHECK_MEMORY, CHECK_STUCK},
    release::Release,
};
use release::Files;
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    time::{Duration, Instant},
};

/// How often it is mounted before what is left is counted.
const MOUNTS: u32 = 20;
/// How long memory may take to go: what a pending answer holds goes with it.
const PATIENCE: Duration = Duration::from_secs(4);
/// How often is looked at least: on a busy machine one look takes seconds.
const LOOKS: u32 = 5;

/// What a scene came to.
#[derive(Debug, Default, Deserialize)]
struct Outcome {
    steps: Vec<Step>,
    findings: Vec<Finding>,
    /// What to tell in place of the times.
    #[serde(default)]
    measured: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Step {
    step: String,
    ms: f64,
}

impl Outcome {
    /// The slowest of each step: `bootstrap 21 ms, mount 5 ms`.
    fn times(&self) -> String {
        let mut slowest: Vec<(&str, f64)> = Vec::new();
        for Step { step, ms } in &self.steps {
            match slowest.iter_mut().find(|(name, _)| name == step) {
                Some((_, most)) => *most = most.max(*ms),
                None => slowest.push((step, *ms)),
            }
        }
        slowest.iter().map(|(step, ms)| format!("{step} {ms:.0} ms")).collect::<Vec<_>>().join(", ")
    }
}

/// Plays them all and adds what they found. Ctrl-C ends the browser too.
pub fn play(release: &Release, files: Files, timeout: Duration, report: &mut Report) -> Result<(), Error> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Error::new(CHECK_IMPOSSIBLE, error.to_string()))?;
    runtime.block_on(async {
        // Heard from now on: killed while it starts a browser, we would leave that behind.
        let mut stop = tokio::spawn(stop());
        let interrupted = || Error::new(CHECK_IMPOSSIBLE, "the check was interrupted");
        let serving = Serving::start(release, files).await?;
        let browser = tokio::select! {
            browser = Browser::start(timeout) => browser?,
            _ = &mut stop => return Err(interrupted()),
        };
        let stage = Stage { browser: &browser, serving: &serving, release };
        let played = tokio::select! {
            played = stage.all(report) => played,
            _ = stop => Err(interrupted()),
        };
        browser.end().await;
        played
    })
}

/// Ends when somebody pressed Ctrl-C, or the system wants us to end.
async fn stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let heard = |kind: SignalKind| signal(kind).ok();
        // The terminal was closed; under `nohup` nobody minds.
        let mut hangup = if is_hangup_ignored() { None } else { heard(SignalKind::hangup()) };
        if let Some(mut terminate) = heard(SignalKind::terminate()) {
            tokio::select! {
                _ = terminate.recv() => {}
                Some(_) = async { hangup.as_mut()?.recv().await } => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}

/// Whether this program was started so that a closed terminal does not end it. To listen would take that back.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    ignores_hangup(&std::fs::read_to_string("/proc/self/status").unwrap_or_default())
}

/// Whether SIGHUP, the first signal, is in the mask of ignored ones. Elsewhere than on Linux nothing tells.
#[cfg(unix)]
fn ignores_hangup(status: &str) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}

struct Stage<'a> {
    browser: &'a Browser,
    serving: &'a Serving,
    release: &'a Release,
}

impl Stage<'_> {
    async fn all(&self, report: &mut Report) -> Result<(), Error> {
        let scenes: [(&'static str, &str, &str); 3] = [
            ("lifecycle", "/", "lifecycle(subject, '')"),
            ("styles", "/", "styles(subject)"),
            ("rude neighbours", "/rude", "lifecycle(subject, 'among rude neighbours')"),
        ];
        for (name, path, scene) in scenes {
            output::note(format!("{name} …"));
            if !self.add(report, name, self.scene(path, scene).await)? {
                return Ok(());
            }
            // Without a lifecycle the rest has nothing to say.
            if name == "lifecycle" && !report.findings.is_empty() {
                return Ok(());
            }
        }
        output::note(format!("{MOUNTS} mounts …"));
        if !self.add(report, "20 mounts", self.cycles().await)? {
            return Ok(());
        }
        // What stands in for the host is the SDK's.
        if self.release.module.is_some() {
            output::note("without a shell …");
            self.add(report, "without a shell", self.scene("/", "foreign(subject)").await)?;
        }
        Ok(())
    }

    /// Adds what a scene came to; whether the page is still of use.
    fn add(
        &self,
        report: &mut Report,
        name: &'static str,
        outcome: Result<Outcome, Fault>,
    ) -> Result<bool, Error> {
        match outcome {
            Ok(outcome) => {
                let measured = outcome.measured.clone().unwrap_or_else(|| outcome.times());
                report.add(name, outcome.findings, measured);
                Ok(true)
            }
            Err(Fault::Stuck) => {
                let finding = Finding::new(CHECK_STUCK, name, "the page does not answer any more");
                report.add(name, vec![finding], String::new());
                Ok(false)
            }
            Err(Fault::Failed(error)) => Err(error),
        }
    }

    fn subject(&self) -> Value {
        json!({ "release": self.release, "base": self.serving.base() })
    }

    /// Plays a scene on a page of its own.
    async fn scene(&self, path: &str, scene: &str) -> Result<Outcome, Fault> {
        self.browser.open(&format!("{}{path}", self.serving.origin())).await?;
        self.ask(scene).await
    }

    async fn ask(&self, call: &str) -> Result<Outcome, Fault> {
        let script = format!("const [subject] = arguments; return window.__check.scenes.{call}");
        let answer = self.browser.ask(&script, vec![self.subject()]).await?;
        serde_json::from_value(answer.clone()).map_err(|error| {
            Fault::Failed(Error::new(CHECK_IMPOSSIBLE, format!("the page answered {answer}: {error}")))
        })
    }

    /// Mounts it again and again, and counts what is alive afterwards.
    async fn cycles(&self) -> Result<Outcome, Fault> {
        self.browser.open(&format!("{}/", self.serving.origin())).await?;
        let begin = "const [subject] = arguments; return window.__check.scenes.cycles.begin(subject)";
        let began = self.browser.ask(begin, vec![self.subject()]).await?;
        if began != json!(true) {
            return self.ask("cycles.run(0)").await;
        }
        let (memories, listeners) = (self.memories().await?, self.listeners().await?);
        let mut outcome = self.ask(&format!("cycles.run({MOUNTS})")).await?;
        let began = Instant::now();
        let after = format!("after {MOUNTS} mounts");
        for look in 1.. {
            let alive = self.memories().await?;
            if alive <= memories {
                break;
            }
            if look >= LOOKS && began.elapsed() > PATIENCE {
                let what = format!("{} memories of it are alive", alive - memories);
                outcome.findings.push(Finding::new(CHECK_MEMORY, &after, what));
                break;
            }
        }
        for ((target, kind), count) in self.listeners().await? {
            let before = listeners.get(&(target, kind.clone())).copied().unwrap_or(0);
            if count > before {
                let what = format!("{} listeners for `{kind}` are left on {target}", count - before);
                outcome.findings.push(Finding::new(CHECK_LEFT_BEHIND, &after, what));
            }
        }
        Ok(outcome)
    }

    /// How many `WebAssembly.Memory` objects are alive after a forced collection.
    async fn memories(&self) -> Result<u64, Fault> {
        // What one collection finalises, the next one frees.
        for _ in 0..4 {
            self.browser.devtools("HeapProfiler.collectGarbage", json!({})).await?;
            let turn = "return new Promise((done) => window.__check.native.setTimeout(() => done(null)))";
            self.browser.ask(turn, Vec::new()).await?;
        }
        let prototype = self.object("WebAssembly.Memory.prototype").await?;
        let found = json!({ "prototypeObjectId": prototype, "objectGroup": "count" });
        let found = self.browser.devtools("Runtime.queryObjects", found).await?;
        let length = json!({
            "objectId": found["objects"]["objectId"], "returnByValue": true,
            "functionDeclaration": "function () { return this.length }",
        });
        let length = self.browser.devtools("Runtime.callFunctionOn", length).await?;
        self.browser.devtools("Runtime.releaseObjectGroup", json!({ "objectGroup": "count" })).await?;
        length["result"]["value"].as_u64().ok_or_else(|| {
            Fault::Failed(Error::new(CHECK_IMPOSSIBLE, format!("memories cannot be counted: {length}")))
        })
    }

    /// The listeners on the window and on the page's elements, by where and for what.
    async fn listeners(&self) -> Result<BTreeMap<(&'static str, String), u64>, Fault> {
        let mut counted = BTreeMap::new();
        for (target, expression) in [("window", "window"), ("the page's elements", "document")] {
            let object = json!({ "objectId": self.object(expression).await?, "depth": -1, "pierce": true });
            let found = self.browser.devtools("DOMDebugger.getEventListeners", object).await?;
            for listener in found["listeners"].as_array().into_iter().flatten() {
                let kind = listener["type"].as_str().unwrap_or_default().to_owned();
                *counted.entry((target, kind)).or_default() += 1;
            }
        }
        self.browser.devtools("Runtime.releaseObjectGroup", json!({ "objectGroup": "count" })).await?;
        Ok(counted)
    }

    /// A handle of an object on the page.
    async fn object(&self, expression: &str) -> Result<Value, Fault> {
        let parameters = json!({ "expression": expression, "objectGroup": "count" });
        let found = self.browser.devtools("Runtime.evaluate", parameters).await?;
        Ok(found["result"]["objectId"].clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_of_each_step_is_told() {
        let step = |step: &str, ms| Step { step: step.to_owned(), ms };
        let steps = vec![step("load", 10.2), step("mount", 3.0), step("mount", 7.6)];
        assert_eq!(Outcome { steps, ..Outcome::default() }.times(), "load 10 ms, mount 8 ms");
        assert_eq!(Outcome::default().times(), "");
    }

    #[cfg(unix)]
    #[test]
    fn under_nohup_a_closed_terminal_ends_nothing() {
        for (mask, expected) in [
            ("0000000000000001", true),
            ("fffffffc01001001", true),
            ("0000000000001000", false),
            ("what", false),
        ] {
            let status = format!("SigBlk:\t0000000000000001\nSigIgn:\t{mask}\nSigCgt:\t0000000000000001\n");
            assert_eq!(ignores_hangup(&status), expected, "{mask}");
        }
        assert!(!ignores_hangup(""));
    }
}
