//! What has been painted stays where it is while a page loads, on a slow phone and on a desktop: nothing moves away from
//! under a finger.

use serde_json::json;
use tests::{Screen, Shop};

/// Good is up to 0.1 (<https://web.dev/articles/cls>); a header that grows on a phone is 0.05.
const MOST: f64 = 0.03;

/// The footer comes when the first page is not there after two seconds, and is pushed away then: that is meant so.
const OBSERVE: &str = "
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) {
            if (shift.startTime > 2000 && shift.sources.every(({ node }) => node?.matches?.('footer'))) continue;
            const moved = shift.sources.map(({ node, previousRect: was, currentRect: is }) =>
                `${node?.id || node?.className || node?.nodeName} ${[was.x, was.y, was.width, was.height].map(Math.round)} → ${[is.x, is.y, is.width, is.height].map(Math.round)}`);
            window.shifts.push([shift.value, moved.join('; ')]);
        }
    }).observe({ type: 'layout-shift', buffered: true });
";

async fn check(shop: &Shop, screen: Screen, path: &str, app: &str) {
    shop.screen(screen).await;
    shop.visit(path).await;
    shop.at(app).await;
    shop.until_loaded().await;
    shop.until_idle().await;
    let shifts: Vec<(f64, String)> = shop.eval("return window.shifts").await;
    let sum: f64 = shifts.iter().map(|(value, _)| value).sum();
    println!("{path} on {screen:?}: {sum:.4}");
    assert!(sum <= MOST, "{path} on {screen:?} moves by {sum:.3}, {MOST} is the most: {shifts:#?}");
}

#[tokio::test]
async fn nothing_moves_while_a_page_loads() {
    let shop = Shop::open().await;
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": OBSERVE })).await;
    // As slow as a phone, so that the page is painted between its steps.
    shop.devtools("Emulation.setCPUThrottlingRate", json!({ "rate": 4 })).await;
    for screen in [Screen::Phone, Screen::Desktop] {
        for (path, app) in [
            ("/", "home"),
            ("/#/?q=bed", "home"),
            ("/#/product/1", "product"),
            ("/#/cart", "cart"),
            ("/#/contact", "contact"),
        ] {
            check(&shop, screen, path, app).await;
        }
    }
    // Whoever goes to the checkout has something in the cart.
    shop.take_a_dog_bed().await;
    for screen in [Screen::Phone, Screen::Desktop] {
        check(&shop, screen, "/#/checkout", "checkout").await;
    }
}

#[tokio::test]
async fn what_moves_is_found() {
    let shop = Shop::empty().await;
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": OBSERVE })).await;
    shop.screen(Screen::Phone).await;
    shop.visit("/#/nowhere").await;
    shop.see("[data-test=not-found]").await;
    shop.until_idle().await;
    shop.eval::<()>("document.querySelector('header').style.height = '12rem'").await;
    shop.until("a shift of the page", "window.shifts.some(([, moved]) => moved.includes('main'))").await;
}
