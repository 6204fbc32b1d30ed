//! The operators' console: its page, its manifest, and what it asks the registry.

use crate::{
    on_both,
    support::{
        Reply, Shop,
        crowd::{self, fine, visit},
        release::{make, plain, publish, shell, tar},
    },
};
use axum::http::Method;
use serde_json::{Value, json};

on_both!(
    nothing_is_shown_before_it_is_published,
    it_is_live_at_its_own_page_and_in_no_manifest_of_the_shop,
    it_is_rolled_out_and_undone_like_any_other,
    its_routes_are_its_own,
    two_microapps_are_on_its_page,
    health_over_time_comes_in_buckets,
    health_is_for_those_whom_it_concerns,
    the_last_releases_are_listed_and_what_is_live,
    what_waits_to_be_allowed_is_newer_than_what_is_live,
    what_is_live_says_since_when_by_whom_and_why,
);

const REGISTRY: &str = "/api/v1/registry";

async fn ask(shop: &Shop, path: &str) -> Value {
    shop.operator(Method::GET, &format!("{REGISTRY}/{path}"), Value::Null).await.is(200).body()
}

async fn act(shop: &Shop, path: &str, body: Value) -> Value {
    shop.operator(Method::POST, &format!("{REGISTRY}/{path}"), body).await.is(200).body()
}

async fn nothing_is_shown_before_it_is_published(shop: Shop) {
    let reply = shop.browser().get("/console/").await.is(503);
    assert!(reply.text().contains("Not open yet"), "{}", reply.text());
    let manifest = shop.browser().get("/console/manifest.json").await.is(200).body();
    assert_eq!((&manifest["contract"], &manifest["apps"]), (&json!(1), &json!([])));
}

async fn it_is_live_at_its_own_page_and_in_no_manifest_of_the_shop(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let published = publish(&shop, &plain("console", "1.0.0")).await.is(201).body();
    assert_eq!(published["live"], true);

    let manifest = shop.browser().get("/manifest.json").await.is(200).text();
    assert!(manifest.contains("\"cart\"") && !manifest.contains("console"), "{manifest}");
    let manifest = shop.browser().get("/console/manifest.json").await.is(200).body();
    assert_eq!(manifest["apps"].as_array().unwrap().len(), 1);
    assert_eq!(manifest["apps"][0]["releases"][0]["base"], "/apps/console/1.0.0/");
    assert!(!shop.browser().get("/").await.is(200).text().contains("console"));

    let page = shop.browser().get("/console/").await.is(200);
    assert_eq!(page.header("cache-control"), "no-cache");
    let policy = page.header("content-security-policy");
    for part in
        ["script-src 'self' 'wasm-unsafe-eval';", "form-action 'none'", "require-trusted-types-for 'script'"]
    {
        assert!(policy.contains(part), "{policy}");
    }
    let integrity = release::hash::integrity(crate::support::release::ENTRY.repeat(50).as_bytes());
    let text = page.text();
    assert!(text.contains("data-entry=\"/apps/console/1.0.0/console.js\""), "{text}");
    assert!(text.contains("data-name=\"console\" data-routes=\"/console\""), "{text}");
    assert!(text.contains(&format!("data-integrity=\"{integrity}\"")), "{text}");
    assert!(!text.contains('%'), "a place is left over: {text}");
    let known = [("if-none-match", page.header("etag"))];
    let unchanged = shop.browser().send(Method::GET, "/console/", None, &known).await.is(304);
    let varies = |reply: &Reply| reply.headers.get_all("vary").iter().cloned().collect::<Vec<_>>();
    assert_eq!(varies(&unchanged), varies(&page), "a cache keeps it for whom it was made for");

    let redirect = shop.browser().get("/console").await.is(308);
    assert_eq!(redirect.header("location"), "/console/");
    for (file, kind) in [("page.js", "text/javascript"), ("page.css", "text/css"), ("tokens.css", "text/css")]
    {
        let reply = shop.browser().get(&format!("/console/{file}")).await.is(200);
        assert!(reply.header("content-type").starts_with(kind), "{file}");
    }
    for unknown in ["none.html", "index.html", "..%2fREADME.md", "page.jsx"] {
        shop.browser().get(&format!("/console/{unknown}")).await.problem(404, "E402");
    }
}

async fn it_is_rolled_out_and_undone_like_any_other(shop: Shop) {
    publish(&shop, &plain("console", "1.0.0")).await.is(201);
    let next = tar(&plain("console", "1.1.0"));
    shop.tool(Method::POST, &format!("{REGISTRY}/releases"), next).await.is(201);
    act(&shop, "apps/console/rollout", json!({ "version": "1.1.0", "steps": [50, 100] })).await;
    let mut drawn = [0, 0];
    for _ in 0..40 {
        let mut operator = shop.browser();
        let first = operator.get("/console/").await.is(200);
        assert_eq!(first.header("cache-control"), "private, no-cache");
        let first = first.text();
        drawn[usize::from(first.contains("/apps/console/1.1.0/"))] += 1;
        assert_eq!(operator.get("/console/").await.text(), first, "who drew a page keeps it");
    }
    assert!(drawn[0] > 5 && drawn[1] > 5, "{drawn:?}");
    act(&shop, "apps/console/undo", json!({})).await;
    assert!(shop.browser().get("/console/").await.is(200).text().contains("/apps/console/1.0.0/"));
}

