//! What a first visit of the front page costs on a phone.

use tests::{Screen, Shop, Theme, transfer};

/// 200 KB, as the budget has it.
const BUDGET: u64 = 200 * 1024;

#[tokio::test]
async fn the_first_visit_of_the_front_page_stays_within_its_budget() {
    let shop = Shop::open().await;
    shop.screen(Screen::Phone).await;
    shop.theme(Theme::Light).await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.see("[data-test=product-card] a").await;
    shop.until_loaded().await;
    shop.until_pictures().await;
    // Apps that are fetched when the page is idle come after everything that was waited for.
    let fetched = transfer::of_first_view(&shop, &["shell", "home"]).await;
    let total = transfer::total(&fetched);
    println!("{}", serde_json::json!({ "total": total, "budget": BUDGET, "files": fetched }));
    assert!(fetched.iter().any(|file| file.path.contains("/pictures/")), "pictures count");
    assert!(fetched.iter().any(|file| file.path.contains("shell.wasm")), "the shell counts");
    assert!(fetched.iter().any(|file| file.path.contains("home_bg.wasm")), "home counts");
    assert!(
        total <= BUDGET,
        "the first visit fetches {} KB of {} KB: {fetched:#?}",
        total / 1024,
        BUDGET / 1024
    );
}
