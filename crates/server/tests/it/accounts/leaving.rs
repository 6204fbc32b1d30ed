//! Taking one's data along, and leaving.

use crate::{
    on_both,
    support::{Browser, Shop, mailbox, order},
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    an_export_has_all_of_it,
    a_name_is_changed,
    leaving_needs_the_password,
    leaving_takes_the_person_out_of_everything,
    answers_that_are_kept_for_a_repetition_go_too,
    mails_that_wait_are_given_up_and_no_strangers,
    a_message_is_whose_account_it_was_written_with,
    a_parcel_on_its_way_keeps_its_address_until_it_is_over,
    who_leaves_with_a_parcel_on_its_way_still_gets_it,
);

/// Ada with an address, a wish, a message, an order with a coupon and something in the cart. The order's key.
async fn ada(shop: &Shop) -> (Browser, String) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    ada.add(4, 1).await.is(200);
    ada.coupon("WELCOME10").await.is(200);
    let order = ada.order("k", 1005 - 101 + 990, "on_delivery").await.is(201).body();
    ada.once("m", "/api/v1/contact", message("lovelace@example.net")).await.is(201);
    ada.add(1, 2).await.is(200);
    ada.put("/api/v1/account/wishlist/1", Value::Null).await.is(204);
    let address =
        json!({ "name": "Ada", "street": "Lane 1", "postcode": "10115", "city": "Berlin", "country": "DE" });
    ada.post("/api/v1/account/addresses", json!({ "address": address })).await.is(201);
    (ada, order["key"].as_str().unwrap().to_owned())
}

fn message(email: &str) -> Value {
    json!({ "name": "Ada", "email": email, "topic": "order", "message": "Does it go to Lane 1, too?" })
}

async fn leave(browser: &mut Browser, password: &str) -> crate::support::Reply {
    browser.post("/api/v1/account/deletion", json!({ "password": password })).await
}

/// An operator sends the order with this key, and the mail about it goes out.
async fn send_off(shop: &Shop, key: &str) {
    let order = shop.browser().get(&format!("/api/v1/orders/{key}")).await.is(200).body();
    let path = format!("/api/v1/operator/orders/{}/status", order["number"].as_str().unwrap());
    shop.operator(Method::PUT, &path, json!({ "status": "shipped" })).await.is(200);
    shop.post().await;
}

/// What was sent was sent so much earlier.
async fn days_pass(shop: &Shop, days: i64) {
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE orders SET shipped_at = shipped_at - $1")
        .bind(days * 24 * 60 * 60 * 1000)
        .execute(&mut *db)
        .await
        .unwrap();
    db.commit().await.unwrap();
}

/// Every text of every table in which somebody can stand.
async fn everything(shop: &Shop) -> String {
    let mut db = shop.server.database.read().await.unwrap();
    let mut all = String::new();
    for question in [
        "SELECT id || email || name FROM accounts",
        "SELECT account || device FROM sessions",
        "SELECT account || name || street FROM saved_addresses",
        "SELECT account FROM wishes",
        "SELECT account || text FROM reviews",
        "SELECT COALESCE(account, '') || name || email || message FROM contact_messages",
        "SELECT customer FROM coupon_uses",
        "SELECT account FROM password_resets",
        "SELECT email FROM reset_wishes",
        "SELECT account || name FROM passkeys",
        "SELECT account || handle FROM passkey_users",
        "SELECT account || state FROM passkey_ceremonies WHERE account IS NOT NULL",
        "SELECT COALESCE(account, '') || email || name || street || extra || postcode || city FROM orders",
        "SELECT COALESCE(account, '') FROM carts",
        "SELECT scope || body FROM idempotency",
        "SELECT recipient || text FROM mails",
    ] {
        let rows: Vec<String> = sqlx::query_scalar(question).fetch_all(&mut *db).await.unwrap();
        all += &rows.join("\n");
    }
    all
}

