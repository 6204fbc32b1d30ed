//! Learning a chain: stochastic steps along the slope of the log-likelihood, their pace set by AdaGrad
//! (Duchi, Hazan and Singer, "Adaptive subgradient methods", JMLR 2011).

use super::chain::{Chain, Tag, after, allowed, key, labels};
use crate::hash::Sequence;
use crate::order::sort_by;
use crate::pace::Pace;
use crate::places::{get, put};
use crate::trie::Trie;

const EPOCHS: usize = 8;
const RATE: f32 = 0.05;
/// How strongly weights are drawn to zero, shared out over the sentences of an epoch.
const DECAY: f32 = 1.0;
/// A slope that weights have to overcome at each step: those that do not help stay at zero (the L1 norm's
/// truncated steps).
const PULL: f32 = 0.005;
/// A tag whose probability is off by less teaches nothing.
const SMALLEST_SLOPE: f32 = 1e-3;
/// A sentence of which no tag is off by more is learnt, and not asked again.
const LEARNT: f32 = 0.05;

const MOST_WEIGHTS: usize = 1 << 25;

/// A sentence to learn from.
struct Example {
    /// The rows of the features of each token.
    features: Vec<Vec<u32>>,
    tags: Vec<Tag>,
    frame: usize,
}

/// The weights of a feature. Most belong to one intent and have a weight for each of its tags; those that
/// intents share have one for each label.
struct Row {
    key: u32,
    frame: usize,
    start: usize,
}

/// A weight while it is learnt, with the sum of its squared slopes.
#[derive(Clone, Copy, Default)]
struct Weight {
    value: f32,
    squares: f32,
}

/// What sentences of an intent have in common.
struct Frame {
    intent: u32,
    /// The labels of its tags.
    labels: Vec<u32>,
    /// The places of its tags in rows of its own.
    places: Vec<u32>,
    /// By tag: the row of the feature that stands for it at the token after.
    after: Vec<u32>,
}

/// Learns the weights; the same examples in the same order give the same weights.
#[derive(Default)]
pub struct Learner {
    examples: Vec<Example>,
    /// Row n is at the node n + 1 of its key.
    index: Trie,
    rows: Vec<Row>,
    frames: Vec<Frame>,
    weights: Vec<Weight>,
    decay: f32,
}

/// The labels of rows that intents share stand at this place of the frames.
const SHARED: usize = 0;

impl Learner {
    /// Without examples yet; slots are numbered below `slots`.
    pub fn new(slots: usize) -> Self {
        let labels = (0..1 + 2 * slots as u32).collect();
        let shared = Frame { intent: u32::MAX, labels, places: Vec::new(), after: Vec::new() };
        Self { frames: vec![shared], ..Self::default() }
    }

    fn row(&mut self, feature: u32, frame: usize) -> u32 {
        let key = key(feature);
        let number = self.index.grow(0, key) - 1;
        match self.rows.get_mut(number as usize) {
            Some(row) if row.frame == frame => {}
            Some(row) => row.frame = SHARED,
            None => self.rows.push(Row { key, frame, start: 0 }),
        }
        number
    }

    fn frame(&mut self, intent: u32, slots: &[u32]) -> usize {
        if let Some(known) = self.frames.iter().position(|frame| frame.intent == intent) {
            return known;
        }
        let (number, labels) = (self.frames.len(), labels(slots));
        let after = labels.iter().map(|label| self.row(after(*label), number)).collect();
        self.frames.push(Frame { intent, places: (0..labels.len() as u32).collect(), labels, after });
        number
    }

    /// Takes in a sentence of an intent with these slots: the hashes of the features of each token, and the
    /// right tags.
    pub fn add(&mut self, mut features: Vec<Vec<u32>>, tags: Vec<Tag>, intent: u32, slots: &[u32]) {
        let frame = self.frame(intent, slots);
        for feature in features.iter_mut().flatten() {
            *feature = self.row(*feature, frame);
        }
        self.examples.push(Example { features, tags, frame });
    }

    /// Learns.
    pub async fn learn(mut self, pace: &mut Pace) -> Chain {
        self.begin();
        let examples = core::mem::take(&mut self.examples);
        let mut order: Vec<u32> = (0..examples.len() as u32).collect();
        let mut sequence = Sequence::new(77);
        for _ in 0..EPOCHS {
            sequence.shuffle(&mut order);
            let mut asked_again = Vec::with_capacity(order.len());
            let ask = &mut |place: usize| {
                let number = get(&order, place);
                let Some(example) = examples.get(number as usize) else { return 0 };
                if self.step(example) > LEARNT {
                    asked_again.push(number);
                }
                example.tags.len() * self.labels(example.frame) * 100
            };
            pace.each(order.len(), ask).await;
            order = asked_again;
        }
        self.finish()
    }

    /// How many labels the tags of a frame have.
    fn labels(&self, frame: usize) -> usize {
        self.frames.get(frame).map_or(0, |frame| frame.labels.len())
    }

    /// Makes room for the weights.
    #[inline(never)]
    fn begin(&mut self) {
        let mut end = 0;
        for row in &mut self.rows {
            // Where there are too many for the memory, rows lie over one another.
            end %= MOST_WEIGHTS;
            row.start = end;
            end += self.frames.get(row.frame).map_or(0, |frame| frame.labels.len());
            self.weights.resize(self.weights.len().max(end), Weight::default());
        }
        self.decay = DECAY / self.examples.len().max(1) as f32;
    }

    /// The weights, by key.
    #[inline(never)]
    fn finish(self) -> Chain {
        let mut order: Vec<u32> = (0..self.rows.len() as u32).collect();
        sort_by(&mut order, |a, b| self.rows[*a as usize].key.cmp(&self.rows[*b as usize].key));
        Chain::of(order.into_iter().map(|number| {
            let row = &self.rows[number as usize];
            let labels = &self.frames[row.frame].labels;
            (
                row.key,
                labels.iter().zip(&self.weights[row.start..]).map(|(label, weight)| (*label, weight.value)),
            )
        }))
    }

