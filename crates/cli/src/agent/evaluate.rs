//! `menagerie agent evaluate`: learn from some sentences, measure on others.

use super::{confusion, fault, files};
use crate::{Error, size};
use nlu::{
    classifier::{Classifier, Example},
    evaluate::{Answer, Measures, by_intent, measure, pick_threshold},
    format::jsonl::{Record, Span},
    language::{Language, Token, tokenise},
    model::has_vectors,
    slots::{Tagged, Tagger, tokens_of},
    vectors::Vectors,
    wire::{Reader, Writer},
};
use std::{
    collections::BTreeSet,
    fmt::Write as _,
    path::PathBuf,
    time::{Duration, Instant},
};

/// Measure understanding.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  menagerie agent evaluate --train train.jsonl --test test.jsonl --threshold auto --json"
)]
pub struct Arguments {
    /// Sentences to learn from: JSON Lines, or Rasa's YAML.
    #[arg(long, required = true, num_args = 1..)]
    pub train: Vec<PathBuf>,
    /// Sentences to measure on.
    #[arg(long, required = true, num_args = 1..)]
    pub test: Vec<PathBuf>,
    /// Sentences to learn from that no intent should take.
    #[arg(long, num_args = 1..)]
    pub oos: Vec<PathBuf>,
    /// Sentences on which `--threshold auto` picks; without them, the training phrases left out in turn.
    #[arg(long, num_args = 1..)]
    pub validation: Vec<PathBuf>,
    /// A folder with `vocab.txt` and vectors.
    #[arg(long)]
    pub vectors: Option<PathBuf>,
    /// A number from 0 to 1, or `auto`.
    #[arg(long, default_value = "0")]
    pub threshold: Threshold,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
    /// Draw the confusion matrix into this file.
    #[arg(long)]
    pub confusion: Option<PathBuf>,
    /// The language of the sentences.
    #[arg(long, default_value = "en")]
    pub language: String,
}

/// The confidence below which nothing is answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Threshold {
    /// This one.
    At(f32),
    /// Picked on sentences that were not learnt.
    Auto,
}

impl std::str::FromStr for Threshold {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.parse::<f32>() {
            Ok(number) if (0.0..=1.0).contains(&number) => Ok(Self::At(number)),
            _ if text == "auto" => Ok(Self::Auto),
            _ => Err("expected a number from 0 to 1, or auto".into()),
        }
    }
}

/// What came out.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// How many intents, training examples and test examples there were.
    pub counts: [usize; 3],
    /// The threshold.
    pub threshold: f32,
    /// The measures.
    pub measures: Measures,
    /// How long training took.
    pub training: Duration,
    /// Half of the sentences took at most this many microseconds; ninety-nine in a hundred at most that many.
    pub micros: [f64; 2],
    /// Bytes of the model, as they are and after brotli.
    pub bytes: [usize; 2],
    answers: Vec<Answer>,
    test: Vec<Record>,
}

/// Learns and measures.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let outcome = evaluate(arguments)?;
    let shown = if arguments.json { outcome.to_json() } else { outcome.to_table() };
    if let Some(file) = &arguments.confusion {
        let svg = confusion::draw(&outcome.test, &outcome.answers, outcome.threshold);
        if let Err(error) = files::write_file(file, svg.as_bytes()) {
            // What took minutes to measure is not lost.
            return Err(error.with_output(shown));
        }
    }
    Ok(shown)
}

