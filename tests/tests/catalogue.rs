//! A real shop's product export, in place of the seed.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tests::{Address, Screen, Shop, TOKEN, command_line::menagerie, environment};

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

#[tokio::test]
async fn a_catalogue_brings_its_pictures_in_the_widths_that_pages_ask_for() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    let photo: String = shop
        .eval(
            "const canvas = Object.assign(document.createElement('canvas'), { width: 1200, height: 900 });
             const pen = canvas.getContext('2d');
             for (let x = 0; x < 1200; x += 40) { pen.fillStyle = `hsl(${x / 4} 60% 60%)`; pen.fillRect(x, 0, 40, 900); }
             return canvas.toDataURL('image/jpeg').split(',')[1]",
        )
        .await;
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("photos")).unwrap();
    std::fs::write(folder.path().join("photos/bed.jpg"), STANDARD.decode(photo).unwrap()).unwrap();
    let table = "Handle,Title,Variant Price,Variant Inventory Qty,Image Src,Image Alt Text\n\
                 bed,Bed,20.00,3,photos/bed.jpg,A striped bed\nbowl,Bowl,5.00,3,photos/bowl.jpg,\n";
    std::fs::write(folder.path().join("products.csv"), table).unwrap();
    let variables = [("MENAGERIE_TOKEN", TOKEN), ("MENAGERIE_URL", shop.server.origin())];
    let words = ["catalogue", "import", "products.csv", "--pictures"];
    let ran = menagerie(folder.path(), &words, &variables).await;
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(ran.out.contains("are in the shop, with 1 pictures"), "{}", ran.out);
    assert!(ran.err.contains("1 picture could not be had"), "{}", ran.err);
    assert!(ran.err.contains("the picture photos/bowl.jpg is left out"), "{}", ran.err);
    let words = ["catalogue", "pictures", "photos/bed.jpg"];
    let ran = menagerie(folder.path(), &words, &variables).await.well();
    let address = ran.out.split_whitespace().next().unwrap().to_owned();
    assert!(address.ends_with("/1200.jpg"), "the same picture has the same address: {address}");

    shop.screen(Screen::Phone).await;
    shop.visit("/").await;
    shop.at("home").await;
    let shown = "document.querySelector('[data-test=product-card] img')";
    shop.until("the picture is there", &format!("{shown}?.complete && {shown}.naturalWidth > 0")).await;
    let [source, alt]: [String; 2] = shop.eval(&format!("return [{shown}.currentSrc, {shown}.alt]")).await;
    let width: u32 = source.rsplit_once('/').unwrap().1.trim_end_matches(".jpg").parse().unwrap();
    assert!(width < 1200 && source.contains("/uploads/"), "{source}");
    assert_eq!(alt, "A striped bed");
    shop.eval::<()>("document.querySelector('[data-test=product-card] a').click()").await;
    shop.at("product").await;
    let large = "document.querySelector('[data-test=picture]')";
    shop.until("the picture is there", &format!("{large}?.complete && {large}.naturalWidth > 0")).await;
    assert!(shop.eval::<String>(&format!("return {large}.srcset")).await.ends_with("/1200.jpg 1200w"));
}
