//! From scores to a confidence that means what it says: of the sentences answered with 0.8, about 80 in a
//! hundred are answered rightly.
//!
//! Platt, "Probabilistic outputs for support vector machines", 1999, fitted by Newton's method as in Lin,
//! Lin and Weng, "A note on Platt's probabilistic outputs for support vector machines", 2007.

use crate::wire::{Reader, Writer};

/// What is known of an answer before it is given.
#[derive(Debug, Clone, Copy)]
pub struct Evidence {
    /// Score of the best intent.
    pub best: f32,
    /// Score of the next best, or −1.
    pub next: f32,
    /// Score of "out of scope", or −1 where nothing was trained for it.
    pub outside: f32,
    /// How much of the sentence the agent knows, 0 … 1.
    pub coverage: f32,
}

impl Evidence {
    /// One number, the higher the safer. The shares were picked on CLINC150's validation set.
    pub fn strength(&self) -> f32 {
        self.best + 0.25 * (self.best - self.next) + 0.5 * self.coverage - 0.5 * (self.outside + 1.0)
    }
}

/// One observation: strength, whether the answer was right, and how much it counts.
pub type Observation = (f32, bool, f32);

/// The curve from strength to confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Confidence {
    slope: f32,
    offset: f32,
}

impl Confidence {
    /// Fits the curve.
    pub fn fit(observations: &[Observation]) -> Self {
        let right: f64 = observations.iter().filter(|o| o.1).map(|o| f64::from(o.2)).sum();
        let wrong: f64 = observations.iter().filter(|o| !o.1).map(|o| f64::from(o.2)).sum();
        let (high, low) = ((right + 1.0) / (right + 2.0), 1.0 / (wrong + 2.0));
        // The prior keeps a handful of phrases from giving a cliff or a plain: slope 4, centre −0.2.
        let (mut slope, mut offset) = (4.0f64, 0.8f64);
        const PRIOR: f64 = 0.5;
        for _ in 0..50 {
            let (mut g0, mut g1) = (PRIOR * (slope - 4.0), PRIOR * (offset - 0.8));
            let (mut h00, mut h01, mut h11) = (PRIOR, 0.0, PRIOR);
            for &(strength, is_right, weight) in observations {
                let (s, weight) = (f64::from(strength), f64::from(weight));
                let p = sigmoid(slope * s + offset);
                let miss = weight * (p - if is_right { high } else { low });
                let spread = weight * p * (1.0 - p);
                g0 += miss * s;
                g1 += miss;
                h00 += spread * s * s;
                h01 += spread * s;
                h11 += spread;
            }
            let determinant = h00 * h11 - h01 * h01;
            if determinant <= 1e-12 {
                break;
            }
            let (d0, d1) = ((g0 * h11 - g1 * h01) / determinant, (g1 * h00 - g0 * h01) / determinant);
            slope = (slope - d0.clamp(-2.0, 2.0)).clamp(1.0, 20.0);
            offset = (offset - d1.clamp(-2.0, 2.0)).clamp(-20.0, 20.0);
            if d0 * d0 + d1 * d1 < 1e-12 {
                break;
            }
        }
        Self { slope: slope as f32, offset: offset as f32 }
    }

    /// The confidence of an answer, 0 … 1.
    pub fn of(&self, strength: f32) -> f32 {
        sigmoid(f64::from(self.slope) * f64::from(strength) + f64::from(self.offset)) as f32
    }

    /// Appends the curve to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.fraction(self.slope);
        out.fraction(self.offset);
    }

    /// Reads what [`Confidence::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        Self { slope: bytes.fraction(), offset: bytes.fraction() }
    }
}

fn sigmoid(x: f64) -> f64 {
    1.0 / (1.0 + f64::from(libm::expf(-x as f32)))
}

#[cfg(test)]
mod tests {
    use super::Confidence;

    #[test]
    fn confidence_is_the_share_of_right_answers() {
        let mut observations = Vec::new();
        for i in 0..1000u32 {
            let strength = (i % 100) as f32 / 50.0 - 1.0;
            // Right more often the stronger: at strength 0 one half.
            let right = (i * 7919 % 1000) as f32 / 1000.0 < 1.0 / (1.0 + (-3.0 * strength).exp());
            observations.push((strength, right, 1.0));
        }
        let confidence = Confidence::fit(&observations);
        for (strength, expected) in [(-1.0, 0.047), (0.0, 0.5), (1.0, 0.953)] {
            let given = confidence.of(strength);
            assert!((given - expected).abs() < 0.06, "{strength}: {given} for {expected}");
        }
    }

    #[test]
    fn few_observations_give_no_cliff() {
        let confidence = Confidence::fit(&[(1.0, true, 1.0), (-1.0, false, 1.0)]);
        assert!(confidence.of(0.2) > 0.3 && confidence.of(0.2) < 0.95);
        assert!(confidence.of(1.5) > confidence.of(0.0));
        let confidence = Confidence::fit(&[]);
        assert!(confidence.of(0.0).is_finite());
    }
}
