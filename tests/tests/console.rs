//! The operators' console, as an operator uses it.

use serde_json::{Value, json};
use tests::{Fault, Hostile, Key, Plain, Screen, Shop, Theme};

const CARD: &str = "[data-test=app][data-name=cart]";

#[tokio::test]
async fn only_an_operators_token_opens_it() {
    let shop = Shop::console().await;
    let team = shop.server.registry("tokens", Some(json!({ "app": "cart", "label": "a team" }))).await;
    shop.visit_console("/").await;
    shop.see_text("h1", "Sign in").await;
    shop.give_token("   ").await;
    shop.see_text("[data-test=reason]", "Enter a token.").await;
    shop.give_token("not a token").await;
    shop.see_text("[data-test=reason]", "(E522)").await;
    shop.give_token("kein Schlüssel ☂").await;
    shop.see_text("[data-test=reason]", "(E522)").await;
    shop.give_token(team["secret"].as_str().unwrap()).await;
    shop.see_text("[data-test=reason]", "Only for operators").await;
    assert!(!shop.shows("[data-test=sign-out]").await);
    shop.give_token(tests::TOKEN).await;
    shop.see_text("[data-test=who]", "MENAGERIE_OPERATOR_TOKEN").await;
    shop.until("the focus is on the heading", "document.activeElement?.innerText === 'Releases'").await;

    // This tab alone has it, until somebody signs out.
    shop.reload().await;
    shop.see_text("[data-test=who]", "MENAGERIE_OPERATOR_TOKEN").await;
    let kept = "return JSON.stringify(localStorage) + document.cookie";
    assert!(!shop.eval::<String>(kept).await.contains(tests::TOKEN));
    shop.click("[data-test=sign-out]").await;
    shop.see("[data-test=token]").await;
    assert_eq!(shop.eval::<u32>("return sessionStorage.length").await, 0);
    shop.assert_no_complaints().await;
}

/// What every microapp of the shop could read would be every microapp's.
#[tokio::test]
async fn the_token_does_not_come_along_to_the_shop() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/").await;
    assert_eq!(shop.eval::<u32>("return sessionStorage.length").await, 1);
    let link = "const { target, rel } = document.querySelector('header a[href=\"/\"]'); return [target, rel].join(' ')";
    assert_eq!(shop.eval::<String>(link).await, "_blank noopener", "a tab of its own has no storage of ours");
    // In the same tab, as by the address.
    shop.eval::<()>("location.href = '/'").await;
    shop.until("the shop is there", "document.getElementById('main')?.innerText").await;
    assert_eq!(shop.eval::<u32>("return sessionStorage.length").await, 0);
}

#[tokio::test]
async fn a_revoked_token_leads_back_to_sign_in() {
    let shop = Shop::console().await;
    let token = shop.server.registry("tokens", Some(json!({ "label": "Ada" }))).await;
    shop.visit_console("/apps/cart").await;
    shop.give_token(token["secret"].as_str().unwrap()).await;
    shop.see_text("[data-test=who]", "Ada").await;
    shop.see_text("[data-test=revision]", "1.0.0").await;
    shop.server.revoke(token["id"].as_str().unwrap()).await;
    shop.see_text("[data-test=reason]", "(E522)").await;
    assert!(!shop.shows("[data-test=revision]").await, "what it showed is gone");
    shop.give_token(tests::TOKEN).await;
    shop.see_text("[data-test=revision]", "1.0.0").await;
}

