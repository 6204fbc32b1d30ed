//! Slots whose values are open: a linear-chain model that marks stretches of a sentence.
//!
//! Lafferty, McCallum and Pereira, "Conditional random fields", ICML 2001; trained by stochastic gradient
//! steps in a fixed order. The tags that an intent can have are those of its own slots, so the chains are
//! short and fast.

mod chain;
mod features;
mod learner;
mod marks;
mod vary;

use crate::language::{Language, Token};
use crate::pace::{self, Pace};
use crate::rows::WIDEST;
use crate::wire::{Reader, Writer};
use chain::{Chain, Tag};
use features::Lexicon;
use learner::Learner;
use marks::Marks;

/// A marked stretch: first token, the token after the last, slot.
pub type Stretch = (usize, usize, u32);

/// A sentence with its slots.
#[derive(Debug)]
pub struct Tagged<'s> {
    /// Its tokens.
    pub tokens: &'s [Token],
    /// The sentence itself.
    pub text: &'s str,
    /// Its intent.
    pub intent: u32,
    /// Its slots.
    pub stretches: Vec<Stretch>,
}

/// A trained tagger.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagger {
    /// The slots of each intent: intent and slot, sorted.
    slots: Vec<(u32, u32)>,
    lexicon: Lexicon,
    chain: Chain,
}

/// A longer sentence is tagged up to here.
const MOST_TOKENS: usize = 200;

/// A tag is a byte, and each slot has two.
const MOST_SLOTS: usize = 100;

/// What it costs to find what everybody knows of a sentence, and to make its features; see [`Pace`].
const MARKS: usize = 50_000;
const SENTENCE: usize = 10_000;

fn slots_of(slots: &[(u32, u32)], intent: u32) -> Vec<u32> {
    let mut own = Vec::new();
    for &(other, slot) in slots {
        if other == intent && own.len() < MOST_SLOTS {
            own.push(slot);
        }
    }
    own
}

/// The tokens that a stretch of bytes touches: the first, and the one after the last.
pub fn tokens_of(tokens: &[Token], start: usize, end: usize) -> Option<(usize, usize)> {
    let from = tokens.partition_point(|t| t.bytes.1 <= start);
    let to = tokens.partition_point(|t| t.bytes.0 < end);
    (from < to).then_some((from, to))
}

impl Tagger {
    /// Trains on sentences; `None` where nothing is marked in any of them.
    pub fn train(sentences: &[Tagged], language: &Language) -> Option<Self> {
        pace::at_once(Self::learn(sentences, language, &mut Pace::default()))
    }

