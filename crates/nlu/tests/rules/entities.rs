//! Entity types: the agent's and a session's.

use super::{Talk, agent, check, fallback};
use crate::common::{entity, intent, parameter};
use nlu::{
    agent::{EntityKind, EntityType},
    dialogue::WebhookAnswer,
    json::Value,
};

#[test]
fn entity_types_match_as_they_say() {
    let mut say = intent(
        "say",
        &["it is {red@colour:x} today", "it is {A1@code:code} today", "it is {red shoe@thing:thing} today"],
        &["$x$code$thing.what$thing.col"],
    );
    say.parameters = vec![
        parameter("x", "@colour", None),
        parameter("code", "@code", None),
        parameter("thing", "@thing", None),
    ];
    let types = vec![
        EntityType {
            fuzzy: true,
            ..entity(
                "colour",
                &[("red", &["red", "crimson"]), ("green", &["green"]), ("light green", &["light green"])],
            )
        },
        EntityType { kind: EntityKind::Regexp, ..entity("code", &[("[A-Z][0-9]+", &[])]) },
        entity("what", &[("shoe", &["shoe", "boot"])]),
        entity("thing", &[("@colour:col @what:what", &["@colour:col @what:what"])]),
    ];
    let agent = agent(vec![say], types);
    for (said, expected) in [
        ("it is crimson today", r#"{"code":"","thing":"","x":"red"}"#),
        ("it is crimsom today", r#"{"code":"","thing":"","x":"red"}"#),
        ("it is light green today", r#"{"code":"","thing":"","x":"light green"}"#),
        ("it is B2345 today", r#"{"code":"B2345","thing":"","x":""}"#),
    ] {
        check(&agent, &format!("> {said}\nintent say\nparameters {expected}"));
    }
    let mut talk = Talk::with(&agent);
    talk.check("> it is green boots today");
    let thing = talk.turn.parameters.get("thing").unwrap().to_string();
    assert_eq!(thing, r#"{"col":"green","what":"shoe"}"#);
}

#[test]
fn expansion_takes_values_that_are_not_listed() {
    let made = |expansion| {
        let mut buy = intent(
            "buy",
            &[
                "add {milk@item:item} to my list",
                "put {brown bread@item:item} on the list",
                "add {eggs@item:item} to the list",
                "buy something",
            ],
            &["$item"],
        );
        buy.parameters = vec![parameter("item", "@item", Some("What?"))];
        let item = EntityType {
            expansion,
            ..entity(
                "item",
                &[("milk", &["milk"]), ("bread", &["bread", "brown bread"]), ("eggs", &["eggs"])],
            )
        };
        agent(vec![buy, fallback("lost", &[], "?")], vec![item])
    };
    check(&made(true), "> add bread to my list\n= bread\n> add cheese to my list\n= cheese");
    check(&made(true), "> buy something\nasked item\n> oat flakes\n= oat flakes");
    check(&made(false), "> add cheese to my list\nasked item\n> oat flakes\nasked item\n> milk\n= milk");
}

#[test]
fn session_entity_types_replace_or_add() {
    let mut say = intent("say", &["tell me a {joke@content:content}"], &["$content"]);
    say.parameters = vec![parameter("content", "@content", Some("Which?"))];
    let agent = agent(vec![say], vec![entity("content", &[("joke", &["joke"])])]);
    let poem = entity("content", &[("poem", &["poem", "verse"])]);
    let mode = [("entityOverrideMode".to_owned(), Value::from("ENTITY_OVERRIDE_MODE_SUPPLEMENT"))].into();
    for (own, after) in [(poem.clone(), "asked content"), (EntityType { extra: mode, ..poem }, "= joke")] {
        let mut talk = Talk::with(&agent);
        talk.check("> tell me a joke\n= joke");
        talk.fulfil(WebhookAnswer { entity_types: vec![own], ..WebhookAnswer::default() });
        talk.check(&format!("> tell me a verse\n= poem\n> tell me a joke\n{after}"));
        talk.session.reset();
        talk.check("> tell me a joke\n= joke");
    }
}

#[test]
fn an_article_is_a_number_where_no_other_is() {
    let table = |code: &str, phrases: &[&str]| {
        let mut table = intent("table", &[], &["$count"]);
        table.phrases.insert(code.into(), phrases.iter().map(|p| crate::common::phrase(p)).collect());
        table.messages[0].language = None;
        table.parameters = vec![parameter("count", "@sys.number", None)];
        let mut agent = agent(vec![table], vec![]);
        agent.settings.language = code.into();
        agent
    };
    let mut french =
        Talk::with(&table("fr", &["je voudrais une table", "une table pour {six@sys.number:count}"]));
    french.language = "fr";
    french.check("> je voudrais une table pour deux\n= 2");
    french.check("> je voudrais une table\n= 1");
    let mut german =
        Talk::with(&table("de", &["ich möchte einen Tisch", "einen Tisch für {vier@sys.number:count}"]));
    german.language = "de";
    german.check("> ich möchte bitte einen Tisch für zwei\n= 2");
}

#[test]
fn composites_hold_system_entities() {
    let mut buy = intent(
        "buy",
        &["i want {two large@portion:portion}", "buy something"],
        &["$portion.number $portion.size"],
    );
    buy.parameters = vec![parameter("portion", "@portion", None)];
    let size = entity("size", &[("small", &[]), ("large", &["large", "big"])]);
    let portion = entity("portion", &[("@sys.number:number @size:size", &[])]);
    let agent = agent(vec![buy], vec![size, portion]);
    check(&agent, "> i want three big\nparameters {\"portion\":{\"number\":3,\"size\":\"large\"}}");
}
