//! The chat in the shop: the overlay slot, on every route.

use serde_json::json;
use std::collections::BTreeSet;
use tests::{Key, Screen, Shop, Theme, axe};

const LAUNCHER: &str = "[data-test=bot-launcher]";
const INPUT: &str = "[data-test=bot-input]";
const ANSWER: &str = "[data-test=answered]";
const NOTHING_KEPT: &str = "!Object.keys(sessionStorage).some((key) => key.includes('/bot/1/') && sessionStorage[key].includes('thank you'))";

/// The shop, with the chat open and the person welcomed.
async fn open() -> Shop {
    let shop = Shop::open().await;
    shop.visit("/").await;
    open_chat(&shop).await;
    shop
}

/// Waits for the chat as somebody who moves: a page does not listen from its first moment on.
async fn see_launcher(shop: &Shop) {
    let stirred = format!(
        "dispatchEvent(new PointerEvent('pointermove')), document.querySelector('{LAUNCHER}')?.checkVisibility()"
    );
    shop.until("the chat should have come", &stirred).await;
}

async fn open_chat(shop: &Shop) {
    see_launcher(shop).await;
    shop.click(LAUNCHER).await;
    shop.see("[data-test=bot-panel]").await;
    shop.see(ANSWER).await;
}

/// What waits for long waits for ever: some time it would come though nobody stirs.
const NOBODY_STIRS: &str = "{
  const real = setTimeout;
  window.setTimeout = (act, time, ...rest) => (time > 9999 ? 0 : real(act, time, ...rest));
}";

#[tokio::test]
async fn the_chat_takes_nothing_from_the_page_before_somebody_stirs() {
    let shop = Shop::open().await;
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": NOBODY_STIRS })).await;
    shop.visit("/").await;
    // What is fetched ahead of need is there: the page has nothing else to do.
    for app in ["cart", "product"] {
        shop.until_state(app, "NOT_MOUNTED").await;
    }
    let stirred: f64 = shop.eval("return performance.now()").await;
    shop.point_at("#main").await;
    shop.see(LAUNCHER).await;
    let asked: f64 = shop
        .eval("return Math.min(...performance.getEntriesByType('resource').filter(({ name }) => name.includes('/apps/bot/')).map(({ startTime }) => startTime))")
        .await;
    assert!(
        asked >= stirred,
        "somebody stirred after {stirred} ms, and its files were asked for after {asked}"
    );
}

async fn say(shop: &Shop, text: &str) {
    let answers: u32 = shop.eval(&format!("return document.querySelectorAll('{ANSWER}').length")).await;
    shop.fill(INPUT, text).await;
    shop.key(Key::Enter).await;
    let more = format!(
        "document.querySelectorAll('{ANSWER}').length > {answers} && !document.querySelector('[data-test=bot-typing]').checkVisibility()"
    );
    shop.until(&format!("“{text}” should be answered"), &more).await;
}

async fn focus_is(shop: &Shop, css: &str) {
    shop.until(
        &format!("the focus should be on {css}"),
        &format!("document.activeElement?.matches('{css}')"),
    )
    .await;
}

