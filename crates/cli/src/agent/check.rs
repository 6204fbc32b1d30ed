//! `menagerie agent check`: what the author of an agent should know of.

use super::{as_json, files};
use crate::{Error, shown::Format};
use nlu::{
    agent::{Agent, Parameter},
    language::bare,
    model::{Lessons, Model},
};
use serde::Serialize;
use serde_json::json;
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::{Display, Write as _},
    path::Path,
};

/// Reads, trains and looks.
pub fn run(path: &Path, format: Format) -> Result<String, Error> {
    let (agent, report) = files::agent(path)?;
    let (_, lessons) = Model::train(&agent, None);
    let findings = Findings::new(&agent, &lessons);
    let sections = findings.sections();
    let found = report.faults.len() + sections.iter().map(|(_, lines)| lines.len()).sum::<usize>();
    let answer = json!({
        "intents": agent.intents.len(),
        "count": found,
        "findings": findings,
        "report": as_json(&report),
    });
    Ok(format.show(&answer, || {
        let mut text = report.to_text();
        for (title, lines) in sections.iter().filter(|(_, lines)| !lines.is_empty()) {
            let _ = writeln!(text, "\n{title} ({}):", lines.len());
            lines.iter().for_each(|line| text.push_str(&format!("  {line}\n")));
        }
        let _ = write!(text, "\n{found} findings in {} intents", agent.intents.len());
        text.trim_start().to_owned()
    }))
}

/// All that was found.
#[derive(Serialize)]
struct Findings<'a> {
    phrases_in_two_intents: Vec<Shared<'a>>,
    entities_never_used: Vec<String>,
    entities_unknown: Vec<Unknown<'a>>,
    prompts_missing: Vec<Unasked<'a>>,
    contexts_never_set: Vec<Unset<'a>>,
    phrases_wrong_when_left_out: Vec<Wrong<'a>>,
    intents_too_close: Vec<Close<'a>>,
}

/// A phrase of more than one intent.
#[derive(Serialize)]
struct Shared<'a> {
    phrase: String,
    language: String,
    intents: BTreeSet<&'a str>,
}

/// An entity type that an intent names and the agent does not have.
#[derive(Serialize, PartialEq, Eq, PartialOrd, Ord)]
struct Unknown<'a> {
    entity: &'a str,
    intent: &'a str,
}

/// A required parameter that nobody asks for.
#[derive(Serialize)]
struct Unasked<'a> {
    parameter: &'a str,
    intent: &'a str,
    language: &'a str,
}

/// An input context that no intent sets.
#[derive(Serialize)]
struct Unset<'a> {
    context: &'a str,
    intent: &'a str,
}

/// A phrase that goes to another intent when it is left out.
#[derive(Serialize)]
struct Wrong<'a> {
    phrase: &'a str,
    intent: &'a str,
    given: &'a str,
    confidence: f32,
}

/// Two intents of which many phrases go to the other one.
#[derive(Serialize)]
struct Close<'a> {
    intents: [&'a str; 2],
    phrases: usize,
}

impl Display for Shared<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let intents: Vec<&str> = self.intents.iter().copied().collect();
        write!(f, "“{}” ({}): {}", self.phrase, self.language, intents.join(", "))
    }
}

impl Display for Unknown<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.entity, self.intent)
    }
}

impl Display for Unasked<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} ({})", self.parameter, self.intent, self.language)
    }
}

impl Display for Unset<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}, unless a webhook or the surface sets it", self.context, self.intent)
    }
}

impl Display for Wrong<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "“{}” of {} → {} ({:.2})", self.phrase, self.intent, self.given, self.confidence)
    }
}

impl Display for Close<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [one, other] = self.intents;
        write!(f, "{one} and {other}: {} phrases go to the other one", self.phrases)
    }
}

impl<'a> Findings<'a> {
    fn new(agent: &'a Agent, lessons: &'a Lessons) -> Self {
        let wrong = lessons.left_out.iter().filter(|(_, intent, given, _)| intent != given);
        let wrong = wrong.map(|(phrase, intent, given, confidence)| Wrong {
            phrase,
            intent,
            given,
            confidence: *confidence,
        });
        let wrong: Vec<Wrong> = wrong.collect();
        Self {
            phrases_in_two_intents: shared(agent),
            entities_never_used: unused(agent),
            entities_unknown: unknown(agent),
            prompts_missing: unasked(agent),
            contexts_never_set: unset(agent),
            intents_too_close: close(agent, &wrong),
            phrases_wrong_when_left_out: wrong,
        }
    }

