//! Conversations as data: `conversations.txt`, held with the shop's agent and its real fulfilment.

use crate::support::{Shop, order};
use serde_json::{Value, json};

/// What is done, and what is expected.
struct Step<'t> {
    line: usize,
    input: &'t str,
    is_event: bool,
    expected: Vec<&'t str>,
}

struct Conversation<'t> {
    title: &'t str,
    language: &'t str,
    steps: Vec<Step<'t>>,
}

fn read(text: &str) -> Vec<Conversation<'_>> {
    let mut conversations: Vec<Conversation> = Vec::new();
    for (line, number) in text.lines().zip(1..) {
        if let Some(title) = line.strip_prefix("# ") {
            let (title, language) = title.trim_end_matches(')').rsplit_once(" (").unwrap();
            conversations.push(Conversation { title, language, steps: Vec::new() });
            continue;
        }
        let Some(conversation) = conversations.last_mut() else { continue };
        if let Some(input) = line.strip_prefix("> ").or(line.strip_prefix("! ")) {
            let is_event = line.starts_with('!');
            conversation.steps.push(Step { line: number, input, is_event, expected: Vec::new() });
        } else if !line.trim().is_empty() {
            conversation.steps.last_mut().unwrap().expected.push(line.trim());
        }
    }
    conversations
}

/// What differs from what is expected.
fn differences(step: &Step, result: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let said = result["fulfillmentText"].as_str().unwrap_or("");
    for expected in &step.expected {
        if let Some(text) = expected.strip_prefix("not \"") {
            let text = text.trim_end_matches('"');
            if said.contains(text) {
                wrong.push(format!("it says {text:?}: {said}"));
            }
        } else if let Some(text) = expected.strip_prefix('"') {
            let text = text.trim_end_matches('"');
            if !said.contains(text) {
                wrong.push(format!("it does not say {text:?}: {said}"));
            }
        } else {
            wrong.extend(intent_differs(expected, result));
        }
    }
    wrong
}

fn intent_differs(expected: &str, result: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    let found = result["intent"]["displayName"].as_str().unwrap_or("-");
    if let Some(intent) = expected.strip_prefix("not ") {
        return if found == intent { vec![format!("it is {intent}")] } else { Vec::new() };
    }
    let is_name = |word: &&str| !word.contains('=') && !["asks", "ends"].contains(word);
    let name: Vec<&str> = expected.split(' ').take_while(is_name).collect();
    if found != name.join(" ") {
        let (sure, said) = (&result["intentDetectionConfidence"], &result["fulfillmentText"]);
        wrong.push(format!("it is {found} ({sure}), not {}: {said}", name.join(" ")));
    }
    let words: Vec<&str> = expected.split(' ').skip(name.len()).collect();
    let ends = result["diagnosticInfo"]["end_conversation"] == true;
    let asks = result["allRequiredParamsPresent"] == false && found != "-";
    for (what, is, should) in
        [("ends", ends, words.contains(&"ends")), ("asks", asks, words.contains(&"asks"))]
    {
        if is != should {
            wrong.push(format!("{what} is {is}"));
        }
    }
    for (name, value) in words.iter().filter_map(|word| word.split_once('=')) {
        let found = match &result["parameters"][name] {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        if found != value.replace('_', " ") {
            wrong.push(format!("{name} is {found}, not {value}"));
        }
    }
    wrong
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_conversation_goes_as_it_is_written() {
    let shop = Shop::empty(&["--seed", "petstore"]).await;
    let mut shopper = shop.browser();
    shopper.add(1, 1).await.is(200);
    let cart = shopper.get("/api/v1/cart").await.is(200).body();
    let total = cart["totals"]["total"]["amount"].as_i64().unwrap() + 990;
    let placed = shopper.once("k", "/api/v1/orders", order(total, "on_delivery")).await.is(201).body();
    assert_eq!(placed["number"], "M-10001");

    let conversations = read(include_str!("conversations.txt"));
    assert!(conversations.len() >= 60, "{}", conversations.len());
    let mut wrong = Vec::new();
    for (conversation, number) in conversations.iter().zip(0..) {
        for step in &conversation.steps {
            let input = if step.is_event {
                json!({ "event": { "name": step.input, "languageCode": conversation.language } })
            } else {
                json!({ "text": { "text": step.input, "languageCode": conversation.language } })
            };
            let address = format!("/v2/projects/petstore/agent/sessions/talk-{number}:detectIntent");
            // Each from somewhere else: one address may not talk that fast.
            let mut person = shop.browser_at(&format!("192.0.2.{number}"));
            let answer = person.post(&address, json!({ "queryInput": input })).await.is(200).body();
            for difference in differences(step, &answer["queryResult"]) {
                let (title, line, said) = (conversation.title, step.line, step.input);
                wrong.push(format!("line {line}, {title}, “{said}”: {difference}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}
