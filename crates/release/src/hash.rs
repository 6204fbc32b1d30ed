//! Hashes of files and of whole releases.

use crate::Files;
use base64::{Engine, engine::general_purpose::STANDARD};
use contract::release::File;
use sha2::{Digest, Sha256, Sha384};
use std::fmt::Write;

/// `sha384-<base64>`, as the `integrity` attribute and `fetch` take it.
pub fn integrity(bytes: &[u8]) -> String {
    format!("sha384-{}", STANDARD.encode(Sha384::digest(bytes)))
}

/// Size and hash of a file.
pub fn file(bytes: &[u8]) -> File {
    File { size: bytes.len() as u64, integrity: integrity(bytes) }
}

/// Twelve hexadecimal digits of the SHA-256 over sorted names and bytes.
///
/// Lengths go in as well, so that moving bytes from one file to the next changes the hash.
pub fn content(files: &Files) -> String {
    let mut hash = Sha256::new();
    for (name, bytes) in files {
        for part in [name.as_bytes(), bytes] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part);
        }
    }
    hash.finalize()[..6].iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integrity_is_what_browsers_compute() {
        // From the example of the Subresource Integrity recommendation: `alert('Hello, world.');`
        assert_eq!(
            integrity(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }

    #[test]
    fn the_content_hash_sees_every_difference() {
        let release = |files: &[(&str, &str)]| {
            content(
                &files.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect(),
            )
        };
        let hashes = [
            release(&[]),
            release(&[("a", "bc")]),
            release(&[("ab", "c")]),
            release(&[("a", "b"), ("c", "")]),
            release(&[("a", "bd")]),
        ];
        for (i, hash) in hashes.iter().enumerate() {
            assert_eq!(hash.len(), 12);
            assert!(!hashes[..i].contains(hash), "{hash} twice");
        }
        assert_eq!(release(&[("x", "1"), ("y", "2")]), release(&[("y", "2"), ("x", "1")]));
    }
}
