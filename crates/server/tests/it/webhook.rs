//! How a rollout ended is told outside, until the other side has heard.

use crate::support::{
    Shop,
    release::{plain, publish, tar},
};
use axum::{
    Json, Router,
    extract::State,
    http::{Method, StatusCode},
    routing::post,
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

type Heard = Arc<Mutex<Vec<Value>>>;

/// Refuses the first call.
async fn hear(State(heard): State<Heard>, Json(news): Json<Value>) -> StatusCode {
    let mut heard = heard.lock().unwrap();
    heard.push(news);
    if heard.len() == 1 { StatusCode::BAD_GATEWAY } else { StatusCode::NO_CONTENT }
}

#[tokio::test]
async fn the_end_of_a_rollout_is_told_until_it_was_heard() {
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = Router::new().route("/hook", post(hear)).with_state(Arc::clone(&heard));
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });

    let shop = Shop::empty(&["--webhook", &url]).await;
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let next = tar(&plain("cart", "1.1.0"));
    shop.tool(Method::POST, "/api/v1/registry/releases", next).await.is(201);
    let cart = "/api/v1/registry/apps/cart";
    shop.operator(Method::POST, &format!("{cart}/rollout"), json!({ "version": "1.1.0" })).await.is(200);
    shop.server.releases.tell().await.unwrap();
    assert!(heard.lock().unwrap().is_empty(), "nothing has ended");
    shop.operator(Method::POST, &format!("{cart}/undo"), json!({})).await.is(200);
    for _ in 0..3 {
        shop.server.releases.tell().await.unwrap();
    }
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 2, "once refused, once heard, and not again: {heard:?}");
    assert_eq!(heard[0], heard[1]);
    let (news, at) = (&heard[1], heard[1]["at"].as_str().unwrap());
    assert!(at.ends_with('Z'), "{at}");
    for (field, expected) in
        [("event", "rollout.undone"), ("app", "cart"), ("version", "1.1.0"), ("before", "1.0.0")]
    {
        assert_eq!(news[field], expected);
    }
    assert!(news["reason"].as_str().unwrap().starts_with("undone by MENAGERIE_OPERATOR_TOKEN"), "{news}");
    serving.abort();
}
