//! The real agents in `../shared/agents`: they are read, trained, and survive the way out and back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed unwrap is how a test fails

mod common;

use common::agents;
use nlu::{
    dialogue::{ActiveContext, Circumstances, Query, Session},
    entity::calendar::{Clock, Fixed},
    format::dialogflow::{self, Files},
    model::{Model, Training},
    vectors::{Vectors, file::File},
};
use std::collections::BTreeMap;

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

/// A word that the agent knows is no value with a wrong letter: "meinen" no "Leine", "need" no "seed".
#[test]
fn known_words_are_no_mistakes() {
    let agent = agents().into_iter().find(|agent| agent.0 == "petstore").unwrap().1;
    let (model, _) = Model::train(&agent, None);
    for (language, text, product) in [
        ("de", "ich brauche etwas für meinen Hamster", ""),
        ("de", "noch etwas für meine Katze", ""),
        ("de", "ein Halsbnd", "collar"),
        ("en", "I need something for my hamster", ""),
        ("en", "show me a leesh", "lead"),
    ] {
        let turn = model.respond(&mut Session::new(), &Query::Text(text.into()), common::now(language));
        assert_eq!(turn.intent.as_deref(), Some("find-product"), "{text}");
        assert_eq!(turn.parameters.get("product").and_then(|value| value.as_str()), Some(product), "{text}");
    }
}

#[test]
fn learning_in_steps_gives_the_same_model() {
    for (name, agent) in agents() {
        let whole = Model::train(&agent, None).0.to_bytes();
        for mut training in [
            Training::new(&agent, None),
            Training::from_bytes(&Model::untrained(&agent, None), None).unwrap(),
        ] {
            let mut steps = 1;
            let (model, _) = loop {
                if let Some(done) = training.step() {
                    break done;
                }
                steps += 1;
            };
            assert!(model.to_bytes() == whole, "{name}");
            assert!(training.step().is_none(), "{name}: a model is given away once");
            // Steps are short: none takes in more than some dozens of phrases.
            let phrases: usize = agent.intents.iter().flat_map(|i| i.phrases.values()).map(Vec::len).sum();
            assert!(steps >= phrases / 50, "{name}: {steps} steps for {phrases} phrases");
        }
        // What is learnt already comes at once.
        let mut trained = Training::from_bytes(&whole, None).unwrap();
        assert!(trained.step().is_some_and(|done| done.0.to_bytes() == whole), "{name}");
    }
}

/// Pages fetch these files, and the server alone asks a webhook.
#[test]
fn the_address_of_a_webhook_stays_at_home() {
    for (name, mut agent) in agents() {
        agent.settings.webhook = Some("https://fn.example/hook?code=hush".into());
        for bytes in [Model::untrained(&agent, None), Model::train(&agent, None).0.to_bytes()] {
            assert!(!bytes.windows(4).any(|four| four == b"hush"), "{name}");
        }
    }
}

/// Vectors of two letters: a stand-in that knows words by their first letter.
fn vectors() -> Vec<u8> {
    let letters: Vec<char> = ('a'..='z').collect();
    let pieces: String = letters.iter().flat_map(|c| [format!("{c}\n"), format!("##{c}\n")]).collect();
    let values: Vec<u8> =
        (0..letters.len() as u8 * 2).flat_map(|i| [i.wrapping_mul(37), i.wrapping_mul(91)]).collect();
    File::write(&pieces, &values, None)
}

