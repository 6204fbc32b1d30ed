//! Agents for the tests: made in a few words, or real ones.
#![allow(dead_code)] // each test takes its part

use nlu::{
    agent::{Agent, EntityType, Entry, Intent, Message, OutputContext, Parameter, Part, Phrase, Prompt},
    dialogue::Circumstances,
    entity::calendar::{Clock, Fixed},
    format::dialogflow::{self, Files},
    json::{Map, Value},
};
use std::{io::Write, path::Path};

/// Wednesday the 15th of May 2024, 8:00 UTC.
pub fn now(language: &str) -> Circumstances<'_> {
    Circumstances { language, clock: Clock { now: 1_715_760_000, zone: &Fixed(0) }, random: 0 }
}

/// The same for English.
pub fn wednesday() -> Circumstances<'static> {
    now("en")
}

pub fn phrase(text: &str) -> Phrase {
    // "fly to {Rome@city:to}" marks Rome as @city, parameter `to`.
    let mut parts = Vec::new();
    for (i, piece) in text.split(['{', '}']).enumerate() {
        if i % 2 == 0 {
            parts.push(Part { text: piece.into(), ..Part::default() });
        } else {
            let (word, rest) = piece.split_once('@').unwrap();
            let (entity, alias) = rest.split_once(':').unwrap();
            parts.push(Part {
                text: word.into(),
                entity: Some(format!("@{entity}")),
                alias: Some(alias.into()),
                ..Part::default()
            });
        }
    }
    parts.retain(|p| !p.text.is_empty());
    Phrase { parts, ..Phrase::plain("") }
}

pub fn intent(name: &str, phrases: &[&str], answers: &[&str]) -> Intent {
    let phrases = [("en".to_owned(), phrases.iter().map(|p| phrase(p)).collect())].into();
    Intent {
        id: name.into(),
        name: name.into(),
        phrases,
        messages: vec![Message::text(answers)],
        ..Intent::default()
    }
}

pub fn context(name: &str, lifespan: u32) -> OutputContext {
    OutputContext { name: name.into(), lifespan, parameters: Map::new(), extra: Map::new() }
}

pub fn parameter(name: &str, entity: &str, prompt: Option<&str>) -> Parameter {
    let prompts = prompt.map(|text| Prompt { language: Some("en".into()), text: text.into() });
    Parameter {
        id: name.into(),
        name: name.into(),
        entity: entity.into(),
        value: format!("${name}"),
        default: Value::Null,
        required: prompts.is_some(),
        list: false,
        prompts: prompts.into_iter().collect(),
        extra: Map::new(),
    }
}

pub fn entity(name: &str, entries: &[(&str, &[&str])]) -> EntityType {
    let entries = entries.iter().map(|(value, said)| Entry {
        value: (*value).into(),
        synonyms: said.iter().map(|s| s.to_string()).collect(),
    });
    EntityType {
        name: name.into(),
        entries: [("en".to_owned(), entries.collect())].into(),
        ..EntityType::default()
    }
}

fn files(root: &Path, under: &str, files: &mut Files) {
    for entry in std::fs::read_dir(root.join(under)).unwrap() {
        let entry = entry.unwrap();
        let path = format!("{under}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            self::files(root, &format!("{path}/"), files);
        } else {
            files.insert(path, std::fs::read(entry.path()).unwrap());
        }
    }
}

/// Our own agents, and those of others where they lie beside the repository.
pub fn agents() -> Vec<(String, Agent)> {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut ours = Files::new();
    files(&here.join("../../assets/agents/petstore"), "", &mut ours);
    let mut agents =
        vec![("fixture".to_owned(), fixture()), ("petstore".to_owned(), dialogflow::read(&ours).unwrap().0)];
    let root = here.join("../../../shared/agents");
    if !root.is_dir() {
        // Not `eprintln`: of a test that passes nobody would see it.
        let _ = std::io::stderr().write_all(b"../shared/agents is absent: only our own agents are tested\n");
        return agents;
    }
    for entry in std::fs::read_dir(root).unwrap().map(Result::unwrap).filter(|e| e.path().is_dir()) {
        let mut all = Files::new();
        files(&entry.path(), "", &mut all);
        let name = entry.file_name().to_str().unwrap().to_owned();
        let (agent, _) = dialogflow::read(&all).unwrap_or_else(|e| panic!("{name}: {e}"));
        agents.push((name, agent));
    }
    agents
}

/// The agent of the engine's fixture, which is always there.
pub fn fixture() -> Agent {
    let mut all = Files::new();
    files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/engine/agent"), "", &mut all);
    dialogflow::read(&all).unwrap().0
}
