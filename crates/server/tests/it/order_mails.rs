//! What whoever ordered is told by mail, once for each thing that happens.

use crate::{
    on_both,
    support::{Browser, Shop, mailbox, order},
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    who_ordered_is_told_in_their_language,
    a_payment_that_is_waited_for_is_told_when_it_is_here,
    what_happens_twice_is_told_once,
    money_that_goes_back_is_told_once,
    what_somebody_types_makes_no_lines_of_its_own,
);

/// Subjects, the oldest first; the place for the number is left out.
async fn subjects(shop: &Shop) -> Vec<String> {
    shop.post().await;
    let subject = |mail: &mailbox::Received| {
        let words = mail.header("Subject").split(' ').filter(|word| !word.starts_with("M-"));
        words.collect::<Vec<_>>().join(" ")
    };
    mailbox::of(shop).iter().map(subject).collect()
}

async fn place(guest: &mut Browser, key: &str, payment: &str) -> Value {
    guest.add(4, 1).await.is(200);
    guest.order(key, 1995, payment).await.is(201).body()
}

async fn ship(shop: &Shop, order: &Value) {
    let address = format!("/api/v1/operator/orders/{}/status", order["number"].as_str().unwrap());
    shop.operator(Method::PUT, &address, json!({ "status": "shipped" })).await.is(200);
}

async fn cancel(guest: &mut Browser, order: &Value) {
    let address = format!("/api/v1/orders/{}/cancellation", order["key"].as_str().unwrap());
    guest.post(&address, json!({})).await.is(200);
}

async fn who_ordered_is_told_in_their_language(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let headers = [("idempotency-key", "k"), ("accept-language", "de-AT,en;q=0.5")];
    let form = order(1995, "on_delivery");
    let placed = guest.send(Method::POST, "/api/v1/orders", Some(form), &headers).await.is(201).body();
    let number = placed["number"].as_str().unwrap();
    ship(&shop, &placed).await;
    shop.post().await;
    let mails = mailbox::of(&shop);
    assert_eq!(mails.len(), 2);
    assert_eq!(mails[0].header("To"), "ada@example.org");
    assert_eq!(mails[0].header("Subject"), format!("Ihre Bestellung {number}"));
    for expected in [
        "\n1 × Ball",
        "9,90\u{a0}€\n",
        "\n19,95\u{a0}€ insgesamt",
        "\nAda\nLane 1\n10115 Berlin\nDeutschland\n",
    ] {
        assert!(mails[0].text.contains(expected), "{expected}: {}", mails[0].text);
    }
    let key = placed["key"].as_str().unwrap();
    assert_eq!(mails[0].link(), format!("http://127.0.0.1:8080/#/checkout/confirmation/{key}"));
    assert_eq!(mails[1].header("Subject"), format!("Ihre Bestellung {number} ist unterwegs"));
}

async fn a_payment_that_is_waited_for_is_told_when_it_is_here(shop: Shop) {
    let mut guest = shop.browser();
    let placed = place(&mut guest, "k", "test_card").await;
    assert_eq!(subjects(&shop).await, [""; 0]);
    let address = format!("/api/v1/orders/{}/payment", placed["key"].as_str().unwrap());
    guest.once("p", &address, json!({ "card_number": "4000 0000 0000 0002" })).await.problem(402, "E407");
    assert_eq!(subjects(&shop).await, [""; 0]);
    guest.once("q", &address, json!({ "card_number": "4242 4242 4242 4242" })).await.is(200);
    assert_eq!(subjects(&shop).await, ["Your order"]);
    assert!(mailbox::of(&shop)[0].text.contains("We have it, nothing is left to pay"));

    place(&mut guest, "l", "test_card").await;
    shop.server.orders.cancel_overdue(i64::MAX / 2).await.unwrap();
    assert_eq!(subjects(&shop).await, ["Your order", "Your order was not paid"]);

    // Who turns back before paying was told of nothing that would have to be taken back.
    let placed = place(&mut guest, "m", "test_card").await;
    cancel(&mut guest, &placed).await;
    assert_eq!(subjects(&shop).await.len(), 2);
}

