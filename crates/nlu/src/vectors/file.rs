//! The file of vectors.

use super::{MOST_DIMENSIONS, Shared, Vectors, VectorsError, layer::Layer, pieces::Pieces};
use crate::hash::Hash;
use crate::pace::Pace;
use crate::wire::{Reader, Writer};

const MAGIC: &[u8] = b"menagerie vectors\n";
/// The version of the file. A file of another one is refused by name.
pub(super) const VERSION: u32 = 1;
/// What a letter of the vocabulary costs: most are nodes of their own.
const LETTER: usize = 20;

/// A file of vectors that was looked at and is sound; of it [`Vectors`] are made.
#[derive(Debug)]
pub struct File {
    vocabulary: String,
    values: Vec<u8>,
    dimensions: usize,
    layer: Option<Layer>,
    fingerprint: u32,
}

impl File {
    /// Makes one file of a vocabulary, one piece a line, of its vectors, and of their layer where there is one.
    pub fn write(vocabulary: &str, values: &[u8], layer: Option<&[u8]>) -> Vec<u8> {
        let mut out = Writer::default();
        out.bytes(MAGIC);
        out.number(VERSION);
        out.text(vocabulary);
        out.bytes(values);
        out.flags([layer.is_some()]);
        out.bytes(layer.unwrap_or_default());
        out.finish()
    }

    /// Reads what [`File::write`] wrote.
    pub fn read(bytes: &[u8]) -> Result<Self, VectorsError> {
        let mut reader = Reader::new(bytes);
        if reader.bytes() != MAGIC {
            return Err(VectorsError::Foreign);
        }
        let version = reader.number();
        if reader.sound(version)? != VERSION {
            return Err(VectorsError::Version(version));
        }
        let vocabulary = core::str::from_utf8(reader.bytes());
        reader.expect(vocabulary.is_ok());
        let (vocabulary, values) = (vocabulary.unwrap_or_default(), reader.bytes());
        let ([is_layered], layer) = (reader.flags(), reader.bytes());
        reader.sound(())?;
        let pieces = vocabulary.lines().count();
        if pieces == 0 || values.is_empty() || !values.len().is_multiple_of(pieces) {
            return Err(VectorsError::Values { bytes: values.len(), pieces });
        }
        let dimensions = values.len() / pieces * 2;
        if dimensions > MOST_DIMENSIONS {
            return Err(VectorsError::Dimensions(dimensions));
        }
        let layer = is_layered.then(|| Layer::read(layer, dimensions)).transpose()?;
        let (vocabulary, values) = (vocabulary.to_owned(), values.to_vec());
        Ok(Self { vocabulary, values, dimensions, layer, fingerprint: fingerprint(bytes) })
    }

    /// Makes the vocabulary ready to be searched, which takes some milliseconds.
    pub(crate) async fn open(self, pace: &mut Pace) -> Vectors {
        let mut pieces = Pieces::new();
        for (number, piece) in (0..).zip(self.vocabulary.lines()) {
            pieces.add(piece, number);
            pace.spend(piece.len() * LETTER).await;
        }
        let Self { values, dimensions, layer, fingerprint, .. } = self;
        Vectors::of(Shared { pieces, values, dimensions, layer, fingerprint })
    }
}

/// The name under which a release carries a file of vectors, so that an agent's file leads to its own.
pub fn name(fingerprint: u32) -> String {
    ["words.", &fingerprint.to_string(), ".vectors"].concat()
}

/// Tells files of vectors apart; never 0.
fn fingerprint(bytes: &[u8]) -> u32 {
    bytes.iter().fold(Hash::new(VERSION), |hash, byte| hash.byte(*byte)).finish().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_whole_file_is_refused_by_what_it_is() {
        let whole = File::write("up\ndown\n", &[0x89, 0x98], None);
        let refused = |bytes: &[u8]| File::read(bytes).map(|_| ()).unwrap_err();
        assert_eq!(refused(b""), VectorsError::Foreign);
        assert_eq!(refused(b"menagerie agent\n"), VectorsError::Foreign);
        let mut newer = whole.clone();
        newer[1 + MAGIC.len()] = 9;
        assert_eq!(refused(&newer), VectorsError::Version(9));
        for length in 2 + MAGIC.len()..whole.len() {
            assert!(matches!(refused(&whole[..length]), VectorsError::Damaged(_)), "{length}");
        }
        let mut foreign = whole.clone();
        foreign[3 + MAGIC.len()] = 0xFF;
        assert!(matches!(refused(&foreign), VectorsError::Damaged(_)));
        let odd = File::write("up\ndown\n", &[1, 2, 3], None);
        assert_eq!(refused(&odd), VectorsError::Values { bytes: 3, pieces: 2 });
        assert_eq!(refused(&File::write("up\n", &[0; 2_049], None)), VectorsError::Dimensions(4_098));
    }

    #[test]
    fn other_vectors_have_another_fingerprint() {
        let of =
            |values: &[u8]| Vectors::from_bytes(&File::write("up\n", values, None)).unwrap().fingerprint();
        assert_eq!(of(&[0x89]), of(&[0x89]));
        assert_ne!(of(&[0x89]), of(&[0x98]));
    }
}
