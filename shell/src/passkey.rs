//! Asking the browser for a passkey (Web Authentication, level 3).

use crate::{browser, session::Problem};
use contract::code;
use js_sys::{Object, Promise};
use locale::t;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    // Where a browser has no passkeys there is no such thing, and the call fails as any other may.
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn parse(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = isConditionalMediationAvailable, catch)]
    fn offers_in_fields() -> Result<Promise, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], catch)]
    fn get(options: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(js_name = AbortController)]
    type Controller;
    #[wasm_bindgen(constructor, js_class = AbortController)]
    fn new() -> Controller;
    #[wasm_bindgen(method)]
    fn abort(this: &Controller);
    #[wasm_bindgen(method, getter)]
    fn signal(this: &Controller) -> JsValue;
}

/// A question for a passkey that asks nothing of anybody: the browser has it among what it offers for a field with
/// `autocomplete="… webauthn"`. It ends when it is dropped: a browser asks one question at a time.
pub struct Offer(Controller);

impl Offer {
    /// A question to come; nothing where the browser cannot put it so.
    pub async fn new() -> Option<Self> {
        let able = settled(offers_in_fields()).await.is_ok_and(|able| able.is_truthy());
        able.then(|| Self(Controller::new()))
    }

    /// What makes [`answer`] wait for this one.
    pub fn signal(&self) -> JsValue {
        self.0.signal()
    }
}

impl Drop for Offer {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The browser's answer to a challenge of the shop, as the shop takes it. It asks at once, or, with the signal of an
/// [`Offer`], in the fields.
pub async fn answer(challenge: &JsValue, offer: Option<&JsValue>) -> Result<Object, Problem> {
    let options = Object::new();
    browser::set(&options, "publicKey", parse(&browser::property(challenge, "options")).map_err(refused)?);
    if let Some(signal) = offer {
        browser::set(&options, "mediation", "conditional");
        browser::set(&options, "signal", signal);
    }
    let credential = settled(get(&options)).await.map_err(refused)?;
    let answer = Object::new();
    browser::set(&answer, "ceremony", browser::property(challenge, "ceremony"));
    // As JSON it is what its `toJSON` gives.
    browser::set(&answer, "credential", credential);
    Ok(answer)
}

/// What a call comes to, which may throw at once. (An `async` import takes no such error: it ends the task that made it.)
async fn settled(call: Result<Promise, JsValue>) -> Result<JsValue, JsValue> {
    JsFuture::from(call?).await
}

fn refused(error: JsValue) -> Problem {
    match browser::text(&error, "name").unwrap_or_default().as_str() {
        "NotAllowedError" | "AbortError" => Problem::new(
            code::PASSKEY_UNANSWERED,
            &t(
                "You are not signed in: the browser's question was closed, or there is no passkey of the shop here.",
            ),
        ),
        _ => Problem::new(
            code::PASSKEYS_UNSUPPORTED,
            &t("This browser cannot use passkeys here. Sign in with your password."),
        ),
    }
}
