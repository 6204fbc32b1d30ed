//! Conversations as data: `> what is said` and what is answered, after Dialogflow's documented behaviour.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed unwrap is how a test fails

mod common;

use common::{context, entity, intent, parameter};
use nlu::json::{Map, Value};
use nlu::{
    agent::{Agent, EntityType, Intent, Parameter},
    dialogue::{ActiveContext, Circumstances, Query, Session, WebhookAnswer},
    entity::{calendar::Clock, zone::zone},
    model::Model,
};

fn agent() -> Agent {
    let mut welcome = intent("welcome", &["hello", "hi there", "good day"], &["A joke or a fact?"]);
    welcome.events = vec!["WELCOME".into()];
    let fallback = Intent { fallback: true, ..intent("fallback", &[], &["Sorry?"]) };
    let mut joke = intent(
        "say",
        &["tell me a {joke@content:content}", "give me a {fact@content:content} please", "i want something"],
        &["Here is a $content ($content.original)."],
    );
    joke.parameters = vec![parameter("content", "@content", Some("A joke or a fact?"))];
    joke.output_contexts = vec![context("said", 2)];
    let mut more = intent("more", &["another one", "one more please"], &["Another #said.content."]);
    more.input_contexts = vec!["said".into()];
    let fallback_said = Intent {
        fallback: true,
        input_contexts: vec!["said".into()],
        ..intent("fallback after", &[], &["More, or something else?"])
    };
    let mut book = intent(
        "book",
        &[
            "book a table",
            "i want to book for {tomorrow@sys.date:date}",
            "reserve a table at {5 pm@sys.time:time} for {4@sys.number:people}",
        ],
        &["$people people on $date at $time."],
    );
    book.parameters = vec![
        parameter("date", "@sys.date", Some("Which day?")),
        parameter("time", "@sys.time", Some("At what time on $date.original?")),
        parameter("people", "@sys.number", Some("How many?")),
    ];
    let mut name =
        intent("name", &["my name is {Ann Lee@sys.any:name}", "call me {Bob@sys.any:name}"], &["Hi $name!"]);
    name.parameters = vec![parameter("name", "@sys.any", Some("Your name?"))];
    let mut fly = intent(
        "fly",
        &[
            "fly from {Rome@city:from} to {Paris@city:to}",
            "a flight from {Oslo@city:from} to {Rome@city:to}",
            "i need to go to {Paris@city:to}",
        ],
        &["$from to $to"],
    );
    fly.parameters = vec![parameter("from", "@city", Some("From where?")), parameter("to", "@city", None)];
    let mut list = intent(
        "pets",
        &["i have a {dog@pet:pets}", "we own {cat@pet:pets} and {dog@pet:pets}"],
        &["So you have $pets."],
    );
    list.parameters = vec![Parameter { list: true, ..parameter("pets", "@pet", None) }];
    let mut size = intent("size", &["i take a shirt", "a {small@size:size} shirt"], &["One $size shirt."]);
    size.parameters = vec![Parameter { default: Value::from("medium"), ..parameter("size", "@size", None) }];
    let mut bye = intent("bye", &["bye", "see you later"], &["Bye!"]);
    bye.end = true;
    bye.reset_contexts = true;
    let off = Intent { priority: -1, ..intent("off", &["secret word"], &["never"]) };
    Agent {
        intents: vec![welcome, fallback, joke, more, fallback_said, book, name, fly, list, size, bye, off],
        entity_types: vec![
            entity("content", &[("joke", &["joke", "funny story"]), ("fact", &["fact", "trivia"])]),
            EntityType {
                fuzzy: true,
                ..entity(
                    "city",
                    &[
                        ("Rome", &["Rome"]),
                        ("Paris", &["Paris", "city of light"]),
                        ("Oslo", &["Oslo"]),
                        ("Madrid", &["Madrid"]),
                    ],
                )
            },
            entity("pet", &[("dog", &["dog", "puppy"]), ("cat", &["cat"]), ("bird", &["bird", "parrot"])]),
            entity("size", &[("small", &["small"]), ("large", &["large", "big"])]),
        ],
        ..Agent::default()
    }
}

/// Lines in turn: what is said, `@EVENT`, or `+900` for seconds that pass; then `= answer`.
fn check(conversation: &str) {
    let (model, _) = Model::train(&agent(), None);
    let model = Model::from_bytes(&model.to_bytes(), None).unwrap();
    let berlin = zone("Europe/Berlin").unwrap();
    // Wednesday the 15th of May 2024, 10:00 in Berlin.
    let mut now = 1_715_760_000;
    let mut session = Session::new();
    let mut answer = String::new();
    for line in conversation.lines().map(str::trim).filter(|l| !l.is_empty()) {
        if let Some(expected) = line.strip_prefix("= ") {
            assert_eq!(answer, expected, "in {conversation}");
        } else if let Some(seconds) = line.strip_prefix('+') {
            now += seconds.parse::<i64>().unwrap();
        } else {
            let query = match line.strip_prefix('@') {
                Some(name) => Query::Event { name: name.into(), parameters: Map::new() },
                None => Query::Text(line.trim_start_matches("> ").into()),
            };
            let turn = model.respond(
                &mut session,
                &query,
                Circumstances { language: "en", clock: Clock { now, zone: &berlin }, random: 0 },
            );
            answer = turn.text;
        }
    }
}

