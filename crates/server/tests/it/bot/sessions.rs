//! Sessions of `detectIntent` in the database, where other servers find them.

use super::neighbour::{Neighbour, Told};
use super::webhook::write_agent;
use crate::support::{Browser, Shop};
use axum::http::Method;
use serde_json::{Value, json};
use server::bot::settings::Settings;
use std::{fs, sync::Arc, time::Duration};
use tempfile::TempDir;

crate::on_both!(
    a_conversation_goes_on_at_another_server,
    contexts_that_one_server_makes_the_other_one_has,
    a_session_that_rested_too_long_is_new,
    what_cannot_be_read_is_a_new_session,
    when_there_are_too_many_the_oldest_go,
    when_all_are_too_heavy_the_heaviest_go,
    without_a_database_it_is_said_and_nothing_else,
    a_webhook_that_answers_rubbish_leaves_the_session,
    two_turns_of_one_session_at_once_both_count,
);

const SESSION: &str = "/v2/projects/petstore/agent/sessions/s";
const MINUTE: i64 = 60 * 1000;

fn text(text: &str) -> Value {
    json!({ "queryInput": { "text": { "text": text, "languageCode": "en" } } })
}

async fn detect(browser: &mut Browser, body: Value) -> Value {
    browser.post(&format!("{SESSION}:detectIntent"), body).await.is(200).body()["queryResult"].clone()
}