async fn an_export_has_all_of_it(shop: Shop) {
    let (mut ada, key) = ada(&shop).await;
    let reply = ada.get("/api/v1/account/export").await.is(200);
    assert_eq!(reply.header("content-disposition"), "attachment; filename=\"menagerie-account.json\"");
    assert_eq!(reply.header("cache-control"), "no-store");
    let export = reply.body();
    assert_eq!(export["account"]["email"], "ada@example.org");
    assert_eq!(export["addresses"][0]["address"]["street"], "Lane 1");
    assert_eq!(export["wishlist"][0]["id"], 1);
    assert_eq!(
        (&export["orders"][0]["key"], &export["orders"][0]["address"]["city"]),
        (&json!(key), &json!("Berlin"))
    );
    assert_eq!(export["cart"]["pieces"], 2);
    assert_eq!(export["messages"][0]["email"], "lovelace@example.net");
    assert_eq!(export["sessions"][0]["current"], true);
    assert!(export["created_at"].as_str().unwrap() <= export["exported_at"].as_str().unwrap());
    assert!(!reply.text().contains("argon2"), "the password's hash stays here");
    shop.browser().get("/api/v1/account/export").await.problem(401, "E413");
}

async fn a_name_is_changed(shop: Shop) {
    let (mut ada, _) = ada(&shop).await;
    let path = "/api/v1/account";
    assert_eq!(ada.patch(path, json!({ "name": " Ada L. " })).await.is(200).body()["name"], "Ada L.");
    assert_eq!(ada.get("/api/v1/session").await.body()["account"]["name"], "Ada L.");
    ada.patch(path, json!({ "name": "" })).await.problem(422, "E401");
    shop.browser().patch(path, json!({ "name": "Eve" })).await.problem(401, "E413");
}

async fn leaving_needs_the_password(shop: Shop) {
    let (mut ada, _) = ada(&shop).await;
    leave(&mut ada, "wrong horse").await.problem(403, "E441");
    leave(&mut shop.browser(), "correct horse").await.problem(401, "E413");
    shop.browser().sign_in("ada@example.org", "correct horse").await.is(200);
}

async fn leaving_takes_the_person_out_of_everything(shop: Shop) {
    let (mut ada, key) = ada(&shop).await;
    let account = ada.get("/api/v1/session").await.body()["account"]["id"].as_str().unwrap().to_lowercase();
    let mut elsewhere = shop.browser();
    elsewhere.sign_in("ada@example.org", "correct horse").await.is(200);
    shop.browser().post("/api/v1/password-resets", json!({ "email": "ada@example.org" })).await.is(202);
    shop.post().await;
    send_off(&shop, &key).await;
    days_pass(&shop, 31).await;

    leave(&mut ada, "correct horse").await.is(204);
    assert!(ada.cookies.is_empty(), "{:?}", ada.cookies);
    elsewhere.get("/api/v1/orders").await.problem(401, "E413");
    elsewhere.sign_in("ada@example.org", "correct horse").await.problem(401, "E411");
    let order = shop.browser().get(&format!("/api/v1/orders/{key}")).await.is(200).body();
    assert_eq!(order["totals"]["total"]["amount"], 1894, "the order stays: {order}");
    assert_eq!(
        order["address"],
        json!({ "name": "", "street": "", "extra": "", "postcode": "", "city": "", "country": "DE" })
    );
    let number = order["number"].as_str().unwrap().trim_start_matches("M-");
    assert!(shop.server.orders.standing(number, "").await.unwrap().is_none(), "nobody's address opens it");

    shop.post().await;
    let last = mailbox::of(&shop).pop().unwrap();
    assert_eq!((last.header("To"), last.header("Subject")), ("ada@example.org", "Your account is deleted"));
    let left = everything(&shop).await.to_lowercase();
    for trace in ["ada", "lane", "berlin", "10115", "lovelace", &account] {
        assert!(!left.contains(trace), "{trace}: {left}");
    }
    let mut db = shop.server.database.read().await.unwrap();
    let used: i64 = sqlx::query_scalar("SELECT uses FROM coupon_uses WHERE customer = ''")
        .fetch_one(&mut *db)
        .await
        .unwrap();
    assert_eq!(used, 1, "how often a coupon was used in all still counts");
    // The address is free again, and somebody new behind it.
    let mut again = shop.browser();
    again.sign_up("ada@example.org").await.is(201);
    assert_eq!(again.get("/api/v1/orders").await.body(), json!([]));
    assert!(again.cart().await.is_empty());
}

