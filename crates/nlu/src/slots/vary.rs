//! More sentences out of few: the same words around the values of other sentences.

use super::{Stretch, Tagged};
use crate::hash::Sequence;
use crate::language::{Token, tokenise};

/// A sentence that was made up.
pub struct Varied {
    /// Its text.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The sentence and the token that each of them was taken from.
    pub origins: Vec<(usize, usize)>,
    /// Its intent.
    pub intent: u32,
    /// Its slots.
    pub stretches: Vec<Stretch>,
}

impl Varied {
    /// As a sentence with its slots.
    pub fn tagged(&self) -> Tagged<'_> {
        Tagged {
            tokens: &self.tokens,
            text: &self.text,
            intent: self.intent,
            stretches: self.stretches.clone(),
        }
    }
}

/// Intent, slot, and where a value of it stands: sentence, first token, the token after; by intent and slot.
type Values = Vec<((u32, u32), (usize, usize, usize))>;

/// Above this many sentences nothing is made up.
const ENOUGH: usize = 1_200;

/// As many sentences as keep training short.
#[inline(never)]
pub fn vary(sentences: &[Tagged]) -> Vec<Varied> {
    let rounds = match sentences.len() {
        0..=400 => 6,
        401..=ENOUGH => 2,
        _ => return Vec::new(),
    };
    let mut values: Values = Vec::new();
    for (number, sentence) in sentences.iter().enumerate() {
        for &(from, to, slot) in &sentence.stretches {
            values.push(((sentence.intent, slot), (number, from, to)));
        }
    }
    crate::order::sort_by(&mut values, |a, b| a.0.cmp(&b.0));
    let mut sequence = Sequence::new(5);
    let mut made = Vec::new();
    for _ in 0..rounds {
        for number in (0..sentences.len()).filter(|&n| !sentences[n].stretches.is_empty()) {
            made.push(varied(sentences, number, &values, &mut sequence));
        }
    }
    made
}

/// The bytes of some tokens.
fn bytes_of(sentence: &Tagged, from: usize, to: usize) -> (usize, usize) {
    let start = sentence.tokens.get(from).map_or(sentence.text.len(), |t| t.bytes.0);
    let end = to.checked_sub(1).and_then(|last| sentence.tokens.get(last)).map_or(start, |t| t.bytes.1);
    (start, end)
}

#[inline(never)]
fn varied(sentences: &[Tagged], number: usize, values: &Values, sequence: &mut Sequence) -> Varied {
    let sentence = &sentences[number];
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut origins = Vec::new();
    let (mut at, mut token) = (0, 0);
    let mut take = |number: usize, from: usize, to: usize| {
        for token in from..to {
            origins.push((number, token));
        }
    };
    for &(from, to, slot) in &sentence.stretches {
        let (start, end) = bytes_of(sentence, from, to);
        text.push_str(sentence.text.get(at..start).unwrap_or(""));
        take(number, token, from);
        let key = (sentence.intent, slot);
        let (first, end_of_key) =
            (values.partition_point(|v| v.0 < key), values.partition_point(|v| v.0 <= key));
        let choices = &values[first..end_of_key];
        let pick = (u64::from(sequence.draw()) * choices.len() as u64) >> 32;
        let (other, first, last) = choices.get(pick as usize).map_or((number, from, to), |choice| choice.1);
        let (first_byte, last_byte) = bytes_of(&sentences[other], first, last);
        let value = sentences[other].text.get(first_byte..last_byte).unwrap_or("");
        spans.push((text.len(), text.len() + value.len(), slot));
        text.push_str(value);
        take(other, first, last);
        (at, token) = (end, to);
    }
    text.push_str(sentence.text.get(at..).unwrap_or(""));
    take(number, token, sentence.tokens.len());
    let tokens = tokenise(&text);
    let mut stretches = Vec::new();
    for (start, end, slot) in spans {
        if let Some((from, to)) = super::tokens_of(&tokens, start, end) {
            stretches.push((from, to, slot));
        }
    }
    Varied { stretches, origins, intent: sentence.intent, text, tokens }
}
