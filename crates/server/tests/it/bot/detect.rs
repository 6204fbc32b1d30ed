//! `detectIntent` and contexts, by hand.

use crate::support::{Browser, Reply, Shop};
use axum::http::Method;
use serde_json::{Value, json};

const SESSION: &str = "/v2/projects/petstore/agent/sessions/s";

async fn detect(browser: &mut Browser, body: Value) -> Reply {
    browser.post(&format!("{SESSION}:detectIntent"), body).await
}

fn text(text: &str) -> Value {
    json!({ "queryInput": { "text": { "text": text, "languageCode": "en" } } })
}

#[track_caller]
fn fault(reply: Reply, status: u16, name: &str) -> String {
    let reply = reply.is(status);
    assert_eq!(reply.header("content-type"), "application/json");
    let body = reply.body();
    assert_eq!((&body["error"]["code"], &body["error"]["status"]), (&json!(status), &json!(name)), "{body}");
    let message = body["error"]["message"].as_str().unwrap().to_owned();
    assert!(message.len() > 10, "{message}");
    message
}

#[tokio::test]
async fn text_event_slots_and_the_end() {
    let shop = Shop::empty(&[]).await;
    let mut browser = shop.browser();
    let event = json!({ "queryInput": { "event": { "name": "WELCOME", "languageCode": "de" } } });
    let answer = detect(&mut browser, event).await.is(200).body();
    let result = &answer["queryResult"];
    assert_eq!(result["intent"]["displayName"], "Default Welcome Intent");
    assert!(result["fulfillmentText"].as_str().unwrap().contains("Witz"), "{result}");
    assert_eq!(result["languageCode"], "de");

    let answer = detect(&mut browser, text("where is my order")).await.is(200).body();
    assert_eq!(answer["queryResult"]["allRequiredParamsPresent"], false);
    assert!(answer.get("webhookStatus").is_none(), "nothing is called while something is asked");
    let answer = detect(&mut browser, text("M-10042")).await.is(200).body();
    assert_eq!(answer["queryResult"]["parameters"], json!({ "number": "M-10042", "email": "" }));
    let answer = detect(&mut browser, text("ada@example.org")).await.is(200).body();
    assert_eq!(answer["queryResult"]["allRequiredParamsPresent"], true);
    assert_eq!(answer["webhookStatus"]["code"], 0);

    let answer = detect(&mut browser, text("goodbye")).await.is(200).body();
    assert_eq!(answer["queryResult"]["diagnosticInfo"], json!({ "end_conversation": true }));
    assert_eq!(answer["queryResult"]["intent"]["endInteraction"], true);
}

#[tokio::test]
async fn what_is_wrong_is_said_in_googles_shape() {
    let shop = Shop::empty(&[]).await;
    let mut browser = shop.browser();
    for (body, expected) in [
        (json!({}), "needs `text` or `event`"),
        (json!({ "queryInput": {} }), "needs `text` or `event`"),
        (text(""), "is empty"),
        (text(" \n"), "is empty"),
        (text(&"x".repeat(257)), "longer than 256"),
        (json!({ "queryInput": { "audioConfig": {} } }), "Audio"),
        (json!({ "queryInput": { "event": {} } }), "event.name is empty"),
        (json!({ "queryInput": { "event": { "name": "A" }, "text": { "text": "a" } } }), "not both"),
        (json!({ "queryInput": 7 }), "no detectIntent request"),
        (
            json!({ "queryInput": { "text": { "text": "hi" } }, "queryParams": { "timeZone": "Mars/Base" } }),
            "Mars/Base",
        ),
        (
            json!({ "queryInput": { "text": { "text": "hi" } }, "queryParams": { "contexts": [{ "name": "a b" }] } }),
            "no name of a context",
        ),
        (
            json!({ "queryInput": { "text": { "text": "hi" } }, "queryParams": { "contexts": [{ "name": "x", "lifespanCount": -1 }] } }),
            "no detectIntent request",
        ),
    ] {
        let message = fault(detect(&mut browser, body.clone()).await, 400, "INVALID_ARGUMENT");
        assert!(message.contains(expected), "{body}: {message}");
    }
    for address in [
        "/v2/projects/nobody/agent/sessions/s:detectIntent",
        "/v2/projects/%2e%2e/agent/sessions/s:detectIntent",
        "/v2/projects/petstore/agent/sessions/s:streamingDetectIntent",
        "/v2/projects/petstore/agent/intents",
        "/v2/x",
    ] {
        fault(browser.post(address, text("hi")).await, 404, "NOT_FOUND");
    }
    fault(browser.get(&format!("{SESSION}:detectIntent")).await, 404, "NOT_FOUND");
    let many: Vec<Value> = (0..101).map(|n| json!({ "name": format!("c{n}"), "lifespanCount": 5 })).collect();
    let mut body = text("hello");
    body["queryParams"] = json!({ "contexts": many });
    assert!(fault(detect(&mut browser, body).await, 400, "INVALID_ARGUMENT").contains("100 contexts"));
    let mut body = text("hello");
    body["queryParams"] = json!({ "payload": { "x": "y".repeat(70_000) } });
    assert!(fault(detect(&mut browser, body).await, 400, "INVALID_ARGUMENT").contains("bytes"));
    // A refused turn leaves nothing behind.
    browser
        .get(&format!("{SESSION}/contexts"))
        .await
        .is(200)
        .json(json!({ "contexts": [], "nextPageToken": "" }));
}

