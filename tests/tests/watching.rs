//! With `--watch`, an open page takes up what is published.

use serde_json::json;
use std::time::{Duration, Instant};
use tests::{Browser, Plain, Server, Shop, altered, environment};

async fn watched() -> Shop {
    let folders = ["shell".to_owned()];
    let (server, browser) = tokio::join!(Server::holding_with(&folders, &["--watch"]), Browser::start());
    Shop { server, browser }
}

#[tokio::test]
async fn a_published_release_is_taken_up_by_the_open_page_any_number_of_times() {
    let shop = watched().await;
    let told =
        "export async function unload({ name }) { (window.unloaded ??= []).push(`${release} ${name}`); }";
    let changing = Plain::new("changing").more(told);
    shop.server.publish(&changing.release()).await;
    shop.server
        .publish(
            &Plain::new("steady").before("window.steadyLoads = (window.steadyLoads ?? 0) + 1;").release(),
        )
        .await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    shop.follow("/changing").await;
    shop.see_text("[data-app=changing] h1", "changing@1.0.0").await;
    shop.eval::<()>("window.same = 'page'").await;
    for version in ["1.0.1", "1.0.2", "1.1.0"] {
        shop.server.publish(&changing.clone().version(version).release()).await;
        shop.see_text("[data-app=changing] h1", &format!("changing@{version}")).await;
    }
    assert_eq!(shop.eval::<String>("return window.same").await, "page");
    let unloaded = ["changing@1.0.0 changing", "changing@1.0.1 changing", "changing@1.0.2 changing"];
    assert_eq!(shop.eval::<Vec<String>>("return window.unloaded").await, unloaded);
    shop.follow("/steady").await;
    shop.at("steady").await;
    assert_eq!(shop.eval::<u32>("return steadyLoads").await, 1, "the other app was not loaded again");
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn an_unload_that_throws_is_told_of_and_keeps_nothing_back() {
    let shop = watched().await;
    let clinging =
        Plain::new("clinging").more("export async function unload() { throw new Error('I stay'); }");
    shop.server.publish(&clinging.release()).await;
    shop.visit("/#/clinging").await;
    shop.at("clinging").await;
    shop.server.publish(&Plain::new("clinging").version("2.0.0").release()).await;
    shop.see_text("[data-app=clinging] h1", "clinging@2.0.0").await;
    assert_eq!(shop.recorded().await.parts, [["E216", "clinging", "1.0.0", "UNLOADING"]]);
}

#[tokio::test]
async fn an_app_that_is_new_in_the_shop_is_found_at_its_route() {
    let shop = watched().await;
    shop.server.publish(&Plain::new("steady").release()).await;
    shop.visit("/#/newcomer").await;
    shop.see("[data-test=not-found]").await;
    shop.server.publish(&Plain::new("newcomer").release()).await;
    // The page hears of it some time; until then there is no such page.
    let shows = "document.querySelector('[data-app=newcomer] h1') ? 'newcomer'
        : document.querySelector('[data-test=not-found]')?.checkVisibility() && 'nothing'";
    let began = Instant::now();
    loop {
        shop.follow("/steady").await;
        shop.at("steady").await;
        shop.follow("/newcomer").await;
        if shop.until("the address should be known or not", shows).await == "newcomer" {
            break;
        }
        assert!(began.elapsed() < Duration::from_secs(60), "the page does not hear of it");
    }
    shop.at("newcomer").await;
}

#[tokio::test]
async fn a_new_shell_loads_the_page_anew() {
    let shop = watched().await;
    shop.server.publish(&Plain::new("steady").release()).await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    shop.eval::<()>("window.same = 'page'").await;
    let shell = release::verify::read(&environment::release("shell")).unwrap();
    let changed =
        altered(&shell, "99.0.0", |_, description| description["title"] = json!("Menagerie, changed"));
    shop.server.publish(&changed).await;
    shop.until(
        "the page should be loaded anew",
        "window.same === undefined && document.querySelector('script[src*=\"/99.0.0/\"]')",
    )
    .await;
    shop.at("steady").await;
}

#[tokio::test]
async fn without_watching_a_page_keeps_the_releases_that_it_began_with() {
    let shop = Shop::empty().await;
    shop.server.publish(&Plain::new("kept").release()).await;
    shop.server.publish(&Plain::new("steady").release()).await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    shop.server.publish(&Plain::new("kept").version("2.0.0").release()).await;
    shop.follow("/kept").await;
    shop.see_text("[data-app=kept] h1", "kept@1.0.0").await;
    shop.reload().await;
    shop.see_text("[data-app=kept] h1", "kept@2.0.0").await;
}
