//! An account, as its owner uses it: a forgotten password, other browsers, addresses, and leaving.

use tests::{Browser, Fault, Hostile, Key, Shop};

const EMAIL: &str = "ada@example.org";

/// The link in a mail.
fn link(mail: &str) -> String {
    mail.split_whitespace().find(|word| word.contains("/#/account/")).expect("a link").to_owned()
}

/// Whom the server takes this browser for.
const WHOSE: &str = "return (await (await fetch('/api/v1/session')).json()).account";

/// Whether the header knows somebody.
async fn until_signed_in(shop: &Shop, signed_in: bool) {
    let hidden = "document.getElementById('account-dot').hidden";
    shop.until(
        if signed_in { "somebody should be signed in" } else { "nobody should be signed in" },
        &format!("{hidden} === {}", !signed_in),
    )
    .await;
}

#[tokio::test]
async fn a_forgotten_password_is_set_anew_by_mail() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.sign_out().await;

    shop.open_account_menu().await;
    shop.click("[data-test=sign-in]").await;
    shop.click("[data-test=forgotten]").await;
    shop.until_hash("#/account/forgotten").await;
    shop.until("the dialog is out of the way", "!document.querySelector('dialog[open]')").await;
    shop.fill("#forgotten-email", EMAIL).await;
    shop.click("[data-test=forgotten-send]").await;
    shop.see_text("[data-test=forgotten-sent]", EMAIL).await;
    shop.until("the answer should have the focus", "document.activeElement?.id === 'forgotten-sent'").await;

    let mail = shop.server.mail(1).await;
    assert!(mail.contains(&format!("To: {EMAIL}")), "{mail}");
    shop.browser.open("about:blank").await;
    shop.browser.open(&link(&mail)).await;
    shop.at("account").await;
    shop.fill("#reset-password", "short").await;
    shop.click("[data-test=reset-send]").await;
    shop.see_text("#reset-password-error", "at least 10").await;
    shop.fill("#reset-password", "battery staple").await;
    shop.click("[data-test=reset-send]").await;
    shop.see("[data-test=reset-done]").await;
    shop.until_hash("#/account/reset?done=1").await;
    shop.click("[data-test=reset-sign-in]").await;
    shop.fill("[data-test=sign-in-email]", EMAIL).await;
    shop.fill("[data-test=sign-in-password]", "battery staple").await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.until_hash("#/account").await;
    shop.see_text("[data-app=account]", EMAIL).await;

    // The link is worn out.
    shop.browser.open("about:blank").await;
    shop.browser.open(&link(&mail)).await;
    shop.fill("#reset-password", "another staple").await;
    shop.click("[data-test=reset-send]").await;
    shop.see_text("#reset-trouble", "E440").await;
    shop.see("a.button[data-test=reset-another]").await;
    assert!(shop.server.mail(2).await.contains("Your password was changed"));
}

#[tokio::test]
async fn whoever_is_still_signed_in_sets_a_password_anew_in_the_same_tab() {
    let shop = Shop::open().await;
    shop.visit("/#/account/forgotten").await;
    shop.at("account").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.fill("#forgotten-email", EMAIL).await;
    shop.click("[data-test=forgotten-send]").await;
    let mail = shop.server.mail(1).await;
    shop.follow("/account/reset").await;
    shop.see("[data-test=reset-no-link]").await;
    let link = link(&mail);
    let (_, hash) = link.split_once('#').expect("a link into the shop");
    shop.eval_with::<()>("location.hash = arguments[0]", vec![hash.into()]).await;
    shop.fill("#reset-password", "battery staple").await;
    shop.eval::<()>("document.querySelector('[data-app=account] .page').id = 'before'").await;
    shop.click("[data-test=reset-send]").await;
    until_signed_in(&shop, false).await;
    shop.gone("#before").await;
    shop.see("[data-test=reset-done]").await;
    shop.until_hash("#/account/reset?done=1").await;
}

#[tokio::test]
async fn changing_the_password_signs_other_browsers_out() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    let other = Browser::start().await;
    other.open(&format!("{}/", shop.server.origin())).await;
    let script = "return (await fetch('/api/v1/session', { method: 'POST', headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ email: arguments[0], password: 'correct horse' }) })).status";
    assert_eq!(other.eval_with::<u16>(script, vec![EMAIL.into()]).await, 200);

    shop.follow("/account/security").await;
    shop.until("both browsers are listed", "document.querySelectorAll('[data-test=session]').length === 2")
        .await;
    shop.see_text("[data-test=session]", "This browser").await;
    shop.fill("#present-password", "wrong horse").await;
    shop.fill("#new-password", "battery staple").await;
    shop.click("[data-test=change-password]").await;
    shop.see_text("#present-password-error", "Not the present password").await;
    shop.fill("#present-password", "correct horse").await;
    shop.click("[data-test=change-password]").await;
    shop.see_text("[data-test=toasts]", "Your password is changed").await;
    shop.until("only this browser is left", "document.querySelectorAll('[data-test=session]').length === 1")
        .await;
    until_signed_in(&shop, true).await;
    assert!(other.eval::<Option<serde_json::Value>>(WHOSE).await.is_none());
}

