//! Questions and what people say to them: answers, other wishes, corrections, more of a list.

use super::{agent, check, fallback};
use crate::common::{context, entity, intent, parameter};
use nlu::agent::{Agent, EntityKind, EntityType, Parameter};

/// The example of Dialogflow's page on follow-up intents: "yes" is to the last question.
#[test]
fn an_answer_is_to_the_last_question() {
    let followed = |name: &str, said: &str, answer: &str, input: &str, output: &str| {
        let mut intent = intent(name, &[said], &[answer]);
        intent.input_contexts = if input.is_empty() { vec![] } else { vec![input.into()] };
        intent.output_contexts = if output.is_empty() { vec![] } else { vec![context(output, 2)] };
        intent
    };
    let agent = agent(
        vec![
            followed("appointment", "hello", "An appointment?", "", "appointment"),
            followed("appointment - no", "no", "No appointment.", "appointment", ""),
            followed("appointment - yes", "yes", "A haircut?", "appointment", "another"),
            followed("haircut - no", "no", "No haircut.", "another", ""),
            followed("haircut - yes", "yes", "It is set.", "another", ""),
        ],
        vec![],
    );
    check(&agent, "> hello\n= An appointment?\n> yes\n= A haircut?\n> yes\n= It is set.");
    check(&agent, "> hello\n> yes\n> no\n= No haircut.");
    check(&agent, "> hello\n> no\n= No appointment.");
}

/// An order with a text at its end, as most forms have one.
fn order() -> Agent {
    let mut order = intent(
        "order",
        &["order pizza", "{two@sys.number:count} {large@size:size} pizzas"],
        &["$count $size to $address"],
    );
    order.parameters = vec![
        parameter("size", "@size", Some("Size?")),
        parameter("count", "@sys.number", Some("How many?")),
        parameter("address", "@sys.any", Some("Where to?")),
    ];
    let hours = intent(
        "hours",
        &["when do you open", "are you open at {7 pm@sys.time:time}", "are you open on sunday", "hello"],
        &["9 to 5"],
    );
    let mut book = intent("book", &["book a table"], &["$day.original for $guests"]);
    book.parameters = vec![
        parameter("day", "@sys.date", Some("Which day?")),
        parameter("guests", "@sys.number", Some("How many guests?")),
    ];
    let sizes = entity("size", &[("large", &["large"]), ("small", &["small"])]);
    agent(vec![order, hours, book, fallback("lost", &[], "?")], vec![sizes])
}

#[test]
fn any_words_are_an_answer_where_any_words_are_asked_for() {
    let order = order();
    check(
        &order,
        "> order pizza\n> large\n> 2\n= Where to?\n> 12 Baker Street\n= 2 large to 12 Baker Street",
    );
    check(&order, "> order pizza\n> large\n> 2\n> the small house, at 7\n= 2 large to the small house, at 7");
    check(&order, "> order pizza\n> large\n> 2\n> hello\n= 2 large to hello");
    // One that begins as a correction would.
    check(&order, "> order pizza\n> large\n> 2\n> No. 5 Baker Street\n= 2 large to No. 5 Baker Street");
    check(&order, "> order pizza\n> large\n> 2\n> no, 4\n= Where to?\n> x\n= 4 large to x");
    check(&order, "> order pizza\n> large\n> 2\n> no make it 4\n= Where to?\n> x\n= 4 large to x");
}

#[test]
fn what_is_known_changes_when_that_is_said() {
    let order = order();
    check(
        &order,
        "> order pizza\n> 2\nasked size\n> the 12 inch one\nasked size\n> small\n> x\n= 2 small to x",
    );
    check(&order, "> order pizza\n> 2\n> actually make it 4\nasked size\n> small\n> x\n= 4 small to x");
    check(&order, "> order pizza\n> 2\n> 4.\nasked size\n> small\n> x\n= 4 small to x");
    check(&order, "> order pizza\n> 2\n> for 4 people\nasked size\n> small\n> x\n= 4 small to x");
}

