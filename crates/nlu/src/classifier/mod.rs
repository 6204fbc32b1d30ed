//! Which intent a sentence belongs to: a linear model over words and pieces of words.

mod confidence;
mod features;
mod linear;
mod space;

use crate::language::{Language, Token, tokenise};
use crate::pace::{self, Pace};
use crate::places::{add, get};
use crate::rows::Rows;
use crate::vectors::Vectors;
use crate::wire::{Reader, Writer};
use confidence::{Confidence, Evidence, Observation};
use linear::{Linear, Problem};
use space::{Space, Sparse};

/// Weight of the constant that every sentence has.
const CONSTANT: f32 = 1.0;
/// Weight of the vectors beside the blocks of features.
const VECTORS: f32 = 1.25;
/// A program without vectors reads no model that was learnt with them: it would understand less than it says.
const TOO_MANY_NUMBERS: usize = if cfg!(feature = "vectors") { 1 << 16 } else { 1 };
/// The phrases are left out in this many parts to see how sure the model may be.
const FOLDS: u32 = 3;
/// Weights are kept in steps of this share of their root mean square, coarser where there are many.
const FINE_ROUNDING: f32 = 0.7;
const COARSE_ROUNDING: f32 = 1.0;
const MANY_WEIGHTS: usize = 2_000_000;
/// So many sentences of nonsense show how sure the model is of what it does not know; each counts half.
const MOST_NONSENSE: usize = 400;
const NONSENSE: f32 = 0.5;

/// What the features of a phrase cost; see [`Pace`].
const PHRASE: usize = 10_000;

/// A phrase that was left out, the intent that it was given, and how strongly.
type Seen = (usize, usize, f32);

/// A training phrase. `intent` is `None` for sentences that no intent should take.
#[derive(Debug, Clone)]
pub struct Example<'e> {
    /// The phrase.
    pub text: &'e str,
    /// Its intent, by number.
    pub intent: Option<usize>,
    /// Kinds of entities in it.
    pub marks: Vec<&'e str>,
}

/// What the model says of a sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Prediction {
    /// The best of the intents that were asked for.
    pub intent: usize,
    /// Probability that it is right, 0 … 1.
    pub confidence: f32,
    /// The next best, with the confidence that it would have had.
    pub next: Option<(usize, f32)>,
}

/// What leaving each phrase out in turn has shown.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// The phrase, by its place in the training set.
    pub example: usize,
    /// The intent that the model without it gives it.
    pub given: usize,
    /// How sure it is.
    pub confidence: f32,
}

/// A trained classifier.
#[derive(Debug, Clone, PartialEq)]
pub struct Classifier {
    intents: usize,
    machines: usize,
    space: Space,
    /// Numbers that a sentence has by the vectors it was trained with; 0 without.
    numbers: usize,
    step: f32,
    weights: Rows,
    confidence: Confidence,
}

/// Above this many intents a model is made smaller: fewer buckets, coarser steps.
const MANY_INTENTS: usize = 100;

/// Buckets a block.
fn buckets_for(phrases: usize, intents: usize) -> u32 {
    if intents > MANY_INTENTS && phrases > 2_000 { 4_096 } else { 16_384 }
}

impl Classifier {
    /// Trains on `examples` of `intents` intents. The same examples in the same order give the same model.
    pub fn train(
        examples: &[Example],
        intents: usize,
        language: &Language,
        vectors: Option<&Vectors>,
    ) -> (Self, Vec<LeftOut>) {
        pace::at_once(Self::learn(examples, intents, language, vectors, &mut Pace::default()))
    }

