//! The language of the page. The server chose it: what the visitor took here before, else what their browser asks for.

use crate::{browser, page::Shell};
use js_sys::JSON;

/// The cookie that tells the server; it is no secret, and scripts write it.
const COOKIE: &str = "menagerie_language";
/// How long a choice lasts, in seconds.
const YEAR: u32 = 365 * 24 * 60 * 60;

/// What stands in the page's `lang`: `en-GB`, `de`.
pub fn tag() -> String {
    let root = browser::document().document_element();
    root.and_then(|root| root.get_attribute("lang")).unwrap_or_else(|| "en".to_owned())
}

/// The language without its region: `en`, `de`.
pub fn now() -> String {
    let tag = tag();
    tag.split('-').next().unwrap_or_default().to_owned()
}

/// Speaks the language of the page, with the texts that came in it.
pub fn begin() {
    let texts = browser::document().get_element_by_id("texts").and_then(|element| element.text_content());
    if let Some(texts) = texts.and_then(|texts| JSON::parse(&texts).ok()) {
        locale::speak(&now(), texts);
    }
}

/// Lets the visitor choose: the page is loaded anew, and everything that is kept is kept. Whoever has unsaved work is asked
/// before: a choice that was noted would change what the server says on a page that stays.
pub fn choices(shell: Shell) {
    for button in browser::all("[data-language]") {
        let code = button.get_attribute("data-language").unwrap_or_default();
        browser::listen(&button, "click", move |_| {
            let secure = if browser::window().is_secure_context() { ";secure" } else { "" };
            let cookie = format!("{COOKIE}={code};path=/;max-age={YEAR};samesite=lax{secure}");
            browser::spawn(async move {
                if shell.holds.any() && !shell.holds.may_leave().await {
                    return;
                }
                shell.holds.let_go();
                browser::set(&browser::document(), "cookie", cookie);
                let _ = browser::window().location().reload();
            });
        });
    }
}
