//! The server program itself, on a free port, with a folder of its own.

use crate::{
    bound::{self, End},
    environment,
    prepared::{self, Prepared},
};
use contract::release::{DESCRIPTION_FILE, Release};
use release::{Files, verify};
use reqwest::{Client, Response};
use serde_json::Value;
use std::{
    io::{BufRead, BufReader, Write},
    path::Path,
    process::{Child, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};
use tempfile::TempDir;

/// What publishing asks for.
pub const TOKEN: &str = "a-token-that-only-tests-know";
/// Load, bootstrap, mount, update and unmount, in milliseconds, where deadlines are missed on purpose. Elsewhere the usual ones
/// hold: a busy machine is slow, not wrong.
pub const SHORT_DEADLINES: [&str; 2] = ["--deadlines", "3000,2000,2000,2000,2000"];
/// Where a test itself says when a step ends, after as many words with the browser as it needs.
pub const LONG_DEADLINES: [&str; 2] = ["--deadlines", "10000,60000,60000,60000,60000"];

/// A running server. It ends when this is dropped.
pub struct Server {
    /// Holds the script's standard input.
    script: Child,
    origin: String,
    client: Client,
    data: TempDir,
    /// Of how many releases that went live the differences are made.
    differences: Arc<AtomicUsize>,
}

/// What the server says then.
const DIFFERENCES: &str = "differences of files are made";

impl Server {
    /// Starts one with nothing published.
    pub async fn start() -> Self {
        Self::with(&[]).await
    }

    /// Starts one that has the releases of these folders of the workspace.
    pub async fn holding(folders: &[String]) -> Self {
        Self::holding_with(folders, &[]).await
    }

    /// The same with flags.
    pub async fn holding_with(folders: &[String], flags: &[&str]) -> Self {
        let data = tempfile::tempdir().expect("a folder for the server's data");
        prepared::copy_into(data.path(), folders, Prepared::Live).await;
        Self::run(data, flags).await
    }

    /// Starts one that has the releases of these folders and nothing left to do: for those who measure.
    pub async fn whole(folders: &[String]) -> Self {
        let data = tempfile::tempdir().expect("a folder for the server's data");
        prepared::copy_into(data.path(), folders, Prepared::Whole).await;
        Self::run(data, &[]).await
    }

    /// Starts one with these flags and nothing published.
    pub async fn with(flags: &[&str]) -> Self {
        Self::run(tempfile::tempdir().expect("a folder for the server's data"), flags).await
    }

    async fn run(data: TempDir, flags: &[&str]) -> Self {
        let differences = Arc::default();
        let (script, origin) = spawn(data.path(), flags, &differences);
        let server = Self { script, origin, client: Client::new(), data, differences };
        assert!(server.get("/healthz").await.status().is_success(), "the server is not well");
        server
    }

    /// `http://127.0.0.1:40123`
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Ends it and leaves its folder.
    pub fn stop(mut self) -> TempDir {
        self.end(bound::STAY);
        let empty = tempfile::tempdir().expect("a folder");
        std::mem::replace(&mut self.data, empty)
    }

    fn end(&mut self, word: &[u8]) {
        // It may have ended already.
        let _ = self.script.stdin.take().map(|mut input| input.write_all(word));
        let _ = self.script.wait();
    }

    /// Waits until the differences are made of `count` releases that went live since it started.
    pub async fn until_differences_are_made(&self, count: usize) {
        for _ in 0..6000 {
            if self.differences.load(Ordering::Relaxed) >= count {
                return;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the differences of {count} releases are not made after ten minutes");
    }

    /// Waits for the mail number `count`, and gives what it says. Letters in English have nothing to decode.
    pub async fn mail(&self, count: usize) -> String {
        let folder = self.data.path().join("mail");
        for _ in 0..600 {
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten().map(|file| file.path());
            let mut mails: Vec<_> =
                files.filter(|file| file.extension().is_some_and(|kind| kind == "eml")).collect();
            mails.sort();
            if let Some(mail) = mails.get(count - 1) {
                return std::fs::read_to_string(mail).expect("a mail in English is text");
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("mail {count} did not come");
    }

    /// Asks for something without a browser.
    pub async fn get(&self, path: &str) -> Response {
        let request = self.client.get(format!("{}{path}", self.origin));
        request.send().await.expect("the server answers")
    }

    /// Publishes what was built in a folder of the workspace.
    pub async fn publish_folder(&self, folder: &str) {
        let folder = environment::release(folder);
        let files = verify::read(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        self.publish(&files).await;
    }

    /// Publishes a release and makes it live.
    pub async fn publish(&self, files: &Files) {
        let response = self.try_publish(files, TOKEN).await;
        let status = response.status();
        if !status.is_success() {
            panic!("{} was not taken: {status} {}", name(files), response.text().await.unwrap_or_default());
        }
    }

    /// Publishes a release and leaves what is live as it is.
    pub async fn keep(&self, files: &Files) {
        let response = self.send(files, TOKEN, "").await;
        assert!(response.status().is_success(), "{} was not taken: {}", name(files), response.status());
    }

    /// Asks the registry as an operator: `POST` with a body, `GET` without.
    pub async fn registry(&self, path: &str, body: Option<Value>) -> Value {
        let address = format!("{}/api/v1/registry/{path}", self.origin);
        let request = match body {
            Some(body) => self.client.post(address).json(&body),
            None => self.client.get(address),
        };
        let response = request.bearer_auth(TOKEN).send().await.expect("the registry answers");
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.expect("the registry answers in JSON")
    }

    /// Asks for something in the shop as another operator: `PUT` with a body, `GET` without.
    pub async fn operator(&self, path: &str, body: Option<Value>) -> Value {
        let address = format!("{}/api/v1/operator/{path}", self.origin);
        let request = match body {
            Some(body) => self.client.put(address).json(&body),
            None => self.client.get(address),
        };
        let response = request.bearer_auth(TOKEN).send().await.expect("the shop answers");
        assert!(response.status().is_success(), "{path}: {}", response.status());
        response.json().await.expect("the shop answers in JSON")
    }

    /// Revokes a token, by its id.
    pub async fn revoke(&self, id: &str) {
        let address = format!("{}/api/v1/registry/tokens/{id}", self.origin);
        let response =
            self.client.delete(address).bearer_auth(TOKEN).send().await.expect("the registry answers");
        assert!(response.status().is_success(), "{id} was not revoked: {}", response.status());
    }

    /// Sends what the page of one visitor saw, from an address that the server has to believe.
    pub async fn report(&self, address: &str, reports: &Value) {
        let request = self.client.post(format!("{}/api/v1/health/mounts", self.origin));
        let request = request.header("X-Forwarded-For", address).header("Sec-Fetch-Site", "same-origin");
        let response = request.json(reports).send().await.expect("the server answers");
        assert!(response.status().is_success(), "a report was refused: {}", response.status());
    }

    /// Tries to publish a release and to make it live, with any token.
    pub async fn try_publish(&self, files: &Files, token: &str) -> Response {
        self.send(files, token, "?live=true&allow=true").await
    }

    async fn send(&self, files: &Files, token: &str, query: &str) -> Response {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, bytes) in files {
            let mut header = tar::Header::new_gnu();
            header.set_size(bytes.len() as u64);
            header.set_mode(0o644);
            archive.append_data(&mut header, name, bytes.as_slice()).expect("a tar in memory");
        }
        let body = archive.into_inner().expect("a tar in memory");
        let address = format!("{}/api/v1/registry/releases{query}", self.origin);
        let request =
            self.client.post(address).bearer_auth(token).header("Content-Type", "application/x-tar");
        request.body(body).send().await.expect("the registry answers")
    }

    /// Loads a catalogue in place of the seed.
    pub async fn import_catalogue(&self, csv: Vec<u8>) -> (u16, Value) {
        let address = format!("{}/api/v1/catalogue/import?replace=true", self.origin);
        let request =
            self.client.post(address).bearer_auth(TOKEN).header("Content-Type", "text/csv").body(csv);
        let response = request.send().await.expect("the import answers");
        (response.status().as_u16(), response.json().await.unwrap_or_default())
    }
}

/// The folders of the shell and of every microapp of the shop.
pub fn shop() -> Vec<String> {
    let operators = operators();
    let microapps = environment::microapps().into_iter().filter(|folder| !operators.contains(folder));
    std::iter::once("shell".to_owned()).chain(microapps).collect()
}

/// The folders of the operators' microapps, which are not of the shop.
pub fn operators() -> Vec<String> {
    release::OPERATORS.iter().map(|name| format!("microapps/{name}")).collect()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end(&[]);
    }
}

fn name(files: &Files) -> String {
    let description = files.get(DESCRIPTION_FILE).map(Vec::as_slice).unwrap_or_default();
    serde_json::from_slice::<Release>(description)
        .map_or_else(|_| "a release".to_owned(), |release| format!("{} {}", release.name, release.version))
}

fn spawn(data: &Path, flags: &[&str], differences: &Arc<AtomicUsize>) -> (Child, String) {
    let mut script = bound::command(&environment::server(), data, End::Killed)
        // What a live shop is told by the environment is not for this one.
        .env_clear()
        .envs(std::env::var_os("RUST_LOG").map(|wanted| ("RUST_LOG", wanted)))
        .args(["--port", "0", "--data"])
        .arg(data)
        .args(flags)
        .env("MENAGERIE_OPERATOR_TOKEN", TOKEN)
        .env("NO_COLOR", "1")
        .stderr(Stdio::piped())
        .spawn()
        .expect("sh runs");
    // Its address stands in what it says first; the rest is read away so that it never has to wait.
    let (found, address) = mpsc::channel();
    let out = script.stdout.take().map(|out| Box::new(out) as Box<dyn std::io::Read + Send>);
    let err = script.stderr.take().map(|err| Box::new(err) as Box<dyn std::io::Read + Send>);
    for stream in [out, err].into_iter().flatten() {
        let (found, differences) = (found.clone(), differences.clone());
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                if std::env::var_os("MENAGERIE_SERVER_LOG").is_some() {
                    println!("{line}");
                }
                if line.contains(DIFFERENCES) {
                    differences.fetch_add(1, Ordering::Relaxed);
                }
                if let Some(origin) = origin_in(&line) {
                    let _ = found.send(origin);
                }
            }
        });
    }
    drop(found);
    let origin = address.recv_timeout(Duration::from_secs(60)).expect(
        "the server says its address within 60 s (MENAGERIE_SERVER_LOG=1 shows what it says instead)",
    );
    (script, origin)
}

fn origin_in(line: &str) -> Option<String> {
    let at = line.find("http://")?;
    let rest = &line[at + "http://".len()..];
    let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '.' || c == ':')).unwrap_or(rest.len());
    let host = rest[..end].trim_end_matches('.');
    host.contains(':').then(|| format!("http://{host}"))
}