#[tokio::test]
async fn the_engine_answers_in_the_page_and_escape_gives_the_focus_back() {
    let shop = open().await;
    focus_is(&shop, INPUT).await;
    let asked = "return performance.getEntriesByType('resource').map((e) => e.name).filter((name) => name.includes(':detectIntent') || name.includes('/api/v1/bot/'))";
    say(&shop, "what are your opening hours").await;
    shop.see_text("[data-test=said]", "what are your opening hours").await;
    assert!(shop.eval::<Vec<String>>(asked).await.is_empty(), "no server was asked");
    shop.key(Key::Escape).await;
    shop.gone("[data-test=bot-panel]").await;
    focus_is(&shop, LAUNCHER).await;
    // It is there on every route, with what was said.
    shop.follow("/cart").await;
    shop.at("cart").await;
    shop.click(LAUNCHER).await;
    shop.see_text("[data-test=said]", "what are your opening hours").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn each_message_is_announced_once() {
    let shop = open().await;
    let watch = "window.added = []; new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => added.push(node.dataset?.test ?? node.nodeName))))
        .observe(document.querySelector('[data-test=bot-log]'), { childList: true, subtree: true })";
    shop.eval::<()>(watch).await;
    let welcomes: usize = shop.eval(&format!("return document.querySelectorAll('{ANSWER}').length")).await;
    say(&shop, "thank you").await;
    say(&shop, "what are your opening hours").await;
    let added: Vec<String> = shop.eval("return added").await;
    assert!(added.iter().all(|what| what == "said" || what == "answered"), "{added:?}");
    assert_eq!(added.iter().filter(|what| *what == "said").count(), 2, "{added:?}");
    // The welcome was there before; none is there twice.
    let answers: Vec<String> = shop
        .eval(&format!("return [...document.querySelectorAll('{ANSWER}')].map((e) => e.innerText)"))
        .await;
    assert_eq!(added.len(), 2 + answers.len() - welcomes, "{added:?} {answers:?}");
    assert_eq!(answers.iter().collect::<BTreeSet<_>>().len(), answers.len(), "{answers:?}");
    let log: Vec<String> = shop.eval("const log = document.querySelector('[data-test=bot-log]'); return [log.role ?? log.getAttribute('role'), log.ariaLive]").await;
    assert_eq!(log, ["log", "polite"]);
}

#[tokio::test]
async fn tab_goes_through_the_chat_and_leaves_it() {
    let shop = open().await;
    shop.eval::<()>("window.seen = new Set(); addEventListener('focusin', ({ target }) => seen.add(Boolean(target.closest('[data-test=bot-panel]'))), true)").await;
    focus_is(&shop, INPUT).await;
    for _ in 0..8 {
        shop.key(Key::Tab).await;
    }
    assert!(shop.eval::<bool>("return seen.has(false)").await, "the focus never left the chat");
}

#[tokio::test]
async fn the_conversation_outlives_a_reload_and_ends_with_one_button() {
    let shop = open().await;
    say(&shop, "thank you").await;
    let answers = format!("return document.querySelectorAll('{ANSWER}').length");
    let before: u32 = shop.eval(&answers).await;
    shop.reload().await;
    open_chat(&shop).await;
    shop.see_text("[data-test=said]", "thank you").await;
    assert!(before >= 2, "a welcome and an answer: {before}");
    assert_eq!(shop.eval::<u32>(&answers).await, before, "welcomed once, not again");
    shop.click("[data-test=clear-button]").await;
    shop.gone("[data-test=said]").await;
    shop.see(ANSWER).await;
    shop.reload().await;
    open_chat(&shop).await;
    assert!(!shop.shows("[data-test=said]").await);
}

#[tokio::test]
async fn signing_out_ends_the_conversation() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", "ada@example.org", "a long password for tests").await;
    open_chat(&shop).await;
    say(&shop, "thank you").await;
    shop.key(Key::Escape).await;
    shop.sign_out().await;
    shop.until("nothing should be kept", NOTHING_KEPT).await;
    shop.click(LAUNCHER).await;
    shop.see(ANSWER).await;
    assert!(!shop.shows("[data-test=said]").await, "the next person reads it");
}

#[tokio::test]
async fn signing_out_in_another_tab_ends_the_conversation_here_too() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", "ada@example.org", "a long password for tests").await;
    let (first, second) = shop.new_tab().await;
    shop.visit("/").await;
    open_chat(&shop).await;
    say(&shop, "thank you").await;
    shop.show_tab(&first).await;
    shop.sign_out().await;
    shop.show_tab(&second).await;
    shop.gone("[data-test=said]").await;
    shop.until("nothing should be kept", NOTHING_KEPT).await;
    shop.until("nobody should be signed in here", "document.getElementById('account-dot').hidden").await;
    shop.reload().await;
    open_chat(&shop).await;
    assert!(!shop.shows("[data-test=said]").await, "the next person reads it");
}

#[tokio::test]
async fn what_a_tab_kept_goes_before_its_chat_has_come() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", "ada@example.org", "a long password for tests").await;
    open_chat(&shop).await;
    say(&shop, "thank you").await;
    // A chat that cannot be fetched, in a tab that has its history.
    shop.devtools("Network.enable", json!({})).await;
    shop.devtools("Network.setBlockedURLs", json!({ "urls": ["*/apps/bot/*"] })).await;
    shop.reload().await;
    shop.at("home").await;
    assert!(!shop.eval::<bool>(&format!("return {NOTHING_KEPT}")).await);
    shop.sign_out().await;
    shop.until("nothing should be kept", NOTHING_KEPT).await;
}

