//! Paying: the test card here, Stripe in the modules.

mod bank;
mod giving_up;
mod stripe;

use crate::{
    on_both,
    support::{Browser, Reply, Shop},
};
use axum::http::Method;
use bank::{Bank, ORIGIN};
use serde_json::{Value, json};

on_both!(
    the_four_fates_of_the_test_card,
    an_order_is_cancelled_while_it_can_be,
    what_was_bought_is_bought_again
);

const CONFIRM: &str = "4000 0025 0000 3155";
const GOOD: &str = "4242 4242 4242 4242";

/// Orders one ball, 19.95 with express delivery; its key.
async fn place(guest: &mut Browser, key: &str, payment: &str) -> String {
    guest.add(4, 1).await.is(200);
    let placed = guest.order(key, 1995, payment).await.is(201).body();
    placed["key"].as_str().unwrap().to_owned()
}

async fn pay(guest: &mut Browser, order: &str, key: &str, card: &str) -> Reply {
    guest.once(key, &format!("/api/v1/orders/{order}/payment"), json!({ "card_number": card })).await
}

/// Orders one ball and begins to pay for it at Stripe; its key.
async fn begin(guest: &mut Browser, key: &str) -> String {
    let order = place(guest, key, "stripe").await;
    pay(guest, &order, "p", "").await.is(200);
    order
}

async fn status(guest: &mut Browser, order: &str) -> Value {
    guest.get(&format!("/api/v1/orders/{order}")).await.is(200).body()["status"].clone()
}

async fn cancel(guest: &mut Browser, order: &str) -> Reply {
    guest.post(&format!("/api/v1/orders/{order}/cancellation"), json!({})).await
}

async fn cancel_unpaid(guest: &mut Browser, order: &str) -> Reply {
    guest.post(&format!("/api/v1/orders/{order}/cancellation?unpaid=true"), json!({})).await
}

async fn the_four_fates_of_the_test_card(shop: Shop) {
    let mut guest = shop.browser();
    let order = place(&mut guest, "k", "test_card").await;
    pay(&mut guest, &order, "p1", "4000 0000 0000 0119").await.problem(502, "E417");
    pay(&mut guest, &order, "p1", "4000 0000 0000 0002").await.problem(402, "E407");

    // The bank asks; the shopper says no, and later yes.
    let asked = pay(&mut guest, &order, "p2", CONFIRM).await.is(200).body();
    assert_eq!(asked["status"], "payment_pending");
    let page = asked["pay_at"].as_str().unwrap().to_owned();
    let shown = guest.get(&page).await.is(200);
    assert!(
        shown.text().contains("no money moves")
            && shown.header("content-security-policy").contains("form-action 'self'")
    );
    let say = async |page: &str, answer: &str| {
        let request = axum::http::Request::builder()
            .method(Method::POST)
            .uri(page)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(answer.to_owned().into())
            .unwrap();
        shop.raw(request).await
    };
    let german = guest.send(Method::GET, &page, None, &[("accept-language", "de")]).await.is(200);
    assert!(german.text().contains("<html lang=\"de\">") && german.text().contains("fließt kein Geld"));
    say(&page, "answer=perhaps").await.problem(422, "E401");
    assert_eq!(say(&page, "answer=decline").await.is(303).header("location"), "/#/checkout/payment");
    guest.get(&page).await.problem(404, "E402");
    let waiting = guest.get(&format!("/api/v1/orders/{order}")).await.is(200).body();
    assert!(waiting["pay_until"].is_string());
    let page =
        pay(&mut guest, &order, "p3", CONFIRM).await.is(200).body()["pay_at"].as_str().unwrap().to_owned();
    let back = say(&page, "answer=approve").await.is(303);
    assert_eq!(back.header("location"), format!("/#/checkout/confirmation/{order}"));
    assert_eq!(status(&mut guest, &order).await, "paid");
    say(&page, "answer=approve").await.problem(404, "E402");
    pay(&mut guest, &order, "p4", GOOD).await.problem(409, "E408");

    let order = place(&mut guest, "l", "test_card").await;
    let paid = pay(&mut guest, &order, "p", GOOD).await.is(200).body();
    assert_eq!((&paid["status"], &paid["pay_until"]), (&json!("paid"), &Value::Null));
    assert_eq!(guest.get(&format!("/api/v1/orders/{order}")).await.is(200).body(), paid);
}

