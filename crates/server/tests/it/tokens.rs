//! Who may do what in the registry.

use crate::{
    on_both,
    support::{
        CATALOGUE, Reply, Shop, TOKEN,
        release::{plain, tar},
    },
};
use axum::http::Method;
use serde_json::{Value, json};
use server::tokens::Tokens;

const TOKENS: &str = "/api/v1/registry/tokens";
const RELEASES: &str = "/api/v1/registry/releases?live=true";

on_both!(
    a_teams_token_publishes_its_own_microapp_and_nothing_else,
    a_token_ends_when_it_is_revoked_and_when_its_time_is_over,
    only_operators_make_see_and_revoke_tokens,
    what_is_no_token_is_refused,
    the_first_start_has_one_token_and_no_other_has,
    the_environments_token_may_be_one_that_is_there,
    secrets_are_not_kept,
);

async fn create(shop: &Shop, wish: Value) -> (String, String) {
    let body = shop.operator(Method::POST, TOKENS, wish).await.is(201).body();
    (body["secret"].as_str().unwrap().to_owned(), body["id"].as_str().unwrap().to_owned())
}

async fn publish_as(shop: &Shop, token: &str, app: &str) -> Reply {
    shop.with_token(token, Method::POST, RELEASES, tar(&plain(app, "1.0.0"))).await
}

async fn a_teams_token_publishes_its_own_microapp_and_nothing_else(shop: Shop) {
    let (cart, _) = create(&shop, json!({ "app": "cart", "label": "cart's pipeline" })).await;
    publish_as(&shop, &cart, "cart").await.is(201);
    let problem = publish_as(&shop, &cart, "home").await.problem(403, "E522");
    assert!(problem["title"].as_str().unwrap().starts_with("This token is for cart, not for home."));
    // Nor does anybody look at what is none of theirs.
    let mut damaged = plain("home", "1.0.0");
    damaged.remove("home.js");
    shop.with_token(&cart, Method::POST, RELEASES, tar(&damaged)).await.problem(403, "E522");
    shop.browser().get("/apps/home/1.0.0/home.js").await.problem(404, "E402");
    let import = "/api/v1/catalogue/import";
    let csv = CATALOGUE.as_bytes().to_vec();
    shop.with_token(&cart, Method::POST, import, csv).await.problem(403, "E522");
}

async fn a_token_ends_when_it_is_revoked_and_when_its_time_is_over(shop: Shop) {
    let (cart, id) = create(&shop, json!({ "app": "cart" })).await;
    publish_as(&shop, &cart, "cart").await.is(201);
    let address = format!("{TOKENS}/{id}");
    shop.operator(Method::DELETE, &address, Value::Null).await.is(204);
    publish_as(&shop, &cart, "cart").await.problem(401, "E522");
    shop.operator(Method::DELETE, &address, Value::Null).await.problem(404, "E402");
    let log = shop.operator(Method::GET, "/api/v1/operator/audit", Value::Null).await.is(200).body();
    let said = |deed: &Value| ["kind", "subject", "was", "became"].map(|field| deed[field].clone());
    let expected = [json!(["token", id, "valid", "revoked"]), json!(["token", id, "", "cart for 90 days"])];
    let deeds: Vec<_> = log.as_array().unwrap().iter().map(|deed| json!(said(deed))).collect();
    assert_eq!(deeds[..2], expected);

    let (late, id) = create(&shop, json!({ "app": "cart", "days": 1 })).await;
    publish_as(&shop, &late, "cart").await.is(200);
    let mut transaction = shop.server.database.write().await.unwrap();
    let over = sqlx::query("UPDATE tokens SET expires_at = created_at WHERE id = $1").bind(&id);
    over.execute(&mut *transaction).await.unwrap();
    transaction.commit().await.unwrap();
    publish_as(&shop, &late, "cart").await.problem(401, "E522");
    let list = shop.operator(Method::GET, TOKENS, Value::Null).await.is(200).body();
    let listed = list["tokens"].as_array().unwrap().iter().find(|token| token["id"] == *id).unwrap();
    assert_eq!((&listed["expired"], &listed["own"]), (&json!(true), &json!(false)));
}

