//! Reviews: by buyers alone, one of each, and what they come to.

use crate::{
    on_both,
    support::{Browser, Reply, Shop},
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    only_buyers_write,
    a_change_takes_the_place,
    many_at_once_are_one,
    stars_are_summed_up,
    pages_go_on_where_the_last_one_ended,
    what_is_hidden_stays_hidden,
    who_writes_too_often_waits,
    nothing_wrong_is_kept,
    summaries_come_by_number,
    reviews_leave_with_their_account,
    the_number_of_one_that_is_gone_is_nobody_elses,
);

const BALL: &str = "/api/v1/catalogue/products/2/reviews";
const MINE: &str = "/api/v1/catalogue/products/2/reviews/mine";

/// An operator sends off what somebody ordered last.
async fn ship(shop: &Shop, buyer: &mut Browser) {
    let number = buyer.get("/api/v1/orders").await.is(200).body()[0]["number"].as_str().unwrap().to_owned();
    let sent = json!({ "status": "shipped" });
    shop.operator(Method::PUT, &format!("/api/v1/operator/orders/{number}/status"), sent).await.is(200);
}

/// Somebody who is signed in and has bought the ball.
async fn buyer(shop: &Shop, name: &str) -> Browser {
    let mut buyer = shop.browser();
    let form = json!({ "name": name, "email": format!("{}@example.org", name.replace(' ', ".")),
        "password": "correct horse" });
    buyer.post("/api/v1/accounts", form).await.is(201);
    buyer.add(4, 1).await.is(200);
    buyer.order("k", 1995, "on_delivery").await.is(201);
    ship(shop, &mut buyer).await;
    buyer
}

async fn write(browser: &mut Browser, stars: i64, text: &str) -> Reply {
    browser.put(MINE, json!({ "stars": stars, "text": text })).await
}

async fn list(browser: &mut Browser) -> Value {
    browser.get(BALL).await.is(200).body()
}

/// Stars and text of each, in their order.
fn told(page: &Value) -> Vec<(i64, String)> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| (item["stars"].as_i64().unwrap(), item["text"].as_str().unwrap().to_owned()))
        .collect()
}

async fn only_buyers_write(shop: Shop) {
    let mut guest = shop.browser();
    let empty = list(&mut guest).await;
    assert_eq!(empty, json!({ "by_stars": [0, 0, 0, 0, 0], "items": [], "may_write": false }));
    write(&mut guest, 5, "").await.problem(401, "E413");
    guest.delete(MINE).await.problem(401, "E413");

    // Signed in is not enough, nor is another product, an order without an account, one that is not paid, or one that can still
    // be cancelled.
    let mut eve = shop.browser();
    eve.add(4, 1).await.is(200);
    eve.order("guest", 1995, "on_delivery").await.is(201);
    eve.sign_up("eve@example.org").await.is(201);
    eve.add(1, 1).await.is(200);
    eve.order("bed", 5980, "on_delivery").await.is(201);
    eve.add(4, 1).await.is(200);
    eve.order("unpaid", 1995, "test_card").await.is(201);
    eve.add(4, 1).await.is(200);
    eve.order("unsent", 1995, "on_delivery").await.is(201);
    assert_eq!(list(&mut eve).await["may_write"], false);
    write(&mut eve, 5, "").await.problem(403, "E443");
    eve.delete(MINE).await.is(204);

    let mut ada = buyer(&shop, "Ada Lovelace").await;
    assert_eq!(list(&mut ada).await["may_write"], true);
    let written = write(&mut ada, 4, " It\nbounces. ").await.is(200).body();
    assert_eq!((&written["name"], &written["text"]), (&json!("Ada"), &json!("It\nbounces.")));
    assert_eq!((&written["mine"], &written["hidden"]), (&json!(true), &json!(false)));
    let seen = list(&mut ada).await;
    assert_eq!((&seen["items"][0], &seen["mine"]), (&written, &written));
    let seen = list(&mut eve).await;
    assert_eq!((&seen["items"][0]["mine"], &seen["mine"]), (&json!(false), &Value::Null));
    assert!(!seen.to_string().contains("Lovelace"), "the rest of a name is nobody's business");

    // What counted cannot be taken back.
    let order = ada.get("/api/v1/orders").await.is(200).body()[0]["key"].as_str().unwrap().to_owned();
    ada.post(&format!("/api/v1/orders/{order}/cancellation"), json!({})).await.problem(409, "E408");
    ada.delete(MINE).await.is(204);
    assert_eq!(told(&list(&mut ada).await), []);
}

