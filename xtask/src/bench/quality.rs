//! Accuracy and the like on a folder of data (`--data`), next to the published figures of Dialogflow ES, of the
//! best small or platform system, and to what is wanted of us.

use super::splits::{Split, splits};
use crate::apps::{self, cannot_read};
use cli::{
    Error,
    agent::evaluate::{Arguments, Outcome, Threshold, evaluate},
};
use nlu::format::jsonl::Record;
use std::{fs, path::Path};

/// What is read off a measurement.
#[derive(Clone, Copy, Debug)]
enum Measure {
    Forced,
    InScope,
    OutOfScope,
    Correlation,
    IntentF1,
    EntityF1,
    EntityF1OverIntents,
}

/// A published figure, its like of ours, and what is wanted.
struct Row {
    what: &'static str,
    set: &'static str,
    measure: Measure,
    /// Dialogflow ES; 0 where nothing was published.
    dialogflow: f64,
    /// The best published small or platform system, and its name.
    best: (f64, &'static str),
    /// Wanted without vectors and with them; 0 where nothing is asked.
    wanted: (f64, f64),
}

const fn row(
    what: &'static str,
    set: &'static str,
    measure: Measure,
    dialogflow: f64,
    best: (f64, &'static str),
    wanted: (f64, f64),
) -> Row {
    Row { what, set, measure, dialogflow, best, wanted }
}

/// Where the published figures are from: Braun et al. 2017; Larson et al. 2019 (CLINC150); AutoFAQ's subsets
/// and ten folds of HWU64; Arora et al. 2020 (HINT3); Coucke et al. 2018 (Snips); Casanueva et al. 2020
/// (BANKING77). Ours are on splits of our own.
const ROWS: [Row; 14] = {
    use Measure::{Correlation, EntityF1, EntityF1OverIntents, Forced, InScope, IntentF1, OutOfScope};
    [
        row(
            "CLINC150, in scope, threshold 0",
            "clinc150-full",
            Forced,
            0.917,
            (0.915, "Rasa"),
            (0.930, 0.940),
        ),
        row("CLINC150, in scope, auto", "clinc150-full", InScope, 0.908, (0.909, "Rasa"), (0.915, 0.925)),
        row(
            "CLINC150, out-of-scope recall, auto",
            "clinc150-full",
            OutOfScope,
            0.267,
            (0.312, "Rasa"),
            (0.60, 0.65),
        ),
        row("HWU64 small, accuracy", "hwu64-small", Forced, 0.656, (0.808, "AutoFAQ"), (0.70, 0.77)),
        row("HWU64 large, accuracy", "hwu64-large", Forced, 0.761, (0.854, "AutoFAQ"), (0.81, 0.845)),
        row("HWU64 one fold, intent F1", "hwu64-fold5", IntentF1, 0.864, (0.882, "Watson"), (0.90, 0.0)),
        row("HWU64 one fold, entity F1", "hwu64-fold5", EntityF1, 0.743, (0.777, "LUIS"), (0.78, 0.0)),
        row("BANKING77, accuracy", "banking77", Forced, 0.0, (0.899, "DIET"), (0.92, 0.93)),
        row("SOFMattress, best MCC", "hint3-sofmattress", Correlation, 0.64, (0.62, "BERT"), (0.64, 0.66)),
        row("Braun Chatbot, intent F1", "braun-chatbot", IntentF1, 0.93, (0.99, "nlp.js"), (0.99, 0.0)),
        row("Braun AskUbuntu, intent F1", "braun-askubuntu", IntentF1, 0.85, (0.94, "nlp.js"), (0.93, 0.0)),
        row("Snips, 70 a set, each alone", "snips-70", EntityF1, 0.744, (0.826, "Snips"), (0.84, 0.0)),
        row(
            "Snips, 70 a set, all in one",
            "snips-70-together",
            EntityF1OverIntents,
            0.744,
            (0.826, "Snips"),
            (0.84, 0.0),
        ),
        row("Snips, full sets, each alone", "snips-full", EntityF1, 0.0, (0.940, "Snips"), (0.95, 0.0)),
    ]
};

/// What is published of sets that the folder of data does not have.
const WITHOUT_DATA: &str = "Curekart and Powerplay11 (HINT3), WebApplications (Braun) and the other three of Snips' sets: no data here.";

/// What a sentence may take on 150 intents, 99 in 100, in microseconds; what learning CLINC150 may take, in seconds.
const SPEED: (f64, f64) = (300.0, 5.0);

/// Measures; gives the rows that are below what is wanted by more than a split of our own may differ.
pub fn run(data: &Path) -> Result<Vec<String>, Error> {
    let vectors = apps::workspace().join("assets/vectors");
    let mut missed = Vec::new();
    for (vectors, title) in [(None, "without vectors"), (Some(vectors.as_path()), "with vectors")] {
        println!("\nUnderstanding, {title}; splits of our own\n");
        println!("{:<38} {:>10} {:>18} {:>7} {:>7}", "", "Dialogflow", "best published", "wanted", "ours");
        let mut last: Option<(&str, Vec<Outcome>)> = None;
        let mut large = None;
        for row in &ROWS {
            let wanted = if vectors.is_none() { row.wanted.0 } else { row.wanted.1 };
            let known = last.take().filter(|(set, _)| *set == row.set);
            let outcomes = match known {
                Some((_, outcomes)) => outcomes,
                None => measured(data, row.set, vectors)?,
            };
            let ours = outcomes.iter().map(|o| value(o, row.measure)).sum::<f64>() / outcomes.len() as f64;
            let shown = |n: f64| if n > 0.0 { format!("{n:.3}") } else { "–".to_owned() };
            let best = format!("{} {}", row.best.1, shown(row.best.0));
            let below = if ours < wanted { "  below" } else { "" };
            println!(
                "{:<38} {:>10} {best:>18} {:>7} {ours:>7.3}{below}",
                row.what,
                shown(row.dialogflow),
                shown(wanted)
            );
            if ours < wanted - LEEWAY {
                missed.push(format!("{} {title}: {ours:.3} of {wanted}", row.what));
            }
            if row.set == "clinc150-full" {
                large = outcomes.first().map(|o| (o.micros[0], o.micros[1], o.training.as_secs_f64()));
            }
            last = Some((row.set, outcomes));
        }
        println!("\n{WITHOUT_DATA}");
        if let Some((median, most, training)) = large {
            println!(
                "On CLINC150's 150 intents, here and now: a sentence {median:.0} µs (median), {most:.0} µs (99 in 100; \
                 wanted {}); learnt in {training:.1} s (wanted {}).",
                SPEED.0, SPEED.1
            );
        }
    }
    Ok(missed)
}

/// Splits of our own are smaller than the published ones: so much either way is chance.
const LEEWAY: f64 = 0.02;

fn measured(data: &Path, set: &str, vectors: Option<&Path>) -> Result<Vec<Outcome>, Error> {
    splits(data, set)?.iter().map(|split| measure(split, vectors)).collect()
}

fn value(outcome: &Outcome, measure: Measure) -> f64 {
    let measures = &outcome.measures;
    match measure {
        Measure::Forced => measures.forced_accuracy,
        Measure::InScope => measures.accuracy_in_scope,
        Measure::OutOfScope => measures.oos_recall.unwrap_or(0.0),
        Measure::Correlation => measures.best_mcc,
        Measure::IntentF1 => measures.micro_f1,
        Measure::EntityF1 => measures.entity_f1.unwrap_or(0.0),
        Measure::EntityF1OverIntents => measures.entity_f1_mean_over_intents.unwrap_or(0.0),
    }
}

/// As `menagerie agent evaluate` does it, from files.
fn measure(split: &Split, vectors: Option<&Path>) -> Result<Outcome, Error> {
    let folder = tempfile::tempdir().map_err(|error| cannot_read(Path::new("a folder"), &error))?;
    let written = |name: &str, records: &[Record]| {
        let path = folder.path().join(name);
        let lines: String = records.iter().map(|record| line(record) + "\n").collect();
        fs::write(&path, lines).map_err(|error| cannot_read(&path, &error))?;
        Ok::<_, Error>(if records.is_empty() { Vec::new() } else { vec![path] })
    };
    let threshold = if split.validation.is_empty() { Threshold::At(0.0) } else { Threshold::Auto };
    evaluate(&Arguments {
        train: written("train.jsonl", &split.train)?,
        test: written("test.jsonl", &split.test)?,
        oos: written("oos.jsonl", &split.oos)?,
        validation: written("validation.jsonl", &split.validation)?,
        vectors: vectors.map(Path::to_path_buf),
        threshold,
        json: false,
        confusion: None,
        language: "en".to_owned(),
    })
}

fn line(record: &Record) -> String {
    let entities: Vec<_> = record
        .entities
        .iter()
        .map(|span| serde_json::json!({ "start": span.start, "end": span.end, "entity": span.entity }))
        .collect();
    serde_json::json!({ "text": record.text, "intent": record.intent, "entities": entities }).to_string()
}
