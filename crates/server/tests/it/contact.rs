//! The contact form.

use crate::{on_both, support::Shop};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    a_message_is_kept_once_and_answered_with_a_reference,
    who_writes_too_often_waits,
    what_is_answered_is_kept_for_two_years,
);

async fn who_writes_too_often_waits(shop: Shop) {
    let message = json!({
        "name": "Ada", "email": "ada@example.org", "topic": "order", "message": "Where is my dog bed?",
    });
    let mut browser = shop.browser();
    for n in 0..20 {
        browser.once(&n.to_string(), "/api/v1/contact", message.clone()).await.is(201);
    }
    browser.once("more", "/api/v1/contact", message.clone()).await.problem(429, "E415");
    browser.once("3", "/api/v1/contact", message.clone()).await.is(201);
    shop.browser_at("192.0.2.9").once("more", "/api/v1/contact", message).await.is(201);
}

async fn what_is_answered_is_kept_for_two_years(shop: Shop) {
    let mut browser = shop.browser();
    for (key, days) in [("old", 731), ("new", 729), ("open", 3_000)] {
        let message = json!({ "name": key, "email": "ada@example.org", "topic": "order", "message": "Where is my dog bed?" });
        let receipt = browser.once(key, "/api/v1/contact", message).await.is(201).body();
        let path = format!("/api/v1/operator/messages/{}", receipt["reference"].as_str().unwrap());
        let answered = json!({ "answered": key != "open" });
        shop.operator(Method::PUT, &path, answered).await.is(200);
        let mut db = shop.server.database.write().await.unwrap();
        sqlx::query("UPDATE contact_messages SET at = at - $1 WHERE name = $2")
            .bind(days * 24 * 60 * 60 * 1000_i64)
            .bind(key)
            .execute(&mut *db)
            .await
            .unwrap();
        db.commit().await.unwrap();
    }
    shop.server.contact.sweep().await.unwrap();
    let all = "/api/v1/operator/messages";
    let left = shop.operator(Method::GET, all, Value::Null).await.is(200).body();
    let names: Vec<_> = left.as_array().unwrap().iter().map(|message| &message["name"]).collect();
    assert_eq!(names, ["new", "open"]);
}

async fn a_message_is_kept_once_and_answered_with_a_reference(shop: Shop) {
    let message = json!({
        "name": "Ada", "email": "ada@example.org", "topic": "order", "message": "Where is my dog bed?",
    });
    let mut browser = shop.browser();
    let receipt = browser.once("k", "/api/v1/contact", message.clone()).await.is(201).body();
    let reference = receipt["reference"].as_str().unwrap();
    assert!(reference.starts_with("C-") && reference.len() == 10, "{reference}");
    let again = browser.once("k", "/api/v1/contact", message.clone()).await.is(201);
    assert_eq!((again.header("idempotent-replayed"), again.body()), ("true", receipt.clone()));
    let elsewhere =
        shop.browser_at("192.0.2.9").once("k", "/api/v1/contact", message.clone()).await.is(201).body();
    assert_ne!(elsewhere, receipt, "another stranger's key is another key");

    browser.post("/api/v1/contact", message.clone()).await.problem(400, "E410");
    for (field, value) in [
        ("name", json!("")),
        ("email", json!("ada@")),
        ("topic", json!("love")),
        ("message", json!("too short")),
        ("message", json!("x".repeat(5_001))),
    ] {
        let mut wrong = message.clone();
        wrong[field] = value;
        let problem = browser.once("k2", "/api/v1/contact", wrong).await.problem(422, "E401");
        assert_eq!(problem["fields"][0]["field"], field);
    }
}
