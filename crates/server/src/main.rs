//! Starts the server.
#![allow(clippy::print_stdout)] // It speaks to people.

use clap::Parser as _;
use contract::code;
use server::{
    Configuration, Flags, Server, app,
    config::LogFormat,
    maintenance,
    serving::{self, Patience, serve},
};
use std::{io::IsTerminal as _, net::SocketAddr, process::ExitCode, time::Duration};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tracing_subscriber::EnvFilter;

/// How long answers on their way may take when the server is asked to stop.
const LAST_WORDS: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("menagerie-server: {message}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), String> {
    let environment = |name: &str| std::env::var(name).ok();
    let mut configuration =
        Configuration::new(Flags::parse(), &environment).map_err(|error| error.to_string())?;
    log(configuration.log_format);
    let listener = listen(configuration.listen).await?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    configuration.listen = address;
    let server = Server::start(configuration).await.map_err(|error| error.to_string())?;

    show_first_token(&server).await?;
    stop_on_signals(&server)?;
    let chores = tokio::spawn(maintenance::run(server.clone()));
    if let Some(origin) = &server.configuration.origin {
        tracing::info!(
            "The shop is at {origin} (--origin): open it there, where a proxy hands requests on to http://{address}/. \
             What another site sends is refused (E414), and links in mails lead there."
        );
    }
    println!("http://{address}/");
    let stopping = server.stopping.clone();
    let patience = Patience {
        first: serving::FIRST,
        request: server.configuration.request_timeout,
        keep_alive: server.configuration.keep_alive,
    };
    let serving =
        serve(listener, app(server.clone()), patience, serving::room(), stopping.clone().cancelled_owned());
    tokio::select! {
        () = serving => {}
        () = async { stopping.cancelled().await; tokio::time::sleep(LAST_WORDS).await } => {
            tracing::warn!("some requests did not end in time");
        }
    }
    // A failed chore was logged; there is nothing more to do about it here.
    if tokio::time::timeout(LAST_WORDS, chores).await.is_err() {
        tracing::warn!("some chores did not end in time");
    }
    if tokio::time::timeout(LAST_WORDS, server.database.close()).await.is_err() {
        tracing::warn!("some connections to the database did not end in time");
    }
    Ok(())
}

/// Shows an operator's token where nobody has one yet. Only in a terminal: a log would keep it.
async fn show_first_token(server: &Server) -> Result<(), String> {
    if !std::io::stderr().is_terminal() {
        return Ok(());
    }
    if let Some(first) = server.tokens.first().await.map_err(|error| error.to_string())? {
        eprintln!(
            "\nOperator's token, shown this once:\n\n  {}\n\nGive it to `menagerie` in MENAGERIE_TOKEN. \
             `menagerie tokens create` makes more, `tokens revoke {}` ends this one.\n",
            first.secret, first.token.id
        );
    }
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => format!(
            "{} Another program listens on {address}: stop it, or choose another port with --port, such as --port {}.",
            code::PORT_TAKEN,
            address.port().checked_add(1).unwrap_or(8080)
        ),
        _ => format!("{} --address, --port: cannot listen on {address}: {error}", code::CONFIGURATION),
    })
}

fn stop_on_signals(server: &Server) -> Result<(), String> {
    for kind in [SignalKind::interrupt(), SignalKind::terminate()] {
        let mut signals = signal(kind).map_err(|error| error.to_string())?;
        let stopping = server.stopping.clone();
        tokio::spawn(async move {
            signals.recv().await;
            stopping.cancel();
            // Who asks twice does not want to wait.
            signals.recv().await;
            std::process::exit(130);
        });
    }
    Ok(())
}

fn log(format: LogFormat) {
    // The sqlx library logs each statement at `debug` and slow ones at `warn`.
    // PostgreSQL's notices are no news: at each start, that the table of migrations is there already.
    let usual = || EnvFilter::new("info,sqlx::postgres::notice=warn");
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual());
    // Standard output is for the address alone.
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A line that cannot be written, as on a full disk, is lost; told on the same way it would end the answer with it.
    let builder = builder.log_internal_errors(false);
    match format {
        LogFormat::Text => builder.with_target(false).with_ansi(std::io::stderr().is_terminal()).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
}
