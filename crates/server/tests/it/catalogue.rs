//! The catalogue, and importing it.

use crate::{
    on_both,
    support::{CATALOGUE, Shop, TOKEN},
};
use axum::{
    body::Body,
    http::{Method, Request},
};
use futures_util::StreamExt as _;
use serde_json::{Value, json};
use std::time::Duration;

on_both!(
    a_product_has_all_that_its_page_shows,
    searching_filtering_sorting_paging,
    a_damaged_catalogue_is_refused_whole,
    numbers_stay_when_a_catalogue_is_imported_again,
    stock_that_was_sold_stays_sold_where_the_import_says_so,
    only_what_is_in_the_shop_and_counted_keeps_its_stock,
    many_who_write_leave_room_for_who_reads,
    words_of_descriptions_are_found_one_by_one,
    the_real_export,
    likes_and_quotes_are_only_text,
    an_export_is_taken_back_as_it_was,
    products_have_any_number_of_options,
    a_file_that_does_not_arrive_changes_nothing,
    pictures_are_taken_and_served,
);

async fn a_product_has_all_that_its_page_shows(shop: Shop) {
    let mut browser = shop.browser();
    let product = browser.get("/api/v1/catalogue/products/1").await.is(200).body();
    assert_eq!(product["options"][0]["name"], "Colour");
    assert_eq!(product["options"][0]["values"].as_array().unwrap().len(), 2);
    assert!(product["options"][0]["values"][0]["swatch"].as_str().unwrap().starts_with('#'));
    assert_eq!(
        product["options"][1]["values"],
        json!([{ "value": "M", "swatch": null }, { "value": "L", "swatch": null }])
    );
    assert_eq!(
        product["variants"][0],
        json!({
            "id": 1, "sku": "BED-NM", "values": ["Navy", "M"], "price": { "amount": 4990, "currency": "EUR" },
            "compare_at": { "amount": 5990, "currency": "EUR" }, "stock": 5, "picture": null,
        })
    );
    assert_eq!(product["pictures"][1], json!({ "url": "/pictures/dog-bed/sand.svg", "alt": "Cosy bed" }));
    let categories = browser.get("/api/v1/catalogue/categories").await.is(200).body();
    assert_eq!(
        categories[0],
        json!({ "slug": "beds", "name": "Beds", "products": 1, "picture": "/pictures/dog-bed/navy.svg" })
    );
    browser.get("/api/v1/catalogue/products/99").await.problem(404, "E402");
    browser.get("/api/v1/catalogue/products/bed").await.problem(404, "E402");
}