async fn money_that_goes_back_is_told_once(shop: Shop) {
    let mut guest = shop.browser();
    let placed = place(&mut guest, "k", "test_card").await;
    let address = format!("/api/v1/orders/{}/payment", placed["key"].as_str().unwrap());
    guest.once("p", &address, json!({ "card_number": "4242 4242 4242 4242" })).await.is(200);
    ship(&shop, &placed).await;
    let refund = format!("/api/v1/operator/orders/{}/refund", placed["number"].as_str().unwrap());
    for _ in 0..2 {
        shop.operator(Method::POST, &refund, Value::Null).await.is(200);
    }
    let expected = ["Your order", "Your order is on its way", "Your money for order goes back"];
    assert_eq!(subjects(&shop).await, expected);
    assert!(mailbox::of(&shop)[2].text.contains("€19.95"), "{}", mailbox::of(&shop)[2].text);
}

/// The amounts of a mail: those between the items and the address, without what they are written with.
fn amounts(mail: &mailbox::Received) -> Vec<i64> {
    let amount = |line: &str| {
        let sign = if line.contains('−') { -1 } else { 1 };
        // What stands behind the last colon, or all of the total's line up to its words.
        let amount = line.rsplit(": ").next()?;
        let amount = amount.split(' ').next().filter(|amount| amount.contains('€'))?;
        let digits: String = amount.chars().filter(char::is_ascii_digit).collect();
        Some(sign * digits.parse::<i64>().unwrap())
    };
    mail.text.lines().filter_map(amount).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_mail_says_adds_up_to_its_total() {
    let terms = json!({
        "countries": ["DE", "US"],
        "taxes": { "US": { "percent": 8.25, "prices": "net" } },
        "coupons": [{ "code": "FIVE", "amount": 5 }]
    });
    for shop in Shop::with_terms(&terms).await {
        for (language, country, coupon) in
            [("en", "DE", None), ("en", "US", Some("FIVE")), ("de", "DE", Some("FIVE")), ("de", "US", None)]
        {
            let mut guest = shop.browser();
            guest.add(4, 1).await.is(200);
            guest.add(1, 1).await.is(200);
            if let Some(coupon) = coupon {
                guest.coupon(coupon).await.is(200);
            }
            let asked = json!({ "delivery": "express", "country": country });
            let quote = guest.post("/api/v1/checkout/quote", asked).await.is(200).body();
            let total = quote["total"]["amount"].as_i64().unwrap();
            let mut form = order(total, "on_delivery");
            form["address"]["country"] = json!(country);
            let headers = [("idempotency-key", "k"), ("accept-language", language)];
            guest.send(Method::POST, "/api/v1/orders", Some(form), &headers).await.is(201);
            shop.post().await;
            let mail = mailbox::of(&shop).pop().unwrap();
            let amounts = amounts(&mail);
            let (last, parts) = amounts.split_last().unwrap();
            let expected = 3 + usize::from(coupon.is_some()) + usize::from(country == "US");
            assert_eq!(
                (parts.len(), parts.iter().sum::<i64>(), *last),
                (expected, total, total),
                "{}",
                mail.text
            );
            assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
        }
    }
}

async fn what_happens_twice_is_told_once(shop: Shop) {
    let mut guest = shop.browser();
    let placed = place(&mut guest, "k", "on_delivery").await;
    guest.order("k", 1995, "on_delivery").await.is(201);
    for _ in 0..2 {
        cancel(&mut guest, &placed).await;
    }
    assert_eq!(subjects(&shop).await, ["Your order", "Your order is cancelled"]);
    // What was refused is not told.
    guest.add(4, 1).await.is(200);
    guest.order("l", 1, "on_delivery").await.problem(409, "E405");
    assert_eq!(subjects(&shop).await.len(), 2);
}

async fn what_somebody_types_makes_no_lines_of_its_own(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let mut form = order(1995, "on_delivery");
    form["address"]["name"] = json!("{link} & {total}");
    form["address"]["extra"] = json!("  ");
    guest.once("k", "/api/v1/orders", form).await.is(201);
    shop.post().await;
    let mails = mailbox::of(&shop);
    assert!(mails[0].text.contains("\n{link} & {total}\nLane 1\n10115 Berlin\n"), "{}", mails[0].text);
}
