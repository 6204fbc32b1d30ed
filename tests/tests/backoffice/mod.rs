//! The operators' pages for the shop, as an operator uses them: orders, stock, messages and the log.

mod states;
mod stock;

use serde_json::json;
use tests::{Key, Shop};

const ORDER: &str = "[data-test=order]";
/// The first line of the stock.
const ROW: &str = "[data-test=variant]:first-child";

#[tokio::test]
async fn orders_show_up_by_themselves_and_are_searched() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/orders").await;
    shop.see_text("h1", "Orders").await;
    shop.see_text("[data-test=empty]", "Nobody has ordered yet").await;
    shop.see_text("nav [aria-current=page]", "Orders").await;
    let first = shop.order_by_api(1, "on_delivery", "Ada Lovelace", "ada@example.org").await;
    let second = shop.order_by_api(1, "test_card", "Grace Hopper", "grace@example.org").await;
    // Nobody reloads the page.
    shop.see_text(&format!("{ORDER}[data-number='{second}']"), "Grace Hopper · grace@example.org").await;
    shop.see_text("[data-test=summary]", "2 orders").await;
    let numbers = "return [...document.querySelectorAll('[data-test=order]')].map((e) => e.dataset.number)";
    assert_eq!(shop.eval::<Vec<String>>(numbers).await, [second.as_str(), &first], "the newest first");
    shop.click("[data-test=only][data-only=placed]").await;
    shop.gone(&format!("{ORDER}[data-number='{second}']")).await;
    shop.see_text("[data-test=summary]", "1 order").await;
    shop.until_hash("#/orders?only=placed").await;
    shop.fill("[data-test=search]", "grace").await;
    shop.key(Key::Enter).await;
    shop.see_text("[data-test=empty]", "No order is like this").await;
    shop.click("[data-test=only][data-only='']").await;
    shop.see_text("[data-test=summary]", "1 order found for “grace”").await;
    // Back leads through what was looked for, and the field says it.
    shop.back().await;
    shop.back().await;
    shop.see_text("[data-test=summary]", "1 order").await;
    shop.see(&format!("{ORDER}[data-number='{first}']")).await;
    shop.until("the field is empty again", "document.querySelector('[data-test=search]').value === ''").await;
    shop.fill("[data-test=search]", &first[2..]).await;
    shop.click("[data-test=find]").await;
    shop.see_text("[data-test=summary]", "found for").await;
    shop.click(&format!("{ORDER} a")).await;
    shop.see_text("h1", &format!("Order {first}")).await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn pages_of_orders_lead_on_and_back_to_the_newest() {
    let shop = Shop::console().await;
    shop.visit_console("/orders").await;
    let known = shop.server.operator("stock/1", None).await["stock"].clone();
    shop.server.operator("stock/1", Some(json!({ "expected": known, "stock": 100 }))).await;
    let mut numbers = Vec::new();
    for n in 0..27 {
        numbers.push(shop.order_by_api(1, "on_delivery", "Ada", &format!("ada{n}@example.org")).await);
    }
    shop.sign_in_as_operator("/orders").await;
    shop.see_text("[data-test=summary]", "25 orders, and there are more").await;
    shop.click("[data-test=more]").await;
    shop.see_text("[data-test=summary]", "2 orders").await;
    shop.until("the focus is on the heading", "document.activeElement?.innerText === 'Orders'").await;
    shop.see(&format!("{ORDER}[data-number='{}']", numbers[0])).await;
    assert!(!shop.shows("[data-test=more]").await);
    shop.click("[data-test=first]").await;
    shop.see(&format!("{ORDER}[data-number='{}']", numbers[26])).await;
    // A page that nothing is left of is not a shop that nobody has ordered in.
    shop.visit_console(&format!("/orders?from={}", numbers[0])).await;
    shop.see_text("[data-test=empty]", "Nothing further from here on").await;
    shop.see_text("[data-test=summary]", "Nothing further from here on").await;
    shop.click_text("[data-test=empty] a", "Newest").await;
    shop.see(&format!("{ORDER}[data-number='{}']", numbers[26])).await;
}

