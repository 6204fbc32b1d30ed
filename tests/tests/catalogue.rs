//! A real shop's product export, in place of the seed.

use tests::{Address, Shop, environment};

#[tokio::test]
async fn a_real_catalogue_is_loaded_and_bought_from_and_a_damaged_one_is_refused_whole() {
    let csv =
        std::fs::read(environment::workspace().join("tests/data/catalogue/shopify-products.csv")).unwrap();
    let shop = Shop::open().await;
    let (status, answer) = shop.server.import_catalogue(csv.clone()).await;
    assert_eq!(
        (status, &answer["products"], &answer["variants"]),
        (200, &147.into(), &1847.into()),
        "{answer}"
    );

    shop.visit("/").await;
    shop.at("home").await;
    shop.see_text("[data-test=count]", "147 products").await;
    shop.eval::<()>("[...document.querySelectorAll('[data-test=product-card]:not(.sold-out) a')][0].click()")
        .await;
    shop.at("product").await;
    shop.until_loaded().await;
    let scripts: u32 = shop.eval("return document.querySelectorAll('[data-app=product] :is(script, style, iframe, [onclick], [onerror], [style])').length").await;
    assert_eq!(scripts, 0, "its descriptions are HTML, but not any HTML");
    let title = shop.text("[data-app=product] h1").await;
    shop.add_to_cart().await;
    shop.until_badge(1).await;
    shop.open_cart().await;
    shop.see_text("[data-test=line]", &title).await;
    shop.click("[data-test=checkout]").await;
    shop.give_address(&Address::default()).await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/payment").await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.click("[data-test=place-order]").await;
    shop.see_confirmation().await;

    // A damaged copy: one price is a word. It is told where, and nothing changes.
    let text = String::from_utf8(csv).unwrap();
    let header = text.lines().next().unwrap();
    let column = header.split(',').position(|name| name == "Variant Price").unwrap();
    let last = text.trim_end().rfind('\n').unwrap();
    let mut fields: Vec<&str> = text[last + 1..].trim_end().split(',').collect();
    fields[column] = "cheap";
    let damaged = format!("{}{}\n", &text[..=last], fields.join(","));
    let (status, problem) = shop.server.import_catalogue(damaged.into_bytes()).await;
    assert_eq!((status, problem["code"].as_str()), (422, Some("E420")), "{problem}");
    let said = problem.to_string();
    assert!(said.contains("Variant Price") && said.contains("Row 1848"), "{said}");
    shop.visit("/").await;
    shop.at("home").await;
    shop.see_text("[data-test=count]", "147 products").await;
}
