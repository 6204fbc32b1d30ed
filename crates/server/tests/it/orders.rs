//! Orders: one per intent, never more than there is.

use crate::{
    on_both,
    support::{Shop, mailbox, order, within},
};
use serde_json::{Value, json};
use server::idempotency::{Claim, Intent};
use sqlx::{AnyConnection, Row as _};
use std::time::Duration;

on_both!(
    an_order_takes_stock_and_empties_the_cart,
    what_cannot_be_ordered,
    what_is_ordered_is_what_the_shopper_saw,
    a_key_is_for_one_intent,
    an_order_whose_answer_got_lost_is_found_after_signing_in,
    one_key_fifty_times_at_once_is_one_order,
    twenty_buyers_of_the_last_five,
    a_test_card_is_approved_or_declined,
    a_payment_that_does_not_come_gives_the_stock_back,
    orders_are_for_those_who_have_the_key_or_the_account,
    a_key_whose_owner_gave_up_is_free,
    nobody_is_flooded_with_mails,
);

async fn nobody_is_flooded_with_mails(shop: Shop) {
    let csv = crate::support::CATALOGUE.replace("BALL,shopify,5", "BALL,shopify,100");
    shop.import(&csv, "true").await.is(200);
    let mut guest = shop.browser();
    for n in 0..20 {
        guest.add(4, 1).await.is(200);
        guest.order(&n.to_string(), 1995, "on_delivery").await.is(201);
    }
    // However the address is written, and wherever the orders come from.
    let mut other = shop.browser_at("192.0.2.9");
    other.add(4, 1).await.is(200);
    let mut form = order(1995, "on_delivery");
    form["email"] = json!(" ADA@example.org");
    let refused = other.once("k", "/api/v1/orders", form.clone()).await;
    assert!(refused.header("retry-after").parse::<u32>().unwrap() > 200);
    refused.problem(429, "E415");
    assert_eq!((other.cart().await, shop.stock(2, 4).await), (vec![(4, 1)], 80));
    assert_eq!(guest.order("3", 1995, "on_delivery").await.is(201).header("idempotent-replayed"), "true");
    form["email"] = json!("bob@example.org");
    other.once("k", "/api/v1/orders", form).await.is(201);
    shop.post().await;
    assert_eq!(mailbox::of(&shop).len(), 21);
}

async fn an_order_whose_answer_got_lost_is_found_after_signing_in(shop: Shop) {
    let message = json!({
        "name": "Ada", "email": "ada@example.org", "topic": "order", "message": "Where is my dog bed?",
    });
    let mut ada = shop.browser();
    ada.add(4, 1).await.is(200);
    let placed = ada.order("k", 1995, "on_delivery").await.is(201).body();
    let written = ada.once("m", "/api/v1/contact", message.clone()).await.is(201).body();
    ada.sign_up("ada@example.org").await.is(201);
    // Even where the cart is full again.
    ada.add(4, 1).await.is(200);
    let again = ada.order("k", 1995, "on_delivery").await.is(201);
    assert_eq!((again.header("idempotent-replayed"), again.body()), ("true", placed));
    let again = ada.once("m", "/api/v1/contact", message).await.is(201);
    assert_eq!((again.header("idempotent-replayed"), again.body()), ("true", written));
    assert_eq!((shop.stock(2, 4).await, ada.cart().await), (4, vec![(4, 1)]));
}

async fn an_order_takes_stock_and_empties_the_cart(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(1, 2).await.is(200);
    guest.put("/api/v1/cart/coupon", json!({ "code": "WELCOME10" })).await.is(200);
    let quote = guest.post("/api/v1/checkout/quote", json!({ "delivery": "express", "country": "DE" })).await;
    let quote = quote.is(200).body();
    assert_eq!(quote["total"]["amount"], 9980 - 998 + 990);
    let options = guest.get("/api/v1/checkout/options").await.is(200).body();
    assert_eq!(options["deliveries"][0]["price"]["amount"], 0, "from 49.00 on standard delivery is free");

    let placed = guest.order("k", 9972, "on_delivery").await.is(201);
    assert_eq!(placed.header("idempotent-replayed"), "");
    let placed = placed.body();
    assert_eq!(placed["status"], "placed");
    assert_eq!(placed["totals"], quote);
    assert_eq!(placed["lines"][0]["quantity"], 2);
    assert_eq!(placed["coupon"]["code"], "WELCOME10");
    assert!(placed["number"].as_str().unwrap().starts_with("M-1000"));
    assert!(placed["key"].as_str().unwrap().len() >= 22, "128 random bits and more");
    assert_eq!(guest.cart().await, []);
    assert_eq!(shop.stock(1, 1).await, 3);

    let key = placed["key"].as_str().unwrap();
    shop.browser().get(&format!("/api/v1/orders/{key}")).await.is(200).json(placed.clone());
}

