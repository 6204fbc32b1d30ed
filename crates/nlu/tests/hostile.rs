//! Whatever is said, and whatever file comes: an answer or an error, never a panic, in time that grows with
//! the length.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed unwrap is how a test fails

mod common;

use common::{agents, intent, parameter, phrase, wednesday};
use nlu::{
    agent::{Agent, EntityKind, EntityType, Entry, Parameter},
    dialogue::{Query, Session},
    entity::system,
    format::{
        dialogflow::{self, Files},
        jsonl, rasa,
    },
    hash::Sequence,
    model::Model,
};
use proptest::prelude::*;
use std::{hint::black_box, ops::RangeInclusive, sync::LazyLock, time::Duration};

/// An agent that looks for everything: all system entities, types of every kind, open values, lists.
fn greedy() -> Agent {
    let mut all = intent(
        "all",
        &["tell me {x@sys.any:any} now", "a {cat@own:own}", "book {dog@sys.any:list}"],
        &["$own"],
    );
    all.parameters = system::known()
        .map(|known| parameter(&format!("sys.{known}"), &format!("@sys.{known}"), None))
        .collect();
    all.parameters.push(parameter("own", "@own", Some("Which?")));
    all.parameters.push(Parameter { list: true, ..parameter("list", "@sys.any", None) });
    let mut other = intent("other", &["hello there", "a red dog"], &["Hi"]);
    other.parameters = vec![Parameter { list: true, ..parameter("code", "@code", None) }];
    let entity = |name: &str, kind, said: &[&str]| EntityType {
        name: name.into(),
        kind,
        fuzzy: true,
        expansion: name == "own",
        entries: [(
            "en".to_owned(),
            said.iter().map(|s| Entry { value: (*s).into(), synonyms: vec![(*s).into()] }).collect(),
        )]
        .into(),
        ..EntityType::default()
    };
    Agent {
        intents: vec![all, other],
        entity_types: vec![
            entity("code", EntityKind::Regexp, &[r"(a+)+b|a", r"\w*\d", ".*x", r"(\w|\s)+!"]),
            entity("own", EntityKind::Map, &["cat", "dog a dog", "@sys.number:n a", "@own:one @own:two"]),
        ],
        ..Agent::default()
    }
}

static MODEL: LazyLock<Model> = LazyLock::new(|| Model::train(&greedy(), None).0);

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn anything_can_be_said(said in prop::collection::vec("\\PC{0,120}|[0-9 :/.,$-]{0,40}|(no|a|the|next|half|past|to|in|two|hundred|may|@|\\s){0,20}", 1..4)) {
        let mut session = Session::new();
        for language in ["en", "de", "xx"] {
            for text in &said {
                let turn = MODEL.respond(&mut session, &Query::Text(text.clone()), common::now(language));
                prop_assert!((0.0..=1.0).contains(&turn.confidence));
                for value in turn.parameters.values() {
                    prop_assert!(!value.to_string().is_empty());
                }
            }
        }
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = Model::from_bytes(&bytes, None);
        let text = String::from_utf8_lossy(&bytes);
        let _ = (jsonl::read("f", &text), rasa::read("f", &text));
        let files: Files = [("agent.json".to_owned(), b"{}".to_vec()), ("intents/a.json".to_owned(), bytes)].into();
        if let Err(error) = dialogflow::read(&files) {
            prop_assert_eq!(error.file, "intents/a.json");
        }
    }
}

/// The time that this thread has had: others that want the processor do not count.
#[cfg(unix)]
fn used() -> Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

#[cfg(not(unix))]
fn used() -> Duration {
    static START: LazyLock<std::time::Instant> = LazyLock::new(std::time::Instant::now);
    START.elapsed()
}

fn time(work: impl FnOnce()) -> Duration {
    let start = used();
    work();
    used() - start
}

/// Four times as much takes at most so many times as long: 4 would be exact, 16 is quadratic.
const RATIO: f64 = 9.0;

/// So often either is measured, at least and at most. A busy machine makes a run longer and never shorter: the shortest
/// count, and what is quadratic stays so however often it is tried.
const ROUNDS: RangeInclusive<usize> = 3..=30;

fn check_linear(what: &str, mut work: impl FnMut(usize)) {
    let (mut one, mut four) = (Duration::MAX, Duration::MAX);
    for round in 1..=*ROUNDS.end() {
        one = one.min(time(|| work(1)));
        four = four.min(time(|| work(4)));
        let ratio = four.as_secs_f64() / one.as_secs_f64().max(1e-4);
        if ROUNDS.contains(&round) && ratio < RATIO {
            return;
        }
    }
    panic!("{what}: {one:?}, four times as much {four:?}");
}

