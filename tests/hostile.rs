//! Between browser and server: passes everything on, and damages what it is told to damage.

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderValue, Response, StatusCode, header},
};
use futures_util::stream;
use reqwest::Client;
use std::{
    convert::Infallible,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// What can happen to a file on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is not there, or the server fails.
    Status(u16),
    /// A page of a proxy or a sign-in in its place, as a success.
    Html,
    /// The connection breaks in the middle.
    Truncated,
    /// A type that is not its own.
    WrongType,
    /// One byte is another one.
    FlippedByte,
    /// No answer at all.
    Silent,
    /// No answer until it is healed.
    Held,
    /// A first byte, and then nothing more.
    Stuck,
    /// A byte now and then, but it goes on.
    Slow,
    /// Sent on to [`Hostile::send_on_to`], whose answers other sites may not read.
    RefusedByCors,
    /// What lies on the server at [`Hostile::send_on_to`] in its place: the file of another release.
    OfAnother,
}

struct Shared {
    origin: String,
    client: Client,
    faults: Mutex<Vec<(String, Fault)>>,
    asked: Mutex<Vec<String>>,
    elsewhere: Mutex<String>,
}

/// A server in front of the server. It ends when this is dropped.
pub struct Hostile {
    origin: String,
    shared: Arc<Shared>,
    serving: JoinHandle<()>,
}

impl Hostile {
    /// Stands in front of `origin`.
    pub async fn before(origin: &str) -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).build().expect("a client");
        let shared = Arc::new(Shared {
            origin: origin.to_owned(),
            client,
            faults: Mutex::default(),
            asked: Mutex::default(),
            elsewhere: Mutex::default(),
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let own = listener.local_addr().expect("an address");
        let router = Router::new().fallback(pass).with_state(shared.clone());
        let serving = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Self { origin: format!("http://{own}"), shared, serving }
    }

    /// Where the browser should go.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// From now on, every path that contains `part` is damaged.
    pub fn damage(&self, part: &str, fault: Fault) {
        lock(&self.shared.faults).push((part.to_owned(), fault));
    }

    /// Where [`Fault::RefusedByCors`] leads, another origin; or [`Fault::OfAnother`], another path.
    pub fn send_on_to(&self, place: &str) {
        place.clone_into(&mut lock(&self.shared.elsewhere));
    }

    /// Nothing is damaged any more.
    pub fn heal(&self) {
        lock(&self.shared.faults).clear();
    }

    /// The paths that were asked for, with their queries, since the last time.
    pub fn take_asked(&self) -> Vec<String> {
        std::mem::take(&mut *lock(&self.shared.asked))
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn pass(State(shared): State<Arc<Shared>>, request: Request) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path_and_query().map_or("/", |path| path.as_str()).to_owned();
    lock(&shared.asked).push(path.clone());
    let fault_now = || {
        lock(&shared.faults).iter().find(|(part, _)| path.contains(part.as_str())).map(|(_, fault)| *fault)
    };
    while fault_now() == Some(Fault::Held) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let fault = fault_now();
    if fault == Some(Fault::Silent) {
        std::future::pending::<()>().await;
    }
    let asked = if fault == Some(Fault::OfAnother) { lock(&shared.elsewhere).clone() } else { path.clone() };
    let (status, headers, body) = match forward(&shared, request, &asked).await {
        Ok(answer) => answer,
        Err(error) => return Ok(plain(StatusCode::BAD_GATEWAY, "text/plain", error.to_string())),
    };
    let mut response = match fault {
        None => Response::new(body.into()),
        Some(Fault::Status(code)) => {
            let status = StatusCode::from_u16(code).expect("a status");
            return Ok(plain(status, "text/plain", "no".to_owned()));
        }
        Some(Fault::Html) => {
            return Ok(plain(
                StatusCode::OK,
                "text/html",
                "<!doctype html><h1>Sign in to the Wi-Fi</h1>".to_owned(),
            ));
        }
        Some(Fault::RefusedByCors) => {
            let mut response = plain(StatusCode::FOUND, "text/plain", String::new());
            let address = HeaderValue::from_str(&lock(&shared.elsewhere)).expect("an origin");
            response.headers_mut().insert(header::LOCATION, address);
            return Ok(response);
        }
        Some(Fault::WrongType | Fault::Silent | Fault::Held | Fault::OfAnother) => Response::new(body.into()),
        Some(Fault::FlippedByte) => Response::new(flipped(&body).into()),
        Some(Fault::Truncated) => Response::new(cut(&body)),
        Some(Fault::Stuck) => Response::new(stuck(&body)),
        Some(Fault::Slow) => Response::new(slow(body)),
    };
    *response.status_mut() = status;
    *response.headers_mut() = headers;
    if fault == Some(Fault::WrongType) {
        response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    }
    Ok(response)
}

async fn forward(
    shared: &Shared,
    request: Request,
    path: &str,
) -> Result<(StatusCode, axum::http::HeaderMap, Bytes), Box<dyn std::error::Error + Send + Sync>> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, usize::MAX).await?;
    let mut headers = parts.headers;
    // Bytes are damaged here, so they have to be readable here.
    headers.remove(header::ACCEPT_ENCODING);
    headers.remove(header::CONNECTION);
    let address = format!("{}{path}", shared.origin);
    let answer = shared.client.request(parts.method, address).headers(headers).body(body).send().await?;
    let status = answer.status();
    let mut headers = answer.headers().clone();
    for name in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING, header::CONNECTION] {
        headers.remove(name);
    }
    Ok((status, headers, answer.bytes().await?))
}

fn plain(status: StatusCode, content_type: &'static str, text: String) -> Response<Body> {
    let mut response = Response::new(Body::from(text));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    // Unkind as can be: the browser may keep it for ever.
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    response
}

/// A digit of a comment or a name: what stays JavaScript, wasm or CSS in form is the hardest to notice.
fn flipped(body: &Bytes) -> Vec<u8> {
    let mut bytes = body.to_vec();
    let last = bytes.iter().rposition(u8::is_ascii_lowercase).or(bytes.len().checked_sub(1));
    if let Some(last) = last {
        bytes[last] ^= 1;
    }
    bytes
}

fn cut(body: &Bytes) -> Body {
    let half = body.slice(..body.len() / 2);
    Body::from_stream(stream::iter([Ok(half), Err(io::Error::other("the connection broke"))]))
}

fn stuck(body: &Bytes) -> Body {
    let first = body.slice(..body.len().min(1));
    Body::from_stream(stream::unfold(Some(first), |first| async move {
        match first {
            Some(first) => Some((Ok::<_, Infallible>(first), None)),
            None => std::future::pending().await,
        }
    }))
}

/// In eight pieces, half a second apart: longer altogether than any of the short deadlines.
fn slow(body: Bytes) -> Body {
    let piece = body.len().div_ceil(8).max(1);
    Body::from_stream(stream::unfold(body, move |mut left| async move {
        if left.is_empty() {
            return None;
        }
        tokio::time::sleep(Duration::from_millis(500)).await;
        let next = left.split_to(piece.min(left.len()));
        Some((Ok::<_, Infallible>(next), left))
    }))
}
