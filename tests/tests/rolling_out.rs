//! A release that is rolled out, in a page.

use contract::rollout;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Plain, Shop};

/// A shop with greeter 1.0.0 live, `next` rolled out to 99 of 100 visitors, and a visitor who draws it.
async fn rolled_out(next: Plain) -> Shop {
    let shop = Shop::empty().await;
    shop.server.publish(&Plain::new("greeter").release()).await;
    shop.server.keep(&next.version("2.0.0").release()).await;
    let wish = json!({ "version": "2.0.0", "steps": [99, 100] });
    shop.server.registry("apps/greeter/rollout", Some(wish)).await;
    let mut visitors = (0..100).map(|n| format!("00000000-0000-4000-8000-{n:012}"));
    let visitor = visitors.find(|visitor| rollout::pick(visitor, "greeter", &[1.0, 99.0]) == 1);
    shop.visit("/").await;
    let remember = "localStorage.setItem('menagerie/visitor', arguments[0])";
    shop.eval_with::<()>(remember, vec![visitor.expect("99 of 100 draw it").into()]).await;
    shop
}

/// Waits until the server knows this of the new release and the one before.
async fn until_health(shop: &Shop, expected: Value) {
    let mut found = Value::Null;
    for _ in 0..150 {
        let status = shop.server.registry("apps/greeter", None).await;
        let health = &status["rollout"]["health"];
        found = json!({
            "new": { "ok": health["new"]["ok"], "failed": health["new"]["failed"] },
            "before": { "ok": health["before"]["ok"], "failed": health["before"]["failed"] },
        });
        if found == expected {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("expected {expected}, the server knows {found}");
}

#[tokio::test]
async fn who_drew_a_broken_release_gets_the_one_before_and_the_server_hears_of_it() {
    let shop = rolled_out(Plain::new("greeter").mount("throw new Error('not today');")).await;
    shop.visit("/#/greeter").await;
    shop.see_text("[data-app=greeter] h1", "greeter@1.0.0").await;
    shop.see_text("[data-test=toasts]", "runs in its last good version").await;
    // What stands in for it is met by those alone for whom something failed: it counts for neither.
    let expected = json!({ "new": { "ok": 0, "failed": 1 }, "before": { "ok": 0, "failed": 0 } });
    until_health(&shop, expected).await;
}

#[tokio::test]
async fn a_page_that_is_left_at_once_has_told_of_its_mounts() {
    let shop = rolled_out(Plain::new("greeter")).await;
    shop.visit("/#/greeter").await;
    shop.see_text("[data-app=greeter] h1", "greeter@2.0.0").await;
    shop.open("about:blank").await;
    let expected = json!({ "new": { "ok": 1, "failed": 0 }, "before": { "ok": 0, "failed": 0 } });
    until_health(&shop, expected).await;
}
