//! The chain itself: scores of tags at tokens and between tokens.

use crate::hash::Hash;
use crate::places::{get, put};
use crate::rows::Rows;
use crate::wire::{Reader, Writer};

/// 0 is outside; 1 + 2k begins the k-th slot of the intent, 2 + 2k goes on with it.
pub type Tag = u8;

/// A weight is kept in steps of this.
const STEP: f32 = 0.1;
/// Features are told apart by so many bits of their hash: the table over the first half of them is small.
const BITS: u32 = 24;
const FIRST_BITS: u32 = 14;

/// What is kept of the hash of a feature.
pub fn key(feature: u32) -> u32 {
    feature >> (32 - BITS)
}

/// What a tag is, whichever intent it belongs to: 0 outside, 1 + 2s begins slot s, 2 + 2s goes on with it.
pub fn labels(slots: &[u32]) -> Vec<u32> {
    let mut labels = vec![0];
    for slot in slots {
        labels.push(1 + 2 * slot);
        labels.push(2 + 2 * slot);
    }
    labels
}

/// The feature that a token has because of the tag before it.
pub fn after(label: u32) -> u32 {
    Hash::new(81).number(label).finish()
}

/// A tag may go on with a slot only after a tag of that slot.
pub fn allowed(before: usize, after: usize) -> bool {
    after == 0 || after % 2 == 1 || before == after || before + 1 == after
}

/// Weights of labels by feature.
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    /// The features that have weights, rising.
    keys: Vec<u32>,
    /// By feature: labels and weights in steps of [`STEP`].
    rows: Rows,
    /// Where the keys begin that have the same first bits: made from the keys.
    first: Vec<u32>,
}

impl Chain {
    fn new(keys: Vec<u32>, rows: Rows) -> Self {
        let mut first = Vec::with_capacity((1 << FIRST_BITS) + 1);
        for (place, key) in (0..).zip(&keys) {
            first.resize((key >> (BITS - FIRST_BITS)) as usize + 1, place);
        }
        first.resize((1 << FIRST_BITS) + 1, keys.len() as u32);
        Self { keys, rows, first }
    }

    /// Weights by label, by the key of their feature, rising; what rounds to nothing is left out.
    pub fn of(rows: impl Iterator<Item = (u32, impl Iterator<Item = (u32, f32)>)>) -> Self {
        let (mut keys, mut kept) = (Vec::new(), Rows::new());
        for (key, row) in rows {
            row.for_each(|(label, weight)| kept.add(label, weight, STEP));
            if !kept.is_row_empty() {
                keys.push(key);
                kept.end_row();
            }
        }
        Self::new(keys, kept)
    }

    /// Adds the weights of a feature to the scores of tags; `tags` says which tag a label is here.
    fn add(&self, feature: u32, tags: &[Tag], scores: &mut [f32]) {
        let key = key(feature);
        let bits = (key >> (BITS - FIRST_BITS)) as usize;
        let first = get(&self.first, bits) as usize;
        let near = self.keys.get(first..get(&self.first, bits + 1) as usize).unwrap_or_default();
        let Ok(place) = near.binary_search(&key) else { return };
        for (label, weight) in self.rows.row(first + place) {
            // A label of another intent's slot is beyond the scores.
            let tag = tags.get(label).map_or(usize::MAX, |tag| usize::from(*tag));
            if let Some(score) = scores.get_mut(tag) {
                *score += weight * STEP;
            }
        }
    }

    /// The best tags of a sentence (Viterbi).
    pub fn decode(&self, features: &[Vec<u32>], slots: &[u32]) -> Vec<Tag> {
        let own = labels(slots);
        let (n, k) = (features.len(), own.len());
        let mut tags = vec![Tag::MAX; own.last().map_or(1, |last| *last as usize + 1)];
        for (tag, label) in (0..).zip(&own) {
            put(&mut tags, *label as usize, tag);
        }
        let mut steps = vec![0f32; k * k];
        for (label, row) in own.iter().zip(steps.chunks_exact_mut(k)) {
            self.add(after(*label), &tags, row);
        }
        let mut best = vec![f32::NEG_INFINITY; n * k];
        let mut from = vec![0u8; n * k];
        let mut emit = vec![0f32; k];
        for (i, features) in features.iter().enumerate() {
            emit.fill(0.0);
            features.iter().for_each(|feature| self.add(*feature, &tags, &mut emit));
            for t in 0..k {
                let (mut top, mut at) = (f32::NEG_INFINITY, 0);
                if i == 0 && allowed(0, t) {
                    top = 0.0;
                }
                for b in (0..k).filter(|&b| i > 0 && allowed(b, t)) {
                    let score = get(&best, (i - 1) * k + b) + get(&steps, b * k + t);
                    if score > top {
                        (top, at) = (score, b);
                    }
                }
                put(&mut best, i * k + t, top + get(&emit, t));
                put(&mut from, i * k + t, at as u8);
            }
        }
        let last = best.get(n.saturating_sub(1) * k..).unwrap_or_default();
        let mut tag = (0..k).fold(0, |b, t| if get(last, t) > get(last, b) { t } else { b });
        let mut tags = vec![0; n];
        for (i, place) in tags.iter_mut().enumerate().rev() {
            *place = tag as Tag;
            tag = usize::from(get(&from, i * k + tag));
        }
        tags
    }

    /// Appends the chain to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.rising(&self.keys);
        let labels = self.rows.width();
        out.number(labels as u32);
        self.rows.write(out, labels, &|_| 0);
    }

    /// Reads what [`Chain::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let mut keys = bytes.rising();
        let labels = bytes.number() as usize;
        let rows = Rows::read(bytes, keys.len(), labels, &|_| 0);
        let sound = keys.windows(2).all(|w| w[0] < w[1]) && keys.last().is_none_or(|&last| last < 1 << BITS);
        if !bytes.expect(sound) {
            keys.clear();
        }
        Self::new(keys, rows)
    }
}