#[tokio::test]
async fn addresses_are_kept_and_changed() {
    let shop = Shop::open().await;
    shop.visit("/#/account/addresses").await;
    shop.see("[data-test=signed-out]").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.click("[data-test=address-add]").await;
    shop.until("the form should have the focus", "document.activeElement?.id === 'address-name'").await;
    // The name is known; of what is missing the country is the first.
    shop.click("[data-test=address-save]").await;
    shop.until("what is missing first has the focus", "document.activeElement?.id === 'address-country'")
        .await;
    shop.save_address("Lane 1").await;
    shop.click("[data-test=address-add]").await;
    shop.save_address("Lane 2").await;
    // What another tab has changed meanwhile stays changed.
    let elsewhere = "const path = '/api/v1/account/addresses';
        const { id, address } = (await (await fetch(path)).json()).find((saved) => saved.address.street === 'Lane 2');
        const body = JSON.stringify({ address: { ...address, street: 'Lane 3' } });
        return (await fetch(`${path}/${id}`, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body })).status";
    assert_eq!(shop.eval::<u16>(elsewhere).await, 200);
    shop.click("[data-test=address-prefer]").await;
    shop.until(
        "the second one stands first",
        "document.querySelector('[data-test=address]')?.textContent.includes('Lane 3')",
    )
    .await;
    shop.click("[data-test=address-change]").await;
    shop.save_address("Road 2").await;
    shop.click("[data-test=address-remove]").await;
    shop.until("one is left", "document.querySelectorAll('[data-test=address]').length === 1").await;
    shop.see_text("[data-test=address]", "Lane 1").await;
    shop.reload().await;
    shop.see_text("[data-test=address]", "Used first").await;

    // What is done to the list meanwhile does not close the form, nor does a second click fail.
    let remove_and_write =
        "const remove = document.querySelector('[data-test=address-remove]'); remove.click(); remove.click();
        document.querySelector('[data-test=address-add]').click()";
    shop.eval::<()>(remove_and_write).await;
    shop.see_text("[data-test=toasts]", "The address is gone").await;
    assert!(!shop.shows("[data-test=toasts] [data-level=error]").await, "the second click was heard");
    shop.save_address("Lane 1").await;

    // What another tab has removed meanwhile is removed.
    shop.click("[data-test=address-add]").await;
    shop.save_address("Lane 4").await;
    let elsewhere = "const path = '/api/v1/account/addresses';
        const { id } = (await (await fetch(path)).json()).find((saved) => saved.address.street === 'Lane 4');
        return (await fetch(`${path}/${id}`, { method: 'DELETE' })).status";
    assert_eq!(shop.eval::<u16>(elsewhere).await, 204);
    shop.click("[data-test=address]:nth-child(2) [data-test=address-remove]").await;
    shop.until("one is left", "document.querySelectorAll('[data-test=address]').length === 1").await;
    assert!(!shop.shows("[data-test=toasts] [data-level=error]").await, "it is gone, as was asked for");

    shop.take_a_dog_bed().await;
    shop.open_cart().await;
    shop.click("[data-test=checkout]").await;
    shop.see_text("[data-test=saved-addresses]", "Lane 1").await;
    shop.until("it is filled in", "document.getElementById('checkout-street').value === 'Lane 1'").await;
    shop.click("[data-test=continue]").await;
    shop.until_hash("#/checkout/delivery").await;
}

#[tokio::test]
async fn a_late_answer_leaves_alone_what_is_written_now() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/#/account/addresses", hostile.origin())).await;
    shop.see("[data-test=signed-out]").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.click("[data-test=address-add]").await;
    for (field, value) in [
        ("name", "Ada"),
        ("street", "Lane 1"),
        ("postcode", "10115"),
        ("city", "Berlin"),
        ("country", "Germany"),
    ] {
        shop.fill(&format!("#address-{field}"), value).await;
    }
    hostile.damage("/api/v1/account/addresses", Fault::Held);
    shop.click("[data-test=address-save]").await;
    shop.click("[data-test=address-cancel]").await;
    shop.click("[data-test=address-add]").await;
    shop.fill("#address-street", "Lane 2").await;
    hostile.heal();
    shop.see_text("[data-test=toasts]", "The address is saved").await;
    shop.until_idle().await;
    let typed = "return [document.activeElement.id, document.activeElement.value]";
    assert_eq!(shop.eval::<[String; 2]>(typed).await, ["address-street", "Lane 2"]);
    shop.click("[data-test=address-cancel]").await;
    shop.see_text("[data-test=address]", "Lane 1").await;
}

