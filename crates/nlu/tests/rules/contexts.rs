//! Contexts, priority and events: which intents may answer.

use super::{Talk, agent, check, fallback, yes};
use crate::common::{context, intent, parameter};
use nlu::{
    agent::{Intent, OutputContext},
    dialogue::{Query, Turn, WebhookAnswer},
    json::{Map, Value},
    model::Model,
};

#[test]
fn all_input_contexts_have_to_be_active_and_more_of_them_go_first() {
    let mut one = intent("one", &["set one"], &["1"]);
    one.output_contexts = vec![context("a", 2)];
    let mut two = intent("two", &["set two"], &["2"]);
    two.output_contexts = vec![context("A", 3), context("b", 2)];
    let mut clear = intent("clear", &["drop b"], &["0"]);
    clear.output_contexts = vec![context("b", 0)];
    let agent = agent(
        vec![
            one,
            two,
            clear,
            yes("plain", &[], "none"),
            yes("in a", &["a"], "a"),
            yes("in ab", &["a", "b"], "ab"),
            fallback("lost", &[], "?"),
            fallback("lost a", &["a"], "a?"),
            fallback("lost ab", &["a", "b"], "ab?"),
        ],
        vec![],
    );
    check(
        &agent,
        "> yes\n= none\n> set one\ncontexts a:2\n> yes\n= a\ncontexts a:1\n> yes\n= a\ncontexts \n> yes\n= none",
    );
    check(&agent, "> set two\ncontexts a:3 b:2\n> yes\n= ab\n> drop b\n= 0\ncontexts a:1\n> yes\n= a");
    check(&agent, "> qwertz\n= ?\n> set one\n> qwertz\n= a?\n> set two\n> qwertz\n= ab?");
    // Setting a context anew sets its lifespan anew; a turn that fits nothing is a turn.
    check(&agent, "> set one\n> set one\ncontexts a:2\n> qwertz\n> qwertz\ncontexts \n> qwertz\n= ?");
    // Twenty minutes after it was set it is over, whatever was said in between.
    check(&agent, "> set two\n+700\n> qwertz\ncontexts a:2 b:1\n+500\n> yes\n= none");
}

/// The last turn of a context is also that of the intent that it leads to, which sets it anew.
#[test]
fn a_context_that_is_set_anew_keeps_its_parameters() {
    let game = |parameters: &[(&str, i64)]| {
        let parameters = parameters.iter().map(|(name, n)| ((*name).to_owned(), Value::from(*n))).collect();
        vec![OutputContext { parameters, ..context("game", 1) }]
    };
    let mut start = intent("start", &["start the game"], &["?"]);
    start.output_contexts = game(&[("number", 7), ("round", 1)]);
    let mut guess =
        intent("guess", &["i guess {4@sys.number:guess}"], &["$guess of #game.number, #game.round"]);
    guess.parameters = vec![parameter("guess", "@sys.number", None)];
    guess.input_contexts = vec!["game".into()];
    guess.output_contexts = game(&[("round", 2)]);
    let agent = agent(vec![start, guess, fallback("lost", &[], "lost")], vec![]);
    check(
        &agent,
        "> start the game\n> i guess 5\n= 5 of 7, 1\ncontexts game:1\n> i guess 6\n= 6 of 7, 2\n> what\ncontexts ",
    );
}

#[test]
fn priority_decides_among_equals_and_below_zero_is_off() {
    let with = |name: &str, priority| Intent { priority, ..yes(name, &[], name) };
    check(&agent(vec![with("low", 250_000), with("high", 750_000)], vec![]), "> yes\nintent high");
    check(&agent(vec![with("off", -1), with("on", 1)], vec![]), "> yes\nintent on");
    let off = Intent { priority: -1, events: vec!["GO".into()], ..fallback("off", &[], "off") };
    let mut talk = Talk::with(&agent(vec![off, yes("yes", &[], "y")], vec![]));
    talk.check("@GO\nintent \n> qwertz uiop");
    assert_ne!(talk.turn.intent.as_deref(), Some("off"));
}

#[test]
fn events_lead_to_intents_that_their_contexts_allow() {
    let on =
        |name: &str, contexts: &[&str]| Intent { events: vec!["GO".into()], ..yes(name, contexts, name) };
    let mut set = intent("set", &["set it"], &["set"]);
    set.output_contexts = vec![context("a", 1)];
    let mut end = Intent { end: true, reset_contexts: true, ..intent("end", &["good bye"], &["bye"]) };
    end.events = vec!["LEAVE".into()];
    let agent = agent(vec![on("plain", &[]), on("in a", &["a"]), set, end], vec![]);
    check(
        &agent,
        "@GO\nintent plain\n@go\nintent plain\n@NONE\nintent \n= \n> set it\n@GO\nintent in a\n@GO\nintent plain",
    );
    check(&agent, "> set it\ncontexts a:1\n@LEAVE\ncontexts \nend whole\n> good bye\nend whole");
    // What an event brings along fills parameters, and can be read by the event's name.
    let mut greet = intent("greet", &[], &["Hi $name, #meet.name!"]);
    greet.events = vec!["MEET".into()];
    greet.parameters = vec![parameter("name", "@sys.any", None)];
    let mut talk = Talk::with(&self::agent(vec![greet], vec![]));
    let parameters: Map = [("name".to_owned(), Value::from("Ann"))].into();
    talk.ask(&Query::Event { name: "MEET".into(), parameters: parameters.clone() });
    talk.check("= Hi Ann, Ann!");
    talk.turn = Turn::default();
    talk.fulfil(WebhookAnswer {
        followup: Some(("meet".into(), parameters)),
        text: Some("x".into()),
        ..WebhookAnswer::default()
    });
    talk.check("= Hi Ann, Ann!");
}

#[test]
fn what_has_learnt_nothing_yet_answers_events_as_it_will_and_understands_nothing() {
    let mut hello = intent("hello", &["hello there"], &["Hi"]);
    hello.events = vec!["WELCOME".into()];
    hello.output_contexts = vec![context("met", 2)];
    let agent = agent(vec![hello], vec![]);
    let file = Model::untrained(&agent, None);
    let welcome = Query::Event { name: "welcome".into(), parameters: Map::new() };
    let mut early = Talk { model: Model::unlearnt(&file).unwrap(), ..Talk::with(&agent) };
    early.ask(&welcome);
    early.check("intent hello\n= Hi\ncontexts met:2");
    let mut learnt = Talk::with(&agent);
    learnt.ask(&welcome);
    assert_eq!(early.turn, learnt.turn);
    early.check("> hello there\nintent ");
    assert!(Model::unlearnt(&file[..file.len() / 2]).is_err());
    assert!(Model::unlearnt(b"no agent").is_err());
}
