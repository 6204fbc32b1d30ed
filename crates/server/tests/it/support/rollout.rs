//! Rollouts of a cart: what is asked for, and what is live then.

use super::{
    Shop,
    release::{plain, publish, shell, tar},
};
use axum::http::Method;
use release::Files;
use serde_json::{Value, json};

pub const APP: &str = "/api/v1/registry/apps/cart";

pub async fn keep(shop: &Shop, files: &Files) -> Value {
    shop.tool(Method::POST, "/api/v1/registry/releases", tar(files)).await.is(201).body()
}

/// A shell, cart 1.0.0 live, cart 1.1.0 published.
pub async fn prepare(shop: &Shop) {
    publish(shop, &shell("1.0.0")).await.is(201);
    publish(shop, &plain("cart", "1.0.0")).await.is(201);
    keep(shop, &plain("cart", "1.1.0")).await;
}

pub async fn start(shop: &Shop, wish: Value) -> Value {
    shop.operator(Method::POST, &format!("{APP}/rollout"), wish).await.is(200).body()
}

pub async fn act(shop: &Shop, what: &str) -> Value {
    shop.operator(Method::POST, &format!("{APP}{what}"), json!({})).await.is(200).body()
}

pub async fn status(shop: &Shop) -> Value {
    shop.operator(Method::GET, APP, Value::Null).await.is(200).body()
}

/// Looks at the rollouts `times` times, ten seconds apart, beginning `from` seconds from now.
pub async fn look(shop: &Shop, from: i64, times: i64) {
    for n in 0..times {
        shop.server.releases.look(now() + (from + 10 * n) * 1000).await.unwrap();
    }
}

pub fn now() -> i64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_millis() as i64
}

/// What the manifest says of cart: versions with their percents, and the fallback.
pub async fn live(shop: &Shop) -> (Vec<(String, f64)>, Option<String>) {
    let manifest = shop.browser().get("/manifest.json").await.is(200).body();
    let app = manifest["apps"].as_array().unwrap().iter().find(|app| app["name"] == "cart").unwrap().clone();
    let shares = app["releases"].as_array().unwrap().iter();
    let shares = shares.map(|release| {
        (release["version"].as_str().unwrap().to_owned(), release["percent"].as_f64().unwrap())
    });
    (shares.collect(), app["fallback"]["version"].as_str().map(str::to_owned))
}

pub async fn check_live(shop: &Shop, expected: &[(&str, f64)], fallback: Option<&str>) {
    let (shares, found) = live(shop).await;
    let shares: Vec<_> = shares.iter().map(|(version, percent)| (version.as_str(), *percent)).collect();
    assert_eq!((shares.as_slice(), found.as_deref()), (expected, fallback));
}
