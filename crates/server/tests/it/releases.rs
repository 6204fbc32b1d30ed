//! Publishing, what is live, and the files.

use crate::{
    on_both,
    support::{
        Shop,
        release::{ENTRY, make, plain, publish, shell, tar},
    },
};
use axum::http::Method;
use release::{Files, hash};
use serde_json::{Value, json};
use std::io::Read as _;

on_both!(
    a_release_goes_live_at_once,
    a_release_never_changes,
    what_is_no_release_is_refused_and_nothing_is_seen_of_it,
    the_shell_is_the_page,
    two_live_apps_cannot_have_the_same_route,
    what_is_live_goes_back_with_the_registry,
    publishing_in_parallel,
    killed_before_it_was_entered_a_release_is_not_seen_and_can_be_published_again,
);

async fn a_release_goes_live_at_once(shop: Shop) {
    let mut browser = shop.browser();
    let before = browser.get("/manifest.json").await.is(200);
    before.json(json!({ "contract": 1, "revision": 0, "apps": [] }));
    publish(&shop, &plain("cart", "1.0.0"))
        .await
        .is(201)
        .json(json!({ "name": "cart", "version": "1.0.0", "created": true, "live": true, "held": [], "revision": 1 }));
    let manifest = browser.get("/manifest.json").await.is(200);
    assert_eq!(manifest.header("access-control-allow-origin"), "*");
    assert_ne!(manifest.header("etag"), before.header("etag"));
    let app = &manifest.body()["apps"][0];
    assert_eq!((app["revision"].as_i64(), app.get("fallback")), (Some(1), None));
    assert_eq!(app["releases"][0]["percent"], 100.0);
    let base = app["releases"][0]["base"].as_str().unwrap();
    assert_eq!(base, "/apps/cart/1.0.0/");
    let known = [("if-none-match", manifest.header("etag"))];
    let unchanged = browser.send(Method::GET, "/manifest.json", None, &known).await.is(304);
    assert_eq!(unchanged.header("vary"), manifest.header("vary"));

    let file = browser.get(&format!("{base}cart.js")).await.is(200);
    assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(
        (file.header("access-control-allow-origin"), file.header("cross-origin-resource-policy")),
        ("*", "cross-origin")
    );
    assert_eq!(
        hash::integrity(&file.bytes),
        app["releases"][0]["files"]["cart.js"]["integrity"].as_str().unwrap()
    );
    let small = browser
        .send(Method::GET, &format!("{base}cart.js"), None, &[("accept-encoding", "gzip, br")])
        .await
        .is(200);
    assert_eq!(small.header("content-encoding"), "br");
    let mut plain_again = Vec::new();
    brotli::Decompressor::new(&*small.bytes, 4096).read_to_end(&mut plain_again).unwrap();
    assert_eq!(plain_again, file.bytes);
    let known = [("if-none-match", file.header("etag"))];
    let unchanged = browser.send(Method::GET, &format!("{base}cart.js"), None, &known).await.is(304);
    // One name for all encodings of a file, so a weak one.
    assert!(file.header("etag").starts_with("W/"));
    assert_eq!(unchanged.header("vary"), file.header("vary"));
    assert_eq!(browser.get(&format!("{base}microapp.json")).await.is(200).body()["name"], "cart");
    for missing in ["other.js", "..%2Fmicroapp.json", ""] {
        let reply = browser.get(&format!("{base}{missing}")).await.is(404);
        assert_eq!(reply.header("cache-control"), "no-store");
    }

    // A second one: the first is what one falls back to, and an old tab still has its files.
    publish(&shop, &plain("cart", "1.1.0")).await.is(201);
    let app = browser.get("/manifest.json").await.body()["apps"][0].clone();
    assert_eq!(app["releases"][0]["base"], "/apps/cart/1.1.0/");
    assert_eq!(app["fallback"]["base"], "/apps/cart/1.0.0/");
    assert_eq!(app["fallback"]["files"]["cart.js"]["size"], 50 * ENTRY.len());
    browser.get("/apps/cart/1.0.0/cart.js").await.is(200);

    // Back to the first: it is there already, and goes live again.
    publish(&shop, &plain("cart", "1.0.0"))
        .await
        .is(200)
        .json(json!({ "name": "cart", "version": "1.0.0", "created": false, "live": true, "held": [], "revision": 3 }));
    let app = browser.get("/manifest.json").await.body()["apps"][0].clone();
    assert_eq!(
        (app["revision"].as_i64(), app["fallback"]["base"].as_str()),
        (Some(3), Some("/apps/cart/1.1.0/"))
    );

    // Kept, but not live.
    let kept = tar(&plain("contact", "1.0.0"));
    shop.tool(Method::POST, "/api/v1/registry/releases", kept).await.is(201);
    assert_eq!(browser.get("/manifest.json").await.body()["apps"].as_array().unwrap().len(), 1);
    browser.get("/apps/contact/1.0.0/contact.js").await.is(200);
}

