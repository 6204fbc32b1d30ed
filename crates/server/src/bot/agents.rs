//! Agents that the server knows: the shop's own, and those of a folder.
//!
//! An agent is read and trained when somebody asks for it, on a thread that may be busy, and kept.
//! Nothing else waits for it.

use crate::assets;
use nlu::{
    agent::Agent,
    format::dialogflow::{self, Files, Report},
    model::Model,
    vectors::{Vectors, file::File},
};
use std::{
    collections::HashMap,
    path::PathBuf,
    sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};

/// The name of the shop's own agent.
pub const PETSTORE: &str = "petstore";
/// Where it lies among the assets.
const PETSTORE_FOLDER: &str = "agents/petstore/";
/// What English agents are learnt with, among the assets.
const VECTORS: [&str; 3] = ["vectors/vocab.txt", "vectors/vectors-128x4bit.bin", "vectors/layer.bin"];

/// Why there is no agent.
#[derive(Clone, Debug, thiserror::Error)]
pub enum AgentError {
    /// There is none of this name.
    #[error("there is no agent `{0}` here")]
    Unknown(String),
    /// It cannot be read.
    #[error("E610 the agent `{0}` cannot be read: {1}")]
    Broken(String, String),
}

/// An agent, or why it could not be read and when that was.
type Slot = Arc<tokio::sync::Mutex<Option<Result<Arc<Model>, (AgentError, Instant)>>>>;

/// One that could not be read is read again after this: it may have been on its way.
const AGAIN: Duration = Duration::from_secs(30);

/// All agents.
pub struct Agents {
    folder: Option<PathBuf>,
    trained: Mutex<HashMap<String, Slot>>,
}

impl Agents {
    /// The shop's own, and those of `folder`: one sub-folder or zip file each.
    pub fn new(folder: Option<PathBuf>) -> Self {
        Self { folder, trained: Mutex::default() }
    }

    /// An agent, trained. The first who asks waits for the training, which goes on where they do not.
    pub async fn get(&self, name: &str) -> Result<Arc<Model>, AgentError> {
        let unknown = || AgentError::Unknown(name.to_owned());
        let source = self.source(name).ok_or_else(unknown)?;
        let slot = if let Source::Own = source {
            // One for all servers of a process: it never changes.
            static OWN: LazyLock<Slot> = LazyLock::new(Slot::default);
            Arc::clone(&OWN)
        } else {
            let mut trained = self.trained.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(trained.entry(name.to_owned()).or_default())
        };
        let mut known = slot.lock_owned().await;
        match &*known {
            Some(Ok(model)) => return Ok(Arc::clone(model)),
            Some(Err((error, at))) if at.elapsed() < AGAIN => return Err(error.clone()),
            _ => {}
        }
        let owned = name.to_owned();
        let training = tokio::spawn(async move {
            let read = train(owned, source).await;
            *known = Some(read.clone().map_err(|error| (error, Instant::now())));
            read
        });
        training.await.unwrap_or_else(|stopped| Err(AgentError::Broken(name.to_owned(), stopped.to_string())))
    }

    fn source(&self, name: &str) -> Option<Source> {
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 64 || !name.chars().all(plain) {
            return None;
        }
        let of_folder = self.folder.as_ref().and_then(|folder| {
            let (under, zip) = (folder.join(name), folder.join(format!("{name}.zip")));
            if under.is_dir() {
                Some(Source::Files(under))
            } else {
                zip.is_file().then_some(Source::Files(zip))
            }
        });
        of_folder.or((name == PETSTORE).then_some(Source::Own))
    }
}

enum Source {
    Own,
    /// A folder or zip file.
    Files(PathBuf),
}

async fn train(name: String, source: Source) -> Result<Arc<Model>, AgentError> {
    let begun = Instant::now();
    let broken = |what: String| AgentError::Broken(name.clone(), what);
    let task = tokio::task::spawn_blocking(move || -> Result<Model, String> {
        let agent = match source {
            Source::Own => return Ok(Model::train(petstore(), vectors()).0),
            Source::Files(path) => told(agent_files::read(&path).map_err(|e| e.to_string())?),
        };
        Ok(Model::train(&agent, vectors()).0)
    });
    let model = match task.await {
        Ok(model) => model.map_err(broken),
        Err(stopped) => Err(broken(stopped.to_string())),
    };
    match &model {
        Ok(_) => tracing::info!(agent = name, milliseconds = begun.elapsed().as_millis(), "agent trained"),
        Err(error) => tracing::error!(%error, "an agent cannot be used"),
    }
    model.map(Arc::new)
}

