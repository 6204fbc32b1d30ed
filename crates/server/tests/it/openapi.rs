//! The OpenAPI document is a snapshot: a change of the API is seen in review.

use crate::support::Shop;
use serde_json::Value;
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