    /// For people: what it is, and a line for each.
    fn sections(&self) -> [(&'static str, Vec<String>); 7] {
        fn lines(findings: &[impl Display]) -> Vec<String> {
            findings.iter().map(|finding| finding.to_string()).collect()
        }
        [
            ("phrases in two intents", lines(&self.phrases_in_two_intents)),
            ("entities never used", lines(&self.entities_never_used)),
            ("entities that the agent does not have", lines(&self.entities_unknown)),
            ("required parameters without a prompt", lines(&self.prompts_missing)),
            ("input contexts that nothing sets", lines(&self.contexts_never_set)),
            (
                "phrases that the classifier alone gets wrong when they are left out",
                lines(&self.phrases_wrong_when_left_out),
            ),
            ("intents too close to tell apart", lines(&self.intents_too_close)),
        ]
    }
}

fn close<'a>(agent: &Agent, wrong: &[Wrong<'a>]) -> Vec<Close<'a>> {
    let mut pairs: BTreeMap<[&str; 2], usize> = BTreeMap::new();
    for Wrong { intent, given, .. } in wrong {
        let mut pair = [*intent, *given];
        pair.sort_unstable();
        *pairs.entry(pair).or_default() += 1;
    }
    let phrases: BTreeMap<&str, usize> =
        agent.intents.iter().map(|i| (i.name.as_str(), i.phrases.values().map(Vec::len).sum())).collect();
    let count = |name: &str| phrases.get(name).copied().unwrap_or(0);
    let close =
        pairs.into_iter().filter(|([a, b], times)| *times >= 3 && times * 5 >= count(a).min(count(b)));
    close.map(|(intents, phrases)| Close { intents, phrases }).collect()
}

fn shared(agent: &Agent) -> Vec<Shared<'_>> {
    let mut owners: BTreeMap<(String, String), BTreeSet<&str>> = BTreeMap::new();
    for intent in &agent.intents {
        for (language, phrases) in intent.phrases.iter() {
            for phrase in phrases {
                let key = (language.to_owned(), bare(&phrase.text()));
                owners.entry(key).or_default().insert(&intent.name);
            }
        }
    }
    let shared = owners.into_iter().filter(|owner| owner.1.len() > 1);
    shared.map(|((language, phrase), intents)| Shared { phrase, language, intents }).collect()
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

fn unknown(agent: &Agent) -> Vec<Unknown<'_>> {
    let known = |name: &&str| {
        let own = name.trim_start_matches('@');
        own.starts_with("sys.") || agent.entity_types.iter().any(|entity| entity.name == own)
    };
    let mut found = BTreeSet::new();
    for intent in &agent.intents {
        let parameters = intent.parameters.iter().map(|parameter| parameter.entity.as_str());
        let parts = intent.phrases.values().flatten().flat_map(|phrase| &phrase.parts);
        let named = parameters.chain(parts.filter_map(|part| part.entity.as_deref()));
        let lost = named.filter(|name| !name.is_empty() && !known(name));
        found.extend(lost.map(|entity| Unknown { entity, intent: &intent.name }));
    }
    found.into_iter().collect()
}

fn unasked(agent: &Agent) -> Vec<Unasked<'_>> {
    let mut found = Vec::new();
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
                    found.push(Unasked { parameter: &parameter.name, intent: &intent.name, language });
                }
            }
        }
    }
    found
}

/// An empty text is no default, as Dialogflow's exports have it.
fn has_no_default(parameter: &Parameter) -> bool {
    parameter.default.is_null() || parameter.default.as_str() == Some("")
}

fn unset(agent: &Agent) -> Vec<Unset<'_>> {
    let set: BTreeSet<String> = agent
        .intents
        .iter()
        .flat_map(|i| i.output_contexts.iter().filter(|c| c.lifespan > 0).map(|c| c.name.to_lowercase()))
        .collect();
    let mut found = Vec::new();
    for intent in &agent.intents {
        let lost = intent.input_contexts.iter().filter(|c| !set.contains(&c.to_lowercase()));
        found.extend(lost.map(|context| Unset { context, intent: &intent.name }));
    }
    found
}
