//! What the classifier sees of a sentence: words, pairs of words, stems, pairs of stems a little and further apart,
//! pieces of words, and the kinds of entities in it.
//!
//! Every feature is the hash of itself, in one of five blocks that are weighed apart.

use crate::hash::Hash;
use crate::language::{Language, Token};

/// Words, pairs of neighbours, the first and the last word, marks.
pub const WORDS: u8 = 0;
/// Pieces of two to five letters, with the blanks around words.
pub const PIECES: u8 = 1;
/// Stems.
pub const STEMS: u8 = 2;
/// Pairs of stems that stand near one another, in either order, without the most common words.
pub const PAIRS: u8 = 3;
/// Pairs of stems in their order with others between them, the most common words too: "not … yet".
pub const FAR: u8 = 4;
/// How many blocks there are.
pub const BLOCKS: usize = 5;
/// What each counts beside the others.
pub const SHARES: [f32; BLOCKS] = [1.0, 1.0, 1.0, 1.0, 0.7];

/// A sentence longer than this is seen up to here.
const MOST_WORDS: usize = 256;
const LONGEST_WORD: usize = 48;
const PIECE_LENGTHS: core::ops::RangeInclusive<usize> = 2..=5;
/// How far apart the stems of a near pair are at most, in words that are not common.
const NEAR_REACH: usize = 4;
/// How far apart the stems of a far pair are at most, in words.
const FAR_REACH: usize = 8;

/// A feature: its block, and its hash.
pub type Feature = (u8, u32);

/// The words of a sentence: letters and digits that stand together are one.
pub fn words(tokens: &[Token]) -> Vec<String> {
    let mut words: Vec<String> = Vec::with_capacity(tokens.len());
    let mut after_word = false;
    for token in tokens {
        if token.is_word() {
            if after_word && token.joined && token.folded.is_ascii() {
                if let Some(word) = words.last_mut() {
                    word.push_str(&token.folded);
                }
            } else if words.len() == MOST_WORDS {
                break;
            } else {
                words.push(token.folded.clone());
            }
        }
        after_word = token.is_word();
    }
    words
}

/// All features of a sentence; `marks` names the entities that were found in it.
pub fn features(tokens: &[Token], marks: &[&str], language: &Language) -> Vec<Feature> {
    let words = words(tokens);
    let mut found = Vec::with_capacity(words.len() * 24);
    for mark in marks {
        found.push((WORDS, Hash::new(30).text(mark).finish()));
    }
    whole_words(&words, &mut found);
    let stems: Vec<String> = words.iter().map(|word| language.stem(word)).collect();
    for stem in &stems {
        found.push((STEMS, Hash::new(4).text(stem).finish()));
    }
    let telling: Vec<&String> = stems
        .iter()
        .zip(&words)
        .filter(|(_, word)| !language.is_common(word))
        .map(|(stem, _)| stem)
        .collect();
    for (i, one) in telling.iter().enumerate() {
        for other in telling.iter().skip(i + 1).take(NEAR_REACH) {
            let (first, second) = if one < other { (one, other) } else { (other, one) };
            found.push((PAIRS, Hash::new(6).text(first).byte(b' ').text(second).finish()));
        }
    }
    for (i, one) in stems.iter().enumerate() {
        for other in stems.iter().take(i + FAR_REACH + 1).skip(i + 2) {
            found.push((FAR, Hash::new(9).text(one).byte(b' ').text(other).finish()));
        }
    }
    for word in &words {
        pieces(word, &mut found);
    }
    found
}

fn whole_words(words: &[String], found: &mut Vec<Feature>) {
    for word in words {
        found.push((WORDS, Hash::new(1).text(word).finish()));
    }
    for pair in words.windows(2) {
        found.push((WORDS, Hash::new(2).text(&pair[0]).byte(b' ').text(&pair[1]).finish()));
    }
    if let (Some(first), Some(last)) = (words.first(), words.last()) {
        found.push((WORDS, Hash::new(21).text(first).finish()));
        found.push((WORDS, Hash::new(22).text(last).finish()));
    }
}

fn pieces(word: &str, found: &mut Vec<Feature>) {
    let mut letters: Vec<char> = Vec::with_capacity(word.len() + 2);
    letters.push(' ');
    letters.extend(word.chars().take(LONGEST_WORD));
    letters.push(' ');
    let mut buffer = [0u8; 4];
    let mut hash = |letters: &[char]| {
        letters.iter().fold(Hash::new(7), |hash, c| hash.text(c.encode_utf8(&mut buffer))).finish()
    };
    for length in PIECE_LENGTHS {
        if letters.len() <= length {
            found.push((PIECES, hash(&letters)));
            break;
        }
        for piece in letters.windows(length) {
            found.push((PIECES, hash(piece)));
        }
    }
}