/// The names of the contexts of a session, and for how many turns they last.
async fn contexts(browser: &mut Browser, session: &str) -> Vec<(String, i64)> {
    let listed = browser.get(&format!("{session}/contexts")).await.is(200).body();
    let of = |context: &Value| {
        let name = context["name"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        (name, context["lifespanCount"].as_i64().unwrap())
    };
    listed["contexts"].as_array().unwrap().iter().map(of).collect()
}

async fn make(browser: &mut Browser, session: &str, name: &str) {
    browser.post(&format!("{session}/contexts"), json!({ "name": name, "lifespanCount": 5 })).await.is(200);
}

/// Lets all sessions rest for some minutes.
async fn rest(shop: &Shop, minutes: i64) {
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE bot_sessions SET used_at = used_at - $1")
        .bind(minutes * MINUTE)
        .execute(&mut *db)
        .await
        .unwrap();
    db.commit().await.unwrap();
}

async fn count(shop: &Shop) -> i64 {
    let mut db = shop.server.database.read().await.unwrap();
    sqlx::query_scalar("SELECT COUNT(*) FROM bot_sessions").fetch_one(&mut *db).await.unwrap()
}

async fn a_conversation_goes_on_at_another_server(shop: Shop) {
    let other = shop.another_server().await;
    let (mut here, mut there) = (shop.browser(), other.browser());
    let asked = detect(&mut here, text("where is my order")).await;
    assert_eq!(asked["allRequiredParamsPresent"], false, "{asked}");
    let asked = detect(&mut there, text("M-10042")).await;
    assert_eq!(asked["parameters"], json!({ "number": "M-10042", "email": "" }), "{asked}");
    let done = detect(&mut here, text("ada@example.org")).await;
    let all = json!({ "number": "M-10042", "email": "ada@example.org" });
    assert_eq!((&done["allRequiredParamsPresent"], &done["parameters"]), (&json!(true), &all), "{done}");

    // So does a word that only this session knows.
    let mut body = text("I am looking for a collar");
    body["queryParams"] = json!({ "sessionEntityTypes": [{
        "name": "projects/petstore/agent/sessions/s/entityTypes/product", "entityOverrideMode": 2,
        "entities": [{ "value": "bed", "synonyms": ["snoozer"] }],
    }] });
    assert_eq!(detect(&mut here, body).await["parameters"]["product"], "collar");
    let found = detect(&mut there, text("I am looking for a snoozer")).await;
    assert_eq!(found["parameters"]["product"], "bed", "{found}");
}

async fn contexts_that_one_server_makes_the_other_one_has(shop: Shop) {
    let other = shop.another_server().await;
    let (mut here, mut there) = (shop.browser(), other.browser());
    let made = json!({
        "name": "projects/petstore/agent/sessions/s/contexts/content", "lifespanCount": 5,
        "parameters": { "content": "fact", "n": 1.5, "list": [1, null, "\u{0}é"] },
    });
    let made = here.post(&format!("{SESSION}/contexts"), made).await.is(200).body();
    let one = format!("{SESSION}/contexts/content");
    there.get(&one).await.is(200).json(made);
    let patch = format!("{one}?updateMask=lifespanCount");
    there.send(Method::PATCH, &patch, Some(json!({ "lifespanCount": 9 })), &[]).await.is(200);
    assert_eq!(contexts(&mut here, SESSION).await, [("content".to_owned(), 9)]);
    make(&mut here, SESSION, "more").await;
    there.delete(&one).await.is(200);
    assert_eq!(contexts(&mut here, SESSION).await, [("more".to_owned(), 5)]);
    there.delete(&format!("{SESSION}/contexts")).await.is(200);
    assert_eq!(contexts(&mut here, SESSION).await, []);
}

async fn a_session_that_rested_too_long_is_new(shop: Shop) {
    let mut browser = shop.browser();
    make(&mut browser, SESSION, "found").await;
    rest(&shop, 29).await;
    assert_eq!(contexts(&mut browser, SESSION).await, [("found".to_owned(), 5)]);
    rest(&shop, 2).await;
    assert_eq!(contexts(&mut browser, SESSION).await, []);
    // What was there does not come back with the next one.
    make(&mut browser, SESSION, "new").await;
    assert_eq!(contexts(&mut browser, SESSION).await, [("new".to_owned(), 5)]);
    // A clock that was an hour ahead makes nothing last longer.
    rest(&shop, -60).await;
    assert_eq!(contexts(&mut browser, SESSION).await, []);
    shop.server.bot.sweep().await.unwrap();
    assert_eq!(count(&shop).await, 0);

    make(&mut browser, SESSION, "kept").await;
    rest(&shop, 29).await;
    shop.server.bot.sweep().await.unwrap();
    assert_eq!(count(&shop).await, 1);
    rest(&shop, 2).await;
    shop.server.bot.sweep().await.unwrap();
    assert_eq!(count(&shop).await, 0);
}

async fn what_cannot_be_read_is_a_new_session(shop: Shop) {
    let mut browser = shop.browser();
    make(&mut browser, SESSION, "found").await;
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE bot_sessions SET session = '{'").execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    assert_eq!(contexts(&mut browser, SESSION).await, []);
    make(&mut browser, SESSION, "new").await;
    assert_eq!(contexts(&mut browser, SESSION).await, [("new".to_owned(), 5)]);
}

async fn when_there_are_too_many_the_oldest_go(shop: Shop) {
    let mut browser = shop.browser();
    make(&mut browser, SESSION, "known").await;
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9999)
         INSERT INTO bot_sessions (name, used_at, bytes, session) SELECT 'old' || i, i, 2, '{}' FROM n",
    )
    .execute(&mut *db)
    .await
    .unwrap();
    db.commit().await.unwrap();
    // One that is there makes no more of them.
    make(&mut browser, SESSION, "more").await;
    assert_eq!(count(&shop).await, 10_000);
    make(&mut browser, "/v2/projects/petstore/agent/sessions/t", "new").await;
    assert_eq!(count(&shop).await, 9_001);
    assert_eq!(contexts(&mut browser, SESSION).await.len(), 2);
    let mut db = shop.server.database.read().await.unwrap();
    let oldest: i64 =
        sqlx::query_scalar("SELECT MIN(used_at) FROM bot_sessions").fetch_one(&mut *db).await.unwrap();
    assert_eq!(oldest, 1_001);
    drop(db);
}

async fn when_all_are_too_heavy_the_heaviest_go(shop: Shop) {
    let mut browser = shop.browser();
    make(&mut browser, SESSION, "known").await;
    let mut db = shop.server.database.write().await.unwrap();
    // What people left almost half an hour ago, and what somebody filled up since: 1,100 of 60 KB.
    for (name, count, bytes, minutes) in [("people", 500_i64, 2_000_i64, 25_i64), ("heavy", 1_100, 61_440, 1)]
    {
        sqlx::query(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $2)
             INSERT INTO bot_sessions (name, used_at, bytes, session)
             SELECT $1 || i, (SELECT MAX(used_at) FROM bot_sessions) - $4 * 60000 - i, $3, '{}' FROM n",
        )
        .bind(name)
        .bind(count)
        .bind(bytes)
        .bind(minutes)
        .execute(&mut *db)
        .await
        .unwrap();
    }
    db.commit().await.unwrap();
    // One that grows is more of it.
    make(&mut browser, SESSION, "larger").await;
    let mut db = shop.server.database.read().await.unwrap();
    let mut left = async |name: &str| -> i64 {
        sqlx::query_scalar("SELECT COUNT(*) FROM bot_sessions WHERE name LIKE $1")
            .bind(format!("{name}%"))
            .fetch_one(&mut *db)
            .await
            .unwrap()
    };
    assert_eq!((left("people").await, left("projects/").await), (500, 1));
    let heavy = left("heavy").await;
    assert!((900..1_000).contains(&heavy), "{heavy}");
    // Of those as heavy the ones that were used last stay.
    assert_eq!((left("heavy1100").await, left("heavy1").await > 0), (0, true));
}