    pub(crate) async fn learn(
        examples: &[Example<'_>],
        intents: usize,
        language: &Language,
        vectors: Option<&Vectors>,
        pace: &mut Pace,
    ) -> (Self, Vec<LeftOut>) {
        let mut found = Vec::with_capacity(examples.len());
        let read = &mut |i: usize| {
            let tokens = tokenise(examples[i].text);
            found.push((features::features(&tokens, &examples[i].marks, language), tokens));
            PHRASE
        };
        pace.each(examples.len(), read).await;
        let space = Space::learn(found.iter().map(|f| f.0.as_slice()), buckets_for(found.len(), intents));
        let outside = examples.iter().any(|e| e.intent.is_none());
        let machines = intents + usize::from(outside);
        let numbers = vectors.map_or(0, |vectors| numbers_of(vectors, intents));
        let mut rows = Vec::with_capacity(examples.len() + 1);
        let mut right = Vec::with_capacity(examples.len() + 1);
        let mut coverage = Vec::with_capacity(examples.len());
        let mut nonsense = Vec::new();
        let place = |features: &[features::Feature], tokens: &[Token]| {
            let (mut row, known) = space.project(features);
            extend(&mut row, space.len(), vectors, numbers, tokens);
            (row, known)
        };
        let see = &mut |i: usize| {
            // A sentence of which nothing is known belongs to no intent.
            let (features, tokens) = found.get(i).map_or((&[][..], &[][..]), |(f, t)| (f, t));
            let (row, known) = place(features, tokens);
            rows.push(row);
            coverage.push(known);
            right.push(examples.get(i).and_then(|example| example.intent).unwrap_or(intents));
            let phrase = examples.get(i).filter(|_| i < MOST_NONSENSE);
            if let Some(turned) = phrase.and_then(|phrase| backwards(phrase.text, language)) {
                let tokens = tokenise(&turned);
                nonsense.push(place(&features::features(&tokens, &[], language), &tokens));
            }
            2 * PHRASE
        };
        pace.each(examples.len() + 1, see).await;
        let problem = Problem { vectors: &rows, right: &right, machines, rows: space.len() + 1 + numbers };
        let solution = linear::train(&problem, pace).await;
        pace.spend(solution.linear.weights.len() * 2).await;
        let (step, weights) = round(&solution.linear, &space);
        let mut classifier =
            Self { intents, machines, space, numbers, step, weights, confidence: Confidence::fit(&[]) };
        let left_out = classifier.calibrate(&problem, &solution, &coverage, &nonsense, pace).await;
        (classifier, left_out)
    }

    async fn calibrate(
        &mut self,
        problem: &Problem<'_>,
        solution: &linear::Solution,
        coverage: &[f32],
        nonsense: &[(Sparse, f32)],
        pace: &mut Pace,
    ) -> Vec<LeftOut> {
        let phrases = coverage.len() - 1;
        let folds = self.folds(&problem.right[..phrases]);
        let mut seen = Vec::with_capacity(phrases + 1 + nonsense.len());
        for part in 0..FOLDS {
            let rest = linear::without(problem, solution, &|i| folds.get(i) == Some(&part), pace).await;
            self.ask(&rest, problem, coverage, &|i| folds.get(i) == Some(&part), &mut seen);
        }
        pace.spend(nonsense.len() * PHRASE).await;
        self.fit(problem, solution, nonsense, seen)
    }

    /// In which part each phrase is left out: those of an intent in turn.
    #[inline(never)]
    fn folds(&self, right: &[usize]) -> Vec<u32> {
        let mut turns = vec![0u32; self.intents + 1];
        let mut folds = Vec::with_capacity(right.len());
        for &right in right {
            folds.push(get(&turns, right) % FOLDS);
            add(&mut turns, right, 1);
        }
        folds
    }

    /// What machines say of the phrases that they have not seen.
    #[inline(never)]
    fn ask(
        &self,
        machines: &Linear,
        problem: &Problem<'_>,
        coverage: &[f32],
        is_asked: &dyn Fn(usize) -> bool,
        seen: &mut Vec<Seen>,
    ) {
        let mut scores = vec![0f32; self.machines];
        let known = problem.vectors.iter().zip(coverage).enumerate();
        for (i, (vector, coverage)) in known.filter(|phrase| is_asked(phrase.0)) {
            let strength = self.strength(machines, vector, *coverage, &mut scores);
            if let Some((best, _)) = self.best_two(&scores, &|_| true) {
                seen.push((i, best, strength));
            }
        }
    }

    /// Fits the confidence to what was seen, and to what nobody should take for an intent.
    #[inline(never)]
    fn fit(
        &mut self,
        problem: &Problem<'_>,
        solution: &linear::Solution,
        nonsense: &[(Sparse, f32)],
        mut seen: Vec<Seen>,
    ) -> Vec<LeftOut> {
        let mut observations: Vec<Observation> = Vec::with_capacity(seen.len() + 1 + nonsense.len());
        for &(i, given, strength) in &seen {
            observations.push((strength, given == get(problem.right, i), 1.0));
        }
        let mut scores = vec![0f32; self.machines];
        let phrases = problem.vectors.len() - 1;
        let nothing = (&problem.vectors[phrases], 0.0, phrases as f32 / 10.0);
        let nonsense = nonsense.iter().map(|(vector, known)| (vector, *known, NONSENSE));
        for (vector, known, weight) in core::iter::once(nothing).chain(nonsense) {
            observations.push((self.strength(&solution.linear, vector, known, &mut scores), false, weight));
        }
        self.confidence = Confidence::fit(&observations);
        // Nobody in a page asks which phrases were taken for others.
        if !cfg!(feature = "formats") {
            return Vec::new();
        }
        crate::order::sort_by(&mut seen, |a, b| a.0.cmp(&b.0));
        let mut left_out = Vec::with_capacity(seen.len());
        for (example, given, strength) in seen {
            left_out.push(LeftOut { example, given, confidence: self.confidence.of(strength) });
        }
        left_out
    }

    #[inline(never)]
    fn strength(&self, machines: &Linear, vector: &Sparse, coverage: f32, scores: &mut [f32]) -> f32 {
        machines.score(vector, scores);
        self.evidence(scores, coverage, &|_| true).strength()
    }

    fn best_two(&self, scores: &[f32], allowed: &dyn Fn(usize) -> bool) -> Option<(usize, Option<usize>)> {
        let mut best: Option<usize> = None;
        let mut next: Option<usize> = None;
        for intent in (0..self.intents).filter(|&i| allowed(i)) {
            let is_above = |other: Option<usize>| other.is_none_or(|o| get(scores, intent) > get(scores, o));
            if is_above(best) {
                next = best.replace(intent);
            } else if is_above(next) {
                next = Some(intent);
            }
        }
        best.map(|b| (b, next))
    }

    fn evidence(&self, scores: &[f32], coverage: f32, allowed: &dyn Fn(usize) -> bool) -> Evidence {
        let (best, next) = match self.best_two(scores, allowed) {
            Some((best, next)) => (get(scores, best), next.map_or(-1.0, |n| get(scores, n))),
            None => (-1.0, -1.0),
        };
        let outside = scores.get(self.intents).copied().unwrap_or(-1.0);
        Evidence { best, next, outside, coverage }
    }

    /// The best of the intents that `allowed` lets through.
    pub fn predict(
        &self,
        tokens: &[Token],
        marks: &[&str],
        language: &Language,
        vectors: Option<&Vectors>,
        allowed: &dyn Fn(usize) -> bool,
    ) -> Option<Prediction> {
        let (mut vector, coverage) = self.space.project(&features::features(tokens, marks, language));
        let vectors = vectors.filter(|vectors| numbers_of(vectors, self.intents) == self.numbers);
        extend(&mut vector, self.space.len(), vectors, self.numbers, tokens);
        let mut scores = vec![0f32; self.machines];
        for &(row, value) in &vector {
            let value = value * self.step * self.space.coarseness(row as usize);
            for (machine, weight) in self.weights.row(row as usize) {
                add(&mut scores, machine, value * weight);
            }
        }
        let (best, next) = self.best_two(&scores, allowed)?;
        let evidence = self.evidence(&scores, coverage, allowed);
        let second = next.map(|next| {
            let turned = Evidence { best: evidence.next, next: evidence.best, ..evidence };
            (next, self.confidence.of(turned.strength()))
        });
        Some(Prediction { intent: best, confidence: self.confidence.of(evidence.strength()), next: second })
    }

    /// How many intents it tells apart.
    pub fn intents(&self) -> usize {
        self.intents
    }

    /// Numbers that a sentence has by the vectors that it was trained with, 0 without.
    pub fn numbers(&self) -> usize {
        self.numbers
    }

    /// Appends the classifier to a model file.
    pub fn write(&self, out: &mut Writer) {
        out.number(self.intents as u32);
        out.number(self.machines as u32);
        out.number(self.numbers as u32);
        self.space.write(out);
        out.fraction(self.step);
        self.weights.write(out, self.machines, &|row| self.space.class(row));
        self.confidence.write(out);
    }

    /// Reads what [`Classifier::write`] wrote.
    pub fn read(bytes: &mut Reader) -> Self {
        let intents = bytes.number() as usize;
        let machines = bytes.number() as usize;
        let numbers = bytes.number() as usize;
        let has_outside = machines.checked_sub(intents);
        let fits = machines < 1 << 24 && numbers < TOO_MANY_NUMBERS;
        bytes.expect(has_outside.is_some_and(|more| more <= 1) && fits);
        let space = Space::read(bytes);
        let step = bytes.fraction();
        let rows = if bytes.is_damaged() { 0 } else { space.len() + 1 + numbers };
        let weights = Rows::read(bytes, rows, machines, &|row| space.class(row));
        let confidence = Confidence::read(bytes);
        Self { intents, machines, space, numbers, step, weights, confidence }
    }
}

/// What a phrase would be if it meant nothing: its telling words backwards between its common ones. None if it
/// has no telling words.
fn backwards(text: &str, language: &Language) -> Option<String> {
    let mut turned = String::new();
    let mut is_other = false;
    for token in tokenise(text) {
        if !turned.is_empty() && !token.joined {
            turned.push(' ');
        }
        if language.is_common(&token.folded) {
            turned.push_str(&token.folded);
        } else {
            let start = turned.len();
            turned.extend(token.folded.chars().rev());
            is_other |= turned.get(start..) != Some(&token.folded);
        }
    }
    is_other.then_some(turned)
}

/// How many numbers of a sentence are looked at. With many intents the products would cost more time than they are worth.
fn numbers_of(vectors: &Vectors, intents: usize) -> usize {
    if intents > MANY_INTENTS { vectors.dimensions() } else { vectors.with_products() }
}

/// Adds the constant and the sentence's numbers behind the rows of the space.
fn extend(row: &mut Sparse, rows: usize, vectors: Option<&Vectors>, numbers: usize, tokens: &[Token]) {
    row.push((rows as u32, CONSTANT));
    if let Some(vectors) = vectors {
        let first = rows as u32 + 1;
        let sentence = vectors.sentence(tokens).into_iter().take(numbers);
        row.extend(sentence.zip(first..).map(|(value, at)| (at, value * VECTORS)));
    }
}

/// The step of the weights, and how many steps each is; see [`Space::coarseness`].
#[inline(never)]
fn round(linear: &Linear, space: &Space) -> (f32, Rows) {
    let (mut sum, mut count) = (0f64, 0u32);
    for (row, weights) in linear.weights.chunks_exact(linear.machines).enumerate() {
        let coarse = space.coarseness(row);
        for weight in weights.iter().filter(|weight| **weight != 0.0) {
            sum += f64::from(weight / coarse) * f64::from(weight / coarse);
            count += 1;
        }
    }
    let share = if linear.weights.len() > MANY_WEIGHTS { COARSE_ROUNDING } else { FINE_ROUNDING };
    let step = share * (sum / f64::from(count.max(1))).sqrt().max(1e-6) as f32;
    let mut rows = Rows::new();
    for (row, weights) in linear.weights.chunks_exact(linear.machines).enumerate() {
        let step = step * space.coarseness(row);
        (0..).zip(weights).for_each(|(machine, weight)| rows.add(machine, *weight, step));
        rows.end_row();
    }
    (step, rows)
}
