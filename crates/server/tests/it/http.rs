//! What every route owes: headers, caching, problems, and no other site in between.

use crate::{
    on_both,
    support::{
        Reply, Shop, TOKEN, order,
        postgres::database_of_its_own,
        release::{plain, publish},
    },
};
use axum::{
    body::Body,
    http::{Method, Request, header},
};
use serde_json::json;
use sqlx::Executor as _;

/// What is not in the API's document, and what is asked for wrongly.
const ROUTES: &[(&str, &str)] = &[
    ("GET", "/"),
    ("GET", "/manifest.json"),
    ("GET", "/console"),
    ("GET", "/console/"),
    ("GET", "/console/manifest.json"),
    ("GET", "/console/page.js"),
    ("GET", "/console/nothing.js"),
    ("GET", "/embed/"),
    ("GET", "/embed/nothing.js"),
    ("GET", "/healthz"),
    ("GET", "/api/openapi.json"),
    ("GET", "/pictures/dog-bed/navy.svg"),
    ("GET", "/pictures/dog-bed/no-such-colour.svg"),
    ("GET", "/pictures/..%2f..%2fCargo/default.svg"),
    ("GET", "/uploads/0/nothing.webp"),
    ("GET", "/test-bank/guess"),
    ("POST", "/v2/projects/p/agent/sessions/s:detectIntent"),
    ("GET", "/apps/cart/1.0.0/cart.js"),
    ("GET", "/apps/cart/1.0.0/microapp.json"),
    ("GET", "/nowhere"),
    ("GET", "/manifest.events"),
    ("POST", "/"),
    ("PUT", "/manifest.json"),
    ("OPTIONS", "/api/v1/cart"),
    ("HEAD", "/"),
    ("GET", "/api/v1/catalogue/products/99"),
    ("GET", "/api/v1/nowhere"),
    ("PATCH", "/api/v1/cart"),
];

/// The operations of the API, as its document lists them: method and address; without those that want `security`.
fn operations(security: &str) -> Vec<(String, String)> {
    let document = serde_json::to_value(server::document()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        let parts = path.split('/').map(|part| if part.starts_with('{') { "1" } else { part });
        let address = parts.collect::<Vec<_>>().join("/");
        for (method, operation) in methods.as_object().unwrap() {
            if !operation["security"][0][security].is_null() {
                continue;
            }
            operations.push((method.to_uppercase(), address.clone()));
        }
    }
    operations
}

