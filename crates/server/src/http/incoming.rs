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
#[derive(Clone, Default)]
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
/// runtime.
pub fn incoming(request: Request, most: usize) -> (impl Read + Send + 'static, Outcome) {
    let outcome = Outcome::default();
    let (reading, mut left) = (outcome.clone(), most);
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    if announced.and_then(|length| length.parse().ok()).is_some_and(|length: usize| length > most) {
        left = 0;
    }
    let fault = move |fault: Fault| {
        let error = io::Error::other(format!("{fault:?}"));
        let _ = reading.0.set(fault);
        error
    };
    let broke_off = fault.clone();
    let pieces = request.into_body().into_data_stream().map_err(move |_| broke_off(Fault::BrokeOff));
    let pieces = pieces.and_then(move |piece| {
        let fits = left.checked_sub(piece.len());
        left = fits.unwrap_or(0);
        std::future::ready(fits.map(|_| piece).ok_or_else(|| fault(Fault::TooLarge)))
    });
    (SyncIoBridge::new(StreamReader::new(Box::pin(pieces))), outcome)
}