async fn its_routes_are_its_own(shop: Shop) {
    let at_the_front =
        |name: &str| make(name, "1.0.0", |description, _| description["routes"] = json!(["/"]));
    publish(&shop, &at_the_front("home")).await.is(201);
    publish(&shop, &at_the_front("console")).await.is(201);
    publish(&shop, &at_the_front("other")).await.problem(409, "E232");
    publish(&shop, &at_the_front("backoffice")).await.problem(409, "E232");
}

async fn two_microapps_are_on_its_page(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    publish(&shop, &plain("backoffice", "1.0.0")).await.is(201);
    let text = shop.browser().get("/console/").await.is(200).text();
    assert!(!text.contains("/apps/console/"), "one alone has a page, too: {text}");
    publish(&shop, &plain("console", "1.0.0")).await.is(201);
    let next = tar(&plain("backoffice", "1.1.0"));
    shop.tool(Method::POST, &format!("{REGISTRY}/releases"), next).await.is(201);
    act(&shop, "apps/backoffice/rollout", json!({ "version": "1.1.0", "steps": [50, 100] })).await;
    let mut drawn = [0, 0];
    for _ in 0..40 {
        let text = shop.browser().get("/console/").await.is(200).text();
        assert!(text.contains("data-entry=\"/apps/console/1.0.0/console.js\""), "{text}");
        drawn[usize::from(text.contains("/apps/backoffice/1.1.0/"))] += 1;
    }
    assert!(drawn[0] > 5 && drawn[1] > 5, "each is drawn for itself: {drawn:?}");
    let own = shop.browser().get("/console/manifest.json").await.is(200).body();
    assert_eq!((&own["apps"][0]["name"], &own["apps"][1]["name"]), (&json!("backoffice"), &json!("console")));
    let manifest = shop.browser().get("/manifest.json").await.is(200).text();
    assert!(!manifest.contains("backoffice") && !manifest.contains("console"), "{manifest}");
    assert!(!shop.browser().get("/").await.is(200).text().contains("backoffice"));
}

async fn health_over_time_comes_in_buckets(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    publish(&shop, &plain("home", "1.0.0")).await.is(201);
    assert_eq!(ask(&shop, "health").await["apps"], json!([]));
    let next = tar(&plain("cart", "1.1.0"));
    shop.tool(Method::POST, &format!("{REGISTRY}/releases"), next).await.is(201);
    act(&shop, "apps/cart/rollout", json!({ "version": "1.1.0", "steps": [50, 100] })).await;
    let fate: crowd::Fate<'_> = &|n| if n % 4 == 0 { ("failed", 0) } else { ("ok", 100 + n as u32) };
    visit(&shop, "cart", 0..60, fate).await;
    let health = ask(&shop, "health").await;
    assert_eq!((&health["bucket_seconds"], &health["buckets"]), (&json!(600), &json!(36)));
    let apps = health["apps"].as_array().unwrap();
    assert_eq!(apps.len(), 1, "home told nothing: {health}");
    let releases = apps[0]["releases"].as_array().unwrap();
    assert_eq!((&releases[0]["version"], &releases[1]["version"]), (&json!("1.1.0"), &json!("1.0.0")));
    // Ten minutes may have ended while it counted.
    let sum = |release: &Value, what: &str| -> u64 {
        release["buckets"].as_array().unwrap().iter().map(|bucket| bucket[what].as_u64().unwrap()).sum()
    };
    let (new, before) = (&releases[0], &releases[1]);
    assert_eq!(sum(new, "visitors") + sum(before, "visitors"), 60);
    assert_eq!((sum(new, "unwell"), sum(before, "unwell")), (sum(new, "visitors") / 4, 0));
    let last = new["buckets"].as_array().unwrap().last().unwrap();
    assert!(last["at"].as_u64().unwrap() >= 34 && last["p75_ms"].as_u64().unwrap() > 100, "{last}");
    // Earlier reports are in earlier buckets, and those from before the first one in none.
    let mut db = shop.server.database.write().await.unwrap();
    let age = "UPDATE mounts SET at = at - $1, slot = slot - $2 WHERE version = '1.0.0'";
    sqlx::query(age).bind(3_600_000_i64).bind(6_i64).execute(&mut *db).await.unwrap();
    let age = "UPDATE mounts SET at = at - $1, slot = slot - $2 WHERE version = '1.1.0'";
    sqlx::query(age).bind(7 * 3_600_000_i64).bind(42_i64).execute(&mut *db).await.unwrap();
    db.commit().await.unwrap();
    let health = ask(&shop, "health?app=cart").await;
    let releases = health["apps"][0]["releases"].as_array().unwrap();
    // The newest is the first one, whether anything was told of it or not.
    assert_eq!((&releases[0]["version"], &releases[0]["buckets"]), (&json!("1.1.0"), &json!([])));
    assert_eq!((releases.len(), &releases[1]["version"]), (2, &json!("1.0.0")));
    assert!((28..=29).contains(&releases[1]["buckets"][0]["at"].as_u64().unwrap()), "{health}");
    let health = ask(&shop, "health?app=cart&span=two-days").await;
    assert_eq!(health["bucket_seconds"], 3600);
    assert_eq!(health["apps"][0]["releases"].as_array().unwrap().len(), 2);
    let (from, _) = health["from"].as_str().unwrap().split_once('T').unwrap();
    assert_eq!(from.len(), 10);
}

