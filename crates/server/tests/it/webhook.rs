//! How a rollout ended is told outside, until the other side has heard.

use crate::support::{
    Shop,
    release::{plain, publish, tar},
};
use axum::{
    Json, Router,
    extract::State,
    http::{Method, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};
use tokio::task::AbortHandle;

type Heard = Arc<Mutex<Vec<Value>>>;

/// Refuses the first call, sends the second elsewhere, and never takes news of `bad`.
async fn hear(State(heard): State<Heard>, Json(news): Json<Value>) -> Response {
    let mut heard = heard.lock().unwrap();
    heard.push(news.clone());
    match heard.len() {
        _ if news["app"] == "bad" => StatusCode::UNPROCESSABLE_ENTITY.into_response(),
        1 => StatusCode::BAD_GATEWAY.into_response(),
        2 => Redirect::to("/sign-in").into_response(),
        _ => StatusCode::NO_CONTENT.into_response(),
    }
}

/// Somebody who hears, and where.
async fn receiver() -> (Heard, String, AbortHandle) {
    let heard = Heard::default();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    let app = Router::new()
        .route("/hook", post(hear))
        .route("/sign-in", get(|| async { "Please sign in." }))
        .with_state(Arc::clone(&heard));
    let serving = tokio::spawn(async move { axum::serve(listener, app).await });
    (heard, url, serving.abort_handle())
}

/// Tells, and tells again what is to wait.
async fn tell(shop: &Shop) {
    let mut transaction = shop.server.database.write().await.unwrap();
    sqlx::query("UPDATE rollouts SET tell_at = 0").execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    shop.server.releases.tell().await.unwrap();
}

#[tokio::test]
async fn the_end_of_a_rollout_is_told_until_it_was_heard() {
    let (heard, url, serving) = receiver().await;
    let shop = Shop::empty(&["--webhook", &url]).await;
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let next = tar(&plain("cart", "1.1.0"));
    shop.tool(Method::POST, "/api/v1/registry/releases", next).await.is(201);
    let cart = "/api/v1/registry/apps/cart";
    shop.operator(Method::POST, &format!("{cart}/rollout"), json!({ "version": "1.1.0" })).await.is(200);
    shop.server.releases.tell().await.unwrap();
    assert!(heard.lock().unwrap().is_empty(), "nothing has ended");
    shop.operator(Method::POST, &format!("{cart}/undo"), json!({})).await.is(200);
    for _ in 0..5 {
        tell(&shop).await;
    }
    let heard = heard.lock().unwrap().clone();
    assert_eq!(heard.len(), 3, "once refused, once sent elsewhere, once heard, and not again: {heard:?}");
    assert_eq!(heard[0], heard[2]);
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

/// Who takes some news and refuses others hears what comes later all the same.
#[tokio::test]
async fn news_that_are_refused_keep_nobody_waiting() {
    let (heard, url, serving) = receiver().await;
    let shop = Shop::empty(&["--webhook", &url]).await;
    for app in ["bad", "good"] {
        publish(&shop, &plain(app, "1.0.0")).await.is(201);
        for n in 1..=if app == "bad" { 25 } else { 1 } {
            let version = format!("1.{n}.0");
            shop.tool(Method::POST, "/api/v1/registry/releases", tar(&plain(app, &version))).await.is(201);
            let app = format!("/api/v1/registry/apps/{app}");
            shop.operator(Method::POST, &format!("{app}/rollout"), json!({ "version": version }))
                .await
                .is(200);
            shop.operator(Method::POST, &format!("{app}/undo"), json!({})).await.is(200);
        }
    }
    for _ in 0..3 {
        shop.server.releases.tell().await.unwrap();
    }
    let heard = heard.lock().unwrap().clone();
    assert!(heard.iter().any(|news| news["app"] == "good"), "{}", heard.len());
    assert_eq!(heard.len(), 26, "and nothing twice before its time");
    serving.abort();
}
