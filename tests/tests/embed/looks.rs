//! How it looks: no violation that axe can find, in any state; and pictures for people.

use super::{
    embedded::{EVERY_KIND, Embedded, bot_server},
    endpoint::detect,
};
use axum::Router;
use std::sync::Arc;
use tests::{Browser, ForeignPage, Screen, Theme, axe};

/// The page to try it on, closed and open.
async fn page_to_try_it_on(screen: Screen, theme: Theme) {
    let (server, browser) = tokio::join!(bot_server(), Browser::start());
    browser.screen(screen).await;
    browser.theme(theme).await;
    browser.open(&format!("{}/embed/", server.origin())).await;
    let page = ForeignPage::serve(String::new()).await;
    let embedded = Embedded { server, browser, page };
    embedded.until("the launcher shows", "$('.launcher')?.checkVisibility()").await;
    embedded.browser.keep_screen("embed-closed", screen, theme).await;
    let mut found = axe::violations(&embedded.browser).await;
    embedded.open_chat().await;
    embedded.browser.keep_screen("embed-welcome", screen, theme).await;
    found.extend(axe::violations(&embedded.browser).await);
    assert!(found.is_empty(), "{found:#?}");
    assert!(
        embedded.browser.recorded().await.errors.is_empty(),
        "{:?}",
        embedded.browser.recorded().await.errors
    );
}

/// Every kind of message, and every state that the chat can be in.
async fn every_state(screen: Screen, theme: Theme) {
    let endpoint = ForeignPage::with(Router::new().fallback(detect).with_state(Arc::default())).await;
    let body = format!(
        "<menagerie-bot intent=\"\" mode=\"server\" agent-id=\"{}/v2/projects/p/agent\" url-allowlist=\"*\"></menagerie-bot>",
        endpoint.origin()
    );
    let embedded = Embedded::free("<meta name=\"viewport\" content=\"width=device-width\">", &body).await;
    embedded.browser.screen(screen).await;
    embedded.browser.theme(theme).await;
    let mut found = Vec::new();
    let mut look = async |name: &str| {
        embedded.browser.keep_screen(name, screen, theme).await;
        let violations = axe::violations(&embedded.browser).await;
        found.extend(violations.into_iter().map(|violation| format!("{name}: {violation:?}")));
    };
    embedded.run::<()>("bot.openChat(); bot.sendQuery('hi'); return null").await;
    embedded.until("the failure should show", "$('[data-test=bot-failed]')?.checkVisibility()").await;
    look("embed-failed").await;
    embedded.run::<()>("$('[data-test=bot-retry]').click()").await;
    embedded.until("it should be answered", "$$('[data-test=answered]').length === 3").await;
    look("embed-cards").await;
    let picture = format!("{}/pictures/ball/default.svg", embedded.server.origin());
    let (first, second) = EVERY_KIND.split_once("{ type: \"list\"").unwrap();
    embedded
        .run::<()>(&format!(
            "bot.renderCustomCard({}]); return null",
            first.replace("https://elsewhere.example/a.png", &picture)
        ))
        .await;
    embedded.until("the card shows", "$('[data-test=info]')").await;
    look("embed-boxes").await;
    embedded.run::<()>(&format!("bot.renderCustomCard([{{ type: \"list\"{second}); return null")).await;
    embedded.until("the list shows", "$('[data-test=list-item]')").await;
    embedded.run::<()>("$('[data-test=accordion]').click()").await;
    embedded.until("the accordion should open", "$('.accordion-body').checkVisibility()").await;
    look("embed-lists").await;
    for (button, name) in
        [("bot-microphone", "embed-consent-listening"), ("voice-button", "embed-consent-speaking")]
    {
        embedded.run::<()>(&format!("$('[data-test={button}]').click()")).await;
        embedded.until("the consent is asked for", "$('[data-test=bot-consent]').checkVisibility()").await;
        look(name).await;
        embedded.run::<()>("$('[data-test=decline]').click()").await;
    }
    embedded.browser.forced_colours(theme).await;
    look("embed-forced-colours").await;
    embedded.browser.theme(theme).await;
    embedded.run::<()>("bot.showMinChat(); return null").await;
    embedded.until("the last answer shows beside it", "$('[data-test=bot-glimpse]').checkVisibility()").await;
    look("embed-glimpse").await;
    assert!(found.is_empty(), "{found:#?}");
}

#[tokio::test]
async fn the_page_to_try_it_on_has_no_violations_in_the_light() {
    page_to_try_it_on(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn nor_on_a_phone_in_the_dark() {
    page_to_try_it_on(Screen::Phone, Theme::Dark).await;
}

#[tokio::test]
async fn no_state_has_violations_on_a_desktop_in_the_light() {
    every_state(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn nor_on_a_desktop_in_the_dark() {
    every_state(Screen::Desktop, Theme::Dark).await;
}

#[tokio::test]
async fn nor_on_a_narrow_phone_in_the_light() {
    every_state(Screen::Narrow, Theme::Light).await;
}

#[tokio::test]
async fn nor_on_a_narrow_phone_in_the_dark() {
    every_state(Screen::Narrow, Theme::Dark).await;
}
