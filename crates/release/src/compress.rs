//! Brotli at its best: as the server sends files, and as budgets count them.

use brotli::enc::BrotliEncoderParams;

/// The largest window that every browser takes, 2^22 bytes.
pub const BROTLI_WINDOW: i32 = 22;
/// Files of so many bytes are tried with a lower quality, too: the best one splits files of numbers badly, the worse the larger
/// they are (803 KB of 1,770 for 743, where files of code gain a thirtieth by it).
const LARGE: usize = 1 << 20;

/// Packs as small as it can be.
pub fn brotli(bytes: &[u8]) -> Vec<u8> {
    let best = packed(bytes, 11);
    if bytes.len() < LARGE {
        return best;
    }
    let other = packed(bytes, 10);
    if other.len() < best.len() { other } else { best }
}

fn packed(mut bytes: &[u8], quality: i32) -> Vec<u8> {
    let params = BrotliEncoderParams {
        quality,
        lgwin: BROTLI_WINDOW,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    let mut out = Vec::new();
    // Reading from memory and writing into it do not fail.
    let _ = brotli::BrotliCompress(&mut bytes, &mut out, &params);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_is_small_and_comes_back() {
        let numbers: Vec<u8> =
            (0..LARGE as u32 / 4).flat_map(|i| i.wrapping_mul(0x9E37_79B1).to_le_bytes()).collect();
        for (bytes, most) in [(b"menagerie ".repeat(100), 40), (Vec::new(), 1), (numbers, LARGE + 100)] {
            let small = brotli(&bytes);
            assert!(small.len() <= most, "{} of {}", small.len(), bytes.len());
            let mut back = Vec::new();
            brotli::BrotliDecompress(&mut small.as_slice(), &mut back).unwrap();
            assert!(back == bytes);
        }
    }
}
