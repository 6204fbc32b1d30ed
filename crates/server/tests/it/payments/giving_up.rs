//! What is given up before it is paid or after: sessions end, money goes back.

use super::{bank::Bank, begin, cancel, cancel_unpaid, pay, place, status, with_stripe};
use axum::http::Method;
use serde_json::json;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_given_up_is_ended_at_stripe_first() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = begin(&mut guest, "a").await;
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
        let order = begin(&mut guest, "b").await;
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
        let order = begin(&mut guest, "a").await;
        bank.pay(&bank.last_session());
        let problem = cancel_unpaid(&mut guest, &order).await.problem(409, "E408");
        assert_eq!(problem["title"], "This order is not waiting for a payment: it is paid.");
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!((status(&mut guest, &order).await, bank.refunds().len()), (json!("paid"), 0));
        assert_eq!(shop.stock(2, 4).await, 4);

        // The same in a way whose money takes days.
        let order = begin(&mut guest, "b").await;
        bank.pay_later(&bank.last_session());
        let problem = cancel_unpaid(&mut guest, &order).await.problem(409, "E408");
        let title = "This order is not waiting for a payment: it is paid, and the money is on its way.";
        assert_eq!(problem["title"], title);
        assert_eq!((status(&mut guest, &order).await, shop.stock(2, 4).await), (json!("payment_pending"), 3));

        let order = begin(&mut guest, "c").await;
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
async fn money_that_was_under_way_and_does_not_come_gives_the_order_up() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = begin(&mut guest, "a").await;
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
async fn money_is_owed_until_it_is_back() {
    let bank = Bank::open().await;
    for shop in with_stripe(&bank).await {
        bank.forget();
        let mut guest = shop.browser();
        let order = begin(&mut guest, "a").await;
        bank.pay(&bank.last_session());
        shop.server.orders.ask_after_payments(i64::MAX).await.unwrap();
        cancel(&mut guest, &order).await.is(200);
        bank.refunds_slowly();
        let number = bank.last_session()["asked"]["client_reference_id"].as_str().unwrap().to_owned();
        let is_done = async || {
            let path = format!("/api/v1/operator/orders/{number}");
            let file = shop.operator(Method::GET, &path, json!(null)).await.is(200).body();
            file["refunds"][0]["done"] == true
        };
        for _ in 0..2 {
            shop.server.orders.give_money_back().await.unwrap();
            assert_eq!((bank.refunds(), is_done().await), (vec!["pending"], false));
        }
        // What was begun comes to nothing, as at the bank of somebody whose account is closed. It is asked for again the next day.
        bank.end_refunds("failed");
        for _ in 0..2 {
            shop.server.orders.give_money_back().await.unwrap();
            assert_eq!((bank.refunds(), is_done().await), (vec!["failed"], false));
        }
        bank.forget_keys();
        for _ in 0..2 {
            shop.server.orders.give_money_back().await.unwrap();
            assert_eq!((bank.refunds(), is_done().await), (vec!["failed", "pending"], false));
        }
        bank.end_refunds("succeeded");
        shop.server.orders.give_money_back().await.unwrap();
        assert_eq!((bank.refunds(), is_done().await), (vec!["failed", "succeeded"], true));
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
        let order = begin(&mut guest, "a").await;
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