async fn what_cannot_be_ordered(shop: Shop) {
    let mut guest = shop.browser();
    guest.order("k", 990, "on_delivery").await.problem(409, "E404");
    guest.add(4, 1).await.is(200);
    guest.post("/api/v1/orders", order(1995, "on_delivery")).await.problem(400, "E410");
    guest.order(&"k".repeat(256), 1995, "on_delivery").await.problem(400, "E410");
    guest.order("", 1995, "on_delivery").await.problem(400, "E410");
    let problem = guest.order("k", 1994, "on_delivery").await.problem(409, "E405");
    assert_eq!(problem["title"], "The cart changed: it comes to €19.95 now. Look at it again, then order.");
    for (pointer, value, field) in [
        ("/email", json!("ada"), "email"),
        ("/address/name", json!(" "), "address.name"),
        ("/address/postcode", json!(""), "address.postcode"),
        ("/address/postcode", json!("1011"), "address.postcode"),
        ("/address/country", json!("XX"), "address.country"),
        ("/address/city", json!("x".repeat(101)), "address.city"),
        ("/address/street", json!("a\u{0}b"), "address.street"),
        ("/delivery", json!("pigeon"), "delivery"),
    ] {
        let mut form = order(1995, "on_delivery");
        *form.pointer_mut(pointer).unwrap() = value;
        let problem = guest.once("k", "/api/v1/orders", form).await.problem(422, "E401");
        assert_eq!(problem["fields"][0]["field"], field);
    }
    let mut form = order(1995, "on_delivery");
    form["payment"] = json!("barter");
    guest.once("k", "/api/v1/orders", form).await.problem(422, "E401");
    guest
        .post("/api/v1/checkout/quote", json!({ "delivery": "pigeon", "country": "DE" }))
        .await
        .problem(422, "E401");
    shop.browser()
        .post("/api/v1/checkout/quote", json!({ "delivery": "express", "country": "DE" }))
        .await
        .problem(409, "E404");
    // After all of that the same key still places the order: what was refused is not remembered.
    guest.order("k", 1995, "on_delivery").await.is(201);
    assert_eq!(shop.stock(2, 4).await, 4);
}

/// Variants 1 and 3 cost the same.
async fn what_is_ordered_is_what_the_shopper_saw(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(1, 1).await.is(200);
    let with = |lines: Value| {
        let mut form = order(4990 + 990, "on_delivery");
        form["expected_lines"] = lines;
        form
    };
    let seen = with(json!([{ "variant_id": 1, "quantity": 1 }]));
    let mut other_tab = guest.clone();
    other_tab.put("/api/v1/cart/items/1", json!({ "quantity": 0 })).await.is(200);
    other_tab.add(3, 1).await.is(200);
    guest.once("k", "/api/v1/orders", seen.clone()).await.problem(409, "E405");
    assert_eq!(guest.cart().await, [(3, 1)]);
    let seen = with(json!([{ "variant_id": 3, "quantity": 1 }]));
    let placed = guest.once("k", "/api/v1/orders", seen).await.is(201).body();
    assert_eq!(placed["lines"][0]["variant_id"], 3);
}

async fn a_key_is_for_one_intent(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let first = guest.order("k", 1995, "on_delivery").await.is(201);
    let again = guest.order("k", 1995, "on_delivery").await.is(201);
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.body(), first.body());
    guest.order("k", 1996, "on_delivery").await.problem(422, "E409");
    guest.order("k2", 1995, "on_delivery").await.problem(409, "E404");

    // The same key in other hands is another key.
    let mut other = shop.browser();
    other.add(4, 1).await.is(200);
    let theirs = other.order("k", 1995, "on_delivery").await.is(201);
    assert_ne!(theirs.body()["number"], first.body()["number"]);
    assert_eq!(shop.stock(2, 4).await, 3);
}