#[tokio::test]
async fn what_is_live_and_a_rollout_with_its_step() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/").await;
    shop.see_text(CARD, "1.0.0 everybody").await;
    shop.see_text(&format!("{CARD} [data-test=since]"), "Revision 1 · just now · published · MENAGERIE")
        .await;
    shop.see_text("[data-test=app][data-name=console] h2", "console").await;
    assert!(!shop.shows(&format!("{CARD} [data-test=steps]")).await);
    // It shows up by itself, and whoever reads on keeps the focus.
    shop.eval::<()>(&format!("document.querySelector('{CARD} a').focus()")).await;
    shop.keep_cart("1.1.0").await;
    shop.roll_cart_out("1.1.0").await;
    shop.see_text(&format!("{CARD} [data-test=state]"), "Rolling out").await;
    shop.see_text(CARD, "1.1.0 50 % 1.0.0 50 %").await;
    shop.see_text(&format!("{CARD} [aria-current=step]"), "50 %").await;
    shop.see_text(&format!("{CARD} [data-test=says]"), "Step 1 of 3").await;
    shop.see_text(
        &format!("{CARD} [data-test=says]"),
        "waits for reports of the new release: 0 of 100 visitors",
    )
    .await;
    shop.see_text("[data-test=summary]", "1 rollout under way").await;
    assert!(shop.eval::<bool>(&format!("return document.activeElement.matches('{CARD} a')")).await);
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn mounts_are_drawn_and_told_as_a_table() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/apps/cart").await;
    shop.see_text("[data-test=chart]", "No page told of a mount in the last 6 hours").await;
    shop.report_mounts(40, 4).await;
    shop.reload().await;
    shop.see_text("[data-test=chart]", "40 mounts, 4 failed, lately 4").await;
    let bars = "return document.querySelectorAll('[data-test=chart] rect').length";
    assert!(shop.eval::<u32>(bars).await >= 2);
    shop.click("[data-test=chart] summary").await;
    shop.see_text("[data-test=chart] td", "1.0.0").await;
    shop.fill("[data-test=span]", "2 days").await;
    shop.see_text("[data-test=chart]", "Mounts in 1 hour").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn undo_in_the_history_changes_what_is_live() {
    let shop = Shop::console().await;
    shop.server.publish(&Plain::new("cart").version("1.1.0").release()).await;
    shop.sign_in_as_operator("/apps/cart").await;
    shop.see_text("[data-test=revision]", "Live now").await;
    shop.click("[data-test=undo][data-revision='1']").await;
    shop.see_text("[data-test=dialog]", "Go back to revision 1 of cart?").await;
    shop.see_text("[data-test=dialog]", "1.0.0 goes live for everybody. This becomes revision 3.").await;
    shop.see_text("[data-test=dialog]", "1.1.0 counts as faulty then").await;
    // No is the first answer; nothing happens by it, nor by Escape.
    shop.until("no has the focus", "document.activeElement?.dataset.test === 'no'").await;
    shop.key(Key::Enter).await;
    shop.gone("[data-test=dialog]").await;
    shop.until("the focus is back", "document.activeElement?.dataset.revision === '1'").await;
    assert_eq!(shop.live_cart().await, ("1.1.0".to_owned(), 100));
    shop.click("[data-test=undo][data-revision='1']").await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=dialog]").await;
    shop.click("[data-test=undo][data-revision='1']").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=revision]", "undone, to revision 1").await;
    shop.gone("[data-test=dialog]").await;
    assert_eq!(shop.live_cart().await, ("1.0.0".to_owned(), 100));
    shop.see_text("[data-test=release]", "Faulty: undone by").await;
    shop.gone("[data-test=undo][data-revision='1']").await;
    shop.until("the focus is not lost", "document.activeElement !== document.body").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_kept_release_is_rolled_out_paused_resumed_and_given_to_everybody() {
    let shop = Shop::console().await;
    shop.keep_cart("1.1.0").await;
    shop.sign_in_as_operator("/apps/cart").await;
    shop.click("[data-test=start][data-version='1.1.0']").await;
    shop.fill("#console-steps", "50, 25").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=refused]", "the last one 100").await;
    shop.fill("#console-steps", "10, 100").await;
    shop.fill("#console-minutes", "5").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=says]", "Step 1 of 2").await;
    shop.see_text("[data-test=says]", "of 5 minutes").await;
    assert_eq!(shop.live_cart().await, ("1.1.0".to_owned(), 10));
    shop.click("[data-test=pause]").await;
    shop.see_text("[data-test=state]", "Paused").await;
    shop.until("the focus stays", "document.activeElement?.dataset.test === 'pause'").await;
    shop.see_text("[data-test=pause]", "Resume").await;
    shop.click("[data-test=pause]").await;
    shop.see_text("[data-test=state]", "Rolling out").await;
    shop.click("[data-test=promote]").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=live]", "1.1.0 everybody").await;
    assert_eq!(shop.live_cart().await, ("1.1.0".to_owned(), 100));
    shop.gone("[data-test=pause]").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_held_release_is_allowed_after_a_look_at_the_difference() {
    let shop = Shop::console().await;
    shop.hold_cart("1.1.0").await;
    shop.sign_in_as_operator("/").await;
    shop.see_text("[data-test=held]", "cart 1.1.0").await;
    shop.see_text("[data-test=held] [data-test=diff]", "clipboard").await;
    shop.click("[data-test=held] [data-test=allow]").await;
    shop.see_text("[data-test=dialog] [data-test=diff]", "clipboard").await;
    shop.click("[data-test=yes]").await;
    shop.gone("[data-test=held]").await;
    let releases = shop.server.registry("releases?app=cart", None).await;
    let allowed = &releases["releases"][0];
    assert_eq!((&allowed["version"], &allowed["held"]), (&json!("1.1.0"), &json!([])));
    assert!(allowed["allowed_by"].as_str().unwrap().contains("MENAGERIE_OPERATOR_TOKEN"));
    assert_eq!(shop.live_cart().await, ("1.0.0".to_owned(), 100), "nobody gets it by that");
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_is_allowed_is_what_it_is_beside_what_is_live_now() {
    let shop = Shop::console().await;
    let using_fetch = Plain::new("cart").version("1.0.1").field("webApis", json!(["fetch"]));
    shop.server.keep(&using_fetch.release()).await;
    shop.server.registry("releases/cart/1.0.1/allow", Some(json!({}))).await;
    shop.hold_cart("1.1.0").await;
    shop.sign_in_as_operator("/").await;
    const DIFFERENCE: &str = "[data-test=held] [data-test=diff]";
    shop.see_text(DIFFERENCE, "fetch").await;
    let wish = json!({ "version": "1.0.1", "steps": [100] });
    shop.server.registry("apps/cart/rollout", Some(wish)).await;
    let is_known =
        |css: &str| format!("document.querySelector('{css}')?.innerText.includes('fetch') === false");
    shop.until("what is live is nothing new", &is_known(DIFFERENCE)).await;
    shop.see_text(DIFFERENCE, "clipboard").await;
    shop.click("[data-test=held] [data-test=allow]").await;
    shop.see_text("[data-test=dialog] [data-test=diff]", "clipboard").await;
    shop.until("it is asked for what shows", &is_known("[data-test=dialog] [data-test=diff]")).await;
}

#[tokio::test]
async fn what_the_server_refuses_is_said_with_its_number_and_the_dialog_stays() {
    let shop = Shop::console().await;
    shop.keep_cart("1.1.0").await;
    shop.keep_cart("1.2.0").await;
    shop.sign_in_as_operator("/apps/cart").await;
    shop.click("[data-test=start][data-version='1.1.0']").await;
    // Somebody else is faster.
    shop.roll_cart_out("1.2.0").await;
    shop.click("[data-test=yes]").await;
    shop.see_text("[data-test=refused]", "at revision 2 by now, not 1").await;
    shop.see_text("[data-test=refused]", "(E525)").await;
    shop.see_text("[data-test=state]", "Rolling out").await;
    assert!(shop.shows("[data-test=dialog]").await);
    assert!(!shop.shows("[data-test=yes]").await, "it was another question");
    shop.click("[data-test=no]").await;
    shop.gone("[data-test=dialog]").await;
}

#[tokio::test]
async fn while_the_server_is_away_what_was_known_stays_and_goes_on_afterwards() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/").await;
    shop.set_offline(true).await;
    shop.see_text("[data-test=trouble]", "The server does not answer. (E215) What you see was so at").await;
    shop.see_text(CARD, "1.0.0 everybody").await;
    shop.server.publish(&Plain::new("cart").version("1.1.0").release()).await;
    shop.set_offline(false).await;
    shop.see_text(CARD, "1.1.0 everybody").await;
    shop.gone("[data-test=trouble] p").await;
}