#[tokio::test]
async fn an_account_is_taken_along_and_deleted() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.open_account_menu().await;
    shop.click("[data-test=account-link]").await;
    shop.until_hash("#/account").await;
    shop.click_text("[data-app=account] .tile", "Name and data").await;
    shop.until_hash("#/account/data").await;
    shop.until("the focus should be on the heading", "document.activeElement?.localName === 'h1'").await;

    let export = "const link = document.querySelector('[data-test=export]');
        const answer = await fetch(link.href);
        return [link.download, answer.headers.get('content-disposition'), (await answer.json()).account.email]";
    let found: Vec<String> = shop.eval(export).await;
    assert_eq!(found, ["menagerie-account.json", "attachment; filename=\"menagerie-account.json\"", EMAIL]);

    shop.fill("#own-name", "Ada L.").await;
    shop.click("[data-test=save-name]").await;
    shop.until(
        "the header knows the new name",
        "document.getElementById('account-name').textContent === 'Ada L.'",
    )
    .await;
    shop.until_idle().await;
    shop.until("the focus stays on the button", "document.activeElement?.dataset.test === 'save-name'").await;

    shop.click("[data-test=delete]").await;
    shop.fill("#deletion-password", "wrong horse").await;
    shop.click("[data-test=delete-confirm]").await;
    shop.see_text("#deletion-password-error", "Not the present password").await;
    shop.fill("#deletion-password", "correct horse").await;
    shop.click("[data-test=delete-confirm]").await;
    shop.until_hash("#/").await;
    until_signed_in(&shop, false).await;
    shop.see_text("[data-test=toasts]", "Your account is deleted").await;
    shop.sign_in(EMAIL, "correct horse").await;
    shop.see_text("[data-test=sign-in-error]", "E411").await;
    assert!(shop.server.mail(1).await.contains("Your account is deleted"));
}

#[tokio::test]
async fn what_somebody_typed_goes_with_them() {
    let shop = Shop::open().await;
    shop.visit("/#/account/security").await;
    shop.see("[data-test=signed-out]").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.fill("#present-password", "correct horse").await;
    // As a store does where the browser takes nothing.
    shop.eval::<()>("window['menagerie/personal/specimen/1'] = '{}'").await;
    shop.sign_out().await;
    shop.see("[data-test=signed-out]").await;
    assert!(shop.eval::<bool>("return window['menagerie/personal/specimen/1'] === null").await);
    shop.open_account_menu().await;
    shop.click("[data-test=sign-in]").await;
    shop.see("[data-test=sign-in-email]").await;
    let typed = "return ['name', 'email', 'password'].map((name) => document.getElementById(`sign-in-${name}`).value).join('')";
    assert_eq!(shop.eval::<String>(typed).await, "");
    shop.click("#sign-in-close").await;
    shop.sign_up("Eve", "eve@example.org", "a horse of hers").await;
    shop.see("#present-password").await;
    assert_eq!(shop.eval::<String>("return document.querySelector('#present-password').value").await, "");
}

#[tokio::test]
async fn a_session_that_ended_elsewhere_leaves_nothing_and_can_begin_again() {
    let shop = Shop::open().await;
    let keep = "localStorage.setItem('menagerie/personal/specimen/1', '{}')";
    let kept = "return 'menagerie/personal/specimen/1' in localStorage";
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.eval::<()>(keep).await;
    // The page knows nothing of it.
    assert_eq!(shop.ask("DELETE", "/session").await, 200);
    shop.follow("/account/addresses").await;
    shop.click("[data-test=account-sign-in]").await;
    shop.see("[data-test=sign-in-email]").await;
    until_signed_in(&shop, false).await;
    assert!(!shop.eval::<bool>(kept).await);
    shop.fill("[data-test=sign-in-email]", EMAIL).await;
    shop.fill("[data-test=sign-in-password]", "correct horse").await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.see("[data-test=address-add]").await;

    // It ended while no page was open.
    shop.eval::<()>(keep).await;
    assert_eq!(shop.ask("DELETE", "/session").await, 200);
    shop.reload().await;
    shop.see("[data-test=signed-out]").await;
    shop.until("what was kept of Ada should go", &format!("!({})", kept.trim_start_matches("return "))).await;
}

