//! In the place of vectors where they are left out: there are none, and what would be done with them is not in
//! the program.

use crate::language::Token;

/// Vectors that nobody has.
#[derive(Debug, Clone)]
pub enum Vectors {}

impl Vectors {
    /// Numbers in each vector.
    pub fn dimensions(&self) -> usize {
        match *self {}
    }

    /// Numbers of a sentence, products and all.
    pub fn with_products(&self) -> usize {
        match *self {}
    }

    /// Tells vectors apart.
    pub fn fingerprint(&self) -> u32 {
        match *self {}
    }

    /// The vector of a sentence.
    pub fn sentence(&self, _tokens: &[Token]) -> Vec<f32> {
        match *self {}
    }
}