/// Learns and measures; see [`Outcome`].
pub fn evaluate(arguments: &Arguments) -> Result<Outcome, Error> {
    let all = |paths: &[PathBuf]| -> Result<Vec<Record>, Error> {
        let lists: Result<Vec<_>, _> = paths.iter().map(|p| files::records(p)).collect();
        Ok(lists?.concat())
    };
    let mut train = all(&arguments.train)?;
    let test = all(&arguments.test)?;
    let validation = all(&arguments.validation)?;
    let examples = train.len();
    train.extend(all(&arguments.oos)?.into_iter().map(|r| Record { intent: None, ..r }));
    if let Some(path) = arguments.vectors.as_deref().filter(|_| !has_vectors(&arguments.language)) {
        let what = format!("vectors are of English words; leave --vectors out for `{}`", arguments.language);
        return Err(fault(path, what));
    }
    let vectors = arguments.vectors.as_deref().map(files::vectors).transpose()?;
    if !train.iter().any(|r| r.intent.is_some()) {
        return Err(fault(&arguments.train[0], "expected at least one sentence with an intent"));
    }
    let start = Instant::now();
    let (learnt, left_out) = Learnt::new(&train, Language::of(&arguments.language), vectors);
    let training = start.elapsed();
    let bytes = learnt.to_bytes();
    let learnt = learnt
        .read_again(&bytes)
        .map_err(|d| fault(&arguments.train[0], format!("the model is damaged at byte {}", d.at)))?;
    let threshold = match arguments.threshold {
        Threshold::At(threshold) => threshold,
        Threshold::Auto if validation.is_empty() => {
            let (known, answers): (Vec<_>, Vec<_>) = left_out.into_iter().unzip();
            let known: Vec<Record> = known.into_iter().map(|i: usize| train[i].clone()).collect();
            pick_threshold(&known, &answers)
        }
        Threshold::Auto => {
            let answers: Vec<Answer> = validation.iter().map(|r| learnt.answer(&r.text)).collect();
            pick_threshold(&validation, &answers)
        }
    };
    let mut micros = Vec::with_capacity(test.len());
    let answers: Vec<Answer> = test
        .iter()
        .map(|record| {
            let start = Instant::now();
            let answer = learnt.answer(&record.text);
            micros.push(start.elapsed().as_secs_f64() * 1e6);
            answer
        })
        .collect();
    micros.sort_by(f64::total_cmp);
    let at =
        |share: usize| micros.get((micros.len() * share / 100).min(micros.len().saturating_sub(1))).copied();
    Ok(Outcome {
        counts: [learnt.intents.len(), examples, test.len()],
        threshold,
        measures: measure(&test, &answers, threshold),
        training,
        micros: [at(50).unwrap_or(0.0), at(99).unwrap_or(0.0)],
        bytes: [bytes.len(), size::brotli(&bytes)],
        answers,
        test,
    })
}

/// A classifier with a tagger, learnt from sentences alone.
struct Learnt {
    intents: Vec<String>,
    slots: Vec<String>,
    language: &'static Language,
    classifier: Classifier,
    tagger: Option<Tagger>,
    vectors: Option<Vectors>,
}

type LeftOut = Vec<(usize, Answer)>;

impl Learnt {
    fn new(train: &[Record], language: &'static Language, vectors: Option<Vectors>) -> (Self, LeftOut) {
        let sorted = |names: BTreeSet<&String>| names.into_iter().cloned().collect::<Vec<String>>();
        let intents = sorted(train.iter().filter_map(|r| r.intent.as_ref()).collect());
        let slots = sorted(train.iter().flat_map(|r| r.entities.iter().map(|e| &e.entity)).collect());
        let place = |r: &Record| r.intent.as_ref().and_then(|i| intents.binary_search(i).ok());
        let tokens: Vec<Vec<Token>> = train.iter().map(|r| tokenise(&r.text)).collect();
        let tagged: Vec<Tagged> = train
            .iter()
            .zip(&tokens)
            .map(|(r, tokens)| {
                let bytes: Vec<usize> = r.text.char_indices().map(|c| c.0).chain([r.text.len()]).collect();
                let stretch = |e: &Span| {
                    let (from, to) = tokens_of(tokens, *bytes.get(e.start)?, *bytes.get(e.end)?)?;
                    Some((from, to, slots.binary_search(&e.entity).ok()? as u32))
                };
                let stretches = r.entities.iter().filter_map(stretch).collect();
                let intent = place(r).map_or(u32::MAX, |place| place as u32);
                Tagged { tokens, text: &r.text, intent, stretches }
            })
            .collect();
        let tagger = Tagger::train(&tagged, language);
        let examples: Vec<Example> = tagged
            .iter()
            .zip(train)
            .map(|(tagged, r)| Example {
                text: &r.text,
                intent: place(r),
                marks: marks(tagger.as_ref(), tagged, &slots),
            })
            .collect();
        let (classifier, left_out) = Classifier::train(&examples, intents.len(), language, vectors.as_ref());
        let left_out = left_out
            .into_iter()
            .map(|l| {
                let intent = intents.get(l.given).cloned();
                (l.example, Answer { intent, confidence: l.confidence, entities: Vec::new() })
            })
            .collect();
        (Self { intents, slots, language, classifier, tagger, vectors }, left_out)
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.classifier.write(&mut out);
        if let Some(tagger) = &self.tagger {
            tagger.write(&mut out);
        }
        out.number((self.intents.len() + self.slots.len()) as u32);
        self.intents.iter().chain(&self.slots).for_each(|name| out.text(name));
        out.finish()
    }

    /// What is measured is what a model file gives, rounded weights and all.
    fn read_again(self, bytes: &[u8]) -> Result<Self, nlu::wire::Damaged> {
        let mut reader = Reader::new(bytes);
        let classifier = Classifier::read(&mut reader);
        let tagger = self.tagger.as_ref().map(|_| Tagger::read(&mut reader));
        reader.sound(Self { classifier, tagger, ..self })
    }

