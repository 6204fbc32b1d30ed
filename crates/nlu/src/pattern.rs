//! Training phrases word for word, and with entities in the place of their examples.
//!
//! All phrases share one trie; a sentence is walked through it once, with every entity that was found in it
//! as a further way to go on. `@sys.any` goes on over any words.

use crate::entity::Match;
use crate::hash::Hash;
use crate::language::Token;
use crate::trie::{Lists, Trie};
use crate::wire::{Reader, Writer};

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// A word.
    Word(String),
    /// An entity type, without `@`, and the parameter that it fills.
    Entity(String, String),
}

/// How a sentence fits an intent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fit {
    /// The intent.
    pub intent: u32,
    /// Words that were matched as any words.
    pub any: usize,
    /// Entities that stood for their examples.
    pub entities: usize,
    /// Parameters and their tokens.
    pub slots: Vec<(String, usize, usize)>,
}

/// The patterns of an agent in one language.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Patterns {
    trie: Trie,
    /// Phrases that end at a node.
    at: Lists,
    ends: Vec<End>,
    /// Entity types that stand in patterns.
    entities: Vec<String>,
}

/// The end of a phrase.
#[derive(Debug, Clone, PartialEq)]
struct End {
    node: u32,
    intent: u32,
    /// The parameters that its entities fill.
    slots: Vec<String>,
}

/// Longer phrases match by the classifier alone.
const LONGEST: usize = 64;
/// Ways that are followed at once.
const MOST_WAYS: usize = 64;
/// Words that a value takes along before itself.
const MOST_FILLERS: usize = 2;
const ANY: &str = "sys.any";

fn word_key(word: &str) -> u32 {
    Hash::new(95).text(word).finish()
}

fn entity_key(entity: &str) -> u32 {
    Hash::new(96).text(entity).finish()
}

#[derive(Clone)]
struct Way {
    node: u32,
    any: usize,
    open: bool,
    spans: Vec<(usize, usize)>,
}

impl Patterns {
    /// Adds a pattern of an intent.
    pub fn add(&mut self, intent: u32, pieces: &[Piece]) {
        if pieces.is_empty() || pieces.len() > LONGEST {
            return;
        }
        let mut node = 0;
        let mut slots = Vec::new();
        for piece in pieces {
            let key = match piece {
                Piece::Word(word) => word_key(word),
                Piece::Entity(entity, slot) => {
                    if !self.entities.contains(entity) {
                        self.entities.push(entity.clone());
                    }
                    slots.push(slot.clone());
                    entity_key(entity)
                }
            };
            node = self.trie.grow(node, key);
        }
        let known = |e: usize| self.ends.get(e).is_some_and(|end| end.intent == intent && end.slots == slots);
        if !self.at.of(node).any(known) {
            self.end(End { node, intent, slots });
        }
    }

    fn end(&mut self, end: End) {
        self.at.push(end.node);
        self.ends.push(end);
    }

    /// Whether a phrase has a word.
    pub fn has(&self, word: &str) -> bool {
        self.trie.has(word_key(word))
    }

    /// Entity types that stand in patterns.
    pub fn entities(&self) -> impl Iterator<Item = &str> {
        self.entities.iter().map(String::as_str)
    }

    /// All intents that a sentence fits, each in its best way.
    pub fn fits(&self, tokens: &[Token], matches: &[Match]) -> Vec<Fit> {
        let words = tokens.iter().enumerate().filter(|token| token.1.is_word()).map(|token| token.0);
        let words: Vec<usize> = words.collect();
        if words.is_empty() || words.len() > LONGEST {
            return Vec::new();
        }
        let any = entity_key(ANY);
        let has_any = self.entities().any(|e| e == ANY);
        let mut ways: Vec<Vec<Way>> = vec![Vec::new(); words.len() + 1];
        push(&mut ways, 0, Way { node: 0, any: 0, open: false, spans: Vec::new() });
        let position = |token: usize| words.partition_point(|&w| w < token);
        for (at, &token) in words.iter().enumerate() {
            let here = ways.get_mut(at).map(core::mem::take).unwrap_or_default();
            let word = tokens.get(token).map_or(0, |token| word_key(&token.folded));
            for way in here {
                if let Some(node) = self.trie.step(way.node, word) {
                    push(&mut ways, at + 1, Way { node, open: false, ..way.clone() });
                }
                for m in matches.iter().filter(|m| begins(m, token)) {
                    if let Some(node) = self.trie.step(way.node, entity_key(&m.entity)) {
                        let mut next = Way { node, open: false, ..way.clone() };
                        next.spans.push((token, m.to));
                        push(&mut ways, position(m.to).max(at + 1), next);
                    }
                }
                if has_any {
                    if let Some(node) = self.trie.step(way.node, any) {
                        let mut next = Way { node, any: way.any + 1, open: true, ..way.clone() };
                        next.spans.push((token, token + 1));
                        push(&mut ways, at + 1, next);
                    }
                    if way.open {
                        let mut next = Way { any: way.any + 1, ..way };
                        if let Some(span) = next.spans.last_mut() {
                            span.1 = token + 1;
                        }
                        push(&mut ways, at + 1, next);
                    }
                }
            }
        }
        let mut best: Vec<Fit> = Vec::new();
        for way in ways.pop().unwrap_or_default() {
            for end in self.at.of(way.node) {
                let Some(End { intent, slots, .. }) = self.ends.get(end) else { continue };
                let slots = slots.iter().zip(&way.spans).map(|(s, &(a, b))| (s.clone(), a, b)).collect();
                let fit = Fit { intent: *intent, any: way.any, entities: way.spans.len(), slots };
                match best.iter_mut().find(|b| b.intent == fit.intent) {
                    Some(b) if (fit.any, fit.entities) < (b.any, b.entities) => *b = fit,
                    Some(_) => {}
                    None => best.push(fit),
                }
            }
        }
        best
    }

    /// Appends the patterns to a model file.
    pub fn write(&self, out: &mut Writer) {
        self.trie.write(out);
        out.number(self.ends.len() as u32);
        for end in &self.ends {
            out.number(end.node);
            out.number(end.intent);
            out.texts(&end.slots);
        }
        out.texts(&self.entities);
    }

    /// Reads what [`Patterns::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let mut patterns = Self { trie: Trie::read(bytes), ..Self::default() };
        for _ in 0..bytes.count() {
            let (node, intent, slots) = (bytes.number(), bytes.number(), bytes.strings());
            if !bytes.expect((node as usize) < patterns.trie.nodes()) || bytes.is_damaged() {
                break;
            }
            patterns.end(End { node, intent, slots });
        }
        patterns.entities = bytes.strings();
        patterns
    }
}

/// Whether a value begins at a token. A time takes its "at" along and a day its "on", which a pattern may
/// have as words of its own.
fn begins(m: &Match, token: usize) -> bool {
    let inside = m.from < token && token < m.to && token - m.from <= MOST_FILLERS;
    m.from == token || inside && m.entity.starts_with("sys.")
}

fn push(ways: &mut [Vec<Way>], at: usize, way: Way) {
    let Some(list) = ways.get_mut(at) else { return };
    if list.len() < MOST_WAYS
        && !list.iter().any(|w| w.node == way.node && w.any <= way.any && w.open == way.open)
    {
        list.push(way);
    }
}
