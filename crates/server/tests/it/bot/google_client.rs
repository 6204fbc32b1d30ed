//! Google's own client library for Python, over REST, against a server with a socket.
//!
//! It is installed once into a folder under `target`, by pip. Where pip has no way to it, the test says so; with
//! `MENAGERIE_REQUIRE_PYTHON=1` that is a failure.

use crate::support::Shop;
use std::{
    fs,
    io::{self, Write as _},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tokio::net::TcpListener;

/// The release that the script was written for.
const PACKAGE: &str = "google-cloud-dialogflow==2.54.0";

fn run(command: &mut Command) -> Result<Output, String> {
    let output = command.output().map_err(|error| format!("{command:?}: {error}"))?;
    if output.status.success() {
        return Ok(output);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last: Vec<&str> = said.trim().lines().rev().take(5).collect();
    Err(format!("{command:?}: {}", last.into_iter().rev().collect::<Vec<_>>().join("\n")))
}

/// The Python that has the library.
fn python() -> Result<PathBuf, String> {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("google-client");
    let (python, ready) = (folder.join("bin/python"), folder.join(PACKAGE));
    if !ready.is_file() {
        run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        run(Command::new(&python).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            PACKAGE,
        ]))?;
        fs::write(&ready, "").map_err(|error| error.to_string())?;
    }
    Ok(python)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn googles_python_client_works_unchanged() {
    let python = match tokio::task::spawn_blocking(python).await.unwrap() {
        Ok(python) => python,
        Err(why) => {
            let required = std::env::var_os("MENAGERIE_REQUIRE_PYTHON").is_some();
            assert!(!required, "Google's client is not here: {why}");
            // Not `eprintln`: of a test that passes nobody would see it.
            let said = format!(
                "Google's client is not tested: python3 -m venv and pip install {PACKAGE} are needed.\n{why}\n"
            );
            let _ = io::stderr().write_all(said.as_bytes());
            return;
        }
    };
    let shop = Shop::empty(&["--seed", "petstore"]).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let service = server::app(shop.server.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/bot/google_client.py");
    let talk = tokio::task::spawn_blocking(move || {
        run(Command::new(python)
            .arg(script)
            .arg(address.to_string())
            .env_remove("http_proxy")
            .env("NO_PROXY", "127.0.0.1"))
    });
    let output = talk.await.unwrap().unwrap_or_else(|why| panic!("{why}"));
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "all of it works");
}
