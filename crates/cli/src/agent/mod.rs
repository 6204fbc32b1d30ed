//! `menagerie agent`: agents of Dialogflow ES, without a cloud.

pub mod browser;
mod chat;
mod check;
mod confusion;
pub mod evaluate;
mod files;

use crate::{Error, size};
use contract::code::AGENT_INVALID;
pub use files::records;
pub(crate) use files::write_file;
use nlu::{
    format::dialogflow::{self, Report},
    model::Model,
};
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
    },
    /// Write an agent as a zip file that Dialogflow ES reads.
    #[command(after_help = "Example:\n  menagerie agent export assets/agents/mine --out mine.zip")]
    Export {
        /// The agent's folder.
        dir: PathBuf,
        /// The zip file.
        #[arg(long)]
        out: PathBuf,
    },
    /// Look for what its author should know of.
    #[command(after_help = "Example:\n  menagerie agent check assets/agents/mine")]
    Check {
        /// Folder or zip.
        path: PathBuf,
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
        /// Show scores, contexts and slots.
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
        Command::Import { path, out } => import(path, out),
        Command::Export { dir, out } => export(dir, out),
        Command::Check { path } => check::run(path),
        Command::Train { path, out, untrained: true, vectors } => pack(path, out, vectors.as_deref()),
        Command::Train { path, out, vectors, .. } => train(path, out, vectors.as_deref()),
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

fn import(path: &Path, out: &Path) -> Result<String, Error> {
    let (agent, report) = files::agent(path)?;
    files::write_folder(out, &dialogflow::write(&agent))?;
    let phrases: usize = agent.intents.iter().flat_map(|i| i.phrases.values()).map(Vec::len).sum();
    let counts = format!(
        "{} intents, {phrases} phrases, {} entity types",
        agent.intents.len(),
        agent.entity_types.len()
    );
    Ok(format!("{counts} are in {}\n{}", out.display(), report.to_text()).trim_end().to_owned())
}

fn export(dir: &Path, out: &Path) -> Result<String, Error> {
    let (agent, report) = files::agent(dir)?;
    let bytes = agent_files::archive::write(&dialogflow::write(&agent)).map_err(|e| fault(out, e))?;
    write_file(out, &bytes)?;
    let dropped: String =
        report.dropped.iter().map(|field| format!("\n  dropped, as it is secret: {field}")).collect();
    Ok(format!("{} holds {} bytes{dropped}", out.display(), bytes.len()))
}

fn pack(path: &Path, out: &Path, vectors: Option<&Path>) -> Result<String, Error> {
    let vectors = vectors.map(files::vectors).transpose()?;
    let (agent, report) = files::agent(path)?;
    let bytes = Model::untrained(&agent, vectors.as_ref());
    write_file(out, &bytes)?;
    let (small, faults) = (size::brotli(&bytes), not_understood(&report));
    Ok(format!("not trained; {} holds {} bytes, {small} after brotli{faults}", out.display(), bytes.len()))
}

fn train(path: &Path, out: &Path, vectors: Option<&Path>) -> Result<String, Error> {
    let (agent, report) = files::agent(path)?;
    let vectors = vectors.map(files::vectors).transpose()?;
    let start = std::time::Instant::now();
    let (model, _) = Model::train(&agent, vectors);
    let bytes = model.to_bytes();
    write_file(out, &bytes)?;
    let faults = not_understood(&report);
    let (took, small) = (start.elapsed().as_millis(), size::brotli(&bytes));
    Ok(format!(
        "trained in {took} ms; {} holds {} bytes, {small} after brotli{faults}",
        out.display(),
        bytes.len()
    ))
}
