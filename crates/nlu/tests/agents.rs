//! The real agents in `../shared/agents`: they are read, trained, and survive the way out and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed unwrap is how a test fails

use nlu::{
    agent::Agent,
    dialogue::{ActiveContext, Circumstances, Query, Session},
    entity::calendar::{Clock, Fixed},
    format::dialogflow::{self, Files},
    model::Model,
};
use std::collections::BTreeMap;
use std::path::Path;

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

fn agents() -> Vec<(String, Agent)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/agents");
    if !root.is_dir() {
        eprintln!("../shared/agents is absent: the real agents are not tested");
        return Vec::new();
    }
    let mut agents = Vec::new();
    for entry in std::fs::read_dir(root).unwrap().map(Result::unwrap).filter(|e| e.path().is_dir()) {
        let mut all = Files::new();
        files(&entry.path(), "", &mut all);
        let name = entry.file_name().to_str().unwrap().to_owned();
        let (agent, _) = dialogflow::read(&all).unwrap_or_else(|e| panic!("{name}: {e}"));
        agents.push((name, agent));
    }
    agents
}

#[test]
fn import_export_import_changes_nothing() {
    for (name, agent) in agents() {
        let (again, _) = dialogflow::read(&dialogflow::write(&agent)).unwrap();
        assert_eq!(agent, again, "{name}");
    }
}

#[test]
fn phrases_lead_to_their_intents() {
    let clock = Clock { now: 1_700_000_000, zone: &Fixed(0) };
    let (mut right_alone, mut all_alone) = (0, 0);
    let mut wrong = Vec::new();
    for (name, agent) in agents() {
        let (model, _) = Model::train(&agent, None);
        let bytes = model.to_bytes();
        let model = Model::from_bytes(&bytes, None).unwrap();
        assert_eq!(
            bytes,
            Model::train(&agent, None).0.to_bytes(),
            "{name}: the same agent gives the same bytes"
        );
        for code in agent.languages() {
            let mut owners: BTreeMap<String, Vec<&str>> = BTreeMap::new();
            for intent in &agent.intents {
                for phrase in intent.phrases_in(code) {
                    owners.entry(nlu::language::bare(&phrase.text())).or_default().push(&intent.name);
                }
            }
            for (place, intent) in agent.intents.iter().enumerate().filter(|i| !i.1.fallback) {
                let mut session = Session::new();
                for name in &intent.input_contexts {
                    let parameters = nlu::json::Map::new();
                    session.set(
                        ActiveContext { name: name.clone(), lifespan: 5, parameters, expires: 0 },
                        clock.now,
                    );
                }
                for phrase in intent.phrases_in(code) {
                    let text = phrase.text();
                    let mut names = owners[&nlu::language::bare(&text)].clone();
                    names.dedup();
                    if names.len() > 1 {
                        eprintln!("{name}: “{text}” stands in {}", names.join(" and "));
                        continue;
                    }
                    let now = Circumstances { language: code, clock, random: 0 };
                    let turn = model.respond(&mut session.clone(), &Query::Text(text.clone()), now);
                    if turn.intent.as_deref() != Some(intent.name.as_str()) {
                        wrong.push(format!("{name}: “{text}” of {} → {:?}", intent.name, turn.intent));
                    }
                    let (_, trained) = model.language(code).unwrap();
                    let read = trained.read_sentence(&text, Vec::new(), None, clock);
                    let active = |i: u32| {
                        agent.intents[i as usize].input_contexts.iter().all(|c| session.context(c).is_some())
                    };
                    let alone = model.classify(trained, &read, &active);
                    all_alone += 1;
                    if alone.is_some_and(|a| a.0 as usize == place) {
                        right_alone += 1;
                    } else {
                        eprintln!("{name}: the classifier alone misses “{text}” of {}", intent.name);
                    }
                }
            }
        }
    }
    eprintln!("the classifier alone: {right_alone} of {all_alone}");
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(right_alone * 100 >= all_alone * 95, "{right_alone} of {all_alone}");
}
