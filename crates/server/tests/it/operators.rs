//! What operators see and change, and that it is written down.

use crate::{
    on_both,
    support::{Shop, TOKEN},
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    orders_are_sent_and_cancelled,
    stock_is_set_and_no_sale_is_lost,
    messages_are_answered,
    only_for_operators
);

async fn audit(shop: &Shop) -> Vec<[String; 4]> {
    let entries = shop.operator(Method::GET, "/api/v1/operator/audit", Value::Null).await.is(200).body();
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap().to_owned();
    let entry = |entry: &Value| ["kind", "subject", "was", "became"].map(|field| text(entry, field));
    entries.as_array().unwrap().iter().map(entry).collect()
}

async fn orders_are_sent_and_cancelled(shop: Shop) {
    let mut guest = shop.browser();
    let mut numbers = Vec::new();
    for key in ["a", "b"] {
        guest.add(4, 1).await.is(200);
        let placed = guest.order(key, 1995, "on_delivery").await.is(201).body();
        numbers.push(placed["number"].as_str().unwrap().to_owned());
    }
    let list = async |query: &str| {
        let address = format!("/api/v1/operator/orders{query}");
        let orders = shop.operator(Method::GET, &address, Value::Null).await.is(200).body();
        orders
            .as_array()
            .unwrap()
            .iter()
            .map(|order| order["number"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(list("").await, [numbers[1].clone(), numbers[0].clone()]);
    assert_eq!(list(&format!("?before={}", numbers[1])).await, [numbers[0].clone()]);
    assert_eq!(list("?status=shipped").await, Vec::<String>::new());
    shop.operator(Method::GET, "/api/v1/operator/orders?status=lost", Value::Null).await.problem(422, "E401");
    shop.operator(Method::GET, "/api/v1/operator/orders?before=7", Value::Null).await.problem(422, "E401");

    let set = async |number: &str, status: &str| {
        let address = format!("/api/v1/operator/orders/{number}/status");
        shop.operator(Method::PUT, &address, json!({ "status": status })).await
    };
    assert_eq!(set(&numbers[0], "shipped").await.is(200).body()["status"], "shipped");
    set(&numbers[0], "shipped").await.problem(409, "E408");
    set(&numbers[0], "cancelled").await.problem(409, "E408");
    set(&numbers[1], "paid").await.problem(409, "E408");
    for _ in 0..2 {
        set(&numbers[1], "cancelled").await.is(200);
    }
    assert_eq!(shop.stock(2, 4).await, 4);
    set("M-99999", "shipped").await.problem(404, "E402");
    set("nothing", "shipped").await.problem(404, "E402");
    assert_eq!(list("?status=shipped").await, [numbers[0].clone()]);
    let entry = |number: &str, became: &str| ["order", number, "placed", became].map(str::to_owned);
    assert_eq!(audit(&shop).await, [entry(&numbers[1], "cancelled"), entry(&numbers[0], "shipped")]);
}

async fn stock_is_set_and_no_sale_is_lost(shop: Shop) {
    let stock = async |query: &str| {
        let address = format!("/api/v1/operator/stock{query}");
        let items = shop.operator(Method::GET, &address, Value::Null).await.is(200).body();
        items
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["sku"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let set = async |variant: i64, expected: i64, stock: i64| {
        let form = json!({ "stock": stock, "expected": expected });
        shop.operator(Method::PUT, &format!("/api/v1/operator/stock/{variant}"), form).await
    };
    assert_eq!(stock("").await, ["BED-NM", "BED-NL", "BED-SM", "BALL"]);
    let item = set(4, 5, 2).await.is(200).body();
    assert_eq!((&item["stock"], &item["title"]), (&json!(2), &json!("Ball")));
    assert_eq!(stock("?at_most=2").await, ["BALL"]);
    assert_eq!(stock("?after=3").await, ["BALL"]);
    assert_eq!(shop.stock(2, 4).await, 2);
    let problem = set(4, 5, 9).await.problem(409, "E405");
    assert_eq!(problem["title"], "The stock is 2 by now, not 5. Look again, then set it.");
    set(4, 2, -1).await.problem(422, "E401");
    set(99, 0, 1).await.problem(404, "E402");
    set(4, 2, 2).await.is(200);
    assert_eq!(
        audit(&shop).await,
        [["stock", "4", "5", "2"].map(str::to_owned)],
        "nothing changed is nothing to tell"
    );
}

async fn messages_are_answered(shop: Shop) {
    let form =
        json!({ "name": "Ada", "email": "ada@example.org", "topic": "other", "message": "Hello to you all" });
    let sent = shop.browser().once("k", "/api/v1/contact", form).await.is(201).body();
    let reference = sent["reference"].as_str().unwrap();
    let list = async |query: &str| {
        let address = format!("/api/v1/operator/messages{query}");
        shop.operator(Method::GET, &address, Value::Null).await.is(200).body().as_array().unwrap().clone()
    };
    assert_eq!(list("?open=true").await[0]["message"], "Hello to you all");
    let mark = async |reference: &str, answered: bool| {
        let address = format!("/api/v1/operator/messages/{reference}");
        shop.operator(Method::PUT, &address, json!({ "answered": answered })).await
    };
    for _ in 0..2 {
        assert_eq!(mark(reference, true).await.is(200).body()["answered"], true);
    }
    assert_eq!((list("?open=true").await.len(), list("").await.len()), (0, 1));
    mark("C-NOTHING", true).await.problem(404, "E402");
    assert_eq!(audit(&shop).await, [["message", reference, "open", "answered"].map(str::to_owned)]);
}

async fn only_for_operators(shop: Shop) {
    let team = shop.operator(Method::POST, "/api/v1/registry/tokens", json!({ "app": "cart" })).await;
    let team = team.is(201).body()["secret"].as_str().unwrap().to_owned();
    for path in ["orders", "stock", "messages", "audit"] {
        let address = format!("/api/v1/operator/{path}");
        shop.browser().get(&address).await.problem(401, "E522");
        shop.with_token("guess", Method::GET, &address, Vec::new()).await.problem(401, "E522");
        shop.with_token(&team, Method::GET, &address, Vec::new()).await.problem(403, "E522");
        shop.with_token(TOKEN, Method::GET, &address, Vec::new()).await.is(200);
    }
}
