//! Every address, and the ways back and forward between them.

use serde_json::json;
use tests::{Fault, Hostile, LONG_DEADLINES, Plain, Shop};

/// Scrolls, as soon as the page is long enough.
async fn scroll_to(shop: &Shop, y: u32) {
    let scrolls = format!("(scrollTo({{ top: {y}, behavior: 'instant' }}), scrollY === {y})");
    shop.until(&format!("the page should be at {y}"), &scrolls).await;
}

#[tokio::test]
async fn every_route_of_the_shop_can_be_opened_by_its_address() {
    let shop = Shop::open().await;
    for (address, app, hash) in [
        ("/", "home", ""),
        ("/#/", "home", "#/"),
        ("/#/?q=dog%20bed", "home", "#/?q=dog%20bed"),
        ("/#/product/7", "product", "#/product/7"),
        ("/#/cart", "cart", "#/cart"),
        ("/#/checkout", "checkout", ""),
        ("/#/contact", "contact", "#/contact"),
        ("/#/account", "account", "#/account"),
        ("/#/account/orders", "account", "#/account/orders"),
        ("/#/account/forgotten", "account", "#/account/forgotten"),
        // As they were once written.
        ("/#cart", "cart", "#/cart"),
        ("/#product?productId=2", "product", "#/product/2"),
        ("/?productId=2#product", "product", "#/product/2"),
        ("/#/product?productId=2", "product", "#/product/2"),
    ] {
        println!("{address}");
        shop.visit(address).await;
        shop.at(app).await;
        if !hash.is_empty() {
            shop.until_hash(hash).await;
        }
        let search: String = shop.eval("return location.search").await;
        assert_eq!(search, "", "{address}");
        shop.see("header [data-test=brand]").await;
        shop.assert_no_complaints().await;
    }
}

#[tokio::test]
async fn an_unknown_address_shows_a_way_on() {
    let shop = Shop::open().await;
    // The last one is also what an element of the page is called.
    for address in ["/#/nowhere", "/#nowhere", "/#/cart/7/8", "/#/page"] {
        shop.visit(address).await;
        shop.see("[data-test=not-found] h1").await;
        assert_eq!(shop.title().await, "Page not found · Menagerie");
    }
    shop.fill("[data-test=not-found-search]", "bed").await;
    shop.press("\u{e007}").await;
    shop.at("home").await;
    shop.until_hash("#/?q=bed").await;
    shop.gone("[data-test=not-found]").await;
}

#[tokio::test]
async fn the_skip_link_and_anchors_do_not_touch_the_address() {
    let shop = Shop::open().await;
    shop.visit("/#/cart").await;
    shop.at("cart").await;
    let entries: u32 = shop.eval("return history.length").await;
    shop.eval::<()>("document.querySelector('.skip').click()").await;
    shop.until("the content should have the focus", "document.activeElement?.id === 'main'").await;
    assert_eq!(shop.eval::<String>("return location.hash").await, "#/cart");
    assert_eq!(shop.eval::<u32>("return history.length").await, entries);
    // A typed anchor of the page is none of the router's either.
    shop.eval::<()>("location.hash = 'main'").await;
    shop.until("the app should stay", "document.querySelector('[data-app=cart] h1')").await;
    assert!(!shop.shows("[data-test=not-found]").await);
}

#[tokio::test]
async fn the_skip_link_and_the_search_work_before_the_shell_has_come() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    for (act, hash) in [
        ("document.querySelector('.skip').click()", "#/product/1"),
        (
            "document.getElementById('shop-search').value = ' dog bed'; document.getElementById('search').requestSubmit()",
            "#/?q=dog%20bed",
        ),
    ] {
        println!("{hash}");
        hostile.damage("shell.wasm", Fault::Held);
        shop.open("about:blank").await;
        shop.forget(hostile.origin()).await;
        shop.open(&format!("{}/#/product/1", hostile.origin())).await;
        shop.until("the page should be there", "Boolean(document.querySelector('#shell-failure'))").await;
        shop.eval::<()>(act).await;
        if hash.starts_with("#/product") {
            shop.until("the content should have the focus", "document.activeElement?.id === 'main'").await;
        }
        shop.until_hash(hash).await;
        hostile.heal();
        shop.at(if hash.starts_with("#/product") { "product" } else { "home" }).await;
        shop.until_hash(hash).await;
        assert_eq!(shop.eval::<String>("return location.search").await, "");
    }
    // Followed without any script, or kept as a bookmark.
    shop.visit("/#main").await;
    shop.at("home").await;
    shop.until_hash("#/").await;
}