async fn health_is_for_those_whom_it_concerns(shop: Shop) {
    publish(&shop, &shell("1.0.0")).await.is(201);
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    visit(&shop, "cart", 0..3, &fine).await;
    let wish = json!({ "app": "cart" }).to_string().into_bytes();
    let token = shop.tool(Method::POST, &format!("{REGISTRY}/tokens"), wish).await.is(201).body();
    let token = token["secret"].as_str().unwrap();
    let asked = async |path: &str| {
        shop.with_token(token, Method::GET, &format!("{REGISTRY}/{path}"), Vec::new()).await
    };
    asked("health?app=cart").await.is(200);
    asked("health?app=home").await.problem(403, "E522");
    asked("health").await.problem(403, "E522");
    // Without a microapp a team is shown its own.
    let own = asked("releases").await.is(200).body();
    assert!(own["releases"].as_array().unwrap().iter().all(|release| release["app"] == "cart"), "{own}");
    asked("releases?app=home").await.problem(403, "E522");
    asked("health?app=cart&span=ever").await.problem(422, "E401");
    shop.operator(Method::GET, &format!("{REGISTRY}/health?app=nobody"), Value::Null)
        .await
        .problem(404, "E521");
}

async fn the_last_releases_are_listed_and_what_is_live(shop: Shop) {
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let mut db = shop.server.database.write().await.unwrap();
    for n in 1..=230_i64 {
        let newer = "INSERT INTO releases (app, version, description, published_at, published_by)
            SELECT app, $1, description, published_at + $2, published_by FROM releases WHERE version = '1.0.0'";
        sqlx::query(newer).bind(format!("1.{n}.0")).bind(n).execute(&mut *db).await.unwrap();
    }
    db.commit().await.unwrap();
    let listed = ask(&shop, "releases?app=cart").await;
    let listed = listed["releases"].as_array().unwrap();
    let versions = [0, 199, 200].map(|at| listed[at]["version"].as_str().unwrap());
    assert_eq!((listed.len(), versions), (201, ["1.230.0", "1.31.0", "1.0.0"]));
}

async fn what_waits_to_be_allowed_is_newer_than_what_is_live(shop: Shop) {
    let using = |version: &str, apis: &[&str]| {
        let apis = json!(apis);
        make("cart", version, move |description, _| description["webApis"] = apis)
    };
    publish(&shop, &using("1.0.0", &["fetch", "history"])).await.is(201);
    let published = publish(&shop, &using("1.1.0", &["fetch", "clipboard"])).await.is(201).body();
    assert_eq!(published["live"], false);
    let waiting = ask(&shop, "releases?waiting=true").await;
    let waiting = waiting["releases"].as_array().unwrap();
    assert_eq!((waiting.len(), &waiting[0]["version"]), (1, &json!("1.1.0")));
    assert_eq!((&waiting[0]["held"], &waiting[0]["removed"]), (&json!(["clipboard"]), &json!(["history"])));
    assert_eq!(ask(&shop, "releases?waiting=true&app=home").await["releases"], json!([]));
    // What goes live after it leaves it behind.
    publish(&shop, &using("1.2.0", &["fetch"])).await.is(201);
    assert_eq!(ask(&shop, "releases?waiting=true").await["releases"], json!([]));
    publish(&shop, &using("1.3.0", &["fetch", "clipboard"])).await.is(201);
    act(&shop, "releases/cart/1.3.0/allow", json!({})).await;
    assert_eq!(ask(&shop, "releases?waiting=true").await["releases"], json!([]));
}

async fn what_is_live_says_since_when_by_whom_and_why(shop: Shop) {
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let apps = ask(&shop, "apps").await;
    let changed = &apps["apps"][0]["changed"];
    let who = changed["who"].as_str().unwrap();
    assert!(who.starts_with("MENAGERIE_OPERATOR_TOKEN"), "{who}");
    assert_eq!((&changed["revision"], &changed["why"]), (&json!(1), &json!("published")));
    let next = tar(&plain("cart", "1.1.0"));
    shop.tool(Method::POST, &format!("{REGISTRY}/releases"), next).await.is(201);
    let status = act(&shop, "apps/cart/rollout", json!({ "version": "1.1.0" })).await;
    assert_eq!(
        (&status["changed"]["version"], &status["changed"]["percent"], &status["changed"]["before"]),
        (&json!("1.1.0"), &json!(5), &json!("1.0.0"))
    );
}
