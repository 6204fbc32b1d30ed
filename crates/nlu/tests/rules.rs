//! Each rule of Dialogflow ES, as its documentation has it, as a conversation with an agent that has just
//! what the rule is about.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed unwrap is how a test fails

mod common;

use common::{context, entity, intent, parameter};
use nlu::{
    agent::{Agent, EntityKind, EntityType, Intent, Matching, Message, Parameter, Phrase, Settings},
    dialogue::{ActiveContext, Circumstances, Query, Session, Turn, WebhookAnswer},
    entity::calendar::{Clock, zone},
    json::{Map, Value, object},
    model::Model,
};

/// A conversation going on.
struct Talk {
    model: Model,
    session: Session,
    now: i64,
    random: u32,
    language: &'static str,
    turn: Turn,
}

impl Talk {
    fn with(agent: &Agent) -> Self {
        let model = Model::from_bytes(&Model::train(agent, None).0.to_bytes(), None).unwrap();
        // Wednesday the 15th of May 2024, 10:00 in Berlin.
        let now = 1_715_760_000;
        Self { model, session: Session::new(), now, random: 0, language: "en", turn: Turn::default() }
    }

    fn ask(&mut self, query: &Query) {
        let berlin = zone("Europe/Berlin").unwrap();
        let clock = Clock { now: self.now, zone: &berlin };
        let now = Circumstances { language: self.language, clock, random: self.random };
        self.turn = self.model.respond(&mut self.session, query, now);
    }

    fn fulfil(&mut self, answer: WebhookAnswer) {
        let berlin = zone("Europe/Berlin").unwrap();
        let clock = Clock { now: self.now, zone: &berlin };
        let now = Circumstances { language: self.language, clock, random: self.random };
        self.model.fulfil(&mut self.session, &mut self.turn, answer, now);
    }

    /// `> said`, `@EVENT`, `+seconds`, then what is expected: `= text`, `intent NAME`, `asked NAME`,
    /// `contexts a:2 b:1`, `parameters JSON`, `webhook`, `end`, `whole`.
    fn check(&mut self, conversation: &str) {
        for line in conversation.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let turn = &self.turn;
            match word {
                ">" => self.ask(&Query::Text(rest.into())),
                "=" => assert_eq!(turn.text, rest, "{line} in {conversation}"),
                "intent" => {
                    assert_eq!(turn.intent.as_deref().unwrap_or(""), rest, "{line} in {conversation}")
                }
                "asked" => assert_eq!(turn.asked.as_deref().unwrap_or(""), rest, "{line} in {conversation}"),
                "parameters" => {
                    assert_eq!(Value::from(turn.parameters.clone()).to_string(), rest, "in {conversation}");
                }
                "contexts" => {
                    let found: Vec<String> =
                        turn.contexts.iter().map(|c| format!("{}:{}", c.name, c.lifespan)).collect();
                    assert_eq!(found.join(" "), rest, "{line} in {conversation}");
                }
                "webhook" | "end" | "whole" => {
                    let found = [turn.needs_webhook, turn.end, turn.all_present];
                    let wanted = ["webhook", "end", "whole"].map(|flag| line.contains(flag));
                    assert_eq!(found, wanted, "{line} in {conversation}");
                }
                _ if word.starts_with('@') => {
                    self.ask(&Query::Event { name: word[1..].into(), parameters: Map::new() });
                }
                _ => self.now += word.strip_prefix('+').unwrap().parse::<i64>().unwrap(),
            }
        }
    }
}

fn check(agent: &Agent, conversation: &str) {
    Talk::with(agent).check(conversation);
}

fn agent(intents: Vec<Intent>, entity_types: Vec<EntityType>) -> Agent {
    Agent { intents, entity_types, ..Agent::default() }
}

fn fallback(name: &str, contexts: &[&str], text: &str) -> Intent {
    let input_contexts = contexts.iter().map(|c| (*c).to_owned()).collect();
    Intent { fallback: true, input_contexts, ..intent(name, &[], &[text]) }
}

fn yes(name: &str, contexts: &[&str], text: &str) -> Intent {
    let input_contexts = contexts.iter().map(|c| (*c).to_owned()).collect();
    Intent { input_contexts, ..intent(name, &["yes", "sure do it"], &[text]) }
}

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
    let file = Model::untrained(&agent);
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

