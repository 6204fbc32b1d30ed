//! Filling parameters: prompts, corrections, lists, defaults.

use super::{agent, check, fallback};
use crate::common::{context, entity, intent, parameter};
use nlu::{
    agent::{Agent, EntityKind, EntityType, Parameter},
    json::Value,
};

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
    check(&order, "> i want a pizza\n> cancel that please\n= All right, we leave that.\n> 3\n= ?");
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

/// An expression is one value: the 5 of "5 pm" is no number of guests.
#[test]
fn a_number_within_a_time_is_nobodys_number() {
    let mut book = intent(
        "book",
        &[
            "book a table",
            "a table at {7 pm@sys.time:time} for {2@sys.number:guests}",
            "table for {four@sys.number:guests} {tomorrow@sys.date:day}",
        ],
        &["$guests at $time.original"],
    );
    book.parameters = vec![
        parameter("guests", "@sys.number", Some("How many?")),
        parameter("day", "@sys.date", Some("Which day?")),
        parameter("time", "@sys.time", Some("When?")),
    ];
    let agent = agent(vec![book], vec![]);
    check(&agent, "> book a table\nasked guests\n> tomorrow at 8 pm\nasked guests\n> 4\n= 4 at at 8 pm");
    check(&agent, "> book a table for tomorrow at 5 pm for 4 people\n= 4 at at 5 pm");
    check(&agent, "> book a table tomorrow at 7 pm\nasked guests\n> no, 8pm\nasked guests\n> 3\n= 3 at 8pm");
}

#[test]
fn values_as_they_were_said_and_defaults_that_lead_nowhere() {
    let mut light = intent("light", &["a {small@size:size} light", "switch on a light"], &["$size"]);
    light.parameters = vec![Parameter { value: "$size.original".into(), ..parameter("size", "@size", None) }];
    let mut book = intent("book", &["book it"], &["$thing"]);
    book.parameters = vec![Parameter {
        default: Value::from("#c1.thing"),
        ..parameter("thing", "@size", Some("What thing?"))
    }];
    let agent = agent(vec![light, book], vec![entity("size", &[("any", &["small", "tiny"])])]);
    check(&agent, "> a tiny light\nparameters {\"size\":\"tiny\"}");
    check(&agent, "> book it\nasked thing\n= What thing?");
}

/// A day and a time that are asked for stay theirs, also where another parameter could take both.
#[test]
fn a_day_and_a_time_are_not_parts_of_a_moment() {
    let mut book = intent(
        "book",
        &[
            "book {tomorrow@sys.date:day} at {8 pm@sys.time:time}",
            "book a room",
            "move it to {friday at 9@sys.date-time:when}",
        ],
        &["$day.original, $time.original"],
    );
    book.parameters = vec![
        parameter("day", "@sys.date", Some("Which day?")),
        parameter("time", "@sys.time", Some("When?")),
        parameter("when", "@sys.date-time", None),
    ];
    check(&agent(vec![book], vec![]), "> book tomorrow at 8 pm\nasked \nwhole");
}

/// A parameter whose value is said to come from a context takes it from there.
#[test]
fn a_value_from_a_context_goes_before_the_sentence() {
    let size = |value: &str| Parameter { value: value.into(), ..parameter("size", "@size", None) };
    let mut order = intent("order", &["order a {small@size:size} one"], &["$size"]);
    order.parameters = vec![size("$size")];
    order.output_contexts = vec![context("ordered", 5)];
    let mut swap = intent("swap", &["i said {small@size:size} before"], &["$size"]);
    swap.parameters = vec![size("#ordered.size")];
    let agent =
        agent(vec![order, swap], vec![entity("size", &[("small", &["small"]), ("large", &["large"])])]);
    check(
        &agent,
        "> i said large before\n= large\n> order a small one\n= small\n> i said large before\n= small",
    );
    let pay = |name: &str, text: &str, value: &str| {
        let mut pay = intent(name, &[text], &["$price"]);
        pay.parameters =
            vec![Parameter { value: value.into(), ..parameter("price", "@sys.unit-currency", None) }];
        pay.output_contexts = vec![context("paid", 5)];
        pay
    };
    let first = pay("first", "pay {5 dollars@sys.unit-currency:price} first", "$price");
    let again = pay("again", "not {5 dollars@sys.unit-currency:price} but the same again", "#paid.price");
    let agent = super::agent(vec![first, again], vec![]);
    check(&agent, "> pay 7 dollars first\n= 7 dollars\n> not 9 dollars but the same again\n= 7 dollars");
}

#[test]
fn lists_keep_the_order_of_the_sentence() {
    let mut pets = intent(
        "pets",
        &[
            "we own {cat@pet:pets}, too",
            "{dog@pet:pets} and {cat@pet:pets} we own",
            "i own {two@sys.number:n} pets",
        ],
        &["$pets"],
    );
    pets.parameters = vec![
        Parameter { list: true, ..parameter("pets", "@pet", None) },
        Parameter { list: true, ..parameter("n", "@sys.number", None) },
    ];
    let agent =
        agent(vec![pets], vec![entity("pet", &[("dog", &["dog"]), ("cat", &["cat"]), ("bird", &["bird"])])]);
    for order in [["bird", "dog", "cat"], ["cat", "bird", "dog"], ["dog", "cat", "bird"]] {
        let [a, b, c] = order;
        check(&agent, &format!("> {a} we own, {b} and {c}, too\n= {a}, {b} and {c}"));
        check(&agent, &format!("> we own {a} {b} {c}\n= {a}, {b} and {c}"));
    }
}

/// "Tonight at 8" is a time and has a day in it: what stands beside the day is the time's.
#[test]
fn a_day_leaves_the_rest_of_a_time_to_the_time() {
    let phrases = ["book a table", "book a table {tomorrow@sys.date:day} at {8 pm@sys.time:time}"];
    for times_first in [false, true] {
        for phrases in [&phrases[..1], &phrases] {
            let mut book = intent("book", phrases, &["$day, $day.original, $time.original, $guests"]);
            book.parameters = vec![
                parameter("day", "@sys.date", Some("Which day?")),
                parameter("time", "@sys.time", Some("What time?")),
                parameter("guests", "@sys.number", Some("How many?")),
            ];
            if times_first {
                book.parameters.rotate_left(1);
            }
            let agent = agent(vec![book], vec![]);
            let today = "2024-05-15T12:00:00+02:00";
            let said = |sentence: &str, expected: &str| check(&agent, &format!("> {sentence}\n{expected}"));
            said("book a table tonight at 8 for 4 people", &format!("= {today}, tonight, at 8, 4"));
            said("book a table at 8 tonight for 4 people", &format!("= {today}, tonight, at 8, 4"));
            said(
                "book a table tonight at 8",
                &format!(
                    "parameters {{\"day\":\"{today}\",\"guests\":\"\",\"time\":\"2024-05-15T20:00:00+02:00\"}}"
                ),
            );
            let june = "2024-06-03T12:00:00+02:00";
            said("book a table for 4 on June 3rd at 8", &format!("= {june}, on June 3rd, at 8, 4"));
            said("book a table for 4 in June at 8", "asked day\n> the 5th\nwhole");
        }
    }
}
