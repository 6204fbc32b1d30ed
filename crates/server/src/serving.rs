//! Connections: taken, answered, ended.
//!
//! Each is a task of its own, so that who sends or reads slowly keeps nobody else waiting. There are only so many at a time: without
//! file handles the server could reach neither its database nor its files.

use axum::{Router, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use std::{
    io,
    net::SocketAddr,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{Notify, OwnedSemaphorePermit, Semaphore},
    time::timeout,
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// What is waited when no connection can be taken, such as for want of file handles.
const RECOVERY: Duration = Duration::from_secs(1);

/// For how many times the patience with a request somebody may take nothing of their answer: a minute by default, as with
/// nginx's `send_timeout`.
const UNREAD: u32 = 2;

/// How long a connection may take until the head of its first request has come. Who has sent nothing yet is nobody's customer.
pub const FIRST: Duration = Duration::from_secs(10);

/// How many file handles are asked for where the system gives so few; every system gives as many to who asks.
const HANDLES: u64 = 10_240;
/// How many are assumed where the system does not say.
const FEW: u64 = 1024;
/// How seldom it is told that all connections are taken.
const TOLD: Duration = Duration::from_secs(60);

/// How long connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// Until the first request has come.
    pub first: Duration,
    /// With a request.
    pub request: Duration,
    /// Until the next request has come: a proxy that keeps a connection for longer finds it closed when it sends
    /// somebody's order on it.
    pub keep_alive: Duration,
}

/// How many connections there is room for: three quarters of the file handles, of which the system is asked for more where it has given
/// only few. What is left is for the database, files and others.
pub fn room() -> usize {
    let handles = getrlimit(Resource::RLIMIT_NOFILE).map_or(FEW, |(soft, hard)| {
        let wanted = hard.min(HANDLES);
        if soft < wanted && setrlimit(Resource::RLIMIT_NOFILE, wanted, hard).is_ok() { wanted } else { soft }
    });
    usize::try_from(handles.min(HANDLES) / 4 * 3).unwrap_or(1).max(1)
}

/// Answers by `app` until `stop`, and then what is on its way. A connection is closed on which no whole head of a request comes
/// in time, and one that takes nothing of its answer for twice the patience with a request. There are at most so many connections as
/// there is `room` for; whoever comes then waits until one of them ends.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    patience: Patience,
    room: usize,
    stop: impl Future<Output = ()>,
) {
    let mut door = Door { listener, places: Arc::new(Semaphore::new(room)), told: None };
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(patience.keep_alive);
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (place, stream, peer) = tokio::select! {
            taken = door.take() => taken,
            () = &mut stop => break,
        };
        let (app, asked) = (app.clone(), Arc::new(Notify::new()));
        let asks = Arc::clone(&asked);
        let answer = service_fn(move |request: Request<Incoming>| {
            asks.notify_one();
            let mut request = request;
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request)
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience.request * UNREAD));
        let connection = protocol.serve_connection(TokioIo::new(Box::pin(stream)), answer);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            let _place = place;
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = &mut connection => ended,
                asked = timeout(patience.first, asked.notified()) => match asked {
                    Ok(()) => connection.await,
                    Err(_) => return tracing::debug!(%peer, "a connection asked for nothing"),
                },
            };
            if let Err(error) = ended {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
        });
    }
    // Nobody else is taken.
    drop(door);
    connections.shutdown().await;
}

/// Where connections come in.
struct Door {
    listener: TcpListener,
    places: Arc<Semaphore>,
    /// When it was told last that there is no place.
    told: Option<Instant>,
}

impl Door {
    async fn take(&mut self) -> (Option<OwnedSemaphorePermit>, TcpStream, SocketAddr) {
        if self.places.available_permits() == 0 && self.told.is_none_or(|told| told.elapsed() > TOLD) {
            tracing::warn!("all connections are taken: who comes now waits until one ends");
            self.told = Some(Instant::now());
        }
        // The semaphore is never closed.
        let place = Arc::clone(&self.places).acquire_owned().await.ok();
        loop {
            match self.listener.accept().await {
                Ok((stream, peer)) => return (place, stream, peer),
                // Theirs, and gone.
                Err(error)
                    if matches!(
                        error.kind(),
                        io::ErrorKind::ConnectionRefused
                            | io::ErrorKind::ConnectionAborted
                            | io::ErrorKind::ConnectionReset
                    ) => {}
                Err(error) => {
                    tracing::error!(%error, "no connection can be taken");
                    tokio::time::sleep(RECOVERY).await;
                }
            }
        }
    }
}
