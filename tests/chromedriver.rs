//! chromedriver, and requests to it without a runtime.

use crate::{
    bound::{self, End},
    environment,
};
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

/// How long it may say nothing before it has a port.
const STARTS: Duration = Duration::from_secs(30);

/// A chromedriver that runs. It ends when this is dropped, also where no browser came of it.
pub struct Chromedriver {
    /// Holds the script's standard input.
    _script: Child,
    port: u16,
}

impl Chromedriver {
    /// Starts one. It chooses a free port and ends at once when somebody else was faster, so it gets three tries.
    pub fn start() -> Self {
        let mut said = Vec::new();
        while said.len() < 3 {
            match Self::try_to_start() {
                Ok(started) => return started,
                Err(why) => said.push(why),
            }
        }
        panic!("chromedriver does not start: {said:?}")
    }

    /// What it said, where it does not start.
    fn try_to_start() -> Result<Self, String> {
        // For its browsers' profiles.
        let folder = tempfile::Builder::new().prefix("menagerie-browser-").tempdir();
        let folder = folder.expect("a folder for browsers").keep();
        let mut script = bound::command(&environment::chromedriver(), &folder, End::Asked)
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stderr(Stdio::null())
            .spawn()
            .expect("sh runs");
        let lines = BufReader::new(script.stdout.take().expect("its output")).lines().map_while(Result::ok);
        let mut driver = Self { _script: script, port: 0 };
        let (sender, heard) = mpsc::channel();
        // It reads to the end, so that the driver never waits for somebody to listen.
        thread::spawn(move || lines.for_each(|line| drop(sender.send(line))));
        let mut said = String::new();
        while let Ok(line) = heard.recv_timeout(STARTS) {
            let port =
                line.split_once("started successfully on port ").map(|(_, port)| port.trim_end_matches('.'));
            if let Some(port) = port.and_then(|port| port.parse().ok()) {
                driver.port = port;
                return Ok(driver);
            }
            said.extend([&line, "\n"]);
        }
        Err(said)
    }

    /// Where it listens.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// One request, without a runtime; its answer's body.
    pub fn ask(&self, method: &str, path: &str) -> Option<String> {
        let port = self.port;
        let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(10))).ok()?;
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n")
            .ok()?;
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
            let line = line.trim().to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        String::from_utf8(body).ok()
    }
}