async fn an_order_is_cancelled_while_it_can_be(shop: Shop) {
    let mut guest = shop.browser();
    for (key, payment, card) in [("a", "on_delivery", ""), ("b", "test_card", ""), ("c", "test_card", GOOD)] {
        let order = place(&mut guest, key, payment).await;
        if !card.is_empty() {
            pay(&mut guest, &order, "p", card).await.is(200);
        }
        assert_eq!(shop.stock(2, 4).await, 4);
        assert_eq!(cancel(&mut guest, &order).await.is(200).body()["status"], "cancelled");
        assert_eq!(cancel(&mut guest, &order).await.is(200).body()["status"], "cancelled");
        assert_eq!(shop.stock(2, 4).await, 5, "given back once");
        pay(&mut guest, &order, "q", GOOD).await.problem(409, "E408");
    }
    cancel(&mut guest, "guess").await.problem(404, "E402");

    let order = place(&mut guest, "d", "on_delivery").await;
    let number =
        guest.get(&format!("/api/v1/orders/{order}")).await.body()["number"].as_str().unwrap().to_owned();
    let sent = json!({ "status": "shipped" });
    shop.operator(Method::PUT, &format!("/api/v1/operator/orders/{number}/status"), sent).await.is(200);
    let problem = cancel(&mut guest, &order).await.problem(409, "E408");
    assert_eq!(problem["title"], "This order cannot be cancelled any more: it is on its way.");
    assert_eq!(shop.stock(2, 4).await, 4);
}

async fn what_was_bought_is_bought_again(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 2).await.is(200);
    guest.add(1, 1).await.is(200);
    let placed = guest.order("k", 2010 + 4990 + 990, "on_delivery").await.is(201).body();
    let again = format!("/api/v1/orders/{}/reorder", placed["key"].as_str().unwrap());
    let cart = guest.post(&again, json!({})).await.is(200).body();
    assert_eq!(cart.get("notices"), None);
    assert_eq!(guest.cart().await, [(4, 2), (1, 1)]);
    // Twice as many are not there: what can be had is put in, and told.
    let cart = guest.post(&again, json!({})).await.is(200).body();
    assert_eq!(cart["notices"][0]["message"], "Only 3 of Ball can be had; the cart has 3 now instead of 4.");
    // Somebody without a cart gets one; with a key, once.
    let mut other = shop.browser();
    for _ in 0..2 {
        other.once("again", &again, json!({})).await.is(200);
        assert_eq!(other.cart().await, [(4, 2), (1, 1)]);
    }
    other.post("/api/v1/orders/guess/reorder", json!({})).await.problem(404, "E402");
}

#[tokio::test]
async fn a_shop_behind_tls_offers_the_test_card_only_where_its_owner_names_it() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), json!({ "payments": ["on_delivery", "test_card"] }).to_string()).unwrap();
    let named = ["--origin", ORIGIN, "--terms", file.path().to_str().unwrap()];
    for (flags, is_offered) in
        [(&[][..], true), (&["--origin", "http://shop.example"], true), (&named[..2], false), (&named, true)]
    {
        let shop = Shop::sqlite(flags).await;
        let mut guest = shop.browser();
        let options = guest.get("/api/v1/checkout/options").await.is(200).body();
        let offered = options["payments"].as_array().unwrap().iter().map(|payment| &payment["method"]);
        let expected: &[_] = if is_offered { &["on_delivery", "test_card"] } else { &["on_delivery"] };
        assert_eq!(offered.collect::<Vec<_>>(), expected, "{flags:?}");
        guest.add(4, 1).await.is(200);
        let placed = guest.order("k", 1995, "test_card").await;
        if is_offered {
            placed.is(201);
        } else {
            placed.problem(422, "E401");
        }
    }
}

/// A shop that Stripe serves, on both databases.
async fn with_stripe(bank: &Bank) -> Vec<Shop> {
    let mut shops = Vec::new();
    let postgres = crate::support::postgres::database().await;
    for database in [None, postgres] {
        let mut flags = vec!["--origin", ORIGIN];
        if let Some(url) = &database {
            flags.extend(["--database", url]);
        }
        let shop = Shop::with_secrets(&flags, &bank.secrets()).await;
        shop.import(crate::support::CATALOGUE, "true").await.is(200);
        shops.push(shop);
        bank.forget();
    }
    shops
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_payment_leaves_its_key() {
    for shop in Shop::with_terms(&json!({})).await {
        let mut guest = shop.browser();
        let order = place(&mut guest, "a", "test_card").await;
        // Both pass the first look; one of them pays.
        let path = format!("/api/v1/orders/{order}/payment");
        let mut other = guest.clone();
        let card = json!({ "card_number": GOOD });
        let (one, two) =
            tokio::join!(guest.once("p1", &path, card.clone()), other.once("p2", &path, card.clone()));
        let lost = if one.status == 200 { "p2" } else { "p1" };
        assert_ne!(one.status, two.status);
        guest.once(lost, &path, card).await.problem(409, "E408");
    }
}