fn order() -> Agent {
    let mut order = intent(
        "order",
        &[
            "i want a {pizza@dish:dish}",
            "{two@sys.number:count} {pasta@dish:dish} please",
            "order something",
            "deliver {salad@dish:dish} on {friday@sys.date:day}",
        ],
        &["$count $dish: $day.original"],
    );
    order.webhook = true;
    order.webhook_for_slot_filling = true;
    order.output_contexts = vec![context("ordered", 2)];
    order.parameters = vec![
        parameter("dish", "@dish", Some("Which dish?")),
        parameter("count", "@sys.number", Some("How many $dish?")),
        parameter("day", "@sys.date", Some("When?")),
        Parameter { default: Value::from("#asked.mood"), ..parameter("mood", "@sys.any", None) },
    ];
    let mut again = intent("again", &["same again"], &["#ordered.count #ordered.dish.original"]);
    again.input_contexts = vec!["ordered".into()];
    again.parameters = vec![
        Parameter {
            value: "#ordered.dish".into(),
            required: true,
            ..parameter("dish", "@dish", Some("Which?"))
        },
        Parameter { value: "$dish.original".into(), ..parameter("said", "@sys.any", None) },
    ];
    let dishes = entity(
        "dish",
        &[("Pizza", &["pizza", "pie"]), ("Pasta", &["pasta", "noodles"]), ("Salad", &["salad"])],
    );
    agent(
        vec![
            order,
            again,
            intent("weather", &["how is the weather", "will it rain today"], &["Wet."]),
            fallback("lost", &[], "?"),
        ],
        vec![dishes],
    )
}

#[test]
fn slots_are_asked_for_in_their_order() {
    let order = order();
    check(
        &order,
        "> order something\nasked dish\n= Which dish?\nwebhook\n> noodles\nasked count\n= How many Pasta?\n> 3\nasked day\n> tomorrow\n= 3 Pasta: tomorrow\nwebhook whole",
    );
    // Several in one sentence, in any order; canonical values, and what was said.
    check(&order, "> two noodles please\nasked day\n> on friday\n= 2 Pasta: on friday");
    check(
        &order,
        "> order something\n> 4 pies on friday\nwebhook whole\nparameters {\"count\":4,\"day\":\"2024-05-17T12:00:00+02:00\",\"dish\":\"Pizza\",\"mood\":\"\"}",
    );
    // An answer that fits nothing is asked again; an unfilled parameter is "".
    check(
        &order,
        "> order something\n> qwertz\nasked dish\nparameters {\"count\":\"\",\"day\":\"\",\"dish\":\"\",\"mood\":\"\"}",
    );
    // Corrections of what is known, also together with what is asked.
    check(
        &order,
        "> i want a pizza\nasked count\n> no, noodles\nasked count\n= How many Pasta?\n> 2\n> tomorrow\n= 2 Pasta: tomorrow",
    );
    check(
        &order,
        "> i want a pizza\n> make it pasta\n= How many Pasta?\n> 5\n> actually 6, tomorrow\n= 6 Pasta: tomorrow",
    );
    // Broken off, and something else that is meant clearly.
    check(&order, "> i want a pizza\n> cancel that please\n= Okay, cancelled.\n> 3\n= ?");
    check(&order, "> i want a pizza\n> how is the weather\n= Wet.\n> 3\n= ?");
    // Values of the turn are read from the context; parameters that come from contexts are not asked for.
    check(
        &order,
        "> 2 pies please\n> tomorrow\ncontexts ordered:2\n> same again\n= 2 pies\nwhole\nparameters {\"dish\":\"Pizza\",\"said\":\"\"}",
    );
}

