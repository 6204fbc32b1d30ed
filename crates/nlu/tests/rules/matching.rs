//! Word for word, by template, by the classifier, or not at all.

use super::{Talk, agent, check, fallback};
use crate::common::{entity, intent, parameter};
use nlu::{
    agent::{Agent, Intent, Matching, Message, Phrase, Settings},
    dialogue::Query,
};

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
    agent = super::agent(
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

/// What stands among a fallback's phrases goes to it, though a template would take it.
#[test]
fn phrases_of_a_fallback_are_not_taken_by_templates() {
    let mut remember = intent("remember", &["remember {milk@sys.any:what}"], &["$what"]);
    remember.parameters = vec![parameter("what", "@sys.any", None)];
    let mut fallback = fallback("fallback", &[], "Sorry?");
    fallback.phrases = intent("", &["remember the titans"], &[]).phrases;
    let agent = agent(vec![remember, fallback], vec![]);
    check(&agent, "> remember the titans\nintent fallback\n> remember bread\n= bread");
    // One that cannot answer now refuses nothing.
    let mut gated = agent;
    gated.intents[1].input_contexts = vec!["later".into()];
    check(&gated, "> remember the titans\nintent remember");
}

/// Any words in the middle of a sentence go up to the words that the phrase has behind them.
#[test]
fn any_words_end_where_the_phrase_goes_on() {
    let mut play = intent(
        "play",
        &[
            "play {yesterday@sys.any:song} by {the beatles@sys.any:artist}",
            "play {yesterday@sys.any:song}",
            "play {help@sys.any:song} in the {kitchen@room:room}",
            "i want to hear {help@sys.any:song} please",
        ],
        &["$song, $artist, $room."],
    );
    play.parameters = vec![
        parameter("song", "@sys.any", None),
        parameter("artist", "@sys.any", None),
        parameter("room", "@room", None),
    ];
    let mut note = intent(
        "note",
        &[
            "send a message to {bob@sys.any:who} saying {i am late@sys.any:text}",
            "tell {anna@sys.any:who} that {dinner is ready@sys.any:text}",
        ],
        &["$who, $text."],
    );
    note.parameters = vec![parameter("who", "@sys.any", None), parameter("text", "@sys.any", None)];
    let mut remind = intent(
        "remind",
        &[
            "remind me to {buy milk@sys.any:what} {tomorrow@sys.date:day}",
            "remind me to {water the plants@sys.any:what}",
        ],
        &["$what, $day.original."],
    );
    remind.parameters = vec![parameter("what", "@sys.any", None), parameter("day", "@sys.date", None)];
    let room = entity("room", &[("kitchen", &["kitchen"]), ("bath", &["bath"])]);
    let agent = agent(vec![play, note, remind], vec![room]);
    for (said, expected) in [
        ("play bohemian rhapsody by queen", "bohemian rhapsody, queen, "),
        ("play a song by the rolling stones in the kitchen", "a song by the rolling stones, , kitchen"),
        ("play let it be in the bath", "let it be, , bath"),
        ("i want to hear please please me please", "please please me, , "),
        ("send a message to aunt mary saying i will be there at 8", "aunt mary, i will be there at 8"),
        (
            "tell the team that the meeting that was planned is off",
            "the team, the meeting that was planned is off",
        ),
        ("remind me to feed the cat tomorrow", "feed the cat, tomorrow"),
        ("remind me to wish anna a happy birthday on june 3rd", "wish anna a happy birthday, on june 3rd"),
        ("remind me to take out the trash", "take out the trash, "),
    ] {
        check(&agent, &format!("> {said}\n= {expected}."));
    }
}

/// Under "ML only" what the classifier refused is not taken by a template either.
#[test]
fn the_classifier_alone_has_the_last_word() {
    let mut remember = intent("remember", &["remember {milk@sys.any:what}"], &["$what"]);
    remember.parameters = vec![parameter("what", "@sys.any", None)];
    let mut agent = agent(vec![remember, fallback("fallback", &[], "Sorry?")], vec![]);
    agent.settings.threshold = 0.999;
    check(&agent, "> remember qwertz uiop\nintent remember");
    agent.settings.matching = Matching::ClassifierOnly;
    check(&agent, "> remember qwertz uiop\nintent fallback");
}

#[test]
fn a_locale_speaks_its_language_where_it_has_no_words_of_its_own() {
    let mut lift = intent("lift", &["where is the elevator"], &["Over there."]);
    lift.phrases.insert("en-GB".into(), vec![Phrase::plain("where is the lift")]);
    lift.messages.push(Message { language: Some("en-GB".into()), ..Message::text(&["Over there, mate."]) });
    lift.messages[0].language = Some("en".into());
    let mut tea = intent("tea", &["a {green@kind:kind} tea", "i want tea"], &["$kind"]);
    tea.parameters = vec![parameter("kind", "@kind", Some("Which?"))];
    tea.messages[0].language = Some("en".into());
    let mut agent = agent(vec![lift, tea], vec![entity("kind", &[("green", &["green"])])]);
    agent.settings.languages = vec!["en-GB".into()];
    check(&agent, "> where is the elevator\n= Over there.");
    let mut talk = Talk::with(&agent);
    talk.language = "en-GB";
    talk.check("> where is the lift\n= Over there, mate.\n> i want tea\n= Which?\n> green\n= green");
}