#[tokio::test]
async fn what_is_said_to_go_into_the_cart_is_in_it() {
    let shop = open().await;
    say(&shop, "dog beds under 50 dollars").await;
    say(&shop, "put it in the cart").await;
    shop.click_text("[data-test=chip]", "Sage").await;
    shop.see_text(ANSWER, "Size: which one?").await;
    say(&shop, "the small one").await;
    shop.see_text(ANSWER, "1 × Cloud Nine Dog Bed (Sage, S)").await;
    shop.until_badge(1).await;
    shop.see_text("[data-test=bot-status]", "cart").await;
    shop.click_text("[data-test=chip]", "Open the cart").await;
    shop.at("cart").await;
    shop.see_text("[data-app=cart]", "Cloud Nine Dog Bed").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn who_wants_a_person_finds_in_the_form_what_was_said() {
    let shop = open().await;
    say(&shop, "do you deliver to the moon").await;
    say(&shop, "I want to talk to a person").await;
    shop.click("[data-test=rich-button]").await;
    shop.at("contact").await;
    shop.until(
        "the form should have what was said",
        "['do you deliver to the moon', 'I want to talk to a person'].every((said) => document.querySelector('#contact-message')?.value.includes(said))",
    )
    .await;
}

#[tokio::test]
async fn whoever_is_signed_in_needs_not_type_their_address_to_find_their_order() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", "ada@example.org", "a long password for tests").await;
    shop.take_a_dog_bed().await;
    shop.go_to_payment().await;
    shop.click_text("[data-test=payment]", "on delivery").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/review").await;
    shop.click("[data-test=place-order]").await;
    let number = shop.see_confirmation().await;
    open_chat(&shop).await;
    say(&shop, &format!("where is my order {number}")).await;
    shop.click_text("[data-test=chip]", "ada@example.org").await;
    shop.see_text("[data-test=info]", &number).await;
}

#[tokio::test]
async fn german_is_spoken_and_what_was_typed_comes_back() {
    let shop = open().await;
    // By keys: what shows of it is the short form.
    shop.eval::<()>("document.querySelector('[data-test=bot-language]').focus()").await;
    shop.press("D").await;
    shop.until(
        "the chat should be German",
        "document.querySelector('[data-test=bot-panel]').closest('[lang=de]')",
    )
    .await;
    say(&shop, "Wann habt ihr geöffnet?").await;
    say(&shop, "danke").await;
    focus_is(&shop, INPUT).await;
    let value = "document.querySelector('[data-test=bot-input]').value";
    for (key, expected) in [
        (Key::Up, "danke"),
        (Key::Up, "Wann habt ihr geöffnet?"),
        (Key::Up, "Wann habt ihr geöffnet?"),
        (Key::Down, "danke"),
        (Key::Down, ""),
    ] {
        shop.key(key).await;
        assert_eq!(shop.eval::<String>(&format!("return {value}")).await, expected);
    }
}

#[tokio::test]
async fn it_speaks_the_language_of_the_page_unless_another_was_chosen_for_it() {
    let shop = open().await;
    say(&shop, "thank you").await;
    shop.key(Key::Escape).await;
    shop.click("[data-test=language-de]").await;
    shop.until("the page is German", "document.documentElement.lang === 'de'").await;
    open_chat(&shop).await;
    let german = "document.querySelector('[data-test=bot-panel]').closest('[lang=de]')";
    shop.until("the chat is German", german).await;
    shop.see_text("[data-test=said]", "thank you").await;
    assert!(!shop.shows("[data-test=chip]").await, "what could be said in English still shows");
    shop.eval::<()>("document.querySelector('[data-test=bot-language]').focus()").await;
    shop.press("E").await;
    let english = "document.querySelector('[data-test=bot-panel]').closest('[lang=en]')";
    shop.until("the chat is English", english).await;
    shop.reload().await;
    open_chat(&shop).await;
    shop.until("it is English still", english).await;
}

