//! The vocabulary: words as pieces.

use crate::trie::Trie;

/// Longer words are not looked at.
const LONGEST_WORD: usize = 64;
/// The mark of pieces inside words.
const INSIDE: &str = "##";

/// Word pieces, letter by letter.
#[derive(Debug)]
pub struct Pieces {
    letters: Trie,
    /// By node, the number of the piece that ends there, plus one.
    ends: Vec<u32>,
    /// Where pieces inside words begin.
    inside: u32,
}

impl Pieces {
    /// No pieces.
    pub fn new() -> Self {
        let mut pieces = Self { letters: Trie::default(), ends: Vec::new(), inside: 0 };
        pieces.inside = pieces.node(INSIDE);
        pieces
    }

    /// Adds a piece, `##` before it if it goes on inside a word, under its number.
    pub fn add(&mut self, piece: &str, number: u32) {
        let node = self.node(piece);
        self.ends[node as usize] = number + 1;
    }

    /// The node at the end of a piece, which is made if need be.
    fn node(&mut self, piece: &str) -> u32 {
        let node = piece.chars().fold(0, |node, letter| self.letters.grow(node, letter.into()));
        self.ends.resize(self.letters.nodes(), 0);
        node
    }

    /// The pieces of a word: the longest known first, then the longest that continues it. None if some of it is not known.
    pub fn of(&self, word: &str) -> Vec<u32> {
        let letters: Vec<char> = word.chars().take(LONGEST_WORD + 1).collect();
        let mut found = Vec::new();
        let (mut at, mut start) = (0, 0);
        while at < letters.len() && letters.len() <= LONGEST_WORD {
            let (mut node, mut longest) = (start, None);
            for (end, letter) in (at + 1..).zip(&letters[at..]) {
                let Some(next) = self.letters.step(node, (*letter).into()) else { break };
                node = next;
                longest = self.ends[node as usize].checked_sub(1).map(|piece| (piece, end)).or(longest);
            }
            let Some((piece, end)) = longest else { return Vec::new() };
            found.push(piece);
            (at, start) = (end, self.inside);
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_known_piece_first_and_all_of_a_word_or_nothing() {
        let mut pieces = Pieces::new();
        let all = ["up", "upset", "##s", "##set", "##setting", "u", "é", "##é"];
        (0..).zip(all).for_each(|(number, piece)| pieces.add(piece, number));
        let long = ["u", &"é".repeat(63)].concat();
        for (word, expected) in [
            ("up", &["up"][..]),
            ("ups", &["up", "##s"]),
            ("upset", &["upset"]),
            ("upsets", &["upset", "##s"]),
            // The longest first, though "up" and "##setting" would be all of it.
            ("upsetting", &[]),
            ("uset", &["u", "##set"]),
            ("éé", &["é", "##é"]),
            ("upx", &[]),
            ("", &[]),
            // A piece inside words does not begin one.
            ("set", &[]),
            (&[&long, "é"].concat(), &[]),
        ] {
            let found: Vec<&str> = pieces.of(word).into_iter().map(|piece| all[piece as usize]).collect();
            assert_eq!(found, expected, "{word}");
        }
        assert_eq!(pieces.of(&long).len(), 64);
    }
}
