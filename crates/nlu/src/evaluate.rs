//! The measures by which understanding is judged.

use crate::format::jsonl::{Record, Span};
use std::collections::{BTreeMap, BTreeSet};

/// What was answered to one test sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// The best intent, before any threshold.
    pub intent: Option<String>,
    /// How sure the model was.
    pub confidence: f32,
    /// The entities it found.
    pub entities: Vec<Span>,
}

impl Answer {
    /// The intent that is left under a threshold. Threshold 0 lets everything through.
    pub fn at(&self, threshold: f32) -> Option<&str> {
        self.intent.as_deref().filter(|_| self.confidence >= threshold)
    }
}

/// The measures at one threshold.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Measures {
    /// Share of in-scope sentences with the right intent at threshold 0.
    pub forced_accuracy: f64,
    /// The same at the threshold.
    pub accuracy_in_scope: f64,
    /// Share of out-of-scope sentences that were refused; `None` where there are none.
    pub oos_recall: Option<f64>,
    /// The best multi-class Matthews correlation over all thresholds, out of scope being a class.
    pub best_mcc: f64,
    /// F1 of each intent, averaged.
    pub macro_f1: f64,
    /// F1 over all answers together.
    pub micro_f1: f64,
    /// Entity F1, exact span and type, over all sentences together; `None` where nothing is marked.
    pub entity_f1: Option<f64>,
    /// Entity F1 of each intent, averaged.
    pub entity_f1_mean_over_intents: Option<f64>,
}

/// How one intent fared.
#[derive(Debug, Clone, PartialEq)]
pub struct IntentMeasure {
    /// The intent.
    pub intent: String,
    /// Its F1.
    pub f1: f64,
    /// Test sentences of it, and the intents they were given instead.
    pub confused: Vec<(String, Option<String>)>,
}

/// Right, wrong and missed answers, and the F1 that follows.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    right: usize,
    wrong: usize,
    missed: usize,
}

impl Tally {
    fn f1(self) -> f64 {
        ratio(2 * self.right, 2 * self.right + self.wrong + self.missed)
    }
}

fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Measures answers against what was expected, at a threshold.
pub fn measure(expected: &[Record], answers: &[Answer], threshold: f32) -> Measures {
    let pairs = || expected.iter().zip(answers);
    let in_scope = expected.iter().filter(|r| r.intent.is_some()).count();
    let right_at = |threshold: f32| {
        pairs().filter(|(r, a)| r.intent.is_some() && r.intent.as_deref() == a.at(threshold)).count()
    };
    let outside = expected.len() - in_scope;
    let refused = pairs().filter(|(r, a)| r.intent.is_none() && a.at(threshold).is_none()).count();
    let (tallies, mut all) = tallies(expected, answers, threshold);
    for tally in tallies.values() {
        all.right += tally.right;
        all.wrong += tally.wrong;
        all.missed += tally.missed;
    }
    let (entity_f1, entity_f1_mean_over_intents) = entities(expected, answers);
    Measures {
        forced_accuracy: ratio(right_at(f32::NEG_INFINITY), in_scope),
        accuracy_in_scope: ratio(right_at(threshold), in_scope),
        oos_recall: (outside > 0).then(|| ratio(refused, outside)),
        best_mcc: best_mcc(expected, answers),
        // The sum of nothing is -0, which would be shown.
        macro_f1: tallies.values().fold(0.0, |sum, t| sum + t.f1()) / tallies.len().max(1) as f64,
        micro_f1: all.f1(),
        entity_f1,
        entity_f1_mean_over_intents,
    }
}

/// The intents from worst to best.
pub fn by_intent(expected: &[Record], answers: &[Answer], threshold: f32) -> Vec<IntentMeasure> {
    let mut list: Vec<IntentMeasure> = tallies(expected, answers, threshold)
        .0
        .into_iter()
        .map(|(intent, tally)| IntentMeasure {
            confused: expected
                .iter()
                .zip(answers)
                .filter(|(r, a)| r.intent.as_deref() == Some(&intent) && a.at(threshold) != Some(&intent))
                .map(|(r, a)| (r.text.clone(), a.at(threshold).map(str::to_owned)))
                .collect(),
            intent: intent.clone(),
            f1: tally.f1(),
        })
        .collect();
    list.sort_by(|a, b| a.f1.total_cmp(&b.f1).then_with(|| a.intent.cmp(&b.intent)));
    list
}

