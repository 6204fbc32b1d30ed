//! The OpenAPI document is a snapshot: a change of the API is seen in review.

use crate::support::{Browser, Shop};
use axum::http::Method;
use serde_json::{Value, json};
use std::{collections::BTreeMap, path::Path};

#[tokio::test]
async fn the_document_is_the_one_that_was_checked_in() {
    // Sorted: whether JSON keeps its order depends on which crates are built together.
    let document = sorted(serde_json::to_value(server::document()).unwrap());
    let document = serde_json::to_string_pretty(&document).unwrap() + "\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    if std::env::var_os("MENAGERIE_BLESS").is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        document == checked_in,
        "crates/server/openapi.json is not what the server says. If the change is meant: \
         MENAGERIE_BLESS=1 cargo test -p menagerie-server --test it openapi"
    );
    let shop = Shop::empty(&[]).await;
    let served = shop.browser().get("/api/openapi.json").await.is(200).body();
    assert_eq!(served, serde_json::from_str::<Value>(&checked_in).unwrap());
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(fields) => {
            let fields: BTreeMap<_, _> =
                fields.into_iter().map(|(name, value)| (name, sorted(value))).collect();
            Value::Object(fields.into_iter().collect())
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

#[test]
fn every_operation_says_what_it_refuses_and_when_it_fails() {
    let document = serde_json::to_value(server::document()).unwrap();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            let responses = operation["responses"].as_object().unwrap();
            assert!(responses.contains_key("5XX"), "{method} {path}");
            assert!(method == "get" || responses.contains_key("4XX"), "{method} {path}");
            assert!(operation["summary"].is_string(), "{method} {path}");
        }
    }
}

/// What is wrong with this request, as the answer says: its status, and the fields it names.
async fn asked(ada: &mut Browser, method: &str, path: &str, body: Value) -> (u16, String) {
    let body = (!body.is_null()).then_some(body);
    let reply = ada.send(method.parse().unwrap(), path, body, &[]).await;
    let fields = if reply.status.is_success() { Value::Null } else { reply.body()["fields"].clone() };
    let names = fields.as_array().into_iter().flatten().map(|field| field["field"].as_str().unwrap());
    (reply.status.as_u16(), names.collect::<Vec<_>>().join(" "))
}

#[tokio::test]
async fn a_whole_number_may_have_a_point() {
    let mut ada = Shop::sqlite(&[]).await.browser();
    let ok = (200, String::new());
    let item = |quantity: f64| json!({ "variant_id": 1.0, "quantity": quantity });
    assert_eq!(asked(&mut ada, "POST", "/api/v1/cart/items", item(2.0)).await, ok);
    for wrong in [2.5, 1e300, -2.0] {
        assert_eq!(asked(&mut ada, "POST", "/api/v1/cart/items", item(wrong)).await.0, 422, "{wrong}");
    }
}

#[tokio::test]
async fn the_document_and_the_server_agree_on_what_is_valid() {
    let shop = Shop::sqlite(&[]).await;
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    // Signed in by a cookie, and refused without it.
    let document = serde_json::to_value(server::document()).unwrap();
    let security = |path: &str| document["paths"][path]["get"]["security"].clone();
    assert_eq!(security("/api/v1/account/wishlist"), json!([{ "session": [] }]));
    assert_eq!(security("/api/v1/catalogue/products"), Value::Null);
    // Each pattern fits what is taken, and nothing that is refused.
    let pattern = |schema: &str, field: &str| {
        let pattern = &document["components"]["schemas"][schema]["properties"][field]["pattern"];
        regex::Regex::new(pattern.as_str().unwrap()).unwrap()
    };
    for (text, good) in
        [("Ada", true), (" A\n", true), ("", false), (" \t\n", false), ("A\u{8}", false), ("A\u{85}", false)]
    {
        assert_eq!(pattern("ChangeAccount", "name").is_match(text), good, "{text:?}");
        let answer = asked(&mut ada, "PATCH", "/api/v1/account", json!({ "name": text })).await;
        assert_eq!(answer, if good { (200, String::new()) } else { (422, "name".to_owned()) }, "{text:?}");
    }
    for (text, good) in [("0123456789", true), (" 012345678 ", false), ("0123456\u{0}789", false)] {
        assert_eq!(pattern("ContactMessage", "message").is_match(text), good, "{text:?}");
    }
    assert!(document["components"]["schemas"]["SignUp"]["properties"]["password"]["pattern"].is_null());
    for (path, expected) in [
        ("/api/v1/checkout/options?country=", (200, "")),
        ("/api/v1/checkout/options?country=AA", (422, "country")),
        ("/api/v1/catalogue/products?colour=%00", (422, "colour")),
    ] {
        let (status, field) = asked(&mut ada, "GET", path, Value::Null).await;
        assert_eq!((status, &*field), expected, "{path}");
    }
    let operator = async |path: &str| shop.operator(Method::GET, path, Value::Null).await.status.as_u16();
    assert_eq!(operator("/api/v1/operator/stock?at_most=-1").await, 422);
    assert_eq!(operator("/api/v1/operator/stock?at_most=0").await, 200);
}
