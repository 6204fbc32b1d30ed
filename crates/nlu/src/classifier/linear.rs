//! One linear machine an intent, all of them trained side by side.
//!
//! L2-regularised squared hinge loss by dual coordinate descent (Hsieh, Chang, Lin, Keerthi and
//! Sundararajan, "A dual coordinate descent method for large-scale linear SVM", ICML 2008). One pass over a
//! phrase gives its scores for all intents at once, so the inner loops run along memory.

use super::space::Sparse;
use crate::hash::Sequence;
use crate::pace::Pace;
use crate::places::{add, get, put};

/// Cost of an error.
const C: f32 = 1.0;
const MOST_EPOCHS: usize = 10;
/// Training ends when no coefficient moves by more than this.
const TOLERANCE: f32 = 0.05;
const SMALLEST_STEP: f32 = 1e-5;

/// Weights of all machines, row by row: the intents of a row stand side by side.
#[derive(Debug, Clone)]
pub struct Linear {
    /// Machines.
    pub machines: usize,
    /// `rows × machines` weights.
    pub weights: Vec<f32>,
}

/// The training set: vectors, and the machine that should say yes (none for out of scope).
#[derive(Debug)]
pub struct Problem<'p> {
    /// One vector a phrase.
    pub vectors: &'p [Sparse],
    /// The right machine of each phrase.
    pub right: &'p [usize],
    /// Machines in all.
    pub machines: usize,
    /// Rows in all.
    pub rows: usize,
}

/// A solution with the share that each phrase has in it.
#[derive(Debug, Clone)]
pub struct Solution {
    /// The machines.
    pub linear: Linear,
    /// `phrases × machines` dual coefficients.
    shares: Vec<f32>,
}

impl Linear {
    /// Adds up the scores of a sentence.
    pub fn score(&self, vector: &Sparse, scores: &mut [f32]) {
        scores.fill(0.0);
        for &(row, value) in vector {
            let start = row as usize * self.machines;
            let weights = self.weights.get(start..).unwrap_or_default();
            for (score, weight) in scores.iter_mut().zip(weights) {
                *score += value * weight;
            }
        }
    }

    fn add(&mut self, vector: &Sparse, steps: &[(usize, f32)]) {
        for &(row, value) in vector {
            let start = row as usize * self.machines;
            for &(machine, step) in steps {
                add(&mut self.weights, start + machine, step * value);
            }
        }
    }
}

/// Trains all machines.
pub async fn train(problem: &Problem<'_>, pace: &mut Pace) -> Solution {
    let mut solution = Solution {
        linear: Linear { machines: problem.machines, weights: vec![0.0; problem.rows * problem.machines] },
        shares: vec![0.0; problem.vectors.len() * problem.machines],
    };
    let everything: Vec<usize> = (0..problem.vectors.len()).collect();
    descend(problem, &mut solution, everything, MOST_EPOCHS, pace).await;
    solution
}

/// The machines as they would be without the phrases of `left_out`: their share is taken back and the
/// others are given two rounds to make up for it. Much cheaper than training anew.
pub async fn without(
    problem: &Problem<'_>,
    solution: &Solution,
    is_left_out: &dyn Fn(usize) -> bool,
    pace: &mut Pace,
) -> Linear {
    let (mut rest, kept) = taken_back(problem, solution, is_left_out);
    pace.spend(rest.linear.weights.len() / 2).await;
    descend(problem, &mut rest, kept, 2, pace).await;
    rest.linear
}

/// A solution without the shares of some phrases, and the other phrases.
#[inline(never)]
fn taken_back(
    problem: &Problem,
    solution: &Solution,
    is_left_out: &dyn Fn(usize) -> bool,
) -> (Solution, Vec<usize>) {
    let (mut rest, mut kept) = (solution.clone(), Vec::with_capacity(problem.vectors.len()));
    for (i, vector) in problem.vectors.iter().enumerate() {
        if !is_left_out(i) {
            kept.push(i);
            continue;
        }
        let shares = solution.shares.iter().skip(i * problem.machines).take(problem.machines);
        let mut steps = Vec::new();
        for (machine, &share) in shares.enumerate() {
            if share > 0.0 {
                steps.push((machine, if get(problem.right, i) == machine { -share } else { share }));
            }
        }
        rest.linear.add(vector, &steps);
    }
    (rest, kept)
}

async fn descend(
    problem: &Problem<'_>,
    solution: &mut Solution,
    mut order: Vec<usize>,
    epochs: usize,
    pace: &mut Pace,
) {
    const DIAGONAL: f32 = 0.5 / C;
    let machines = problem.machines;
    let lengths: Vec<f32> =
        problem.vectors.iter().map(|v| v.iter().map(|e| e.1 * e.1).sum::<f32>() + DIAGONAL).collect();
    let mut scores = vec![0f32; machines];
    let mut steps: Vec<(usize, f32)> = Vec::new();
    let mut resting = vec![false; problem.vectors.len()];
    let mut sequence = Sequence::new(42);
    for _ in 0..epochs {
        sequence.shuffle(&mut order);
        let mut largest = 0f32;
        let ask = &mut |place: usize| {
            let i = get(&order, place);
            let Some(vector) = problem.vectors.get(i) else { return 0 };
            // A phrase on which all machines agreed is not asked again in the next round.
            if get(&resting, i) {
                put(&mut resting, i, false);
                return 0;
            }
            solution.linear.score(vector, &mut scores);
            steps.clear();
            let (right, length) = (get(problem.right, i), get(&lengths, i));
            let shares = solution.shares.get_mut(i * machines..).unwrap_or_default();
            for (machine, (kept, score)) in shares.iter_mut().zip(&scores).enumerate() {
                let sign = if right == machine { 1.0 } else { -1.0 };
                let share = *kept;
                let slope = sign * score - 1.0 + DIAGONAL * share;
                let next = (share - slope / length).max(0.0);
                let step = next - share;
                if step.abs() > SMALLEST_STEP {
                    *kept = next;
                    steps.push((machine, step * sign));
                    largest = largest.max(step.abs());
                }
            }
            put(&mut resting, i, steps.is_empty());
            solution.linear.add(vector, &steps);
            vector.len() * (machines + steps.len()) / 4
        };
        pace.each(order.len(), ask).await;
        if largest < TOLERANCE {
            break;
        }
    }
}
