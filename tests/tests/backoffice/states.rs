//! Every state of the back office, as axe sees it.

use super::{ORDER, ROW};
use serde_json::json;
use tests::{Key, Screen, Shop, Theme};

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
    Shop::look_through("backoffice", &STATES, reach, (screen, theme)).await;
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