#[test]
fn events_and_fallbacks() {
    check("@WELCOME\n= A joke or a fact?");
    check("@welcome\n= A joke or a fact?");
    check("@UNKNOWN\n= ");
    check("> HELLO!\n= A joke or a fact?");
    check("> qwertz uiop\n= Sorry?");
    check(">  \n= Sorry?");
    check("> secret word\n= Sorry?");
}

#[test]
fn contexts_gate_and_end() {
    check("> another one\n= Sorry?");
    check("> tell me a joke\n= Here is a joke (joke).\n> another one\n= Another joke.");
    check("> tell me some trivia\n= Here is a fact (trivia).\n> qwertz\n= More, or something else?");
    // Two turns, then it is over.
    check(
        "> tell me a joke\n> one more please\n= Another joke.\n> one more please\n= Another joke.\n> one more please\n= Sorry?",
    );
    // Twenty minutes, then it is over.
    check("> tell me a joke\n+1199\n> another one\n= Another joke.");
    check("> tell me a joke\n+1200\n> another one\n= Sorry?");
    check("> tell me a joke\n> bye\n= Bye!\n> another one\n= Sorry?");
}

#[test]
fn slots_are_asked_for_in_order() {
    check("> i want something\n= A joke or a fact?\n> funny story\n= Here is a joke (funny story).");
    check("> i want something\n> what\n= A joke or a fact?\n> a fact\n= Here is a fact (fact).");
    check(
        "> book a table\n= Which day?\n> tomorrow\n= At what time on tomorrow?\n> at 7 pm\n= How many?\n> four\n= 4 people on 2024-05-16T12:00:00+02:00 at 2024-05-15T19:00:00+02:00.",
    );
    // Several at once.
    check("> book a table\n> tomorrow at 7 pm\n= How many?");
    check("> i want to book for friday\n= At what time on friday?");
    // A correction.
    check("> book a table\n> today\n= At what time on today?\n> no, tomorrow\n= At what time on tomorrow?");
    // Broken off, and something else.
    check("> book a table\n> never mind\n= All right, we leave that.\n> qwertz\n= Sorry?");
    check("> book a table\n> tell me a joke\n= Here is a joke (joke).");
}

#[test]
fn values_find_their_parameters() {
    check("> fly from Madrid to Oslo\n= Madrid to Oslo");
    check("> a flight from the city of light to rome\n= Paris to Rome");
    check("> i need to go to Madird\n= From where?\n> oslo\n= Oslo to Madrid");
    check("> we own a parrot and a puppy\n= So you have bird and dog.");
    check("> i take a shirt\n= One medium shirt.");
    check("> a big shirt\n= One large shirt.");
    check("> my name is Grace Hopper\n= Hi Grace Hopper!");
}

#[test]
fn webhooks_lead_on() {
    let (model, _) = Model::train(&agent(), None);
    let utc = zone("UTC").unwrap();
    let now = Circumstances { language: "en", clock: Clock { now: 1_715_760_000, zone: &utc }, random: 0 };
    let mut session = Session::new();
    let mut turn = model.respond(&mut session, &Query::Text("hello".into()), now);
    model.fulfil(
        &mut session,
        &mut turn,
        WebhookAnswer {
            text: Some("From afar.".into()),
            contexts: vec![ActiveContext {
                name: "said".into(),
                lifespan: 1,
                parameters: [("content".to_owned(), Value::from("poem"))].into_iter().collect(),
                expires: 0,
            }],
            ..WebhookAnswer::default()
        },
        now,
    );
    assert_eq!(turn.text, "From afar.");
    assert_eq!(model.respond(&mut session, &Query::Text("another one".into()), now).text, "Another poem.");
    // A follow-up event: text is ignored; an endless chain ends after five, in each turn anew.
    for _ in 0..2 {
        turn = model.respond(&mut session, &Query::Text("hello".into()), now);
        for nth in 1..=7 {
            let event = if nth == 5 { "WELCOME".to_owned() } else { format!("EVENT_{nth}") };
            let followup = Some((event, Map::new()));
            let answer = WebhookAnswer { text: Some("x".into()), followup, ..WebhookAnswer::default() };
            model.fulfil(&mut session, &mut turn, answer, now);
            let expected = if nth < 5 { format!("EVENT_{nth}") } else { "WELCOME".to_owned() };
            assert_eq!(turn.query, expected);
        }
        assert_eq!(turn.text, "A joke or a fact?");
    }
    // Entity types of the session.
    let poem = entity("content", &[("poem", &["poem", "verse"])]);
    model.fulfil(
        &mut session,
        &mut turn,
        WebhookAnswer { entity_types: vec![poem], ..WebhookAnswer::default() },
        now,
    );
    assert_eq!(
        model.respond(&mut session, &Query::Text("tell me a verse".into()), now).text,
        "Here is a poem (verse)."
    );
}

#[test]
fn damaged_model_files_are_refused() {
    let bytes = Model::train(&agent(), None).0.to_bytes();
    for cut in (0..bytes.len()).step_by(bytes.len() / 97 + 1) {
        assert!(Model::from_bytes(&bytes[..cut], None).is_err(), "cut at {cut}");
    }
    for at in (0..bytes.len()).step_by(bytes.len() / 211 + 1) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0x55;
        // Wrong or right, but never a panic, neither in reading nor in answering.
        if let Ok(model) = Model::from_bytes(&bytes, None) {
            let utc = zone("UTC").unwrap();
            let now = Circumstances { language: "en", clock: Clock { now: 0, zone: &utc }, random: 1 };
            model.respond(&mut Session::new(), &Query::Text("tell me a joke about rome at 7".into()), now);
        }
    }
}
