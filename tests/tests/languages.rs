//! The shop and its operators' pages in German: at first sight for whose browser asks for it, and for whoever chooses it.

use serde_json::json;
use tests::{Screen, Shop, axe};

async fn says(shop: &Shop, css: &str, text: &str) {
    shop.see_text(css, text).await;
}

async fn with_a_german_browser(shop: &Shop) {
    let agent: String = shop.eval("return navigator.userAgent").await;
    let german = json!({ "userAgent": agent, "acceptLanguage": "de-DE,de" });
    shop.devtools("Network.setUserAgentOverride", german).await;
}

/// English that stands on the page, besides the names of things: what nobody translated.
async fn english_on(shop: &Shop) -> Vec<String> {
    const WORDS: &str = r#"
        const words = /\b(the|and|your|you|with|from|please|add|remove|choose|search|delivery|order|page|back|not|there|is|are|of|to)\b/i;
        const own = "[data-data], [data-test=language-en], [lang=en], .name, [data-test=product-card], details.facet, .description, .large, .small, script, style, template, dialog:not([open]), [hidden]";
        const found = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const parent = walk.currentNode.parentElement;
            if (parent.closest(own)) continue;
            const text = walk.currentNode.textContent.trim();
            if (words.test(text)) found.push(text);
        }
        for (const element of document.querySelectorAll("[aria-label], [placeholder], [alt], [title]")) {
            if (element.closest(own)) continue;
            for (const name of ["aria-label", "placeholder", "alt", "title"]) {
                const text = element.getAttribute(name);
                if (text && words.test(text)) found.push(text);
            }
        }
        return found;
    "#;
    shop.eval(WORDS).await
}

#[tokio::test]
async fn whoever_chooses_german_keeps_it() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    assert_eq!(shop.eval::<String>("return document.documentElement.lang").await, "en-GB");
    shop.take_a_dog_bed().await;
    shop.click("[data-test=language-de]").await;
    shop.until("the page is German", "document.documentElement.lang === 'de'").await;
    shop.until_badge(1).await;
    says(&shop, "[data-test=language-de][aria-current=true]", "Deutsch").await;
    shop.open_cart().await;
    says(&shop, "h1", "Warenkorb").await;
    shop.until("the title is German", "document.title.startsWith('Warenkorb')").await;
    says(&shop, "[data-test=line-total]", "€").await;
    let price = shop.text("[data-test=line-total]").await;
    assert!(price.contains(','), "{price} is not as Germans write it");
    // What the server says, too.
    shop.fill("[data-test=coupon]", "NOPE").await;
    shop.click("[data-test=coupon-apply]").await;
    says(&shop, "#cart-coupon-error", "Diesen Gutschein gibt es nicht").await;
    shop.reload().await;
    says(&shop, "h1", "Warenkorb").await;
    assert!(axe::violations(&shop).await.is_empty());
    shop.click("[data-test=language-en]").await;
    shop.until("the page is English again", "document.documentElement.lang === 'en-GB'").await;
    says(&shop, "h1", "Your cart").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn an_address_with_a_choice_is_the_same_in_every_language() {
    let shop = Shop::open().await;
    shop.visit("/#/product/1?Colour=Charcoal&Size=S").await;
    let chosen = "[data-app=product] .option .chosen";
    says(&shop, chosen, "Charcoal").await;
    shop.click("[data-test=language-de]").await;
    shop.until("the page is German", "document.documentElement.lang === 'de'").await;
    says(&shop, "[data-app=product] legend", "Farbe: Charcoal").await;
    shop.eval::<()>("document.querySelector('[data-test=option][value=M]').click()").await;
    shop.until_hash("#/product/1?Colour=Charcoal&Size=M").await;
}

#[tokio::test]
async fn a_german_browser_reads_german_everywhere() {
    let shop = Shop::open().await;
    with_a_german_browser(&shop).await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.take_a_dog_bed().await;
    for (path, app, title) in [
        ("/", "home", "Startseite"),
        ("/product/1", "product", "Cloud Nine Dog Bed"),
        ("/cart", "cart", "Warenkorb"),
        ("/checkout", "checkout", "Kasse"),
        ("/contact", "contact", "Kontakt"),
        ("/account", "account", "Ihr Konto"),
        ("/account/forgotten", "account", "Passwort vergessen"),
    ] {
        shop.follow(path).await;
        shop.at(app).await;
        shop.until_loaded().await;
        shop.until("the title is German", &format!("document.title.startsWith('{title}')")).await;
        let english = english_on(&shop).await;
        assert!(english.is_empty(), "{path}: {english:#?}");
    }
    shop.follow("/nowhere").await;
    says(&shop, "[data-test=not-found]", "Wir haben überall gesucht").await;
}

