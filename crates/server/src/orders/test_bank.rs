//! The page of the test card's bank: for trying out what it is like to be sent away to pay, and back.
//!
//! Whoever has the address may answer; it is as random as a key, and no cookie counts here.

use super::paying::Answer;
use crate::{
    http::{
        extract::{Bytes, Path},
        problem::{self, Failure},
    },
    language::{Language, fill, t},
    state::Server,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse as _, Redirect, Response},
    routing::get,
};
use contract::{code, route::encode, shop::order::OrderStatus};
use serde::Deserialize;

/// The page, and its answer.
pub fn test_bank_routes() -> Router<Server> {
    Router::new().route("/test-bank/{reference}", get(page).post(answer))
}

const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
);

const PAGE: &str = r#"<!doctype html>
<html lang="{language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{bank}</title>
<main>
<h1>{bank}</h1>
<p>{question}</p>
<form method="post">
<p><button name="answer" value="approve">{approve}</button>
<button name="answer" value="decline">{decline}</button></p>
</form>
</main>
</html>
"#;

async fn page(State(server): State<Server>, Path(reference): Path<String>) -> problem::Answer<Response> {
    server.orders.at_the_test_bank(&reference).await?;
    let page = fill(
        PAGE,
        &[
            ("language", Language::now().code()),
            ("bank", &t("Test bank")),
            ("question", &t("A real bank would ask now whether it is you who pays. Here no money moves.")),
            ("approve", &t("Confirm the payment")),
            ("decline", &t("Decline it")),
        ],
    );
    Ok(([(header::CONTENT_SECURITY_POLICY, POLICY)], Html(page)).into_response())
}

#[derive(Deserialize)]
struct Said {
    answer: Answer,
}

async fn answer(
    State(server): State<Server>,
    Path(reference): Path<String>,
    Bytes(body): Bytes,
) -> problem::Answer<Redirect> {
    let said: Said = serde_html_form::from_bytes(&body).map_err(|_| {
        Failure::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID)
            .field("answer", "approve or decline.")
    })?;
    let order = server.orders.confirm(&reference, said.answer).await?;
    Ok(Redirect::to(&match order.status {
        OrderStatus::PaymentPending => "/#/checkout/payment".to_owned(),
        _ => format!("/#/checkout/confirmation/{}", encode(&order.key)),
    }))
}
