//! Searching: with typing errors, with filters and their counts, by suggestions and the keyboard.

use tests::{Fault, Hostile, Key, Shop, axe};

const SUGGESTIONS: &str = "[data-test=home-suggestions]";

/// The number beside a value of a filter.
async fn promised(shop: &Shop, facet: &str, value: &str) -> u32 {
    let script = format!(
        "const tick = document.querySelector('[data-test={facet}] input[value=\"{value}\"]');
         return Number(tick.closest('label').querySelector('.count').innerText.replace(/\\D/g, ''))"
    );
    shop.eval(&script).await
}

async fn until_there_are(shop: &Shop, products: u32) {
    let text = if products == 1 { "1 product".to_owned() } else { format!("{products} products") };
    // The whole of it: "7 products" stands in "147 products" too.
    let is_said = format!(
        "[...document.querySelectorAll('[data-test=count]')].some((e) => e.checkVisibility() && e.innerText.trim().split(',')[0] === '{text}')"
    );
    shop.until(&format!("there should be {text}"), &is_said).await;
}

#[tokio::test]
async fn a_typing_error_finds_what_was_meant() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.search("hamster").await;
    let meant = shop.text("[data-test=count]").await;
    assert_ne!(meant, "0 products");
    shop.search("hamstre").await;
    shop.see_text("[data-test=count]", &meant).await;
    // As one types, the last word need not be finished; both forms of a word are one.
    shop.search("dog beds").await;
    shop.see_text("[data-test=product-card]", "Cloud Nine Dog Bed").await;
    shop.search("cloud ni").await;
    until_there_are(&shop, 1).await;
}

#[tokio::test]
async fn categories_that_cannot_be_had_are_left_out_and_asked_for_again() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    hostile.damage("/api/v1/catalogue/categories", Fault::Truncated);
    shop.open(&format!("{}/", hostile.origin())).await;
    shop.at("home").await;
    shop.see("[data-test=product-card]").await;
    shop.until_loaded().await;
    hostile.heal();
    shop.search("dog bed").await;
    shop.see("[data-test=category]").await;
}

#[tokio::test]
async fn a_price_range_without_hits_still_names_its_currency() {
    let shop = Shop::open().await;
    shop.visit("/#/?q=bed").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.eval::<()>("location.hash = '#/?q=bed&min=3&max=4'").await;
    shop.until("nothing should be found", "!document.querySelector('[data-test=product-card]')").await;
    shop.see_text("[data-test=facet-price] summary", "€3 to €4").await;
}

#[tokio::test]
async fn a_price_that_cannot_be_read_stays_until_the_filters_are_cleared() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.fill("[data-test=home-min]", "ten").await;
    shop.key(Key::Tab).await;
    shop.see_text("#home-min-error", "Whole numbers only").await;
    shop.click("[data-test=in-stock]").await;
    shop.until_hash("#/?stock=1").await;
    shop.until_loaded().await;
    shop.see_text("#home-min-error", "Whole numbers only").await;
    let typed = "document.querySelector('[data-test=home-min]').value";
    assert_eq!(shop.eval::<String>(&format!("return {typed}")).await, "ten");
    shop.click("[data-test=clear-filters]").await;
    shop.until("the field should be empty", &format!("{typed} === ''")).await;
    shop.gone("#home-min-error").await;
}

#[tokio::test]
async fn a_colour_that_the_shop_does_not_know_can_be_taken_off() {
    let shop = Shop::open().await;
    shop.visit("/#/?colour=Plaid&stock=1").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.click("[data-test=facet-colour] summary").await;
    shop.click("[data-test=facet-colour] input[value=Plaid]").await;
    shop.until_hash("#/?stock=1").await;
    shop.gone("[data-test=facet-colour] input[value=Plaid]").await;
    shop.until("the focus is at the products", "document.activeElement?.id === 'home-products'").await;
}

#[tokio::test]
async fn what_was_not_found_is_said_of_what_was_looked_for() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/#/?q=zzzzqqqq", hostile.origin())).await;
    shop.see_text("[data-test=empty]", "Nothing matches these words").await;
    shop.see_text("[data-test=empty] [data-test=clear-filters]", "Clear search").await;
    let ways: u32 = shop.eval("return document.querySelectorAll('[data-test=clear-filters]').length").await;
    assert_eq!(ways, 1, "one way to take the words off is enough");
    assert!(!shop.shows("[data-test=home-min]").await, "there is nothing to narrow down");
    // While the answer for all products is on its way, it is not known that there are none.
    hostile.damage("/api/v1/catalogue/products?", Fault::Held);
    shop.click("[data-test=empty] [data-test=clear-filters]").await;
    shop.until_hash("#/").await;
    shop.until("it is on its way", "document.querySelector('.results[aria-busy=true]')").await;
    shop.see_text("[data-test=empty]", "Nothing matches these words").await;
    hostile.heal();
    shop.see("[data-test=product-card]").await;
    shop.gone("[data-test=empty]").await;
}