#[tokio::test]
async fn addresses_that_lead_nowhere() {
    let shop = Shop::console().await;
    shop.sign_in_as_operator("/apps/nobody").await;
    shop.see_text("[data-test=unknown]", "Nothing was ever published of nobody.").await;
    assert!(!shop.shows("[data-test=trouble] p").await);
    shop.click_text(".place a", "All releases").await;
    shop.see(CARD).await;
    assert!(!shop.shows("[data-test=empty]").await);
    shop.visit_console("/nowhere").await;
    shop.see_text("h1", "There is nothing here").await;
    shop.click_text(".place a", "See all releases").await;
    shop.see(CARD).await;
    let title = shop.title().await;
    assert_eq!(title, "Releases – Menagerie Console");
}

#[tokio::test]
async fn what_is_damaged_on_its_way_is_not_run_and_the_page_says_so() {
    let shop = Shop::console().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    for (file, fault) in [
        ("console.js", Fault::FlippedByte),
        ("console.js", Fault::Html),
        ("console_bg.wasm", Fault::FlippedByte),
        ("console_bg.wasm", Fault::Status(404)),
        ("console.css", Fault::FlippedByte),
        ("host.js", Fault::FlippedByte),
    ] {
        println!("{file} {fault:?}");
        hostile.damage(file, fault);
        shop.open("about:blank").await;
        shop.open(&format!("{}/console/", hostile.origin())).await;
        shop.see_text("#state", "The console could not be started").await;
        assert!(!shop.shows("[data-test=token]").await, "{file} {fault:?}");
        hostile.heal();
        shop.click("#state button").await;
        shop.see("[data-test=token]").await;
    }
}

