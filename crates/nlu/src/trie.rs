//! A trie over hashes of words, and lists that hang at its nodes: what patterns and dictionaries are kept in.
//!
//! It stands in for maps of the standard library, each of which weighs four kilobytes in a wasm.

use crate::hash::Hash;
use crate::places::{get, put};
use crate::wire::{Reader, Writer};

/// Words as paths. Node 0 is the root; each edge leads to a node of its own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Trie {
    /// Edge i leads from a node, by a key, to node i + 1.
    edges: Vec<(u32, u32)>,
    /// Edges by their hash, plus one; 0 where there is none. At most half of the places are taken.
    places: Vec<u32>,
}

impl Trie {
    /// How many nodes there are.
    pub fn nodes(&self) -> usize {
        self.edges.len() + 1
    }

    /// The place of an edge, or the free one where it would be.
    fn place(&self, edge: (u32, u32)) -> usize {
        let mask = self.places.len() - 1;
        let mut at = Hash::new(edge.0).number(edge.1).finish() as usize & mask;
        while let Some(&number) = self.places.get(at)
            && number > 0
            && get(&self.edges, number as usize - 1) != edge
        {
            at = (at + 1) & mask;
        }
        at
    }

    /// Whether a key leads anywhere.
    pub fn has(&self, key: u32) -> bool {
        self.edges.iter().any(|edge| edge.1 == key)
    }

    /// The node that a key leads to.
    pub fn step(&self, node: u32, key: u32) -> Option<u32> {
        if self.places.is_empty() {
            return None;
        }
        let number = get(&self.places, self.place((node, key)));
        (number > 0).then_some(number)
    }

    /// The node that a key leads to, which is made if need be.
    pub fn grow(&mut self, node: u32, key: u32) -> u32 {
        if self.edges.len() * 2 >= self.places.len() {
            self.places = vec![0; (self.places.len() * 2).max(16)];
            for number in 1..self.nodes() {
                let at = self.place(get(&self.edges, number - 1));
                put(&mut self.places, at, number as u32);
            }
        }
        let at = self.place((node, key));
        if get(&self.places, at) == 0 {
            self.edges.push((node, key));
            put(&mut self.places, at, self.edges.len() as u32);
        }
        get(&self.places, at)
    }

    /// Appends it to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.number(self.edges.len() as u32);
        for (i, &(node, key)) in (0..).zip(&self.edges) {
            // Most edges go on from the node before.
            out.number(i - node);
            out.hash(key);
        }
    }

    /// Reads what [`Trie::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let mut trie = Self::default();
        for i in 0..bytes.count() as u32 {
            let (back, key) = (bytes.number(), bytes.hash());
            if !bytes.expect(back <= i && trie.grow(i - back, key) == i + 1) {
                break;
            }
        }
        trie
    }
}

/// A list of numbers at each node, newest first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Lists {
    /// By node, the newest number plus one.
    newest: Vec<u32>,
    /// By number, the one before plus one.
    before: Vec<u32>,
}

impl Lists {
    /// Puts the next number (0, 1, 2 …) into the list of a node.
    pub fn push(&mut self, node: u32) {
        let at = node as usize;
        if at >= self.newest.len() {
            self.newest.resize(at + 1, 0);
        }
        self.before.push(get(&self.newest, at));
        put(&mut self.newest, at, self.before.len() as u32);
    }

    /// The numbers of a node.
    pub fn of(&self, node: u32) -> impl Iterator<Item = usize> {
        let mut next = get(&self.newest, node as usize) as usize;
        core::iter::from_fn(move || {
            let number = next.checked_sub(1)?;
            next = get(&self.before, number) as usize;
            Some(number)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_lead_where_they_led() {
        let mut trie = Trie::default();
        assert_eq!(trie.step(0, 7), None);
        let mut known = std::collections::BTreeMap::new();
        let mut sequence = crate::hash::Sequence::new(5);
        for _ in 0..3000 {
            let edge = (sequence.draw() % trie.nodes() as u32, sequence.draw() % 50);
            let node = trie.grow(edge.0, edge.1);
            assert_eq!(*known.entry(edge).or_insert(node), node);
        }
        assert_eq!(trie.nodes(), known.len() + 1);
        let mut out = Writer::default();
        trie.write(&mut out);
        let again = Trie::read(&mut Reader::new(&out.finish()));
        for node in 0..trie.nodes() as u32 {
            for key in 0..50 {
                assert_eq!(again.step(node, key), known.get(&(node, key)).copied());
            }
        }
    }

    #[test]
    fn lists_hold_what_was_pushed() {
        let mut lists = Lists::default();
        [3, 0, 3].into_iter().for_each(|node| lists.push(node));
        let of = |node| lists.of(node).collect::<Vec<_>>();
        assert_eq!((of(3), of(0), of(1), of(9)), (vec![2, 0], vec![1], vec![], vec![]));
    }
}