#[tokio::test]
async fn that_a_session_ended_elsewhere_shows_in_the_cart_and_at_buttons() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.take_a_dog_bed().await;
    assert_eq!(shop.ask("DELETE", "/session").await, 200);
    shop.open_cart().await;
    until_signed_in(&shop, false).await;

    shop.sign_in(EMAIL, "correct horse").await;
    until_signed_in(&shop, true).await;
    shop.until_badge(1).await;
    shop.visit("/#/account/addresses").await;
    shop.click("[data-test=address-add]").await;
    shop.save_address("Lane 1").await;
    assert_eq!(shop.ask("DELETE", "/session").await, 200);
    shop.click("[data-test=address-remove]").await;
    shop.see("[data-test=account-sign-in]").await;
    until_signed_in(&shop, false).await;
}

#[tokio::test]
async fn whoever_turns_out_to_be_signed_in_is_not_asked_to_sign_in() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    let front = format!("{}/", hostile.origin());
    shop.open(&front).await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    // Of who is here the page hears late.
    hostile.damage("/api/v1/session", Fault::Held);
    shop.open(&front).await;
    shop.at("home").await;
    shop.open_account_menu().await;
    shop.click("[data-test=sign-in]").await;
    shop.see("[data-test=sign-in-dialog]").await;
    hostile.heal();
    shop.gone("[data-test=sign-in-dialog]").await;
    until_signed_in(&shop, true).await;
}

#[tokio::test]
async fn a_page_that_the_browser_kept_shows_nobody_who_is_gone() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    // Another page of this tab signed out meanwhile, and this one heard nothing.
    assert_eq!(shop.ask("DELETE", "/session").await, 200);
    shop.eval::<()>("localStorage.removeItem('menagerie/person')").await;
    shop.eval::<()>("dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))").await;
    until_signed_in(&shop, false).await;
}

#[tokio::test]
async fn a_page_that_the_browser_kept_takes_nothing_from_who_signed_in_meanwhile() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    // Another page of this tab signed in meanwhile, and this one heard nothing.
    let sign_up = "const answer = await fetch('/api/v1/accounts', { method: 'POST', headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ name: 'Ada', email: arguments[0], password: 'correct horse' }) });
        localStorage.setItem('menagerie/person', arguments[1]);
        localStorage.setItem('menagerie/personal/specimen/1', '{}');
        dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }));
        return answer.ok";
    let person = contract::rollout::draw(EMAIL, "menagerie/person").to_string();
    assert!(shop.eval_with::<bool>(sign_up, vec![EMAIL.into(), person.into()]).await);
    until_signed_in(&shop, true).await;
    assert!(shop.eval::<bool>("return 'menagerie/personal/specimen/1' in localStorage").await);
}

#[tokio::test]
async fn a_sign_in_that_hangs_can_be_closed_and_begun_again() {
    let shop = Shop::open().await;
    let hostile = Hostile::before(shop.server.origin()).await;
    shop.open(&format!("{}/", hostile.origin())).await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.sign_out().await;
    until_signed_in(&shop, false).await;
    hostile.damage("/api/v1/session", Fault::Silent);
    shop.sign_in(EMAIL, "correct horse").await;
    shop.see_text("[data-test=sign-in-submit]", "One moment…").await;
    shop.key(Key::Escape).await;
    shop.gone("[data-test=sign-in-dialog]").await;
    hostile.heal();
    shop.sign_in(EMAIL, "correct horse").await;
    until_signed_in(&shop, true).await;
}

#[tokio::test]
async fn tabs_hear_of_a_sign_in_and_a_sign_out_waits_for_the_connection() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    let (old, new) = shop.new_tab().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    shop.show_tab(&old).await;
    until_signed_in(&shop, true).await;

    shop.set_offline(true).await;
    shop.open_account_menu().await;
    shop.click("[data-test=sign-out]").await;
    shop.see_text("[data-test=toasts]", "You are still signed in").await;
    until_signed_in(&shop, true).await;
    shop.set_offline(false).await;
    until_signed_in(&shop, false).await;
    shop.show_tab(&new).await;
    until_signed_in(&shop, false).await;
}

#[tokio::test]
async fn a_sign_out_is_told_when_the_page_comes_again() {
    let shop = Shop::open().await;
    shop.visit("/").await;
    shop.at("home").await;
    shop.sign_up("Ada", EMAIL, "correct horse").await;
    // The page was closed before the server could be told.
    shop.eval::<()>("localStorage.setItem('menagerie/leaving', '1')").await;
    assert!(shop.eval::<Option<serde_json::Value>>(WHOSE).await.is_some());
    shop.reload().await;
    shop.until("it is told", "!localStorage.getItem('menagerie/leaving')").await;
    assert!(shop.eval::<Option<serde_json::Value>>(WHOSE).await.is_none());
    until_signed_in(&shop, false).await;
}