#[tokio::test]
async fn typing_in_the_search_keeps_the_focus_and_one_entry_in_the_history() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    let entries: u32 = shop.eval("return history.length").await;
    shop.search("dog bed").await;
    let focus: String = shop.eval("return document.activeElement.dataset.test").await;
    assert_eq!(focus, "search");
    let more: u32 = shop.eval("return history.length").await;
    assert!(more <= entries + 1, "{entries} entries became {more}");
    shop.open_product("Cloud Nine Dog Bed").await;
    shop.back().await;
    shop.until_hash("#/?q=dog%20bed").await;
    shop.at("home").await;
    assert_eq!(
        shop.eval::<String>("return document.querySelector('[data-test=search]').value").await,
        "dog bed"
    );
}

#[tokio::test]
async fn back_and_forward_bring_back_filters_and_the_place_on_the_page() {
    let shop = Shop::open().await;
    shop.visit("/#/?sort=price-asc").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.until(
        "there should be something to scroll",
        "document.documentElement.scrollHeight > 2 * innerHeight",
    )
    .await;
    scroll_to(&shop, 600).await;
    shop.eval::<()>("[...document.querySelectorAll('[data-test=product-card] a')].find((a) => a.getBoundingClientRect().top > 100).click()").await;
    shop.at("product").await;
    shop.until("a new page begins at its top", "scrollY === 0").await;
    shop.until("the heading should have the focus", "document.activeElement?.localName === 'h1'").await;
    shop.back().await;
    shop.at("home").await;
    shop.until("the page should be where it was", "Math.abs(scrollY - 600) < 4").await;
    assert_eq!(
        shop.eval::<String>("return document.querySelector('[data-test=sort]').value").await,
        "price-asc"
    );
    shop.forward().await;
    shop.at("product").await;
    shop.until("and forward again", "scrollY === 0").await;
    shop.back().await;
    shop.at("home").await;
    shop.reload().await;
    shop.at("home").await;
    shop.until("a reload keeps the place", "Math.abs(scrollY - 600) < 4").await;
}

#[tokio::test]
async fn who_goes_on_before_all_of_a_page_has_come_finds_its_place_later() {
    let shop = Shop::empty().await;
    let long = "domElement.innerHTML = '<h1>Long</h1><p></p>'; \
                const grow = () => { domElement.querySelector('p').style.height = '5000px'; }; \
                if (window.slow) { window.grow = grow; } else { grow(); }";
    shop.server.publish(&Plain::new("long").mount(long).release()).await;
    shop.server.publish(&Plain::new("short").release()).await;
    shop.visit("/#/long").await;
    shop.at("long").await;
    scroll_to(&shop, 1500).await;
    shop.eval::<()>("window.slow = true").await;
    shop.follow("/short").await;
    shop.at("short").await;
    shop.back().await;
    shop.at("long").await;
    // Nothing of its text is there yet.
    shop.forward().await;
    shop.at("short").await;
    shop.back().await;
    shop.at("long").await;
    shop.eval::<()>("window.grow()").await;
    shop.until("the page should be where it was", "Math.abs(scrollY - 1500) < 4").await;
}

#[tokio::test]
async fn back_within_the_list_keeps_the_place_and_a_link_to_where_one_is_the_title() {
    let shop = Shop::open().await;
    shop.visit("/#/?category=dogs").await;
    shop.at("home").await;
    shop.until_loaded().await;
    shop.until("the title should say what is shown", "document.title.startsWith('Dogs')").await;
    shop.eval::<()>("document.querySelector('[data-test=category][href$=\"category=dogs\"]').click()").await;
    shop.until("the heading should have the focus", "document.activeElement?.localName === 'h1'").await;
    assert!(shop.title().await.starts_with("Dogs"), "{}", shop.title().await);

    scroll_to(&shop, 400).await;
    shop.eval::<()>("document.querySelector('[data-test=category][href$=\"category=cats\"]').click()").await;
    shop.until("the other list begins at its top", "document.title.startsWith('Cats') && scrollY === 0")
        .await;
    shop.back().await;
    shop.until(
        "the list should be where it was",
        "document.title.startsWith('Dogs') && Math.abs(scrollY - 400) < 4",
    )
    .await;
}