async fn titles(shop: &Shop, query: &str) -> Vec<String> {
    let page = shop.browser().get(&format!("/api/v1/catalogue/products?{query}")).await.is(200).body();
    page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

async fn searching_filtering_sorting_paging(shop: Shop) {
    for (query, expected) in [
        ("", &["Cosy bed", "Ball"][..]),
        ("q=COSY", &["Cosy bed"]),
        ("q=bed+soft", &["Cosy bed"]),
        ("q=bed+rubber", &["Cosy bed", "Ball"]),
        ("q=sand", &["Cosy bed"]),
        ("q=paws&sort=price-asc", &["Ball", "Cosy bed"]),
        ("q=paws&sort=price-desc", &["Cosy bed", "Ball"]),
        ("sort=title", &["Ball", "Cosy bed"]),
        ("category=toys", &["Ball"]),
        ("category=nothing", &[]),
        ("min=1006", &["Cosy bed"]),
        ("max=1005", &["Ball"]),
        ("per_page=1&page=2", &["Ball"]),
        ("per_page=1&page=3", &[]),
    ] {
        assert_eq!(titles(&shop, query).await, expected, "{query}");
    }
    let page = shop.browser().get("/api/v1/catalogue/products?max=1005&per_page=1").await.is(200).body();
    let bounds = ["total", "lowest", "highest", "page", "per_page"].map(|name| page[name].as_i64().unwrap());
    assert_eq!(bounds, [1, 1005, 5990, 1, 1]);
    assert_eq!(page["items"][0]["from"], false);
    for query in [
        "page=0",
        "per_page=101",
        "per_page=0",
        "min=-1",
        "sort=random",
        "page=x",
        "page=99999999999999999999",
    ] {
        shop.browser().get(&format!("/api/v1/catalogue/products?{query}")).await.problem(422, "E401");
    }
    let long = "x".repeat(201);
    shop.browser().get(&format!("/api/v1/catalogue/products?q={long}")).await.problem(422, "E401");
}

async fn likes_and_quotes_are_only_text(shop: Shop) {
    for (words, expected) in [
        ("%25", &[][..]),
        ("100%25", &["Ball"]),
        ("_", &[]),
        ("%5C", &[]),
        ("'", &[]),
        ("a'%20OR%201=1--", &[]),
        ("ball%20%25", &["Ball"]),
    ] {
        assert_eq!(titles(&shop, &format!("q={words}")).await, expected, "{words}");
    }
    shop.browser().get("/api/v1/catalogue/products?q=%00").await.problem(422, "E401");
}

async fn a_damaged_catalogue_is_refused_whole(shop: Shop) {
    let before = shop.browser().get("/api/v1/catalogue/products").await.body();
    let damaged = CATALOGUE.replace("Cosy bed", "Other bed").replace("10.05", "10,05");
    let problem = shop.import(&damaged, "true").await.problem(422, "E420");
    assert!(problem["title"].as_str().unwrap().starts_with("Row 5: the row has 17 cells"), "{problem}");
    let damaged = CATALOGUE.replace("Cosy bed", "Other bed").replace("10.05", "cheap");
    let problem = shop.import(&damaged, "true").await.problem(422, "E420");
    assert!(
        problem["title"].as_str().unwrap().starts_with("Row 5, column `Variant Price`: `cheap`"),
        "{problem}"
    );
    shop.import("", "true").await.problem(422, "E420");
    assert_eq!(shop.browser().get("/api/v1/catalogue/products").await.body(), before);
}

async fn numbers_stay_when_a_catalogue_is_imported_again(shop: Shop) {
    let before = shop.browser().get("/api/v1/catalogue/products/1").await.body();
    shop.import(CATALOGUE, "true").await.is(200);
    assert_eq!(shop.browser().get("/api/v1/catalogue/products/1").await.body(), before);

    // Without the bed: it is gone. With it again: it has its old numbers.
    let without: String =
        CATALOGUE.lines().filter(|line| !line.starts_with("bed")).map(|line| format!("{line}\n")).collect();
    shop.import(&without, "true").await.is(200).json(json!({ "products": 1, "variants": 1 }));
    shop.browser().get("/api/v1/catalogue/products/1").await.problem(404, "E402");
    shop.import(CATALOGUE, "true").await.is(200);
    assert_eq!(shop.browser().get("/api/v1/catalogue/products/1").await.body(), before);

    // A variant that is renamed keeps its number by its SKU; one that is new gets a new one.
    let renamed =
        CATALOGUE.replace("Sand,,M,BED-SM", "Cream,,M,BED-SM").replace("Navy,,L,BED-NL", "Navy,,XL,BED-NX");
    shop.import(&renamed, "true").await.is(200);
    let after = shop.browser().get("/api/v1/catalogue/products/1").await.body();
    let ids: Vec<_> =
        after["variants"].as_array().unwrap().iter().map(|variant| variant["id"].clone()).collect();
    assert_eq!(ids, [json!(1), json!(5), json!(3)]);
    assert_eq!(after["variants"][2]["values"], json!(["Cream", "M"]));

    // Without `replace` the others stay.
    shop.import(&without.replace("Ball", "Big ball"), "false").await.is(200);
    assert_eq!(titles(&shop, "").await.len(), 2);
}

async fn stock_that_was_sold_stays_sold_where_the_import_says_so(shop: Shop) {
    let sell = async |key: &str| {
        let mut guest = shop.browser();
        guest.add(4, 1).await.is(200);
        guest.order(key, 1995, "on_delivery").await.is(201);
    };
    sell("a").await;
    shop.import(CATALOGUE, "true&stock=keep").await.is(200);
    assert_eq!(shop.stock(2, 4).await, 4, "kept");
    shop.import(CATALOGUE, "true&stock=file").await.is(200);
    assert_eq!(shop.stock(2, 4).await, 5, "as the file says");
    sell("b").await;
    // What the file says nothing of stays; what is new is not counted, or has what the file says.
    let unsaid = CATALOGUE.replace("Variant Inventory Qty", "Of no interest");
    shop.import(&unsaid, "true").await.is(200);
    assert_eq!((shop.stock(2, 4).await, shop.stock(1, 1).await), (4, 5));
    shop.import(&unsaid.replace("ball,Ball", "toy,Toy").replace(",BALL,", ",TOY,"), "false").await.is(200);
    assert_eq!(shop.stock(3, 5).await, 9_999);
    let more = CATALOGUE.replace("ball,Ball", "bone,Bone").replace(",BALL,", ",BONE,");
    shop.import(&more, "false&stock=keep").await.is(200);
    assert_eq!(shop.stock(4, 6).await, 5);
    shop.import(CATALOGUE, "true&stock=maybe").await.problem(422, "E401");
}

async fn only_what_is_in_the_shop_and_counted_keeps_its_stock(shop: Shop) {
    let sell = async |key: &str| {
        let mut guest = shop.browser();
        guest.add(4, 1).await.is(200);
        guest.order(key, 1995, "on_delivery").await.is(201);
    };
    // What had left, with its product or alone, comes back as the file says.
    let without = |handle: &str| -> String {
        CATALOGUE.lines().filter(|line| !line.contains(handle)).map(|line| format!("{line}\n")).collect()
    };
    sell("a").await;
    shop.import(&without("BALL"), "true").await.is(200);
    shop.import(CATALOGUE, "true&stock=keep").await.is(200);
    assert_eq!(shop.stock(2, 4).await, 5, "its product had left");
    let fewer = CATALOGUE.replace("BED-SM,shopify,5", "BED-SM,shopify,2");
    shop.import(&fewer, "true").await.is(200);
    shop.import(&without("BED-SM"), "true").await.is(200);
    shop.import(CATALOGUE, "true&stock=keep").await.is(200);
    assert_eq!(shop.stock(1, 3).await, 5, "the variant had left");
    // What nobody counts is there anew at every import.
    let uncounted = CATALOGUE.replace(",BALL,shopify,", ",BALL,,");
    assert_ne!(uncounted, CATALOGUE);
    shop.import(&uncounted, "true&stock=keep").await.is(200);
    sell("b").await;
    assert_eq!(shop.stock(2, 4).await, 9_998);
    shop.import(&uncounted, "true&stock=keep").await.is(200);
    assert_eq!((shop.stock(2, 4).await, shop.stock(1, 3).await), (9_999, 5));
}

async fn words_of_descriptions_are_found_one_by_one(shop: Shop) {
    let line = json!({
        "handle": "bed", "title": "Bed", "variants": [{ "price": 1 }],
        "description_html": "<p>A firm rim</p><ul><li>Cover &amp; zip</li></ul><div>Line</div><div>two</div>",
    });
    shop.import_lines(line.to_string()).await.is(200);
    for (words, found) in [("cover", 1), ("rim", 1), ("zip", 1), ("two", 1), ("amp", 0), ("rimcover", 0)] {
        assert_eq!(titles(&shop, &format!("q={words}")).await.len(), found, "{words}");
    }
}

async fn many_who_write_leave_room_for_who_reads(shop: Shop) {
    let mut writers = tokio::task::JoinSet::new();
    let (writes, mut writing) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..20 {
        let (database, writes) = (shop.server.database.clone(), writes.clone());
        writers.spawn(async move {
            let _transaction = database.write().await.unwrap();
            writes.send(()).unwrap();
            std::future::pending::<()>().await;
        });
    }
    // One writes, and the others wait, or write as well: none lets go before somebody has read.
    writing.recv().await.unwrap();
    let read = tokio::time::timeout(Duration::from_secs(20), titles(&shop, ""));
    assert_eq!(read.await.expect("reading waits for who writes").len(), 2);
    writers.shutdown().await;
}

/// Rows are locked on PostgreSQL alone.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_and_an_order_wait_for_each_other() {
    let Some(shop) = Shop::postgres(&[]).await else { return };
    // The ball before the bed: not in the order of their variants.
    let rows: Vec<_> = CATALOGUE.lines().collect();
    let csv = [rows[0], rows[4], rows[1], rows[2], rows[3], ""].join("\n");
    // The second takes them as no order does: the database gives the import up, which begins again.
    for (variants, price) in [([3, 4], "47.90"), ([4, 3], "46.90")] {
        let csv = csv.replace("49.90", price).replace("10.05", price);
        let mut order = shop.server.database.write().await.unwrap();
        let take = "UPDATE variants SET stock = stock - 1 WHERE id = $1";
        sqlx::query(take).bind(variants[0]).execute(&mut *order).await.unwrap();
        let import = shop.import(&csv, "true&stock=keep");
        let finish = async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            sqlx::query(take).bind(variants[1]).execute(&mut *order).await.unwrap();
            order.commit().await.unwrap();
        };
        tokio::join!(import, finish).0.is(200);
    }
    assert_eq!((shop.stock(1, 3).await, shop.stock(2, 4).await), (3, 3));
}

