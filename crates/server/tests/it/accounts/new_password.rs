//! Another password, by the one of before or by mail.

use crate::{
    on_both,
    support::{Browser, Reply, Shop, mailbox, postgres::transactions_wait},
};
use axum::http::Method;
use serde_json::json;
use std::time::{Duration, Instant};

on_both!(
    changing_the_password_ends_the_other_sessions,
    who_does_not_know_the_present_password_changes_nothing,
    a_new_password_by_mail,
    a_link_works_once_and_only_the_newest_one,
    a_link_that_is_too_old_is_refused,
    a_link_that_is_too_old_is_not_sent,
    of_many_at_once_one_uses_a_link,
    unknown_addresses_are_answered_alike_and_get_no_mail,
    nothing_comes_of_a_password_that_was_replaced_meanwhile,
);

async fn change(browser: &mut Browser, present: &str, next: &str) -> Reply {
    browser.put("/api/v1/account/password", json!({ "password": present, "new_password": next })).await
}

async fn forgot(shop: &Shop, email: &str) -> Reply {
    shop.browser().post("/api/v1/password-resets", json!({ "email": email })).await
}

async fn reset(shop: &Shop, token: &str, next: &str) -> Reply {
    shop.browser().put("/api/v1/password-resets", json!({ "token": token, "new_password": next })).await
}

/// The token in the newest mail.
fn token(shop: &Shop) -> String {
    let mail = mailbox::of(shop).pop().expect("a mail");
    let (address, token) = mail.link().split_once("?token=").expect("a link with a token");
    assert_eq!(address, "http://127.0.0.1:8080/#/account/reset");
    token.to_owned()
}

fn is_signed_in(reply: &Reply) -> bool {
    !reply.body()["account"].is_null()
}

async fn changing_the_password_ends_the_other_sessions(shop: Shop) {
    let mut phone = shop.browser();
    phone.sign_up("ada@example.org").await.is(201);
    let mut laptop = shop.browser();
    laptop.sign_in("ada@example.org", "correct horse").await.is(200);
    let mut thief = laptop.clone();

    change(&mut laptop, "correct horse", "battery staple").await.is(204);
    assert!(is_signed_in(&laptop.get("/api/v1/session").await), "who changed it stays signed in");
    assert!(!is_signed_in(&thief.get("/api/v1/session").await), "under a new cookie");
    assert!(!is_signed_in(&phone.get("/api/v1/session").await));
    phone.sign_in("ada@example.org", "correct horse").await.problem(401, "E411");
    phone.sign_in("ada@example.org", "battery staple").await.is(200);

    shop.post().await;
    let mails = mailbox::of(&shop);
    assert_eq!((mails.len(), mails[0].header("Subject")), (1, "Your password was changed"));
    assert_eq!(mails[0].link(), "http://127.0.0.1:8080/#/account/forgotten");
}

async fn who_does_not_know_the_present_password_changes_nothing(shop: Shop) {
    let mut ada = shop.browser();
    change(&mut ada, "correct horse", "battery staple").await.problem(401, "E413");
    ada.sign_up("ada@example.org").await.is(201);
    let problem = change(&mut ada, "wrong horse", "battery staple").await.problem(403, "E441");
    assert_eq!(problem["fields"][0]["field"], "password");
    let problem = change(&mut ada, "correct horse", "short").await.problem(422, "E401");
    assert_eq!(problem["fields"][0]["field"], "new_password");
    shop.browser().sign_in("ada@example.org", "correct horse").await.is(200);
    shop.post().await;
    assert!(mailbox::of(&shop).is_empty());
}

async fn a_new_password_by_mail(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let form = json!({ "email": " Ada@Example.org" });
    let german = [("accept-language", "de-DE,de;q=0.9,en;q=0.5")];
    let mut elsewhere = shop.browser();
    let reply = elsewhere.send(Method::POST, "/api/v1/password-resets", Some(form), &german).await;
    assert!(reply.is(202).bytes.is_empty());
    shop.post().await;
    let mails = mailbox::of(&shop);
    assert_eq!((mails.len(), mails[0].header("To")), (1, "ada@example.org"));
    assert!(mails[0].text.contains("innerhalb von 60 Minuten"), "{}", mails[0].text);

    // Nobody who reads the database can use it.
    let token = token(&shop);
    let mut db = shop.server.database.read().await.unwrap();
    let kept: Vec<String> =
        sqlx::query_scalar("SELECT token FROM password_resets").fetch_all(&mut *db).await.unwrap();
    assert!(kept.len() == 1 && !kept[0].contains(&token));
    let said: Vec<String> = sqlx::query_scalar("SELECT text FROM mails").fetch_all(&mut *db).await.unwrap();
    assert_eq!(said, [""], "nor does the outbox keep it");
    drop(db);

    let problem = reset(&shop, &token, "short").await.problem(422, "E401");
    assert_eq!(problem["fields"][0]["field"], "new_password");
    reset(&shop, &token, "battery staple").await.is(204);
    assert!(!is_signed_in(&ada.get("/api/v1/session").await), "every browser is signed out");
    ada.sign_in("ada@example.org", "correct horse").await.problem(401, "E411");
    ada.sign_in("ada@example.org", "battery staple").await.is(200);
}

