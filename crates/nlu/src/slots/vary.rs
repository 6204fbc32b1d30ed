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
    /// Its intent.
    pub intent: u32,
    /// Its slots.
    pub stretches: Vec<Stretch>,
}

/// Intent, slot, and what was said for it; by intent and slot.
type Values<'a> = Vec<((u32, u32), &'a str)>;

/// Above this many sentences nothing is made up.
const ENOUGH: usize = 1_200;

/// As many sentences as keep training short.
pub fn vary(sentences: &[Tagged]) -> Vec<Varied> {
    let rounds = match sentences.len() {
        0..=400 => 6,
        401..=ENOUGH => 2,
        _ => return Vec::new(),
    };
    let mut values: Values = Vec::new();
    for sentence in sentences {
        for &(from, to, slot) in &sentence.stretches {
            values.push(((sentence.intent, slot), stretch_text(sentence, from, to)));
        }
    }
    crate::order::sort_by(&mut values, |a, b| a.0.cmp(&b.0));
    let mut sequence = Sequence::new(5);
    let mut made = Vec::new();
    for _ in 0..rounds {
        made.extend(
            sentences.iter().filter(|s| !s.stretches.is_empty()).map(|s| varied(s, &values, &mut sequence)),
        );
    }
    made
}

fn stretch_text<'s>(sentence: &Tagged<'s>, from: usize, to: usize) -> &'s str {
    let start = sentence.tokens.get(from).map_or(0, |t| t.bytes.0);
    let end = to.checked_sub(1).and_then(|last| sentence.tokens.get(last)).map_or(start, |t| t.bytes.1);
    sentence.text.get(start..end).unwrap_or("")
}

fn varied(sentence: &Tagged, values: &Values, sequence: &mut Sequence) -> Varied {
    let mut text = String::new();
    let mut spans = Vec::new();
    let mut at = 0;
    for &(from, to, slot) in &sentence.stretches {
        let start = sentence.tokens.get(from).map_or(at, |t| t.bytes.0);
        let end = to.checked_sub(1).and_then(|last| sentence.tokens.get(last)).map_or(start, |t| t.bytes.1);
        text.push_str(sentence.text.get(at..start).unwrap_or(""));
        let key = (sentence.intent, slot);
        let (first, end_of_key) =
            (values.partition_point(|v| v.0 < key), values.partition_point(|v| v.0 <= key));
        let choices = &values[first..end_of_key];
        let pick = (u64::from(sequence.draw()) * choices.len() as u64) >> 32;
        let value = choices.get(pick as usize).map_or(stretch_text(sentence, from, to), |choice| choice.1);
        spans.push((text.len(), text.len() + value.len(), slot));
        text.push_str(value);
        at = end;
    }
    text.push_str(sentence.text.get(at..).unwrap_or(""));
    let tokens = tokenise(&text);
    let stretches = spans.iter().filter_map(|&(start, end, slot)| {
        let (from, to) = super::tokens_of(&tokens, start, end)?;
        Some((from, to, slot))
    });
    Varied { stretches: stretches.collect(), intent: sentence.intent, text, tokens }
}