async fn answers_that_are_kept_for_a_repetition_go_too(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    ada.add(4, 1).await.is(200);
    let order = ada.order("k", 1995, "test_card").await.is(201).body();
    let address = format!("/api/v1/orders/{}", order["key"].as_str().unwrap());
    let card = json!({ "card_number": "4242 4242 4242 4242" });
    let paid = ada.once("p", &format!("{address}/payment"), card.clone()).await.is(200).body();
    assert_eq!(paid["address"]["street"], "Lane 1");
    ada.post(&format!("{address}/cancellation"), json!({})).await.is(200);
    leave(&mut ada, "correct horse").await.is(204);
    let mut db = shop.server.database.read().await.unwrap();
    let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM idempotency").fetch_one(&mut *db).await.unwrap();
    assert_eq!(kept, 0, "an answer with name and address is left");
    drop(db);
    shop.browser().once("p", &format!("{address}/payment"), card).await.problem(409, "E408");
}

/// Anybody can sign up with a stranger's address, and leave.
async fn mails_that_wait_are_given_up_and_no_strangers(shop: Shop) {
    let bob = "Bob@example.org";
    let mut form = order(1995, "on_delivery");
    form["email"] = json!(bob);
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let theirs = guest.once("k", "/api/v1/orders", form.clone()).await.is(201).body();

    let mut mallory = shop.browser();
    mallory.sign_up("bob@example.org").await.is(201);
    mallory.add(4, 1).await.is(200);
    let own = mallory.once("l", "/api/v1/orders", form).await.is(201).body();
    shop.browser().post("/api/v1/password-resets", json!({ "email": bob })).await.is(202);
    shop.server.accounts.answer_wishes().await.unwrap();
    leave(&mut mallory, "correct horse").await.is(204);

    shop.post().await;
    let mails = mailbox::of(&shop);
    let texts: Vec<_> = mails.iter().map(|mail| &*mail.text).collect();
    assert!(texts.iter().any(|text| text.contains(theirs["key"].as_str().unwrap())), "{texts:?}");
    assert!(!texts.iter().any(|text| text.contains(own["key"].as_str().unwrap())), "{texts:?}");
    assert_eq!(texts.len(), 2, "the farewell is the other one: {texts:?}");
}

async fn a_message_is_whose_account_it_was_written_with(shop: Shop) {
    // Anybody can sign up with an address that they saw somewhere.
    shop.browser().once("m", "/api/v1/contact", message("ada@example.org")).await.is(201);
    let (mut ada, _) = ada(&shop).await;
    let export = ada.get("/api/v1/account/export").await.is(200).body();
    assert_eq!(export["messages"].as_array().unwrap().len(), 1, "{export}");
    leave(&mut ada, "correct horse").await.is(204);
    let all = "/api/v1/operator/messages";
    let left = shop.operator(Method::GET, all, Value::Null).await.is(200).body();
    assert_eq!((left.as_array().unwrap().len(), &left[0]["email"]), (1, &json!("ada@example.org")));
}

async fn a_parcel_on_its_way_keeps_its_address_until_it_is_over(shop: Shop) {
    let (mut ada, key) = ada(&shop).await;
    leave(&mut ada, "correct horse").await.is(204);
    let find = async || shop.browser().get(&format!("/api/v1/orders/{key}")).await.is(200).body();
    shop.server.orders.sweep().await.unwrap();
    assert_eq!(find().await["address"]["street"], "Lane 1");
    send_off(&shop, &key).await;
    days_pass(&shop, 29).await;
    shop.server.orders.sweep().await.unwrap();
    assert_eq!(find().await["address"]["street"], "Lane 1", "it is on its way");
    days_pass(&shop, 2).await;
    shop.server.orders.sweep().await.unwrap();
    assert_eq!(find().await["address"]["street"], "");
    assert!(!everything(&shop).await.contains("Lane"));
}

async fn who_leaves_with_a_parcel_on_its_way_still_gets_it(shop: Shop) {
    let (mut ada, key) = ada(&shop).await;
    send_off(&shop, &key).await;
    leave(&mut ada, "correct horse").await.is(204);
    let order = shop.browser().get(&format!("/api/v1/orders/{key}")).await.is(200).body();
    assert_eq!(order["address"]["street"], "Lane 1");
}