async fn without_a_database_it_is_said_and_nothing_else(shop: Shop) {
    let mut browser = shop.browser();
    make(&mut browser, SESSION, "found").await;
    shop.server.database.close().await;
    for reply in [
        browser.post(&format!("{SESSION}:detectIntent"), text("hello")).await,
        browser.get(&format!("{SESSION}/contexts")).await,
        browser.post(&format!("{SESSION}/contexts"), json!({ "name": "x", "lifespanCount": 5 })).await,
    ] {
        let reply = reply.is(503);
        assert_eq!(reply.header("retry-after"), "5");
        assert_eq!(reply.body()["error"]["status"], "UNAVAILABLE");
    }
}

const TAXI: &str = "/v2/projects/taxi/agent/sessions/s";

/// A server on the database of a shop that has the agent `taxi`, and the agent's webhook.
async fn rank(shop: &Shop) -> (Shop, Neighbour, TempDir) {
    let driver = Neighbour::open().await;
    let folder = TempDir::new().unwrap();
    let address = format!("{}/hook", driver.origin);
    let agents = folder.path().join("agents");
    write_agent(&agents.join("taxi"), &address);
    let file = folder.path().join("bot.json");
    fs::write(&file, json!({ "webhooks": [{ "address": address, "private": true }] }).to_string()).unwrap();
    let settings = Settings::read(Some(&file), &|_| None).unwrap();
    let change = |configuration: &mut server::Configuration| {
        configuration.agents = Some(agents);
        configuration.bot = Arc::new(settings);
    };
    (shop.server_with(change).await, driver, folder)
}

async fn say(browser: &mut Browser, body: Value) -> Value {
    browser.post(&format!("{TAXI}:detectIntent"), body).await.is(200).body()
}

async fn a_webhook_that_answers_rubbish_leaves_the_session(shop: Shop) {
    let (rank, driver, _folder) = rank(&shop).await;
    let mut browser = rank.browser();
    // Where nothing is to be remembered, nothing is kept.
    say(&mut browser, text("hello there")).await;
    assert_eq!(count(&shop).await, 0);
    let mut body = text("hello there");
    body["queryParams"] =
        json!({ "sessionEntityTypes": [{ "name": "car", "entities": [{ "value": "red" }] }] });
    say(&mut browser, body).await;
    make(&mut browser, TAXI, "ride").await;
    driver.always(Told::json("<html>"));
    for left in [4, 3] {
        let answer = say(&mut browser, text("call a taxi")).await;
        assert_eq!(answer["queryResult"]["fulfillmentText"], "static taxi");
        assert_eq!(answer["webhookStatus"]["code"], 14);
        assert_eq!(contexts(&mut browser, TAXI).await, [("ride".to_owned(), left)]);
    }
    // A turn that changes nothing is one all the same: what only such turns follow does not rest.
    browser.delete(&format!("{TAXI}/contexts")).await.is(200);
    for _ in 0..2 {
        rest(&shop, 20).await;
        say(&mut browser, text("hello there")).await;
    }
    rest(&shop, 20).await;
    shop.server.bot.sweep().await.unwrap();
    assert_eq!(count(&shop).await, 1);
}

async fn two_turns_of_one_session_at_once_both_count(shop: Shop) {
    let (rank, driver, _folder) = rank(&shop).await;
    let sets = |name: &str| {
        let context = json!({ "name": format!("{}/contexts/{name}", &TAXI[4..]), "lifespanCount": 5 });
        // Long enough for the other turn to begin.
        Told::json(json!({ "outputContexts": [context] }).to_string()).after(Duration::from_millis(300))
    };
    driver.next([sets("first"), sets("second")]);
    let (mut one, mut two) = (rank.browser(), rank.browser());
    tokio::join!(say(&mut one, text("call a taxi")), say(&mut two, text("call a taxi")));
    let mut found = contexts(&mut one, TAXI).await;
    found.sort();
    assert_eq!(found, [("first".to_owned(), 4), ("second".to_owned(), 5)]);
}
