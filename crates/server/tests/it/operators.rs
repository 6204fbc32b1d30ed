//! What operators see and change, and that it is written down.

use crate::{
    on_both,
    support::{CATALOGUE, Shop, TOKEN, order},
};
use axum::http::Method;
use contract::route::encode;
use serde_json::{Value, json};

on_both!(
    orders_are_sent_and_cancelled,
    orders_are_searched_and_come_in_pages,
    names_are_found_in_whatever_case,
    an_order_has_its_payment_and_its_history,
    money_of_what_was_sent_goes_back_once,
    stock_is_set_and_no_sale_is_lost,
    imports_are_written_down,
    stock_is_searched_and_comes_in_pages,
    messages_are_answered,
    messages_and_the_log_come_in_pages,
    only_for_operators
);

/// What was done since the shop's catalogue was imported.
async fn audit(shop: &Shop) -> Vec<[String; 4]> {
    let entries = shop.operator(Method::GET, "/api/v1/operator/audit", Value::Null).await.is(200).body();
    let text = |entry: &Value, field: &str| entry[field].as_str().unwrap().to_owned();
    let entry = |entry: &Value| ["kind", "subject", "was", "became"].map(|field| text(entry, field));
    let (import, since) = entries.as_array().unwrap().split_last().unwrap();
    assert_eq!(entry(import), ["catalogue", "", "0 / 0", "2 / 4"].map(str::to_owned));
    since.iter().map(entry).collect()
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
    set(&numbers[1], "paid").await.problem(422, "E401");
    // Of two at the same moment one changes it, and the log names that one alone.
    let both = tokio::join!(set(&numbers[1], "cancelled"), set(&numbers[1], "cancelled"));
    for answer in [both.0, both.1, set(&numbers[1], "cancelled").await] {
        answer.is(200);
    }
    assert_eq!(shop.stock(2, 4).await, 4);
    set("M-99999", "shipped").await.problem(404, "E402");
    set("nothing", "shipped").await.problem(404, "E402");
    assert_eq!(list("?status=shipped").await, [numbers[0].clone()]);
    let entry = |number: &str, became: &str| ["order", number, "placed", became].map(str::to_owned);
    assert_eq!(audit(&shop).await, [entry(&numbers[1], "cancelled"), entry(&numbers[0], "shipped")]);
}

async fn ask(shop: &Shop, path: &str) -> Value {
    shop.operator(Method::GET, &format!("/api/v1/operator/{path}"), Value::Null).await.is(200).body()
}

/// What one field of a list says.
fn column(list: &Value, field: &str) -> Vec<String> {
    let text = |entry: &Value| entry[field].as_str().map_or_else(|| entry[field].to_string(), str::to_owned);
    list.as_array().unwrap().iter().map(text).collect()
}

async fn orders_are_searched_and_come_in_pages(shop: Shop) {
    let mut guest = shop.browser();
    let mut numbers = Vec::new();
    for key in ["a", "b", "c"] {
        guest.add(4, 1).await.is(200);
        let placed = guest.order(key, 1995, "on_delivery").await.is(201).body();
        numbers.insert(0, placed["number"].as_str().unwrap().to_owned());
    }
    let mut db = shop.server.database.write().await.unwrap();
    for (number, name, email) in
        [(&numbers[0], "Grace 100% Hopper", "g_h@example.org"), (&numbers[1], "Ada", "gah@example.org")]
    {
        let change = "UPDATE orders SET name = $1, email = $2 WHERE id = $3";
        let id = number[2..].parse::<i64>().unwrap() - 10_000;
        sqlx::query(change).bind(name).bind(email).bind(id).execute(&mut *db).await.unwrap();
    }
    db.commit().await.unwrap();
    let found = async |query: &str| column(&ask(&shop, &format!("orders?{query}")).await, "number");
    let digits = &numbers[2][2..];
    for (query, expected) in [
        ("q=hopper".to_owned(), &numbers[..1]),
        ("q=%20HOPPER%20".to_owned(), &numbers[..1]),
        ("q=gah@Example.org".to_owned(), &numbers[1..2]),
        // What stands for anything in SQL stands for itself.
        ("q=g_h".to_owned(), &numbers[..1]),
        ("q=100%25".to_owned(), &numbers[..1]),
        ("q=%25".to_owned(), &numbers[..1]),
        (format!("q={}", numbers[2]), &numbers[2..]),
        (format!("q=m-{digits}"), &numbers[2..]),
        (format!("q={digits}"), &numbers[2..]),
        ("q=nobody".to_owned(), &numbers[..0]),
        ("limit=2".to_owned(), &numbers[..2]),
        (format!("limit=2&before={}", numbers[1]), &numbers[2..]),
        ("q=hopper&status=shipped".to_owned(), &numbers[..0]),
    ] {
        assert_eq!(found(&query).await, expected, "{query}");
    }
    for wrong in ["limit=0", "limit=101", &format!("q={}", "x".repeat(201))] {
        let address = format!("/api/v1/operator/orders?{wrong}");
        shop.operator(Method::GET, &address, Value::Null).await.problem(422, "E401");
    }
}