    /// Where the weights of a feature begin, and how far from there those of an intent's tags are.
    fn places<'f>(&self, row: u32, frame: &'f Frame) -> (&Row, &'f [u32]) {
        let row = &self.rows[row as usize];
        (row, if row.frame == SHARED { &frame.labels } else { &frame.places })
    }

    /// Adds the weights of a feature to scores.
    fn score(&self, row: u32, frame: &Frame, scores: &mut [f32]) {
        let (row, places) = self.places(row, frame);
        for (score, place) in scores.iter_mut().zip(places) {
            *score += get(&self.weights, row.start + *place as usize).value;
        }
    }

    /// Moves the weights of a feature along slopes of tags.
    fn climb(&mut self, row: u32, frame: &Frame, slopes: &[(usize, f32)]) {
        let (row, places) = self.places(row, frame);
        let start = row.start;
        for &(tag, slope) in slopes {
            let Some(weight) = self.weights.get_mut(start + get(places, tag) as usize) else { continue };
            let slope = slope - self.decay * weight.value;
            weight.squares += slope * slope;
            let pace = RATE / (weight.squares.sqrt() + 1e-3);
            let moved = weight.value + pace * slope;
            weight.value = (moved.abs() - pace * PULL).max(0.0) * moved.signum();
        }
    }

    /// One step along the slope of the sentence's log-likelihood; how far the furthest tag was off.
    #[inline(never)]
    fn step(&mut self, example: &Example) -> f32 {
        let frames = core::mem::take(&mut self.frames);
        let frame = &frames[example.frame];
        let (n, k) = (example.tags.len(), frame.labels.len());
        let mut steps = vec![0f32; k * k];
        for (b, row) in steps.chunks_exact_mut(k).enumerate() {
            self.score(get(&frame.after, b), frame, row);
            for (t, step) in row.iter_mut().enumerate() {
                *step = if allowed(b, t) { libm::expf(*step) } else { 0.0 };
            }
        }
        let mut local = vec![0f32; n * k];
        for (features, local) in example.features.iter().zip(local.chunks_exact_mut(k)) {
            features.iter().for_each(|feature| self.score(*feature, frame, local));
            let top = local.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            local.iter_mut().for_each(|x| *x = libm::expf(*x - top));
        }
        let forward = forward(&steps, &local, k);
        // From the last token back: how likely what follows is, by the tag of a token.
        let mut backward = vec![1f32; k];
        let mut slopes = Vec::with_capacity(k);
        let mut largest = 0f32;
        for i in (0..n).rev() {
            let right = usize::from(get(&example.tags, i));
            let from = |i: usize, of: &[f32]| -> Vec<f32> {
                of.iter().skip(i * k).zip(&backward).map(|(f, b)| f * b).collect()
            };
            let mut shares = from(i, &forward);
            normalise(&mut shares);
            largest = largest.max(slopes_of(&shares, Some(right), &mut slopes));
            for feature in example.features.get(i).into_iter().flatten() {
                self.climb(*feature, frame, &slopes);
            }
            if i == 0 {
                break;
            }
            let ahead = from(i, &local);
            let mut pairs = Vec::with_capacity(k * k);
            for (b, steps) in steps.chunks_exact(k).enumerate() {
                let before = get(&forward, (i - 1) * k + b);
                pairs.extend(steps.iter().zip(&ahead).map(|(step, ahead)| before * step * ahead));
                put(&mut backward, b, steps.iter().zip(&ahead).map(|(step, ahead)| step * ahead).sum());
            }
            normalise(&mut pairs);
            normalise(&mut backward);
            for (b, pairs) in pairs.chunks_exact(k).enumerate() {
                let right = (usize::from(get(&example.tags, i - 1)) == b).then_some(right);
                slopes_of(pairs, right, &mut slopes);
                self.climb(get(&frame.after, b), frame, &slopes);
            }
        }
        self.frames = frames;
        largest
    }
}

/// How likely what precedes is, by the tag of each token: token by token, each scaled to sum one.
fn forward(steps: &[f32], local: &[f32], k: usize) -> Vec<f32> {
    let mut forward: Vec<f32> = Vec::with_capacity(local.len());
    for (i, local) in local.chunks_exact(k).enumerate() {
        let mut here: Vec<f32> = (0..k).map(|t| f32::from(u8::from(i == 0 && allowed(0, t)))).collect();
        if i > 0 {
            for (before, steps) in forward[(i - 1) * k..].iter().zip(steps.chunks_exact(k)) {
                here.iter_mut().zip(steps).for_each(|(here, step)| *here += before * step);
            }
        }
        here.iter_mut().zip(local).for_each(|(here, local)| *here *= local);
        normalise(&mut here);
        forward.extend(here);
    }
    forward
}

/// How far shares are from the right tag, where it matters; the furthest.
fn slopes_of(shares: &[f32], right: Option<usize>, slopes: &mut Vec<(usize, f32)>) -> f32 {
    slopes.clear();
    let mut largest = 0f32;
    for (tag, share) in shares.iter().enumerate() {
        let slope = f32::from(u8::from(right == Some(tag))) - share;
        if slope.abs() > SMALLEST_SLOPE {
            slopes.push((tag, slope));
            largest = largest.max(slope.abs());
        }
    }
    largest
}

/// Brings shares to a sum of one.
fn normalise(shares: &mut [f32]) {
    let sum = shares.iter().sum::<f32>().max(1e-30);
    shares.iter_mut().for_each(|x| *x /= sum);
}
