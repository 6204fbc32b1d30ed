//! Finding products: words, filters with counts, suggestions; in step with the database.

use crate::{
    on_both,
    support::{CATALOGUE, Shop},
};
use axum::http::Method;
use contract::route::encode;
use serde_json::{Value, json};
use sqlx::Executor as _;
use std::time::{Duration, Instant};

on_both!(
    words_are_found_and_ranked,
    filters_combine_and_counts_are_kept,
    prices_are_those_of_the_variants_that_fit,
    what_is_sold_out_leaves_the_counts_within_a_second,
    suggestions_are_categories_and_products,
    categories_are_suggested_in_the_language_of_the_request,
    categories_are_found_in_the_language_of_the_request,
    hostile_words_are_only_words,
    an_import_is_found_at_once_and_by_the_other_server_soon,
    without_an_index_the_database_answers,
);

const HEADER: &str = "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Name,Option1 Value,Option2 Name,Option2 Value,Variant SKU,Variant Inventory Tracker,Variant Inventory Qty,Variant Price";

/// A shop with more on its shelves.
async fn stocked(shop: &Shop) {
    let rows = "
bed,Cosy bed,<p>For dogs who dream of sheep</p>,Paws,Dog Beds,soft,Colour,Navy,Size,M,B1,shopify,5,49.90
bed,,,,,,,Navy,,L,B2,shopify,0,59.90
bed,,,,,,,Sand,,M,B3,shopify,5,49.90
cave,Cat cave,<p>A bed with a roof</p>,Paws,Cats,,Color,navy,Size,S,C1,shopify,5,30.00
ball,Ball,<p>It bounces; 100% rubber. Any dog loves it.</p>,Paws,Dog Toys,bestseller,,,,,BALL,shopify,5,10.00
wheel,Hamster wheel,<p>Silent</p>,Käfig & Co,Small pets,,Size,L,,,W1,shopify,0,25.00
carrot,Squeaky carrot,<p>Not a ball</p>,Paws,Dog Toys,,Colour,Orange,,,K1,shopify,5,5.00
";
    let csv = format!("{HEADER}{rows}");
    shop.import(&csv, "true").await.is(200).json(json!({ "products": 5, "variants": 7 }));
}

async fn page(shop: &Shop, query: &str) -> Value {
    shop.browser().get(&format!("/api/v1/catalogue/products?{query}")).await.is(200).body()
}

async fn titles(shop: &Shop, query: &str) -> Vec<String> {
    let page = page(shop, query).await;
    page["items"].as_array().unwrap().iter().map(|item| item["title"].as_str().unwrap().to_owned()).collect()
}

/// `Navy 2, Sand 1`.
fn counts(values: &Value) -> String {
    let values = values.as_array().unwrap().iter();
    let texts = values.map(|value| format!("{} {}", value["value"].as_str().unwrap(), value["count"]));
    texts.collect::<Vec<_>>().join(", ")
}

