//! What an app keeps: across releases and back, in two tabs, and where the browser keeps nothing.

use tests::{Browser, Plain, Server, Shop};

async fn specimen() -> Shop {
    let shop = Shop::specimen().await;
    shop.server.publish(&Plain::new("steady").release()).await;
    shop
}

async fn count_is(shop: &Shop, count: u32) {
    let expression = format!("document.querySelector('[data-test=count]')?.textContent === '{count}'");
    shop.until(&format!("the count should be {count}"), &expression).await;
}

#[tokio::test]
async fn a_migration_copies_and_a_rollback_finds_its_own_last_state() {
    let folders = ["shell".to_owned(), "tests/fixtures/specimen".to_owned()];
    let (server, browser) = tokio::join!(Server::holding_with(&folders, &["--watch"]), Browser::start());
    let shop = Shop { server, browser };
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    for _ in 0..3 {
        shop.click("[data-test=add]").await;
    }
    count_is(&shop, 3).await;
    shop.eval::<()>("window.same = 'page'").await;

    // The next release, in the same page.
    shop.server.publish_folder("tests/fixtures/specimen/next").await;
    shop.see_text("[data-app=specimen] h1", "Specimen, the next release").await;
    count_is(&shop, 3).await;
    shop.see_text("[data-test=label]", "came from version 1").await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 4).await;

    // And back.
    shop.server.publish_folder("tests/fixtures/specimen").await;
    shop.until(
        "the first release should be back",
        "document.querySelector('[data-app=specimen] h1')?.textContent === 'Specimen'",
    )
    .await;
    count_is(&shop, 3).await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 4).await;

    // The newer one finds what it left, not what the older one did since.
    shop.server.publish_folder("tests/fixtures/specimen/next").await;
    shop.see_text("[data-app=specimen] h1", "Specimen, the next release").await;
    count_is(&shop, 4).await;
    shop.see_text("[data-test=label]", "came from version 1").await;
    assert_eq!(shop.eval::<String>("return window.same").await, "page");
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn two_tabs_keep_in_step() {
    let shop = specimen().await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 1).await;
    let (first, second) = shop.new_tab().await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    count_is(&shop, 1).await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 2).await;
    shop.show_tab(&first).await;
    count_is(&shop, 2).await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 3).await;
    shop.show_tab(&second).await;
    count_is(&shop, 3).await;
}

#[tokio::test]
async fn two_instances_on_one_page_keep_in_step() {
    let shop = specimen().await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    let another = "const { apps } = await (await fetch('/manifest.json')).json();
        const { base, entry } = apps.find(({ name }) => name === 'specimen').releases[0];
        const domElement = document.querySelector('main').appendChild(document.createElement('section'));
        domElement.id = 'another';
        await (await import(base + entry)).mount({ name: 'another', domElement });";
    shop.eval::<()>(another).await;
    shop.see("#another h1").await;
    let both = |count: u32| {
        format!(
            "[...document.querySelectorAll('[data-test=count]')].map((e) => e.textContent).join() === '{count},{count}'"
        )
    };
    shop.click("[data-app=specimen] [data-test=add]").await;
    shop.until("both should have heard of it", &both(1)).await;
    shop.click("#another [data-test=add]").await;
    shop.until("and the other way round", &both(2)).await;
}

#[tokio::test]
async fn what_another_tab_could_write_is_newer_than_what_this_page_could_not() {
    let shop = specimen().await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 1).await;
    let key = "Object.keys(localStorage).find((key) => key.includes('/specimen/'))";
    shop.eval::<()>(&format!("window[{key}] = localStorage.getItem({key})")).await;
    let (first, _) = shop.new_tab().await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 2).await;
    shop.show_tab(&first).await;
    count_is(&shop, 2).await;
}

#[tokio::test]
async fn a_full_storage_is_said_once_and_the_app_goes_on() {
    let shop = specimen().await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    shop.eval::<()>(
        "for (let size = 1 << 22; size >= 1;) { try { localStorage.setItem('ballast' + size + Math.random(), 'x'.repeat(size)); } catch { size >>= 1; } }",
    )
    .await;
    // Numbers with more digits do not fit any more.
    for expected in 1..=10 {
        shop.click("[data-test=add]").await;
        count_is(&shop, expected).await;
    }
    shop.see_text("[data-test=toasts]", "This browser keeps nothing for us right now").await;
    assert_eq!(shop.eval::<u32>("return document.querySelectorAll('.toast').length").await, 1);
}

/// As browsers do when somebody blocks a site's data: every access throws.
async fn block_storage(shop: &Shop) {
    let block = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });
                 Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('blocked', 'SecurityError'); } });";
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": block })).await;
}

#[tokio::test]
async fn a_blocked_storage_is_said_and_the_app_goes_on() {
    let shop = specimen().await;
    block_storage(&shop).await;
    shop.visit("/#/specimen").await;
    shop.at("specimen").await;
    shop.click("[data-test=add]").await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 2).await;
    shop.see_text("[data-test=toasts]", "This browser keeps nothing for us right now").await;
    // It lasts as long as the page, and is said once.
    shop.follow("/steady").await;
    shop.at("steady").await;
    shop.follow("/specimen").await;
    shop.at("specimen").await;
    count_is(&shop, 2).await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 3).await;
    let said = "return window.__recorded.errors.filter((text) => text.includes('E301')).length";
    assert_eq!(shop.eval::<u32>(said).await, 1);
}

#[tokio::test]
async fn what_was_only_looked_at_is_forgotten_without_a_word() {
    let shop = Shop::open().await;
    block_storage(&shop).await;
    shop.visit("/#/product/1").await;
    shop.at("product").await;
    shop.until_loaded().await;
    shop.follow("/product/2").await;
    shop.see("[data-test=recent-product]").await;
    let said: String = shop.eval("return document.querySelector('[data-test=toasts]').innerText").await;
    assert!(!said.contains("keeps nothing"), "nobody entered anything: {said}");
}

#[tokio::test]
async fn an_unreadable_state_is_set_aside_and_the_app_starts_afresh() {
    let shop = specimen().await;
    shop.visit("/#/steady").await;
    shop.at("steady").await;
    shop.eval::<()>("localStorage.setItem('menagerie/store/specimen/1', '{broken')").await;
    shop.follow("/specimen").await;
    shop.at("specimen").await;
    count_is(&shop, 0).await;
    shop.click("[data-test=add]").await;
    count_is(&shop, 1).await;
    let aside: String =
        shop.eval("return localStorage.getItem('menagerie/store/specimen/1/unreadable')").await;
    assert_eq!(aside, "{broken");
    assert!(shop.recorded().await.errors.iter().any(|error| error.contains("E302")), "nobody was told");
}