#[tokio::test]
async fn no_shopper_loads_a_byte_of_it() {
    let shop = Shop::empty().await;
    for name in release::OPERATORS {
        shop.server.publish_folder(&format!("microapps/{name}")).await;
    }
    shop.server.publish(&Plain::new("greeter").release()).await;
    let manifest: Value = shop.server.get("/manifest.json").await.json().await.unwrap();
    let own: Value = shop.server.get("/console/manifest.json").await.json().await.unwrap();
    let mut names: Vec<_> = own["apps"].as_array().unwrap().iter().map(|app| app["name"].clone()).collect();
    names.reverse();
    assert_eq!(names, release::OPERATORS);
    shop.visit("/").await;
    shop.visit("/#/greeter").await;
    shop.at("greeter").await;
    // An address of theirs is none of the shop's.
    shop.visit("/#/orders").await;
    shop.until("there is no such page", "document.title.startsWith('Page not found')").await;
    // Once more when the page has been idle.
    shop.eval::<()>("return new Promise((done) => requestIdleCallback(() => done()))").await;
    let fetched: Vec<String> =
        shop.eval("return performance.getEntriesByType('resource').map((e) => e.name)").await;
    assert!(fetched.iter().any(|address| address.contains("/shell/")), "{fetched:?}");
    for name in release::OPERATORS {
        assert!(!manifest.to_string().contains(name), "{manifest}");
        assert!(!fetched.iter().any(|address| address.contains(name)), "{fetched:?}");
    }
}

/// Every state of the console, in an order in which one leads to the next.
const STATES: [&str; 9] = [
    "sign-in",
    "sign-in-refused",
    "overview",
    "overview-rollout",
    "app",
    "app-undo",
    "app-start",
    "away",
    "nowhere",
];

async fn reach(shop: &Shop, state: &str) {
    match state {
        "sign-in" => {
            shop.visit_console("/").await;
            shop.see("[data-test=token]").await;
        }
        "sign-in-refused" => {
            shop.give_token("nothing").await;
            shop.see_text("[data-test=reason]", "(E522)").await;
        }
        "overview" => shop.sign_in_as_operator("/").await,
        "overview-rollout" => {
            shop.keep_cart("1.1.0").await;
            shop.roll_cart_out("1.1.0").await;
            shop.hold_cart("1.2.0").await;
            shop.report_mounts(90, 2).await;
            shop.visit_console("/").await;
            shop.see("[data-test=held]").await;
            shop.see("[data-test=steps]").await;
        }
        "app" => {
            shop.visit_console("/apps/cart").await;
            shop.see("[data-test=pause]").await;
            shop.see("[data-test=chart] rect").await;
        }
        "app-undo" => {
            shop.click("[data-test=undo][data-revision='1']").await;
            shop.see("[data-test=dialog]").await;
        }
        "app-start" => {
            shop.click("[data-test=no]").await;
            shop.server.registry("apps/cart/undo", Some(json!({}))).await;
            shop.click("[data-test=start][data-version='1.1.0']").await;
            shop.see("#console-steps").await;
        }
        "away" => {
            shop.click("[data-test=no]").await;
            shop.set_offline(true).await;
            shop.see("[data-test=trouble] p").await;
        }
        _ => {
            shop.set_offline(false).await;
            shop.visit_console("/nowhere").await;
            shop.see(".empty h1").await;
        }
    }
    shop.until_console_loaded().await;
}

async fn every_state(screen: Screen, theme: Theme) {
    Shop::look_through("console", &STATES, reach, (screen, theme)).await;
}

#[tokio::test]
async fn the_console_has_no_violations_on_a_phone_in_the_light() {
    every_state(Screen::Phone, Theme::Light).await;
}

#[tokio::test]
async fn the_console_has_no_violations_on_a_narrow_phone_in_the_dark() {
    every_state(Screen::Narrow, Theme::Dark).await;
}

#[tokio::test]
async fn the_console_has_no_violations_on_a_desktop_in_the_light() {
    every_state(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn the_console_has_no_violations_on_a_desktop_in_the_dark() {
    every_state(Screen::Desktop, Theme::Dark).await;
}

#[tokio::test]
async fn by_keyboard_alone_from_sign_in_to_undo() {
    let shop = Shop::console().await;
    shop.server.publish(&Plain::new("cart").version("1.1.0").release()).await;
    shop.visit_console("/").await;
    shop.see("[data-test=token]").await;
    shop.tab_to("[data-test=token]").await;
    shop.press(tests::TOKEN).await;
    shop.key(Key::Enter).await;
    shop.see(CARD).await;
    shop.tab_to(&format!("{CARD} h2 a")).await;
    shop.key(Key::Enter).await;
    shop.see("[data-test=undo]").await;
    shop.tab_to("[data-test=undo][data-revision='1']").await;
    shop.key(Key::Enter).await;
    shop.see("[data-test=dialog]").await;
    shop.tab_to("[data-test=yes]").await;
    shop.key(Key::Enter).await;
    shop.see_text("[data-test=live]", "1.0.0 everybody").await;
    assert_eq!(shop.live_cart().await, ("1.0.0".to_owned(), 100));
}