async fn a_release_never_changes(shop: Shop) {
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    publish(&shop, &plain("cart", "1.0.0")).await.is(200);
    let other = make("cart", "1.0.0", |_, files| {
        files.insert("more.css".to_owned(), b"a{}".to_vec());
    });
    publish(&shop, &other).await.problem(409, "E520");
    let titled = make("cart", "1.0.0", |description, _| description["title"] = json!("Basket"));
    publish(&shop, &titled).await.problem(409, "E520");
    assert_eq!(shop.browser().get("/manifest.json").await.body()["revision"], 1);
}

async fn what_is_no_release_is_refused_and_nothing_is_seen_of_it(shop: Shop) {
    let mut flipped = plain("cart", "1.0.0");
    flipped.get_mut("cart.js").unwrap()[3] ^= 1;
    let mut extra = plain("cart", "1.0.0");
    extra.insert("more.js".to_owned(), Vec::new());
    let large = make("cart", "1.0.0", |_, files| {
        files.insert("large.bin".to_owned(), vec![0; 10 * 1024 * 1024]);
    });
    for (files, code) in [
        (flipped, "E105"),
        (extra, "E104"),
        (large, "E106"),
        (plain("Cart", "1.0.0"), "E102"),
        (plain("cart", "1.0"), "E101"),
        (make("cart", "1.0.0", |description, _| description["contract"] = json!(2)), "E101"),
        (make("cart", "1.0.0", |description, _| description["entry"] = json!("x.js")), "E104"),
        (
            make("cart", "1.0.0", |description, _| {
                description["files"] = json!({ "y.js": { "size": 1, "integrity": "" } })
            }),
            "E104",
        ),
        (Files::new(), "E101"),
    ] {
        publish(&shop, &files).await.problem(422, code);
    }
    let mut outside = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.as_mut_bytes()[..9].copy_from_slice(b"../x.js\0\0");
    header.set_size(1);
    header.set_cksum();
    outside.append(&header, &b"1"[..]).unwrap();
    let outside = outside.into_inner().unwrap();
    let mut linked = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_ustar();
    header.set_entry_type(tar::EntryType::Symlink);
    header.set_size(0);
    linked.append_link(&mut header, "cart.js", "/etc/passwd").unwrap();
    let linked = linked.into_inner().unwrap();
    for body in [outside, linked] {
        shop.tool(Method::POST, "/api/v1/registry/releases", body).await.problem(422, "E103");
    }
    let nonsense = b"this is not a tar".repeat(100);
    shop.tool(Method::POST, "/api/v1/registry/releases", nonsense).await.problem(422, "E101");
    let endless = vec![0; 12 * 1024 * 1024];
    shop.tool(Method::POST, "/api/v1/registry/releases", endless).await.problem(413, "E416");
    assert_eq!(shop.browser().get("/manifest.json").await.body()["revision"], 0);
    shop.browser().get("/apps/cart/1.0.0/cart.js").await.problem(404, "E402");
}

