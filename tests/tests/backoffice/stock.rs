//! How many there are, set by whoever counts them.

use super::ROW;
use serde_json::{Value, json};
use tests::{Key, Shop};

async fn stock_of(shop: &Shop, sku: &str) -> Value {
    let found = shop.server.operator(&format!("stock?q={sku}&limit=1"), None).await;
    found[0]["stock"].clone()
}

#[tokio::test]
async fn stock_is_set_where_it_stands() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/stock").await;
    shop.see_text("[data-test=summary]", "50 variants, and there are more").await;
    let sku: String = shop.eval(&format!("return document.querySelector('{ROW}').dataset.sku")).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "many").await;
    shop.key(Key::Enter).await;
    shop.see_text(&format!("{ROW} [data-test=says]"), "From 0 to 1,000,000,000.").await;
    shop.key(Key::Escape).await;
    shop.gone(&format!("{ROW} [data-test=save]")).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "3").await;
    shop.click(&format!("{ROW} [data-test=save]")).await;
    shop.see_text(&format!("{ROW} [data-test=says]"), "3 in stock now.").await;
    shop.see_text(&format!("{ROW} [data-test=low]"), "Low").await;
    shop.until("the focus stays", "document.activeElement?.dataset.test === 'pieces'").await;
    assert_eq!(stock_of(&shop, &sku).await, 3);
    shop.fill("[data-test=search]", &sku.to_lowercase()).await;
    shop.key(Key::Enter).await;
    shop.see_text("[data-test=summary]", "found for").await;
    shop.see(&format!("[data-test=variant][data-sku='{sku}']")).await;
    shop.visit_console("/stock?only=low").await;
    shop.see(&format!("[data-test=variant][data-sku='{sku}']")).await;
    shop.see_text("[data-test=summary]", "with few or none left").await;
    // It is in the log, which leads back to it.
    shop.click_text("nav a", "Log").await;
    shop.see_text("[data-test=entry]", "→ 3").await;
    shop.click("[data-test=entry] a").await;
    shop.see(&format!("{ROW}[data-sku='{sku}']")).await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_sale_meanwhile_is_not_lost_when_stock_is_set() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/stock").await;
    let id: String =
        shop.eval(&format!("return document.querySelector('{ROW} input').id.replace('stock-', '')")).await;
    let variant = format!("stock/{id}");
    let known = shop.server.operator(&variant, None).await["stock"].as_i64().unwrap();
    let set = async |expected: i64, stock: i64| {
        shop.server.operator(&variant, Some(json!({ "expected": expected, "stock": stock }))).await;
    };
    let says = format!("{ROW} [data-test=says]");
    set(known, known + 1).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "70").await;
    shop.key(Key::Enter).await;
    let told = format!("It changed meanwhile: {} now, no longer {known}. (E421)", known + 1);
    shop.see_text(&says, &told).await;
    shop.click_text(&format!("{ROW} button"), &format!("Leave it at {}", known + 1)).await;
    let value = format!("document.querySelector('{ROW} input').value");
    shop.until("what there is shows", &format!("{value} === '{}'", known + 1)).await;
    assert_eq!(shop.server.operator(&variant, None).await["stock"], known + 1);
    set(known + 1, 2).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "70").await;
    shop.key(Key::Enter).await;
    shop.see_text(&says, "2 now").await;
    shop.click_text(&format!("{ROW} button"), "Set it to 70 all the same").await;
    shop.see_text(&says, "70 in stock now.").await;
    assert_eq!(shop.server.operator(&variant, None).await["stock"], 70);
    // Who types another number then has seen how many there are.
    set(70, 7).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "71").await;
    shop.key(Key::Enter).await;
    shop.see_text(&says, "7 now").await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "72").await;
    shop.key(Key::Enter).await;
    shop.see_text(&says, "72 in stock now.").await;
    assert_eq!(shop.server.operator(&variant, None).await["stock"], 72);
}

#[tokio::test]
async fn an_answer_disturbs_nobody_who_types_on() {
    const NEXT: &str = "[data-test=variant]:nth-child(2)";
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/stock").await;
    // The server's answers to changes come when the test says so.
    let hold = "const fetch = window.fetch;
        window.changes = 0;
        window.held = new Promise((release) => { window.release = release; });
        window.fetch = async (request, ...more) => {
            if (request.method === 'PUT') {
                window.changes += 1;
                await window.held;
            }
            return fetch(request, ...more);
        };";
    shop.eval::<()>(hold).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "41").await;
    shop.key(Key::Enter).await;
    shop.see_text(&format!("{ROW} [data-test=save]"), "One moment").await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "42").await;
    shop.key(Key::Enter).await;
    shop.fill(&format!("{NEXT} [data-test=pieces]"), "43").await;
    assert_eq!(shop.eval::<u32>("return window.changes").await, 1, "the second one waits for the first");
    shop.eval::<()>("window.release()").await;
    shop.see_text(&format!("{ROW} [data-test=says]"), "41 in stock now.").await;
    let values =
        "return [...document.querySelectorAll('[data-test=pieces]')].slice(0, 2).map((e) => e.value)";
    assert_eq!(shop.eval::<Vec<String>>(values).await, ["42", "43"]);
    let focused = format!("return document.activeElement === document.querySelector('{NEXT} input')");
    assert!(shop.eval::<bool>(&focused).await, "the focus is where somebody types");
    shop.click(&format!("{ROW} [data-test=save]")).await;
    shop.see_text(&format!("{ROW} [data-test=says]"), "42 in stock now.").await;
}