#[tokio::test]
async fn an_order_is_sent_after_a_question_and_refunded_once() {
    let shop = Shop::console().await;
    shop.visit_console("/orders").await;
    let number = shop.order_by_api(1, "test_card", "Grace Hopper", "grace@example.org").await;
    shop.sign_in_as_operator(&format!("/orders/{number}")).await;
    shop.see_text("[data-test=address]", "Grace Hopper").await;
    shop.see_text("[data-test=delivery]", "grace@example.org").await;
    shop.see_text("[data-test=lines] .total", "€").await;
    shop.see_text("[data-test=paid]", "Paid · just now").await;
    shop.see_text("[data-test=standing]", "Paid, to send").await;
    shop.click("[data-test=ship]").await;
    shop.see_text("[data-test=dialog]", &format!("Is order {number} sent?")).await;
    // No is the first answer.
    shop.until("no has the focus", "document.activeElement?.dataset.test === 'no'").await;
    shop.see_text("[data-test=no]", "Leave it").await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=dialog]").await;
    assert_eq!(shop.server.operator(&format!("orders/{number}"), None).await["order"]["status"], "paid");
    shop.click("[data-test=ship]").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=standing]", "Sent").await;
    shop.gone("[data-test=dialog]").await;
    shop.see_text("[data-test=history]", "paid → sent").await;
    shop.see_text("[data-test=history]", "MENAGERIE_OPERATOR_TOKEN").await;
    assert!(!shop.shows("[data-test=cancel]").await);
    shop.until("the focus is not lost", "document.activeElement !== document.body").await;
    shop.click("[data-test=refund]").await;
    shop.see_text("[data-test=dialog]", "goes back to Grace Hopper by the way it came: Test card").await;
    // This cannot be undone, and looks like it.
    shop.see("[data-test=yes].danger").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=refunded]", "The money").await;
    shop.gone("[data-test=refund]").await;
    let file = shop.server.operator(&format!("orders/{number}"), None).await;
    assert_eq!((&file["order"]["status"], file["refunds"].as_array().unwrap().len()), (&json!("shipped"), 1));
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_somebody_else_did_meanwhile_is_told_with_a_way_on() {
    let shop = Shop::console().await;
    shop.visit_console("/orders").await;
    let number = shop.order_by_api(1, "on_delivery", "Ada", "ada@example.org").await;
    shop.sign_in_as_operator(&format!("/orders/{number}")).await;
    shop.click("[data-test=ship]").await;
    let status = format!("orders/{number}/status");
    shop.server.operator(&status, Some(json!({ "status": "cancelled" }))).await;
    shop.click("[data-test=yes]").await;
    shop.see_text(
        "[data-test=refused]",
        "Somebody was faster. This order cannot be sent: it is cancelled. (E408)",
    )
    .await;
    assert!(!shop.shows("[data-test=yes]").await, "there is nothing left to say yes to");
    shop.click_text("[data-test=dialog] button", "See how it stands now").await;
    shop.gone("[data-test=dialog]").await;
    shop.see_text("[data-test=standing]", "Cancelled").await;
    shop.see_text("[data-test=standing]", "nothing left to do").await;
    shop.visit_console("/orders/M-99999").await;
    shop.see_text("[data-test=empty]", "There is no such order").await;
    shop.click_text("[data-test=empty] a", "See all orders").await;
    shop.see(ORDER).await;
}

/// The first change is made, but its answer gets lost on the way.
async fn lose_an_answer(shop: &Shop) {
    let lose = "const fetch = window.fetch;
        window.fetch = async (request, ...more) => {
            const answer = await fetch(request, ...more);
            if (request.method !== 'PUT') return answer;
            window.fetch = fetch;
            throw new TypeError('lost');
        };";
    shop.eval::<()>(lose).await;
}

#[tokio::test]
async fn what_was_done_without_an_answer_is_not_somebody_elses() {
    let shop = Shop::console().await;
    shop.visit_console("/orders").await;
    let number = shop.order_by_api(1, "on_delivery", "Ada", "ada@example.org").await;
    shop.sign_in_as_operator(&format!("/orders/{number}")).await;
    lose_an_answer(&shop).await;
    shop.click("[data-test=ship]").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=refused]", "(E215)").await;
    shop.click("[data-test=yes]").await;
    shop.gone("[data-test=dialog]").await;
    shop.see_text("[data-test=standing]", "Sent").await;
    shop.click_text("nav a", "Stock").await;
    let says = format!("{ROW} [data-test=says]");
    shop.fill(&format!("{ROW} [data-test=pieces]"), "70").await;
    lose_an_answer(&shop).await;
    shop.key(Key::Enter).await;
    shop.see_text(&says, "(E215)").await;
    shop.key(Key::Enter).await;
    shop.see_text(&says, "70 in stock now.").await;
}