async fn a_change_takes_the_place(shop: Shop) {
    let mut ada = buyer(&shop, "Ada").await;
    let first = write(&mut ada, 2, "Flat.").await.is(200).body();
    let second = write(&mut ada, 5, "Pumped up.").await.is(200).body();
    assert_eq!(first["id"], second["id"]);
    let page = list(&mut ada).await;
    assert_eq!(told(&page), [(5, "Pumped up.".to_owned())]);
    assert_eq!(page["rating"], json!({ "tenths": 50, "count": 1 }));
    ada.delete(MINE).await.is(204);
    ada.delete(MINE).await.is(204);
    let page = list(&mut ada).await;
    assert_eq!((&page["rating"], &page["mine"]), (&Value::Null, &Value::Null));
    assert_eq!(page["may_write"], true);
}

async fn many_at_once_are_one(shop: Shop) {
    let ada = buyer(&shop, "Ada").await;
    let puts = (1..=8).map(|n| {
        let mut ada = ada.clone();
        tokio::spawn(async move { write(&mut ada, 1 + n % 5, &format!("Take {n}")).await.is(200).body() })
    });
    let mut written = Vec::new();
    for put in puts.collect::<Vec<_>>() {
        written.push(put.await.unwrap());
    }
    assert!(written.iter().all(|review| review["id"] == written[0]["id"]), "{written:?}");
    let page = list(&mut ada.clone()).await;
    assert_eq!(page["rating"]["count"], 1);
    let kept = &page["items"][0];
    assert!(written.iter().any(|review| review["text"] == kept["text"] && review["stars"] == kept["stars"]));
}

async fn stars_are_summed_up(shop: Shop) {
    let product = "/api/v1/catalogue/products/2";
    let mut guest = shop.browser();
    assert_eq!(guest.get(product).await.is(200).body()["rating"], Value::Null);
    for (name, stars) in [("Ada", 5), ("Bob", 4), ("Cem", 4)] {
        write(&mut buyer(&shop, name).await, stars, "").await.is(200);
    }
    let rating = json!({ "tenths": 43, "count": 3 });
    let page = list(&mut guest).await;
    assert_eq!((&page["rating"], &page["by_stars"]), (&rating, &json!([0, 0, 0, 2, 1])));
    assert_eq!(guest.get(product).await.is(200).body()["rating"], rating);
    let found = guest.get("/api/v1/catalogue/products").await.is(200).body();
    let ratings: Vec<_> = found["items"].as_array().unwrap().iter().map(|item| &item["rating"]).collect();
    assert_eq!(ratings, [&Value::Null, &rating]);
}

async fn pages_go_on_where_the_last_one_ended(shop: Shop) {
    // By the database, since a dozen buyers would take a while: twelve reviews, some of one moment.
    let mut db = shop.server.database.write().await.unwrap();
    for n in 1..=12_i64 {
        sqlx::query(
            "INSERT INTO reviews (account, product_id, stars, text, written_at, hidden) VALUES ($1, 2, 5, $2, $3, 0)",
        )
        .bind(format!("account {n}"))
        .bind(n.to_string())
        .bind(1_000 + n / 3)
        .execute(&mut *db)
        .await
        .unwrap();
    }
    db.commit().await.unwrap();
    let mut guest = shop.browser();
    let first = list(&mut guest).await;
    let texts = |page: &Value| told(page).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
    assert_eq!(texts(&first), ["12", "11", "10", "9", "8", "7", "6", "5", "4", "3"]);
    assert_eq!(first["items"][0]["name"], "", "an account that is not there has no name");
    // What is written meanwhile moves nothing.
    write(&mut buyer(&shop, "Ada").await, 5, "new").await.is(200);
    let next = format!("{BALL}?after={}", first["next"].as_str().unwrap());
    let second = guest.get(&next).await.is(200).body();
    assert_eq!((texts(&second), &second["next"]), (vec!["2".to_owned(), "1".to_owned()], &Value::Null));
    for wrong in ["x", "1", "1.x"] {
        guest.get(&format!("{BALL}?after={wrong}")).await.problem(422, "E401");
    }
}

