//! Connections: taken, answered, ended.
//!
//! Each is a task of its own, so that who sends or reads slowly keeps nobody else waiting.

use axum::{Router, extract::ConnectInfo, extract::Request};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{io, net::SocketAddr, time::Duration};
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// What is waited when no connection can be taken, such as for want of file handles.
const RECOVERY: Duration = Duration::from_secs(1);

/// For how many times the patience with a request somebody may take nothing of their answer: a minute by default, as with
/// nginx's `send_timeout`.
const UNREAD: u32 = 2;

/// How long connections may take.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// With a request.
    pub request: Duration,
    /// Until the next request has come, or the first: a proxy that keeps a connection for longer finds it closed when it sends
    /// somebody's order on it.
    pub keep_alive: Duration,
}

/// Answers by `app` until `stop`, and then what is on its way. A connection is closed on which no whole head of a request comes
/// within `keep_alive`, and one that takes nothing of its answer for twice the patience with a request.
pub async fn serve(listener: TcpListener, app: Router, patience: Patience, stop: impl Future<Output = ()>) {
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(patience.keep_alive);
    let connections = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let (stream, peer) = tokio::select! {
            taken = take(&listener) => taken,
            () = &mut stop => break,
        };
        let app = app.clone();
        let answer = service_fn(move |request: Request<Incoming>| {
            let mut request = request;
            request.extensions_mut().insert(ConnectInfo(peer));
            app.clone().oneshot(request)
        });
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(patience.request * UNREAD));
        let connection = protocol.serve_connection(TokioIo::new(Box::pin(stream)), answer);
        let connection = connections.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, %peer, "a connection ended early");
            }
        });
    }
    // Nobody else is taken.
    drop(listener);
    connections.shutdown().await;
}

async fn take(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(taken) => return taken,
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
