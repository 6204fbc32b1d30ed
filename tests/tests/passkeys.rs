//! Passkeys, with Chromium's own virtual device.

use serde_json::json;
use tests::Shop;

const EMAIL: &str = "ada@example.org";
const PASSWORD: &str = "correct horse";

/// A shop that is open by its name, as passkeys want it, with nobody signed in.
async fn open() -> Shop {
    let shop = Shop::open().await;
    shop.devtools("WebAuthn.enable", json!({})).await;
    let home = shop.server.origin().replace("127.0.0.1", "localhost");
    shop.browser.open(&home).await;
    shop.at("home").await;
    shop
}

/// Plugs in a device that knows its owner; its name in Chromium.
async fn device(shop: &Shop) -> String {
    let options = json!({
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true,
        "isUserVerified": true, "automaticPresenceSimulation": true,
    });
    let answer = shop.devtools("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await;
    answer["authenticatorId"].as_str().expect("a device").to_owned()
}

async fn begin_to_add(shop: &Shop, password: &str) {
    shop.fill("#passkey-password", password).await;
    shop.click("[data-test=passkey-make]").await;
}

async fn open_dialog(shop: &Shop) {
    shop.open_account_menu().await;
    shop.click("[data-test=sign-in]").await;
}

/// By the button, in a browser that offers no passkeys in fields.
async fn sign_in(shop: &Shop) {
    shop.eval::<()>("delete PublicKeyCredential.isConditionalMediationAvailable").await;
    open_dialog(shop).await;
    shop.click("[data-test=sign-in-passkey]").await;
}

#[tokio::test]
async fn a_passkey_is_added_signs_in_and_is_removed() {
    let shop = open().await;
    device(&shop).await;
    shop.sign_up("Ada", EMAIL, PASSWORD).await;
    shop.follow("/account/security").await;
    shop.click("[data-test=passkey-add]").await;
    shop.until("the form should have the focus", "document.activeElement?.id === 'passkey-password'").await;
    begin_to_add(&shop, "wrong horse").await;
    shop.see_text("#passkey-password-error", "Not the present password").await;
    begin_to_add(&shop, PASSWORD).await;
    shop.see_text("[data-test=toasts]", "Your passkey is added").await;
    shop.see_text("[data-test=passkey]", "not used yet").await;
    assert!(shop.server.mail(1).await.contains("A passkey was added to your account"));

    shop.click("[data-test=passkey-rename]").await;
    shop.fill("#passkey-name", "My laptop").await;
    shop.click("[data-test=passkey-save]").await;
    shop.see_text("[data-test=passkey]", "My laptop").await;
    // The same device makes no second one.
    shop.click("[data-test=passkey-add]").await;
    begin_to_add(&shop, PASSWORD).await;
    shop.see_text("#passkey-trouble", "E446").await;
    shop.click("[data-test=passkey-cancel]").await;
    shop.sign_out().await;

    shop.follow("/").await;
    shop.at("home").await;
    shop.search("dog bed").await;
    shop.open_product("Cloud Nine Dog Bed").await;
    shop.add_to_cart().await;
    sign_in(&shop).await;
    shop.see_text("[data-test=toasts]", "Hello, Ada").await;
    shop.until("the dialog is out of the way", "!document.querySelector('dialog[open]')").await;
    shop.until_badge(1).await;
    shop.follow("/account/security").await;
    shop.see_text("[data-test=passkey]", "last used").await;
    shop.see_text("[data-test=session]", "This browser").await;

    shop.click("[data-test=passkey-remove]").await;
    shop.gone("[data-test=passkey]").await;
    shop.see_text("[data-test=toasts]", "opens nothing any more").await;
    shop.sign_out().await;
    sign_in(&shop).await;
    shop.see_text("[data-test=sign-in-error]", "E444").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn a_passkey_is_offered_in_the_field() {
    let shop = open().await;
    let device = device(&shop).await;
    shop.sign_up("Ada", EMAIL, PASSWORD).await;
    shop.follow("/account/security").await;
    shop.click("[data-test=passkey-add]").await;
    begin_to_add(&shop, PASSWORD).await;
    shop.see_text("[data-test=passkey]", "not used yet").await;
    shop.sign_out().await;

    // Whoever does not choose it signs in as ever.
    let chosen = |is: bool| json!({ "authenticatorId": device, "enabled": is });
    shop.devtools("WebAuthn.setAutomaticPresenceSimulation", chosen(false)).await;
    open_dialog(&shop).await;
    shop.fill("[data-test=sign-in-email]", EMAIL).await;
    shop.fill("[data-test=sign-in-password]", PASSWORD).await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.see_text("[data-test=toasts]", "Hello, Ada").await;
    shop.sign_out().await;

    // Whoever does needs nothing else.
    shop.devtools("WebAuthn.setAutomaticPresenceSimulation", chosen(true)).await;
    open_dialog(&shop).await;
    shop.until("the dialog is out of the way", "!document.querySelector('dialog[open]')").await;
    shop.follow("/account/security").await;
    shop.see_text("[data-test=passkey]", "last used").await;

    // One that the shop no longer knows is refused, once, and the password is still there.
    shop.click("[data-test=passkey-remove]").await;
    shop.gone("[data-test=passkey]").await;
    shop.sign_out().await;
    open_dialog(&shop).await;
    shop.see_text("[data-test=sign-in-error]", "E444").await;
    shop.fill("[data-test=sign-in-email]", EMAIL).await;
    shop.fill("[data-test=sign-in-password]", PASSWORD).await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.until("the dialog is out of the way", "!document.querySelector('dialog[open]')").await;
    shop.assert_no_complaints().await;
}

#[tokio::test]
async fn what_stands_in_the_way_is_said() {
    let shop = open().await;
    let device = device(&shop).await;
    shop.sign_up("Ada", EMAIL, PASSWORD).await;
    shop.follow("/account/security").await;
    shop.see("[data-test=passkey-add]").await;
    // Somebody else holds the device.
    shop.devtools("WebAuthn.setUserVerified", json!({ "authenticatorId": device, "isUserVerified": false }))
        .await;
    shop.click("[data-test=passkey-add]").await;
    begin_to_add(&shop, PASSWORD).await;
    shop.see_text("#passkey-trouble", "E242").await;
    shop.sign_out().await;
    sign_in(&shop).await;
    shop.see_text("[data-test=sign-in-error]", "E242").await;

    // A browser from before there were passkeys.
    shop.eval::<()>("delete window.PublicKeyCredential").await;
    shop.click("[data-test=sign-in-passkey]").await;
    shop.see_text("[data-test=sign-in-error]", "E241").await;
    shop.fill("[data-test=sign-in-email]", EMAIL).await;
    shop.fill("[data-test=sign-in-password]", PASSWORD).await;
    shop.click("[data-test=sign-in-submit]").await;
    shop.see_text("[data-test=toasts]", "Hello, Ada").await;
    shop.follow("/account/data").await;
    shop.see("[data-test=export]").await;
    shop.follow("/account/security").await;
    shop.see_text("[data-test=passkeys-unsupported]", "This browser cannot make passkeys").await;
    // What the browser throws at once is taken too.
    shop.assert_no_complaints().await;

    // A number is no name.
    shop.visit("/").await;
    shop.at("home").await;
    sign_in(&shop).await;
    let address = shop.server.origin().replace("127.0.0.1", "localhost");
    shop.see_text("[data-test=sign-in-error]", &format!("Passkeys work at {address} only")).await;
    shop.see_text("[data-test=sign-in-error]", "E447").await;
}