#[tokio::test]
async fn who_said_nothing_yet_is_welcomed_in_the_language_of_the_next_page() {
    let shop = open().await;
    shop.key(Key::Escape).await;
    shop.click("[data-test=language-de]").await;
    shop.until("the page is German", "document.documentElement.lang === 'de'").await;
    open_chat(&shop).await;
    shop.see_text(ANSWER, "Fakt").await;
    shop.see_text("[data-test=chip]", "Ein Witz").await;
    assert_eq!(shop.eval::<u32>(&format!("return document.querySelectorAll('{ANSWER}').length")).await, 1);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_not_sent_and_says_so() {
    let shop = open().await;
    shop.fill(INPUT, &"a".repeat(260)).await;
    shop.see_text("[data-test=bot-room]", "4 characters too many").await;
    shop.key(Key::Enter).await;
    assert!(!shop.shows("[data-test=said]").await);
    shop.fill(INPUT, &"a".repeat(250)).await;
    shop.see_text("[data-test=bot-room]", "6 characters left").await;
}

#[tokio::test]
async fn voice_waits_for_a_consent_that_says_where_the_sound_goes() {
    let shop = Shop::open().await;
    let fake = "window.webkitSpeechRecognition = window.SpeechRecognition = class { start() { window.heard = this; } abort() {} };
        window.said = []; Object.defineProperty(window, 'speechSynthesis', { value: { speak: (u) => said.push(u.text), cancel() { window.cancelled = true }, getVoices: () => [] } });";
    shop.devtools("Page.addScriptToEvaluateOnNewDocument", json!({ "source": fake })).await;
    shop.visit("/").await;
    open_chat(&shop).await;
    // What the page reads aloud by itself goes on when the chat is closed.
    focus_is(&shop, INPUT).await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=bot-panel]").await;
    assert!(!shop.eval::<bool>("return Boolean(window.cancelled)").await, "the page is silent");
    shop.click(LAUNCHER).await;
    shop.see("[data-test=bot-panel]").await;
    // What is faked above would not notice that the page forbids the real one.
    assert!(shop.eval::<bool>("return document.featurePolicy.allowsFeature('microphone')").await);
    shop.click("[data-test=bot-microphone]").await;
    shop.see_text("[data-test=bot-consent]", "Google, Microsoft or Apple").await;
    assert!(shop.eval::<bool>("return !window.heard").await, "it listens before it may");
    shop.key(Key::Escape).await;
    shop.gone("[data-test=bot-consent]").await;
    shop.see("[data-test=bot-panel]").await;
    shop.fill(INPUT, "well,").await;
    shop.click("[data-test=bot-microphone]").await;
    shop.click("[data-test=agree]").await;
    shop.until("it should listen", "window.heard").await;
    let hear = |text: &str, last: bool| {
        format!(
            "const result = Object.assign([{{ transcript: '{text}' }}], {{ isFinal: {last} }}); heard.onresult({{ results: [result] }})"
        )
    };
    let field = |text: &str| format!("document.querySelector('{INPUT}').value === '{text}'");
    shop.eval::<()>(&hear("thank you", true)).await;
    shop.until("what was heard should be behind what was written", &field("well, thank you")).await;
    // What is sent while it listens ends that.
    shop.click("[data-test=bot-microphone]").await;
    shop.until("it should listen again", "heard.onresult").await;
    shop.eval::<()>(&hear("very much", false)).await;
    shop.until("what was heard should be in the field", &field("well, thank you very much")).await;
    shop.click("[data-test=send-button]").await;
    shop.until("it should be closed", &format!("!heard.onresult && {}", field(""))).await;
    // That nothing was heard is seen, until something is said.
    shop.click("[data-test=bot-microphone]").await;
    shop.until("it should listen once more", "heard.onerror").await;
    shop.eval::<()>("heard.onerror()").await;
    let status = "document.querySelector('[data-test=bot-status]')";
    shop.until(
        "it should be seen that nothing was heard",
        &format!("{status}.innerText.includes('Nothing was heard') && {status}.clientHeight > 10"),
    )
    .await;
    shop.fill(INPUT, "thank you").await;
    shop.click("[data-test=voice-button]").await;
    shop.click("[data-test=agree]").await;
    shop.click("[data-test=send-button]").await;
    shop.until("the answer should be read aloud", "said.length > 0").await;
    assert_eq!(shop.eval::<String>(&format!("return {status}.innerText")).await, "");
    focus_is(&shop, INPUT).await;
    shop.key(Key::Escape).await;
    shop.until("nothing should be read any more", "window.cancelled").await;
}

async fn looks(screen: Screen, theme: Theme) {
    let shop = Shop::open().await;
    shop.screen(screen).await;
    shop.theme(theme).await;
    shop.visit("/").await;
    shop.at("home").await;
    see_launcher(&shop).await;
    shop.keep_screen("bot-closed", screen, theme).await;
    let mut found = axe::violations(&shop).await;
    open_chat(&shop).await;
    shop.keep_screen("bot-welcome", screen, theme).await;
    found.extend(axe::violations(&shop).await);
    say(&shop, "what are your opening hours").await;
    say(&shop, "dog beds under 50 dollars").await;
    shop.keep_screen("bot-answers", screen, theme).await;
    found.extend(axe::violations(&shop).await);
    shop.fill(INPUT, &"too long ".repeat(40)).await;
    shop.keep_screen("bot-too-long", screen, theme).await;
    found.extend(axe::violations(&shop).await);
    assert!(found.is_empty(), "{found:#?}");
    assert!(shop.wider_than_the_screen().await.is_empty());
}

#[tokio::test]
async fn no_violations_on_a_phone_in_the_light() {
    looks(Screen::Phone, Theme::Light).await;
}

#[tokio::test]
async fn no_violations_on_a_narrow_phone_in_the_dark() {
    looks(Screen::Narrow, Theme::Dark).await;
}

#[tokio::test]
async fn no_violations_on_a_desktop_in_the_light() {
    looks(Screen::Desktop, Theme::Light).await;
}

#[tokio::test]
async fn no_violations_on_a_desktop_in_the_dark() {
    looks(Screen::Desktop, Theme::Dark).await;
}
