//! Asking the browser for a passkey (Web Authentication, level 3).

use crate::{browser, session::Problem};
use contract::code;
use js_sys::Object;
use locale::t;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    // Where a browser has no passkeys there is no such thing, and the call fails as any other may.
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseRequestOptionsFromJSON, catch)]
    fn parse(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], catch)]
    async fn get(options: &JsValue) -> Result<JsValue, JsValue>;
}

/// The browser's answer to a challenge of the shop, as the shop takes it.
pub async fn answer(challenge: &JsValue) -> Result<Object, Problem> {
    let options = Object::new();
    browser::set(&options, "publicKey", parse(&browser::property(challenge, "options")).map_err(refused)?);
    let credential = get(&options).await.map_err(refused)?;
    let answer = Object::new();
    browser::set(&answer, "ceremony", browser::property(challenge, "ceremony"));
    // As JSON it is what its `toJSON` gives.
    browser::set(&answer, "credential", credential);
    Ok(answer)
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
