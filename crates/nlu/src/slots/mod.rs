//! Slots whose values are open: a linear-chain model that marks stretches of a sentence.
//!
//! Lafferty, McCallum and Pereira, "Conditional random fields", ICML 2001; trained by stochastic gradient
//! steps in a fixed order. The tags that an intent can have are those of its own slots, so the chains are
//! short and fast.

mod chain;
mod features;
mod vary;

use crate::language::{Language, Token};
use crate::wire::{Damaged, Reader, Writer};
use chain::{Chain, Tag};
use features::Lexicon;
use std::collections::BTreeMap;

/// A marked stretch: first token, the token after the last, slot.
pub type Stretch = (usize, usize, u32);

/// A sentence with its slots.
#[derive(Debug)]
pub struct Tagged<'s> {
    /// Its tokens.
    pub tokens: &'s [Token],
    /// The sentence itself.
    pub text: &'s str,
    /// Kinds of entities found at each token, if any.
    pub marks: &'s [u32],
    /// Its intent.
    pub intent: u32,
    /// Its slots.
    pub stretches: Vec<Stretch>,
}

/// A trained tagger.
#[derive(Debug, Clone, PartialEq)]
pub struct Tagger {
    /// The slots of each intent.
    slots: BTreeMap<u32, Vec<u32>>,
    lexicon: Lexicon,
    chain: Chain,
}

/// A longer sentence is tagged up to here.
const MOST_TOKENS: usize = 200;

/// The tokens that a stretch of bytes touches: the first, and the one after the last.
pub fn tokens_of(tokens: &[Token], start: usize, end: usize) -> Option<(usize, usize)> {
    let from = tokens.iter().position(|t| t.bytes.1 > start)?;
    let to = tokens.iter().rposition(|t| t.bytes.0 < end)? + 1;
    (from < to).then_some((from, to))
}

impl Tagger {
    /// Trains on sentences; `None` where nothing is marked in any of them.
    pub fn train(sentences: &[Tagged], language: &Language) -> Option<Self> {
        let mut slots: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for sentence in sentences {
            for &(_, _, slot) in &sentence.stretches {
                let own = slots.entry(sentence.intent).or_default();
                if let Err(at) = own.binary_search(&slot) {
                    own.insert(at, slot);
                }
            }
        }
        if slots.is_empty() {
            return None;
        }
        let lexicon = Lexicon::learn(sentences);
        let made = vary::vary(sentences);
        let made: Vec<Tagged> = made
            .iter()
            .map(|v| Tagged {
                tokens: &v.tokens,
                text: &v.text,
                marks: &v.marks,
                intent: v.intent,
                stretches: v.stretches.clone(),
            })
            .collect();
        let mut examples = Vec::new();
        for sentence in sentences.iter().chain(&made) {
            let Some(own) = slots.get(&sentence.intent) else { continue };
            let length = sentence.tokens.len().min(MOST_TOKENS);
            if length == 0 {
                continue;
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
            let features = features::features(
                sentence.tokens,
                sentence.text,
                sentence.marks,
                &seen,
                sentence.intent,
                language,
            );
            examples.push(chain::Example { features, tags, slots: own });
        }
        let chain = Chain::train(&examples);
        Some(Self { slots, lexicon, chain })
    }

    /// Marks the slots of a sentence whose intent is known.
    pub fn tag(
        &self,
        tokens: &[Token],
        text: &str,
        marks: &[u32],
        intent: u32,
        language: &Language,
    ) -> Vec<Stretch> {
        let Some(own) = self.slots.get(&intent) else { return Vec::new() };
        let tokens = &tokens[..tokens.len().min(MOST_TOKENS)];
        if tokens.is_empty() {
            return Vec::new();
        }
        let sentence = Tagged { tokens, text, marks, intent, stretches: Vec::new() };
        let seen = self.lexicon.marks(&sentence, features::Known::Anywhere);
        let features = features::features(tokens, text, marks, &seen, intent, language);
        let tags = self.chain.decode(&features, own);
        let mut stretches: Vec<Stretch> = Vec::new();
        for (i, &tag) in tags.iter().enumerate() {
            if tag == 0 {
                continue;
            }
            let slot = own[(usize::from(tag) - 1) / 2];
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
        out.number(self.slots.len() as u32);
        for (intent, slots) in &self.slots {
            out.number(*intent);
            out.rising(slots);
        }
        self.lexicon.write(out);
        self.chain.write(out);
    }

    /// Reads what [`Tagger::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Result<Self, Damaged> {
        let count = bytes.count()?;
        let mut slots = BTreeMap::new();
        for _ in 0..count {
            let intent = bytes.number()?;
            let own = bytes.rising()?;
            if own.len() > 100 {
                return bytes.refuse();
            }
            slots.insert(intent, own);
        }
        Ok(Self { slots, lexicon: Lexicon::read(bytes)?, chain: Chain::read(bytes)? })
    }
}