    pub(crate) async fn learn(
        sentences: &[Tagged<'_>],
        language: &Language,
        pace: &mut Pace,
    ) -> Option<Self> {
        let mut slots: Vec<(u32, u32)> = Vec::new();
        for sentence in sentences {
            slots.extend(sentence.stretches.iter().map(|s| (sentence.intent, s.2)));
        }
        crate::order::sort_dedup(&mut slots);
        if slots.is_empty() {
            return None;
        }
        let lexicon = Lexicon::learn(sentences);
        let mut marks: Vec<Marks> = Vec::with_capacity(sentences.len());
        let mark = &mut |i: usize| {
            let Some(sentence) = sentences.get(i) else { return 0 };
            marks.push(marks::find(sentence.tokens, sentence.text, language));
            MARKS
        };
        pace.each(sentences.len(), mark).await;
        let made = vary::vary(sentences);
        let most = slots.iter().map(|s| s.1 + 1).max().unwrap_or(0);
        let mut learner = Learner::new(most as usize);
        let mut take = |sentence: &Tagged, marks: &Marks| {
            let own = slots_of(&slots, sentence.intent);
            let length = sentence.tokens.len().min(MOST_TOKENS);
            if own.is_empty() || length == 0 {
                return;
            }
            let mut tags = vec![0 as Tag; length];
            for &(from, to, slot) in &sentence.stretches {
                let Ok(place) = own.binary_search(&slot) else { continue };
                for (i, tag) in tags.iter_mut().enumerate().take(to).skip(from) {
                    *tag = (1 + 2 * place + usize::from(i > from)) as Tag;
                }
            }
            // In training a word does not count as known by its own example alone.
            let seen = lexicon.marks(sentence, features::Known::Elsewhere);
            let features = features::features(sentence.tokens, sentence.text, marks, &seen, sentence.intent);
            learner.add(features, tags, sentence.intent, &own);
        };
        let add = &mut |i: usize| {
            match (sentences.get(i).zip(marks.get(i)), made.get(i.wrapping_sub(sentences.len()))) {
                (Some((sentence, marks)), _) => take(sentence, marks),
                (None, None) => {}
                (None, Some(varied)) => {
                    // What is known of the parts is known of the whole.
                    let of = |&(from, token): &(usize, usize)| marks.get(from)?.get(token).cloned();
                    let known: Marks = varied.origins.iter().map(|o| of(o).unwrap_or_default()).collect();
                    take(&varied.tagged(), &known);
                }
            }
            SENTENCE
        };
        pace.each(sentences.len() + made.len(), add).await;
        let chain = learner.learn(pace).await;
        Some(Self { slots, lexicon, chain })
    }

    /// The slots from whose values the words of a sentence are known, each once, rising; words that stand outside of slots too tell
    /// nothing. What a training sentence has in its own stretches is known from others alone.
    pub fn known(&self, sentence: &Tagged) -> Vec<u32> {
        let mut slots = Vec::new();
        for seen in self.lexicon.marks(sentence, features::Known::Elsewhere) {
            if !seen.contains(&features::OUTSIDE) {
                slots.extend(seen);
            }
        }
        crate::order::sort_dedup(&mut slots);
        slots
    }

    /// Marks the slots of a sentence whose intent is known.
    pub fn tag(&self, tokens: &[Token], text: &str, intent: u32, language: &Language) -> Vec<Stretch> {
        let own = slots_of(&self.slots, intent);
        let tokens = tokens.get(..MOST_TOKENS).unwrap_or(tokens);
        if own.is_empty() || tokens.is_empty() {
            return Vec::new();
        }
        let sentence = Tagged { tokens, text, intent, stretches: Vec::new() };
        let seen = self.lexicon.marks(&sentence, features::Known::Anywhere);
        let marks = marks::find(tokens, text, language);
        let features = features::features(tokens, text, &marks, &seen, intent);
        let tags = self.chain.decode(&features, &own);
        let mut stretches: Vec<Stretch> = Vec::new();
        for (i, &tag) in tags.iter().enumerate() {
            if tag == 0 {
                continue;
            }
            let slot = crate::places::get(&own, (usize::from(tag) - 1) / 2);
            let begins = (tag - 1).is_multiple_of(2);
            match stretches.last_mut() {
                Some(last) if !begins && last.1 == i && last.2 == slot => last.1 = i + 1,
                _ => stretches.push((i, i + 1, slot)),
            }
        }
        stretches
    }

    /// Appends the tagger to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.rising(&self.slots.iter().map(|s| s.0).collect::<Vec<_>>());
        self.slots.iter().for_each(|s| out.number(s.1));
        self.lexicon.write(out);
        self.chain.write(out);
    }

    /// Reads what [`Tagger::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let mut slots = Vec::new();
        for intent in bytes.rising() {
            slots.push((intent, bytes.number()));
        }
        let fits = slots.iter().all(|slot| slot.1 < WIDEST / 2);
        bytes.expect(fits && slots.chunk_by(|a, b| a.0 == b.0).all(|own| own.len() <= MOST_SLOTS));
        Self { slots, lexicon: Lexicon::read(bytes), chain: Chain::read(bytes) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tokenise;

    #[test]
    fn words_are_known_from_the_values_of_other_sentences() {
        // Slot 0 is a song, slot 1 a city; the stretch of each in words.
        let sentences = [
            ("play thriller now", Some((1, 2, 0))),
            ("i want thriller", Some((2, 3, 0))),
            ("play now in rome", Some((3, 4, 1))),
            ("is it now or later", None),
        ];
        let tokens: Vec<_> = sentences.iter().map(|sentence| tokenise(sentence.0)).collect();
        let tagged: Vec<_> = sentences
            .iter()
            .zip(&tokens)
            .map(|((text, slot), tokens)| Tagged {
                tokens,
                text,
                intent: 0,
                stretches: slot.iter().copied().collect(),
            })
            .collect();
        let tagger = Tagger::train(&tagged, Language::of("en")).unwrap();
        // Each song stands in another sentence too, Rome in its own alone.
        assert_eq!(
            tagged.iter().map(|t| tagger.known(t)).collect::<Vec<_>>(),
            [vec![0], vec![0], vec![], vec![]]
        );
        let known = |text: &str| {
            tagger.known(&Tagged { tokens: &tokenise(text), text, intent: 0, stretches: Vec::new() })
        };
        assert_eq!(known("from rome to thriller, now"), [0, 1]);
        assert!(known("play it later").is_empty());
    }
}
