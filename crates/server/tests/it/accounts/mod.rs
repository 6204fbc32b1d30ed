//! Accounts and sessions.

mod addresses;
mod leaving;
mod new_password;
mod passkeys;
mod sessions;
mod wishlist;

use crate::{on_both, support::Shop};
use axum::http::Method;
use serde_json::json;
use std::time::{Duration, Instant};

on_both!(
    signing_up_in_and_out,
    a_signed_out_cookie_is_dead,
    each_sign_in_has_a_cookie_of_its_own,
    what_cannot_be_an_account,
    a_cart_that_cannot_be_looked_at_keeps_nobody_out,
);

async fn signing_up_in_and_out(shop: Shop) {
    let mut ada = shop.browser();
    let session = ada.sign_up(" Ada@Example.org ").await.is(201).body();
    assert_eq!(session["account"]["email"], "ada@example.org");
    assert_eq!(ada.get("/api/v1/session").await.body()["account"], session["account"]);
    ada.delete("/api/v1/session").await.is(200);
    assert!(ada.get("/api/v1/session").await.body()["account"].is_null());
    ada.sign_in("ADA@example.org", "correct horse").await.is(200);

    let taken = shop.browser().sign_up("ada@example.org").await.problem(409, "E412");
    assert!(!taken.to_string().contains("exists"));
    let wrong = shop.browser().sign_in("ada@example.org", "wrong horse").await.problem(401, "E411");
    let unknown = shop.browser().sign_in("eve@example.org", "wrong horse").await.problem(401, "E411");
    assert_eq!(wrong["title"], unknown["title"], "known and unknown addresses are answered alike");
}

async fn a_signed_out_cookie_is_dead(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let mut thief = ada.clone();
    assert!(!thief.get("/api/v1/session").await.body()["account"].is_null());
    ada.delete("/api/v1/session").await.is(200);
    assert!(thief.get("/api/v1/session").await.body()["account"].is_null());
    thief.get("/api/v1/orders").await.problem(401, "E413");
}

async fn a_cart_that_cannot_be_looked_at_keeps_nobody_out(shop: Shop) {
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query("ALTER TABLE carts RENAME TO lost_carts").execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    let mut ada = shop.browser();
    let session = ada.sign_up("ada@example.org").await.is(201).body();
    assert_eq!((&session["account"]["name"], &session["cart_pieces"]), (&json!("Ada"), &json!(0)));
    let first = ada.cookies["menagerie_session"].clone();
    ada.sign_in("ada@example.org", "correct horse").await.is(200);
    assert_ne!(ada.cookies["menagerie_session"], first);
}

async fn each_sign_in_has_a_cookie_of_its_own(shop: Shop) {
    let mut ada = shop.browser();
    // Planted by somebody else: it must not become Ada's session.
    ada.cookies.insert("menagerie_session".to_owned(), "p".repeat(43));
    ada.sign_up("ada@example.org").await.is(201);
    let first = ada.cookies["menagerie_session"].clone();
    assert_ne!(first, "p".repeat(43));
    let mut old = ada.clone();
    ada.sign_in("ada@example.org", "correct horse").await.is(200);
    assert_ne!(ada.cookies["menagerie_session"], first);
    assert!(old.get("/api/v1/session").await.body()["account"].is_null(), "the one before is dead");
    assert!(!ada.get("/api/v1/session").await.body()["account"].is_null());
}

async fn what_cannot_be_an_account(shop: Shop) {
    let mut browser = shop.browser();
    for (field, value) in [
        ("name", json!("")),
        ("name", json!("x".repeat(101))),
        ("name", json!("a\u{0}b")),
        ("email", json!("ada")),
        ("email", json!("a\u{0}b@example.org")),
        ("password", json!("short")),
        ("password", json!("x".repeat(201))),
    ] {
        let mut form = json!({ "name": "Ada", "email": "ada@example.org", "password": "correct horse" });
        form[field] = value;
        let problem = browser.post("/api/v1/accounts", form).await.problem(422, "E401");
        assert_eq!(problem["fields"][0]["field"], field);
    }
    browser.sign_in("a\u{0}b@example.org", "correct horse").await.problem(401, "E411");
    browser.sign_in("ada@example.org", &"x".repeat(10_000)).await.problem(401, "E411");
    browser.sign_in("", "").await.problem(401, "E411");
}

#[tokio::test]
async fn guessing_is_slowed_down_and_a_forged_address_does_not_help() {
    let shop = Shop::sqlite(&[]).await;
    let mut refused = 0;
    for n in 0..12 {
        let forged = format!("203.0.113.{n}");
        let form = json!({ "email": "ada@example.org", "password": "wrong horse" });
        let headers = [("x-forwarded-for", &*forged)];
        let mut browser = shop.browser();
        let reply = browser.send(Method::POST, "/api/v1/session", Some(form), &headers).await;
        match reply.status.as_u16() {
            429 => {
                assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0);
                reply.problem(429, "E415");
                refused += 1;
            }
            _ => drop(reply.problem(401, "E411")),
        }
    }
    assert_eq!(refused, 2, "ten at once on one account");
    // The address that they all came from is counted too, whatever they said about it.
    let mut refused = 0;
    for n in 0..120 {
        let form = json!({ "email": format!("{n}@example.org"), "password": "" });
        let forged = format!("203.0.113.{n}");
        let headers = [("x-forwarded-for", &*forged)];
        let reply = shop.browser().send(Method::POST, "/api/v1/session", Some(form), &headers).await;
        refused += usize::from(reply.status.as_u16() == 429);
    }
    assert!(refused >= 20, "{refused}");
    // Somebody elsewhere is not held up.
    shop.browser_at("192.0.2.1").sign_up("bob@example.org").await.is(201);
}

#[tokio::test]
async fn unknown_addresses_take_as_long_as_known_ones() {
    let shop = Shop::sqlite(&[]).await;
    shop.browser().sign_up("ada@example.org").await.is(201);
    let mut fastest = [Duration::MAX; 2];
    let mut ratio = 0.0;
    // The fastest of many: what else the machine does at the time makes a try slower, and never quicker.
    for _ in 0..9 {
        for (email, fastest) in ["ada@example.org", "eve@example.org"].into_iter().zip(&mut fastest) {
            let begun = Instant::now();
            shop.browser().sign_in(email, "wrong horse").await.problem(401, "E411");
            *fastest = begun.elapsed().min(*fastest);
        }
        let [known, unknown] = fastest.map(|time| time.as_secs_f64());
        ratio = unknown / known;
        if (0.5..2.0).contains(&ratio) {
            return;
        }
    }
    panic!("an unknown address takes {ratio} times as long as a known one");
}

#[tokio::test]
async fn behind_tls_cookies_are_secure() {
    let shop = Shop::sqlite(&["--origin", "https://shop.example"]).await;
    let mut ada = shop.browser();
    let reply = ada.sign_up("ada@example.org").await.is(201);
    for cookie in reply.headers.get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        assert!(cookie.starts_with("__Host-menagerie_") && cookie.ends_with("; Secure"), "{cookie}");
    }
    assert!(!ada.get("/api/v1/session").await.body()["account"].is_null());
}
