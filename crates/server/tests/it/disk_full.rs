//! Without room on the disk: what can go on goes on, what cannot says so, and nothing is there by half.

use crate::support::{
    Shop,
    release::{make, plain, publish, shell},
};
use axum::http::Method;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha384};
use sqlx::{AssertSqlSafe, Executor as _};

/// As many as the server's pool has: SQLite keeps the limit for each connection.
const CONNECTIONS: usize = 8;

/// Lets the database have so many pages; fewer than it has means no more than those.
async fn limit(shop: &Shop, pages: u32) {
    let mut held = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut db = shop.server.database.read().await.unwrap();
        db.execute(AssertSqlSafe(format!("PRAGMA max_page_count = {pages}"))).await.unwrap();
        held.push(db);
    }
}

/// Orders, their mails, and what is left of the ball.
async fn books(shop: &Shop) -> (i64, i64, i64) {
    let mut db = shop.server.database.read().await.unwrap();
    let sql = "SELECT (SELECT COUNT(*) FROM orders), (SELECT COUNT(*) FROM mails), (SELECT stock FROM variants WHERE id = 4)";
    sqlx::query_as(sql).fetch_one(&mut *db).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_without_room_takes_no_order_by_half() {
    let shop = Shop::empty(&[]).await;
    let csv = crate::support::CATALOGUE.replace("BALL,shopify,5", "BALL,shopify,500");
    shop.import(&csv, "true").await.is(200);
    publish(&shop, &shell("1.0.0")).await.is(201);
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let mut buyers = Vec::new();
    for n in 0..40 {
        let mut buyer = shop.browser_at(&format!("192.0.2.{n}"));
        buyer.add(4, 1).await.is(200);
        buyers.push(buyer);
    }
    limit(&shop, 1).await;

    // First what is left of the pages is taken up.
    let mut placed = 0;
    let mut refused = loop {
        let mut buyer = buyers.pop().expect("the disk is full before everybody has ordered");
        let before = books(&shop).await;
        let reply = buyer.order("k", 1995, "on_delivery").await;
        if reply.status.as_u16() == 201 {
            placed += 1;
            continue;
        }
        assert_eq!(reply.header("retry-after"), "5");
        reply.problem(503, "E502");
        assert_eq!(books(&shop).await, before);
        break buyer;
    };
    assert_eq!(refused.cart().await, [(4, 1)], "it is still there");
    // Of the connection, too, that took the place of the one that failed.
    limit(&shop, 1).await;
    let mut late = loop {
        let mut guest = shop.browser_at("192.0.2.200");
        let reply = guest.add(1, 1).await;
        if reply.status.as_u16() != 200 {
            reply.problem(503, "E502");
            break guest;
        }
    };
    assert_eq!(late.cart().await, []);

    for address in [
        "/",
        "/manifest.json",
        "/apps/cart/1.0.0/cart.js",
        "/api/v1/session",
        "/api/v1/catalogue/products",
        "/api/v1/catalogue/products/2",
        "/healthz",
    ] {
        late.get(address).await.is(200);
    }

    limit(&shop, u32::MAX - 1).await;
    // The same order, as the page sends it again.
    let order = refused.order("k", 1995, "on_delivery").await.is(201).body();
    assert_eq!(refused.order("k", 1995, "on_delivery").await.is(201).body(), order);
    assert_eq!(books(&shop).await.0, placed + 1);
    assert_eq!(books(&shop).await.2, 500 - placed - 1);
    late.add(1, 1).await.is(200);
}

/// The names and versions that the registry has of an app.
async fn releases(shop: &Shop, app: &str) -> Value {
    let reply = shop.tool(Method::GET, &format!("/api/v1/registry/apps/{app}"), Vec::new()).await;
    if reply.status.as_u16() == 404 { Value::Null } else { reply.is(200).body()["live"].clone() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_store_that_takes_nothing_has_no_release_by_half() {
    let shop = Shop::empty(&[]).await;
    publish(&shop, &plain("home", "1.0.0")).await.is(201);
    let manifest = shop.browser().get("/manifest.json").await.is(200).body();
    let text = b"a{color:red}".repeat(1000);
    let release = make("cart", "1.0.0", |_, files| drop(files.insert("large.css".to_owned(), text.clone())));
    let (files, aside) =
        (shop.server.configuration.data.join("releases"), shop.server.configuration.data.join("aside"));
    let folder = files.join(&format!("{:x}", Sha384::digest(&text))[..2]);

    // A file stands where a folder is needed: for all of it, then for the last of its files.
    for is_all in [true, false] {
        if is_all {
            std::fs::rename(&files, &aside).unwrap();
            std::fs::write(&files, "").unwrap();
        } else {
            std::fs::write(&folder, "").unwrap();
        }
        let reply = publish(&shop, &release).await;
        assert_eq!(reply.header("retry-after"), "5");
        reply.problem(503, "E502");
        assert_eq!(releases(&shop, "cart").await, Value::Null);
        shop.browser().get("/apps/cart/1.0.0/cart.js").await.problem(404, "E402");
        assert_eq!(shop.browser().get("/manifest.json").await.is(200).body(), manifest);
        if is_all {
            std::fs::remove_file(&files).unwrap();
            std::fs::rename(&aside, &files).unwrap();
        } else {
            std::fs::remove_file(&folder).unwrap();
        }
    }
    publish(&shop, &release).await.is(201);
    assert_eq!(releases(&shop, "cart").await[0]["version"], json!("1.0.0"));
    for file in ["cart.js", "large.css"] {
        shop.browser().get(&format!("/apps/cart/1.0.0/{file}")).await.is(200);
    }
}