#[test]
fn time_grows_with_the_length_of_a_sentence() {
    for piece in [
        "a",
        "7 ",
        "7",
        "dog ",
        "cat a ",
        "two hundred ",
        "hundred ",
        "from 2 to ",
        "' ",
        "日",
        "no, tomorrow at 7 pm ",
        ",",
        "the ",
        "1,234,",
        "a@b.de ",
        "x.de/",
        "0",
        "half past ",
        "point one ",
        "aaab ",
        "aa ",
        "$5 ",
        "3 k ",
        "in ",
        "🐶",
        "-",
    ] {
        let longest = piece.repeat(10_000 / piece.chars().count());
        MODEL.respond(&mut Session::new(), &Query::Text(longest), common::now("en"));
        check_linear(piece, |times| {
            let text = piece.repeat(times * 500 / piece.chars().count());
            black_box(MODEL.respond(&mut Session::new(), &Query::Text(text), common::now("en")));
        });
    }
}

#[test]
fn time_grows_with_the_size_of_a_file() {
    let sentence = |i: usize| format!("{{\"text\": \"say {i}\", \"intent\": \"i{}\"}}\n", i % 9);
    check_linear("JSON Lines", |times| {
        let text: String = (0..2_000 * times).map(sentence).collect();
        black_box(jsonl::read("f", &text).unwrap());
    });
    check_linear("Rasa", |times| {
        let example = |i: usize| format!("    - go to [place {i}](city)\n");
        let text: String = (0..3_000 * times).map(example).collect();
        black_box(rasa::read("f", &format!("nlu:\n- intent: go\n  examples: |\n{text}")).unwrap());
    });
    check_linear("an object of many fields", |times| {
        let fields: Vec<String> = (0..20_000 * times).rev().map(|i| format!("\"k{i}\": 1")).collect();
        let bytes = format!("{{{}}}", fields.join(",")).into_bytes();
        black_box(dialogflow::read(&[("agent.json".to_owned(), bytes)].into()).unwrap());
    });
}

/// One change to one file: bytes turned, taken out, doubled, or a word put in that means something in JSON.
fn mutate(bytes: &mut Vec<u8>, random: &mut Sequence) {
    const WORDS: [&str; 12] = [
        "null",
        "{}",
        "[]",
        "\"",
        "-1e999",
        "true",
        "[[",
        "\\u0000",
        "{\"a\":",
        "99999999999",
        ",",
        "\u{feff}",
    ];
    let mut draw = |below: usize| random.draw() as usize % below.max(1);
    let at = draw(bytes.len());
    let to = (at + draw(40)).min(bytes.len());
    match draw(5) {
        0 if at < bytes.len() => bytes[at] ^= 1 << draw(8),
        1 => drop(bytes.drain(at..to)),
        2 => {
            let copy = bytes[at..to].to_vec();
            bytes.splice(at..at, copy);
        }
        3 => bytes.truncate(at),
        _ => drop(bytes.splice(at..to.min(at + 6).min(bytes.len()), WORDS[draw(WORDS.len())].bytes())),
    }
}

#[test]
fn damaged_trained_files_are_read_or_refused() {
    let mut random = Sequence::new(5);
    let sound = MODEL.to_bytes();
    let (mut answering, mut refused) = (0, 0);
    for _ in 0..1_500 {
        let mut bytes = sound.clone();
        mutate(&mut bytes, &mut random);
        let Ok(model) = Model::from_bytes(&bytes, None) else {
            refused += 1;
            continue;
        };
        answering += 1;
        for text in ["tell me a story about a red dog now", "a cat", "book a dog and a cat", "hello at 7"] {
            model.respond(&mut Session::new(), &Query::Text(text.into()), common::now("en"));
        }
    }
    assert!(answering > 50 && refused > 50, "{answering} answered, {refused} were refused");
}

#[test]
fn a_file_of_more_languages_than_anybody_speaks_is_refused() {
    let trained = |languages: usize| {
        let mut agent = Agent::default();
        agent.settings.language = "x0".into();
        agent.settings.languages = (0..languages).map(|i| format!("x{i}")).collect();
        Model::train(&agent, None).0.to_bytes()
    };
    assert!(Model::from_bytes(&trained(100), None).is_ok());
    assert!(Model::from_bytes(&trained(101), None).is_err());
}

#[test]
fn damaged_exports_are_read_or_refused_by_name() {
    let mut random = Sequence::new(11);
    let mut refused = 0;
    for (name, agent) in agents() {
        let files = dialogflow::write(&agent);
        if files.values().map(Vec::len).sum::<usize>() > 1 << 20 {
            continue;
        }
        for round in 0..150 {
            let mut files = files.clone();
            let place = random.draw() as usize % files.len();
            let (path, bytes) = files.iter_mut().nth(place).unwrap();
            let path = path.clone();
            mutate(bytes, &mut random);
            match dialogflow::read(&files) {
                Ok((agent, _)) if round % 25 == 0 => {
                    let (model, _) = Model::train(&agent, None);
                    model.respond(&mut Session::new(), &Query::Text("hello at 7".into()), common::now("en"));
                }
                Ok((agent, _)) => drop(dialogflow::write(&agent)),
                Err(error) => {
                    refused += 1;
                    let known = error.file == path
                        || ["intents", "entities"].iter().any(|f| error.file.starts_with(f));
                    assert!(
                        known && !error.place.is_empty() && !error.what.is_empty(),
                        "{name}, {path}: {error}"
                    );
                }
            }
        }
    }
    assert!(refused > 50, "{refused} were refused");
}

