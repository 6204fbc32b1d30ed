//! What the tagger sees at each token.

use super::Tagged;
use crate::hash::Hash;
use crate::language::{Kind, Token, is_capital, is_letter, is_number};
use crate::wire::{Reader, Writer};

/// Which examples make a word known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// Any.
    Anywhere,
    /// Others than the one that is looked at.
    Elsewhere,
}

/// In which slots a word was seen, and how often.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lexicon {
    /// Hash of the word, slot, times; sorted.
    words: Vec<(u32, u32, u32)>,
}

/// The "slot" of words that stand outside all slots.
pub const OUTSIDE: u32 = u32::MAX >> 1;
/// A word is an anchor if it was seen outside at least this often.
const ANCHOR: u32 = 2;

fn word(token: &Token) -> u32 {
    Hash::new(40).text(&token.folded).finish()
}

impl Lexicon {
    /// Learns the words of all slots.
    #[inline(never)]
    pub fn learn(sentences: &[Tagged]) -> Self {
        let mut lexicon = Self::default();
        for sentence in sentences {
            for (i, token) in sentence.tokens.iter().enumerate() {
                let slot = sentence.stretches.iter().find(|s| s.0 <= i && i < s.1).map_or(OUTSIDE, |s| s.2);
                lexicon.words.push((word(token), slot, 1));
            }
        }
        crate::order::sort_by(&mut lexicon.words, |a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        let mut counted: Vec<(u32, u32, u32)> = Vec::new();
        for (word, slot, times) in lexicon.words {
            match counted.last_mut() {
                Some(last) if (last.0, last.1) == (word, slot) => last.2 += times,
                _ => counted.push((word, slot, times)),
            }
        }
        crate::order::keep(&mut counted, &mut |&(_, slot, times)| slot != OUTSIDE || times >= ANCHOR);
        Self { words: counted }
    }

    /// The slots in which each token was seen.
    pub fn marks(&self, sentence: &Tagged, known: Known) -> Vec<Vec<u32>> {
        let here = |i: usize, slot: u32| {
            let own = known == Known::Elsewhere
                && slot != OUTSIDE
                && sentence.stretches.iter().any(|&(f, t, s)| s == slot && f <= i && i < t);
            u32::from(own)
        };
        let mut all = Vec::with_capacity(sentence.tokens.len());
        for (i, token) in sentence.tokens.iter().enumerate() {
            let word = word(token);
            let first = self.words.partition_point(|w| w.0 < word);
            let mut seen = Vec::new();
            for &(other, slot, times) in self.words.get(first..).unwrap_or_default() {
                if other != word {
                    break;
                }
                if times > here(i, slot) {
                    seen.push(slot);
                }
            }
            all.push(seen);
        }
        all
    }

    /// Appends the lexicon to a model file.
    pub fn write(&self, out: &mut Writer) {
        let of_word = || self.words.chunk_by(|a, b| a.0 == b.0);
        out.rising(&of_word().map(|w| w[0].0).collect::<Vec<_>>());
        for word in of_word() {
            out.rising(&word.iter().map(|w| w.1).collect::<Vec<_>>());
        }
    }

    /// Reads what [`Lexicon::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let mut lexicon = Self::default();
        for word in bytes.rising() {
            for slot in bytes.rising() {
                lexicon.words.push((word, slot, 1));
            }
        }
        lexicon
    }
}

fn shape(surface: &str) -> u32 {
    let mut hash = Hash::new(41);
    let (mut last, mut before) = (0, 0);
    for c in surface.chars() {
        let class = if is_capital(c) {
            b'X'
        } else if is_letter(c) {
            b'x'
        } else if is_number(c) {
            b'0'
        } else {
            b'.'
        };
        // Two of a kind stand for many.
        if class != last || class != before {
            hash = hash.byte(class);
        }
        (before, last) = (last, class);
    }
    hash.finish()
}

/// What stands beside a token, or what stands for the end of the sentence on that side.
#[inline(never)]
fn around(list: &[u32], i: usize, step: isize) -> u32 {
    i.checked_add_signed(step).and_then(|i| list.get(i).copied()).unwrap_or(if step < 0 { 1 } else { 2 })
}

/// Adds the feature of a kind that two numbers make.
#[inline(never)]
fn add(features: &mut Vec<u32>, kind: u32, a: u32, b: u32) {
    features.push(Hash::new(kind).number(a).number(b).finish());
}

/// The features of all tokens, as hashes.
pub fn features(
    tokens: &[Token],
    text: &str,
    marks: &[Vec<u32>],
    seen: &[Vec<u32>],
    intent: u32,
) -> Vec<Vec<u32>> {
    let words: Vec<u32> = tokens.iter().map(word).collect();
    let shapes: Vec<u32> = tokens.iter().map(|t| shape(t.surface(text))).collect();
    let mut all = Vec::with_capacity(tokens.len());
    for (i, token) in tokens.iter().enumerate() {
        let w = |step| around(&words, i, step);
        let looks = |step| around(&shapes, i, step);
        let mut f = Vec::with_capacity(24);
        add(&mut f, 51, intent, 0);
        add(&mut f, 52, w(0), 0);
        add(&mut f, 53, w(-1), 0);
        add(&mut f, 54, w(1), 0);
        add(&mut f, 55, w(-2), 0);
        add(&mut f, 56, w(2), 0);
        add(&mut f, 67, looks(0), 0);
        add(&mut f, 68, looks(-1), looks(0));
        add(&mut f, 69, looks(0), looks(1));
        if token.kind == Kind::Letters {
            let letters: Vec<char> = token.folded.chars().collect();
            let n = letters.len();
            let hash = |seed: u32, part: &[char]| {
                part.iter().fold(Hash::new(seed), |h, c| h.number(*c as u32)).finish()
            };
            for length in 2..=4 {
                if n > length {
                    f.push(hash(72, &letters[..length]));
                    f.push(hash(73, &letters[n - length..]));
                }
            }
        } else {
            add(&mut f, 74, token.kind as u32, token.folded.len() as u32);
        }
        let anchor = |mut places: &mut dyn Iterator<Item = usize>| {
            (&mut places).find(|&i| seen.get(i).is_some_and(|s| s.contains(&OUTSIDE))).map_or(0, |i| words[i])
        };
        let (left, right) = (anchor(&mut (0..i).rev()), anchor(&mut (i + 1..words.len())));
        add(&mut f, 87, left, right);
        add(&mut f, 88, left, intent);
        for step in [-1isize, 0, 1] {
            let at = i.checked_add_signed(step);
            for slot in at.and_then(|at| seen.get(at)).into_iter().flatten() {
                add(&mut f, (75 + step) as u32, *slot, 0);
            }
            for mark in at.and_then(|at| marks.get(at)).into_iter().flatten() {
                add(&mut f, (79 + step) as u32, *mark, 0);
                if step == 0 {
                    add(&mut f, 91, *mark, intent);
                    add(&mut f, 92, *mark, w(-1));
                }
            }
        }
        all.push(f);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::shape;

    #[test]
    fn shapes_tell_short_from_long() {
        for (one, other, same) in [
            ("Rome", "Paris", true),
            ("MA", "M", false),
            ("NASA", "MA", true),
            ("7", "1984", false),
            ("12", "1984", true),
        ] {
            assert_eq!(shape(one) == shape(other), same, "{one} {other}");
        }
    }
}
