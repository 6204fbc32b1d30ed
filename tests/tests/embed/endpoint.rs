//! A `detectIntent` endpoint of somebody else.

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

/// What lets the chat on another origin ask.
pub fn cors() -> [(HeaderName, HeaderValue); 2] {
    [
        (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
        (header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type")),
    ]
}

/// One that takes no contexts.
pub async fn refuse_contexts(method: Method, body: String) -> Response {
    if method == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, cors()).into_response();
    }
    let asked: Value = serde_json::from_str(&body).unwrap();
    if asked["queryParams"]["contexts"] != json!([]) {
        let error = json!({ "error": { "code": 400, "message": "contexts", "status": "INVALID_ARGUMENT" } });
        return (StatusCode::BAD_REQUEST, cors(), Json(error)).into_response();
    }
    (cors(), Json(json!({ "queryResult": { "fulfillmentText": "Here I am." } }))).into_response()
}

/// A `detectIntent` endpoint of somebody: fails until it is told not to.
pub async fn detect(
    State(asked): State<Arc<Mutex<Vec<Value>>>>,
    method: Method,
    headers: HeaderMap,
    body: String,
) -> Response {
    if method == Method::OPTIONS {
        return (StatusCode::NO_CONTENT, cors()).into_response();
    }
    assert!(headers.get(header::COOKIE).is_none());
    let mut asked = asked.lock().unwrap();
    asked.push(serde_json::from_str(&body).unwrap());
    if asked.len() == 1 {
        return (StatusCode::SERVICE_UNAVAILABLE, cors(), "<h1>Sorry</h1>").into_response();
    }
    let answer = json!({ "responseId": "r", "queryResult": {
        "queryText": "hi", "fulfillmentText": "plain",
        "fulfillmentMessages": [
            { "text": { "text": ["from far away"] } },
            { "platform": "FACEBOOK", "text": { "text": ["not for us"] } },
            { "card": { "title": "Card", "subtitle": "With buttons", "imageUri": "https://elsewhere.example/x.png", "buttons": [{ "text": "Say this", "postback": "this" }, { "text": "Bad", "postback": "javascript://x" }] } },
            { "quickReplies": { "title": "Which?", "quickReplies": ["yes", "no"] } },
            { "payload": { "anything": true } },
        ],
    } });
    (cors(), Json(answer)).into_response()
}
