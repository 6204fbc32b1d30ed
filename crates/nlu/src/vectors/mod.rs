//! Vectors of word pieces: what words mean, learnt elsewhere and kept small. English ones: of other languages' sentences they
//! would see pieces that mean nothing.
//!
//! A vocabulary of word pieces as BERT has it (one a line, `##` inside words), and for each piece its
//! vector in steps of four bits: byte k holds dimension 2k in its low half and 2k + 1 in its high half,
//! each plus 8.
//!
//! A layer, where there is one, makes of the sum of a sentence's pieces where a sentence encoder would put the sentence: what
//! words mean together is more than their sum. It is a deep averaging network of one hidden layer beside the sum itself (Iyyer,
//! Manjunatha, Boyd-Graber and Daumé 2015, Deep Unordered Composition Rivals Syntactic Methods for Text Classification).

pub mod file;
mod layer;
mod pieces;

use crate::language::Token;
use crate::pace::{self, Pace};
use crate::wire::Damaged;
use file::{File, VERSION};
use layer::Layer;
use pieces::Pieces;
use std::sync::Arc;

/// So many of a sentence's first dimensions, which tell the most, are multiplied with one another.
const MULTIPLIED: usize = 40;
/// How long they are before that: the products together are as long as its square.
const MULTIPLIED_LENGTH: f32 = 0.8;

/// Sentence encoders have a thousand; more than these a model file does not have.
const MOST_DIMENSIONS: usize = 4_096;

/// A vocabulary with its vectors. Copies share them.
#[derive(Debug, Clone)]
pub struct Vectors(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    pieces: Pieces,
    values: Vec<u8>,
    dimensions: usize,
    layer: Option<Layer>,
    fingerprint: u32,
}

/// Why vectors could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorsError {
    /// Not vectors at all.
    #[error("this is no file of vectors: it does not begin with `menagerie vectors`")]
    Foreign,
    /// Made by another version.
    #[error("this file of vectors is of version {0}, this program reads version {VERSION}")]
    Version(u32),
    /// Cut off or changed.
    #[error("this file of vectors is damaged at byte {0}")]
    Damaged(usize),
    /// The vectors.
    #[error("the vectors hold {bytes} bytes, which is no whole number of vectors for {pieces} word pieces")]
    Values {
        /// The bytes that there are.
        bytes: usize,
        /// The pieces of the vocabulary.
        pieces: usize,
    },
    /// More than a model file can have.
    #[error("the vectors have {0} dimensions; at most {MOST_DIMENSIONS} are read")]
    Dimensions(usize),
    /// The layer.
    #[error("the layer holds {bytes} bytes; expected three steps of four bytes, and {unit} for each unit")]
    Layer {
        /// The bytes that there are.
        bytes: usize,
        /// Those of a unit: a weight in and a weight out for each dimension, and a bias.
        unit: usize,
    },
    /// A step is no number above 0.
    #[error("the layer's step at byte {at} is no number above 0")]
    Step {
        /// Where it is.
        at: usize,
    },
}

impl From<Damaged> for VectorsError {
    fn from(damaged: Damaged) -> Self {
        Self::Damaged(damaged.at)
    }
}

