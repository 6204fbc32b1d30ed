//! Who is signed in, signing out, and the theme. A native popover: it closes by Escape, by a click
//! elsewhere, and gives the focus back.

use super::on_click;
use crate::{browser, navigation, page::Shell};
use locale::{t, t_with};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::HtmlInputElement;

pub fn begin(shell: Shell) {
    on_click("sign-in", move || {
        close();
        let asked = shell.page().session.ask_sign_in(shell);
        // Closing the dialog without signing in is nobody's error here.
        browser::spawn(async move { drop(JsFuture::from(asked).await) });
    });
    on_click("account-link", close);
    on_click("sign-out", move || {
        close();
        browser::spawn(async move {
            if shell.holds.any() && !shell.holds.may_leave().await {
                return;
            }
            match shell.page().session.sign_out(shell).await {
                Ok(()) => shell.notices.success(t("You are signed out.")),
                Err(problem) => {
                    let why = if problem.is_unreachable() {
                        t("You are signed out as soon as the shop can be reached.")
                    } else {
                        format!("{} ({})", problem.title, problem.code)
                    };
                    shell.notices.warn(t_with("You are still signed in. {reason}", &[("reason", &why)]));
                }
            }
        });
    });
    follow_account(shell);
    themes(shell);
}

fn follow_account(shell: Shell) {
    let [button, dot, who, name, email, link, sign_in, sign_out] = [
        "account-button",
        "account-dot",
        "account-who",
        "account-name",
        "account-email",
        "account-link",
        "sign-in",
        "sign-out",
    ]
    .map(browser::by_id);
    shell.page().session.account.follow(move |account| {
        let nobody = account.is_none();
        for element in [&dot, &who, &link, &sign_out] {
            element.set_hidden(nobody);
        }
        sign_in.set_hidden(!nobody);
        let (label, own_name, own_email) = match account {
            None => (t("Account"), String::new(), String::new()),
            Some(account) => {
                (t_with("Account, {name}", &[("name", &account.name)]), account.name, account.email)
            }
        };
        let _ = button.set_attribute("aria-label", &label);
        name.set_text_content(Some(&own_name));
        email.set_text_content(Some(&own_email));
    });
}

fn themes(shell: Shell) {
    let themes = browser::by_id("themes");
    let chosen = shell.theme.chosen();
    let option = themes.query_selector(&format!("[value={chosen}]")).ok().flatten();
    if let Some(option) = option {
        option.unchecked_into::<HtmlInputElement>().set_checked(true);
    }
    browser::listen(&themes, "change", move |event| {
        if let Some(option) = event.target() {
            shell.theme.choose(&option.unchecked_into::<HtmlInputElement>().value());
            navigation::props_changed(shell);
        }
    });
    if let Ok(Some(system)) = browser::window().match_media("(prefers-color-scheme: dark)") {
        browser::listen(&system, "change", move |_| {
            if shell.theme.chosen() == "system" {
                navigation::props_changed(shell);
            }
        });
    }
}

fn close() {
    // It fails only for a menu that is closed already.
    let _ = browser::by_id("account-menu").hide_popover();
}
