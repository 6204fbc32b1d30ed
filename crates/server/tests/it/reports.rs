//! What pages say of mounts, and whom one believes.

use crate::{
    on_both,
    support::{
        Shop,
        crowd::{pass, report},
        postgres::transactions_wait,
        release::{plain, publish, shell},
    },
};
use axum::{
    body::Body,
    http::{Method, Request},
};
use contract::registry::report::MountKind;
use serde_json::{Value, json};
use server::health::Seen;

on_both!(
    a_visitor_counts_once_per_release_and_kind,
    an_address_counts_for_ten_visitors_and_one_vote,
    who_has_no_page_of_ours_is_not_believed,
    what_is_no_report_is_refused,
    nothing_that_was_sent_is_kept_as_it_was,
    what_is_too_much_is_shed_and_pages_go_on,
    a_look_weighs_the_newest_reports_only,
    two_servers_write_the_same_reports_at_once,
);

async fn prepare(shop: &Shop) {
    publish(shop, &shell("1.0.0")).await.is(201);
    publish(shop, &plain("cart", "1.0.0")).await.is(201);
}

fn mount(kind: &str) -> Value {
    json!([{ "app": "cart", "version": "1.0.0", "kind": kind, "ms": 40 }])
}

/// What is asked of cart 1.0.0, when 1.1.0 is not known yet.
const QUESTION: server::health::Question<'_> =
    server::health::Question { app: "cart", new: "1.1.0", before: "1.0.0", since: 0, heard_at: 0, fresh: 25 };

/// Visitors, those who saw a failure, and rows.
async fn counted(shop: &Shop) -> (u64, u64, i64) {
    let (evidence, rows) = evidence(shop).await;
    (evidence.health.before.visitors, evidence.health.before.unwell, rows)
}

async fn evidence(shop: &Shop) -> (server::health::Evidence, i64) {
    shop.server.health.flush().await.unwrap();
    let mut db = shop.server.database.read().await.unwrap();
    let rows: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM mounts").fetch_one(&mut *db).await.unwrap();
    (server::health::Evidence::find(&mut db, QUESTION).await.unwrap(), rows)
}

async fn a_visitor_counts_once_per_release_and_kind(shop: Shop) {
    prepare(&shop).await;
    let token = pass(&shop).await;
    for _ in 0..5 {
        for kind in ["ok", "failed"] {
            report(&shop, "10.0.0.1", &token, "visitor-1", mount(kind)).await.is(204);
        }
    }
    report(&shop, "10.0.0.2", &token, "visitor-2", mount("ok")).await.is(204);
    assert_eq!(counted(&shop).await, (2, 1, 3));
    // Of what nobody can have, nothing is counted.
    let others = json!([
        { "app": "cart", "version": "9.9.9", "kind": "ok", "ms": 1 },
        { "app": "nobody", "version": "1.0.0", "kind": "ok", "ms": 1 },
    ]);
    report(&shop, "10.0.0.3", &token, "visitor-3", others).await.is(204);
    assert_eq!(counted(&shop).await, (2, 1, 3));
}

async fn an_address_counts_for_ten_visitors_and_one_vote(shop: Shop) {
    prepare(&shop).await;
    let token = pass(&shop).await;
    for visitors in [0..10, 10..60] {
        for n in visitors {
            report(&shop, "10.0.0.1", &token, &format!("visitor-{n}"), mount("panicked")).await.is(204);
        }
        assert_eq!(counted(&shop).await, (10, 10, 10));
    }
    let judged = evidence(&shop).await.0.before;
    assert_eq!((judged.visitors, judged.unwell, judged.times), (1, 1, None));
    // The ten are still heard, and other addresses too.
    report(&shop, "10.0.0.1", &token, "visitor-3", mount("ok")).await.is(204);
    report(&shop, "10.0.0.2", &token, "visitor-99", mount("ok")).await.is(204);
    assert_eq!(counted(&shop).await, (11, 10, 12));
    assert_eq!(evidence(&shop).await.0.before.visitors, 2);
    let mut refused = 0;
    for n in 0..200 {
        let reply = report(&shop, "10.0.0.1", &token, &format!("visitor-{n}"), mount("panicked")).await;
        refused += usize::from(reply.status.as_u16() == 429);
    }
    assert!(refused > 50, "{refused}");
}

async fn who_has_no_page_of_ours_is_not_believed(shop: Shop) {
    prepare(&shop).await;
    let token = pass(&shop).await;
    let (period, signature) = token.split_once('.').unwrap();
    let forged = [
        String::new(),
        "x".to_owned(),
        format!("{period}.{}", "0".repeat(32)),
        format!("{}.{signature}", period.parse::<i64>().unwrap() + 1),
    ];
    for token in &forged {
        report(&shop, "10.0.0.1", token, "visitor-1", mount("ok")).await.problem(403, "E529");
    }
    // A page of somebody else, with our token.
    let body = json!({ "token": token, "visitor": "visitor-1", "mounts": mount("ok") }).to_string();
    let request = Request::post("/api/v1/health/mounts").header("sec-fetch-site", "cross-site");
    shop.raw(request.body(Body::from(body)).unwrap()).await.problem(403, "E414");
    assert_eq!(counted(&shop).await, (0, 0, 0));
}

