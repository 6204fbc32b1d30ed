//! `menagerie agent`: agents of Dialogflow ES, without a cloud.

pub mod browser;
mod chat;
mod check;
mod confusion;
pub mod evaluate;
mod explain;
mod files;

use crate::{Error, shown::Format, size};
use contract::code::AGENT_INVALID;
pub use files::records;
pub(crate) use files::write_file;
use nlu::{
    format::dialogflow::{self, Report},
    model::Model,
};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Agents: what the chatbot understands and answers.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Read an export of Dialogflow ES, folder or zip, into a folder.
    #[command(after_help = "Example:\n  menagerie agent import my-agent.zip --out assets/agents/mine")]
    Import {
        /// The export.
        path: PathBuf,
        /// The folder that it goes to.
        #[arg(long)]
        out: PathBuf,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Write an agent as a zip file that Dialogflow ES reads.
    #[command(after_help = "Example:\n  menagerie agent export assets/agents/mine --out mine.zip")]
    Export {
        /// The agent's folder.
        dir: PathBuf,
        /// The zip file.
        #[arg(long)]
        out: PathBuf,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Look for what its author should know of.
    #[command(
        after_help = "Examples:\n  menagerie agent check assets/agents/mine\n  menagerie agent check assets/agents/mine --json"
    )]
    Check {
        /// Folder or zip.
        path: PathBuf,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Train an agent into one file.
    #[command(
        after_help = "Examples:\n  menagerie agent train assets/agents/mine --out mine.agent\n  menagerie agent train assets/agents/mine --out mine.agent --vectors assets/vectors\n  menagerie agent train assets/agents/mine --out mine.agent --untrained --vectors assets/vectors"
    )]
    Train {
        /// Folder or zip.
        path: PathBuf,
        /// The file.
        #[arg(long)]
        out: PathBuf,
        /// A folder with `vocab.txt` and vectors: an agent of few English phrases understands more with them.
        #[arg(long)]
        vectors: Option<PathBuf>,
        /// Pack the agent only; it is learnt where the file is loaded (with the vectors, where those are). Much smaller.
        #[arg(long)]
        untrained: bool,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Talk to an agent in the terminal.
    #[command(
        after_help = "Examples:\n  menagerie agent chat assets/agents/mine --debug\n  menagerie agent chat mine.agent --vectors assets/vectors"
    )]
    Chat {
        /// Folder, zip or trained file.
        path: PathBuf,
        /// A folder with `vocab.txt` and vectors; a file that was trained with vectors needs the same ones.
        #[arg(long)]
        vectors: Option<PathBuf>,
        /// Show the two best intents with their scores, how one was found, contexts and slots.
        #[arg(long)]
        debug: bool,
        /// The language that you speak.
        #[arg(long)]
        language: Option<String>,
    },
    /// Measure understanding on sentences that were not learnt.
    Evaluate(evaluate::Arguments),
}

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    match command {
        Command::Import { path, out, format } => import(path, out, *format),
        Command::Export { dir, out, format } => export(dir, out, *format),
        Command::Check { path, format } => check::run(path, *format),
        Command::Train { path, out, vectors, untrained, format } => {
            train(path, out, vectors.as_deref(), *untrained, *format)
        }
        Command::Chat { path, vectors, debug, language } => {
            let detail = if *debug { chat::Detail::Everything } else { chat::Detail::Answers };
            chat::run(path, vectors.as_deref(), detail, language.as_deref())
        }
        Command::Evaluate(arguments) => evaluate::run(arguments),
    }
}

/// Reads an agent from a folder or zip file.
pub fn read(path: &Path) -> Result<nlu::agent::Agent, Error> {
    files::agent(path).map(|(agent, _)| agent)
}

/// An error about a file of an agent.
fn fault(path: &Path, what: impl std::fmt::Display) -> Error {
    Error::new(AGENT_INVALID, format!("{}: {what}", path.display()))
}

/// A line for each part of an agent's files that nothing was made of.
fn not_understood(report: &Report) -> String {
    report.faults.iter().map(|fault| format!("\n  not understood: {fault}")).collect()
}

/// The report of an import, for programs.
fn as_json(report: &Report) -> serde_json::Value {
    json!({
        "dropped": report.dropped,
        "kept": report.kept,
        "ignored": report.ignored,
        "not_understood": report.faults,
    })
}

fn import(path: &Path, out: &Path, format: Format) -> Result<String, Error> {
    let (agent, report) = files::agent(path)?;
    files::write_folder(out, &dialogflow::write(&agent))?;
    let (intents, types) = (agent.intents.len(), agent.entity_types.len());
    let phrases: usize = agent.intents.iter().flat_map(|i| i.phrases.values()).map(Vec::len).sum();
    let answer = json!({
        "dir": out.display().to_string(),
        "intents": intents,
        "phrases": phrases,
        "entity_types": types,
        "report": as_json(&report),
    });
    Ok(format.show(&answer, || {
        let counts = format!("{intents} intents, {phrases} phrases, {types} entity types");
        format!("{counts} are in {}\n{}", out.display(), report.to_text()).trim_end().to_owned()
    }))
}

fn export(dir: &Path, out: &Path, format: Format) -> Result<String, Error> {
    let (agent, report) = files::agent(dir)?;
    let bytes = agent_files::archive::write(&dialogflow::write(&agent)).map_err(|e| fault(out, e))?;
    write_file(out, &bytes)?;
    let answer =
        json!({ "file": out.display().to_string(), "bytes": bytes.len(), "report": as_json(&report) });
    Ok(format.show(&answer, || {
        let dropped: String =
            report.dropped.iter().map(|field| format!("\n  dropped, as it is secret: {field}")).collect();
        format!("{} holds {} bytes{dropped}", out.display(), bytes.len())
    }))
}

fn train(
    path: &Path,
    out: &Path,
    vectors: Option<&Path>,
    untrained: bool,
    format: Format,
) -> Result<String, Error> {
    let (agent, report) = files::agent(path)?;
    let vectors = vectors.map(files::vectors).transpose()?;
    let start = std::time::Instant::now();
    let (bytes, took) = match untrained {
        true => (Model::untrained(&agent, vectors.as_ref()), None),
        false => (Model::train(&agent, vectors).0.to_bytes(), Some(start.elapsed())),
    };
    write_file(out, &bytes)?;
    let small = size::brotli(&bytes);
    let answer = json!({
        "file": out.display().to_string(),
        "train_ms": took.map(|took| took.as_secs_f64() * 1e3),
        "model_bytes": bytes.len(),
        "model_brotli_bytes": small,
        "report": as_json(&report),
    });
    Ok(format.show(&answer, || {
        let done =
            took.map_or("not trained".to_owned(), |took| format!("trained in {} ms", took.as_millis()));
        let faults = not_understood(&report);
        format!("{done}; {} holds {} bytes, {small} after brotli{faults}", out.display(), bytes.len())
    }))
}
