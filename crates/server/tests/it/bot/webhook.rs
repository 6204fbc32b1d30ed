//! The webhooks of other agents: who is called, with what, and what a failure does.

use super::neighbour::{Neighbour, Told};
use crate::support::{Reply, Shop};
use serde_json::{Value, json};
use std::{fs, path::Path, time::Duration};
use tempfile::TempDir;

fn intent(name: &str, phrases: &[&str], more: Value) -> (Value, Value) {
    let mut intent = json!({
        "id": format!("id-{name}"), "name": name, "auto": true, "contexts": [],
        "responses": [{
            "action": format!("do.{name}"), "affectedContexts": [], "parameters": [],
            "messages": [{ "type": 0, "lang": "en", "speech": [format!("static {name}")] }],
        }],
        "webhookUsed": true, "fallbackIntent": false, "events": [],
    });
    for (key, value) in more.as_object().unwrap() {
        intent[key] = value.clone();
    }
    let says: Vec<Value> = phrases
        .iter()
        .map(|text| json!({ "id": text, "data": [{ "text": text, "userDefined": false }] }))
        .collect();
    (intent, json!(says))
}

/// Writes an agent whose webhook lies at `address`.
pub fn write_agent(folder: &Path, address: &str) {
    fs::create_dir_all(folder.join("intents")).unwrap();
    let agent = json!({
        "language": "en", "displayName": "taxi", "webhook": { "url": address, "available": true,
        "headers": { "x-from-the-agent": "never" } },
    });
    fs::write(folder.join("agent.json"), agent.to_string()).unwrap();
    fs::write(folder.join("package.json"), r#"{"version": "1.0.0"}"#).unwrap();
    for (intent, says) in [
        intent("taxi", &["call a taxi", "I need a taxi", "get me a cab"], json!({})),
        intent("hello", &["hello there", "good morning", "hi"], json!({ "webhookUsed": false })),
        intent("arrived", &[], json!({ "events": [{ "name": "TAXI_HERE" }], "webhookUsed": false })),
        intent("round", &["go round and round"], json!({ "events": [{ "name": "ROUND" }] })),
        intent("back", &[], json!({ "events": [{ "name": "BACK" }] })),
    ] {
        let name = intent["name"].as_str().unwrap();
        fs::write(folder.join(format!("intents/{name}.json")), intent.to_string()).unwrap();
        if says != json!([]) {
            fs::write(folder.join(format!("intents/{name}_usersays_en.json")), says.to_string()).unwrap();
        }
    }
}

struct Rank {
    shop: Shop,
    driver: Neighbour,
    _folder: TempDir,
}

/// A shop with the agent `taxi`, whose webhook is on the list unless `webhooks` says otherwise.
async fn rank(webhooks: Option<Value>) -> Rank {
    rank_of(webhooks, 5).await
}

/// The same with so many calls a minute for each session.
async fn rank_of(webhooks: Option<Value>, per_minute: u32) -> Rank {
    let driver = Neighbour::open().await;
    let folder = TempDir::new().unwrap();
    let address = format!("{}/hook", driver.origin);
    write_agent(&folder.path().join("agents/taxi"), &address);
    let listed = json!([{
        "address": address, "private": true, "headers": { "authorization": "$HOOK", "x-shop": "menagerie" },
    }]);
    let settings =
        json!({ "webhooks": webhooks.unwrap_or(listed), "limits": { "session_per_minute": per_minute } });
    let file = folder.path().join("bot.json");
    fs::write(&file, settings.to_string()).unwrap();
    let agents = folder.path().join("agents");
    let flags = ["--bot", file.to_str().unwrap(), "--agents", agents.to_str().unwrap()];
    let shop = Shop::with_secrets(&flags, &[("HOOK", "Bearer s3cret".to_owned())]).await;
    Rank { shop, driver, _folder: folder }
}

impl Rank {
    /// What the page sends that runs the agent itself.
    async fn call(&self, intent: &str, change: impl FnOnce(&mut Value)) -> Reply {
        let mut request = json!({
            "session": "projects/taxi/agent/sessions/s", "responseId": "r",
            "queryResult": {
                "queryText": "call a taxi", "languageCode": "en", "action": "forged", "parameters": { "when": "now" },
                "allRequiredParamsPresent": true, "intent": { "name": "forged", "displayName": intent },
            },
        });
        change(&mut request);
        self.shop.browser().post("/api/v1/bot/webhook", request).await
    }

    async fn say(&self, text: &str) -> Value {
        let body = json!({ "queryInput": { "text": { "text": text, "languageCode": "en" } } });
        let address = "/v2/projects/taxi/agent/sessions/s:detectIntent";
        self.shop.browser().post(address, body).await.is(200).body()
    }
}

#[tokio::test]
async fn a_listed_webhook_is_called_with_the_headers_of_the_list() {
    let rank = rank(None).await;
    rank.driver.always(Told::json(r#"{"fulfillmentText": "It is on its way", "source": "driver"}"#));
    let answer = rank.call("taxi", |_| {}).await.is(200).body();
    assert_eq!(answer, json!({ "fulfillmentText": "It is on its way", "source": "driver" }));
    let seen = rank.driver.seen();
    let [seen] = &seen[..] else { panic!("one call") };
    assert_eq!((seen.method.as_str(), seen.uri.path()), ("POST", "/hook"));
    assert_eq!(seen.headers["authorization"], "Bearer s3cret");
    assert_eq!(seen.headers["x-shop"], "menagerie");
    for name in ["x-from-the-agent", "cookie", "origin", "sec-fetch-site"] {
        assert!(!seen.headers.contains_key(name), "{name}");
    }
    let body: Value = serde_json::from_slice(&seen.body).unwrap();
    // The page says what was said; the agent says what that means.
    assert_eq!(body["queryResult"]["action"], "do.taxi");
    assert_eq!(body["queryResult"]["intent"]["name"], "projects/taxi/agent/intents/id-taxi");
    assert_eq!(body["queryResult"]["parameters"], json!({ "when": "now" }));
}

#[tokio::test]
async fn nothing_else_is_called() {
    let rank = rank(None).await;
    rank.driver.always(Told::json("{}"));
    rank.call("hello", |_| {}).await.problem(403, "E430");
    rank.call("nobody", |_| {}).await.problem(403, "E430");
    rank.call("taxi", |request| request["queryResult"]["allRequiredParamsPresent"] = json!(false))
        .await
        .problem(403, "E430");
    rank.call("taxi", |request| request["session"] = json!("projects/nobody/agent/sessions/s"))
        .await
        .problem(404, "E402");
    rank.call("taxi", |request| request["session"] = json!("projects/../agent/sessions/s"))
        .await
        .problem(404, "E402");
    rank.call("taxi", |request| request["session"] = json!("taxi")).await.problem(422, "E401");
    assert!(rank.driver.seen().is_empty());

    for webhooks in [json!([]), json!([{ "address": "https://other.example/hook" }])] {
        let rank = self::rank(Some(webhooks)).await;
        rank.call("taxi", |_| {}).await.problem(403, "E430");
        let answer = rank.say("call a taxi").await;
        assert_eq!(answer["queryResult"]["fulfillmentText"], "static taxi");
        assert_eq!(answer["webhookStatus"]["code"], 14);
        assert!(rank.driver.seen().is_empty());
    }
}

#[tokio::test]
async fn a_name_that_leads_to_a_private_address_is_not_called() {
    let driver = Neighbour::open().await;
    driver.always(Told::json("{}"));
    let folder = TempDir::new().unwrap();
    // A name, not a number: only resolving it tells that it is this very machine.
    let address = driver.origin.replace("127.0.0.1", "localhost") + "/hook";
    write_agent(&folder.path().join("taxi"), &address);
    let file = folder.path().join("bot.json");
    fs::write(&file, json!({ "webhooks": [{ "address": address }] }).to_string()).unwrap();
    let flags = ["--bot", file.to_str().unwrap(), "--agents", folder.path().to_str().unwrap()];
    let rank = Rank { shop: Shop::empty(&flags).await, driver, _folder: folder };
    rank.call("taxi", |_| {}).await.problem(502, "E431");
    assert!(rank.driver.seen().is_empty());
}

#[tokio::test]
async fn a_failure_gives_the_static_answer() {
    let rank = rank(None).await;
    let other = Neighbour::open().await;
    other.always(Told::json(r#"{"fulfillmentText": "inside"}"#));
    for (what, told) in [
        ("an error", Told::status(500, "{}")),
        ("a redirect", Told::status(307, "").with("location", &other.origin)),
        ("no JSON", Told::json("<html>")),
        ("another shape", Told::json(r#"{"fulfillmentMessages": 7}"#)),
        ("too much", Told::json(format!(r#"{{"fulfillmentText": "{}"}}"#, "x".repeat(1024 * 1024)))),
    ] {
        rank.driver.next([told.clone(), told]);
        rank.shop.browser();
        let session = what.replace(' ', "-");
        let body = json!({ "queryInput": { "text": { "text": "call a taxi", "languageCode": "en" } } });
        let address = format!("/v2/projects/taxi/agent/sessions/{session}:detectIntent");
        let answer = rank.shop.browser().post(&address, body).await.is(200).body();
        assert_eq!(answer["queryResult"]["fulfillmentText"], "static taxi", "{what}");
        assert_eq!(answer["webhookStatus"]["code"], 14, "{what}");
        let change = |request: &mut Value| {
            request["session"] = json!(format!("projects/taxi/agent/sessions/{session}"));
        };
        rank.call("taxi", change).await.problem(502, "E431");
    }
    assert!(other.seen().is_empty(), "redirects are not followed");
}

#[tokio::test]
async fn a_slow_webhook_is_given_up_after_five_seconds() {
    let rank = rank(None).await;
    rank.driver.always(Told::json("{}").after(Duration::from_secs(60)));
    let answer = rank.say("call a taxi").await;
    assert_eq!(answer["queryResult"]["fulfillmentText"], "static taxi");
    assert_eq!(answer["webhookStatus"]["code"], 14);
}

#[tokio::test]
async fn a_session_does_not_call_without_end() {
    let rank = rank(None).await;
    rank.driver.always(Told::json("{}"));
    for _ in 0..5 {
        rank.call("taxi", |_| {}).await.is(200);
    }
    rank.call("taxi", |_| {}).await.problem(429, "E415");
    assert_eq!(rank.say("call a taxi").await["webhookStatus"]["code"], 14);
    assert_eq!(rank.driver.seen().len(), 5);
    rank.call("taxi", |request| request["session"] = json!("projects/taxi/agent/sessions/other"))
        .await
        .is(200);
}

#[tokio::test]
async fn contexts_entities_and_events_of_an_answer_are_taken_up() {
    let rank = rank(None).await;
    rank.driver.next([Told::json(
        json!({
            "fulfillmentText": "Where to?",
            "payload": { "car": 7 }, "source": "driver",
            "outputContexts": [{ "name": "projects/taxi/agent/sessions/s/contexts/Ride", "lifespanCount": 3, "parameters": { "car": 7 } }],
        })
        .to_string(),
    )]);
    let answer = rank.say("call a taxi").await;
    let result = &answer["queryResult"];
    assert_eq!(result["fulfillmentText"], "Where to?");
    assert_eq!(
        (&result["webhookSource"], &result["webhookPayload"]),
        (&json!("driver"), &json!({ "car": 7 }))
    );
    assert_eq!(
        result["outputContexts"],
        json!([{ "name": "projects/taxi/agent/sessions/s/contexts/ride", "lifespanCount": 3, "parameters": { "car": 7 } }])
    );
    rank.driver
        .next([Told::json(r#"{"fulfillmentText": "ignored", "followupEventInput": {"name": "TAXI_HERE"}}"#)]);
    let answer = rank.say("call a taxi").await;
    assert_eq!(answer["queryResult"]["intent"]["displayName"], "arrived");
    assert_eq!(answer["queryResult"]["fulfillmentText"], "static arrived");
}

#[tokio::test]
async fn an_answer_that_a_session_cannot_keep_gives_the_static_one() {
    let rank = rank(None).await;
    let context = |n: usize| json!({ "name": format!("projects/taxi/agent/sessions/s/contexts/c{n}"), "lifespanCount": 3 });
    rank.driver.next([Told::json(
        json!({
            "fulfillmentText": "Too much", "source": "driver", "payload": { "car": 7 },
            "outputContexts": (0..101).map(context).collect::<Vec<_>>(),
        })
        .to_string(),
    )]);
    let answer = rank.say("call a taxi").await;
    let result = &answer["queryResult"];
    assert_eq!(result["fulfillmentText"], "static taxi");
    assert_eq!((&result["outputContexts"], result.get("webhookPayload")), (&json!([]), None));
    assert_eq!(answer["webhookStatus"]["code"], 14);
    // Nor is a page given what it cannot keep.
    let types: Vec<Value> = (0..101).map(|n| json!({ "name": format!("t{n}") })).collect();
    let contexts: Vec<Value> = (0..101).map(context).collect();
    let heavy = json!([{ "name": "c", "lifespanCount": 1, "parameters": { "p": "x".repeat(64 * 1024) } }]);
    for (field, too_much) in
        [("outputContexts", json!(contexts)), ("outputContexts", heavy), ("sessionEntityTypes", json!(types))]
    {
        rank.driver.next([Told::json(json!({ field: too_much }).to_string())]);
        rank.call("taxi", |_| {}).await.problem(502, "E431");
    }
    rank.driver.next([Told::json(r#"{"fulfillmentText": "On its way"}"#)]);
    assert_eq!(rank.say("call a taxi").await["queryResult"]["fulfillmentText"], "On its way");
}

#[tokio::test]
async fn where_only_messages_are_answered_a_page_has_their_text_too() {
    let rank = rank(None).await;
    let messages = json!([{ "payload": { "car": 7 } }, { "text": { "text": ["On its way"] } }]);
    rank.driver.next([Told::json(json!({ "fulfillmentMessages": messages }).to_string())]);
    let answer = rank.call("taxi", |_| {}).await.is(200).body();
    assert_eq!(answer, json!({ "fulfillmentText": "On its way", "fulfillmentMessages": messages }));
    rank.driver.next([Told::json(json!({ "fulfillmentMessages": messages }).to_string())]);
    assert_eq!(rank.say("call a taxi").await["queryResult"]["fulfillmentText"], "On its way");
}

#[tokio::test]
async fn events_lead_on_in_every_turn_and_come_to_an_end() {
    let rank = rank_of(None, 100).await;
    for turn in 1..=7 {
        rank.driver.next([Told::json(r#"{"followupEventInput": {"name": "TAXI_HERE"}}"#)]);
        let answer = rank.say("call a taxi").await;
        assert_eq!(answer["queryResult"]["fulfillmentText"], "static arrived", "turn {turn}");
    }
    rank.driver.seen();
    // For ever from one to the next: five after the first.
    let events = ["BACK", "ROUND"].into_iter().cycle().take(20);
    let leads_to = |event: &str| json!({ "followupEventInput": { "name": event } }).to_string();
    rank.driver.next(events.map(|event| Told::json(leads_to(event))));
    let answer = rank.say("go round and round").await;
    assert_eq!(answer["queryResult"]["fulfillmentText"], "static back");
    assert_eq!(rank.driver.seen().len(), 6);
}

#[tokio::test]
async fn what_is_empty_may_be_written_in_any_way() {
    let rank = rank_of(None, 100).await;
    for empty in [
        json!({ "fulfillmentText": "Ordered.", "followupEventInput": {} }),
        json!({ "fulfillmentText": "Ordered.", "followupEventInput": { "name": "" } }),
        json!({ "fulfillmentText": "Ordered.", "followupEventInput": null, "fulfillmentMessages": null,
                "outputContexts": null, "sessionEntityTypes": null, "payload": null, "source": null }),
        json!({ "fulfillmentText": "Ordered.",
                "outputContexts": [{ "name": "projects/taxi/agent/sessions/s/contexts/ride", "lifespanCount": 1, "parameters": null }] }),
    ] {
        rank.driver.next([Told::json(empty.to_string())]);
        let answer = rank.say("call a taxi").await;
        assert_eq!(answer["queryResult"]["fulfillmentText"], "Ordered.", "{empty}");
        assert_eq!(answer["webhookStatus"]["code"], 0, "{empty}");
        assert_eq!(rank.driver.seen().len(), 1, "{empty}");
    }
    // Parameters are the writer's own.
    rank.driver.next([Told::json(
        r#"{"outputContexts": [{"name": "projects/taxi/agent/sessions/s/contexts/car", "lifespanCount": 2, "parameters": {"plate": null}}]}"#,
    )]);
    let answer = rank.say("call a taxi").await;
    let contexts = answer["queryResult"]["outputContexts"].as_array().unwrap();
    let car = contexts.iter().find(|context| context["name"].as_str().unwrap().ends_with("/car")).unwrap();
    assert_eq!(car["parameters"], json!({ "plate": null }));
}