#[tokio::test]
async fn contexts_are_made_read_changed_and_ended() {
    let shop = Shop::empty(&[]).await;
    let mut browser = shop.browser();
    let contexts = format!("{SESSION}/contexts");
    let name = |short: &str| format!("projects/petstore/agent/sessions/s/contexts/{short}");
    browser.get(&contexts).await.is(200).json(json!({ "contexts": [], "nextPageToken": "" }));
    let content = json!({ "name": name("Content"), "lifespanCount": 5, "parameters": { "content": "fact", "topic": "cats" } });
    let made = browser.post(&contexts, content).await.is(200).body();
    assert_eq!(made["name"], name("content"));
    browser.get(&format!("{contexts}/content")).await.is(200).json(made.clone());
    browser.get(&format!("{contexts}/CONTENT")).await.is(200);

    // It does what it should: "another one" knows what.
    let answer = detect(&mut browser, text("another one")).await.is(200).body();
    assert_eq!(answer["queryResult"]["parameters"]["content"], "fact");
    assert_eq!(answer["queryResult"]["parameters"]["topic"], "cats");

    // Made anew, nothing of the old one stays.
    browser.post(&contexts, json!({ "name": name("content"), "lifespanCount": 2 })).await.is(200);
    let read = browser.get(&format!("{contexts}/content")).await.is(200).body();
    assert_eq!((&read["lifespanCount"], &read["parameters"]), (&json!(2), &json!({})));

    let patch =
        |mask: &str| format!("{contexts}/content?updateMask={mask}&%24alt=json%3Benum-encoding%3Dint");
    let change = json!({ "lifespanCount": 9, "parameters": { "content": "joke" } });
    let changed =
        browser.send(Method::PATCH, &patch("lifespanCount"), Some(change.clone()), &[]).await.is(200).body();
    assert_eq!((&changed["lifespanCount"], &changed["parameters"]), (&json!(9), &json!({})));
    let changed =
        browser.send(Method::PATCH, &patch("parameters"), Some(change.clone()), &[]).await.is(200).body();
    assert_eq!(changed["parameters"], json!({ "content": "joke" }));
    fault(
        browser.send(Method::PATCH, &patch("colour"), Some(change.clone()), &[]).await,
        400,
        "INVALID_ARGUMENT",
    );
    fault(
        browser.send(Method::PATCH, &format!("{contexts}/none"), Some(change), &[]).await,
        404,
        "NOT_FOUND",
    );
    fault(browser.post(&contexts, json!({ "lifespanCount": 2 })).await, 400, "INVALID_ARGUMENT");

    for n in 0..5 {
        browser.post(&contexts, json!({ "name": format!("c{n}"), "lifespanCount": 5 })).await.is(200);
    }
    let first = browser.get(&format!("{contexts}?pageSize=4")).await.is(200).body();
    assert_eq!((first["contexts"].as_array().unwrap().len(), &first["nextPageToken"]), (4, &json!("4")));
    let second = browser.get(&format!("{contexts}?pageSize=4&pageToken=4")).await.is(200).body();
    assert_eq!((second["contexts"].as_array().unwrap().len(), &second["nextPageToken"]), (2, &json!("")));
    fault(browser.get(&format!("{contexts}?pageToken=x")).await, 400, "INVALID_ARGUMENT");

    browser.delete(&format!("{contexts}/c0")).await.is(200).json(json!({}));
    fault(browser.delete(&format!("{contexts}/c0")).await, 404, "NOT_FOUND");
    // Sessions know nothing of each other.
    let others = "/v2/projects/petstore/agent/sessions/other/contexts";
    browser.get(others).await.is(200).json(json!({ "contexts": [], "nextPageToken": "" }));
    browser.delete(&contexts).await.is(200).json(json!({}));
    browser.get(&contexts).await.is(200).json(json!({ "contexts": [], "nextPageToken": "" }));
}

#[tokio::test]
async fn parameters_of_a_query_set_contexts_entities_and_time() {
    let shop = Shop::empty(&["--seed", "petstore"]).await;
    let mut browser = shop.browser();
    let mut body = text("another one");
    body["queryParams"] = json!({ "contexts": [{ "name": "x/contexts/content", "lifespanCount": 1, "parameters": { "content": "joke" } }] });
    let answer = detect(&mut browser, body).await.is(200).body();
    assert_eq!(answer["queryResult"]["intent"]["displayName"], "more");
    let mut body = text("another one");
    body["queryParams"] = json!({ "resetContexts": true });
    let answer = detect(&mut browser, body).await.is(200).body();
    assert_ne!(answer["queryResult"]["intent"]["displayName"], "more");
    // A word that only this session knows, beside the agent's own.
    let mut body = text("I am looking for a collar");
    body["queryParams"] = json!({ "sessionEntityTypes": [{
        "name": "projects/petstore/agent/sessions/s/entityTypes/product", "entityOverrideMode": 2,
        "entities": [{ "value": "bed", "synonyms": ["snoozer"] }],
    }] });
    for (body, expected) in [(body, "collar"), (text("I am looking for a snoozer"), "bed")] {
        let answer = detect(&mut browser, body).await.is(200).body();
        assert_eq!(answer["queryResult"]["parameters"]["product"], expected, "{answer}");
    }
}