#[test]
fn with_vectors_english_is_learnt_another_way_and_other_languages_are_not() {
    let file = || File::read(&vectors()).unwrap();
    let ready = Vectors::from_bytes(&vectors()).unwrap();
    let mut differ = 0;
    for (name, agent) in agents() {
        let without = Model::train(&agent, None).0.to_bytes();
        let with = Model::train(&agent, Some(ready.clone())).0.to_bytes();
        let untrained = Model::untrained(&agent, Some(&ready));
        let has_english = agent.languages().iter().any(|code| code.starts_with("en"));
        // In steps, the vectors too: the same bytes.
        let (model, _) = Training::with_vectors(&untrained, file()).unwrap().finish().unwrap();
        assert!(model.to_bytes() == with, "{name}");
        assert_eq!(Model::fingerprint(&untrained), has_english.then(|| ready.fingerprint()), "{name}");
        let is_refused = Model::from_bytes(&with, None).is_err();
        assert_eq!(is_refused, without != with, "{name}");
        // A trained file has learnt: with vectors that are not ready it is what it is without.
        assert_eq!(Training::with_vectors(&with, file()).is_err(), is_refused, "{name}");
        assert!(has_english || without == with, "{name}");
        differ += usize::from(without != with);
    }
    assert!(differ > 0);
}

/// What no export of Dialogflow has yet is kept too, and names that look like those of other files lead to none.
#[test]
fn what_lists_hold_beyond_survives() {
    let files: Files = [
        ("agent.json", r#"{"language": "en", "defaultTimezone": "Mars/Base"}"#),
        ("package.json", "{\"version\": \"1.0.0\"}"),
        (
            "intents/hi.json",
            r#"{"id": "1", "name": "hi", "events": [{"name": "A", "since": 1}, {"name": "B"}],
                "responses": [{"affectedContexts": [{"name": "c", "lifespan": 100000}], "parameters":
                [{"name": "p", "dataType": "@e", "prompts": [{"lang": "en", "value": "P?", "voice": "x"}]}]}]}"#,
        ),
        ("intents/other.json", r#"{"id": "2", "name": "hi_usersays_en"}"#),
        ("entities/e.json", r#"{"id": "3", "name": "e", "isRegexp": true}"#),
        ("entities/e_entries_en.json", r#"[{"value": "(?=a)", "synonyms": ["b"], "weight": 2}]"#),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .collect();
    let (agent, report) = dialogflow::read(&files).unwrap();
    let kept = ["entity.entries.weight", "intent.events.since", "intent.parameters.prompts.voice"];
    assert_eq!(Vec::from_iter(&report.kept), kept);
    assert_eq!(report.faults.len(), 2, "{:?}", report.faults);
    assert!(
        report.faults[0].contains("`Mars/Base`") && report.faults[1].contains("@e: the expression `(?=a)`")
    );
    let written = dialogflow::write(&agent);
    let texts: String = written.values().map(|bytes| String::from_utf8_lossy(bytes)).collect();
    for field in ["since", "voice", "weight", "100000"] {
        assert_eq!(texts.matches(field).count(), 1, "{field}");
    }
    let (again, _) = dialogflow::read(&written).unwrap();
    assert_eq!(again, agent);
    assert_eq!(again.intents.len(), 2);
}

#[test]
fn secrets_do_not_come_along() {
    let description = br#"{ "language": "en", "secondaryKey": "s1", "webhook": { "url": "https://hook.example/", "password": "s2",
        "headers": { "Authorization": "s3", "X-Api-Secret": "s4", "Cookie": "sid=s5", "Accept": "application/json" } } }"#;
    let files = Files::from([("agent.json".to_owned(), description.to_vec())]);
    let (agent, report) = dialogflow::read(&files).unwrap();
    let dropped: Vec<&str> = report.dropped.iter().map(String::as_str).collect();
    let expected = [
        "agent.secondaryKey",
        "agent.webhook.headers.Authorization",
        "agent.webhook.headers.Cookie",
        "agent.webhook.headers.X-Api-Secret",
        "agent.webhook.password",
    ];
    assert_eq!(dropped, expected);
    let kept = dialogflow::write(&agent);
    let text = kept.values().map(|bytes| String::from_utf8_lossy(bytes)).collect::<String>();
    assert!(text.contains("application/json"), "{text}");
    for secret in ["\"s1", "\"s2", "\"s3", "\"s4", "sid="] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
}
