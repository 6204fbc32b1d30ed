//! The chain itself: scores of tags at tokens and between tokens.

use crate::hash::{Hash, Sequence};
use crate::wire::{Damaged, Reader, Writer};

/// 0 is outside; 1 + 2k begins the k-th slot of the intent, 2 + 2k goes on with it.
pub type Tag = u8;

/// A sentence to learn from.
pub struct Example {
    /// Feature hashes of each token.
    pub features: Vec<Vec<u32>>,
    /// The right tags.
    pub tags: Vec<Tag>,
    /// The slots of its intent.
    pub slots: Vec<u32>,
}

/// Hashes of (feature, slot, begin or inside) are folded into this many weights while learning.
const BITS: u32 = 20;
const EPOCHS: usize = 8;
const RATE: f32 = 0.05;
/// How strongly weights are drawn to zero, shared out over the sentences of an epoch.
const DECAY: f32 = 1.0;
const STEP: f32 = 1.0 / 12.0;

/// Weights by folded hash. While it is learnt they are fractions, afterwards steps of [`STEP`].
#[derive(Debug, Clone, PartialEq)]
pub struct Chain {
    weights: Vec<i8>,
}

/// What a tag is, whichever intent it belongs to.
fn label(tag: Tag, slots: &[u32]) -> u32 {
    if tag == 0 { 0 } else { 1 + slots[(usize::from(tag) - 1) / 2] * 2 + u32::from(tag.is_multiple_of(2)) }
}

fn fold(feature: u32, label: u32) -> u32 {
    // Features are hashes already: one multiplication mixes the label in. Labels side by side would be
    // faster, but then two features that collide do so in all their labels.
    (feature ^ (label + 1).wrapping_mul(0x9E37_79B1)).wrapping_mul(0x85eb_ca6b) >> (32 - BITS)
}

/// A tag may go on with a slot only after a tag of that slot.
fn allowed(before: usize, after: usize) -> bool {
    after == 0 || after % 2 == 1 || before == after || before + 1 == after
}

/// Scores and places of a sentence's weights.
struct Lattice {
    tags: usize,
    /// `tokens × tags` scores.
    emit: Vec<f32>,
    /// `tags × tags` scores, minus infinity where not allowed.
    step: Vec<f32>,
    labels: Vec<u32>,
}

fn transition(before: u32, after: u32) -> u32 {
    fold(Hash::new(81).number(before).finish(), after)
}

fn lattice(weight: impl Fn(u32) -> f32, features: &[Vec<u32>], slots: &[u32]) -> Lattice {
    let tags = 1 + 2 * slots.len();
    let labels: Vec<u32> = (0..tags).map(|t| label(t as Tag, slots)).collect();
    let mut emit = vec![0f32; features.len() * tags];
    for (features, row) in features.iter().zip(emit.chunks_exact_mut(tags)) {
        for &feature in features {
            for (score, &label) in row.iter_mut().zip(&labels) {
                *score += weight(fold(feature, label));
            }
        }
    }
    let mut step = vec![f32::NEG_INFINITY; tags * tags];
    for before in 0..tags {
        for after in (0..tags).filter(|&after| allowed(before, after)) {
            step[before * tags + after] = weight(transition(labels[before], labels[after]));
        }
    }
    Lattice { tags, emit, step, labels }
}

impl Chain {
    /// The best tags of a sentence (Viterbi).
    pub fn decode(&self, features: &[Vec<u32>], slots: &[u32]) -> Vec<Tag> {
        let lattice = lattice(|key| f32::from(self.weights[key as usize]) * STEP, features, slots);
        let (n, k) = (features.len(), lattice.tags);
        let mut best = vec![f32::NEG_INFINITY; n * k];
        let mut from = vec![0u8; n * k];
        for t in (0..k).filter(|&t| t == 0 || t % 2 == 1) {
            best[t] = lattice.emit[t];
        }
        for i in 1..n {
            for t in 0..k {
                let (mut top, mut at) = (f32::NEG_INFINITY, 0);
                for b in 0..k {
                    let score = best[(i - 1) * k + b] + lattice.step[b * k + t];
                    if score > top {
                        (top, at) = (score, b);
                    }
                }
                best[i * k + t] = top + lattice.emit[i * k + t];
                from[i * k + t] = at as u8;
            }
        }
        let last = &best[(n - 1) * k..];
        let mut tag = (0..k).fold(0, |b, t| if last[t] > last[b] { t } else { b });
        let mut tags = vec![0; n];
        for i in (0..n).rev() {
            tags[i] = tag as Tag;
            tag = usize::from(from[i * k + tag]);
        }
        tags
    }

    /// Learns the weights; the same examples in the same order give the same weights.
    pub fn train(examples: &[Example]) -> Self {
        let mut learner = Learner {
            weights: vec![0.0; 1 << BITS],
            squares: vec![0.0; 1 << BITS],
            decay: DECAY / examples.len().max(1) as f32,
        };
        let mut order: Vec<usize> = (0..examples.len()).collect();
        let mut sequence = Sequence::new(77);
        for _ in 0..EPOCHS {
            sequence.shuffle(&mut order);
            for &i in &order {
                learner.learn(&examples[i]);
            }
        }
        Self {
            weights: learner
                .weights
                .iter()
                .map(|w| libm::roundf(w / STEP).clamp(-127.0, 127.0) as i8)
                .collect(),
        }
    }

