//! How a file travels: which forms there are, how they are made, and which one a request takes.

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use brotli::{
    IoReaderWrapper, IoWriterWrapper,
    enc::{BrotliEncoderParams, StandardAlloc},
};
use release::compress::{self, BROTLI_WINDOW};
use sha2::{Digest as _, Sha256};
use std::io::{self, Write as _};

/// How a file travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// For everything that is old.
    Gzip,
    /// Zstandard.
    Zstd,
    /// The smallest without a dictionary.
    Brotli,
    /// Zstandard with a dictionary that has this SHA-256: the smallest for a small change.
    Dcz([u8; 32]),
    /// Brotli with such a dictionary: the smallest between files that share some code.
    Dcb([u8; 32]),
}

/// What a `dcz` body begins with (RFC 9842, 5): a skippable frame of 32 bytes, the dictionary's SHA-256.
const DCZ: [u8; 8] = [0x5e, 0x2a, 0x4d, 0x18, 0x20, 0, 0, 0];
/// What a `dcb` body begins with (RFC 9842, 4), before the dictionary's SHA-256.
const DCB: [u8; 4] = [0xff, 0x44, 0x43, 0x42];
/// zstd's strongest level that asks for no window above 8 MiB, which every decoder takes.
const ZSTD_LEVEL: i32 = 19;
const ZSTD_WINDOW: u32 = 23;

impl Encoding {
    /// What its file's name ends with.
    pub fn suffix(self) -> String {
        match self {
            Self::Identity => String::new(),
            Self::Gzip => ".gz".to_owned(),
            Self::Zstd => ".zst".to_owned(),
            Self::Brotli => ".br".to_owned(),
            Self::Dcz(dictionary) => format!(".{}.dcz", crate::secret::hex(&dictionary)),
            Self::Dcb(dictionary) => format!(".{}.dcb", crate::secret::hex(&dictionary)),
        }
    }

    /// `Content-Encoding`.
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Gzip => Some("gzip"),
            Self::Zstd => Some("zstd"),
            Self::Brotli => Some("br"),
            Self::Dcz(_) => Some("dcz"),
            Self::Dcb(_) => Some("dcb"),
        }
    }

    /// Whether it is a difference from a dictionary.
    pub fn is_delta(self) -> bool {
        matches!(self, Self::Dcz(_) | Self::Dcb(_))
    }

    /// What a request takes, the smallest first. The plain form is taken by everybody.
    pub fn taken_by(request: &HeaderMap) -> Vec<Self> {
        let mut taken = Vec::new();
        if let Some(dictionary) = dictionary(request) {
            let forms = [Self::Dcb(dictionary), Self::Dcz(dictionary)];
            taken.extend(forms.into_iter().filter(|form| form.is_taken_by(request)));
        }
        let forms = [Self::Brotli, Self::Zstd, Self::Gzip];
        taken.extend(forms.into_iter().filter(|form| form.is_taken_by(request)));
        taken.push(Self::Identity);
        taken
    }

    fn is_taken_by(self, request: &HeaderMap) -> bool {
        self.name().is_some_and(|name| takes(request, name))
    }
}

/// `Available-Dictionary: :<base64 of a SHA-256>:`
fn dictionary(request: &HeaderMap) -> Option<[u8; 32]> {
    let sent = request.get("available-dictionary")?.to_str().ok()?.trim();
    let base64 = sent.strip_prefix(':')?.strip_suffix(':')?;
    STANDARD.decode(base64).ok()?.try_into().ok()
}

fn takes(request: &HeaderMap, wanted: &str) -> bool {
    request.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|coding| {
            let (name, weight) = coding.split_once(';').unwrap_or((coding, ""));
            let refused =
                weight.split(';').filter_map(|parameter| parameter.split_once('=')).any(|(name, weight)| {
                    name.trim().eq_ignore_ascii_case("q") && weight.trim().parse() == Ok(0.0)
                });
            name.trim().eq_ignore_ascii_case(wanted) && !refused
        })
    })
}

/// Packs as small as the form can.
pub fn compress(form: Encoding, bytes: &[u8]) -> io::Result<Vec<u8>> {
    match form {
        Encoding::Identity | Encoding::Dcz(_) | Encoding::Dcb(_) => Ok(bytes.to_vec()),
        Encoding::Gzip => {
            let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
            writer.write_all(bytes)?;
            writer.finish()
        }
        Encoding::Zstd => zstd::encode_all(bytes, ZSTD_LEVEL),
        Encoding::Brotli => Ok(compress::brotli(bytes)),
    }
}

/// `bytes` as their difference from `dictionary`: bodies and how they are encoded, `dcz` last. The `dcb` is there when it
/// saves a hundredth or more.
pub fn deltas(bytes: &[u8], dictionary: &[u8]) -> io::Result<Vec<(Encoding, Vec<u8>)>> {
    let hash: [u8; 32] = Sha256::digest(dictionary).into();
    let zstd = dcz(bytes, dictionary, &hash)?;
    let brotli = dcb(bytes, dictionary, &hash)?.filter(|brotli| brotli.len() < zstd.len() - zstd.len() / 100);
    let brotli = brotli.map(|brotli| (Encoding::Dcb(hash), brotli));
    Ok(brotli.into_iter().chain([(Encoding::Dcz(hash), zstd)]).collect())
}

