//! Vectors of word pieces: what words mean, learnt elsewhere and kept small.
//!
//! A vocabulary of word pieces as BERT has it (one a line, `##` inside words), and for each piece its
//! vector in steps of four bits: byte k holds dimension 2k in its low half and 2k + 1 in its high half,
//! each plus 8.
//!
//! A layer, where there is one, makes of the sum of a sentence's pieces where a sentence encoder would put the sentence: what
//! words mean together is more than their sum. It is a deep averaging network of one hidden layer beside the sum itself (Iyyer,
//! Manjunatha, Boyd-Graber and Daumé 2015, Deep Unordered Composition Rivals Syntactic Methods for Text Classification).

use crate::language::Token;
use std::collections::BTreeMap;

/// A vocabulary with its vectors.
#[derive(Debug, Clone)]
pub struct Vectors {
    pieces: BTreeMap<String, u32>,
    values: Vec<u8>,
    dimensions: usize,
    layer: Option<Layer>,
}

/// The hidden layer, so that the processor does several units at once.
#[derive(Debug, Clone)]
struct Layer {
    /// For each dimension, how much each unit takes of it.
    taken: Vec<f32>,
    /// Of each unit.
    biases: Vec<f32>,
    /// For each unit, how much it gives to each dimension.
    given: Vec<f32>,
}

/// Of the weights that take, of the biases, of the weights that give.
const STEPS: usize = 3;

/// Why vectors could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VectorsError {
    /// The vectors.
    #[error("the vectors hold {bytes} bytes, which is no whole number of vectors for {pieces} word pieces")]
    Values {
        /// The bytes that there are.
        bytes: usize,
        /// The pieces of the vocabulary.
        pieces: usize,
    },
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

const LONGEST_WORD: usize = 64;

impl Vectors {
    /// Reads a vocabulary, one piece a line, and its vectors.
    pub fn read(vocabulary: &str, values: Vec<u8>) -> Result<Self, VectorsError> {
        let pieces: BTreeMap<String, u32> =
            vocabulary.lines().zip(0..).map(|(piece, i)| (piece.to_owned(), i)).collect();
        let lines = vocabulary.lines().count();
        if lines == 0 || values.is_empty() || !values.len().is_multiple_of(lines) {
            return Err(VectorsError::Values { bytes: values.len(), pieces: lines });
        }
        let dimensions = values.len() / lines * 2;
        Ok(Self { pieces, values, dimensions, layer: None })
    }

    /// With a layer: three steps as 32-bit floats, the lowest byte first; then its units, a signed byte for each weight and bias,
    /// which counts such steps.
    pub fn with_layer(mut self, bytes: &[u8]) -> Result<Self, VectorsError> {
        let unit = 2 * self.dimensions + 1;
        let fault = VectorsError::Layer { bytes: bytes.len(), unit };
        let Some((head, units)) = bytes.split_at_checked(4 * STEPS) else { return Err(fault) };
        if units.is_empty() || !units.len().is_multiple_of(unit) {
            return Err(fault);
        }
        let mut steps = [0f32; STEPS];
        for (i, (step, bytes)) in steps.iter_mut().zip(head.as_chunks().0).enumerate() {
            *step = f32::from_le_bytes(*bytes);
            // Larger ones would have no finite sums.
            if !(*step > 0.0 && *step < 1000.0) {
                return Err(VectorsError::Step { at: 4 * i });
            }
        }
        let [step_taken, step_bias, step_given] = steps;
        let count = units.len() / unit;
        let mut layer = Layer { taken: vec![0.0; self.dimensions * count], biases: vec![], given: vec![] };
        let value = |byte: &u8, step: f32| f32::from(byte.cast_signed()) * step;
        for (number, weights) in units.chunks_exact(unit).enumerate() {
            for (place, byte) in layer.taken.iter_mut().skip(number).step_by(count).zip(weights) {
                *place = value(byte, step_taken);
            }
            layer.biases.push(value(&weights[self.dimensions], step_bias));
            layer.given.extend(weights[self.dimensions + 1..].iter().map(|byte| value(byte, step_given)));
        }
        self.layer = Some(layer);
        Ok(self)
    }