#[tokio::test]
async fn a_page_that_is_opened_anew_begins_at_its_top() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    scroll_to(&shop, 600).await;
    shop.visit("/#/contact").await;
    shop.at("contact").await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    assert_eq!(shop.eval::<u32>("return scrollY").await, 0);
}

#[tokio::test]
async fn a_navigation_moves_focus_title_and_announcement_once() {
    let shop = Shop::empty().await;
    for name in ["one", "two"] {
        shop.server.publish(&Plain::new(name).update("").release()).await;
    }
    shop.visit("/#/one").await;
    shop.at("one").await;
    assert_eq!(
        shop.eval::<String>("return document.activeElement.localName").await,
        "body",
        "opening a page moves nobody"
    );
    shop.eval::<()>(
        "window.said = []; new MutationObserver(() => said.push(document.querySelector('[data-test=announcer]').textContent))
           .observe(document.querySelector('[data-test=announcer]'), { childList: true, characterData: true, subtree: true })",
    )
    .await;
    shop.follow("/two").await;
    shop.until("the heading should have the focus", "document.activeElement?.textContent === 'two@1.0.0'")
        .await;
    shop.until("it should be announced", "said.length > 0").await;
    assert_eq!(shop.eval::<Vec<String>>("return said").await, ["Two"]);
    assert_eq!(shop.title().await, "Two · Menagerie");
    // A change of the query is none of that.
    shop.eval::<()>("document.querySelector('[data-test=account-button]').focus()").await;
    shop.follow("/two?x=1").await;
    shop.until("it should be updated", "window.__recorded.states.some((s) => s.to === 'UPDATING')").await;
    shop.until_state("two", "MOUNTED").await;
    assert_eq!(shop.eval::<String>("return document.activeElement.dataset.test").await, "account-button");
    assert_eq!(shop.eval::<Vec<String>>("return said").await, ["Two"]);
}