async fn one_key_fifty_times_at_once_is_one_order(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let orders: Vec<_> = (0..50)
        .map(|_| {
            let mut tab = guest.clone();
            tokio::spawn(async move { tab.order("k", 1995, "on_delivery").await })
        })
        .collect();
    let mut numbers = Vec::new();
    let mut first = 0;
    for order in orders {
        let reply = order.await.unwrap().is(201);
        first += usize::from(reply.header("idempotent-replayed").is_empty());
        numbers.push(reply.body()["number"].clone());
    }
    numbers.dedup();
    assert_eq!((numbers.len(), first), (1, 1));
    assert_eq!(shop.stock(2, 4).await, 4);
}

async fn twenty_buyers_of_the_last_five(shop: Shop) {
    let mut buyers = Vec::new();
    for _ in 0..20 {
        let mut buyer = shop.browser();
        buyer.add(4, 1).await.is(200);
        buyers.push(buyer);
    }
    let orders: Vec<_> = buyers
        .into_iter()
        .map(|mut buyer| tokio::spawn(async move { buyer.order("k", 1995, "on_delivery").await }))
        .collect();
    let mut placed = 0;
    for order in orders {
        let reply = order.await.unwrap();
        match reply.status.as_u16() {
            201 => placed += 1,
            // Sold out while it was ordered, or seen to be sold out already.
            409 => assert!(["E403", "E404", "E405"].contains(&reply.body()["code"].as_str().unwrap())),
            other => panic!("{other}: {}", reply.text()),
        }
    }
    assert_eq!((placed, shop.stock(2, 4).await), (5, 0));
}

async fn a_test_card_is_approved_or_declined(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let placed = guest.order("k", 1995, "test_card").await.is(201).body();
    assert_eq!(placed["status"], "payment_pending");
    assert_eq!(shop.stock(2, 4).await, 4, "a pending payment holds the stock");
    let address = format!("/api/v1/orders/{}/payment", placed["key"].as_str().unwrap());
    let card = |number: &str| json!({ "card_number": number });
    guest.once("p1", &address, card("4000 0000 0000 0002")).await.problem(402, "E407");
    guest.once("p1", &address, card("4111 1111 1111 1111")).await.problem(422, "E401");
    guest.post(&address, card("4242 4242 4242 4242")).await.problem(400, "E410");
    let paid = guest.once("p2", &address, card("4242 4242 4242 4242")).await.is(200).body();
    assert_eq!(paid["status"], "paid");
    let again = guest.once("p2", &address, card("4242424242424242")).await.is(200);
    assert_eq!(again.header("idempotent-replayed"), "true");
    guest.once("p3", &address, card("4242 4242 4242 4242")).await.problem(409, "E408");
    guest.once("p2", &address, card("4000 0000 0000 0002")).await.problem(422, "E409");
    guest.once("p", "/api/v1/orders/nothing/payment", card("4242 4242 4242 4242")).await.problem(404, "E402");
}