    /// Numbers in each vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// Where a sentence lies, of length one: the sum of its pieces' vectors, with what the layer makes of it. Zero for a
    /// sentence without known pieces.
    pub fn sentence(&self, tokens: &[Token]) -> Vec<f32> {
        let mut sum = vec![0f32; self.dimensions];
        for token in tokens {
            for word in token.folded.split('\'') {
                self.add_word(word, &mut sum);
            }
        }
        let is_known = scale(&mut sum, 1.0);
        let Some(layer) = self.layer.as_ref().filter(|_| is_known) else { return sum };
        // Numbers around one, as the layer learnt them.
        scale(&mut sum, (self.dimensions as f32).sqrt());
        let mut whole = layer.apply(&sum);
        scale(&mut whole, 1.0);
        whole
    }

    /// The longest known piece first, then the longest that continues it.
    fn add_word(&self, word: &str, sum: &mut [f32]) {
        let ends: Vec<usize> = word.char_indices().map(|(i, c)| i + c.len_utf8()).collect();
        if ends.is_empty() || ends.len() > LONGEST_WORD {
            return;
        }
        let mut found = Vec::new();
        let mut start = 0;
        let mut candidate = String::new();
        while start < word.len() {
            let longest = ends.iter().rev().take_while(|&&end| end > start).find_map(|&end| {
                candidate.clear();
                if start > 0 {
                    candidate.push_str("##");
                }
                candidate.push_str(word.get(start..end).unwrap_or_default());
                self.pieces.get(&candidate).map(|&piece| (piece, end))
            });
            let Some((piece, end)) = longest else { return };
            found.push(piece);
            start = end;
        }
        let width = self.dimensions / 2;
        for piece in found {
            let at = piece as usize * width;
            for (pair, byte) in sum.chunks_exact_mut(2).zip(&self.values[at..at + width]) {
                pair[0] += f32::from(byte & 15) - 8.0;
                pair[1] += f32::from(byte >> 4) - 8.0;
            }
        }
    }
}

impl Layer {
    /// The sum, and what the units that it moves add to it.
    fn apply(&self, sum: &[f32]) -> Vec<f32> {
        let mut moved = self.biases.clone();
        for (x, weights) in sum.iter().zip(self.taken.chunks_exact(moved.len())) {
            add(&mut moved, weights, *x);
        }
        let mut whole = sum.to_vec();
        for (moved, weights) in moved.iter().zip(self.given.chunks_exact(sum.len())) {
            if *moved > 0.0 {
                add(&mut whole, weights, *moved);
            }
        }
        whole
    }
}

fn add(to: &mut [f32], weights: &[f32], times: f32) {
    to.iter_mut().zip(weights).for_each(|(to, weight)| *to += times * weight);
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
        Vectors::read("up\ndown\n##s\n", vec![0x89, 0x98, 0x87]).unwrap()
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
        let moved = vectors().with_layer(&layer([2, 0, -1, 0, 3])).unwrap();
        check(&moved, "up", [0.4945, 0.8692]);
        // A unit that is not moved gives nothing.
        check(&moved, "down", [0.0, 1.0]);
        // Of nothing nothing is made.
        let always = vectors().with_layer(&layer([0, 0, 1, 1, 1])).unwrap();
        check(&always, "sideways", [0.0, 0.0]);
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let refused = |bytes: &[u8]| vectors().with_layer(bytes).unwrap_err().to_string();
        let whole = layer([1, 2, 3, 4, 5]);
        for bytes in [&whole[..0], &whole[..12], &whole[..16]] {
            assert!(refused(bytes).contains("5 for each unit"), "{}", refused(bytes));
        }
        let mut endless = whole.clone();
        endless[4..8].copy_from_slice(&f32::NAN.to_le_bytes());
        assert!(refused(&endless).contains("at byte 4"));
        assert!(Vectors::read("up\ndown\n", vec![1, 2, 3]).is_err());
    }
}
