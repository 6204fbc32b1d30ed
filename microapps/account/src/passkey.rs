//! Having a device make a passkey, by the browser's own interface (Web Authentication, level 3).

use contract::code;
use js_sys::{Object, Promise};
use microapp::{
    Host,
    api::{self, Answer, ApiError, Method},
    property, t,
};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_namespace = PublicKeyCredential, js_name = parseCreationOptionsFromJSON, catch)]
    fn parse(options: &JsValue) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(js_namespace = ["navigator", "credentials"], catch)]
    fn create(options: &JsValue) -> Result<Promise, JsValue>;
}

/// What stands in the way of passkeys in this browser.
pub fn hindrance() -> Option<String> {
    let window = web_sys::window()?;
    if !window.is_secure_context() {
        return Some(t("Passkeys need a secure connection: open the shop by its https address."));
    }
    let class = property::get(&window, "PublicKeyCredential");
    let known = class.is_function() && property::get(&class, "parseCreationOptionsFromJSON").is_function();
    (!known).then(|| t("This browser cannot make passkeys. A current Chrome, Edge, Firefox or Safari can."))
}

/// Has a passkey made, and keeps it.
pub fn add(host: Host, password: String) -> Answer<()> {
    Box::pin(added(host, password))
}

async fn added(host: Host, password: String) -> Result<(), ApiError> {
    let form = object(&[("password", password.into())]);
    let asked = api::send_js(host, Method::POST, "/account/passkeys/options", &form).await?;
    let options = parse(&property::get(&asked, "options")).map_err(refused)?;
    // The call itself may throw, which an `async` import does not take.
    let making = create(&object(&[("publicKey", options)])).map_err(refused)?;
    let credential = JsFuture::from(making).await.map_err(refused)?;
    // As JSON it is what its `toJSON` gives.
    let form = object(&[("ceremony", property::get(&asked, "ceremony")), ("credential", credential)]);
    api::send_js(host, Method::POST, "/account/passkeys", &form).await.map(drop)
}

/// Why the browser gave none, in words that say what to do.
fn refused(error: JsValue) -> ApiError {
    match property::get(&error, "name").as_string().unwrap_or_default().as_str() {
        "InvalidStateError" => {
            ApiError::new(code::PASSKEY_KNOWN, t("This device has a passkey of your account already."))
        }
        "NotAllowedError" | "AbortError" => ApiError::new(
            code::PASSKEY_UNANSWERED,
            t("No passkey was made: the browser's question was closed, or nobody answered it in time."),
        ),
        _ => ApiError::new(
            code::PASSKEYS_UNSUPPORTED,
            t("This browser or device cannot make a passkey for the shop. Try another one."),
        ),
    }
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        property::set(&object, name, value);
    }
    object.into()
}