fn check_refused(files: &[(&str, &str)], expected: &str) {
    let files: Files =
        files.iter().map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    let error = dialogflow::read(&files).unwrap_err().to_string();
    assert!(error.contains(expected), "{error}");
}

#[test]
fn bad_exports_are_refused_with_file_place_and_expectation() {
    let agent = ("agent.json", "{}");
    check_refused(&[("intents/a.json", "{}")], "agent.json, the export: this file is missing");
    check_refused(&[("agent.json", "[")], "agent.json, line 1, column 1");
    check_refused(
        &[("agent.json", "{\"mlMinConfidence\": 7}")],
        "mlMinConfidence: expected a number from 0 to 1",
    );
    check_refused(
        &[agent, ("intents/a.json", "{\"priority\": \"high\"}")],
        "intents/a.json, priority: expected a number, found a string",
    );
    check_refused(
        &[agent, ("intents/a.json", "{\"responses\": [{\"parameters\": [{\"name\": 1}]}]}")],
        "responses[0].parameters[0].name: expected a string",
    );
    check_refused(
        &[agent, ("intents/a.json", "{\"name\": \"x\"}"), ("intents/b.json", "{\"name\": \"x\"}")],
        "expected one intent of this name, found two",
    );
    let follows = |id: &str, parent: &str| {
        format!("{{\"id\": \"{id}\", \"name\": \"{id}\", \"parentId\": \"{parent}\"}}")
    };
    let (a, b, c) = (follows("a", "c"), follows("b", "a"), follows("c", "b"));
    check_refused(
        &[agent, ("intents/a.json", &a), ("intents/b.json", &b), ("intents/c.json", &c)],
        "expected a tree of follow-ups",
    );
    let deep = "[".repeat(100_000);
    check_refused(&[agent, ("intents/a.json", &deep)], "recursion limit");
    let large = Files::from([
        ("agent.json".to_owned(), b"{}".to_vec()),
        ("x.json".to_owned(), vec![b' '; 100 << 20]),
    ]);
    let error = dialogflow::read(&large).unwrap_err().to_string();
    assert!(error.contains("too much for an agent"), "{error}");
}

#[test]
fn bad_training_data_is_refused_by_its_line() {
    for (text, expected) in [
        ("{\"text\": \"a\"}\n{\"text\": 1}", "f, line 2: `text` should be a string"),
        ("\n\nnot json", "f, line 3: this is not JSON"),
        (
            "{\"text\": \"ab\", \"entities\": [{\"start\": 1, \"end\": 9, \"entity\": \"x\"}]}",
            "does not lie in a text of 2 characters",
        ),
        ("{\"text\": \"ab\", \"intent\": 3}", "`intent` should be a string or null"),
    ] {
        let error = jsonl::read("f", text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
    let error = rasa::read("f", "nlu:\n- intent: a\n  examples: |\n    no dash").unwrap_err().to_string();
    assert!(error.contains("f, line 4: expected an example that begins with `-`"), "{error}");
}

/// Follow-ups of follow-ups, and a circle at the end of them.
#[test]
fn a_long_line_of_follow_ups_is_walked_once() {
    for (first, is_circle) in [("", false), ("i1999", true)] {
        let mut files: Files = [("agent.json".to_owned(), b"{}".to_vec())].into();
        for i in 0..2_000 {
            let parent = if i == 0 { first.to_owned() } else { format!("i{}", i - 1) };
            let text = format!(r#"{{"id": "i{i}", "name": "n{i}", "parentId": "{parent}"}}"#);
            files.insert(format!("intents/n{i}.json"), text.into_bytes());
        }
        let start = used();
        let read = dialogflow::read(&files).map(drop).map_err(|error| error.to_string());
        let is_named = read.err().map(|fault| fault.contains("follows itself"));
        assert_eq!(is_named, is_circle.then_some(true));
        assert!(used() - start < Duration::from_secs(5));
        // One more than Dialogflow takes.
        files.insert("intents/more.json".into(), br#"{"name": "more"}"#.to_vec());
        let error = dialogflow::read(&files).unwrap_err().to_string();
        assert!(error.contains("2001 intents are too many"), "{error}");
    }
}

#[test]
fn a_wide_agent_is_trained() {
    let intents =
        (0..300).map(|i| intent(&format!("i{i}"), &[&format!("word{i} and more"), &phrase_of(i)], &["ok"]));
    let agent = Agent { intents: intents.collect(), ..Agent::default() };
    let (model, _) = Model::train(&agent, None);
    let turn = model.respond(&mut Session::new(), &Query::Text("word7 and more".into()), wednesday());
    assert_eq!(turn.intent.as_deref(), Some("i7"));
}

fn phrase_of(i: usize) -> String {
    let text = format!("please do thing number{i}");
    assert_eq!(phrase(&text).text(), text);
    text
}