async fn all_german_and_not_too_wide(shop: &Shop, place: &str) {
    let english = english_on(shop).await;
    assert!(english.is_empty(), "{place}: {english:#?}");
    let wide = shop.wider_than_the_screen().await;
    assert!(wide.is_empty(), "{place}: {wide:#?}");
}

#[tokio::test]
async fn an_operator_with_a_german_browser_reads_german_everywhere() {
    let shop = Shop::console().await;
    with_a_german_browser(&shop).await;
    shop.screen(Screen::Phone).await;
    shop.visit_console("/").await;
    says(&shop, "h1", "Anmelden").await;
    says(&shop, "label", "Betreiber-Token").await;
    all_german_and_not_too_wide(&shop, "signing in").await;
    shop.give_token("nothing").await;
    says(&shop, "[data-test=reason]", "Dieses Token ist hier nicht bekannt").await;
    let number = shop.order_by_api(1, "on_delivery", "Ada", "ada@example.org").await;
    shop.write_by_api("Ada", "Wo ist meine Bestellung?").await;
    shop.keep_cart("1.1.0").await;
    shop.report_mounts(4, 1).await;
    shop.sign_in_as_operator("/").await;
    let order = format!("/orders/{number}");
    for (path, title, css, text) in [
        ("/", "Releases", "[data-test=app][data-name=cart]", "1.0.0 alle"),
        ("/", "Releases", "[data-test=summary]", "0 Rollouts laufen"),
        ("/apps/cart", "cart", "[data-test=chart]", "4 Starts, 1 fehlgeschlagen"),
        ("/apps/cart", "cart", "[data-test=start]", "Ausrollen …"),
        ("/orders", "Bestellungen", "[data-test=summary]", "1 Bestellung"),
        ("/orders", "Bestellungen", "[data-test=order]", "Zu versenden, Zahlung bei Lieferung"),
        ("/orders?q=nobody", "Bestellungen", "[data-test=empty]", "Keine Bestellung passt"),
        (&order, "Bestellung", "[data-test=standing]", "Als versandt markieren …"),
        ("/stock", "Bestand", "[data-test=summary]", "50 Varianten, und es gibt weitere"),
        ("/messages", "Nachrichten", "[data-test=message]", "Zu einer Bestellung"),
        ("/log", "Protokoll", "[data-test=empty]", "Noch hat niemand etwas geändert"),
        ("/nowhere", "Hier ist nichts", "h1", "Hier gibt es nichts"),
    ] {
        shop.visit_console(path).await;
        shop.until_console_loaded().await;
        says(&shop, css, text).await;
        shop.until("the title is German", &format!("document.title.startsWith('{title}')")).await;
        all_german_and_not_too_wide(&shop, path).await;
    }
    // Questions, what came of them, and what cannot be.
    shop.visit_console("/apps/cart").await;
    shop.click("[data-test=start]").await;
    says(&shop, "[data-test=dialog]", "cart 1.1.0 ausrollen?").await;
    shop.fill("#console-steps", "50").await;
    shop.click("[data-test=yes]").await;
    says(&shop, "[data-test=refused]", "Aufsteigende Prozente").await;
    all_german_and_not_too_wide(&shop, "the question before a rollout").await;
    shop.visit_console(&order).await;
    shop.click("[data-test=ship]").await;
    says(&shop, "[data-test=dialog]", &format!("Ist Bestellung {number} versandt?")).await;
    says(&shop, "[data-test=no]", "So lassen").await;
    all_german_and_not_too_wide(&shop, "the question before an order is sent").await;
    shop.click("[data-test=yes]").await;
    says(&shop, "[data-test=history]", "bei Lieferung zu bezahlen → versandt").await;
    says(&shop, "[data-test=history]", "gerade eben").await;
    shop.visit_console("/log").await;
    says(&shop, "[data-test=entry]", &format!("Bestellung {number}")).await;
    // The choice that was made in the shop counts more than the browser's wish.
    shop.eval::<()>("document.cookie = 'menagerie_language=en;path=/'").await;
    shop.visit_console("/log").await;
    says(&shop, "h1", "Log").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn whoever_reads_english_loads_no_language() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.until_idle().await;
    let loaded: Vec<String> = shop
        .eval("return performance.getEntriesByType('resource').map((one) => one.name).filter((name) => name.includes('/locale.'))")
        .await;
    assert!(loaded.is_empty(), "{loaded:?}");
}