async fn a_link_works_once_and_only_the_newest_one(shop: Shop) {
    shop.browser().sign_up("ada@example.org").await.is(201);
    forgot(&shop, "ada@example.org").await.is(202);
    shop.post().await;
    let first = token(&shop);
    forgot(&shop, "ada@example.org").await.is(202);
    shop.post().await;
    let second = token(&shop);
    assert_ne!(first, second);
    reset(&shop, &first, "battery staple").await.problem(410, "E440");
    reset(&shop, "", "battery staple").await.problem(410, "E440");
    reset(&shop, &second, "battery staple").await.is(204);
    reset(&shop, &second, "another staple").await.problem(410, "E440");
    shop.browser().sign_in("ada@example.org", "battery staple").await.is(200);
    // A link that waits is worth nothing either once the password was changed otherwise.
    forgot(&shop, "ada@example.org").await.is(202);
    shop.post().await;
    let third = token(&shop);
    let mut ada = shop.browser();
    ada.sign_in("ada@example.org", "battery staple").await.is(200);
    change(&mut ada, "battery staple", "correct horse").await.is(204);
    reset(&shop, &third, "another staple").await.problem(410, "E440");
}

async fn a_link_that_is_too_old_is_refused(shop: Shop) {
    shop.browser().sign_up("ada@example.org").await.is(201);
    forgot(&shop, "ada@example.org").await.is(202);
    shop.post().await;
    let token = token(&shop);
    let mut db = shop.server.database.write().await.unwrap();
    let age = "UPDATE password_resets SET expires_at = expires_at - 3600001";
    sqlx::query(age).execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    reset(&shop, &token, "battery staple").await.problem(410, "E440");
    shop.browser().sign_in("ada@example.org", "correct horse").await.is(200);
    shop.server.accounts.sweep().await.unwrap();
    let mut db = shop.server.database.read().await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM password_resets").fetch_one(&mut *db).await.unwrap();
    assert_eq!(left, 0);
}

async fn a_link_that_is_too_old_is_not_sent(shop: Shop) {
    shop.browser().sign_up("ada@example.org").await.is(201);
    forgot(&shop, "ada@example.org").await.is(202);
    shop.server.accounts.answer_wishes().await.unwrap();
    let mut db = shop.server.database.read().await.unwrap();
    let end: i64 =
        sqlx::query_scalar("SELECT expires_at FROM password_resets").fetch_one(&mut *db).await.unwrap();
    drop(db);
    shop.server.mail.send_due(end, &shop.server.stopping).await.unwrap();
    assert!(mailbox::of(&shop).is_empty());
}

async fn of_many_at_once_one_uses_a_link(shop: Shop) {
    shop.browser().sign_up("ada@example.org").await.is(201);
    forgot(&shop, "ada@example.org").await.is(202);
    shop.post().await;
    let token = token(&shop);
    let tries = (0..8).map(|n| {
        let (shop, token) = (&shop, &token);
        async move { reset(shop, token, &format!("battery staple {n}")).await.status.as_u16() }
    });
    let mut answers = futures_util::future::join_all(tries).await;
    answers.sort_unstable();
    assert_eq!(answers, [&[204][..], &[410; 7]].concat());
}

async fn unknown_addresses_are_answered_alike_and_get_no_mail(shop: Shop) {
    shop.browser().sign_up("ada@example.org").await.is(201);
    let known = forgot(&shop, "ada@example.org").await.is(202);
    let unknown = forgot(&shop, "eve@example.org").await.is(202);
    assert_eq!(known.bytes, unknown.bytes);
    let names = |reply: &Reply| reply.headers.keys().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(names(&known), names(&unknown));
    shop.post().await;
    let to: Vec<_> = mailbox::of(&shop).iter().map(|mail| mail.header("To").to_owned()).collect();
    assert_eq!(to, ["ada@example.org"]);
    forgot(&shop, "ada").await.problem(422, "E401");
    let mut db = shop.server.database.read().await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT COUNT(*) FROM reset_wishes").fetch_one(&mut *db).await.unwrap();
    assert_eq!(left, 0, "who asked in vain is not kept");
}