async fn ask(shop: &Shop, method: &str, address: &str) -> Reply {
    shop.raw(Request::builder().method(method).uri(address).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn headers_on_every_route_errors_included() {
    for (flags, tls) in [(&[][..], false), (&["--origin", "https://shop.example"], true)] {
        let shop = Shop::sqlite(flags).await;
        let others = ROUTES.iter().map(|&(method, address)| (method.to_owned(), address.to_owned()));
        for (method, address) in operations("").into_iter().chain(others) {
            let reply = ask(&shop, &method, &address).await;
            let place = format!("{method} {address}");
            let policy = reply.header("content-security-policy");
            for part in
                ["default-src 'none'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"]
            {
                assert!(policy.contains(part), "{place}: {policy}");
            }
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{place}: {policy}"
            );
            assert_eq!(
                policy.contains("script-src"),
                ["/", "/console/", "/embed/"].contains(&&*address) && method != "POST",
                "{place}: {policy}"
            );
            assert_eq!(reply.header("x-content-type-options"), "nosniff", "{place}");
            assert_eq!(reply.header("referrer-policy"), "strict-origin-when-cross-origin", "{place}");
            assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin", "{place}");
            let powers: Vec<_> = reply.header("permissions-policy").split(", ").collect();
            let ours: Vec<_> = powers.iter().filter(|power| !power.ends_with("=()")).collect();
            let wanted = [
                "publickey-credentials-create=(self)",
                "publickey-credentials-get=(self)",
                "microphone=(self)",
            ];
            assert_eq!(ours, wanted.each_ref(), "{place}");
            assert!(powers.contains(&"camera=()"), "{place}: {powers:?}");
            let public = address.starts_with("/apps/")
                || address.starts_with("/manifest.json") && method == "GET"
                || reply.status.is_success() && address.starts_with("/pictures/");
            let expected = if public { "cross-origin" } else { "same-origin" };
            assert_eq!(reply.header("cross-origin-resource-policy"), expected, "{place}");
            assert_eq!(reply.header("strict-transport-security").is_empty(), !tls, "{place}");
            assert_eq!(reply.header("x-request-id").len(), 16, "{place}");
            assert!(!reply.header("cache-control").is_empty(), "{place}");
            let failed = reply.status.as_u16() >= 400 && reply.status.as_u16() != 503;
            if failed && method != "HEAD" {
                // Google's client libraries want Google's errors.
                let kind = if address.starts_with("/v2/") { "json" } else { "problem+json" };
                assert_eq!(reply.header("content-type"), format!("application/{kind}"), "{place}");
                assert_eq!(reply.header("cache-control"), "no-store", "{place}");
            }
        }
    }
}

#[tokio::test]
async fn private_answers_are_stored_nowhere() {
    let shop = Shop::sqlite(&[]).await;
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    ada.add(4, 1).await.is(200);
    let placed = ada.order("k", 1995, "on_delivery").await.is(201);
    assert_eq!(placed.header("cache-control"), "no-store");
    let key = placed.body()["key"].as_str().unwrap().to_owned();
    for address in ["session", "cart", "orders", "checkout/options", &format!("orders/{key}")] {
        let reply = ada.get(&format!("/api/v1/{address}")).await.is(200);
        assert_eq!(reply.header("cache-control"), "no-store", "{address}");
    }
    for address in
        ["/api/v1/catalogue/categories", "/api/v1/catalogue/products", "/manifest.json", "/api/openapi.json"]
    {
        assert_eq!(ada.get(address).await.is(200).header("cache-control"), "no-cache", "{address}");
    }
    assert_eq!(ada.get("/apps/cart/1.0.0/cart-abc.js").await.is(404).header("cache-control"), "no-store");
    let picture = ada.get("/pictures/dog-bed/navy.svg").await.is(200);
    assert!(picture.header("cache-control").starts_with("public, max-age=600"));
    let known = [("if-none-match", picture.header("etag"))];
    let unchanged = ada.send(Method::GET, "/pictures/dog-bed/navy.svg", None, &known).await.is(304);
    assert_eq!((picture.header("vary"), unchanged.header("vary")), ("accept-encoding", "accept-encoding"));
    let other = ada.get("/pictures/dog-bed/forest.svg").await.is(200);
    assert!(other.bytes != picture.bytes, "another colour is another picture");
}

#[tokio::test]
async fn other_sites_cannot_act_in_a_shoppers_name() {
    let shop = Shop::sqlite(&[]).await;
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    let cookie = format!("menagerie_session={}", ada.cookies["menagerie_session"]);
    // Whatever a cookie is enough for. The bot's fulfilment and a payment provider's webhook are asked by other machines.
    let changes = operations("token");
    let changes = changes.iter().filter(|(method, address)| {
        method != "GET" && !address.starts_with("/api/v1/bot/") && !address.starts_with("/api/v1/payments/")
    });
    let changes: Vec<_> = changes.map(|(method, address)| (method.as_str(), address.as_str())).collect();
    assert!(changes.len() > 30, "{changes:?}");
    let from = |method: &str, address: &str, headers: &[(&str, &str)]| {
        let mut request =
            Request::builder().method(method).uri(address).header(header::HOST, "127.0.0.1:8080");
        request = request.header(header::COOKIE, &cookie).header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.body(Body::from("{}")).unwrap()
    };
    for &(method, address) in &changes {
        for headers in [
            &[][..],
            &[("sec-fetch-site", "cross-site")],
            &[("sec-fetch-site", "same-site")],
            &[("sec-fetch-site", "none")],
            &[("origin", "https://evil.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site"), ("origin", "http://127.0.0.1:8080")],
        ] {
            shop.raw(from(method, address, headers)).await.problem(403, "E414");
        }
    }
    assert!(!ada.get("/api/v1/session").await.body()["account"].is_null(), "nobody signed her out");
    for &(method, address) in &changes {
        for headers in [&[("sec-fetch-site", "same-origin")], &[("origin", "http://127.0.0.1:8080")]] {
            let reply = shop.raw(from(method, address, headers)).await;
            assert!(!reply.text().contains("E414"), "{method} {address} {headers:?}");
        }
    }
    // Where the shop has an address of its own, whoever opened another one is told.
    let origin = ["--origin", "https://shop.example"];
    let headers = [("origin", "http://127.0.0.1:8080")];
    let reply = Shop::sqlite(&origin).await.raw(from("POST", "/api/v1/cart/items", &headers)).await;
    let refusal = reply.problem(403, "E414");
    assert!(refusal["title"].as_str().unwrap().contains("https://shop.example"), "{refusal}");
    // Tools bring a token: they need no origin, and a cookie is no token.
    for address in ["/api/v1/registry/releases", "/api/v1/catalogue/import"] {
        let headers = [("sec-fetch-site", "same-origin")];
        shop.raw(from("POST", address, &headers)).await.problem(401, "E522");
        let token = format!("Bearer {TOKEN}");
        let headers = [("authorization", &*token), ("sec-fetch-site", "cross-site")];
        shop.raw(from("POST", address, &headers)).await.is(422);
    }
}

#[tokio::test]
async fn bad_input_is_answered_with_problems() {
    let shop = Shop::sqlite(&[]).await;
    let post = |kind: &'static str, body: Vec<u8>| {
        let request = Request::post("/api/v1/cart/items").header("sec-fetch-site", "same-origin");
        let request = if kind.is_empty() { request } else { request.header(header::CONTENT_TYPE, kind) };
        request.body(Body::from(body)).unwrap()
    };
    let json = "application/json";
    shop.raw(post(json, b"{".to_vec())).await.problem(400, "E401");
    shop.raw(post(json, b"{}".to_vec())).await.problem(422, "E401");
    shop.raw(post(json, b"[1, 2]".to_vec())).await.problem(422, "E401");
    shop.raw(post(json, vec![0xff; 10])).await.problem(400, "E401");
    shop.raw(post(json, b"".to_vec())).await.problem(400, "E401");
    shop.raw(post(json, [b"{\"x\":".to_vec(), b"[".repeat(60_000)].concat())).await.problem(400, "E401");
    shop.raw(post("", b"{}".to_vec())).await.problem(415, "E401");
    shop.raw(post("text/plain", b"{}".to_vec())).await.problem(415, "E401");
    shop.raw(post(json, vec![b' '; 65 * 1024])).await.problem(413, "E416");
    let numbers = br#"{"variant_id":99999999999999999999,"quantity":1}"#;
    shop.raw(post(json, numbers.to_vec())).await.problem(422, "E401");
    let numbers = br#"{"variant_id":-9223372036854775808,"quantity":1}"#;
    shop.raw(post(json, numbers.to_vec())).await.problem(404, "E402");
    let patch = ask(&shop, "PUT", "/manifest.json").await;
    assert_eq!(patch.header("allow"), "GET,HEAD");
    patch.problem(405, "E401");
    ask(&shop, "GET", "/api/v1/orders/%00").await.problem(404, "E402");
    ask(&shop, "GET", "/api/v1/orders/%FF").await.problem(404, "E402");
}

