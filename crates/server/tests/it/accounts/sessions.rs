//! The browsers that are signed in.

use crate::{
    on_both,
    support::{Browser, Shop},
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    browsers_are_listed_and_signed_out,
    nobody_signs_out_somebody_elses_browser,
    when_a_session_was_last_seen,
);

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

async fn list(browser: &mut Browser) -> Vec<Value> {
    let reply = browser.get("/api/v1/account/sessions").await.is(200);
    reply.body().as_array().unwrap().clone()
}

async fn browsers_are_listed_and_signed_out(shop: Shop) {
    let mut phone = shop.browser();
    phone.sign_up("ada@example.org").await.is(201);
    let mut laptop = shop.browser();
    let form = json!({ "email": "ada@example.org", "password": "correct horse" });
    laptop
        .send(Method::POST, "/api/v1/session", Some(form.clone()), &[("user-agent", FIREFOX)])
        .await
        .is(200);
    let mut third = shop.browser();
    third.post("/api/v1/session", form).await.is(200);

    let sessions = list(&mut laptop).await;
    assert_eq!(sessions.len(), 3);
    let own: Vec<_> = sessions.iter().filter(|session| session["current"] == true).collect();
    assert_eq!((own.len(), &own[0]["device"]), (1, &json!("Firefox on Linux")));
    assert!(own[0]["since"].is_string() && own[0]["seen"].is_string());
    assert!(!sessions.iter().any(|session| {
        let text = session.to_string();
        [&laptop, &phone, &third].iter().any(|browser| text.contains(&browser.cookies["menagerie_session"]))
    }));

    let own_of_phone = list(&mut phone).await.into_iter().find(|session| session["current"] == true).unwrap();
    let address = format!("/api/v1/account/sessions/{}", own_of_phone["id"].as_str().unwrap());
    laptop.delete(&address).await.is(204);
    laptop.delete(&address).await.problem(404, "E402");
    phone.get("/api/v1/account/sessions").await.problem(401, "E413");
    assert_eq!(list(&mut laptop).await.len(), 2);

    laptop.delete("/api/v1/account/sessions").await.is(204);
    assert_eq!(list(&mut laptop).await.len(), 1);
    third.get("/api/v1/account/sessions").await.problem(401, "E413");
}

async fn nobody_signs_out_somebody_elses_browser(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let mut eve = shop.browser();
    eve.sign_up("eve@example.org").await.is(201);
    let id = list(&mut ada).await[0]["id"].as_str().unwrap().to_owned();
    eve.delete(&format!("/api/v1/account/sessions/{id}")).await.problem(404, "E402");
    eve.delete("/api/v1/account/sessions/%25").await.problem(404, "E402");
    eve.delete("/api/v1/account/sessions").await.is(204);
    assert_eq!(list(&mut ada).await.len(), 1);
    shop.browser().get("/api/v1/account/sessions").await.problem(401, "E413");
}

async fn when_a_session_was_last_seen(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let age = async |milliseconds: i64| {
        let mut db = shop.server.database.write().await.unwrap();
        let age = "UPDATE sessions SET seen_at = seen_at - $1";
        sqlx::query(age).bind(milliseconds).execute(&mut *db).await.unwrap();
        db.commit().await.unwrap();
        let mut db = shop.server.database.read().await.unwrap();
        let seen: i64 = sqlx::query_scalar("SELECT seen_at FROM sessions").fetch_one(&mut *db).await.unwrap();
        seen
    };
    let before = age(60_000).await;
    ada.get("/api/v1/session").await.is(200);
    assert_eq!(age(0).await, before, "not written at every request");
    let before = age(600_000).await;
    ada.get("/api/v1/session").await.is(200);
    assert!(age(0).await > before + 500_000);
}