/// Expressions are the agent's: what anybody sends is words, also where they look like one that takes for ever.
#[tokio::test]
async fn nobody_brings_expressions_along() {
    let shop = Shop::empty(&[]).await;
    let mut browser = shop.browser();
    let begun = std::time::Instant::now();
    for mode in [1, 2] {
        let synonyms: Vec<String> = (0..300).map(|n| format!("(a{{0,60}}){{0,30}}b|a|z{n}")).collect();
        let mut body = text(&"a".repeat(255));
        body["queryParams"] = json!({ "sessionEntityTypes": [{
            "name": "s/entityTypes/order-number", "entityOverrideMode": mode,
            "entities": [{ "value": "M-1.2", "synonyms": synonyms }],
        }] });
        detect(&mut browser, body).await.is(200);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(60), "{:?}", begun.elapsed());
    let mut body = text("where is my order M-1.2");
    body["queryParams"] = json!({ "sessionEntityTypes": [{
        "name": "s/entityTypes/order-number", "entityOverrideMode": 1, "entities": [{ "value": "M-1.2", "synonyms": ["M-1.2"] }],
    }] });
    let answer = detect(&mut browser, body).await.is(200).body();
    assert_eq!(answer["queryResult"]["parameters"]["number"], "M-1.2", "{answer}");
}

#[tokio::test]
async fn who_begins_anew_is_asked_for_nothing_any_more() {
    let shop = Shop::empty(&[]).await;
    let mut browser = shop.browser();
    let number = |answer: &Value| answer["queryResult"]["parameters"]["number"].clone();
    for by_deleting in [false, true] {
        detect(&mut browser, text("where is my order")).await.is(200);
        let answer = detect(&mut browser, text("M-10042")).await.is(200).body();
        assert_eq!(number(&answer), "M-10042", "{answer}");
        let mut body = text("ada@example.org");
        if by_deleting {
            browser.delete(&format!("{SESSION}/contexts")).await.is(200);
        } else {
            body["queryParams"] = json!({ "resetContexts": true });
        }
        let answer = detect(&mut browser, body).await.is(200).body();
        assert_ne!(number(&answer), "M-10042", "taken for the order's address: {answer}");
    }
}

#[tokio::test]
async fn a_session_has_so_many_entity_types_of_its_own() {
    let shop = Shop::empty(&[]).await;
    let mut browser = shop.browser();
    let types = |count: usize, entries: usize| {
        let mut body = text("hello");
        let entity = |n: usize| json!({ "name": format!("t{n}"), "entities": vec![json!({}); entries] });
        body["queryParams"] = json!({ "sessionEntityTypes": (0..count).map(entity).collect::<Vec<_>>() });
        body
    };
    detect(&mut browser, types(100, 1)).await.is(200);
    let message = fault(detect(&mut browser, types(101, 0)).await, 400, "INVALID_ARGUMENT");
    assert!(message.contains("100 entity types"), "{message}");
    let message = fault(detect(&mut browser, types(1, 2_000)).await, 400, "INVALID_ARGUMENT");
    assert!(message.contains("bytes"), "{message}");
    detect(&mut browser, text("hello")).await.is(200);
}

#[tokio::test]
async fn links_of_the_shops_agent_are_whole_where_the_shop_knows_its_origin() {
    let shop = Shop::empty(&["--origin", "https://shop.example"]).await;
    let answer = detect(&mut shop.browser(), text("I want to talk to a person")).await.is(200).body();
    let payload = &answer["queryResult"]["fulfillmentMessages"][1]["payload"];
    assert_eq!(payload["menagerie"]["open"], "https://shop.example/#/contact", "{answer}");
    assert_eq!(payload["richContent"][0][0]["link"], "https://shop.example/#/contact");
}

#[tokio::test]
async fn pages_are_served_while_the_agent_is_away() {
    let folder = tempfile::TempDir::new().unwrap();
    std::fs::create_dir(folder.path().join("petstore")).unwrap();
    std::fs::write(folder.path().join("petstore/agent.json"), "{").unwrap();
    let shop = Shop::empty(&["--agents", folder.path().to_str().unwrap()]).await;
    let mut browser = shop.browser();
    let message = fault(detect(&mut browser, text("hello")).await, 503, "UNAVAILABLE");
    assert!(message.contains("E610"), "{message}");
    browser.get("/api/v1/catalogue/products").await.is(200);
    browser.get("/healthz").await.is(200);
}