#[test]
fn lists_take_all_values_and_defaults_stand_in() {
    let mut pets = intent(
        "pets",
        &["i have a {dog@pet:pets}", "we own {cat@pet:pets} and {dog@pet:pets}", "about my pets"],
        &["$pets"],
    );
    pets.parameters = vec![Parameter { list: true, ..parameter("pets", "@pet", Some("Which?")) }];
    let mut shirt = intent("shirt", &["a {small@size:size} shirt", "i take a shirt"], &["$size"]);
    shirt.parameters = vec![Parameter {
        default: Value::from("medium"),
        required: true,
        ..parameter("size", "@size", Some("Size?"))
    }];
    let types = vec![
        entity("pet", &[("dog", &["dog", "puppy"]), ("cat", &["cat"]), ("bird", &["parrot"])]),
        EntityType { kind: EntityKind::List, ..entity("size", &[("small", &[]), ("large", &[])]) },
    ];
    let agent = agent(vec![pets, shirt], types);
    check(
        &agent,
        "> we own a parrot, two cats and a puppy\nparameters {\"pets\":[\"bird\",\"cat\",\"dog\"]}\n= bird, cat and dog",
    );
    check(&agent, "> about my pets\nasked pets\nparameters {\"pets\":[]}\n> a dog and a cat\n= dog and cat");
    check(&agent, "> i take a shirt\n= medium\n> a large shirt\n= large");
}

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
fn templates_and_exact_phrases_stand_aside_where_only_the_classifier_is_asked() {
    let template = Phrase { template: true, ..Phrase::plain("remind me at @sys.time:when to @sys.any:what") };
    let mut remind = intent("remind", &[], &["$what"]);
    remind.phrases = [("en".to_owned(), vec![template])].into();
    remind.parameters = vec![parameter("when", "@sys.time", None), parameter("what", "@sys.any", None)];
    let mut agent =
        agent(vec![remind, intent("other", &["what a day", "nice day today"], &["Yes."])], vec![]);
    check(&agent, "> remind me at 5 pm to feed the cat\nintent remind\n= feed the cat");
    let alike = |name: &str| intent(name, &["red apples", "green apples"], &["$x"]);
    agent = self::agent(
        vec![alike("a"), Intent { priority: 750_000, ..alike("b") }, intent("c", &["blue sky"], &["c"])],
        vec![],
    );
    let mut talk = Talk::with(&agent);
    talk.check("> Red, apples!\nintent b");
    assert_eq!(talk.turn.confidence, 1.0);
    agent.settings = Settings { matching: Matching::ClassifierOnly, threshold: 0.0, ..Settings::default() };
    let mut talk = Talk::with(&agent);
    talk.check("> red apples\nintent b");
    assert!(talk.turn.confidence < 1.0, "{}", talk.turn.confidence);
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
    let message = object([("text", object([("text", Value::from(vec!["m"]))]))]);
    talk.fulfil(WebhookAnswer { messages: vec![message.clone()], ..WebhookAnswer::default() });
    assert_eq!(talk.turn.replies, [nlu::dialogue::Reply::Other(message)]);
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
    talk.session.platform = Some("FACEBOOK".into());
    talk.check("> hello there\n= blue");
    talk.session.platform = Some("SLACK".into());
    talk.check("> hello there\n= plain");
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

/// An agent of a handful of phrases knows what it does not know: at the usual threshold nonsense and other
/// people's business go to the fallback, and what is meant for it does not.
#[test]
fn few_phrases_do_not_make_an_agent_sure_of_nonsense() {
    let agents = [
        vec![
            intent("hours", &["when do you open", "opening hours", "are you open on sunday"], &["Nine."]),
            intent("delivery", &["how long is delivery", "when will my order arrive"], &["Two days."]),
        ],
        vec![
            intent("hello", &["hello", "hi there", "good morning"], &["Hello."]),
            intent("bye", &["bye", "see you later", "good night"], &["Bye."]),
            intent("joke", &["tell me a joke", "make me laugh", "something funny please"], &["Ha."]),
        ],
        vec![intent("only", &["book a table", "i want to book a table for two"], &["When?"])],
    ];
    let meant: [&[&str]; 3] = [
        &["what are your opening hours", "are you open on monday", "when does my order arrive"],
        &["hello there", "good morning to you", "tell me a funny joke", "see you"],
        &["please book a table", "a table for two"],
    ];
    let not_meant = [
        "qwertz uiop",
        "asdf jklö",
        "xkcd blorp",
        "zzzz",
        "🐶🐶🐶",
        "12345",
        "who wrote hamlet",
        "which planet has rings",
        "colourless green ideas sleep furiously",
    ];
    for (mut intents, meant) in agents.into_iter().zip(meant) {
        intents.push(Intent { fallback: true, ..intent("fallback", &[], &["Sorry?"]) });
        let agent = Agent { intents, ..Agent::default() };
        for (said, understood) in
            meant.iter().map(|said| (said, true)).chain(not_meant.iter().map(|said| (said, false)))
        {
            let mut talk = Talk::with(&agent);
            talk.ask(&Query::Text((*said).into()));
            let fell_back = talk.turn.intent.as_deref() == Some("fallback");
            assert_eq!(!fell_back, understood, "“{said}”: {:?} {}", talk.turn.intent, talk.turn.confidence);
        }
    }
}
