//! For everybody: no violation that axe can find, on every page and in every state, light and dark; no
//! page wider than a narrow phone; and pictures of all of it for people to look at.

use tests::{Key, Screen, Shop, Theme, axe, states::STATES};

async fn every_state(screen: Screen, theme: Theme) {
    let shop = Shop::with_a_broken_app().await;
    shop.screen(screen).await;
    shop.theme(theme).await;
    let mut found = Vec::new();
    for state in STATES {
        println!("{state}");
        shop.reach(state).await;
        shop.keep_screen(state, screen, theme).await;
        for violation in axe::violations(&shop).await {
            found.push(format!(
                "{state}: {} ({}) {}\n      {}",
                violation.rule, violation.help, violation.why, violation.element
            ));
        }
    }
    assert!(found.is_empty(), "{} violations\n{}", found.len(), found.join("\n"));
}

#[tokio::test]
async fn no_violations_on_a_phone_in_the_light() {
    every_state(Screen::Phone, Theme::Light).await;
}

#[tokio::test]
async fn no_violations_on_a_phone_in_the_dark() {
    every_state(Screen::Phone, Theme::Dark).await;
}

#[tokio::test]
async fn no_violations_on_a_desktop_in_the_light() {
    every_state(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn no_violations_on_a_desktop_in_the_dark() {
    every_state(Screen::Desktop, Theme::Dark).await;
}

#[tokio::test]
async fn nothing_scrolls_sideways_at_360_pixels() {
    nothing_is_wider_than(Screen::Narrow).await;
}

#[tokio::test]
async fn nothing_scrolls_sideways_at_400_percent() {
    nothing_is_wider_than(Screen::Zoomed).await;
}

async fn nothing_is_wider_than(screen: Screen) {
    let shop = Shop::with_a_broken_app().await;
    shop.screen(screen).await;
    shop.theme(Theme::Light).await;
    let below = "return [...document.querySelectorAll(':popover-open')].some((menu) => menu.getBoundingClientRect().bottom > innerHeight)";
    let mut wide = Vec::new();
    for state in STATES {
        println!("{state}");
        shop.reach(state).await;
        shop.keep_screen(state, screen, Theme::Light).await;
        wide.extend(
            shop.wider_than_the_screen().await.into_iter().map(|element| format!("{state}: {element}")),
        );
        if shop.eval::<bool>(below).await {
            wide.push(format!("{state}: the end of the menu cannot be reached"));
        }
    }
    assert!(wide.is_empty(), "larger than the screen:\n{}", wide.join("\n"));
}

#[tokio::test]
async fn a_chosen_theme_is_there_from_the_first_paint_on_and_stays() {
    let shop = Shop::open().await;
    shop.theme(Theme::Light).await;
    shop.visit("/").await;
    shop.at("home").await;
    let page = "return getComputedStyle(document.documentElement).backgroundColor";
    let light: String = shop.eval(page).await;
    shop.open_account_menu().await;
    shop.eval::<()>("document.querySelector('[data-test=theme-dark]').click()").await;
    shop.until("the page should be dark", "document.documentElement.dataset.theme === 'dark'").await;
    let dark: String = shop.eval(page).await;
    assert_ne!(light, dark);
    shop.reload().await;
    assert_eq!(shop.eval::<String>(page).await, dark);
    shop.at("home").await;
    shop.open_account_menu().await;
    shop.until("dark is what is chosen", "document.querySelector('[data-test=theme-dark]').checked").await;
    shop.eval::<()>("document.querySelector('[data-test=theme-system]').click()").await;
    shop.until(
        "the system is light",
        &format!("getComputedStyle(document.documentElement).backgroundColor === '{light}'"),
    )
    .await;
}

/// Tab until the focus is on something, as somebody without a pointer does.
async fn tab_to(shop: &Shop, css: &str) {
    for _ in 0..120 {
        shop.key(Key::Tab).await;
        let there = format!("return document.activeElement?.matches({css:?}) ?? false");
        if shop.eval::<bool>(&there).await {
            let seen: bool = shop
                .eval(
                    "const e = document.activeElement, near = [e, e.parentElement, e.nextElementSibling ?? e];
                     return [...near.map((n) => getComputedStyle(n)), getComputedStyle(e, '::after')]
                       .some((s) => (s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== 'none')",
                )
                .await;
            assert!(seen, "the focus on {css} cannot be seen");
            return;
        }
    }
    panic!("Tab does not lead to {css}\n{}", shop.situation().await);
}

#[tokio::test]
async fn a_dog_bed_is_bought_by_keyboard_alone() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.until_loaded().await;
    tab_to(&shop, "[data-test=search]").await;
    shop.press("cloud nine").await;
    shop.until_hash("#/?q=cloud%20nine").await;
    shop.until_loaded().await;
    tab_to(&shop, "[data-test=product-card] a").await;
    shop.key(Key::Enter).await;
    shop.at("product").await;
    shop.see_text("[data-app=product] h1", "Cloud Nine Dog Bed").await;
    shop.until("the focus should be on the heading", "document.activeElement?.localName === 'h1'").await;
    // Another size by the arrow keys.
    tab_to(&shop, "[data-app=product] fieldset:nth-of-type(2) [data-test=option]").await;
    let before: String = shop.eval("return document.activeElement.value").await;
    shop.key(Key::Down).await;
    shop.until(
        "another size",
        &format!("document.activeElement.value !== '{before}' && document.activeElement.checked"),
    )
    .await;
    tab_to(&shop, "[data-test=add-to-cart]").await;
    shop.key(Key::Space).await;
    shop.until_badge(1).await;
    // The way to the cart is the next stop, and stays.
    shop.see("[data-test=to-cart]").await;
    shop.key(Key::Tab).await;
    shop.until("the way to the cart", "document.activeElement?.dataset.test === 'to-cart'").await;

    shop.eval::<()>("document.activeElement.blur(); scrollTo(0, 0)").await;
    tab_to(&shop, "[data-test=cart-link]").await;
    shop.key(Key::Enter).await;
    shop.at("cart").await;
    shop.until_loaded().await;
    tab_to(&shop, "[data-test=checkout]").await;
    shop.key(Key::Enter).await;
    shop.until_hash("#/checkout/address").await;
    for (field, text) in [
        ("email", "ada@example.org"),
        ("name", "Ada Lovelace"),
        ("country", "Germany"),
        ("street", "St James's Square 12"),
        ("postcode", "10115"),
        ("city", "Berlin"),
    ] {
        tab_to(&shop, &format!("#checkout-{field}")).await;
        shop.press(text).await;
    }
    tab_to(&shop, "[data-test=continue]").await;
    shop.key(Key::Enter).await;
    shop.until_hash("#/checkout/delivery").await;
    tab_to(&shop, "[name=delivery]").await;
    shop.key(Key::Down).await;
    tab_to(&shop, "[data-test=continue]").await;
    shop.key(Key::Enter).await;
    shop.until_hash("#/checkout/payment").await;
    tab_to(&shop, "[name=payment]").await;
    shop.key(Key::Space).await;
    if !shop
        .eval::<bool>("return document.activeElement.closest('label').innerText.includes('delivery')")
        .await
    {
        shop.key(Key::Down).await;
    }
    tab_to(&shop, "[data-test=continue]").await;
    shop.key(Key::Enter).await;
    shop.until_hash("#/checkout/review").await;
    shop.see("[data-test=place-order]").await;
    tab_to(&shop, "[data-test=place-order]").await;
    shop.key(Key::Enter).await;
    shop.see_confirmation().await;
    shop.until("the focus should be on the heading", "document.activeElement?.localName === 'h1'").await;
}

#[tokio::test]
async fn menu_and_dialogs_close_by_escape_and_give_the_focus_back() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    tab_to(&shop, "[data-test=account-button]").await;
    shop.key(Key::Enter).await;
    shop.see("[data-test=account-menu]").await;
    tab_to(&shop, "[data-test=sign-in]").await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=account-menu]").await;
    shop.until("the focus goes back", "document.activeElement?.dataset.test === 'account-button'").await;
    shop.key(Key::Enter).await;
    tab_to(&shop, "[data-test=sign-in]").await;
    shop.key(Key::Enter).await;
    shop.see("[data-test=sign-in-dialog]").await;
    shop.until("what is asked for first has the focus", "document.activeElement?.id === 'sign-in-email'")
        .await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=sign-in-dialog]").await;
    shop.until("the focus is not lost", "document.activeElement !== document.body").await;
}