async fn what_is_no_report_is_refused(shop: Shop) {
    prepare(&shop).await;
    let token = pass(&shop).await;
    let one = |change: Value| {
        let mut mount = mount("ok");
        mount[0].as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        mount
    };
    for mounts in [
        json!([]),
        json!({}),
        json!(vec![mount("ok")[0].clone(); 51]),
        one(json!({ "kind": "wonderful" })),
        one(json!({ "ms": -1 })),
        one(json!({ "ms": "fast" })),
        one(json!({ "app": null })),
    ] {
        report(&shop, "10.0.0.1", &token, "visitor-1", mounts).await.problem(422, "E401");
    }
    for visitor in ["", "short", &"x".repeat(65)] {
        report(&shop, "10.0.0.1", &token, visitor, mount("ok")).await.problem(422, "E401");
    }
    let mut browser = shop.browser_at("10.0.0.2");
    let large = json!({ "token": token, "visitor": "visitor-1", "mounts": "x".repeat(20_000) });
    browser.post("/api/v1/health/mounts", large).await.problem(413, "E416");
    let beacon = Request::builder().method(Method::POST).uri("/api/v1/health/mounts");
    let beacon =
        beacon.header("sec-fetch-site", "same-origin").header("content-type", "text/plain;charset=UTF-8");
    let text = json!({ "token": token, "visitor": "visitor-1", "mounts": mount("ok") }).to_string();
    shop.raw(beacon.body(Body::from(text)).unwrap()).await.is(204);
    assert_eq!(counted(&shop).await, (1, 0, 1));
}

async fn nothing_that_was_sent_is_kept_as_it_was(shop: Shop) {
    prepare(&shop).await;
    let token = pass(&shop).await;
    report(&shop, "10.9.8.7", &token, "visitor-1-of-many", mount("ok")).await.is(204);
    shop.server.health.flush().await.unwrap();
    let mut db = shop.server.database.read().await.unwrap();
    let row: String =
        sqlx::query_scalar("SELECT visitor || ' ' || address FROM mounts").fetch_one(&mut *db).await.unwrap();
    assert!(row.len() == 65 && !row.contains("visitor") && !row.contains("10.9.8.7"), "{row}");
}

/// However much was reported, a look takes about as long.
async fn a_look_weighs_the_newest_reports_only(shop: Shop) {
    let mut db = shop.server.database.write().await.unwrap();
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
         INSERT INTO mounts (app, version, kind, visitor, slot, ms, at, address)
         SELECT 'cart', '1.0.0', 'ok', 'v' || i, 1, 40, i, 'a' || i FROM n",
    )
    .execute(&mut *db)
    .await
    .unwrap();
    let evidence = server::health::Evidence::find(&mut db, QUESTION).await.unwrap();
    assert_eq!((evidence.before.visitors, evidence.new.visitors, evidence.fresh), (50_001, 0, 0));
    let turned = server::health::Question { new: "1.0.0", before: "1.1.0", heard_at: 59_990, ..QUESTION };
    let evidence = server::health::Evidence::find(&mut db, turned).await.unwrap();
    assert_eq!((evidence.fresh, evidence.heard_at), (10, 60_000));
}

async fn what_is_too_much_is_shed_and_pages_go_on(shop: Shop) {
    prepare(&shop).await;
    let token = pass(&shop).await;
    let many = json!(vec![mount("ok")[0].clone(); 50]);
    // Nobody writes: twenty thousand wait, then it is enough.
    let mut taken = 0;
    for n in 0..500_u32 {
        let address = std::net::Ipv4Addr::from(0x0a00_0000 + n).to_string();
        let reply = report(&shop, &address, &token, "visitor-1", many.clone()).await;
        match reply.status.as_u16() {
            204 => taken += 1,
            _ => {
                let problem = reply.problem(503, "E502");
                assert!(problem["title"].as_str().unwrap().contains("away"), "{problem}");
            }
        }
    }
    assert_eq!(taken, 400);
    shop.browser().get("/").await.is(200);
    shop.browser().get("/manifest.json").await.is(200);
}

/// So many visitors, in this order.
fn crowd(visitors: impl Iterator<Item = usize>) -> Vec<Seen> {
    let seen = |n: usize| Seen {
        app: "cart".to_owned(),
        version: "1.0.0".to_owned(),
        kind: MountKind::Ok,
        visitor: format!("visitor-{n:04}"),
        address: format!("address-{n}"),
        ms: 40,
        at: 1,
    };
    visitors.map(seen).collect()
}

async fn two_servers_write_the_same_reports_at_once(shop: Shop) {
    let other = shop.another_server().await;
    let (there, back) = (crowd(0..300), crowd((0..300).rev()));
    let (one, two) = tokio::join!(shop.server.health.count(&there), other.server.health.count(&back));
    one.unwrap();
    two.unwrap();
    assert_eq!(counted(&shop).await, (300, 0, 300));
}

/// Such as whoever writes to the tables by hand.
#[tokio::test(flavor = "multi_thread")]
async fn reports_that_the_database_gave_up_are_written_all_the_same() {
    const REPORT: &str = "INSERT INTO mounts (app, version, kind, visitor, slot, ms, at, address)
                          VALUES ('cart', '1.0.0', 'ok', $1, 0, 40, 1, '') ON CONFLICT DO NOTHING";
    let Some(shop) = Shop::postgres(&[]).await else { return };
    let mut somebody = shop.server.database.write().await.unwrap();
    sqlx::query(REPORT).bind("visitor-0001").execute(&mut *somebody).await.unwrap();
    let health = shop.server.health.clone();
    let writing = tokio::spawn(async move { health.count(&crowd(0..2)).await });
    transactions_wait(&shop, 1).await;
    // Now each waits for the other: one of the two is given up.
    let _ = sqlx::query(REPORT).bind("visitor-0000").execute(&mut *somebody).await;
    drop(somebody);
    writing.await.unwrap().unwrap();
    assert_eq!(counted(&shop).await, (2, 0, 2));
}