    fn answer(&self, text: &str) -> Answer {
        let tokens = tokenise(text);
        let sentence = Tagged { tokens: &tokens, text, intent: u32::MAX, stretches: Vec::new() };
        let marks = marks(self.tagger.as_ref(), &sentence, &self.slots);
        let Some(best) =
            self.classifier.predict(&tokens, &marks, self.language, self.vectors.as_ref(), &|_| true)
        else {
            return Answer { intent: None, confidence: 0.0, entities: Vec::new() };
        };
        let mut entities = Vec::new();
        if let Some(tagger) = &self.tagger {
            let characters = |byte: usize| text.get(..byte).map_or(0, |t| t.chars().count());
            for (from, to, slot) in tagger.tag(&tokens, text, best.intent as u32, self.language) {
                let (start, end) = (characters(tokens[from].bytes.0), characters(tokens[to - 1].bytes.1));
                entities.push(Span { start, end, entity: self.slots[slot as usize].clone() });
            }
        }
        Answer { intent: self.intents.get(best.intent).cloned(), confidence: best.confidence, entities }
    }
}

/// What an agent's own entity types would find in a sentence, where nobody lists their values: the slots that its words are known from.
fn marks<'s>(tagger: Option<&Tagger>, sentence: &Tagged, slots: &'s [String]) -> Vec<&'s str> {
    let known = tagger.map_or(Vec::new(), |tagger| tagger.known(sentence));
    known.iter().filter_map(|slot| slots.get(*slot as usize)).map(String::as_str).collect()
}

impl Outcome {
    /// The outcome as JSON, in one line.
    pub fn to_json(&self) -> String {
        let m = &self.measures;
        serde_json::json!({
            "intents": self.counts[0],
            "train_examples": self.counts[1],
            "test_examples": self.counts[2],
            "threshold": self.threshold,
            "forced_accuracy": m.forced_accuracy,
            "accuracy_in_scope": m.accuracy_in_scope,
            "oos_recall": m.oos_recall,
            "best_mcc": m.best_mcc,
            "macro_f1": m.macro_f1,
            "micro_f1": m.micro_f1,
            "entity_f1": m.entity_f1,
            "entity_f1_mean_over_intents": m.entity_f1_mean_over_intents,
            "train_ms": self.training.as_secs_f64() * 1e3,
            "p50_us": self.micros[0],
            "p99_us": self.micros[1],
            "model_bytes": self.bytes[0],
            "model_brotli_bytes": self.bytes[1],
        })
        .to_string()
    }

    fn to_table(&self) -> String {
        let m = &self.measures;
        let share = |n: f64| format!("{n:.4}");
        let maybe = |n: Option<f64>| n.map_or("–".to_owned(), share);
        let rows = [
            ("intents", self.counts[0].to_string()),
            ("training examples", self.counts[1].to_string()),
            ("test examples", self.counts[2].to_string()),
            ("threshold", format!("{:.3}", self.threshold)),
            ("accuracy, threshold 0", share(m.forced_accuracy)),
            ("accuracy in scope", share(m.accuracy_in_scope)),
            ("out-of-scope recall", maybe(m.oos_recall)),
            ("best MCC", share(m.best_mcc)),
            ("macro F1", share(m.macro_f1)),
            ("micro F1", share(m.micro_f1)),
            ("entity F1", maybe(m.entity_f1)),
            ("entity F1, mean over intents", maybe(m.entity_f1_mean_over_intents)),
            ("training", format!("{:.0} ms", self.training.as_secs_f64() * 1e3)),
            ("a sentence, median / 99 %", format!("{:.0} / {:.0} µs", self.micros[0], self.micros[1])),
            ("model / after brotli", format!("{} / {} bytes", self.bytes[0], self.bytes[1])),
        ];
        let mut text: String = rows.iter().map(|(name, value)| format!("{name:<30}{value:>24}\n")).collect();
        let worst = by_intent(&self.test, &self.answers, self.threshold);
        let worst: Vec<_> = worst.iter().filter(|i| i.f1 < 1.0).take(10).collect();
        if !worst.is_empty() {
            text.push_str("\nThe ten worst intents:\n");
        }
        for intent in worst {
            let _ = writeln!(text, "  {:<40} F1 {:.3}", intent.intent, intent.f1);
            for (sentence, given) in intent.confused.iter().take(3) {
                let _ = writeln!(text, "    “{sentence}” → {}", given.as_deref().unwrap_or("(refused)"));
            }
        }
        text.trim_end().to_owned()
    }
}