async fn the_real_export(shop: Shop) {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/catalogue/shopify-products.csv");
    let csv = std::fs::read_to_string(file).unwrap();
    shop.import(&csv, "true").await.is(200).json(json!({ "products": 147, "variants": 1847 }));
    shop.import(&csv, "true").await.is(200).json(json!({ "products": 147, "variants": 1847 }));
    let page =
        shop.browser().get("/api/v1/catalogue/products?q=hoodie+black&per_page=100").await.is(200).body();
    assert!(page["total"].as_i64().unwrap() > 3, "{page}");
    for item in page["items"].as_array().unwrap() {
        let product =
            shop.browser().get(&format!("/api/v1/catalogue/products/{}", item["id"])).await.is(200).body();
        let html = product["description_html"].as_str().unwrap();
        assert!(html.contains("<p>") && !html.contains("&bull;"), "{html}");
        assert_eq!(product["pictures"], json!([]), "pictures of another shop are no pictures");
        assert_eq!(product["variants"].as_array().unwrap().len() % 5, 0);
    }
    let damaged = csv.replace(
        "MH01-XL-Orange,453,shopify,100,deny,manual,52.00",
        "MH01-XL-Orange,453,shopify,100,deny,manual,52.oo",
    );
    let problem: Value = shop.import(&damaged, "true").await.problem(422, "E420");
    assert!(problem["title"].as_str().unwrap().starts_with("Row 16, column `Variant Price`"), "{problem}");
}

