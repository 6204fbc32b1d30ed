//! A release that is rolled out, in a page.

use contract::rollout;
use serde_json::{Value, json};
use std::time::Duration;
use tests::{Fault, Hostile, Plain, Shop};

/// A shop with greeter 1.0.0 live, `next` rolled out to 99 of 100 visitors, and a visitor who draws it.
async fn rolled_out(next: Plain) -> Shop {
    let shop = Shop::empty().await;
    let asking = Plain::new("asking").mount_also("window.asking = host;");
    for release in [greeter().more("export const command = async () => 'hello';"), asking] {
        shop.server.publish(&release.release()).await;
    }
    shop.server.keep(&next.version("2.0.0").release()).await;
    let wish = json!({ "version": "2.0.0", "steps": [99, 100] });
    shop.server.registry("apps/greeter/rollout", Some(wish)).await;
    shop.visit("/").await;
    draw_the_new_one(&shop).await;
    shop
}

fn greeter() -> Plain {
    Plain::new("greeter").field("commands", json!(["greeter.greet"]))
}

/// Makes whoever opens a page of this origin next a visitor who draws the new release.
async fn draw_the_new_one(shop: &Shop) {
    let mut visitors = (0..100).map(|n| format!("00000000-0000-4000-8000-{n:012}"));
    let visitor = visitors.find(|visitor| rollout::pick(visitor, "greeter", &[1.0, 99.0]) == 1);
    let remember = "localStorage.setItem('menagerie/visitor', arguments[0])";
    shop.eval_with::<()>(remember, vec![visitor.expect("99 of 100 draw it").into()]).await;
}

/// Waits until the server knows this of the new release and the one before.
async fn until_health(shop: &Shop, expected: Value) {
    let mut found = Value::Null;
    for _ in 0..600 {
        let status = shop.server.registry("apps/greeter", None).await;
        let health = &status["rollout"]["health"];
        found = json!({
            "new": { "ok": health["new"]["ok"], "unwell": health["new"]["unwell"] },
            "before": { "ok": health["before"]["ok"], "unwell": health["before"]["unwell"] },
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
    let shop = rolled_out(greeter().mount("throw new Error('not today');")).await;
    shop.visit("/#/greeter").await;
    shop.see_text("[data-app=greeter] h1", "greeter@1.0.0").await;
    shop.see_text("[data-test=toasts]", "runs in its last good version").await;
    // What stands in for it is met by those alone for whom something failed: it counts for neither.
    let expected = json!({ "new": { "ok": 0, "unwell": 1 }, "before": { "ok": 0, "unwell": 0 } });
    until_health(&shop, expected).await;
}

#[tokio::test]
async fn a_page_that_is_left_at_once_has_told_of_its_mounts() {
    let shop = rolled_out(greeter()).await;
    shop.visit("/#/greeter").await;
    shop.see_text("[data-app=greeter] h1", "greeter@2.0.0").await;
    shop.open("about:blank").await;
    let expected = json!({ "new": { "ok": 1, "unwell": 0 }, "before": { "ok": 0, "unwell": 0 } });
    until_health(&shop, expected).await;
}

#[tokio::test]
async fn a_server_that_fails_is_no_fault_of_the_release_but_a_file_that_is_missing_is() {
    let shop = rolled_out(greeter()).await;
    let hostile = Hostile::before(shop.server.origin()).await;
    for (status, shown, expected) in [
        (Some(503), "greeter@1.0.0", None),
        (Some(429), "greeter@1.0.0", None),
        (None, "greeter@2.0.0", Some(json!({ "ok": 1, "unwell": 0 }))),
        (Some(404), "greeter@1.0.0", Some(json!({ "ok": 1, "unwell": 1 }))),
    ] {
        println!("{status:?}");
        shop.open("about:blank").await;
        shop.forget(hostile.origin()).await;
        shop.open(hostile.origin()).await;
        draw_the_new_one(&shop).await;
        hostile.heal();
        if let Some(status) = status {
            hostile.damage("/apps/greeter/2.0.0/", Fault::Status(status));
        }
        shop.open("about:blank").await;
        shop.open(&format!("{}/#/greeter", hostile.origin())).await;
        shop.see_text("[data-app=greeter] h1", shown).await;
        // What was to be told is told as the page goes.
        shop.open("about:blank").await;
        if let Some(new) = expected {
            until_health(&shop, json!({ "new": new, "before": { "ok": 0, "unwell": 0 } })).await;
        }
    }
}

#[tokio::test]
async fn a_command_that_panics_counts_and_the_next_one_runs_in_the_release_before() {
    let panics =
        "export async function command() { throw Object.assign(new Error('no words'), { name: 'Panic' }); }";
    let shop = rolled_out(greeter().more(panics)).await;
    shop.visit("/#/asking").await;
    shop.at("asking").await;
    let ask = "return await asking.call('greeter.greet').catch(({ code }) => code)";
    assert_eq!(shop.eval::<String>(ask).await, "E207");
    shop.see_text("[data-test=toasts]", "runs in its last good version").await;
    assert_eq!(shop.eval::<String>(ask).await, "hello");
    shop.open("about:blank").await;
    let expected = json!({ "new": { "ok": 0, "unwell": 1 }, "before": { "ok": 0, "unwell": 0 } });
    until_health(&shop, expected).await;
}

#[tokio::test]
async fn a_release_that_will_not_unmount_counts() {
    let shop = rolled_out(greeter().unmount("throw new Error('I stay');")).await;
    shop.visit("/#/greeter").await;
    shop.see_text("[data-app=greeter] h1", "greeter@2.0.0").await;
    shop.follow("/asking").await;
    shop.at("asking").await;
    shop.open("about:blank").await;
    let expected = json!({ "new": { "ok": 1, "unwell": 1 }, "before": { "ok": 0, "unwell": 0 } });
    until_health(&shop, expected).await;
}
