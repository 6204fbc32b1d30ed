//! Carts of guests and accounts.

use crate::{
    on_both,
    support::{CATALOGUE, Shop},
};
use axum::http::Method;
use serde_json::json;

on_both!(
    a_guest_has_a_cart_from_the_first_change_on,
    what_cannot_be_bought_cannot_be_added,
    changes_in_the_catalogue_are_told_until_the_next_change,
    signing_in_merges_and_signing_out_shows_nobodys_cart,
    coupons,
    adding_in_parallel_loses_nothing,
    what_is_added_with_a_key_is_added_once,
);

async fn a_guest_has_a_cart_from_the_first_change_on(shop: Shop) {
    let mut guest = shop.browser();
    guest.get("/api/v1/session").await.is(200).json(json!({ "account": null, "cart_pieces": 0 }));
    assert_eq!(guest.get("/api/v1/cart").await.is(200).body()["revision"], 0);
    assert!(guest.cookies.is_empty(), "looking makes nothing");

    let cart = guest.add(1, 2).await.is(200).body();
    assert_eq!(cart["totals"]["total"], json!({ "amount": 9980, "currency": "EUR" }));
    assert_eq!(cart["lines"][0]["options"], "Navy, M");
    assert_eq!(cart["lines"][0]["picture"], "/pictures/dog-bed/navy.svg");
    guest.add(4, 1).await.is(200);
    guest.add(1, 1).await.is(200);
    assert_eq!(guest.cart().await, [(1, 3), (4, 1)]);
    assert_eq!(guest.get("/api/v1/session").await.body()["cart_pieces"], 4);

    guest.put("/api/v1/cart/items/1", json!({ "quantity": 1 })).await.is(200);
    guest.put("/api/v1/cart/items/4", json!({ "quantity": 0 })).await.is(200);
    guest.put("/api/v1/cart/items/3", json!({ "quantity": 2 })).await.is(200);
    assert_eq!(guest.cart().await, [(1, 1), (3, 2)]);
    assert_eq!(shop.browser().cart().await, [], "somebody else has another cart");

    // A cookie that means nothing (any more) is no error, and nothing is kept under it.
    let mut late = shop.browser();
    late.cookies.insert("menagerie_cart".to_owned(), "x".repeat(43));
    assert_eq!(late.cart().await, []);
    late.add(1, 1).await.is(200);
    assert_ne!(late.cookies["menagerie_cart"], "x".repeat(43));
    assert_eq!(late.cart().await, [(1, 1)]);
}

async fn what_cannot_be_bought_cannot_be_added(shop: Shop) {
    let mut guest = shop.browser();
    let problem = guest.add(1, 6).await.problem(409, "E403");
    assert_eq!(problem["title"], "Only 5 of Cosy bed (Navy, M) can be had.");
    guest.add(99, 1).await.problem(404, "E402");
    assert!(guest.cookies.is_empty(), "what is refused makes no cart");
    guest.add(1, 4).await.is(200);
    guest.add(1, 2).await.problem(409, "E403");
    guest.put("/api/v1/cart/items/1", json!({ "quantity": 6 })).await.problem(409, "E403");
    assert_eq!(guest.cart().await, [(1, 4)]);
    for quantity in [json!(0), json!(-1), json!(1000)] {
        guest
            .post("/api/v1/cart/items", json!({ "variant_id": 1, "quantity": quantity }))
            .await
            .problem(422, "E401");
    }
    guest.put("/api/v1/cart/items/1", json!({ "quantity": -1 })).await.problem(422, "E401");
    guest.put("/api/v1/cart/items/x", json!({ "quantity": 1 })).await.problem(404, "E402");
}

async fn changes_in_the_catalogue_are_told_until_the_next_change(shop: Shop) {
    let mut guest = shop.browser();
    for variant in [1, 2, 4] {
        guest.add(variant, 4).await.is(200);
    }
    let changed = CATALOGUE
        .replace("BED-NM,shopify,5", "BED-NM,shopify,3")
        .replace("BED-NL,shopify,5", "BED-NL,shopify,0")
        .replace("10.05", "11.00");
    shop.import(&changed, "true").await.is(200);
    let expected = [
        "Only 3 of Cosy bed (Navy, M) can be had; the cart has 3 now instead of 4.",
        "Cosy bed (Navy, L) is sold out and was taken out of the cart.",
        "The price of Ball changed from €10.05 to €11.00.",
    ];
    let told = |cart: serde_json::Value| -> Vec<String> {
        let notices = cart["notices"].as_array().cloned().unwrap_or_default();
        notices.iter().map(|notice| notice["message"].as_str().unwrap().to_owned()).collect()
    };
    for _ in 0..2 {
        assert_eq!(told(guest.get("/api/v1/cart").await.body()), expected, "looking changes nothing");
    }
    assert_eq!(guest.cart().await, [(1, 3), (4, 4)]);
    assert_eq!(told(guest.add(3, 1).await.is(200).body()), expected);
    assert_eq!(told(guest.get("/api/v1/cart").await.body()), [""; 0]);
}