/// The body of a `dcb` answer. Dictionaries are a seldom used part of the library: what does not unpack to the same
/// bytes is not used.
fn dcb(bytes: &[u8], dictionary: &[u8], hash: &[u8; 32]) -> io::Result<Option<Vec<u8>>> {
    let mut body = [&DCB[..], hash].concat();
    let head = body.len();
    let (mut input, mut read, mut written) = (bytes, [0; 1 << 14], [0; 1 << 14]);
    let params = BrotliEncoderParams {
        quality: 11,
        lgwin: BROTLI_WINDOW,
        size_hint: bytes.len(),
        ..BrotliEncoderParams::default()
    };
    brotli::BrotliCompressCustomIoCustomDict(
        &mut IoReaderWrapper(&mut input),
        &mut IoWriterWrapper(&mut body),
        &mut read,
        &mut written,
        &params,
        StandardAlloc::default(),
        &mut |_, _, _, _| (),
        dictionary,
        io::ErrorKind::UnexpectedEof.into(),
    )?;
    Ok((undo_dcb(&body[head..], dictionary)? == bytes).then_some(body))
}

fn undo_dcb(mut packed: &[u8], dictionary: &[u8]) -> io::Result<Vec<u8>> {
    let (mut bytes, mut read, mut written) = (Vec::new(), [0; 1 << 14], [0; 1 << 14]);
    brotli::BrotliDecompressCustomIoCustomDict(
        &mut IoReaderWrapper(&mut packed),
        &mut IoWriterWrapper(&mut bytes),
        &mut read,
        &mut written,
        StandardAlloc::default(),
        StandardAlloc::default(),
        StandardAlloc::default(),
        dictionary.to_vec().into(),
        io::ErrorKind::UnexpectedEof.into(),
    )?;
    Ok(bytes)
}

/// The body of a `dcz` answer.
fn dcz(bytes: &[u8], dictionary: &[u8], hash: &[u8; 32]) -> io::Result<Vec<u8>> {
    let body = [&DCZ[..], hash].concat();
    let mut writer = zstd::stream::write::Encoder::with_ref_prefix(body, ZSTD_LEVEL, dictionary)?;
    writer.window_log(ZSTD_WINDOW)?;
    writer.set_pledged_src_size(Some(bytes.len() as u64))?;
    writer.write_all(bytes)?;
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};
    use std::io::Read as _;

    fn noise(seed: u32, count: usize) -> Vec<u8> {
        let mut state = seed;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        };
        (0..count).map(|_| next()).collect()
    }

    #[test]
    fn a_small_change_of_a_large_file_is_small() {
        let old = noise(1, 200_000);
        let mut new = old.clone();
        new.splice(100_000..100_010, *b"something else");
        let made = deltas(&new, &old).unwrap();
        let (encoding, body) = made.last().unwrap();
        assert_eq!(encoding.name(), Some("dcz"));
        assert!(body.len() < 400, "{}", body.len());
        assert_eq!((&body[..8], &body[8..40]), (&DCZ[..], &Sha256::digest(&old)[..]));
        let mut reader = zstd::stream::read::Decoder::with_ref_prefix(&body[40..], &old).unwrap();
        let mut back = Vec::new();
        reader.read_to_end(&mut back).unwrap();
        assert!(back == new);
    }

    #[test]
    fn what_is_made_with_a_dictionary_is_the_same_again() {
        let words = b"the quick brown fox jumps over the lazy dog and the other way round ".repeat(40);
        for (bytes, dictionary) in [
            (noise(2, 100), noise(3, 100_000)),
            (Vec::new(), words.clone()),
            (words.clone(), b"x".to_vec()),
            ([noise(4, 3_000), words.clone()].concat(), words.clone()),
            (noise(5, 300_000), noise(5, 300_000)),
        ] {
            let hash = Sha256::digest(&dictionary).into();
            let body = dcb(&bytes, &dictionary, &hash).unwrap().expect("it unpacks to the same bytes");
            assert_eq!((&body[..4], &body[4..36]), (&DCB[..], &hash[..]));
            assert!(undo_dcb(&body[36..], &dictionary).unwrap() == bytes);
        }
    }

    #[track_caller]
    fn check(headers: &[(&'static str, &'static str)], expected: &[Option<&str>]) {
        let headers: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        let taken = Encoding::taken_by(&headers);
        assert_eq!(taken.iter().map(|form| form.name()).collect::<Vec<_>>(), expected, "{headers:?}");
    }

    #[test]
    fn what_a_request_takes() {
        const HASH: &str = ":pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=:";
        check(&[], &[None]);
        check(
            &[("accept-encoding", "gzip, deflate, br, zstd")],
            &[Some("br"), Some("zstd"), Some("gzip"), None],
        );
        check(&[("accept-encoding", "br;q=0, GZIP;q=0.5")], &[Some("gzip"), None]);
        check(&[("accept-encoding", "dcz")], &[None]);
        check(
            &[("accept-encoding", "br, dcz"), ("available-dictionary", HASH)],
            &[Some("dcz"), Some("br"), None],
        );
        check(
            &[("accept-encoding", "br, dcb, dcz"), ("available-dictionary", HASH)],
            &[Some("dcb"), Some("dcz"), Some("br"), None],
        );
        check(&[("accept-encoding", "br"), ("available-dictionary", HASH)], &[Some("br"), None]);
        for wrong in ["", ":", "::", ":AAAA:", "pZGm1Av0IEBKARczz7exkNYsZb8LzaMrV7J32a2fFG4=", ":../../x:"] {
            check(&[("accept-encoding", "dcz"), ("available-dictionary", wrong)], &[None]);
        }
    }
}