/// An agent, when the log has what its import left out.
fn told((agent, report): (Agent, Report)) -> Agent {
    let name = &agent.settings.name;
    for fault in report.faults {
        tracing::warn!(agent = name, fault, "not understood in an agent");
    }
    for file in report.ignored {
        tracing::info!(agent = name, file, "not read in an agent");
    }
    agent
}

/// The shop's own agent, as it was written.
pub fn petstore() -> &'static Agent {
    static AGENT: OnceLock<Agent> = OnceLock::new();
    AGENT.get_or_init(|| {
        let files: Files = assets::names(PETSTORE_FOLDER)
            .filter_map(|path| {
                let name = path.strip_prefix(PETSTORE_FOLDER)?.to_owned();
                Some((name, assets::get(&path)?.data.into_owned()))
            })
            .collect();
        dialogflow::read(&files).map(told).unwrap_or_else(|error| {
            tracing::error!(%error, "assets/agents/petstore cannot be read");
            Agent::default()
        })
    })
}

/// What words mean; all agents share it.
fn vectors() -> Option<Vectors> {
    static VECTORS_OF_ALL: OnceLock<Option<Vectors>> = OnceLock::new();
    let read = || {
        let [words, values, layer] = VECTORS.map(|path| assets::get(path).map(|file| file.data));
        let words = String::from_utf8(words.unwrap_or_default().into_owned()).unwrap_or_default();
        let read = Vectors::from_bytes(&File::write(&words, &values.unwrap_or_default(), layer.as_deref()));
        read.inspect_err(|error| tracing::error!(%error, "assets/vectors cannot be read")).ok()
    };
    VECTORS_OF_ALL.get_or_init(read).clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        fs,
        pin::pin,
        task::{Context, Waker},
    };

    #[tokio::test]
    async fn only_plain_names_lead_to_agents_and_a_broken_one_says_where() {
        let folder = tempfile::TempDir::new().unwrap();
        fs::create_dir_all(folder.path().join("broken")).unwrap();
        fs::write(folder.path().join("broken/agent.json"), "{\"language\": 7}").unwrap();
        fs::write(folder.path().join("junk.zip"), "no zip").unwrap();
        let agents = Agents::new(Some(folder.path().join("")));
        for name in ["", "..", "a/b", "../x", "a.b", "nobody", &"x".repeat(65)] {
            assert!(matches!(agents.get(name).await, Err(AgentError::Unknown(_))), "{name}");
        }
        let message = agents.get("broken").await.unwrap_err().to_string();
        assert!(message.contains("E610") && message.contains("agent.json"), "{message}");
        let message = agents.get("junk").await.unwrap_err().to_string();
        assert!(message.contains("zip"), "{message}");
    }

    #[tokio::test]
    async fn the_training_goes_on_where_nobody_waits_for_it() {
        let folder = tempfile::TempDir::new().unwrap();
        fs::write(folder.path().join("junk.zip"), "no zip").unwrap();
        let agents = Agents::new(Some(folder.path().join("")));
        {
            let mut asked = pin!(agents.get("junk"));
            assert!(asked.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        }
        let slot = Arc::clone(&agents.trained.lock().unwrap()["junk"]);
        assert!(slot.lock().await.is_some(), "what was read is lost");
    }

    #[test]
    fn agents_are_learnt_with_vectors() {
        assert_eq!(vectors().map(|vectors| vectors.dimensions()), Some(128));
    }

    #[test]
    fn the_shops_own_agent_is_whole() {
        let agent = petstore();
        assert!(agent.intents.len() >= 20, "{}", agent.intents.len());
        let phrases: usize = agent.intents.iter().flat_map(|i| i.phrases.values()).map(Vec::len).sum();
        assert!(phrases >= 400, "{phrases}");
        for language in ["en", "de"] {
            let silent = |i: &&nlu::agent::Intent| i.phrases_in(language).is_empty();
            assert_eq!(agent.intents.iter().find(silent).map(|i| &i.name), None, "{language}");
        }
    }
}