#[tokio::test]
async fn messages_are_answered_and_opened_again() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/messages").await;
    shop.see_text("[data-test=empty]", "Everything is answered").await;
    let reference = shop.write_by_api("Ada <b>Lovelace</b>", "Where is my order?\nIt is late.").await;
    let message = format!("[data-test=message][data-reference='{reference}']");
    shop.see_text(&message, "Ada <b>Lovelace</b>").await;
    shop.see_text(&message, "Where is my order?").await;
    let mail = format!("return document.querySelector(`{message} .actions a`).getAttribute('href')");
    let expected = format!("mailto:ada@example.org?subject=Your%20message%20{reference}");
    assert_eq!(shop.eval::<String>(&mail).await, expected);
    shop.click(&format!("{message} [data-test=mark]")).await;
    shop.gone(&message).await;
    shop.see_text("[data-test=empty]", "Everything is answered").await;
    shop.click_text("[data-test=empty] a", "See all messages").await;
    shop.see_text(&format!("{message} [data-test=status]"), "Answered").await;
    shop.click(&format!("{message} [data-test=mark]")).await;
    shop.see_text(&format!("{message} [data-test=status]"), "To answer").await;
    let open = shop.server.operator("messages?open=true", None).await;
    assert_eq!(open[0]["reference"], json!(reference));
    shop.click_text("nav a", "Log").await;
    shop.see_text("[data-test=rows]", "answered → open").await;
    shop.see_text("[data-test=rows]", "open → answered").await;
    // It leads to the message.
    shop.click("[data-test=entry] a").await;
    shop.see_text("[data-test=summary]", &format!("1 message found for “{reference}”")).await;
    shop.see(&message).await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn one_token_serves_both_and_the_bar_leads_from_one_to_the_other() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/").await;
    let focus = |heading: &str| format!("document.activeElement?.innerText === '{heading}'");
    for (place, heading, hash) in [
        ("Orders", "Orders", "#/orders"),
        ("Stock", "Stock", "#/stock"),
        ("Messages", "Messages", "#/messages"),
        ("Log", "Log", "#/log"),
        ("Releases", "Releases", "#/"),
    ] {
        shop.click_text("nav a", place).await;
        shop.see_text("h1", heading).await;
        shop.until_hash(hash).await;
        shop.until("the focus goes along", &focus(heading)).await;
        shop.see_text("nav [aria-current=page]", place).await;
        assert_eq!(shop.title().await, format!("{heading} – Menagerie Console"));
        assert_eq!(shop.eval::<u32>("return document.querySelectorAll('h1').length").await, 1);
    }
    shop.back().await;
    shop.see_text("h1", "Log").await;
    shop.click("[data-test=sign-out]").await;
    shop.see("[data-test=token]").await;
    shop.visit_console("/").await;
    shop.see("[data-test=token]").await;
    // A token that ended leads back to signing in, wherever somebody is.
    let token = shop.server.registry("tokens", Some(json!({ "label": "Ada" }))).await;
    shop.visit_console("/orders").await;
    shop.give_token(token["secret"].as_str().unwrap()).await;
    shop.see_text("[data-test=who]", "Ada").await;
    shop.server.revoke(token["id"].as_str().unwrap()).await;
    shop.see_text("[data-test=reason]", "(E522)").await;
    shop.give_token(tests::TOKEN).await;
    shop.see_text("[data-test=empty]", "Nobody has ordered yet").await;
    shop.click_text("nav a", "Log").await;
    shop.see_text("[data-test=entry]", "valid → revoked").await;
    let made = "[data-test=rows] li:last-child [data-test=entry]";
    shop.see_text(made, "operator for").await;
    assert!(
        !shop
            .eval::<String>(&format!("return document.querySelector('{made}').innerText"))
            .await
            .contains('→')
    );
}

#[tokio::test]
async fn while_the_server_is_away_it_says_so_and_asks_again() {
    let shop = Shop::console().await;
    shop.visit_console("/orders").await;
    shop.order_by_api(1, "on_delivery", "Ada", "ada@example.org").await;
    shop.sign_in_as_operator("/orders").await;
    shop.see(ORDER).await;
    shop.set_offline(true).await;
    shop.see_text("[data-test=trouble]", "The server does not answer. (E215) What you see was so at").await;
    assert!(shop.shows(ORDER).await, "what was known stays");
    shop.set_offline(false).await;
    shop.click("[data-test=again]").await;
    shop.gone("[data-test=trouble] p").await;
}

#[tokio::test]
async fn by_keyboard_alone_from_the_bar_to_a_sent_order() {
    let shop = Shop::console().await;
    shop.visit_console("/").await;
    let number = shop.order_by_api(1, "on_delivery", "Ada", "ada@example.org").await;
    shop.see("[data-test=token]").await;
    shop.eval::<()>("document.querySelector('[data-test=token]').focus()").await;
    shop.press(tests::TOKEN).await;
    shop.key(Key::Enter).await;
    shop.see("[data-test=sign-out]").await;
    for (focus, css, seen) in [
        ("h1", "nav a[href='#/orders']", ORDER),
        ("h1", "[data-test=order] a", "[data-test=ship]"),
        ("h1", "[data-test=ship]", "[data-test=dialog]"),
        ("[data-test=no]", "[data-test=yes]", "[data-test=history]"),
    ] {
        // Where it goes by itself it goes a moment later.
        let is_there = format!("document.activeElement?.matches({focus:?})");
        shop.until(&format!("the focus should be on {focus}"), &is_there).await;
        shop.tab_to(css).await;
        shop.key(Key::Enter).await;
        shop.see(seen).await;
    }
    shop.see_text("[data-test=history]", "paid on delivery → sent").await;
    assert_eq!(shop.server.operator(&format!("orders/{number}"), None).await["order"]["status"], "shipped");
}
