//! What is said: messages, their variants, and what a webhook puts in their place.

use super::{Talk, agent, check};
use crate::common::{context, intent, parameter};
use nlu::{
    agent::{Intent, Message, Phrase},
    dialogue::{ActiveContext, Reply, WebhookAnswer},
    json::{Map, Value, object},
};

#[test]
fn a_webhook_speaks_sets_contexts_and_leads_on() {
    let mut ask = Intent { webhook: true, ..intent("ask", &["ask it"], &["static"]) };
    ask.output_contexts = vec![context("asked", 5)];
    let mut welcome = intent("welcome", &["hello"], &["Hi!"]);
    welcome.events = vec!["WELCOME".into()];
    let mut talk = Talk::with(&agent(vec![ask, welcome], vec![]));
    talk.check("> ask it\n= static\nwebhook whole\ncontexts asked:5");
    let set = |name: &str, lifespan| ActiveContext {
        name: name.into(),
        lifespan,
        parameters: Map::new(),
        expires: 0,
    };
    talk.fulfil(WebhookAnswer {
        text: Some("dynamic".into()),
        contexts: vec![set("asked", 0), set("New", 3)],
        ..WebhookAnswer::default()
    });
    talk.check("= dynamic\ncontexts new:3");
    // What it sets stands in for what was there.
    let with = |parameters: Map| ActiveContext { parameters, ..set("new", 3) };
    let item = object([("item", Value::from("apple"))]);
    let Value::Object(item) = item else { panic!("an object is one") };
    for parameters in [item, Map::new()] {
        let answer = WebhookAnswer { contexts: vec![with(parameters.clone())], ..WebhookAnswer::default() };
        talk.fulfil(answer);
        assert_eq!(talk.session.context("new").unwrap().parameters, parameters);
    }
    let message = object([("text", object([("text", Value::from(vec!["m"]))]))]);
    talk.fulfil(WebhookAnswer { messages: vec![message.clone()], ..WebhookAnswer::default() });
    assert_eq!(talk.turn.replies, [Reply::Other(message)]);
    talk.fulfil(WebhookAnswer {
        text: Some("x".into()),
        followup: Some(("WELCOME".into(), Map::new())),
        ..WebhookAnswer::default()
    });
    talk.check("intent welcome\n= Hi!");
}

#[test]
fn messages_are_those_of_the_platform_and_language() {
    let message = |platform: Option<&str>, language: Option<&str>, text: &str| Message {
        platform: platform.map(str::to_owned),
        language: language.map(str::to_owned),
        ..Message::text(&[text])
    };
    let mut hi = intent("hi", &["hello there"], &[]);
    hi.messages = vec![
        message(None, Some("en"), "plain"),
        message(None, Some("de"), "schlicht"),
        message(Some("FACEBOOK"), None, "blue"),
    ];
    hi.phrases.insert("de".into(), vec![Phrase::plain("hallo du")]);
    let mut agent = agent(vec![hi], vec![]);
    agent.settings.languages = vec!["de".into()];
    let mut talk = Talk::with(&agent);
    talk.check("> hello there\n= plain");
    assert_eq!(talk.turn.platforms, [("FACEBOOK".to_owned(), Reply::Text("blue".into()))]);
    talk.fulfil(WebhookAnswer { text: Some("x".into()), ..WebhookAnswer::default() });
    assert!(talk.turn.platforms.is_empty());
    talk.language = "de-AT";
    talk.check("> hallo du\n= schlicht");
}

#[test]
fn variants_are_drawn_and_those_with_gaps_are_left() {
    let mut say =
        intent("say", &["hello there", "hello {Ann@sys.any:name}"], &["Hi $name!", "Hello.", "Good day."]);
    say.parameters = vec![parameter("name", "@sys.any", None)];
    let mut talk = Talk::with(&agent(vec![say, intent("x", &["something else"], &["x"])], vec![]));
    talk.check("> hello there");
    let mut heard = std::collections::BTreeSet::new();
    for i in 0..8u32 {
        talk.random = i << 29;
        talk.check("> something else\n> hello there");
        if talk.turn.parameters.get("name") == Some(&"".into()) {
            heard.insert(talk.turn.text.clone());
        }
    }
    assert!(!heard.contains("Hi !") && heard.len() <= 2, "{heard:?}");
}

#[test]
fn references_are_filled_wherever_they_stand() {
    let mut hi = intent("hi", &["i am {Ann@sys.any:name}"], &["Hi $name.Welcome!"]);
    hi.parameters = vec![parameter("name", "@sys.any", None)];
    let fields = [("type", Value::from(4)), ("payload", Value::from("Hello $name"))];
    let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    hi.messages.push(Message { fields, ..Message::text(&[]) });
    let mut talk = Talk::with(&agent(vec![hi], vec![]));
    talk.check("> i am Bob\n= Hi Bob.Welcome!");
    let mut twice = intent("twice", &["i am {Ann@sys.any:my-name}"], &["$my-name-$my-name, $my-name-"]);
    twice.parameters = vec![parameter("my-name", "@sys.any", None)];
    check(&agent(vec![twice], vec![]), "> i am Bob\n= Bob-Bob, Bob-");
    assert_eq!(talk.turn.replies[1], Reply::Payload(Value::from("Hello Bob")));
}

#[test]
fn an_address_is_no_reference() {
    let hi = intent(
        "hi",
        &["hello there"],
        &["See https://shop.example/guide#care.html or /#top.html, not „#gone.name“"],
    );
    let end = "See https://shop.example/guide#care.html or /#top.html, not „“";
    let mut talk = Talk::with(&agent(vec![hi], vec![]));
    talk.ask(&nlu::dialogue::Query::Text("hello there".into()));
    assert_eq!(talk.turn.text, end);
}