async fn only_operators_make_see_and_revoke_tokens(shop: Shop) {
    let (cart, id) = create(&shop, json!({ "app": "cart" })).await;
    let revoke = format!("{TOKENS}/{id}");
    for (method, address) in [(Method::GET, TOKENS), (Method::POST, TOKENS), (Method::DELETE, &revoke)] {
        shop.with_token(&cart, method, address, b"{}".to_vec()).await.problem(403, "E522");
    }
    let (ada, _) = create(&shop, json!({ "label": "ada" })).await;
    shop.with_token(&ada, Method::DELETE, &revoke, Vec::new()).await.is(204);
    publish_as(&shop, &ada, "home").await.is(201);
}

async fn what_is_no_token_is_refused(shop: Shop) {
    for token in ["", "x", "another-token-of-nobody", &TOKEN[1..], &format!("{TOKEN}x")] {
        publish_as(&shop, token, "cart").await.problem(401, "E522");
    }
    for wish in [
        json!({ "app": "Cart" }),
        json!({ "days": 0 }),
        json!({ "days": 367 }),
        json!({ "days": -1 }),
        json!({ "label": "x".repeat(101) }),
        json!({ "label": "a\u{0}b" }),
    ] {
        shop.operator(Method::POST, TOKENS, wish).await.problem(422, "E401");
    }
}

async fn the_first_start_has_one_token_and_no_other_has(shop: Shop) {
    // Started with a token in the environment, there is an operator already.
    assert!(shop.server.tokens.first().await.unwrap().is_none());
    let later = Tokens::new(shop.server.database.clone(), None).await.unwrap();
    let mut secret = None;
    for round in 0..20 {
        let (a, b) = tokio::join!(later.first(), later.first());
        let minted: Vec<_> = [a.unwrap(), b.unwrap()].into_iter().flatten().collect();
        assert_eq!(minted.len(), usize::from(round == 0), "two servers that start at once show one token");
        secret = secret.or(minted.into_iter().next().map(|minted| minted.secret));
    }
    publish_as(&shop, &secret.unwrap(), "cart").await.is(201);
    // Revoked, and nobody else is an operator: the next start shows another, again once.
    assert!(later.revoke("first", "a test").await.unwrap());
    let (a, b) = tokio::join!(later.first(), later.first());
    assert_eq!([a.unwrap(), b.unwrap()].into_iter().flatten().count(), 1);
}

async fn the_environments_token_may_be_one_that_is_there(shop: Shop) {
    let (ada, id) = create(&shop, json!({ "label": "ada", "days": 300 })).await;
    let ends = async || {
        let tokens = shop.server.tokens.list().await.unwrap();
        tokens.into_iter().find(|token| token.id == id).unwrap().expires_at
    };
    let before = ends().await;
    let later = Tokens::new(shop.server.database.clone(), Some(&ada)).await.unwrap();
    assert_eq!(ends().await, before, "a start does not shorten it");
    later.sweep().await.unwrap();
    assert_eq!(ends().await, before, "nor does an hour");

    // A team's would be good for that microapp only, and live on with the server.
    let (cart, _) = create(&shop, json!({ "app": "cart" })).await;
    let refused = Tokens::new(shop.server.database.clone(), Some(&cart)).await.err().unwrap().to_string();
    assert_eq!(
        refused,
        "E510 MENAGERIE_OPERATOR_TOKEN: is the token of cart; choose another, or revoke that one"
    );
}

async fn secrets_are_not_kept(shop: Shop) {
    let (secret, _) = create(&shop, json!({ "app": "cart", "label": "pipeline" })).await;
    let mut db = shop.server.database.read().await.unwrap();
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT id || hash || label FROM tokens").fetch_all(&mut *db).await.unwrap();
    assert!(rows.iter().all(|row| !row.contains(&secret) && !row.contains(TOKEN)));
    let list = shop.operator(Method::GET, TOKENS, Value::Null).await.is(200).text();
    assert!(list.contains("pipeline") && !list.contains(&secret), "{list}");
}
