//! A server next door that answers what a test tells it to: it stands for Reddit, and for webhooks.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, StatusCode, Uri},
    response::{IntoResponse as _, Response},
};
use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::net::TcpListener;

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Seen {
    pub method: Method,
    pub uri: Uri,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// An answer to give.
#[derive(Clone, Debug)]
pub struct Told {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub body: String,
    /// Waits before it answers.
    pub after: Duration,
}

impl Told {
    pub fn json(body: impl Into<String>) -> Self {
        Self::status(200, body)
    }

    pub fn status(status: u16, body: impl Into<String>) -> Self {
        let headers = vec![("content-type", "application/json".to_owned())];
        Self { status, headers, body: body.into(), after: Duration::ZERO }
    }

    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }

    pub fn after(self, after: Duration) -> Self {
        Self { after, ..self }
    }
}

#[derive(Default)]
struct Inner {
    seen: Vec<Seen>,
    next: VecDeque<Told>,
    always: Option<Told>,
}

/// The server next door.
#[derive(Clone)]
pub struct Neighbour {
    pub origin: String,
    inner: Arc<Mutex<Inner>>,
}

impl Neighbour {
    pub async fn open() -> Self {
        let inner = Arc::new(Mutex::new(Inner::default()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let app = Router::new().fallback(answer).with_state(Arc::clone(&inner));
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { origin, inner }
    }

    /// What it answers next, once; in order.
    pub fn next(&self, answers: impl IntoIterator<Item = Told>) {
        self.inner.lock().unwrap().next.extend(answers);
    }

    /// What it answers when nothing else is told.
    pub fn always(&self, answer: Told) {
        self.inner.lock().unwrap().always = Some(answer);
    }

    /// What it was asked since the last time.
    pub fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.inner.lock().unwrap().seen)
    }
}

async fn answer(State(inner): State<Arc<Mutex<Inner>>>, request: Request<Body>) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap();
    let told = {
        let mut inner = inner.lock().unwrap();
        inner.seen.push(Seen { method: parts.method, uri: parts.uri, headers: parts.headers, body });
        inner.next.pop_front().or(inner.always.clone())
    };
    let Some(told) = told else { return StatusCode::NOT_IMPLEMENTED.into_response() };
    tokio::time::sleep(told.after).await;
    let mut response = Response::builder().status(told.status);
    for (name, value) in &told.headers {
        response = response.header(*name, value);
    }
    response.body(Body::from(told.body)).unwrap()
}