on_both!(
    a_database_that_is_away_is_said_and_nothing_fails_open,
    a_database_that_hangs_is_waited_for_once,
    what_fails_at_the_servers_is_said_with_a_number,
);

async fn a_database_that_hangs_is_waited_for_once(shop: Shop) {
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    shop.browser().get("/manifest.json").await.is(200);
    let mut held = Vec::new();
    while let Ok(connection) = shop.server.database.read().await {
        held.push(connection);
    }
    let begun = std::time::Instant::now();
    shop.browser().get("/manifest.json").await.is(200);
    let waited = begun.elapsed();
    for _ in 0..5 {
        shop.browser().get("/manifest.json").await.is(200);
    }
    assert!(begun.elapsed() < 2 * waited, "{waited:?}, and {:?} in all", begun.elapsed());
    drop(held);
}

async fn a_database_that_is_away_is_said_and_nothing_fails_open(shop: Shop) {
    let mut ada = shop.browser();
    ada.sign_up("ada@example.org").await.is(201);
    ada.add(4, 1).await.is(200);
    for version in ["1.0.0", "1.1.0"] {
        publish(&shop, &plain("cart", version)).await.is(201);
    }
    ada.get("/manifest.json").await.is(200);
    ada.get("/healthz").await.is(200).json(json!({ "status": "ok" }));
    shop.server.database.close().await;
    for address in
        ["/healthz", "/api/v1/session", "/api/v1/cart", "/api/v1/orders", "/api/v1/catalogue/products"]
    {
        let reply = ada.get(address).await;
        assert_eq!(reply.header("retry-after"), "5");
        reply.problem(503, "E502");
    }
    ada.order("k", 1995, "on_delivery").await.problem(503, "E502");
    ada.sign_in("ada@example.org", "correct horse").await.problem(503, "E502");
    // What was live is still served, what nobody has fetched yet and is fallen back to included.
    ada.get("/manifest.json").await.is(200);
    for version in ["1.0.0", "1.1.0"] {
        ada.get(&format!("/apps/cart/{version}/cart.js")).await.is(200);
    }
    ada.get("/pictures/dog-bed/navy.svg").await.is(200);
}