async fn a_payment_that_does_not_come_gives_the_stock_back(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 2).await.is(200);
    let placed = guest.order("k", 3000, "test_card").await.is(201).body();
    let address = format!("/api/v1/orders/{}", placed["key"].as_str().unwrap());
    shop.server.orders.cancel_overdue(after(29)).await.unwrap();
    assert_eq!(guest.get(&address).await.is(200).body()["status"], "payment_pending");
    // Two servers look at the same time.
    let other = shop.another_server().await;
    let (one, two) = tokio::join!(
        shop.server.orders.cancel_overdue(after(31)),
        other.server.orders.cancel_overdue(after(31))
    );
    one.unwrap();
    two.unwrap();
    assert_eq!(guest.get(&address).await.is(200).body()["status"], "cancelled");
    assert_eq!(shop.stock(2, 4).await, 5, "given back once");
    let pay = json!({ "card_number": "4242 4242 4242 4242" });
    guest.once("p", &format!("{address}/payment"), pay).await.problem(409, "E408");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_looks_sees_at_once_that_a_payment_did_not_come() {
    let shop = Shop::sqlite(&["--pending-seconds", "1"]).await;
    let mut guest = shop.browser();
    guest.add(4, 2).await.is(200);
    let placed = guest.order("k", 3000, "test_card").await.is(201).body();
    let address = format!("/api/v1/orders/{}", placed["key"].as_str().unwrap());
    assert!(placed["pay_until"].is_string());
    let pending = async {
        while guest.get(&address).await.is(200).body()["status"] == "payment_pending" {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    within("the end of the time for paying", pending).await;
    assert_eq!(guest.get(&address).await.is(200).body()["status"], "cancelled");
    assert_eq!(shop.stock(2, 4).await, 5);
}

/// So many minutes from now, in milliseconds since 1970.
fn after(minutes: i64) -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    i64::try_from(now.as_millis()).unwrap() + minutes * 60_000
}

async fn orders_are_for_those_who_have_the_key_or_the_account(shop: Shop) {
    let mut ada = shop.browser();
    ada.get("/api/v1/orders").await.problem(401, "E413");
    ada.get("/api/v1/orders/guess").await.problem(404, "E402");
    ada.sign_up("ada@example.org").await.is(201);
    ada.get("/api/v1/orders").await.is(200).json(json!([]));
    for key in ["a", "b"] {
        ada.add(4, 1).await.is(200);
        ada.order(key, 1995, "on_delivery").await.is(201);
    }
    let orders = ada.get("/api/v1/orders").await.is(200).body();
    let numbers: Vec<_> =
        orders.as_array().unwrap().iter().map(|order| order["number"].as_str().unwrap()).collect();
    assert_eq!(numbers.len(), 2);
    assert!(numbers[0] > numbers[1], "the newest first");
    let mut bob = shop.browser();
    bob.sign_up("bob@example.org").await.is(201);
    bob.get("/api/v1/orders").await.is(200).json(json!([]));
}

/// Forced: one transaction has the key and waits; another asks for it; the first one gives up.
async fn a_key_whose_owner_gave_up_is_free(shop: Shop) {
    let intent = || Intent::new("somebody", "k".to_owned(), "test", &1).unwrap();
    let mut first = shop.server.database.write().await.unwrap();
    assert!(matches!(intent().claim(&mut first).await.unwrap(), Claim::Fresh));
    let server = shop.server.clone();
    let second = tokio::spawn(async move {
        let mut transaction = server.database.write().await.unwrap();
        matches!(intent().claim(&mut transaction).await.unwrap(), Claim::Fresh)
    });
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!second.is_finished(), "it waits for the first");
    drop(first);
    assert!(second.await.unwrap());
}

/// Two transactions that both see one piece, then both take it. With what the shop does, one of them gets
/// nothing; with a plain read and write (the control), both sell the same piece. SQLite has one writer at
/// a time and cannot be made to do this.
#[tokio::test(flavor = "multi_thread")]
async fn the_last_piece_is_sold_once_however_two_buyers_interleave() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    sql(&shop, "UPDATE variants SET stock = 1 WHERE id = 4").await;
    let sold = |safe: bool| {
        let server = shop.server.clone();
        async move {
            let mut one = server.database.write().await.unwrap();
            let mut two = server.database.write().await.unwrap();
            let seen = [stock_in(&mut one).await, stock_in(&mut two).await];
            assert_eq!(seen, [1, 1]);
            let take = async |db: &mut AnyConnection| match safe {
                true => server.catalogue.take_stock(db, 4, 1).await.unwrap(),
                false => sqlx::query("UPDATE variants SET stock = $1 WHERE id = 4 AND $1 >= 0")
                    .bind(seen[0] - 1)
                    .execute(db)
                    .await
                    .is_ok(),
            };
            let first = take(&mut one).await;
            let (second, ()) = tokio::join!(take(&mut two), async {
                tokio::time::sleep(Duration::from_millis(50)).await;
                one.commit().await.unwrap();
            });
            two.commit().await.unwrap();
            [first, second]
        }
    };
    assert_eq!(sold(true).await, [true, false]);
    sql(&shop, "UPDATE variants SET stock = 1 WHERE id = 4").await;
    assert_eq!(sold(false).await, [true, true], "the control: without the condition it is sold twice");
}

#[tokio::test]
async fn sqlite_has_a_commit_on_the_disk_before_it_is_acknowledged() {
    let shop = Shop::sqlite(&[]).await;
    for (pragma, expected) in [("PRAGMA synchronous", "2"), ("PRAGMA journal_mode", "wal")] {
        let mut db = shop.server.database.read().await.unwrap();
        let row = sqlx::query(pragma).fetch_one(&mut *db).await.unwrap();
        let found =
            row.try_get::<i64, _>(0).map(|number| number.to_string()).or_else(|_| row.try_get(0)).unwrap();
        assert_eq!(found, expected, "{pragma}");
    }
}

async fn stock_in(db: &mut AnyConnection) -> i64 {
    sqlx::query("SELECT stock FROM variants WHERE id = 4").fetch_one(db).await.unwrap().get(0)
}

async fn sql(shop: &Shop, statement: &'static str) {
    let mut transaction = shop.server.database.write().await.unwrap();
    sqlx::query(statement).execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
}
