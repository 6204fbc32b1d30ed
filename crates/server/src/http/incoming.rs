//! A large body, read as it comes by code that waits.

use super::problem::Failure;
use axum::{
    extract::Request,
    http::{StatusCode, header},
};
use contract::code;
use futures_util::TryStreamExt as _;
use std::{
    io::{self, Read},
    sync::{Arc, OnceLock},
};
use tokio_util::io::{StreamReader, SyncIoBridge};

/// How reading a body went.
#[derive(Default)]
pub struct Outcome(Arc<OnceLock<Fault>>);

#[derive(Debug)]
enum Fault {
    TooLarge,
    BrokeOff,
}

impl Outcome {
    /// Whether all of the body came, as far as it was read.
    pub fn check(&self) -> Result<(), Failure> {
        match self.0.get() {
            None => Ok(()),
            Some(Fault::TooLarge) => Err(Failure::new(StatusCode::PAYLOAD_TOO_LARGE, code::BODY_TOO_LARGE)),
            Some(Fault::BrokeOff) => Err(Failure::new(StatusCode::BAD_REQUEST, code::INPUT_INVALID)
                .titled("The request broke off before its end.")),
        }
    }
}

/// The body as a file, of at most so many bytes. It is to be read where waiting is allowed, never in a task of the
/// runtime. It ends with an error once nobody has the outcome any more, so that who reads it stops with who asked.
pub fn incoming(request: Request, most: usize) -> (impl Read + Send + 'static, Outcome) {
    let outcome = Outcome::default();
    let (reading, mut left) = (Arc::downgrade(&outcome.0), most);
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > most) {
        left = 0;
    }
    let fault = move |fault: Fault| {
        let error = io::Error::other(format!("{fault:?}"));
        if let Some(outcome) = reading.upgrade() {
            let _ = outcome.set(fault);
        }
        error
    };
    let asking = Arc::downgrade(&outcome.0);
    let broke_off = fault.clone();
    let pieces = request.into_body().into_data_stream().map_err(move |_| broke_off(Fault::BrokeOff));
    let pieces = pieces.and_then(move |piece| {
        let fits = left.checked_sub(piece.len()).filter(|_| asking.strong_count() > 0);
        left = fits.unwrap_or(0);
        std::future::ready(fits.map(|_| piece).ok_or_else(|| fault(Fault::TooLarge)))
    });
    (SyncIoBridge::new(StreamReader::new(Box::pin(pieces))), outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn reading_ends_with_who_asked() {
        let pieces = || futures_util::stream::iter(["a", "b"].map(Ok::<_, io::Error>));
        for (is_asking, expected) in [(true, Some("ab")), (false, None)] {
            let (mut file, outcome) = incoming(Request::new(Body::from_stream(pieces())), 10);
            let outcome = is_asking.then_some(outcome);
            let read = move || io::read_to_string(&mut file).ok();
            assert_eq!(tokio::task::spawn_blocking(read).await.unwrap().as_deref(), expected);
            drop(outcome);
        }
    }
}
