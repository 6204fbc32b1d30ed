//! Vectors of word pieces: what words mean, learnt elsewhere and kept small.
//!
//! A vocabulary of word pieces as BERT has it (one a line, `##` inside words), and for each piece its
//! vector in steps of four bits: byte k holds dimension 2k in its low half and 2k + 1 in its high half,
//! each plus 8.

use crate::language::Token;
use std::collections::BTreeMap;

/// A vocabulary with its vectors.
#[derive(Debug, Clone)]
pub struct Vectors {
    pieces: BTreeMap<String, u32>,
    values: Vec<u8>,
    dimensions: usize,
}

/// Why vectors could not be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the vectors hold {bytes} bytes, which is no whole number of vectors for {pieces} word pieces")]
pub struct VectorsError {
    bytes: usize,
    pieces: usize,
}

const LONGEST_WORD: usize = 64;

impl Vectors {
    /// Reads a vocabulary, one piece a line, and its vectors.
    pub fn read(vocabulary: &str, values: Vec<u8>) -> Result<Self, VectorsError> {
        let pieces: BTreeMap<String, u32> =
            vocabulary.lines().zip(0..).map(|(piece, i)| (piece.to_owned(), i)).collect();
        let lines = vocabulary.lines().count();
        if lines == 0 || values.is_empty() || !values.len().is_multiple_of(lines) {
            return Err(VectorsError { bytes: values.len(), pieces: lines });
        }
        let dimensions = values.len() / lines * 2;
        Ok(Self { pieces, values, dimensions })
    }

    /// Numbers in each vector.
    pub fn dimensions(&self) -> usize {
        self.dimensions
    }

    /// The mean of the pieces' vectors, of length one; zero for a sentence without known pieces.
    pub fn sentence(&self, tokens: &[Token]) -> Vec<f32> {
        let mut sum = vec![0f32; self.dimensions];
        for token in tokens {
            for word in token.folded.split('\'') {
                self.add_word(word, &mut sum);
            }
        }
        let length = sum.iter().map(|x| x * x).sum::<f32>().sqrt();
        if length > 0.0 {
            sum.iter_mut().for_each(|x| *x /= length);
        }
        sum
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