#[tokio::test]
async fn the_seed_is_loaded_once_into_an_empty_catalogue() {
    let shop = Shop::empty(&["--seed", "petstore"]).await;
    let page = shop.browser().get("/api/v1/catalogue/products?per_page=100").await.is(200).body();
    assert!(page["total"].as_i64().unwrap() >= 72, "{}", page["total"]);
    let categories = shop.browser().get("/api/v1/catalogue/categories").await.is(200).body();
    assert!(categories.as_array().unwrap().len() >= 8);
    // Every picture that the seed names is one that can be painted.
    for item in page["items"].as_array().unwrap() {
        let product =
            shop.browser().get(&format!("/api/v1/catalogue/products/{}", item["id"])).await.is(200).body();
        for picture in product["pictures"].as_array().unwrap() {
            let reply = shop.browser().get(picture["url"].as_str().unwrap()).await.is(200);
            assert_eq!(reply.header("content-type"), "image/svg+xml", "{}", picture["url"]);
            assert!(!reply.text().contains(" style="), "the policy of pictures forbids style attributes");
        }
        assert!(!product["pictures"].as_array().unwrap().is_empty(), "{} has no picture", product["handle"]);
    }
}

#[tokio::test]
async fn an_import_asks_for_the_token_and_for_no_cookie() {
    let shop = Shop::sqlite(&[]).await;
    let mut browser = shop.browser();
    let import = "/api/v1/catalogue/import";
    browser.post(import, json!({})).await.problem(401, "E522");
    for token in ["Bearer wrong", "Basic a-token-for-tests-only", "Bearer", "Bearer "] {
        let headers = [("authorization", token)];
        browser.send(Method::POST, import, None, &headers).await.problem(401, "E522");
    }
}

