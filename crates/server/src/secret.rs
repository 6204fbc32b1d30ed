//! Random tokens, and the hashes under which they are kept.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

/// The machine has no randomness to give.
#[derive(Debug, thiserror::Error)]
#[error("no randomness to be had: {0}")]
pub struct NoRandomness(getrandom::Error);

/// 256 random bits, in characters that fit into an address and a cookie.
pub fn token() -> Result<String, NoRandomness> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

/// `count` characters that people do not mix up.
pub fn readable(count: usize) -> Result<String, NoRandomness> {
    const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    let mut bytes = vec![0; count];
    getrandom::fill(&mut bytes).map_err(NoRandomness)?;
    Ok(bytes.into_iter().map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()])).collect())
}

/// The SHA-256 in hexadecimal. It is what is kept of a token: nobody who reads the database can use it. A token has 256 random
/// bits, so no salt and no slow hash are needed.
pub fn hash(bytes: impl AsRef<[u8]>) -> String {
    hex(&Sha256::digest(bytes))
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes behind hexadecimal digits; nothing for anything else.
pub fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|at| u8::from_str_radix(text.get(at..at + 2)?, 16).ok()).collect()
}

/// 32 random bits, for choosing among things.
pub fn random() -> Result<u32, NoRandomness> {
    getrandom::u32().map_err(NoRandomness)
}