async fn what_is_hidden_stays_hidden(shop: Shop) {
    let mut ada = buyer(&shop, "Ada").await;
    let id = write(&mut ada, 1, "Buy at my shop!").await.is(200).body()["id"].clone();
    let address = format!("/api/v1/operator/reviews/{id}");
    let hide = async |hidden: bool| {
        shop.operator(Method::PUT, &address, json!({ "hidden": hidden })).await.is(200).body()
    };
    for _ in 0..2 {
        assert_eq!(hide(true).await["hidden"], true);
    }
    let mut guest = shop.browser();
    let gone = list(&mut guest).await;
    assert_eq!((told(&gone), &gone["rating"]), (vec![], &Value::Null));
    assert_eq!(list(&mut ada).await["mine"]["hidden"], true, "its writer knows");
    // Neither a change nor another one in its place shows it again.
    assert_eq!(write(&mut ada, 5, "Buy there!").await.is(200).body()["hidden"], true);
    ada.delete(MINE).await.is(204);
    assert_eq!(list(&mut ada).await["mine"], Value::Null);
    shop.operator(Method::PUT, &address, json!({ "hidden": false })).await.problem(404, "E402");
    assert_eq!(write(&mut ada, 5, "Buy there!").await.is(200).body()["hidden"], true);
    assert_eq!(told(&list(&mut guest).await), []);
    hide(false).await;
    assert_eq!(told(&list(&mut guest).await), [(5, "Buy there!".to_owned())]);

    let entries = shop.operator(Method::GET, "/api/v1/operator/audit", Value::Null).await.is(200).body();
    let entries: Vec<_> = entries
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["kind"] == "review")
        .map(|entry| {
            ["kind", "subject", "was", "became"].map(|field| entry[field].as_str().unwrap().to_owned())
        })
        .collect();
    let id = id.to_string();
    let entry = |was: &str, became: &str| ["review", &id, was, became].map(str::to_owned);
    assert_eq!(entries, [entry("hidden", "shown"), entry("shown", "hidden")]);
    shop.operator(Method::PUT, "/api/v1/operator/reviews/999", json!({ "hidden": true }))
        .await
        .problem(404, "E402");
    ada.put(&address, json!({ "hidden": false })).await.problem(401, "E522");
}

async fn who_writes_too_often_waits(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    for _ in 0..20 {
        write(&mut ada, 5, "").await.problem(403, "E443");
    }
    let refused = write(&mut ada, 5, "").await.is(429);
    assert!(refused.header("retry-after").parse::<u64>().unwrap() <= 61);
    refused.problem(429, "E415");
    // Others are not held up.
    write(&mut buyer(&shop, "Bob").await, 5, "").await.is(200);
}

async fn nothing_wrong_is_kept(shop: Shop) {
    let mut ada = buyer(&shop, "Ada").await;
    let wrong = |field: &str, problem: Value| assert_eq!(problem["fields"][0]["field"], field, "{problem}");
    for stars in [0, 6, -1, i64::MAX] {
        wrong("stars", write(&mut ada, stars, "").await.problem(422, "E401"));
    }
    wrong("text", write(&mut ada, 3, &"ä".repeat(2001)).await.problem(422, "E401"));
    wrong("text", write(&mut ada, 3, "a\0b").await.problem(422, "E401"));
    ada.put(MINE, json!({ "text": "no stars" })).await.problem(422, "E401");
    ada.put(MINE, json!({ "stars": 4.5 })).await.problem(422, "E401");
    for product in ["99", "x"] {
        let reviews = format!("/api/v1/catalogue/products/{product}/reviews");
        ada.get(&reviews).await.problem(404, "E402");
        ada.put(&format!("{reviews}/mine"), json!({ "stars": 5 })).await.problem(404, "E402");
    }
    assert_eq!(told(&list(&mut ada).await), []);
    let markup = "<script>alert(1)</script> ' -- ä🐕";
    write(&mut ada, 3, markup).await.is(200);
    ada.put(MINE, json!({ "stars": 3, "text": "ä".repeat(2000) })).await.is(200);
    ada.put(MINE, json!({ "stars": 3 })).await.is(200);
    write(&mut ada, 3, markup).await.is(200);
    assert_eq!(told(&list(&mut ada).await), [(3, markup.to_owned())], "a text is a text");
}