async fn names_are_found_in_whatever_case(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let mut form = order(1995, "on_delivery");
    form["address"]["name"] = json!("JÖRG Özdemir");
    let placed = guest.once("a", "/api/v1/orders", form).await.is(201).body();
    shop.import(&CATALOGUE.replace("Cosy bed", "Ökobett"), "true").await.is(200);
    for words in ["Özdemir", "özdemir", "ÖZDEMIR", "jörg ö"] {
        let found = ask(&shop, &format!("orders?q={}", encode(words))).await;
        assert_eq!(column(&found, "number"), [placed["number"].as_str().unwrap()], "{words}");
    }
    for words in ["Öko", "öko", "ÖKOBETT"] {
        let found = ask(&shop, &format!("stock?q={}&limit=1", encode(words))).await;
        assert_eq!(column(&found, "sku"), ["BED-NM"], "{words}");
    }
    // Orders of before have only their names.
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE orders SET person_text = ''").execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    let found = ask(&shop, &format!("orders?q={}", encode("jÖrg Öz"))).await;
    assert_eq!(column(&found, "number"), [placed["number"].as_str().unwrap()]);
}

async fn an_order_has_its_payment_and_its_history(shop: Shop) {
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    let placed = guest.order("a", 1995, "test_card").await.is(201).body();
    let number = placed["number"].as_str().unwrap();
    let file = ask(&shop, &format!("orders/{number}")).await;
    assert_eq!(
        (&file["order"]["number"], &file["order"]["status"]),
        (&json!(number), &json!("payment_pending"))
    );
    assert_eq!(
        (&file["payment"], &file["refunds"], &file["history"]),
        (&Value::Null, &json!([]), &json!([]))
    );
    let key = placed["key"].as_str().unwrap();
    let address = format!("/api/v1/operator/orders/{number}/status");
    let problem = shop.operator(Method::PUT, &address, json!({ "status": "shipped" })).await;
    let title = problem.problem(409, "E408")["title"].clone();
    assert_eq!(title, "This order cannot be sent: it is not paid yet.");
    let card = json!({ "card_number": "4242 4242 4242 4242" });
    guest.once("pay", &format!("/api/v1/orders/{key}/payment"), card).await.is(200);
    shop.operator(Method::PUT, &address, json!({ "status": "shipped" })).await.is(200);
    // However the number is written.
    let file = ask(&shop, &format!("orders/{}", number.replace("M-", "M-0"))).await;
    assert_eq!(file["payment"]["status"], "paid");
    assert!(!file["payment"]["reference"].as_str().unwrap().is_empty());
    assert_eq!(column(&file["history"], "was"), ["paid"]);
    assert_eq!(column(&file["history"], "became"), ["shipped"]);
    for unknown in ["M-99999", "nothing"] {
        let address = format!("/api/v1/operator/orders/{unknown}");
        shop.operator(Method::GET, &address, Value::Null).await.problem(404, "E402");
    }
}

async fn money_of_what_was_sent_goes_back_once(shop: Shop) {
    let mut guest = shop.browser();
    let (mut numbers, mut keys) = (Vec::new(), Vec::new());
    for (key, payment) in [("a", "test_card"), ("b", "on_delivery"), ("c", "on_delivery")] {
        guest.add(4, 1).await.is(200);
        let placed = guest.order(key, 1995, payment).await.is(201).body();
        if payment == "test_card" {
            let address = format!("/api/v1/orders/{}/payment", placed["key"].as_str().unwrap());
            guest.once("pay", &address, json!({ "card_number": "4242424242424242" })).await.is(200);
        }
        numbers.push(placed["number"].as_str().unwrap().to_owned());
        keys.push(placed["key"].as_str().unwrap().to_owned());
    }
    let refund = async |number: &str| {
        shop.operator(Method::POST, &format!("/api/v1/operator/orders/{number}/refund"), Value::Null).await
    };
    let problem = refund(&numbers[0]).await.problem(409, "E408");
    assert!(problem["title"].as_str().unwrap().contains("cancelling it gives the money back"), "{problem}");
    for (number, status) in numbers.iter().zip(["shipped", "shipped", "cancelled"]) {
        let address = format!("/api/v1/operator/orders/{number}/status");
        shop.operator(Method::PUT, &address, json!({ "status": status })).await.is(200);
    }
    refund(&numbers[1]).await.problem(409, "E408");
    let problem = refund(&numbers[2]).await.problem(409, "E408");
    assert!(problem["title"].as_str().unwrap().contains("it is cancelled"), "{problem}");
    refund("M-99999").await.problem(404, "E402");
    let stock = shop.stock(2, 4).await;
    for _ in 0..2 {
        let file = refund(&numbers[0]).await.is(200).body();
        assert_eq!(
            (&file["order"]["status"], column(&file["refunds"], "done").len()),
            (&json!("shipped"), 1)
        );
        assert_eq!(column(&file["history"], "kind"), ["refund", "order"], "once is once");
    }
    for (key, refunded) in keys.iter().zip([json!(true), json!(null), json!(null)]) {
        let order = guest.get(&format!("/api/v1/orders/{key}")).await.is(200).body();
        assert_eq!(order["refunded"], refunded, "{order}");
    }
    shop.server.orders.give_money_back().await.unwrap();
    let file = ask(&shop, &format!("orders/{}", numbers[0])).await;
    assert_eq!(file["refunds"][0]["done"], true);
    assert_eq!(shop.stock(2, 4).await, stock, "what comes back is counted when it is here");
    let newest = audit(&shop).await.swap_remove(0);
    assert_eq!(newest, ["refund", &numbers[0], "paid", "refunded"].map(str::to_owned));
}