#[tokio::test]
async fn what_was_typed_is_there_until_it_is_set() {
    let shop = Shop::console().await;
    let token = shop.server.registry("tokens", Some(json!({ "label": "Ada" }))).await;
    shop.visit_console("/stock").await;
    shop.give_token(token["secret"].as_str().unwrap()).await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "41").await;
    let value = format!("document.querySelector('{ROW} input')?.value");
    shop.click("[data-test=more]").await;
    shop.until("the next page has another variant", &format!("{value} !== '41'")).await;
    shop.back().await;
    shop.until("it is there on the way back", &format!("{value} === '41'")).await;
    // Not even a token that ends takes it along.
    shop.server.revoke(token["id"].as_str().unwrap()).await;
    shop.click(&format!("{ROW} [data-test=save]")).await;
    shop.see_text("[data-test=reason]", "(E522)").await;
    shop.give_token(tests::TOKEN).await;
    shop.until("it is there for who signs in again", &format!("{value} === '41'")).await;
    shop.click(&format!("{ROW} [data-test=save]")).await;
    shop.see_text(&format!("{ROW} [data-test=says]"), "41 in stock now.").await;
    // Who signs out is done.
    shop.fill(&format!("{ROW} [data-test=pieces]"), "42").await;
    shop.click("[data-test=sign-out]").await;
    shop.give_token(tests::TOKEN).await;
    shop.until("what there is shows", &format!("{value} === '41'")).await;
}

#[tokio::test]
async fn what_was_typed_is_not_left_without_a_question() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/stock").await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "41").await;
    let value = format!("return document.querySelector('{ROW} input').value");
    for stay in [true, false] {
        shop.click_text("nav a", "Releases").await;
        shop.see_text("#leave", "What you have written here is not saved yet.").await;
        match stay {
            true => shop.click("#leave [value=stay]").await,
            false => shop.key(Key::Escape).await,
        }
        shop.gone("#leave").await;
        shop.until_hash("#/stock").await;
        assert_eq!(shop.eval::<String>(&value).await, "41");
    }
    // So would the browser ask who closes the page.
    let asks = "return !dispatchEvent(new Event('beforeunload', { cancelable: true }))";
    assert!(shop.eval::<bool>(asks).await);
    shop.click_text("nav a", "Releases").await;
    shop.click("#leave [value=go]").await;
    shop.see_text("h1", "Releases").await;
    shop.until_hash("#/").await;
    assert!(!shop.eval::<bool>(asks).await);
    // Where nothing waits nobody is asked.
    shop.click_text("nav a", "Stock").await;
    shop.see(ROW).await;
    shop.click_text("nav a", "Releases").await;
    shop.see_text("h1", "Releases").await;
    assert!(!shop.shows("#leave").await);
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_is_typed_while_the_next_page_loads_is_not_left_without_a_question() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/stock").await;
    shop.see(ROW).await;
    // What loads the other microapp does so when the test says so.
    let hold = "const append = document.head.append.bind(document.head);
        window.loads = 0;
        window.held = new Promise((release) => { window.release = release; });
        document.head.append = async (...nodes) => {
            window.loads += 1;
            await window.held;
            append(...nodes);
        };";
    shop.eval::<()>(hold).await;
    shop.click_text("nav a", "Releases").await;
    shop.until("it loads", "window.loads > 0").await;
    shop.fill(&format!("{ROW} [data-test=pieces]"), "41").await;
    shop.eval::<()>("window.release()").await;
    shop.click("#leave [value=stay]").await;
    shop.gone("#leave").await;
    shop.until_hash("#/stock").await;
    let value = format!("return document.querySelector('{ROW} input').value");
    assert_eq!(shop.eval::<String>(&value).await, "41");
    shop.click_text("nav a", "Releases").await;
    shop.click("#leave [value=go]").await;
    shop.see_text("h1", "Releases").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn stock_that_did_not_come_is_asked_for_again() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/stock").await;
    shop.see(ROW).await;
    shop.set_offline(true).await;
    shop.click_text("nav a", "Log").await;
    shop.see_text("[data-test=trouble]", "The server does not answer. (E215)").await;
    shop.click_text("nav a", "Stock").await;
    shop.see_text("h1", "Stock").await;
    shop.see_text("[data-test=trouble]", "The server does not answer. (E215)").await;
    shop.set_offline(false).await;
    shop.see(ROW).await;
    shop.gone("[data-test=trouble] p").await;
}
