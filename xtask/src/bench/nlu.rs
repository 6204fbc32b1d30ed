//! `cargo xtask bench nlu`: how well the agent engine understands, how much it weighs, how fast it is.

use super::{chromium, quality, splits::split};
use crate::{
    apps, budget,
    shell_words::kilobytes,
    system, tools,
    wasm::{self, Script},
};
use cli::{Error, wasm_opt::Names};
use contract::code::{BUDGET_EXCEEDED, CONFIGURATION};
use nlu::{
    agent::{Agent, EntityType, Entry, Intent, Phrase},
    entity::developer::Dictionary,
    format::jsonl::Record,
    language::{Language, tokenise},
    model::Model,
    pattern::Patterns,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    hint::black_box,
    path::{Path, PathBuf},
    time::Instant,
};

/// Measure the agent engine: quality against the published figures, bytes, and speed here and in Chromium.
///
/// Quality, the larger models and speed need a folder of data, see `--data`. Fails on bytes and shares; times are printed only.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  cargo xtask bench nlu --data ../data/nlu\n  cargo xtask bench nlu --only sizes"
)]
pub struct Arguments {
    /// Only one part.
    #[arg(long, value_enum)]
    only: Option<Part>,
    /// The folder of the data: a folder a set, with `train.jsonl` and the like.
    #[arg(long)]
    data: Option<PathBuf>,
}

/// A part of the measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Part {
    /// Accuracy and the like.
    Quality,
    /// Bytes after brotli.
    Sizes,
    /// Times in Chromium.
    Speed,
}

/// Bytes that the engine may add to a wasm: what learns and answers, in English.
pub const ENGINE: usize = 70_000;
const LANGUAGE: usize = 8_000;
const MODEL_64: usize = 200_000;
const AGENT_10: usize = 25_000;
/// What reads vectors and learns with them; a budget of our own.
const WITH_VECTORS: usize = 4_000;
const VECTORS: usize = 760_000;

/// Measures.
pub fn run(arguments: &Arguments) -> Result<(), Error> {
    let workspace = apps::workspace();
    let wanted = |part| arguments.only.is_none_or(|only| only == part);
    let data = &arguments.data;
    match data {
        None if matches!(arguments.only, Some(Part::Quality | Part::Speed)) => {
            return Err(Error::new(CONFIGURATION, "quality and speed are measured on --data".to_owned()));
        }
        None => println!("without --data: quality, the model of 64 intents and speed are not measured"),
        Some(data) => drop(fs::read_dir(data).map_err(|error| apps::cannot_read(data, &error))?),
    }
    let mut missed = Vec::new();
    if wanted(Part::Quality)
        && let Some(data) = data
    {
        missed.extend(quality::run(data)?);
    }
    if wanted(Part::Sizes) {
        tools::ensure(&workspace)?;
        missed.extend(sizes(&workspace, data.as_deref())?);
    }
    if wanted(Part::Speed)
        && let Some(data) = data
    {
        tools::ensure(&workspace)?;
        let browser = system::ensure()?;
        synonyms(data)?;
        chromium::run(&workspace, &browser, data)?;
    }
    match missed.as_slice() {
        [] => Ok(()),
        missed => Err(Error::new(BUDGET_EXCEEDED, format!("not reached: {}", missed.join(", ")))),
    }
}

/// The bytes that the engine adds to a wasm, after brotli: what learns and answers, in English.
pub fn engine(workspace: &Path) -> Result<usize, Error> {
    Ok(with_features(workspace, &["train"])?.saturating_sub(with_features(workspace, &[])?))
}

fn with_features(workspace: &Path, features: &[&str]) -> Result<usize, Error> {
    let module = wasm::build(workspace, &apps::engine(workspace), features, Names::Drop, Script::Module)?;
    Ok(budget::brotli(&module.wasm))
}