    /// Appends the chain to a model file: only what is not zero.
    pub fn write(&self, out: &mut Writer) {
        let kept = || self.weights.iter().zip(0u32..).filter(|(w, _)| **w != 0);
        out.rising(&kept().map(|k| k.1).collect::<Vec<_>>());
        out.small(&kept().map(|k| *k.0).collect::<Vec<_>>());
    }

    /// Reads what [`Chain::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Result<Self, Damaged> {
        let keys = bytes.rising()?;
        let values = bytes.small()?;
        if keys.len() != values.len() || keys.last().is_some_and(|&k| k >= 1 << BITS) {
            return bytes.refuse();
        }
        let mut weights = vec![0i8; 1 << BITS];
        for (key, value) in keys.into_iter().zip(values) {
            match weights.get_mut(key as usize) {
                Some(weight) => *weight = value,
                None => return bytes.refuse(),
            }
        }
        Ok(Self { weights })
    }
}

/// Weights while they are learnt, with the sums of squared slopes that set their pace (AdaGrad).
struct Learner {
    weights: Vec<f32>,
    squares: Vec<f32>,
    decay: f32,
}

impl Learner {
    fn step(&mut self, key: u32, slope: f32) {
        let weight = &mut self.weights[key as usize];
        let slope = slope - self.decay * *weight;
        let square = &mut self.squares[key as usize];
        *square += slope * slope;
        *weight += RATE * slope / (square.sqrt() + 1e-3);
    }

    /// One step along the slope of the sentence's log-likelihood.
    fn learn(&mut self, example: &Example) {
        let lattice = lattice(|key| self.weights[key as usize], &example.features, &example.slots);
        let (n, k) = (example.tags.len(), lattice.tags);
        let emit = |i: usize, t: usize| lattice.emit[i * k + t];
        let starts = |t: usize| t == 0 || t % 2 == 1;
        // Forward and backward in probabilities, each token scaled to sum one.
        let step: Vec<f32> =
            lattice.step.iter().map(|s| if s.is_finite() { libm::expf(*s) } else { 0.0 }).collect();
        let mut local = vec![0f32; n * k];
        for i in 0..n {
            let top = (0..k).map(|t| emit(i, t)).fold(f32::NEG_INFINITY, f32::max);
            for t in 0..k {
                local[i * k + t] = libm::expf(emit(i, t) - top);
            }
        }
        let mut forward = vec![0f32; n * k];
        let mut backward = vec![1f32; n * k];
        for i in 0..n {
            let mut sum = 0.0;
            for t in 0..k {
                let before = if i == 0 {
                    if starts(t) { 1.0 } else { 0.0 }
                } else {
                    (0..k).map(|b| forward[(i - 1) * k + b] * step[b * k + t]).sum()
                };
                forward[i * k + t] = before * local[i * k + t];
                sum += forward[i * k + t];
            }
            forward[i * k..(i + 1) * k].iter_mut().for_each(|x| *x /= sum.max(1e-30));
        }
        for i in (0..n.saturating_sub(1)).rev() {
            let mut sum = 0.0;
            for b in 0..k {
                let after: f32 = (0..k)
                    .map(|t| step[b * k + t] * local[(i + 1) * k + t] * backward[(i + 1) * k + t])
                    .sum();
                backward[i * k + b] = after;
                sum += after;
            }
            backward[i * k..(i + 1) * k].iter_mut().for_each(|x| *x /= sum.max(1e-30));
        }
        for i in 0..n {
            let weights = |t: usize| forward[i * k + t] * backward[i * k + t];
            let sum: f32 = (0..k).map(weights).sum::<f32>().max(1e-30);
            for t in 0..k {
                let slope = f32::from(u8::from(usize::from(example.tags[i]) == t)) - weights(t) / sum;
                if slope.abs() > 1e-3 {
                    for &feature in &example.features[i] {
                        self.step(fold(feature, lattice.labels[t]), slope);
                    }
                }
            }
            if i == 0 {
                continue;
            }
            let pair = |b: usize, t: usize| {
                forward[(i - 1) * k + b] * step[b * k + t] * local[i * k + t] * backward[i * k + t]
            };
            let mut sum = 0.0;
            for b in 0..k {
                for t in 0..k {
                    sum += pair(b, t);
                }
            }
            for b in 0..k {
                for t in (0..k).filter(|&t| allowed(b, t)) {
                    let right = usize::from(example.tags[i - 1]) == b && usize::from(example.tags[i]) == t;
                    let slope = f32::from(u8::from(right)) - pair(b, t) / sum.max(1e-30);
                    if slope.abs() > 1e-3 {
                        self.step(transition(lattice.labels[b], lattice.labels[t]), slope);
                    }
                }
            }
        }
    }
}