#[tokio::test]
async fn suggestions_that_failed_to_come_come_with_the_next_answer() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/", hostile.origin())).await;
    shop.at("home").await;
    shop.until_loaded().await;
    hostile.damage("/api/v1/catalogue/suggestions", Fault::Truncated);
    shop.fill("[data-test=search]", "cloud").await;
    shop.until_hash("#/?q=cloud").await;
    let asked =
        "performance.getEntriesByType('resource').some((one) => one.name.endsWith('/suggestions?q=cloud'))";
    shop.until("it has failed", asked).await;
    shop.until_idle().await;
    hostile.heal();
    // The same words again.
    shop.fill("[data-test=search]", "cloud").await;
    shop.see_text(&format!("{SUGGESTIONS} [role=option]"), "Cloud").await;
}

#[tokio::test]
async fn filters_show_as_many_as_they_promise_and_back_takes_them_off() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.click("[data-test=facet-colour] summary").await;
    let navy = promised(&shop, "facet-colour", "Navy").await;
    assert!(navy > 0);
    shop.click("[data-test=facet-colour] input[value=Navy]").await;
    shop.until_hash("#/?colour=Navy").await;
    until_there_are(&shop, navy).await;
    let focus: String = shop.eval("return document.activeElement.value").await;
    assert_eq!(focus, "Navy", "the focus stays on the box");

    shop.click("[data-test=facet-size] summary").await;
    let medium = promised(&shop, "facet-size", "M").await;
    assert!(medium > 0 && medium <= navy);
    shop.click("[data-test=facet-size] input[value=M]").await;
    shop.until_hash("#/?colour=Navy&size=M").await;
    until_there_are(&shop, medium).await;

    shop.click("[data-test=in-stock]").await;
    shop.until_hash("#/?colour=Navy&size=M&stock=1").await;
    shop.until_loaded().await;
    shop.back().await;
    shop.until_hash("#/?colour=Navy&size=M").await;
    shop.until("the box should follow", "!document.querySelector('[data-test=in-stock]').checked").await;
    shop.back().await;
    shop.until_hash("#/?colour=Navy").await;
    until_there_are(&shop, navy).await;
    shop.until(
        "the size should be off again",
        "!document.querySelector('[data-test=facet-size] input[value=M]').checked",
    )
    .await;

    // The address alone shows the same, and one link takes all of it off.
    shop.visit("/#/?colour=Navy&size=M").await;
    shop.at("home").await;
    until_there_are(&shop, medium).await;
    shop.see_text("[data-test=facet-colour] summary", "Navy").await;
    shop.click("[data-test=clear-filters]").await;
    shop.until_hash("#/").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn suggestions_are_a_combobox_for_keys_and_pointers() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    let field = "document.querySelector('[data-test=search]')";
    let marked = format!("document.getElementById({field}.getAttribute('aria-activedescendant'))");
    shop.fill("[data-test=search]", "cloud").await;
    shop.see(&format!("{SUGGESTIONS} [role=option]")).await;
    shop.see_text("[role=status]", "suggestion").await;
    assert_eq!(axe::violations(&shop).await, [], "open");
    let state: [String; 2] = shop
        .eval(&format!("return [{field}.getAttribute('aria-expanded'), {field}.getAttribute('role')]"))
        .await;
    assert_eq!(state, ["true", "combobox"]);

    // Arrows mark, the text and the focus stay.
    shop.key(Key::Down).await;
    shop.until("the first should be marked", &format!("{marked}?.getAttribute('aria-selected') === 'true'"))
        .await;
    let name: String = shop.eval(&format!("return {marked}.innerText")).await;
    assert!(name.contains("Cloud"), "{name}");
    assert_eq!(shop.eval::<String>(&format!("return {field}.value")).await, "cloud");
    assert!(shop.eval::<bool>(&format!("return document.activeElement === {field}")).await);
    shop.key(Key::Up).await;
    shop.until("none should be marked", &format!("!{field}.hasAttribute('aria-activedescendant')")).await;

    // Escape closes and leaves the text; an arrow opens again; Enter goes there.
    shop.key(Key::Escape).await;
    shop.gone(SUGGESTIONS).await;
    assert_eq!(shop.eval::<String>(&format!("return {field}.value")).await, "cloud");
    shop.key(Key::Down).await;
    shop.see(SUGGESTIONS).await;
    let name: String = shop.eval(&format!("return {marked}.innerText")).await;
    shop.key(Key::Enter).await;
    shop.at("product").await;
    shop.see_text("[data-app=product] h1", name.trim()).await;

    // A click does the same, for a category.
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.fill("[data-test=search]", "dog").await;
    shop.click_text(&format!("{SUGGESTIONS} [role=option]"), "Category").await;
    shop.until_hash("#/?category=dogs").await;
    shop.gone(SUGGESTIONS).await;
    shop.until("the field should be empty", &format!("{field}.value === ''")).await;
    shop.assert_no_complaints().await;
}