async fn summaries_come_by_number(shop: Shop) {
    let mut guest = shop.browser();
    let ids = async |guest: &mut Browser, query: &str| {
        let found = guest.get(&format!("/api/v1/catalogue/summaries{query}")).await.is(200).body();
        found.as_array().unwrap().iter().map(|item| item["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&mut guest, "").await, [0_i64; 0]);
    assert_eq!(ids(&mut guest, "?id=2&id=99&id=1&id=2").await, [2, 1]);
    let many = "id=1&".repeat(51);
    guest.get(&format!("/api/v1/catalogue/summaries?{many}")).await.problem(422, "E401");
    guest.get("/api/v1/catalogue/summaries?id=x").await.problem(422, "E401");
}

async fn reviews_leave_with_their_account(shop: Shop) {
    let mut ada = buyer(&shop, "Ada").await;
    write(&mut ada, 5, "Mine alone.").await.is(200);
    let export = ada.get("/api/v1/account/export").await.is(200).body();
    assert_eq!(export["reviews"][0]["text"], "Mine alone.");
    assert_eq!(export["reviews"][0]["product_id"], 2);
    // Whoever writes while they leave leaves nothing behind.
    let mut writer = ada.clone();
    let writing = tokio::spawn(async move {
        for n in 0..10 {
            write(&mut writer, 5, &format!("Still here {n}")).await;
        }
    });
    ada.post("/api/v1/account/deletion", json!({ "password": "correct horse" })).await.is(204);
    writing.await.unwrap();
    let page = list(&mut shop.browser()).await;
    assert_eq!((told(&page), &page["rating"]), (vec![], &Value::Null));
    let mut db = shop.server.database.read().await.unwrap();
    let left = "SELECT COUNT(*) FROM reviews WHERE account <> '' OR product_id > 0 OR text <> ''";
    let left: i64 = sqlx::query_scalar(left).fetch_one(&mut *db).await.unwrap();
    assert_eq!(left, 0);
}

async fn the_number_of_one_that_is_gone_is_nobody_elses(shop: Shop) {
    let mut ada = buyer(&shop, "Ada").await;
    let mut bob = buyer(&shop, "Bob").await;
    let number = |review: Value| review["id"].as_i64().unwrap();
    let mut known = Vec::new();
    for _ in 0..2 {
        known.push(number(write(&mut ada, 1, "Flat.").await.is(200).body()));
        ada.delete(MINE).await.is(204);
    }
    known.push(number(write(&mut bob, 2, "Flat.").await.is(200).body()));
    bob.post("/api/v1/account/deletion", json!({ "password": "correct horse" })).await.is(204);
    let last = number(write(&mut ada, 5, "Pumped up.").await.is(200).body());
    known.push(last);
    assert!(known.is_sorted_by(|one, next| one < next), "{known:?}");
    for id in &known[..3] {
        let address = format!("/api/v1/operator/reviews/{id}");
        shop.operator(Method::PUT, &address, json!({ "hidden": true })).await.problem(404, "E402");
    }
    let page = list(&mut shop.browser()).await;
    assert_eq!((told(&page), &page["rating"]["count"]), (vec![(5, "Pumped up.".to_owned())], &json!(1)));
    // Of all that are gone at most one number stays.
    let mut db = shop.server.database.read().await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM reviews").fetch_one(&mut *db).await.unwrap();
    assert!(rows <= 2, "{rows}");
}