/// One tally for each intent that the test has, and one of answers with intents that it does not have.
fn tallies(expected: &[Record], answers: &[Answer], threshold: f32) -> (BTreeMap<String, Tally>, Tally) {
    let mut strays = Tally::default();
    let mut tallies: BTreeMap<String, Tally> =
        expected.iter().filter_map(|r| r.intent.clone()).map(|intent| (intent, Tally::default())).collect();
    for (record, answer) in expected.iter().zip(answers) {
        let given = answer.at(threshold);
        if given.is_some() && given == record.intent.as_deref() {
            if let Some(tally) = given.and_then(|g| tallies.get_mut(g)) {
                tally.right += 1;
            }
            continue;
        }
        if let Some(tally) = record.intent.as_deref().and_then(|r| tallies.get_mut(r)) {
            tally.missed += 1;
        }
        if let Some(given) = given {
            // An intent that the test does not have still was a wrong answer.
            tallies.get_mut(given).unwrap_or(&mut strays).wrong += 1;
        }
    }
    (tallies, strays)
}

fn entities(expected: &[Record], answers: &[Answer]) -> (Option<f64>, Option<f64>) {
    let mut all = Tally::default();
    let mut each: BTreeMap<&str, Tally> = BTreeMap::new();
    for (record, answer) in expected.iter().zip(answers) {
        let wanted: BTreeSet<(usize, usize, &str)> =
            record.entities.iter().map(|s| (s.start, s.end, s.entity.as_str())).collect();
        let found: BTreeSet<(usize, usize, &str)> =
            answer.entities.iter().map(|s| (s.start, s.end, s.entity.as_str())).collect();
        let right = wanted.intersection(&found).count();
        let tally = each.entry(record.intent.as_deref().unwrap_or("")).or_default();
        for tally in [tally, &mut all] {
            tally.right += right;
            tally.wrong += found.len() - right;
            tally.missed += wanted.len() - right;
        }
    }
    if all.right + all.missed == 0 {
        return (None, None);
    }
    each.retain(|_, t| t.right + t.missed > 0);
    let mean = each.values().map(|t| t.f1()).sum::<f64>() / each.len() as f64;
    (Some(all.f1()), Some(mean))
}

/// Matthews correlation for many classes (Gorodkin 2004), from the counts of a confusion matrix.
#[derive(Default)]
struct Correlation {
    right: f64,
    expected: BTreeMap<Option<u32>, f64>,
    given: BTreeMap<Option<u32>, f64>,
}

impl Correlation {
    fn of(&self, total: f64) -> f64 {
        let mut both = 0.0;
        for (class, given) in &self.given {
            both += given * self.expected.get(class).copied().unwrap_or(0.0);
        }
        let squares = |counts: &BTreeMap<Option<u32>, f64>| counts.values().map(|c| c * c).sum::<f64>();
        let spread = (total * total - squares(&self.given)) * (total * total - squares(&self.expected));
        if spread <= 0.0 { 0.0 } else { (self.right * total - both) / libm::sqrt(spread) }
    }
}

fn best_mcc(expected: &[Record], answers: &[Answer]) -> f64 {
    let names: BTreeSet<&str> = expected
        .iter()
        .map(|r| &r.intent)
        .chain(answers.iter().map(|a| &a.intent))
        .filter_map(Option::as_deref)
        .collect();
    let numbers: BTreeMap<&str, u32> = names.into_iter().zip(0..).collect();
    let number = |name: &Option<String>| name.as_deref().and_then(|n| numbers.get(n).copied());
    let mut correlation = Correlation::default();
    let mut falling: Vec<(f32, Option<u32>, Option<u32>)> = Vec::with_capacity(answers.len());
    for (record, answer) in expected.iter().zip(answers) {
        let (wanted, given) = (number(&record.intent), number(&answer.intent));
        *correlation.expected.entry(wanted).or_default() += 1.0;
        // Nothing is answered at first; answers come in as the threshold sinks.
        *correlation.given.entry(None).or_default() += 1.0;
        correlation.right += f64::from(wanted.is_none());
        falling.push((answer.confidence, wanted, given));
    }
    falling.sort_by(|a, b| b.0.total_cmp(&a.0));
    let total = falling.len() as f64;
    let mut best = correlation.of(total);
    for same in falling.chunk_by(|a, b| a.0 == b.0) {
        for &(_, wanted, given) in same {
            *correlation.given.entry(None).or_default() -= 1.0;
            *correlation.given.entry(given).or_default() += 1.0;
            correlation.right += f64::from(wanted == given) - f64::from(wanted.is_none());
        }
        best = best.max(correlation.of(total));
    }
    best
}

