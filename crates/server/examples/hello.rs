//! The least that a server can do, to measure ours against: `hello PORT` answers every request with a word.

use axum::{Router, routing::get};
use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    let port = std::env::args().nth(1).and_then(|port| port.parse::<u16>().ok());
    let Some(port) = port else { return ExitCode::FAILURE };
    let Ok(listener) = tokio::net::TcpListener::bind(("127.0.0.1", port)).await else {
        return ExitCode::FAILURE;
    };
    let app = Router::new().fallback(get(|| async { "hello" }));
    match axum::serve(listener, app).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}
