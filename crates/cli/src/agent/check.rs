//! `menagerie agent check`: what the author of an agent should know of.

use super::files;
use crate::Error;
use nlu::{
    agent::{Agent, Parameter},
    language::bare,
    model::Model,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

/// Reads, trains and looks.
pub fn run(path: &Path) -> Result<String, Error> {
    let (agent, report) = files::agent(path)?;
    let (_, lessons) = Model::train(&agent, None);
    let mut sections: Vec<(&str, Vec<String>)> = vec![
        ("phrases in two intents", twice(&agent)),
        ("entities never used", unused(&agent)),
        ("required parameters without a prompt", unasked(&agent)),
        ("input contexts that nothing sets", unreachable(&agent)),
    ];
    let wrong = lessons.left_out.iter().filter(|l| l.1 != l.2);
    sections.push((
        "phrases that the classifier alone gets wrong when they are left out",
        wrong
            .clone()
            .map(|(text, intent, given, sure)| format!("“{text}” of {intent} → {given} ({sure:.2})"))
            .collect(),
    ));
    let mut pairs: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for (_, intent, given, _) in wrong {
        let pair = if intent < given {
            (intent.as_str(), given.as_str())
        } else {
            (given.as_str(), intent.as_str())
        };
        *pairs.entry(pair).or_default() += 1;
    }
    let phrases: BTreeMap<&str, usize> =
        agent.intents.iter().map(|i| (i.name.as_str(), i.phrases.values().map(Vec::len).sum())).collect();
    let count = |name: &str| phrases.get(name).copied().unwrap_or(0);
    let close =
        pairs.into_iter().filter(|((a, b), times)| *times >= 3 && times * 5 >= count(a).min(count(b)));
    sections.push((
        "intents too close to tell apart",
        close.map(|((a, b), times)| format!("{a} and {b}: {times} phrases go to the other one")).collect(),
    ));
    let mut text = report.to_text();
    let found = report.faults.len() + sections.iter().map(|s| s.1.len()).sum::<usize>();
    for (title, lines) in sections.iter().filter(|s| !s.1.is_empty()) {
        text.push_str(&format!("\n{title} ({}):\n", lines.len()));
        lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
    }
    text.push_str(&format!("\n{found} findings in {} intents", agent.intents.len()));
    Ok(text.trim_start().to_owned())
}

fn twice(agent: &Agent) -> Vec<String> {
    let mut owners: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for intent in &agent.intents {
        for (language, phrases) in intent.phrases.iter() {
            for phrase in phrases {
                let key = (language.to_owned(), bare(&phrase.text()));
                owners.entry(key).or_default().insert(&intent.name);
            }
        }
    }
    let shared = owners.into_iter().filter(|o| o.1.len() > 1);
    shared
        .map(|((language, text), names)| {
            format!("“{text}” ({language}): {}", Vec::from_iter(names).join(", "))
        })
        .collect()
}

fn unused(agent: &Agent) -> Vec<String> {
    let mut used: BTreeSet<String> = BTreeSet::new();
    for intent in &agent.intents {
        used.extend(intent.parameters.iter().map(|p| p.entity.clone()));
        let parts = intent.phrases.values().flatten().flat_map(|p| &p.parts);
        used.extend(parts.filter_map(|p| p.entity.clone()));
    }
    let entries = agent.entity_types.iter().flat_map(|e| e.entries.values().flatten());
    let words = entries
        .flat_map(|entry| entry.synonyms.iter().chain([&entry.value]))
        .flat_map(|text| text.split_whitespace());
    used.extend(
        words
            .filter(|word| word.starts_with('@'))
            .filter_map(|word| word.split(':').next())
            .map(str::to_owned),
    );
    let names = agent.entity_types.iter().map(|e| format!("@{}", e.name));
    names.filter(|name| !used.contains(name)).collect()
}

fn unasked(agent: &Agent) -> Vec<String> {
    let mut lines = Vec::new();
    for intent in &agent.intents {
        for parameter in intent.parameters.iter().filter(|p| p.required && has_no_default(p)) {
            for language in agent.languages() {
                let spoken = !intent.phrases_in(language).is_empty();
                // What a locale does not say for itself it says in its language's words.
                let root = nlu::text::before(language, b'-');
                let asked = parameter
                    .prompts
                    .iter()
                    .any(|p| p.language.as_deref().is_none_or(|l| l == language || l == root));
                if spoken && !asked {
                    lines.push(format!("{} of {} ({language})", parameter.name, intent.name));
                }
            }
        }
    }
    lines
}

/// An empty text is no default, as Dialogflow's exports have it.
fn has_no_default(parameter: &Parameter) -> bool {
    parameter.default.is_null() || parameter.default.as_str() == Some("")
}

fn unreachable(agent: &Agent) -> Vec<String> {
    let set: BTreeSet<String> = agent
        .intents
        .iter()
        .flat_map(|i| i.output_contexts.iter().filter(|c| c.lifespan > 0).map(|c| c.name.to_lowercase()))
        .collect();
    let mut lines = Vec::new();
    for intent in &agent.intents {
        let lost = intent.input_contexts.iter().filter(|c| !set.contains(&c.to_lowercase()));
        lines
            .extend(lost.map(|c| format!("{c} of {}, unless a webhook or the surface sets it", intent.name)));
    }
    lines
}