async fn an_export_is_taken_back_as_it_was(shop: Shop) {
    let seed = include_str!("../../../../assets/catalogue/petstore.csv");
    // A variant whose picture is not the first, a weight, a description with a quotation mark and a line break.
    let odd = "Handle,Title,Body (HTML),Type,Tags,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Image Src,Image Alt Text,Variant Image\n\
        odd,Odd,\"<p>A \"\"quote\"\"\nand more</p>\",Odds,\"a, b\",,,,,,,/pictures/a.svg,A,\n\
        odd,,,,,,,,,,,/pictures/b.svg,B,\n\
        odd,,,,,,Red,R-1,250,3,5.00,,,/pictures/b.svg\n\
        odd,,,,,,Blue,R-2,,4,6.50,,,\n";
    let odd = odd.replacen("\"a, b\",,", "\"a, b\",Colour,", 1);
    for csv in [CATALOGUE, seed, &odd] {
        shop.import(csv, "true").await.is(200);
        let before = everything(&shop).await;
        let export = shop.operator(Method::GET, "/api/v1/catalogue/export", Value::Null).await.is(200);
        assert_eq!(export.header("content-type"), "text/csv; charset=utf-8");
        let again = Shop::empty(&[]).await;
        again.import(&export.text(), "true").await.is(200);
        assert_eq!(everything(&again).await, before);
        let export_again = again.operator(Method::GET, "/api/v1/catalogue/export", Value::Null).await.is(200);
        assert_eq!(export_again.text(), export.text());
        let lines = export_lines(&shop).await;
        again.import(CATALOGUE, "true").await.is(200);
        again.import_lines(lines.clone()).await.is(200);
        assert_eq!(everything(&again).await, before);
        assert_eq!(export_lines(&again).await, lines);
    }
    shop.browser().get("/api/v1/catalogue/export").await.problem(401, "E522");

    // Nothing to choose and yet not the first picture; more words than a letter has.
    let pictures = ["a", "b", "c"].map(|name| json!({ "url": format!("/pictures/{name}.svg"), "alt": name }));
    let plain = json!({
        "handle": "plain", "title": "Plain", "description_html": format!("<p>{}</p>", "word ".repeat(20_000)),
        "pictures": pictures,
        "variants": [{ "price": "1.00", "picture": "/pictures/c.svg", "stock": 5 }],
    });
    shop.import_lines(plain.to_string()).await.is(200);
    let before = everything(&shop).await;
    let export = shop.operator(Method::GET, "/api/v1/catalogue/export", Value::Null).await.is(200).text();
    let again = Shop::empty(&[]).await;
    again.import(&export, "true").await.is(200);
    assert_eq!(everything(&again).await, before);
}

async fn export_lines(shop: &Shop) -> String {
    let address = "/api/v1/catalogue/export?format=jsonl";
    let export = shop.operator(Method::GET, address, Value::Null).await.is(200);
    assert_eq!(export.header("content-type"), "application/jsonl; charset=utf-8");
    export.text()
}

async fn products_have_any_number_of_options(shop: Shop) {
    let variant = |values: [&str; 4], price: &str| json!({ "values": values, "price": price, "stock": 5 });
    let harness = json!({
        "handle": "harness", "title": "Harness", "options": ["Animal", "Closure", "Size", "Colour"],
        "variants": [
            variant(["Dog", "Buckle", "M", "Navy"], "30.00"),
            variant(["Dog", "Buckle", "M", "Sand"], "31.00"),
            variant(["Dog", "Buckle", "L", "Sand"], "32.00"),
        ],
    });
    for _ in 0..2 {
        shop.import_lines(harness.to_string()).await.is(200).json(json!({ "products": 1, "variants": 3 }));
    }
    let mut browser = shop.browser();
    let list = browser.get("/api/v1/catalogue/products?colour=sand&size=l").await.is(200).body();
    assert_eq!((&list["total"], &list["items"][0]["title"]), (&json!(1), &json!("Harness")));
    let address = format!("/api/v1/catalogue/products/{}", list["items"][0]["id"]);
    let product = browser.get(&address).await.is(200).body();
    assert_eq!(product["options"][3]["name"], "Colour");
    assert!(product["options"][3]["values"][0]["swatch"].as_str().unwrap().starts_with('#'));
    let variants = product["variants"].as_array().unwrap();
    let values: Vec<_> = variants.iter().map(|variant| variant["values"].clone()).collect();
    assert_eq!(values[2], json!(["Dog", "Buckle", "L", "Sand"]));
    let numbers: Vec<_> = variants.iter().map(|variant| variant["id"].as_i64().unwrap()).collect();
    let cart = browser.add(numbers[1], 1).await.is(200).body();
    assert_eq!(cart["lines"][0]["options"], "Dog, Buckle, M, Sand");

    // Its numbers stay when it is imported again, and a CSV has no columns for it.
    shop.import_lines(harness.to_string()).await.is(200);
    let again = browser.get(&address).await.is(200).body();
    assert_eq!(again["variants"], product["variants"]);
    let export = "/api/v1/catalogue/export";
    let problem = shop.operator(Method::GET, export, Value::Null).await.problem(422, "E420");
    assert_eq!(problem["title"], "`harness` has 4 options; a CSV has columns for 3. Export JSON Lines.");
    shop.operator(Method::GET, "/api/v1/catalogue/export?format=xml", Value::Null).await.problem(422, "E401");
}

