//! Training phrases word for word, and with entities in the place of their examples.
//!
//! All phrases share one trie; a sentence is walked through it once, with every entity that was found in it
//! as a further way to go on. `@sys.any` goes on over any words.

use crate::entity::Match;
use crate::hash::Hash;
use crate::language::Token;
use crate::wire::{Damaged, Reader, Writer};
use std::collections::{BTreeMap, BTreeSet};

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
    edges: BTreeMap<(u32, u32), u32>,
    ends: BTreeMap<u32, Vec<(u32, Vec<String>)>>,
    entities: BTreeSet<String>,
    nodes: u32,
}

/// Longer phrases match by the classifier alone.
const LONGEST: usize = 64;
/// Ways that are followed at once.
const MOST_WAYS: usize = 64;
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
        self.nodes = self.nodes.max(1);
        let mut node = 0;
        let mut slots = Vec::new();
        for piece in pieces {
            let key = match piece {
                Piece::Word(word) => word_key(word),
                Piece::Entity(entity, slot) => {
                    self.entities.insert(entity.clone());
                    slots.push(slot.clone());
                    entity_key(entity)
                }
            };
            let next = self.nodes;
            node = *self.edges.entry((node, key)).or_insert(next);
            self.nodes += u32::from(node == next);
        }
        let ends = self.ends.entry(node).or_default();
        if !ends.iter().any(|e| e.0 == intent && e.1 == slots) {
            ends.push((intent, slots));
        }
    }

    /// Entity types that stand in patterns.
    pub fn entities(&self) -> impl Iterator<Item = &str> {
        self.entities.iter().map(String::as_str)
    }

    /// All intents that a sentence fits, each in its best way.
    pub fn fits(&self, tokens: &[Token], matches: &[Match]) -> Vec<Fit> {
        let words: Vec<usize> = (0..tokens.len()).filter(|&i| tokens[i].is_word()).collect();
        if words.is_empty() || words.len() > LONGEST {
            return Vec::new();
        }
        let any = entity_key(ANY);
        let has_any = self.entities.contains(ANY);
        let mut ways: BTreeMap<usize, Vec<Way>> = BTreeMap::new();
        ways.insert(0, vec![Way { node: 0, any: 0, open: false, spans: Vec::new() }]);
        let position = |token: usize| words.partition_point(|&w| w < token);
        for (at, &token) in words.iter().enumerate() {
            let here = ways.remove(&at).unwrap_or_default();
            for way in here {
                if let Some(&node) = self.edges.get(&(way.node, word_key(&tokens[token].folded))) {
                    push(&mut ways, at + 1, Way { node, open: false, ..way.clone() });
                }
                for m in matches.iter().filter(|m| m.from == token) {
                    if let Some(&node) = self.edges.get(&(way.node, entity_key(&m.entity))) {
                        let mut next = Way { node, open: false, ..way.clone() };
                        next.spans.push((m.from, m.to));
                        push(&mut ways, position(m.to).max(at + 1), next);
                    }
                }
                if has_any {
                    if let Some(&node) = self.edges.get(&(way.node, any)) {
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
        let mut best: BTreeMap<u32, Fit> = BTreeMap::new();
        for way in ways.remove(&words.len()).unwrap_or_default() {
            for (intent, slots) in self.ends.get(&way.node).into_iter().flatten() {
                let slots = slots.iter().zip(&way.spans).map(|(s, &(a, b))| (s.clone(), a, b)).collect();
                let fit = Fit { intent: *intent, any: way.any, entities: way.spans.len(), slots };
                let better = best.get(intent).is_none_or(|b| (fit.any, fit.entities) < (b.any, b.entities));
                if better {
                    best.insert(*intent, fit);
                }
            }
        }
        best.into_values().collect()
    }

    /// Appends the patterns to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.number(self.nodes);
        out.number(self.edges.len() as u32);
        for (&(node, key), &to) in &self.edges {
            out.number(node);
            out.number(key);
            out.number(to);
        }
        out.number(self.ends.len() as u32);
        for (node, ends) in &self.ends {
            out.number(*node);
            out.number(ends.len() as u32);
            for (intent, slots) in ends {
                out.number(*intent);
                out.number(slots.len() as u32);
                slots.iter().for_each(|s| out.text(s));
            }
        }
        out.number(self.entities.len() as u32);
        self.entities.iter().for_each(|e| out.text(e));
    }

    /// Reads what [`Patterns::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Result<Self, Damaged> {
        let mut patterns = Self { nodes: bytes.number()?, ..Self::default() };
        for _ in 0..bytes.count()? {
            let (node, key, to) = (bytes.number()?, bytes.number()?, bytes.number()?);
            patterns.edges.insert((node, key), to);
        }
        for _ in 0..bytes.count()? {
            let node = bytes.number()?;
            let mut ends = Vec::new();
            for _ in 0..bytes.count()? {
                let intent = bytes.number()?;
                let mut slots = Vec::new();
                for _ in 0..bytes.count()? {
                    slots.push(bytes.text()?.to_owned());
                }
                ends.push((intent, slots));
            }
            patterns.ends.insert(node, ends);
        }
        for _ in 0..bytes.count()? {
            patterns.entities.insert(bytes.text()?.to_owned());
        }
        Ok(patterns)
    }
}

fn push(ways: &mut BTreeMap<usize, Vec<Way>>, at: usize, way: Way) {
    let list = ways.entry(at).or_default();
    if list.len() < MOST_WAYS
        && !list.iter().any(|w| w.node == way.node && w.any <= way.any && w.open == way.open)
    {
        list.push(way);
    }
}
