//! A Chromium without a window, driven through chromedriver.

use crate::{
    Error,
    tools::{
        self,
        browser::{CHROMEDRIVER, CHROMIUM, Program},
    },
};
use contract::code::CHECK_IMPOSSIBLE;
use serde_json::{Value, json};
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};
use thirtyfour::{ChromeCapabilities, ChromiumLikeCapabilities, WebDriver, error::WebDriverError};
use tokio::sync::oneshot;

/// What chromedriver says when it is ready.
const READY: &str = "started successfully on port ";

/// How long chromedriver may take to say that it is ready.
const START: Duration = Duration::from_secs(30);
/// How long a browser may take to start, on a busy machine too.
const BROWSER_START: Duration = Duration::from_secs(120);
/// How long a browser may take to end by itself.
const FAREWELL: Duration = Duration::from_secs(5);

/// A browser with a profile of its own.
pub struct Browser {
    // Dropped first: what drives a browser that is gone does not wait for it.
    chromedriver: Chromedriver,
    driver: WebDriver,
    /// The longest that an answer may take: no endless loop is waited for.
    timeout: Duration,
}

/// The running program. It ends with this value, and so does the browser that it started.
struct Chromedriver(Child);

impl Drop for Chromedriver {
    fn drop(&mut self) {
        #[cfg(unix)]
        let _ = Command::new("kill").args(["-KILL", "--", &format!("-{}", self.0.id())]).status();
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// What went wrong with something that was asked of a page.
pub enum Fault {
    /// It does not answer any more.
    Stuck,
    /// Anything else.
    Failed(Error),
}

impl From<WebDriverError> for Fault {
    fn from(error: WebDriverError) -> Self {
        Self::Failed(impossible(&format!("the browser says: {error}")))
    }
}

impl Browser {
    /// Starts one, or says what to install.
    pub async fn start(timeout: Duration) -> Result<Self, Error> {
        let needed =
            |program: Program| program.find().map_err(|error| error.or("--no-browser checks the rest"));
        let chromium = needed(CHROMIUM)?;
        let (chromedriver, port) = chromedriver(&needed(CHROMEDRIVER)?, START).await?;
        let mut capabilities = ChromeCapabilities::new();
        let fault = |error: WebDriverError| {
            let what = format!("{} does not start: {error}", chromium.display());
            impossible(&what)
        };
        capabilities.set_binary(&chromium.to_string_lossy()).map_err(fault)?;
        let mut flags = vec![
            "--headless=new",
            "--disable-gpu",
            "--disable-quic",
            "--disable-dev-shm-usage",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
            "--lang=en-GB",
            "--window-size=1280,900",
        ];
        if is_root() {
            flags.push("--no-sandbox"); // it starts for root in no other way
        }
        for flag in flags {
            capabilities.add_arg(flag).map_err(fault)?;
        }
        // It is on this machine, where a proxy does not lead; and how long it may take is for us to say.
        let client = reqwest::Client::builder().no_proxy().build().map_err(|error| fault(error.into()))?;
        let address = format!("http://127.0.0.1:{port}");
        let driver = WebDriver::builder(address, capabilities).client(client).connect();
        let driver = match tokio::time::timeout(BROWSER_START, driver).await {
            Ok(driver) => driver.map_err(fault)?,
            Err(_) => {
                return Err(impossible(&format!(
                    "{} does not start within {BROWSER_START:?}",
                    chromium.display()
                )));
            }
        };
        let browser = Self { chromedriver, driver, timeout };
        browser.driver.set_script_timeout(timeout.saturating_mul(2)).await.map_err(fault)?;
        // What moves by itself would look like a difference.
        let still = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        match browser.devtools("Emulation.setEmulatedMedia", still).await {
            Ok(_) => Ok(browser),
            Err(Fault::Failed(error)) => Err(error),
            Err(Fault::Stuck) => Err(impossible("the browser does not answer")),
        }
    }

    /// Opens a page and waits until the scenes on it can be played.
    pub async fn open(&self, address: &str) -> Result<(), Fault> {
        self.driver.goto(address).await?;
        let ready = "return new Promise((done) => { const look = () => window.__check?.scenes ? done(true) : setTimeout(look, 10); look(); })";
        self.ask(ready, Vec::new()).await.map(drop)
    }

    /// Runs a function body in the page. A promise is waited for.
    pub async fn ask(&self, script: &str, arguments: Vec<Value>) -> Result<Value, Fault> {
        match tokio::time::timeout(self.timeout, self.driver.execute(script, arguments)).await {
            Ok(answer) => Ok(answer?.json().clone()),
            Err(_) => Err(Fault::Stuck),
        }
    }

    /// Asks Chromium's DevTools.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Result<Value, Fault> {
        match tokio::time::timeout(self.timeout, self.driver.cdp().send_raw(command, parameters)).await {
            Ok(answer) => Ok(answer?),
            Err(_) => Err(Fault::Stuck),
        }
    }

    /// Ends it, also when the page on it does not answer.
    pub async fn end(self) {
        if tokio::time::timeout(FAREWELL, self.driver.clone().quit()).await.is_err() {
            // A page with an endless loop; to drop what drives it would wait for it.
            let _ = self.driver.leak();
        }
        drop(self.chromedriver);
    }
}

fn impossible(what: &str) -> Error {
    Error::new(CHECK_IMPOSSIBLE, what.lines().next().unwrap_or_default())
}

/// Starts chromedriver on a free port, which it has to say within `wait`.
async fn chromedriver(program: &Path, wait: Duration) -> Result<(Chromedriver, u16), Error> {
    let fault = |why: &str| impossible(&format!("{} {why}", program.display()));
    let mut command = tools::command(program);
    command.arg("--port=0").stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
    // A group of its own, the browser with it. Ctrl-C is for us: killed by it, chromedriver would leave the browser behind.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    let mut child = command.spawn().map_err(|error| fault(&format!("cannot be run: {error}")))?;
    let output = child.stdout.take();
    let running = Chromedriver(child);
    let mut lines =
        BufReader::new(output.ok_or_else(|| fault("has no output"))?).lines().map_while(Result::ok);
    let (say, said) = oneshot::channel();
    thread::spawn(move || {
        let port = lines.find_map(|line| line.split_once(READY)?.1.trim_end_matches('.').parse().ok());
        let _ = say.send(port);
        lines.for_each(drop); // so that it never has to wait
    });
    match tokio::time::timeout(wait, said).await {
        Ok(Ok(Some(port))) => Ok((running, port)),
        Ok(_) => Err(fault("does not say its port")),
        Err(_) => Err(fault(&format!("does not say its port within {wait:?}"))),
    }
}

fn is_root() -> bool {
    let output = Command::new("id").arg("-u").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).trim() == "0")
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::{fs, os::unix::fs::PermissionsExt as _, time::Instant};

    #[tokio::test]
    async fn a_chromedriver_that_says_nothing_is_not_waited_for_without_end() {
        let folder = tempfile::tempdir().unwrap();
        let silent = folder.path().join("chromedriver");
        // The sleep stands for the browser: it has the output too, and goes with the rest.
        fs::write(&silent, "#!/bin/sh\nsleep 600 &\nwait\n").unwrap();
        fs::set_permissions(&silent, fs::Permissions::from_mode(0o755)).unwrap();
        let began = Instant::now();
        let error = chromedriver(&silent, Duration::from_millis(200)).await.err().unwrap().to_string();
        assert!(error.contains("does not say its port within 200ms"), "{error}");
        assert!(began.elapsed() < Duration::from_secs(60));
    }
}
