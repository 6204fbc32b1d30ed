//! What composes the vectors of a sentence's pieces.

use super::VectorsError;

/// The hidden layer, so that the processor does several units at once.
#[derive(Debug, Clone)]
pub struct Layer {
    /// For each dimension, how much each unit takes of it.
    taken: Vec<f32>,
    /// Of each unit.
    biases: Vec<f32>,
    /// For each unit, how much it gives to each dimension.
    given: Vec<f32>,
}

/// Of the weights that take, of the biases, of the weights that give.
const STEPS: usize = 3;

impl Layer {
    /// Three steps as 32-bit floats, the lowest byte first; then its units, a signed byte for each weight and bias, which counts
    /// such steps.
    pub fn read(bytes: &[u8], dimensions: usize) -> Result<Self, VectorsError> {
        let unit = 2 * dimensions + 1;
        let fault = VectorsError::Layer { bytes: bytes.len(), unit };
        let Some((head, units)) = bytes.split_at_checked(4 * STEPS) else { return Err(fault) };
        if units.is_empty() || !units.len().is_multiple_of(unit) {
            return Err(fault);
        }
        let mut steps = [0f32; STEPS];
        for (i, (step, bytes)) in steps.iter_mut().zip(head.as_chunks().0).enumerate() {
            *step = f32::from_le_bytes(*bytes);
            // Larger ones would have no finite sums.
            if !(*step > 0.0 && *step < 1000.0) {
                return Err(VectorsError::Step { at: 4 * i });
            }
        }
        let [step_taken, step_bias, step_given] = steps;
        let count = units.len() / unit;
        let mut layer = Self { taken: vec![0.0; dimensions * count], biases: vec![], given: vec![] };
        let value = |byte: &u8, step: f32| f32::from(byte.cast_signed()) * step;
        for (number, weights) in units.chunks_exact(unit).enumerate() {
            for (place, byte) in layer.taken.iter_mut().skip(number).step_by(count).zip(weights) {
                *place = value(byte, step_taken);
            }
            layer.biases.push(value(&weights[dimensions], step_bias));
            layer.given.extend(weights[dimensions + 1..].iter().map(|byte| value(byte, step_given)));
        }
        Ok(layer)
    }

    /// The sum, and what the units that it moves add to it.
    pub fn apply(&self, sum: &[f32]) -> Vec<f32> {
        let mut moved = self.biases.clone();
        for (x, weights) in sum.iter().zip(self.taken.chunks_exact(moved.len())) {
            add(&mut moved, weights, *x);
        }
        let mut whole = sum.to_vec();
        for (moved, weights) in moved.iter().zip(self.given.chunks_exact(sum.len())) {
            if *moved > 0.0 {
                add(&mut whole, weights, *moved);
            }
        }
        whole
    }
}

fn add(to: &mut [f32], weights: &[f32], times: f32) {
    to.iter_mut().zip(weights).for_each(|(to, weight)| *to += times * weight);
}