async fn a_file_that_does_not_arrive_changes_nothing(shop: Shop) {
    let before = everything(&shop).await;
    let line = r#"{"handle":"a","title":"A","variants":[{"price":"1"}]}"#;
    let broken = futures_util::stream::iter([Ok(line.to_owned()), Err(std::io::Error::other("gone"))]);
    shop.import_lines(Body::from_stream(broken)).await.problem(400, "E401");
    // A file that grows and grows, and one that says so at once.
    let piece = axum::body::Bytes::from(vec![b' '; 1 << 20]);
    let pieces = (0..65).map(move |_| Ok::<_, std::io::Error>(piece.clone()));
    let endless = Body::from_stream(futures_util::stream::iter(pieces));
    shop.import_lines(endless).await.problem(413, "E416");
    shop.import_lines(vec![b'\n'; (64 << 20) + 1]).await.problem(413, "E416");
    assert_eq!(everything(&shop).await, before);
}

fn photo() -> Vec<u8> {
    let mut photo = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(700, 350, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut photo, image::ImageFormat::Png)
        .unwrap();
    photo.into_inner()
}

#[tokio::test]
async fn a_picture_may_take_its_time() {
    let shop = Shop::sqlite(&["--request-timeout", "1"]).await;
    let photo = photo();
    let (start, rest) = photo.split_at(1000);
    let pieces = futures_util::stream::iter([start.to_vec(), rest.to_vec()]).then(async |piece| {
        tokio::time::sleep(Duration::from_millis(800)).await;
        Ok::<_, std::io::Error>(piece)
    });
    let request =
        Request::post("/api/v1/catalogue/pictures").header("authorization", format!("Bearer {TOKEN}"));
    shop.raw(request.body(Body::from_stream(pieces)).unwrap()).await.is(200);
}

async fn pictures_are_taken_and_served(shop: Shop) {
    let photo = photo();
    let route = "/api/v1/catalogue/pictures";
    let taken = shop.tool(Method::POST, route, photo.clone()).await.is(200).body();
    assert_eq!((&taken["width"], &taken["height"]), (&json!(700), &json!(350)));
    let url = taken["url"].as_str().unwrap();
    assert!(url.starts_with("/uploads/") && url.ends_with("/700.jpg"), "{url}");
    assert_eq!(shop.tool(Method::POST, route, photo).await.is(200).body(), taken, "once more");
    let mut browser = shop.browser();
    for width in [320, 640, 700] {
        let found = browser.get(&url.replace("700", &width.to_string())).await.is(200);
        assert_eq!(found.header("content-type"), "image/jpeg");
        assert_eq!(found.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(found.header("cross-origin-resource-policy"), "cross-origin");
        assert_eq!(image::load_from_memory(&found.bytes).unwrap().width(), width);
    }
    for address in [
        url.replace("700", "960"),
        url.replace("jpg", "png"),
        url.replace("700.jpg", "..%2F700.jpg"),
        "/uploads/0/1.jpg".to_owned(),
        format!("/uploads/{}/1.jpg", "0".repeat(32)),
    ] {
        browser.get(&address).await.problem(404, "E402");
    }
    // A product shows it.
    let line =
        json!({ "handle": "a", "title": "A", "pictures": [{ "url": url }], "variants": [{ "price": 1 }] });
    shop.import_lines(line.to_string()).await.is(200);
    let list = browser.get("/api/v1/catalogue/products").await.is(200).body();
    assert_eq!(list["items"][0]["picture"], *url);

    let problem = shop.tool(Method::POST, route, b"<svg/>".to_vec()).await.problem(422, "E401");
    assert!(
        problem["title"].as_str().unwrap().starts_with("This is no picture that can be read"),
        "{problem}"
    );
    shop.tool(Method::POST, route, vec![0; (20 << 20) + 1]).await.problem(413, "E416");
    browser.post(route, json!({})).await.problem(401, "E522");
}

/// All that a shopper can see of the products, without the numbers that the database gave them.
async fn everything(shop: &Shop) -> Vec<Value> {
    let mut browser = shop.browser();
    let list = browser.get("/api/v1/catalogue/products?per_page=100").await.is(200).body();
    let mut all = Vec::new();
    for item in list["items"].as_array().unwrap() {
        let mut product =
            browser.get(&format!("/api/v1/catalogue/products/{}", item["id"])).await.is(200).body();
        product["id"] = json!(0);
        for variant in product["variants"].as_array_mut().unwrap() {
            variant["id"] = json!(0);
        }
        all.push(product);
    }
    all
}