async fn the_shell_is_the_page(shop: Shop) {
    let mut browser = shop.browser();
    let before = browser.get("/").await.is(503);
    assert!(before.text().contains("Not open yet") && before.text().contains("refresh"));
    publish(&shop, &shell("1.0.0")).await.is(201);
    let page = browser.get("/").await.is(200);
    assert_eq!(page.header("cache-control"), "no-cache");
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let text = page.text();
    assert!(text.contains(r#"src="/apps/shell/1.0.0/shell.js""#), "{text}");
    let config = text.split('"').nth(1).unwrap().replace("&quot;", "\"");
    let mut config: Value = serde_json::from_str(&config).unwrap();
    let reports = config.as_object_mut().unwrap().remove("reports").unwrap();
    assert_eq!(reports["url"], "/api/v1/health/mounts");
    assert!(reports["token"].as_str().unwrap().len() > 32, "{reports}");
    let deadlines =
        json!({ "load": 10000, "bootstrap": 4000, "mount": 3000, "update": 3000, "unmount": 3000 });
    assert_eq!(config, json!({ "deadlines": deadlines }));
    assert_eq!(browser.get("/manifest.json").await.body()["apps"], json!([]), "the shell is in no manifest");
    publish(&shop, &shell("1.0.1")).await.is(201);
    let after = browser.get("/").await.is(200);
    assert!(after.text().contains("/apps/shell/1.0.1/shell.js"));
    assert_ne!(after.header("etag"), page.header("etag"));
}

#[tokio::test]
async fn only_where_the_test_card_is_taken_the_page_says_that_nothing_is_sold() {
    for (flags, sells) in [(&[][..], "nothing"), (&["--origin", "https://shop.example"], "goods")] {
        let shop = Shop::sqlite(flags).await;
        let shell = make("shell", "1.0.0", |_, files| {
            files.insert("index.html".to_owned(), b"<p data-sells=%SELLS%>".to_vec());
        });
        publish(&shop, &shell).await.is(201);
        let page = shop.browser().get("/").await.is(200);
        assert_eq!(page.text(), format!("<p data-sells={sells}>"));
    }
}

async fn two_live_apps_cannot_have_the_same_route(shop: Shop) {
    publish(&shop, &make("product", "1.0.0", |d, _| d["routes"] = json!(["/product/{id}"]))).await.is(201);
    let other = make("goods", "1.0.0", |d, _| d["routes"] = json!(["/goods", "/product/{handle}"]));
    let problem = publish(&shop, &other).await.problem(409, "E232");
    assert!(
        problem["title"]
            .as_str()
            .unwrap()
            .starts_with("`/product/{handle}` of goods is also a route of product")
    );
    // Both would have `/product/sale`.
    let crossing = make("sales", "1.0.0", |d, _| d["routes"] = json!(["/{kind}/sale"]));
    publish(&shop, &crossing).await.problem(409, "E232");
    let beside = make("fresh", "1.0.0", |d, _| d["routes"] = json!(["/product/new"]));
    publish(&shop, &beside).await.is(201);
    assert_eq!(shop.browser().get("/manifest.json").await.body()["revision"], 2);
}

/// A database that was restored from a backup has the revisions of before.
async fn what_is_live_goes_back_with_the_registry(shop: Shop) {
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let live = async || {
        shop.browser().get("/manifest.json").await.is(200).body()["apps"][0]["releases"][0]["version"].clone()
    };
    publish(&shop, &plain("cart", "2.0.0")).await.is(201);
    assert_eq!(live().await, "2.0.0");
    let mut transaction = shop.server.database.write().await.unwrap();
    for back in [
        "DELETE FROM revisions WHERE version = '2.0.0'",
        "DELETE FROM releases WHERE version = '2.0.0'",
        "UPDATE manifest SET revision = revision - 1",
    ] {
        sqlx::query(back).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert_eq!(live().await, "1.0.0");
    publish(&shop, &plain("cart", "1.1.0")).await.is(201);
    assert_eq!(live().await, "1.1.0");
}

async fn publishing_in_parallel(shop: Shop) {
    let all: Vec<Files> = ["a", "b", "c", "d"].into_iter().map(|name| plain(name, "1.0.0")).collect();
    // The same bytes twice at once, and other bytes under a name and version that somebody else is publishing.
    let same = plain("a", "1.0.0");
    let other = make("b", "1.0.0", |d, _| d["title"] = json!("Other"));
    let replies =
        futures_util::future::join_all(all.iter().chain([&same, &other]).map(|files| publish(&shop, files)))
            .await;
    let statuses: Vec<_> = replies.iter().map(|reply| reply.status.as_u16()).collect();
    assert_eq!(statuses[2..4], [201, 201]);
    let mut a = [statuses[0], statuses[4]];
    let mut b = [statuses[1], statuses[5]];
    a.sort_unstable();
    b.sort_unstable();
    assert_eq!((a, b), ([200, 201], [201, 409]));
    let manifest = shop.browser().get("/manifest.json").await.body();
    assert_eq!((manifest["revision"].as_i64(), manifest["apps"].as_array().unwrap().len()), (Some(4), 4));
}

/// Files come first, the database last: what is left after a kill in between is files that nobody names.
async fn killed_before_it_was_entered_a_release_is_not_seen_and_can_be_published_again(shop: Shop) {
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    let mut transaction = shop.server.database.write().await.unwrap();
    for undo in ["DELETE FROM revisions", "DELETE FROM releases", "UPDATE manifest SET revision = 0"] {
        sqlx::query(undo).execute(&mut *transaction).await.unwrap();
    }
    transaction.commit().await.unwrap();
    let mut browser = shop.browser();
    assert_eq!(browser.get("/manifest.json").await.is(200).body()["apps"], json!([]));
    browser.get("/apps/cart/1.0.0/cart.js").await.problem(404, "E402");
    publish(&shop, &plain("cart", "1.0.0")).await.is(201);
    browser.get("/apps/cart/1.0.0/cart.js").await.is(200);
}