/// The share of in-scope answers that a threshold of `auto` may cost.
const PRICE: f64 = 0.01;

/// The highest threshold that costs at most one in a hundred of the in-scope sentences their right answer.
pub fn pick_threshold(expected: &[Record], answers: &[Answer]) -> f32 {
    let in_scope = expected.iter().filter(|r| r.intent.is_some()).count();
    let mut right: Vec<f32> = expected
        .iter()
        .zip(answers)
        .filter(|(r, a)| r.intent.is_some() && r.intent == a.intent)
        .map(|(_, a)| a.confidence)
        .collect();
    right.sort_by(f32::total_cmp);
    let price = (in_scope as f64 * PRICE) as usize;
    right.get(price).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intents_that_the_test_does_not_have_are_no_intents_of_it() {
        let record =
            |intent: &str| Record { text: "x".into(), intent: Some(intent.into()), entities: Vec::new() };
        let answer =
            |intent: &str| Answer { intent: Some(intent.into()), confidence: 1.0, entities: Vec::new() };
        let (expected, answers) = ([record("a"), record("b")], [answer("a"), answer("warranty")]);
        let measures = measure(&expected, &answers, 0.0);
        // a is right, b is missed; the stray answer counts as wrong among all.
        assert_eq!((measures.macro_f1, measures.micro_f1), (0.5, 0.5));
        let worst: Vec<_> = by_intent(&expected, &answers, 0.0).into_iter().map(|one| one.intent).collect();
        assert_eq!(worst, ["b", "a"]);
    }

    fn record(intent: Option<&str>) -> Record {
        Record { text: "x".into(), intent: intent.map(str::to_owned), entities: vec![] }
    }

    fn answer(intent: &str, confidence: f32) -> Answer {
        Answer { intent: Some(intent.into()), confidence, entities: vec![] }
    }

    #[test]
    fn measures_count_what_they_say() {
        let expected = [record(Some("a")), record(Some("a")), record(Some("b")), record(None)];
        let answers = [answer("a", 0.9), answer("b", 0.4), answer("b", 0.8), answer("a", 0.3)];
        let m = measure(&expected, &answers, 0.0);
        assert_eq!((m.forced_accuracy, m.accuracy_in_scope, m.oos_recall), (2.0 / 3.0, 2.0 / 3.0, Some(0.0)));
        // a: 1 right, 1 missed, 1 wrong; b: 1 right, 1 wrong.
        assert!((m.micro_f1 - 4.0 / 7.0).abs() < 1e-9 && (m.macro_f1 - (0.5 + 2.0 / 3.0) / 2.0).abs() < 1e-9);
        let m = measure(&expected, &answers, 0.5);
        assert_eq!((m.accuracy_in_scope, m.oos_recall), (2.0 / 3.0, Some(1.0)));
        assert!(measure(&[], &[], 0.5).macro_f1.is_sign_positive());
    }

    #[test]
    fn correlation_is_that_of_scikit_learn() {
        // matthews_corrcoef(["a","a","b","-"], ["a","-","b","-"]) = 0.7
        let expected = [record(Some("a")), record(Some("a")), record(Some("b")), record(None)];
        let answers = [answer("a", 0.9), answer("b", 0.4), answer("b", 0.8), answer("a", 0.3)];
        assert!((measure(&expected, &answers, 0.0).best_mcc - 0.7).abs() < 1e-9);
    }

    #[test]
    fn the_threshold_costs_one_in_a_hundred() {
        let expected: Vec<Record> = (0..200).map(|_| record(Some("a"))).collect();
        let answers: Vec<Answer> = (0..200).map(|i| answer("a", i as f32 / 200.0)).collect();
        let threshold = pick_threshold(&expected, &answers);
        assert_eq!(measure(&expected, &answers, threshold).accuracy_in_scope, 0.99);
    }
}