async fn signing_in_merges_and_signing_out_shows_nobodys_cart(shop: Shop) {
    let mut ada = shop.browser();
    ada.add(1, 3).await.is(200);
    let session = ada.sign_up("ada@example.org").await.is(201).body();
    assert_eq!((session["cart_pieces"].as_i64(), session.get("notices")), (Some(3), None));
    assert_eq!(ada.cart().await, [(1, 3)]);

    ada.delete("/api/v1/session").await.is(200).json(json!({ "account": null, "cart_pieces": 0 }));
    assert!(ada.cookies.is_empty());
    assert_eq!(ada.cart().await, [], "nobody's cart");

    ada.add(1, 4).await.is(200);
    ada.add(4, 1).await.is(200);
    let guest = ada.clone();
    let session = ada.sign_in("ada@example.org", "correct horse").await.is(200).body();
    assert_eq!(
        session["notices"],
        json!([
            "What you chose before signing in was added to the cart of your account.",
            "Only 5 of Cosy bed (Navy, M) can be had; the cart has 5 now instead of 7.",
        ])
    );
    assert_eq!(ada.cart().await, [(1, 5), (4, 1)]);
    let mut left = guest;
    assert_eq!(left.cart().await, [], "the guest's cart went into the account's");

    // The cart is the account's: it is there on another machine, on another day.
    let mut elsewhere = shop.browser();
    elsewhere.sign_in("ada@example.org", "correct horse").await.is(200);
    assert_eq!(elsewhere.cart().await, [(1, 5), (4, 1)]);
}

async fn coupons(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let cart = guest.put("/api/v1/cart/coupon", json!({ "code": " welcome 10" })).await.is(200).body();
    assert_eq!(cart["coupon"], json!({ "code": "WELCOME10", "label": "10 % off" }));
    assert_eq!(cart["totals"]["discount"]["amount"], 101, "10 % of 10.05");
    guest.put("/api/v1/cart/coupon", json!({ "code": "NOTHING" })).await.problem(422, "E406");
    guest.put("/api/v1/cart/coupon", json!({ "code": "a\u{0}b" })).await.problem(422, "E406");
    assert_eq!(guest.get("/api/v1/cart").await.body()["coupon"]["code"], "WELCOME10");
    let cart = guest.send(Method::DELETE, "/api/v1/cart/coupon", None, &[]).await.is(200).body();
    assert_eq!((cart["coupon"].is_null(), cart["totals"]["total"]["amount"].as_i64()), (true, Some(1005)));
}

async fn adding_in_parallel_loses_nothing(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(1, 1).await.is(200);
    let adds = (0..8).map(|_| {
        let mut tab = guest.clone();
        tokio::spawn(async move { tab.add(4, 1).await.status.as_u16() })
    });
    let mut statuses = Vec::new();
    for add in adds.collect::<Vec<_>>() {
        statuses.push(add.await.unwrap());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 200, 200, 200, 200, 409, 409, 409]);
    assert_eq!(guest.cart().await, [(1, 1), (4, 5)]);
}

/// Each change is written, and its key is kept for a day.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_keeps_the_one_who_writes_busy() {
    let shop = Shop::sqlite(&[]).await;
    let mut guest = shop.browser();
    let mut refused = None;
    // What is refused is counted, too, and costs this test no writing.
    for _ in 0..5000 {
        let reply = guest.coupon("NOTHING").await;
        if reply.status.as_u16() == 429 && reply.text().contains("Too many changes") {
            refused = Some(reply);
            break;
        }
    }
    let refused = refused.expect("the pace has an end");
    assert!(!refused.header("retry-after").is_empty());
    refused.problem(429, "E415");
    shop.browser_at("192.0.2.7").add(4, 1).await.is(200);
}

async fn what_is_added_with_a_key_is_added_once(shop: Shop) {
    let items = "/api/v1/cart/items";
    let ball = json!({ "variant_id": 4, "quantity": 1 });
    let mut guest = shop.browser();
    guest.once("a", items, ball.clone()).await.is(200);
    guest.add(1, 1).await.is(200);
    let again = guest.once("a", items, ball.clone()).await.is(200).body();
    assert_eq!(again["pieces"], 2, "the answer is the cart as it is now");
    let adds = (0..8).map(|_| {
        let (mut tab, ball) = (guest.clone(), ball.clone());
        tokio::spawn(async move { tab.once("b", items, ball).await.status.as_u16() })
    });
    for add in adds.collect::<Vec<_>>() {
        assert_eq!(add.await.unwrap(), 200);
    }
    assert_eq!(guest.cart().await, [(4, 2), (1, 1)]);
    guest.once("a", items, json!({ "variant_id": 4, "quantity": 2 })).await.problem(422, "E409");
    guest.once(&"x".repeat(256), items, ball.clone()).await.problem(400, "E410");

    // What was refused may be tried again with the same key.
    let beds = json!({ "variant_id": 1, "quantity": 5 });
    guest.once("c", items, beds.clone()).await.problem(409, "E403");
    guest.put("/api/v1/cart/items/1", json!({ "quantity": 0 })).await.is(200);
    guest.once("c", items, beds).await.is(200);
    assert_eq!(guest.cart().await, [(4, 2), (1, 5)]);

    // Whoever else has the key, or lost the cookie with the answer, has a cart of their own.
    let mut other = shop.browser();
    other.once("a", items, ball.clone()).await.is(200);
    assert_eq!(other.cart().await, [(4, 1)]);

    // Signing in between two attempts is no way to have it twice.
    guest.sign_up("ada@example.org").await.is(201);
    guest.once("a", items, ball).await.is(200);
    assert_eq!(guest.cart().await, [(4, 2), (1, 5)]);
}
