//! Who is signed in, signing out, and the theme. A native popover: it closes by Escape, by a click
//! elsewhere, and gives the focus back.

use super::{
    C,
    icon::{USER, icon},
};
use crate::{browser, page::Shell};
use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

const MENU: &str = "account-menu";

pub fn view(shell: Shell) -> AnyView {
    let account = shell.session.account;
    let label = move || {
        account
            .with(|account| account.as_ref().map_or("Account".to_owned(), |a| format!("Account, {}", a.name)))
    };
    let sign_in = move |_| {
        close();
        let asked = shell.session.ask_sign_in();
        // Closing the dialog without signing in is nobody's error here.
        spawn_local(async move { drop(JsFuture::from(asked).await) });
    };
    let sign_out = move |_| {
        close();
        spawn_local(async move {
            match shell.page().session.sign_out(shell).await {
                Ok(()) => shell.notices.success("You are signed out.".to_owned()),
                Err(problem) => shell.notices.warn(format!("{} {}", problem.title, problem.code)),
            }
        });
    };
    let who = move || {
        account.get().map(|account| {
            view! { class = C,
                <p class="who"><strong class="who-name">{account.name}</strong><span class="hint">{account.email}</span></p>
            }
        })
    };
    view! { class = C,
        <button class="tool" type="button" popovertarget=MENU aria-label=label data-test="account-button">
            {icon(USER)}
            <span class="dot" class:on=move || account.with(Option::is_some) aria-hidden="true"></span>
        </button>
        <div class="menu" id=MENU popover="auto" data-test="account-menu">
            {who}
            <button class="button wide" type="button" hidden=move || account.with(Option::is_some) on:click=sign_in data-test="sign-in">
                "Sign in or sign up"
            </button>
            {themes(shell)}
            <button class="button quiet wide" type="button" hidden=move || account.with(Option::is_none) on:click=sign_out data-test="sign-out">
                "Sign out"
            </button>
        </div>
    }
    .into_any()
}

fn themes(shell: Shell) -> AnyView {
    let choice = shell.theme.choice;
    let option = move |value: &'static str, label: &'static str| {
        view! { class = C,
            <label class="segment">
                <input class="visually-hidden" type="radio" name="theme" value=value
                    prop:checked=move || choice.with(|choice| choice == value)
                    on:change=move |_| shell.page().theme.choose(value) data-test=format!("theme-{value}") />
                <span class="segment-label">{label}</span>
            </label>
        }
    };
    view! { class = C,
        <fieldset class="themes">
            <legend class="label">"Theme"</legend>
            <div class="segments">{option("light", "Light")}{option("dark", "Dark")}{option("system", "System")}</div>
        </fieldset>
    }
    .into_any()
}

fn close() {
    let menu = browser::document().get_element_by_id(MENU);
    if let Some(menu) = menu {
        let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(menu).hide_popover();
    }
}
