//! Packs the shop's agent for the browser: a file for each language, so that a page learns the one it speaks.

use nlu::{
    agent::Agent,
    format::dialogflow::{self, Files},
    model::Model,
};
use std::{env, error::Error, fs, path::Path};

/// Where the agent lies, as its author keeps it.
const AGENT: &str = "../../assets/agents/petstore";
/// The folders of an export.
const FOLDERS: [&str; 3] = ["", "intents", "entities"];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={AGENT}");
    let out = env::var("OUT_DIR")?;
    let (agent, _) = dialogflow::read(&files()?)?;
    for language in agent.languages() {
        let bytes = Model::untrained(&only(&agent, language));
        fs::write(Path::new(&out).join(format!("petstore.{language}.agent")), bytes)?;
    }
    Ok(())
}

fn files() -> Result<Files, Box<dyn Error>> {
    let mut files = Files::new();
    for folder in FOLDERS {
        let path = Path::new(AGENT).join(folder);
        for entry in fs::read_dir(&path).map_err(|error| format!("{}: {error}", path.display()))? {
            let path = entry?.path();
            if path.is_file() {
                let name = path.strip_prefix(AGENT)?.to_string_lossy().into_owned();
                files.insert(name, fs::read(&path)?);
            }
        }
    }
    Ok(files)
}

/// The agent as far as it speaks one language.
fn only(agent: &Agent, language: &str) -> Agent {
    let mut agent = agent.clone();
    let other = |code: &Option<String>| code.as_deref().is_some_and(|code| code != language);
    agent.settings.language = language.to_owned();
    agent.settings.languages.clear();
    for intent in &mut agent.intents {
        intent.phrases.retain(|code, _| code == language);
        intent.messages.retain(|message| !other(&message.language));
        for parameter in &mut intent.parameters {
            parameter.prompts.retain(|prompt| !other(&prompt.language));
        }
    }
    for entity_type in &mut agent.entity_types {
        entity_type.entries.retain(|code, _| code == language);
    }
    agent
}