/// Bytes after brotli 11, next to what they may be.
fn sizes(workspace: &Path, data: Option<&Path>) -> Result<Vec<String>, Error> {
    println!("\nKilobytes after brotli 11; an engine is the difference to the same wasm without it\n");
    let built = |features: &[&str]| with_features(workspace, features);
    let mut missed = Vec::new();
    let mut line = |what: &str, bytes: usize, most: usize| {
        let over = if bytes > most { "  OVER" } else { "" };
        println!("{what:<44} {:>9} of {:>9}{over}", kilobytes(bytes), kilobytes(most));
        if bytes > most {
            missed.push(format!("{what}: {bytes} of {most} bytes"));
        }
    };
    let empty = built(&[])?;
    line("engine that answers, English", built(&["answer"])?.saturating_sub(empty), ENGINE);
    let english = built(&["train"])?;
    line("engine that learns and answers, English", english.saturating_sub(empty), ENGINE);
    for (code, name) in [("de", "German"), ("fr", "French"), ("es", "Spanish"), ("nl", "Dutch")] {
        line(&format!("{name} on top"), built(&["train", code])?.saturating_sub(english), LANGUAGE);
    }
    line("vectors on top", built(&["train", "vectors"])?.saturating_sub(english), WITH_VECTORS);
    let ((_, vectors), _) = cli::agent::browser::pack_vectors(&workspace.join("assets/vectors"))?;
    line("the vectors", budget::brotli(&vectors), VECTORS);
    let agent = cli::agent::read(&workspace.join("tests/fixtures/engine/agent"))?;
    line(
        "agent of 10 intents, to be learnt in the page",
        budget::brotli(&Model::untrained(&agent, None)),
        AGENT_10,
    );
    let english = Agent { settings: english_only(&agent), ..agent };
    line("the same trained, English", budget::brotli(&Model::train(&english, None).0.to_bytes()), AGENT_10);
    if let Some(data) = data {
        let records = cli::agent::records(&data.join("hwu64-large/train.jsonl"))?;
        let (model, _) = Model::train(&of_records(&records), None);
        line("trained model, 64 intents", budget::brotli(&model.to_bytes()), MODEL_64);
    }
    Ok(missed)
}

/// How many synonyms the largest entity type of the agents that we were given has.
const SYNONYMS: usize = 22_029;
/// What finding them in a sentence may take, in microseconds.
const FINDING: f64 = 50.0;

/// Prints what it takes to find an agent's own values in a sentence: medians of five, of the mean over some sentences.
fn synonyms(data: &Path) -> Result<(), Error> {
    let sentences = split(data, "clinc150-full")?;
    let words: Vec<&str> = sentences.train.iter().flat_map(|record| record.text.split(' ')).collect();
    let said: BTreeSet<String> = words.windows(2).map(|pair| pair.join(" ")).take(4 * SYNONYMS).collect();
    let entries: Vec<Entry> =
        said.into_iter().take(SYNONYMS).map(|value| Entry { value, synonyms: Vec::new() }).collect();
    let english = Language::of("en");
    let asked: Vec<_> =
        sentences.test.iter().take(500).map(|record| (tokenise(&record.text), &record.text)).collect();
    println!("\n{} synonyms, two words each, in a sentence; medians of five\n", entries.len());
    for fuzzy in [false, true] {
        let entity = EntityType {
            name: "value".to_owned(),
            entries: [("en".to_owned(), entries.clone())].into_iter().collect(),
            fuzzy,
            ..EntityType::default()
        };
        let (dictionary, phrases) = (Dictionary::new(&[&entity], english, "en"), Patterns::default());
        let mut times: Vec<f64> = (0..5)
            .map(|_| {
                let start = Instant::now();
                for (tokens, text) in &asked {
                    black_box(dictionary.find(tokens, text, english, &phrases));
                }
                start.elapsed().as_secs_f64() * 1e6 / asked.len() as f64
            })
            .collect();
        times.sort_by(f64::total_cmp);
        let how = if fuzzy { "one wrong letter forgiven" } else { "as they are written" };
        println!("{how:<28} {:>5.1} µs (wanted {FINDING})", times[times.len() / 2]);
    }
    Ok(())
}

fn english_only(agent: &Agent) -> nlu::agent::Settings {
    nlu::agent::Settings { languages: Vec::new(), ..agent.settings.clone() }
}

/// An agent whose intents have these phrases.
pub fn of_records(records: &[Record]) -> Agent {
    let mut intents: BTreeMap<&str, Vec<Phrase>> = BTreeMap::new();
    for record in records {
        if let Some(intent) = &record.intent {
            intents.entry(intent).or_default().push(Phrase::plain(&record.text));
        }
    }
    let intents = intents.into_iter().map(|(name, phrases)| Intent {
        name: name.to_owned(),
        phrases: [("en".to_owned(), phrases)].into(),
        ..Intent::default()
    });
    Agent { intents: intents.collect(), ..Agent::default() }
}