async fn nothing_comes_of_a_password_that_was_replaced_meanwhile(shop: Shop) {
    let mut thief = shop.browser();
    thief.sign_up("ada@example.org").await.is(201);
    let form = json!({ "name": "Bob", "email": "bob@example.org", "password": "battery staple" });
    shop.browser().post("/api/v1/accounts", form).await.is(201);
    // As a reset sets another password and ends the sessions, while the old one is still being checked.
    let mut db = shop.server.database.write().await.unwrap();
    let set = "UPDATE accounts SET password = (SELECT MAX(password) FROM accounts WHERE name = 'Bob')";
    sqlx::query(set).execute(&mut *db).await.unwrap();
    sqlx::query("DELETE FROM sessions").execute(&mut *db).await.unwrap();
    let tries = ["sign in", "change", "leave"].map(|what| {
        let mut thief = thief.clone();
        tokio::spawn(async move {
            match what {
                "sign in" => thief.sign_in("ada@example.org", "correct horse").await,
                "change" => change(&mut thief, "correct horse", "stolen horse").await,
                _ => thief.post("/api/v1/account/deletion", json!({ "password": "correct horse" })).await,
            }
        })
    });
    // Each of them has checked it by then.
    if shop.server.configuration.database.starts_with("postgres:") {
        transactions_wait(&shop, 3).await;
    } else {
        // In SQLite they wait for their turn to write, which nobody sees.
        tokio::time::sleep(Duration::from_secs(2)).await;
    }
    db.commit().await.unwrap();
    for tried in tries {
        let reply = tried.await.unwrap();
        assert!(matches!(reply.status.as_u16(), 401 | 403), "{}", reply.text());
    }
    let mut db = shop.server.database.read().await.unwrap();
    let count = "SELECT COUNT(*), COUNT(DISTINCT password), (SELECT COUNT(*) FROM sessions) FROM accounts";
    let left: (i64, i64, i64) = sqlx::query_as(count).fetch_one(&mut *db).await.unwrap();
    assert_eq!(left, (2, 1, 0), "both accounts, the password that was set, nobody signed in");
}

#[tokio::test]
async fn nobody_is_flooded_with_mails() {
    let shop = Shop::sqlite(&[]).await;
    for email in ["ada@example.org", "nobody@example.org"] {
        for _ in 0..3 {
            forgot(&shop, email).await.is(202);
        }
        let reply = forgot(&shop, email).await;
        assert!(reply.header("retry-after").parse::<u64>().unwrap() > 60);
        reply.problem(429, "E415");
    }
    forgot(&shop, "bob@example.org").await.is(202);
}

#[tokio::test]
async fn who_signs_up_with_a_strangers_address_cannot_flood_it() {
    let shop = Shop::sqlite(&[]).await;
    let mut changes = 0;
    // Each change is told by mail, and a new account is a new beginning for what is counted by accounts.
    'accounts: for _ in 0..4 {
        let mut browser = shop.browser();
        browser.sign_up("stranger@example.org").await.is(201);
        let (mut present, mut next) = ("correct horse", "battery staple");
        for _ in 0..4 {
            let reply = change(&mut browser, present, next).await;
            if reply.status.as_u16() == 429 {
                break 'accounts;
            }
            reply.is(204);
            changes += 1;
            std::mem::swap(&mut present, &mut next);
        }
        let left = browser.post("/api/v1/account/deletion", json!({ "password": present })).await;
        if left.status.as_u16() == 429 {
            break;
        }
        left.is(204);
        changes += 1;
    }
    assert_eq!(changes, 10);
}

#[tokio::test]
async fn guessing_the_present_password_is_slowed_down() {
    let shop = Shop::sqlite(&[]).await;
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let mut refused = 0;
    for _ in 0..12 {
        let reply = change(&mut ada, "wrong horse", "battery staple").await;
        refused += usize::from(reply.status.as_u16() == 429);
    }
    assert_eq!(refused, 2, "ten at once");
}

#[tokio::test]
async fn a_stranger_who_guesses_keeps_nobody_from_changing_the_password() {
    let shop = Shop::sqlite(&[]).await;
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let mut stranger = shop.browser_at("192.0.2.1");
    for _ in 0..12 {
        stranger.sign_in("ada@example.org", "wrong horse").await;
    }
    stranger.sign_in("ada@example.org", "wrong horse").await.problem(429, "E415");
    change(&mut ada, "correct horse", "battery staple").await.is(204);
}

#[tokio::test]
async fn asking_takes_as_long_for_unknown_addresses() {
    let shop = Shop::sqlite(&[]).await;
    let mut fastest = [Duration::MAX; 2];
    let mut ratio = 0.0;
    // The fastest of many: what else the machine does at the time makes a try slower, and never quicker.
    for n in 0..40 {
        let known = format!("ada{n}@example.org");
        let mut browser = shop.browser_at(&format!("192.0.2.{n}"));
        browser.sign_up(&known).await.is(201);
        for (email, fastest) in [known, format!("eve{n}@example.org")].into_iter().zip(&mut fastest) {
            let begun = Instant::now();
            browser.post("/api/v1/password-resets", json!({ "email": email })).await.is(202);
            *fastest = begun.elapsed().min(*fastest);
        }
        let [known, unknown] = fastest.map(|time| time.as_secs_f64());
        ratio = unknown / known;
        if n > 3 && (0.5..2.0).contains(&ratio) {
            return;
        }
    }
    panic!("an unknown address takes {ratio} times as long as a known one");
}
