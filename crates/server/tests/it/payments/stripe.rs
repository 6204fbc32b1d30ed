//! Being paid at Stripe, as a local server speaks it.

use super::{
    bank::{self, Bank, ORIGIN},
    begin, cancel, pay, place, status, with_stripe,
};
use crate::support::{Browser, Shop};
use axum::http::Method;
use contract::shop::order::PaymentMethod;
use serde_json::json;
use server::Configuration;
use std::sync::Arc;

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
        assert_eq!(bank.refunds(), [""; 0], "told twice is paid once");

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
        let order = begin(&mut guest, "b").await;
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

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_ends_while_it_is_begun_is_no_overdue_order() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = begin(&mut guest, "a").await;
        let ended = bank::told("checkout.session.expired", &bank.last_session(), "unpaid");
        bank.tell(&shop, &ended, bank::WEBHOOK_SECRET).await.is(204);
        // As for two who begin at the same moment: both have the first attempt's session.
        let attempt = async |attempt: i64| {
            let mut db = shop.server.database.write().await.unwrap();
            sqlx::query("UPDATE payments SET attempt = $1").bind(attempt).execute(&mut *db).await.unwrap();
            db.commit().await.unwrap();
        };
        attempt(0).await;
        pay(&mut guest, &order, "q", "").await.problem(502, "E417");
        attempt(1).await;
        pay(&mut guest, &order, "q", "").await.is(200);
        assert_eq!((bank.sessions(), status(&mut guest, &order).await), (2, json!("payment_pending")));
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
async fn what_was_begun_with_stripe_is_looked_after_though_it_is_offered_no_more() {
    let bank = Bank::open().await;
    let shop = Shop::with_secrets(&["--origin", ORIGIN], &bank.secrets()).await;
    shop.import(crate::support::CATALOGUE, "true").await.is(200);
    let mut guest = shop.browser();
    let paid = begin(&mut guest, "a").await;
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
    let order = begin(&mut guest, "a").await;
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
async fn without_stripe_there_is_no_webhook() {
    let shop = Shop::sqlite(&[]).await;
    let bank = Bank::open().await;
    bank.tell(&shop, &json!({}), bank::WEBHOOK_SECRET).await.problem(404, "E402");
}