/// A number answers what is asked, and is no other value where it does not.
#[test]
fn a_number_is_to_the_question() {
    let mut book = intent(
        "book",
        &["book a table", "table for {4@sys.number:guests} {tomorrow@sys.date:day}"],
        &["$guests, $day.original, $time.original, $phone"],
    );
    book.parameters = vec![
        parameter("guests", "@sys.number", Some("How many?")),
        parameter("day", "@sys.date", Some("Which day?")),
        parameter("time", "@sys.time", Some("What time?")),
        parameter("phone", "@sys.phone-number", Some("Phone?")),
    ];
    let agent = agent(vec![book, fallback("lost", &[], "?")], vec![]);
    check(
        &agent,
        "> table for 4 tomorrow\nasked time\n> 8\nasked phone\n> 445566\nasked phone\n> 030 1234567\n= 4, tomorrow, 8, 0301234567",
    );
    check(
        &agent,
        "> table for 4 tomorrow\nasked time\n> 25\nasked time\n> 9\nasked phone\n> no, 5\nasked phone\n> 030 1234567\n= 5, tomorrow, 9, 0301234567",
    );
    check(&agent, "> book a table\n> 4.\nasked day\n> 15th\nasked time\n> eight\nasked phone");
    // Numbers as they are said.
    check(
        &agent,
        "> book a table\n> about five\nasked day\n> fifteen\nasked time\n> now\nasked phone\n> 030 1234567\n= 5, fifteen, now, 0301234567",
    );
    check(
        &agent,
        "> book a table\n> around 20\nasked day\n> 15th\nasked time\n> 8 please\nasked phone\n> no, six\n> 030 1234567\n= 6, 15th, 8, 0301234567",
    );
    check(
        &agent,
        "> book a table\n> 8 please\nasked day\n> tomorrow\nasked time\n> around 8\nasked phone\n> 030 1234567\n= 8, tomorrow, around 8, 0301234567",
    );
    check(&agent, "> book a table\n> around 8 pm\nasked guests\n> about 5 please\nasked day");
    check(
        &agent,
        "> table for 4 tomorrow\nasked time\n> 25, please\nasked time\n> twenty-five.\nasked time\n> 9, please.\nasked phone\n> eight please\nasked phone\n> 030 1234567\n= 4, tomorrow, 9, 0301234567",
    );
    // A time says that it is one, also where a day is asked for.
    check(&agent, "> book a table\n> 4\nasked day\n> 18:30\nasked day\n> tomorrow\nasked phone");
    let mut shifts = intent("shifts", &["my shifts"], &["Noted."]);
    shifts.parameters = vec![Parameter { list: true, ..parameter("days", "@sys.date", Some("Which days?")) }];
    let list = self::agent(vec![shifts, fallback("lost", &[], "?")], vec![]);
    check(&list, "> my shifts\nasked days\n> 20\n= Noted.");
}

#[test]
fn a_sentence_of_another_intent_is_no_answer() {
    let order = order();
    check(&order, "> book a table\nasked day\n> are you open on sunday\n= 9 to 5\n> 4\n= ?");
    check(&order, "> book a table\nasked day\n> are you open at 8 pm\n= 9 to 5");
    check(&order, "> order pizza\n> large\n> 2\n= Where to?\n> when do you open\n= 9 to 5");
    check(&order, "> book a table\n> sunday\nasked guests\n> 4\n= sunday for 4");
    check(&order, "> book a table\n> I want to cancel\n= All right, we leave that.\n> 4\n= ?");
}

/// Nor one of an intent that may not answer now: it is what was asked for.
#[test]
fn a_sentence_of_an_intent_that_is_off_is_an_answer() {
    let mut order = intent("order", &["order pizza"], &["to $address"]);
    order.parameters = vec![parameter("address", "@sys.any", Some("Where to?"))];
    let mut home = intent("home", &["to my home address", "tomorrow"], &["Home."]);
    home.input_contexts = vec!["moving".into()];
    let agent = agent(vec![order, home, fallback("lost", &["to my work address"], "?")], vec![]);
    check(&agent, "> order pizza\n> to my home address\n= to to my home address");
    check(&agent, "> order pizza\n> to my work address\n= to to my work address");
    check(&agent, "> order pizza\n> tomorrow...\n= to tomorrow...");
}