async fn stock_is_searched_and_comes_in_pages(shop: Shop) {
    let found = async |query: &str| column(&ask(&shop, &format!("stock?{query}")).await, "sku");
    for (query, expected) in [
        ("q=ball", vec!["BALL"]),
        ("q=bed-n", vec!["BED-NM", "BED-NL"]),
        ("q=bed&limit=1", vec!["BED-NM"]),
        ("q=bed&limit=1&after=1", vec!["BED-NL"]),
        ("q=b%25d", vec![]),
        ("q=none", vec![]),
    ] {
        assert_eq!(found(query).await, expected, "{query}");
    }
    assert_eq!(ask(&shop, "stock/4").await["sku"], "BALL");
    shop.operator(Method::GET, "/api/v1/operator/stock/99", Value::Null).await.problem(404, "E402");
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
    let problem = set(4, 5, 9).await.problem(409, "E421");
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

async fn imports_are_written_down(shop: Shop) {
    let without: String =
        CATALOGUE.lines().filter(|line| !line.starts_with("bed")).map(|line| format!("{line}\n")).collect();
    shop.import(&without, "true").await.is(200);
    shop.import("damaged", "true").await.problem(422, "E420");
    assert_eq!(audit(&shop).await, [["catalogue", "", "2 / 4", "1 / 1"].map(str::to_owned)]);
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

async fn messages_and_the_log_come_in_pages(shop: Shop) {
    let mut sent = Vec::new();
    for key in ["a", "b", "c"] {
        let form = json!({ "name": "Ada", "email": "ada@example.org", "topic": "other", "message": "Hello to you all" });
        let receipt = shop.browser().once(key, "/api/v1/contact", form).await.is(201).body();
        sent.push(receipt["reference"].as_str().unwrap().to_owned());
    }
    // All of the same moment: references tell them apart.
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE contact_messages SET at = 1").execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    sent.sort();
    assert_eq!(column(&ask(&shop, "messages?limit=2").await, "reference"), sent[..2]);
    let next = format!("messages?limit=2&before={}", sent[1]);
    assert_eq!(column(&ask(&shop, &next).await, "reference"), sent[2..]);
    let named = format!("messages?q=%20{}", sent[1].to_lowercase());
    assert_eq!(column(&ask(&shop, &named).await, "reference"), sent[1..2]);
    assert_eq!(ask(&shop, "messages?q=C-").await, json!([]), "references are searched whole");
    shop.operator(Method::GET, "/api/v1/operator/messages?before=C-NONE", Value::Null)
        .await
        .problem(404, "E402");
    for reference in &sent {
        let address = format!("/api/v1/operator/messages/{reference}");
        shop.operator(Method::PUT, &address, json!({ "answered": true })).await.is(200);
    }
    let log = ask(&shop, "audit?limit=2").await;
    assert_eq!(column(&log, "subject"), [&*sent[2], &sent[1]]);
    let next = format!("audit?limit=2&before={}", log[1]["id"]);
    // Before them the shop's catalogue was imported.
    assert_eq!(column(&ask(&shop, &next).await, "subject"), [&*sent[0], ""]);
    for list in ["messages", "audit", "stock"] {
        let address = format!("/api/v1/operator/{list}?limit=0");
        shop.operator(Method::GET, &address, Value::Null).await.problem(422, "E401");
    }
}

async fn only_for_operators(shop: Shop) {
    let team = shop.operator(Method::POST, "/api/v1/registry/tokens", json!({ "app": "cart" })).await;
    let team = team.is(201).body()["secret"].as_str().unwrap().to_owned();
    for path in ["orders", "orders/M-10001", "stock", "stock/4", "messages", "audit"] {
        let address = format!("/api/v1/operator/{path}");
        shop.browser().get(&address).await.problem(401, "E522");
        shop.with_token("guess", Method::GET, &address, Vec::new()).await.problem(401, "E522");
        shop.with_token(&team, Method::GET, &address, Vec::new()).await.problem(403, "E522");
        if path != "orders/M-10001" {
            shop.with_token(TOKEN, Method::GET, &address, Vec::new()).await.is(200);
        }
    }
    let refund = "/api/v1/operator/orders/M-10001/refund";
    shop.with_token(&team, Method::POST, refund, Vec::new()).await.problem(403, "E522");
}