/// A fault of ours: whoever asked gets a number and the id that the log has, and nothing of what is behind it.
async fn what_fails_at_the_servers_is_said_with_a_number(shop: Shop) {
    let mut transaction = shop.server.database.write().await.unwrap();
    transaction.execute("ALTER TABLE categories RENAME TO gone").await.unwrap();
    transaction.commit().await.unwrap();
    let request = Request::get("/api/v1/catalogue/categories").body(Body::empty()).unwrap();
    let reply = shop.raw_that_fails(request).await;
    assert_eq!(reply.header("x-content-type-options"), "nosniff");
    assert!(!reply.text().contains("categories"), "{}", reply.text());
    let body = reply.problem(500, "E501");
    assert!(!body["request_id"].as_str().unwrap().is_empty());
    assert!(body["title"].as_str().unwrap().contains("request id"), "{body}");
}

#[tokio::test]
async fn who_refuses_the_plain_form_gets_what_there_is() {
    let shop = Shop::empty(&[]).await;
    for refusal in ["identity;q=0", "identity;q=0, *;q=0", "br;q=0, *;q=0"] {
        for address in ["/manifest.json", "/healthz", "/nothing"] {
            let reply =
                shop.browser().send(Method::GET, address, None, &[("accept-encoding", refusal)]).await;
            let expected = if address == "/nothing" { 404 } else { 200 };
            reply.is(expected);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_only_reads_is_away() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    let mut transaction = shop.server.database.write().await.unwrap();
    transaction.execute("SET TRANSACTION READ ONLY").await.unwrap();
    let error = transaction.execute("UPDATE variants SET stock = 0").await.unwrap_err();
    assert!(server::database::is_away(&error), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgres_that_crashes_is_away() {
    let Some((url, cluster)) = database_of_its_own().await else { return };
    let shop = Shop::sqlite(&["--database", &url]).await;
    let mut guest = shop.browser();
    guest.add(4, 1).await.is(200);
    cluster.stop();
    guest.get("/api/v1/cart").await.problem(503, "E502");
    guest.once("k", "/api/v1/orders", order(1995, "on_delivery")).await.problem(503, "E502");
}
