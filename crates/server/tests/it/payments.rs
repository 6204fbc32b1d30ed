//! Paying: the test card, and Stripe as a local server speaks it.

mod bank;

use crate::{
    on_both,
    support::{Browser, Reply, Shop},
};
use axum::http::Method;
use bank::{Bank, ORIGIN};
use contract::shop::order::PaymentMethod;
use serde_json::{Value, json};
use server::Configuration;
use std::sync::Arc;

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
    let page =
        pay(&mut guest, &order, "p3", CONFIRM).await.is(200).body()["pay_at"].as_str().unwrap().to_owned();
    let back = say(&page, "answer=approve").await.is(303);
    assert_eq!(back.header("location"), format!("/#/checkout/confirmation/{order}"));
    assert_eq!(status(&mut guest, &order).await, "paid");
    say(&page, "answer=approve").await.problem(404, "E402");
    pay(&mut guest, &order, "p4", GOOD).await.problem(409, "E408");
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
async fn stripe_is_paid_at_its_page_and_tells_by_webhook() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let options = guest.get("/api/v1/checkout/options").await.is(200).body();
        let methods: Vec<_> =
            options["payments"].as_array().unwrap().iter().map(|p| p["method"].clone()).collect();
        assert_eq!(methods, ["on_delivery", "stripe"], "with Stripe there is no test card");
        let order = place(&mut guest, "k2", "stripe").await;
        cancel(&mut guest, &order).await.is(200);

        let order = place(&mut guest, "k3", "stripe").await;
        let paying = pay(&mut guest, &order, "p", "").await.is(200).body();
        let session = bank.only_session();
        assert_eq!(paying["pay_at"], session["url"]);
        // What Stripe was asked.
        let asked = &session["asked"];
        assert_eq!(
            (&asked["line_items[0][price_data][unit_amount]"], &asked["mode"]),
            (&json!("1995"), &json!("payment"))
        );
        assert_eq!(asked["success_url"], format!("{ORIGIN}/#/checkout/confirmation/{order}"));
        assert!(asked.get("card").is_none());
        guest.add(4, 1).await.is(200);
        guest.order("k4", 1995, "test_card").await.problem(422, "E401");
        // Again, also with another key: the same page.
        for key in ["p", "p2"] {
            assert_eq!(pay(&mut guest, &order, key, "").await.is(200).body()["pay_at"], session["url"]);
        }
        assert_eq!(bank.sessions(), 1);

        let event = bank.pay(&session);
        bank.tell(&shop, &event, "another secret").await.problem(400, "E401");
        assert_eq!(status(&mut guest, &order).await, "payment_pending");
        bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
        assert_eq!(status(&mut guest, &order).await, "paid");
        bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
        pay(&mut guest, &order, "p3", "").await.problem(409, "E408");
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!(bank.refunds(), Vec::<String>::new(), "told twice is paid once");

        // Cancelled before it is sent: the money goes back, once.
        cancel(&mut guest, &order).await.is(200);
        for _ in 0..2 {
            shop.server.orders.give_money_back().await.unwrap();
        }
        assert_eq!(bank.refunds().len(), 1);
        bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
        assert_eq!(status(&mut guest, &order).await, "cancelled", "late changes nothing");
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!(bank.refunds().len(), 1);
        assert_eq!(shop.stock(2, 4).await, 5);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_that_comes_first_or_not_at_all() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        // The webhook overtakes the answer: told while we still wait for the session.
        let order = place(&mut guest, "a", "stripe").await;
        let number =
            guest.get(&format!("/api/v1/orders/{order}")).await.body()["number"].as_str().unwrap().to_owned();
        let early = bank::event("checkout.session.completed", "cs_early", &number, 1995, "paid");
        bank.tell(&shop, &early, bank::WEBHOOK_SECRET).await.is(204);
        assert_eq!(status(&mut guest, &order).await, "paid");

        pay(&mut guest, &order, "p", "").await.problem(409, "E408");

        // Another amount is not this order's, nor is another order that had this one's number before a restore.
        let order = place(&mut guest, "b", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        let session = bank.only_session();
        let number = session["asked"]["client_reference_id"].as_str().unwrap();
        let told = |amount| {
            bank::event("checkout.session.completed", session["id"].as_str().unwrap(), number, amount, "paid")
        };
        let mut lost = told(1995);
        lost["data"]["object"]["metadata"]["order"] = json!("of an order that a restore lost");
        for event in [told(1), lost] {
            bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
            assert_eq!(status(&mut guest, &order).await, "payment_pending");
        }
        // Lost: the round of a minute later asks.
        bank.pay(&session);
        shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
        assert_eq!(status(&mut guest, &order).await, "paid");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_is_ended_at_stripe_first() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = place(&mut guest, "a", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        let session = bank.only_session();
        // Away: nobody knows whether it is paid. Stock and session stay, and so does the order.
        bank.is_away(true);
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("payment_pending"), 4));
        cancel(&mut guest, &order).await.problem(502, "E417");
        // What is overdue can be looked at all the same.
        shop.server.orders.find(&order).await.unwrap();
        bank.is_away(false);
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("cancelled"), 5));
        assert!(bank.has_ended(&session), "nobody can pay what was given up");

        // Paid in the last second: it is paid, not given up.
        let order = place(&mut guest, "b", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        bank.pay(&bank.last_session());
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("paid"), 4));

        // Away when the shopper wants to pay: nothing is kept, and the same key goes on later.
        let order = place(&mut guest, "c", "stripe").await;
        bank.is_away(true);
        pay(&mut guest, &order, "p", "").await.problem(502, "E417");
        bank.is_away(false);
        pay(&mut guest, &order, "p", "").await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_for_another_way_to_pay_is_not_paid() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        // Paid, and the shopper is back before Stripe has told.
        let order = place(&mut guest, "a", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        bank.pay(&bank.last_session());
        let problem = cancel_unpaid(&mut guest, &order).await.problem(409, "E408");
        assert_eq!(problem["title"], "This order is not waiting for a payment: it is paid.");
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!((status(&mut guest, &order).await, bank.refunds().len()), (json!("paid"), 0));
        assert_eq!(shop.stock(2, 4).await, 4);

        // The same in a way whose money takes days.
        let order = place(&mut guest, "b", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        bank.pay_later(&bank.last_session());
        let problem = cancel_unpaid(&mut guest, &order).await.problem(409, "E408");
        let title = "This order is not waiting for a payment: it is paid, and the money is on its way.";
        assert_eq!(problem["title"], title);
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("payment_pending"), 3));

        let order = place(&mut guest, "c", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        assert_eq!(cancel_unpaid(&mut guest, &order).await.is(200).body()["status"], "cancelled");
        assert!(bank.has_ended(&bank.last_session()));
        // Whoever gave it up in another tab has what was in it in the cart already.
        cancel_unpaid(&mut guest, &order).await.problem(409, "E408");
        let order = place(&mut guest, "d", "on_delivery").await;
        cancel_unpaid(&mut guest, &order).await.problem(409, "E408");
        cancel_unpaid(&mut guest, "guess").await.problem(404, "E402");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stripe_names_an_order_in_its_language() {
    let bank = Bank::open().await;
    let shop = Shop::with_secrets(&["--origin", ORIGIN], &bank.secrets()).await;
    shop.import(crate::support::CATALOGUE, "true").await.is(200);
    for (language, name) in [("de", "Bestellung"), ("en", "Order")] {
        let mut guest = shop.browser();
        guest.add(4, 1).await.is(200);
        let headers = [("idempotency-key", "k"), ("accept-language", language)];
        let form = crate::support::order(1995, "stripe");
        let placed = guest.send(Method::POST, "/api/v1/orders", Some(form), &headers).await.is(201).body();
        pay(&mut guest, placed["key"].as_str().unwrap(), "p", "").await.is(200);
        let asked = &bank.last_session()["asked"];
        let expected = format!("{name} {}", placed["number"].as_str().unwrap());
        assert_eq!(asked["line_items[0][price_data][product_data][name]"], expected);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn money_that_takes_days_is_waited_for() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        for (kind, payment_status, expected) in [
            ("checkout.session.async_payment_succeeded", "paid", "paid"),
            ("checkout.session.async_payment_failed", "unpaid", "cancelled"),
        ] {
            let order = place(&mut guest, kind, "stripe").await;
            pay(&mut guest, &order, kind, "").await.is(200);
            let session = bank.last_session();
            let event = bank.pay_later(&session);
            bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
            let underway = async |guest: &mut Browser| {
                guest.get(&format!("/api/v1/orders/{order}")).await.is(200).body()["payment_underway"] == true
            };
            assert!(underway(&mut guest).await);
            let problem = pay(&mut guest, &order, "again", "").await.problem(409, "E408");
            assert_eq!(
                problem["title"],
                "This order is not waiting for a payment: it is paid, and the money is on its way."
            );
            let stock = shop.stock(2, 4).await;
            shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
            shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
            shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
            assert_eq!(
                status(&mut guest, &order).await,
                "payment_pending",
                "the shopper has done their part"
            );
            assert_eq!(shop.stock(2, 4).await, stock);

            let event = bank::told(kind, &session, payment_status);
            bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
            assert!(!underway(&mut guest).await);
            shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
            assert_eq!(status(&mut guest, &order).await, expected);
        }
        assert_eq!(shop.stock(2, 4).await, 4);
    }
}

/// A debit that came back while nobody could tell us: asking finds out.
#[tokio::test(flavor = "multi_thread")]
async fn money_that_was_under_way_and_does_not_come_gives_the_order_up() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = place(&mut guest, "a", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        let session = bank.last_session();
        bank.pay_later(&session);
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        assert_eq!(status(&mut guest, &order).await, "payment_pending");
        let asked = bank.asked();
        for _ in 0..3 {
            shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
            assert_eq!(status(&mut guest, &order).await, "payment_pending");
        }
        assert_eq!(bank.asked(), asked, "known to be under way");
        bank.takes_back(&session);
        shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("cancelled"), 5));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sum_that_is_too_small_for_stripe_is_told() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        bank.takes_from(5000);
        let mut guest = shop.browser();
        let order = place(&mut guest, "a", "stripe").await;
        let problem = pay(&mut guest, &order, "p", "").await.problem(402, "E407");
        assert!(problem["title"].as_str().unwrap().starts_with("This sum is too small"), "{problem}");
        cancel(&mut guest, &order).await.is(200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_stripe_refuses_once_can_be_paid_all_the_same() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let paid = place(&mut guest, "a", "stripe").await;
        bank.fails_next();
        pay(&mut guest, &paid, "p", "").await.is(200);

        // An address that goes for the mail and not for Stripe: it asks itself.
        guest.add(4, 1).await.is(200);
        let mut form = crate::support::order(1995, "stripe");
        form["email"] = json!("ada@localhost");
        let placed = guest.once("b", "/api/v1/orders", form).await.is(201).body();
        let order = placed["key"].as_str().unwrap().to_owned();
        pay(&mut guest, &order, "q", "").await.is(200);
        assert_eq!(bank.last_session()["asked"].get("customer_email"), None);

        // Money that comes for a cancelled order goes back once, and then nobody asks after it.
        let session = bank.last_session();
        bank.pay_later(&session);
        cancel(&mut guest, &order).await.is(200);
        let event = bank::told("checkout.session.async_payment_succeeded", &session, "paid");
        bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
        // The owner was faster: given back is given back.
        bank.give_back(&session);
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!(bank.refunds().len(), 1);
        cancel(&mut guest, &paid).await.is(200);
        let asked = bank.asked();
        shop.server.orders.give_money_back().await.unwrap();
        shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
        assert_eq!(bank.asked(), asked, "nobody asks after what is settled");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn money_is_owed_until_it_is_back() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = place(&mut guest, "a", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        bank.pay(&bank.last_session());
        shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
        cancel(&mut guest, &order).await.is(200);
        bank.refunds_slowly(true);
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!(bank.refunds().len(), 1);
        // What was begun comes to nothing, as at the bank of somebody whose account is closed.
        bank.refunds_slowly(false);
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!(bank.refunds().len(), 1, "it was asked for again");
        let asked = bank.asked();
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!(bank.asked(), asked, "and is given back now");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_whose_session_cannot_be_ended_stays() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = place(&mut guest, "a", "stripe").await;
        pay(&mut guest, &order, "p", "").await.is(200);
        bank.expires_nothing(true);
        shop.server.orders.cancel_overdue(i64::MAX).await.unwrap();
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("payment_pending"), 4));
        cancel(&mut guest, &order).await.problem(502, "E417");
        bank.expires_nothing(false);
        cancel(&mut guest, &order).await.is(200);
        assert!(bank.has_ended(&bank.last_session()));

        // An operator's word counts, whatever Stripe says; what is paid all the same goes back.
        let order = place(&mut guest, "b", "stripe").await;
        pay(&mut guest, &order, "q", "").await.is(200);
        let session = bank.last_session();
        bank.is_away(true);
        let number = session["asked"]["client_reference_id"].as_str().unwrap();
        let path = format!("/api/v1/operator/orders/{number}/status");
        shop.operator(Method::PUT, &path, json!({ "status": "cancelled" })).await.is(200);
        bank.is_away(false);
        bank.pay(&session);
        shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!((status(&mut guest, &order).await, bank.refunds().len()), (json!("cancelled"), 1));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_begun_with_stripe_is_looked_after_though_it_is_offered_no_more() {
    let bank = Bank::open().await;
    let shop = Shop::with_secrets(&["--origin", ORIGIN], &bank.secrets()).await;
    shop.import(crate::support::CATALOGUE, "true").await.is(200);
    let mut guest = shop.browser();
    let paid = place(&mut guest, "a", "stripe").await;
    pay(&mut guest, &paid, "p", "").await.is(200);
    let session = bank.last_session();
    let event = bank.pay(&session);
    bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
    let open = place(&mut guest, "b", "stripe").await;
    pay(&mut guest, &open, "q", "").await.is(200);
    let session = bank.last_session();

    let terms = |configuration: &mut Configuration| {
        let mut terms = (*configuration.terms).clone();
        terms.payments = Some(vec![PaymentMethod::OnDelivery]);
        configuration.terms = Arc::new(terms);
    };
    let shop = shop.server_with(terms).await;
    let mut guest = shop.browser();
    let options = guest.get("/api/v1/checkout/options").await.is(200).body();
    assert_eq!(options["payments"].as_array().unwrap().len(), 1);
    cancel(&mut guest, &paid).await.is(200);
    shop.server.orders.give_money_back().await.unwrap();
    assert_eq!(bank.refunds().len(), 1, "what was paid goes back");
    cancel(&mut guest, &open).await.is(200);
    assert!(bank.has_ended(&session), "nobody can pay what was cancelled");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_provider_that_never_answers_keeps_no_server_from_stopping() {
    let bank = Bank::open().await;
    let shop = Shop::with_secrets(&["--origin", ORIGIN], &bank.secrets()).await;
    shop.import(crate::support::CATALOGUE, "true").await.is(200);
    let mut guest = shop.browser();
    let order = place(&mut guest, "a", "stripe").await;
    pay(&mut guest, &order, "p", "").await.is(200);
    let event = bank.pay(&bank.last_session());
    bank.tell(&shop, &event, bank::WEBHOOK_SECRET).await.is(204);
    cancel(&mut guest, &order).await.is(200);
    bank.is_silent();
    let chores = tokio::spawn(server::maintenance::run(shop.server.clone()));
    bank.keeps_somebody_waiting().await;
    shop.server.stopping.cancel();
    // Less than what the provider may take.
    tokio::time::timeout(std::time::Duration::from_secs(8), chores).await.expect("it stops").unwrap();
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

#[tokio::test(flavor = "multi_thread")]
async fn without_stripe_there_is_no_webhook() {
    let shop = Shop::sqlite(&[]).await;
    let bank = Bank::open().await;
    bank.tell(&shop, &json!({}), bank::WEBHOOK_SECRET).await.problem(404, "E402");
}