#[tokio::test]
async fn a_newer_navigation_overtakes_an_older_one() {
    let shop = Shop::empty_with(&LONG_DEADLINES).await;
    let waiting = Plain::new("waiting").bootstrap("await new Promise((go) => (window.letGo = go));");
    shop.server.publish(&waiting.release()).await;
    for name in ["one", "two"] {
        shop.server.publish(&Plain::new(name).release()).await;
    }
    shop.visit("/#/one").await;
    shop.at("one").await;
    shop.follow("/waiting").await;
    shop.until_state("waiting", "BOOTSTRAPPING").await;
    // The old one stays while the next one loads.
    shop.see("[data-app=one] h1").await;
    shop.follow("/two").await;
    shop.at("two").await;
    shop.eval::<()>("letGo()").await;
    shop.until_state("waiting", "NOT_MOUNTED").await;
    assert!(!shop.recorded().await.states_of("waiting").contains(&"MOUNTING"));
    assert_eq!(shop.eval::<u32>("return document.querySelector('#slot').childElementCount").await, 1);
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn whoever_goes_back_while_the_next_path_comes_is_where_they_were() {
    let shop = Shop::empty_with(&LONG_DEADLINES).await;
    let long = "domElement.innerHTML = '<h1>Long</h1><p></p>'; domElement.lastChild.style.height = '5000px';";
    let slow = "if (route.path.endsWith('/2')) await new Promise((go) => { window.go = go; }); else window.isBack = true;";
    shop.server.publish(&Plain::new("long").mount(long).update(slow).release()).await;
    shop.visit("/#/long").await;
    shop.at("long").await;
    scroll_to(&shop, 1500).await;
    shop.follow("/long/2").await;
    shop.until("it should be updated", "window.go").await;
    shop.back().await;
    shop.until_hash("#/long").await;
    shop.eval::<()>("window.go()").await;
    shop.until(
        "the page should be where it was",
        "window.isBack && document.activeElement?.localName === 'h1' && Math.abs(scrollY - 1500) < 4",
    )
    .await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn the_title_of_a_page_goes_with_it_also_where_nothing_comes() {
    let shop = Shop::empty().await;
    let late = Plain::new("late").mount_also("window.late = host;");
    shop.server.publish(&late.release()).await;
    shop.server.publish(&Plain::new("unrun").before("throw new Error('not today');").release()).await;
    for (path, title) in [("/nowhere", "Page not found · Menagerie"), ("/unrun", "Unrun · Menagerie")] {
        shop.visit("/#/late").await;
        shop.at("late").await;
        // After it has arrived, as who asks the shop for what it is called.
        shop.eval::<()>("await late.setTitle('Of its own')").await;
        shop.until("it should have its title", "document.title === 'Of its own · Menagerie'").await;
        shop.follow(path).await;
        shop.gone("[data-app=late]").await;
        shop.until("the title should be another", &format!("document.title === '{title}'")).await;
    }
    shop.until(
        "what failed should be announced",
        "document.querySelector('[data-test=announcer]').textContent.trim() === 'Unrun could not be shown'",
    )
    .await;
}

/// At `one`, in a shop with another microapp whose work is unsaved while `window.unsaved` says so.
async fn beside_work_that_may_be_unsaved() -> Shop {
    let shop = Shop::empty().await;
    let holding = Plain::new("holding").mount_also("await host.hold(() => window.unsaved === true);");
    shop.server.publish(&holding.release()).await;
    shop.server.publish(&Plain::new("one").release()).await;
    shop.visit("/#/one").await;
    shop.at("one").await;
    shop
}

#[tokio::test]
async fn unsaved_work_is_asked_about_by_link_and_by_back() {
    let shop = beside_work_that_may_be_unsaved().await;
    shop.follow("/holding").await;
    shop.at("holding").await;
    shop.eval::<()>("window.unsaved = true").await;

    shop.follow("/one").await;
    shop.see("[data-test=leave-dialog]").await;
    shop.click("[data-test=stay]").await;
    shop.gone("[data-test=leave-dialog]").await;
    shop.until_hash("#/holding").await;

    shop.back().await;
    shop.see("[data-test=leave-dialog]").await;
    shop.until_hash("#/holding").await;
    shop.click("[data-test=stay]").await;
    shop.gone("[data-test=leave-dialog]").await;
    shop.see("[data-app=holding] h1").await;

    shop.back().await;
    shop.click("[data-test=leave]").await;
    shop.at("one").await;
    shop.until_hash("#/one").await;
    shop.forward().await;
    shop.at("holding").await;
    shop.eval::<()>("window.unsaved = false").await;
    shop.back().await;
    shop.at("one").await;
    assert!(!shop.shows("[data-test=leave-dialog]").await);
}

#[tokio::test]
async fn a_question_about_unsaved_work_that_is_not_answered_or_comes_late_keeps_nobody() {
    let shop = Shop::empty_with(&LONG_DEADLINES).await;
    let silent = Plain::new("silent").mount_also("host.hold(() => new Promise(() => {}));");
    let late = "await new Promise((resolve) => { window.go = resolve; }); host.hold(() => true)(); host.hold(() => true); window.held = true; \
         await new Promise(() => {});";
    for app in [silent, Plain::new("late").mount(late), Plain::new("one"), Plain::new("two")] {
        shop.server.publish(&app.release()).await;
    }
    shop.visit("/#/silent").await;
    shop.at("silent").await;
    // It may have some: the shopper is asked, and can go.
    shop.follow("/one").await;
    shop.click("[data-test=leave]").await;
    shop.at("one").await;

    shop.follow("/late").await;
    shop.until_state("late", "MOUNTING").await;
    shop.follow("/one").await;
    shop.at("one").await;
    shop.eval::<()>("window.go()").await;
    shop.until("it should have gone on", "window.held").await;
    shop.follow("/two").await;
    shop.at("two").await;
    assert!(!shop.shows("[data-test=leave-dialog]").await, "a mount that is over asks");
}

#[tokio::test]
async fn another_language_comes_only_for_whoever_leaves_unsaved_work() {
    let shop = beside_work_that_may_be_unsaved().await;
    shop.follow("/holding").await;
    shop.at("holding").await;
    shop.eval::<()>("window.unsaved = true").await;
    shop.click("[data-test=language-de]").await;
    shop.see("[data-test=leave-dialog]").await;
    shop.click("[data-test=stay]").await;
    shop.gone("[data-test=leave-dialog]").await;
    shop.see("[data-app=holding] h1").await;
    assert!(!shop.eval::<bool>("return document.cookie.includes('menagerie_language')").await);
    shop.click("[data-test=language-de]").await;
    shop.click("[data-test=leave]").await;
    shop.until("the page is German", "document.documentElement.lang === 'de'").await;
}

/// A link of the page's own that somebody follows after a reload, before the shell is there.
#[tokio::test]
async fn back_asks_from_an_entry_that_is_older_than_the_shell() {
    let shop = beside_work_that_may_be_unsaved().await;
    shop.eval::<()>("history.pushState(null, '', '#/holding'); location.reload()").await;
    shop.at("holding").await;
    shop.eval::<()>("window.unsaved = true").await;

    shop.back().await;
    shop.see("[data-test=leave-dialog]").await;
    shop.until_hash("#/holding").await;
    shop.click("[data-test=leave]").await;
    shop.at("one").await;
    shop.until_hash("#/one").await;
}

#[tokio::test]
async fn links_fetch_ahead_when_they_are_pointed_at_or_focused() {
    let shop = Shop::empty().await;
    shop.server.publish(&linking().release()).await;
    for name in ["one", "two"] {
        shop.server.publish(&Plain::new(name).field("load", json!("lazy")).release()).await;
    }
    shop.visit("/#/linking").await;
    shop.at("linking").await;
    let fetched = |name: &str| {
        format!("performance.getEntriesByType('resource').some((e) => e.name.includes('/apps/{name}/'))")
    };
    assert!(!shop.eval::<bool>(&format!("return {}", fetched("one"))).await);
    shop.point_at("[href='#/one']").await;
    shop.until("pointed at, it should be fetched", &fetched("one")).await;
    assert!(!shop.eval::<bool>(&format!("return {}", fetched("two"))).await);
    shop.eval::<()>("document.querySelector(\"[href='#/two']\").focus()").await;
    shop.until("focused, it should be fetched", &fetched("two")).await;
    shop.until_state("one", "NOT_MOUNTED").await;
    assert!(!shop.recorded().await.states_of("one").contains(&"MOUNTING"), "made ready, not mounted");
}

/// With links to `one` and `two`.
fn linking() -> Plain {
    Plain::new("linking").mount(
        "domElement.innerHTML = `<h1>Links</h1><p><a href=\"${host.href('/one')}\">One</a></p><p><a href=\"${host.href('/two')}\">Two</a></p>`;",
    )
}

#[tokio::test]
async fn what_fails_ahead_of_need_is_quiet_and_tried_again_when_it_is_wanted() {
    let shop = Shop::empty().await;
    shop.server.publish(&linking().release()).await;
    let one = Plain::new("one").field("load", json!("lazy"));
    shop.server.publish(&one.release()).await;
    let early = one.version("2.0.0").bootstrap("if (!window.wanted) throw new Error('too early');");
    shop.server.publish(&early.release()).await;
    shop.visit("/#/linking").await;
    shop.at("linking").await;
    shop.point_at("[href='#/one']").await;
    shop.until_state("one", "NOT_LOADED").await;
    shop.assert_no_complaints().await;
    assert!(!shop.shows(".toast").await, "nobody has asked for it yet");
    shop.eval::<()>("window.wanted = true").await;
    shop.follow("/one").await;
    shop.see_text("[data-app=one] h1", "one@2.0.0").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_link_to_the_top_leads_there_and_to_no_other_page() {
    let shop = Shop::empty().await;
    let tall = "domElement.innerHTML = '<h1>Tall</h1><p></p><a href=\"#\">Up</a> <a href=\"#top\">Top</a>';
                domElement.querySelector('p').style.height = '4000px';";
    shop.server.publish(&Plain::new("tall").mount(tall).release()).await;
    shop.visit("/#/tall").await;
    shop.at("tall").await;
    for link in ["Up", "Top"] {
        scroll_to(&shop, 600).await;
        let click = "[...document.querySelectorAll('[data-app=tall] a')].find((a) => a.textContent === arguments[0]).click()";
        shop.eval_with::<()>(click, vec![link.into()]).await;
        shop.until("the page should be at its top", "scrollY === 0").await;
        shop.at("tall").await;
        shop.until_hash("#/tall").await;
    }
}

#[tokio::test]
async fn the_search_in_the_header_makes_room_for_the_front_page_in_one_app_too() {
    let shop = Shop::empty().await;
    let front = Plain::new("front").field("routes", json!(["/", "/front"])).update("");
    shop.server.publish(&front.release()).await;
    shop.visit("/").await;
    shop.at("front").await;
    let at_front = "document.documentElement.hasAttribute('data-front')";
    assert!(shop.eval::<bool>(&format!("return {at_front}")).await);
    shop.follow("/front").await;
    shop.until("the header should have its search", &format!("!{at_front}")).await;
    shop.follow("/").await;
    shop.until("it should make room", at_front).await;
}