impl Vectors {
    fn of(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Reads a file of vectors; see [`File::write`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, VectorsError> {
        Ok(pace::at_once(File::read(bytes)?.open(&mut Pace::default())))
    }

    /// Numbers in each vector.
    pub fn dimensions(&self) -> usize {
        self.0.dimensions
    }

    /// Tells vectors apart; what was learnt with some understands nothing with others. Never 0.
    pub fn fingerprint(&self) -> u32 {
        self.0.fingerprint
    }

    /// How many numbers a sentence has with the products behind its vector.
    pub fn with_products(&self) -> usize {
        let multiplied = self.0.dimensions.min(MULTIPLIED);
        self.0.dimensions + multiplied * (multiplied + 1) / 2
    }

    /// Where a sentence lies, of length one: the sum of its pieces' vectors, with what the layer makes of it. Zero for a
    /// sentence without known pieces. Behind it, the products of its first dimensions, by which linear machines learn what a
    /// polynomial kernel of degree two would (Chang, Hsieh, Chang, Ringgaard and Lin, "Training and testing low-degree polynomial
    /// data mappings via linear SVM", JMLR 2010).
    pub fn sentence(&self, tokens: &[Token]) -> Vec<f32> {
        let mut sum = vec![0f32; self.0.dimensions];
        for token in tokens {
            for word in token.folded.split('\'') {
                self.add_word(word, &mut sum);
            }
        }
        let is_known = scale(&mut sum, 1.0);
        if let Some(layer) = self.0.layer.as_ref().filter(|_| is_known) {
            // Numbers around one, as the layer learnt them.
            scale(&mut sum, (self.0.dimensions as f32).sqrt());
            sum = layer.apply(&sum);
            scale(&mut sum, 1.0);
        }
        let mut first: Vec<f32> = sum.iter().take(MULTIPLIED).copied().collect();
        scale(&mut first, MULTIPLIED_LENGTH);
        for (i, one) in first.iter().enumerate() {
            for other in first.iter().take(i) {
                sum.push(one * other * core::f32::consts::SQRT_2);
            }
            sum.push(one * one);
        }
        sum
    }

    fn add_word(&self, word: &str, sum: &mut [f32]) {
        let width = self.0.dimensions / 2;
        for piece in self.0.pieces.of(word) {
            let at = piece as usize * width;
            for (pair, byte) in sum.chunks_exact_mut(2).zip(&self.0.values[at..at + width]) {
                pair[0] += f32::from(byte & 15) - 8.0;
                pair[1] += f32::from(byte >> 4) - 8.0;
            }
        }
    }
}

/// Makes a vector as long as said, unless it is zero; whether it is not.
fn scale(vector: &mut [f32], length: f32) -> bool {
    let now = vector.iter().map(|x| x * x).sum::<f32>().sqrt();
    if now > 0.0 {
        vector.iter_mut().for_each(|x| *x *= length / now);
    }
    now > 0.0
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tokenise;

    /// Two dimensions: "up" is (1, 0), "down" is (0, 1), "##s" is (−1, 0).
    fn vectors() -> Vectors {
        of(None).unwrap()
    }

    fn with_layer(layer: &[u8]) -> Result<Vectors, VectorsError> {
        of(Some(layer))
    }

    fn of(layer: Option<&[u8]>) -> Result<Vectors, VectorsError> {
        Vectors::from_bytes(&File::write("up\ndown\n##s\n", &[0x89, 0x98, 0x87], layer))
    }

    /// One unit: what it takes in, its bias and what it gives out, in steps of .5, 1 and 2.
    fn layer(unit: [i8; 5]) -> Vec<u8> {
        let steps = [0.5f32, 1.0, 2.0].into_iter().flat_map(f32::to_le_bytes);
        steps.chain(unit.map(i8::cast_unsigned)).collect()
    }

    fn check(vectors: &Vectors, sentence: &str, expected: [f32; 2]) {
        let found = vectors.sentence(&tokenise(sentence));
        let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
        assert!(near, "{sentence}: {found:?}, expected {expected:?}");
    }

    #[test]
    fn the_products_of_two_sentences_are_the_square_of_theirs() {
        let vectors = vectors();
        let of = |sentence: &str| vectors.sentence(&tokenise(sentence));
        let times = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
        let (one, other) = (of("up up down"), of("up down down"));
        assert_eq!((one.len(), vectors.with_products()), (5, 5));
        let expected = times(&one[..2], &other[..2]).powi(2) * MULTIPLIED_LENGTH.powi(4);
        assert!((times(&one[2..], &other[2..]) - expected).abs() < 1e-5, "{one:?} {other:?}");
        assert_eq!(of("sideways"), [0.0; 5]);
    }

    #[test]
    fn a_sentence_is_the_sum_of_its_pieces() {
        let half = 0.5f32.sqrt();
        check(&vectors(), "up", [1.0, 0.0]);
        check(&vectors(), "Up, down!", [half, half]);
        check(&vectors(), "ups", [0.0, 0.0]);
        check(&vectors(), "sideways", [0.0, 0.0]);
    }

    #[test]
    fn a_layer_adds_what_its_units_give() {
        // √2 · 2 · .5 − 1 = .414, times (0, 3 · 2): beside (√2, 0).
        let moved = with_layer(&layer([2, 0, -1, 0, 3])).unwrap();
        check(&moved, "up", [0.4945, 0.8692]);
        // A unit that is not moved gives nothing.
        check(&moved, "down", [0.0, 1.0]);
        // Of nothing nothing is made.
        let always = with_layer(&layer([0, 0, 1, 1, 1])).unwrap();
        check(&always, "sideways", [0.0, 0.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |bytes: &[u8]| with_layer(bytes).unwrap_err().to_string();
        let whole = layer([1, 2, 3, 4, 5]);
        for bytes in [&whole[..0], &whole[..12], &whole[..16]] {
            assert!(refused(bytes).contains("5 for each unit"), "{}", refused(bytes));
        }
        let mut endless = whole.clone();
        endless[4..8].copy_from_slice(&f32::NAN.to_le_bytes());
        assert!(refused(&endless).contains("at byte 4"));
    }
}