/// Asks until the answer is as expected.
async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let began = Instant::now();
    while !holds().await {
        assert!(began.elapsed() < Duration::from_secs(20), "{what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn words_are_found_and_ranked(shop: Shop) {
    stocked(&shop).await;
    for (words, expected) in [
        // Name before kind before description.
        ("ball", &["Ball", "Squeaky carrot"][..]),
        ("dog", &["Cosy bed", "Ball", "Squeaky carrot"]),
        ("bed", &["Cosy bed", "Cat cave"]),
        // Plural and singular, beginnings, accents, typing errors.
        ("beds", &["Cosy bed", "Cat cave"]),
        ("BALLS", &["Ball", "Squeaky carrot"]),
        ("squ", &["Squeaky carrot"]),
        ("dog squ", &["Squeaky carrot"]),
        ("kafig", &["Hamster wheel"]),
        ("ka\u{308}fig", &["Hamster wheel"]),
        // Inside another word, of names and kinds.
        ("mster", &["Hamster wheel"]),
        ("hamstre", &["Hamster wheel"]),
        ("sqeaky carot", &["Squeaky carrot"]),
        ("bestsellre", &["Ball"]),
        ("a bed for the dogs", &["Cosy bed"]),
        ("navy", &["Cosy bed", "Cat cave"]),
        ("dinosaur", &[]),
        // Some of the words, where nothing has all.
        ("bed rubber", &["Cosy bed", "Cat cave", "Ball"]),
        // A SKU, as it is written.
        ("B2", &["Cosy bed"]),
        ("k1", &["Squeaky carrot"]),
    ] {
        assert_eq!(titles(&shop, &format!("q={}", encode(words))).await, expected, "{words}");
    }
    assert_eq!(titles(&shop, "q=hamstre&sort=title&per_page=1").await, ["Hamster wheel"]);
    assert_eq!(titles(&shop, "q=dog&sort=price-asc&per_page=2&page=2").await, ["Cosy bed"]);
}

async fn filters_combine_and_counts_are_kept(shop: Shop) {
    stocked(&shop).await;
    let all = page(&shop, "").await;
    let facets = &all["facets"];
    assert_eq!(counts(&facets["categories"]), "dog-beds 1, cats 1, dog-toys 2, small-pets 1");
    assert_eq!(counts(&facets["colours"]), "Navy 2, Orange 1, Sand 1");
    assert_eq!(counts(&facets["sizes"]), "S 1, M 1, L 2");
    assert_eq!(facets["in_stock"], 4);
    assert_eq!(
        facets["prices"],
        json!([
            { "min": 0, "max": 1000, "count": 2 },
            { "min": 1000, "max": 2500, "count": 2 },
            { "min": 2500, "max": 5000, "count": 3 },
            { "min": 5000, "max": 10000, "count": 1 },
        ])
    );
    for (query, expected) in [
        ("colour=Navy", &["Cosy bed", "Cat cave"][..]),
        ("colour=NAVY&colour=Orange", &["Cosy bed", "Cat cave", "Squeaky carrot"]),
        ("size=L", &["Cosy bed", "Hamster wheel"]),
        ("size=L&in_stock=true", &[]),
        ("in_stock=false&size=L", &["Cosy bed", "Hamster wheel"]),
        ("colour=Sand&size=L", &[]),
        ("colour=Sand&size=M&in_stock=true", &["Cosy bed"]),
        ("q=dog&colour=Orange&max=500", &["Squeaky carrot"]),
        // One variant must fit everything.
        ("min=5000", &["Cosy bed"]),
        ("min=5000&size=M", &[]),
        ("min=5000&in_stock=true", &[]),
        ("max=4990&size=L", &["Hamster wheel"]),
        ("category=cats&colour=Sand", &[]),
        ("colour=Mauve", &[]),
        ("colour=&size=", &["Cosy bed", "Cat cave", "Ball", "Hamster wheel", "Squeaky carrot"]),
    ] {
        assert_eq!(titles(&shop, query).await, expected, "{query}");
    }
    // What is counted is what one gets.
    for value in facets["prices"].as_array().unwrap() {
        let query = format!("min={}&max={}", value["min"], value["max"]);
        assert_eq!(page(&shop, &query).await["total"], value["count"], "{query}");
    }
    let narrowed = page(&shop, "q=bed&colour=Navy&size=L").await;
    assert_eq!(counts(&narrowed["facets"]["colours"]), "Navy 1");
    assert_eq!(counts(&narrowed["facets"]["sizes"]), "S 1, M 1, L 1");
    assert_eq!(narrowed["facets"]["in_stock"], 0);
    for query in ["in_stock=maybe", "colour=%00", "size=%00", &"colour=x&".repeat(51)] {
        shop.browser().get(&format!("/api/v1/catalogue/products?{query}")).await.problem(422, "E401");
    }
}

/// `Cosy bed 4990..`: the price from which it is, `!` when it is sold out.
async fn prices(shop: &Shop, query: &str) -> Vec<String> {
    let page = page(shop, query).await;
    let item = |item: &Value| {
        let from = if item["from"] == true { ".." } else { "" };
        let sold_out = if item["in_stock"] == true { "" } else { "!" };
        format!("{} {}{from}{sold_out}", item["title"].as_str().unwrap(), item["price"]["amount"])
    };
    page["items"].as_array().unwrap().iter().map(item).collect()
}

/// By query, what is shown; the same with and without an index.
const PRICES: [(&str, &[&str]); 7] = [
    ("category=dog-beds", &["Cosy bed 4990.."]),
    ("category=dog-beds&max=4990", &["Cosy bed 4990"]),
    ("category=dog-beds&min=5000", &["Cosy bed 5990!"]),
    ("category=dog-beds&colour=Navy", &["Cosy bed 4990.."]),
    ("category=dog-beds&colour=Navy&in_stock=true", &["Cosy bed 4990"]),
    ("size=L&sort=price-asc", &["Hamster wheel 2500!", "Cosy bed 5990!"]),
    ("size=L&sort=price-desc", &["Cosy bed 5990!", "Hamster wheel 2500!"]),
];

async fn prices_are_those_of_the_variants_that_fit(shop: Shop) {
    stocked(&shop).await;
    // Every variant is one to choose, not the colours alone.
    assert_eq!(page(&shop, "q=cosy").await["items"][0]["choices"], 3);
    for (query, expected) in PRICES {
        assert_eq!(prices(&shop, query).await, expected, "{query}");
    }
    // Without a price range: that of the variants.
    for (query, expected) in
        [("", [500, 5990]), ("size=L", [2500, 5990]), ("colour=Sand&max=1", [4990, 4990])]
    {
        let page = page(&shop, query).await;
        assert_eq!(json!([page["lowest"], page["highest"]]), json!(expected), "{query}");
    }
    // What a variant was reduced from goes with it.
    let sale = "Handle,Title,Type,Option1 Name,Option1 Value,Variant SKU,Variant Inventory Tracker,\
                Variant Inventory Qty,Variant Price,Variant Compare At Price
mat,Mat,Mats,Size,S,M1,shopify,1,10.00,12.00
mat,,,,L,M2,shopify,1,20.00,
";
    shop.import(sale, "true").await.is(200);
    for (query, expected) in [("", json!(1200)), ("size=L", Value::Null), ("size=S", json!(1200))] {
        let page = page(&shop, query).await;
        assert_eq!(page["items"][0]["compare_at"]["amount"], expected, "{query}");
    }
}

async fn what_is_sold_out_leaves_the_counts_within_a_second(shop: Shop) {
    assert_eq!(page(&shop, "in_stock=true").await["total"], 2);
    let mut transaction = shop.server.database.write().await.unwrap();
    transaction.execute("UPDATE variants SET stock = 0 WHERE product_id = 2").await.unwrap();
    transaction.commit().await.unwrap();
    until("the ball should be sold out", async || {
        let page = page(&shop, "in_stock=true").await;
        page["total"] == 1 && page["facets"]["in_stock"] == 1
    })
    .await;
    assert_eq!(page(&shop, "").await["total"], 2, "it is still shown");
}

async fn suggestions_are_categories_and_products(shop: Shop) {
    stocked(&shop).await;
    for (typed, categories, products) in [
        ("dog", &["dog-beds", "dog-toys"][..], &["Cosy bed", "Ball", "Squeaky carrot"][..]),
        ("d", &["dog-beds", "dog-toys"], &["Cosy bed", "Ball", "Squeaky carrot"]),
        ("toys dog", &["dog-toys"], &["Ball", "Squeaky carrot"]),
        // The shop had a category “Beds” before.
        ("bed", &["dog-beds"], &["Cosy bed", "Cat cave"]),
        ("hamstr", &[], &["Hamster wheel"]),
        ("xyz", &[], &[]),
        ("", &[], &[]),
        ("%", &[], &[]),
    ] {
        let path = format!("/api/v1/catalogue/suggestions?q={}", encode(typed));
        let body = shop.browser().get(&path).await.is(200).body();
        let list = |name: &str, field: &str| {
            let values = body[name].as_array().unwrap().iter();
            values.map(|value| value[field].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(list("categories", "slug"), categories, "{typed}");
        assert_eq!(list("products", "title"), products, "{typed}");
    }
    let long = "x".repeat(201);
    shop.browser().get(&format!("/api/v1/catalogue/suggestions?q={long}")).await.problem(422, "E401");
    shop.browser().get("/api/v1/catalogue/suggestions?q=%00").await.problem(422, "E401");
}

async fn categories_are_suggested_in_the_language_of_the_request(shop: Shop) {
    shop.import(&CATALOGUE.replace(",Beds,", ",Dogs,"), "true").await.is(200);
    for (language, typed, expected) in [
        ("de", "hun", json!([{ "slug": "dogs", "name": "Hunde" }])),
        // Whoever knows the other name finds it, too.
        ("de", "dog", json!([{ "slug": "dogs", "name": "Hunde" }])),
        ("en", "dog", json!([{ "slug": "dogs", "name": "Dogs" }])),
        ("en", "hun", json!([])),
    ] {
        let path = format!("/api/v1/catalogue/suggestions?q={typed}");
        let headers = [("accept-language", language)];
        let body = shop.browser().send(Method::GET, &path, None, &headers).await.is(200).body();
        assert_eq!(body["categories"], expected, "{language} {typed}");
    }
}

async fn categories_are_found_in_the_language_of_the_request(shop: Shop) {
    shop.import(&CATALOGUE.replace(",Beds,", ",Dogs,"), "true").await.is(200);
    for (language, typed, expected) in [
        ("de", "Hunde", &["Cosy bed"][..]),
        ("de", "hunde navy", &["Cosy bed"]),
        ("de", "dogs", &["Cosy bed"]),
        ("en", "Hunde", &[]),
    ] {
        let path = format!("/api/v1/catalogue/products?q={}", encode(typed));
        let headers = [("accept-language", language)];
        let body = shop.browser().send(Method::GET, &path, None, &headers).await.is(200).body();
        let items = body["items"].as_array().unwrap().iter();
        let titles: Vec<_> = items.map(|item| item["title"].as_str().unwrap()).collect();
        assert_eq!(titles, expected, "{language} {typed}");
    }
}

async fn hostile_words_are_only_words(shop: Shop) {
    for (words, expected) in [
        ("title:bed", 1),
        ("+bed -ball", 2),
        ("\"cosy bed\"", 1),
        ("bed~2", 1),
        ("bed AND cosy", 1),
        ("be*", 1),
        ("[a TO z]", 0),
        ("(((((", 0),
        ("\\", 0),
        ("🐶\u{200d}🦺\u{fe0f}", 0),
        ("\u{202e}deb", 0),
        (&"a".repeat(200), 0),
        (&"a ".repeat(100), 0),
        (&"bed ".repeat(50), 1),
        (&"ß".repeat(200), 0),
        (&"猫".repeat(200), 0),
        (&"squeakyy ".repeat(22), 0),
        (&"\u{301}".repeat(200), 0),
    ] {
        let body = page(&shop, &format!("q={}", encode(words))).await;
        assert_eq!(body["total"], expected, "{words}");
        shop.browser().get(&format!("/api/v1/catalogue/suggestions?q={}", encode(words))).await.is(200);
    }
    // Bytes that are no UTF-8.
    let reply = shop.browser().get("/api/v1/catalogue/products?q=%ff%fe").await;
    assert!([200, 422].contains(&reply.status.as_u16()), "{}", reply.status);
}

async fn an_import_is_found_at_once_and_by_the_other_server_soon(shop: Shop) {
    let other = shop.another_server().await;
    assert_eq!(titles(&other, "q=ball").await, ["Ball"]);
    let renamed = CATALOGUE.replace(",Ball,", ",Globe,").replace("BALL", "GLOBE");
    shop.import(&renamed, "true").await.is(200);
    assert_eq!(titles(&shop, "q=globe").await, ["Globe"]);
    assert_eq!(titles(&shop, "q=ball").await, Vec::<String>::new());
    until("the other server should find it", async || titles(&other, "q=globe").await == ["Globe"]).await;

    // A refused one changes nothing, and what left the shop is not found.
    let damaged = CATALOGUE.replace(",Ball,", ",Sphere,").replace("10.05", "cheap");
    shop.import(&damaged, "true").await.problem(422, "E420");
    assert_eq!(titles(&shop, "q=sphere").await, Vec::<String>::new());
    let without: String =
        renamed.lines().filter(|line| !line.starts_with("bed")).map(|line| format!("{line}\n")).collect();
    shop.import(&without, "true").await.is(200);
    assert_eq!(titles(&shop, "").await, ["Globe"]);
    until("the bed should leave the other server", async || titles(&other, "").await == ["Globe"]).await;
}

async fn without_an_index_the_database_answers(shop: Shop) {
    stocked(&shop).await;
    let mut transaction = shop.server.database.write().await.unwrap();
    transaction.execute("ALTER TABLE product_options RENAME TO hidden_options").await.unwrap();
    transaction.commit().await.unwrap();
    let other = shop.another_server().await;
    for (query, expected) in [
        ("q=dog", &["Cosy bed", "Ball", "Squeaky carrot"][..]),
        ("colour=navy&size=M", &["Cosy bed"]),
        ("colour=Sand&size=L", &[]),
        ("size=L&in_stock=true", &[]),
        ("q=dog&colour=Orange&in_stock=true&max=500", &["Squeaky carrot"]),
        ("q=100%25", &["Ball"]),
        ("q=%25", &["Ball"]),
        ("q=_", &[]),
        ("q=!", &[]),
        ("q=%5C", &[]),
        ("q=ka%CC%88fig", &["Hamster wheel"]),
    ] {
        assert_eq!(titles(&other, query).await, expected, "{query}");
    }
    for (query, expected) in PRICES {
        assert_eq!(prices(&other, query).await, expected, "{query}");
    }
    let all = page(&other, "max=600").await;
    assert_eq!(
        json!([all["facets"], all["total"], all["lowest"], all["highest"]]),
        json!([null, 1, 500, 5990])
    );
    let suggestions = other.browser().get("/api/v1/catalogue/suggestions?q=carr").await.is(200).body();
    assert_eq!(suggestions["products"][0]["title"], "Squeaky carrot");
    // Who has an index goes on with it.
    assert_eq!(counts(&page(&shop, "").await["facets"]["colours"]), "Navy 2, Orange 1, Sand 1");

    let mut transaction = shop.server.database.write().await.unwrap();
    transaction.execute("ALTER TABLE hidden_options RENAME TO product_options").await.unwrap();
    transaction.commit().await.unwrap();
    until("the index should come back", async || !page(&other, "").await["facets"].is_null()).await;
}