#[test]
fn lists_grow_and_are_said_as_the_language_does() {
    let mut sandwich =
        intent("sandwich", &["a sandwich", "a sandwich with {ham@topping:with}"], &["$on: $with"]);
    sandwich.parameters = vec![
        Parameter { list: true, ..parameter("with", "@topping", Some("With?")) },
        parameter("on", "@bread", Some("On?")),
    ];
    let topping = entity("topping", &[("ham", &["ham"]), ("cheese", &["cheese"]), ("olives", &["olives"])]);
    let bread = entity("bread", &[("rye", &["rye"]), ("white", &["white"])]);
    let agent = agent(vec![sandwich], vec![topping, bread]);
    check(&agent, "> a sandwich\n> ham\nasked on\n> and cheese\nasked on\n> rye\n= rye: ham and cheese");
    check(&agent, "> a sandwich\n> ham\n> and olives and cheese\n> rye\n= rye: ham, olives and cheese");
    check(&agent, "> a sandwich\n> ham\n> no, only cheese\nasked on\n> rye\n= rye: cheese");
    let german = Agent {
        settings: nlu::agent::Settings { language: "de".into(), ..agent.settings.clone() },
        intents: agent
            .intents
            .iter()
            .map(|intent| nlu::agent::Intent {
                phrases: [("de".to_owned(), intent.phrases_in("en").to_vec())].into(),
                ..intent.clone()
            })
            .collect(),
        ..agent.clone()
    };
    let german = Agent {
        entity_types: german
            .entity_types
            .iter()
            .map(|own| EntityType {
                entries: [("de".to_owned(), own.entries_in("en").to_vec())].into(),
                ..own.clone()
            })
            .collect(),
        ..german
    };
    let mut talk = super::Talk::with(&german);
    talk.language = "de";
    talk.check("> a sandwich\n> ham, cheese\n> rye\n= rye: ham und cheese");
}

/// What is empty this time is empty in the context, too: no webhook gets what was said before.
#[test]
fn a_context_has_nothing_of_the_turn_before() {
    let mut order = intent("order", &["order a pizza", "a pizza with {ham@topping:with}"], &["ok"]);
    order.parameters = vec![parameter("with", "@topping", None)];
    order.output_contexts = vec![context("order", 5)];
    let mut sum = intent("sum", &["what did i order"], &["[#order.with]"]);
    sum.input_contexts = vec!["order".into()];
    let agent = agent(vec![order, sum], vec![entity("topping", &[("ham", &["ham"])])]);
    check(&agent, "> a pizza with ham\n> what did i order\n= [ham]");
    check(&agent, "> a pizza with ham\n> order a pizza\n> what did i order\n= []");
}

#[test]
fn a_word_is_one_value() {
    let mut pay = intent(
        "pay",
        &["transfer money", "send {50 dollars@sys.unit-currency:amount} to {Bob@sys.given-name:to}"],
        &["$amount to $to"],
    );
    pay.parameters = vec![
        parameter("amount", "@sys.unit-currency", Some("How much?")),
        parameter("to", "@sys.given-name", Some("To whom?")),
    ];
    let mut pick =
        intent("pick", &["the {second@sys.ordinal:ordinal} one", "number {2@sys.number:number}"], &["x"]);
    pick.parameters =
        vec![parameter("number", "@sys.number", None), parameter("ordinal", "@sys.ordinal", None)];
    let mut age = intent("age", &["sign me up"], &["$age"]);
    age.parameters = vec![parameter("age", "@sys.age", Some("How old are you?"))];
    let mut zip = intent("zip", &["my zip is {12345@zip:zip}", "zip"], &["Zip $zip"]);
    zip.parameters = vec![parameter("zip", "@zip", Some("Zip?"))];
    let code = EntityType { kind: EntityKind::Regexp, ..entity("zip", &[(r"^\d{5}$", &[r"^\d{5}$"])]) };
    let agent = agent(vec![pay, pick, age, zip], vec![code]);
    check(&agent, "> transfer money\n> $20\nasked to\n> Ann\n= $20 to Ann");
    check(&agent, "> transfer money\n> one hundred dollars\nasked to\n> Ann\n= one hundred dollars to Ann");
    check(&agent, "> number one\nparameters {\"number\":1,\"ordinal\":\"\"}");
    check(&agent, "> sign me up\n> 33\nparameters {\"age\":{\"amount\":33,\"unit\":\"yr\"}}");
    check(&agent, "> my zip is 54321\n= Zip 54321\n> zip\n= Zip?\n> it is 54321\n= Zip 54321");
}

/// "Einen Tisch" is one table, not a table for one.
#[test]
fn an_article_is_no_number_that_has_to_be_there() {
    let mut book = intent("book", &[], &["$guests"]);
    book.phrases = [(
        "de".to_owned(),
        vec![
            crate::common::phrase("einen Tisch reservieren"),
            crate::common::phrase("Tisch für {vier@sys.number:guests}"),
        ],
    )]
    .into();
    book.parameters = vec![parameter("guests", "@sys.number", Some("How many?"))];
    let mut german = agent(vec![book], vec![]);
    german.settings.language = "de".into();
    let mut talk = super::Talk::with(&german);
    talk.language = "de";
    talk.check("> einen Tisch reservieren\nasked guests\n> einen\n= 1\n> Tisch für zwei\n= 2");
}
