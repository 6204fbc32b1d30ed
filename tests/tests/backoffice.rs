//! The operators' pages for the shop, as an operator uses them: orders, stock, messages and the log.

use serde_json::{Value, json};
use tests::{Key, Screen, Shop, Theme};

const ORDER: &str = "[data-test=order]";

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
    shop.until("Cancel has the focus", "document.activeElement?.dataset.test === 'no'").await;
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

const ROW: &str = "[data-test=variant]:first-child";

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
    for (css, seen) in [
        ("nav a[href='#/orders']", ORDER),
        ("[data-test=order] a", "[data-test=ship]"),
        ("[data-test=ship]", "[data-test=dialog]"),
        ("[data-test=yes]", "[data-test=history]"),
    ] {
        shop.tab_to(css).await;
        shop.key(Key::Enter).await;
        shop.see(seen).await;
    }
    shop.see_text("[data-test=history]", "paid on delivery → sent").await;
    assert_eq!(shop.server.operator(&format!("orders/{number}"), None).await["order"]["status"], "shipped");
}

/// Every state of the pages, in an order in which one leads to the next.
const STATES: [&str; 17] = [
    "orders-empty",
    "orders",
    "orders-none-found",
    "order",
    "order-question",
    "order-overtaken",
    "order-refunded",
    "order-unknown",
    "stock",
    "stock-wrong",
    "stock-conflict",
    "stock-none-found",
    "messages-empty",
    "messages",
    "log",
    "away",
    "nowhere",
];

async fn reach(shop: &Shop, state: &str) {
    let newest = async |at: usize| {
        let orders = shop.server.operator("orders", None).await;
        orders[at]["number"].as_str().unwrap().to_owned()
    };
    match state {
        "orders-empty" => shop.sign_in_as_operator("/orders").await,
        "orders" => {
            for (payment, name) in [
                ("test_card", "Grace Brewster Murray Hopper"),
                ("on_delivery", "Ada"),
                ("test_card", "Karen Spärck Jones"),
            ] {
                shop.order_by_api(1, payment, name, "a-rather-long-address-of-somebody@mail.example.org")
                    .await;
            }
            let sent = json!({ "status": "cancelled" });
            shop.server.operator(&format!("orders/{}/status", newest(0).await), Some(sent)).await;
            shop.visit_console("/orders").await;
            shop.see_text("[data-test=summary]", "3 orders").await;
        }
        "orders-none-found" => {
            shop.visit_console("/orders?q=nobody&only=paid").await;
            shop.see("[data-test=empty]").await;
        }
        "order" => {
            shop.visit_console(&format!("/orders/{}", newest(1).await)).await;
            shop.see("[data-test=ship]").await;
        }
        "order-question" => {
            shop.click("[data-test=cancel]").await;
            shop.see("[data-test=dialog]").await;
        }
        "order-overtaken" => {
            let sent = json!({ "status": "shipped" });
            shop.server.operator(&format!("orders/{}/status", newest(1).await), Some(sent)).await;
            shop.click("[data-test=yes]").await;
            shop.see_text("[data-test=refused]", "(E408)").await;
        }
        "order-refunded" => {
            let number = newest(2).await;
            let sent = json!({ "status": "shipped" });
            shop.server.operator(&format!("orders/{number}/status"), Some(sent)).await;
            shop.visit_console(&format!("/orders/{number}")).await;
            shop.click("[data-test=refund]").await;
            shop.click("[data-test=yes]").await;
            shop.see("[data-test=refunded]").await;
        }
        "order-unknown" => {
            shop.visit_console("/orders/M-99999").await;
            shop.see("[data-test=empty]").await;
        }
        "stock" => {
            let stock = shop.server.operator("stock?limit=2", None).await;
            for (item, pieces) in stock.as_array().unwrap().iter().zip([3, 0]) {
                let set = json!({ "expected": item["stock"], "stock": pieces });
                shop.server.operator(&format!("stock/{}", item["variant_id"]), Some(set)).await;
            }
            shop.visit_console("/stock").await;
            shop.see_text("[data-test=rows]", "Sold out").await;
        }
        "stock-wrong" => {
            shop.fill(&format!("{ROW} [data-test=pieces]"), "many").await;
            shop.key(Key::Enter).await;
            shop.see_text(&format!("{ROW} [data-test=says]"), "From 0").await;
        }
        "stock-conflict" => {
            let id = shop.server.operator("stock?limit=1", None).await[0]["variant_id"].clone();
            shop.server.operator(&format!("stock/{id}"), Some(json!({ "expected": 3, "stock": 2 }))).await;
            shop.fill(&format!("{ROW} [data-test=pieces]"), "70").await;
            shop.key(Key::Enter).await;
            shop.see(&format!("{ROW} [data-test=anyway]")).await;
        }
        "stock-none-found" => {
            shop.visit_console("/stock?q=nothing").await;
            shop.see("[data-test=empty]").await;
        }
        "messages-empty" => {
            shop.visit_console("/messages").await;
            shop.see("[data-test=empty]").await;
        }
        "messages" => {
            shop.write_by_api("Ada Lovelace", "Where is my order?\n\nIt was to come yesterday.").await;
            shop.write_by_api("Grace", "Does the bed have a warranty, and for how long does it hold?").await;
            shop.visit_console("/messages").await;
            shop.see_text("[data-test=summary]", "2 messages to answer").await;
            shop.click("[data-test=mark]").await;
            shop.see_text("[data-test=summary]", "1 message to answer").await;
            shop.visit_console("/messages?only=all").await;
            shop.see_text("[data-test=summary]", "2 messages").await;
        }
        "log" => {
            shop.visit_console("/log").await;
            shop.see("[data-test=entry]").await;
        }
        "away" => {
            shop.visit_console("/orders").await;
            shop.see(ORDER).await;
            shop.set_offline(true).await;
            shop.see("[data-test=trouble] p").await;
        }
        _ => {
            shop.set_offline(false).await;
            shop.visit_console("/orders/1/2").await;
            shop.see(".empty h1").await;
        }
    }
    shop.until_console_loaded().await;
}

async fn every_state(screen: Screen, theme: Theme) {
    let shop = Shop::console().await;
    shop.screen(screen).await;
    shop.theme(theme).await;
    let mut found = Vec::new();
    for state in STATES {
        reach(&shop, state).await;
        found.extend(shop.look_at(&format!("backoffice-{state}"), screen, theme).await);
    }
    assert!(found.is_empty(), "{} violations\n{}", found.len(), found.join("\n"));
}

#[tokio::test]
async fn the_backoffice_has_no_violations_on_a_phone_in_the_light() {
    every_state(Screen::Phone, Theme::Light).await;
}

#[tokio::test]
async fn the_backoffice_has_no_violations_on_a_narrow_phone_in_the_dark() {
    every_state(Screen::Narrow, Theme::Dark).await;
}

#[tokio::test]
async fn the_backoffice_has_no_violations_on_a_desktop_in_the_light() {
    every_state(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn the_backoffice_has_no_violations_on_a_desktop_in_the_dark() {
    every_state(Screen::Desktop, Theme::Dark).await;
}
