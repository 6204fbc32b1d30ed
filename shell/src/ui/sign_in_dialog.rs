//! Signing in and up.

use super::{
    C,
    icon::{CLOSE, icon},
};
use crate::{browser, page::Shell};
use contract::shop::{
    account::{SignIn, SignUp},
    problem::Problem,
};
use leptos::{html::Dialog, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, SubmitEvent};

/// The shortest password, as the server wants it.
const SHORTEST: &str = "10";

pub fn view(shell: Shell) -> AnyView {
    let dialog = NodeRef::<Dialog>::new();
    super::follow(dialog, shell.session.dialog);
    let joining = RwSignal::new(false);
    let waiting = RwSignal::new(false);
    let problem = RwSignal::new(None::<Problem>);
    let (name, email, password) =
        (RwSignal::new(String::new()), RwSignal::new(String::new()), RwSignal::new(String::new()));
    let closed = move |_| {
        password.set(String::new());
        problem.set(None);
        // Signed in closes it as well; then nobody waits any more.
        shell.page().session.dismiss();
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        if waiting.get_untracked() {
            return;
        }
        waiting.set(true);
        problem.set(None);
        spawn_local(async move {
            let session = &shell.page().session;
            let (email, password_now) = (email.get_untracked(), password.get_untracked());
            let answer = if joining.get_untracked() {
                session
                    .sign_up(shell, SignUp { name: name.get_untracked(), email, password: password_now })
                    .await
            } else {
                session.sign_in(shell, SignIn { email, password: password_now }).await
            };
            waiting.set(false);
            match answer {
                Ok(()) => {
                    password.set(String::new());
                    let name =
                        session.account.with_untracked(|account| account.as_ref().map(|a| a.name.clone()));
                    shell.notices.success(format!("Hello, {}.", name.unwrap_or_default()));
                }
                Err(refused) => {
                    let field = refused
                        .fields
                        .first()
                        .map_or("sign-in-email".to_owned(), |f| format!("sign-in-{}", f.field));
                    problem.set(Some(refused));
                    focus(&field);
                }
            }
        });
    };
    let message = move |field: &'static str| {
        problem.with(|problem| {
            let fields = problem.as_ref().map(|problem| problem.fields.as_slice()).unwrap_or_default();
            fields.iter().find(|f| f.field == field).map(|f| f.message.clone()).unwrap_or_default()
        })
    };
    let general = move || {
        problem.with(|problem| {
            let problem = problem.as_ref().filter(|problem| problem.fields.is_empty());
            problem.map(|problem| format!("{} ({})", problem.title, problem.code)).unwrap_or_default()
        })
    };
    let field = move |id: &'static str,
                      label: &'static str,
                      kind: &'static str,
                      complete: Signal<&'static str>,
                      value: RwSignal<String>,
                      field: &'static str| {
        let wrong = move || !message(field).is_empty();
        let error_id = format!("{id}-error");
        view! { class = C,
            <div class="field">
                <label class="label" for=id>{label}</label>
                <input class="input" id=id name=field type=kind autocomplete=move || complete.get() required prop:value=move || value.get()
                    minlength=move || if kind == "password" && joining.get() { Some(SHORTEST) } else { None }
                    maxlength="200" aria-invalid=move || wrong().to_string() aria-describedby=error_id.clone()
                    on:input=move |event| value.set(event_target_value(&event)) data-test=id />
                <span class="error" id=error_id>{move || message(field)}</span>
            </div>
        }
        .into_any()
    };
    let constant = |text: &'static str| Signal::derive(move || text);
    let password_kind =
        Signal::derive(move || if joining.get() { "new-password" } else { "current-password" });
    view! { class = C,
        <dialog class="dialog" node_ref=dialog aria-labelledby="sign-in-title" on:close=closed data-test="sign-in-dialog">
            <form class="form" method="dialog" on:submit=submit>
                <div class="dialog-head">
                    <h2 id="sign-in-title">{move || if joining.get() { "Sign up" } else { "Sign in" }}</h2>
                    <button class="icon-button" type="button" aria-label="Close" on:click=move |_| shell.session.dialog.set(false)>{icon(CLOSE)}</button>
                </div>
                <div hidden=move || !joining.get()>
                    {move || joining.get().then(|| field("sign-in-name", "Name", "text", constant("name"), name, "name"))}
                </div>
                {field("sign-in-email", "E-mail", "email", constant("email"), email, "email")}
                {field("sign-in-password", "Password", "password", password_kind, password, "password")}
                <p class="hint" hidden=move || !joining.get()>"At least 10 characters. A short sentence makes a good one."</p>
                <p class="error" role="alert" data-test="sign-in-error">{general}</p>
                <button class="button wide" type="submit" aria-disabled=move || waiting.get().to_string() data-test="sign-in-submit">
                    {move || match (waiting.get(), joining.get()) { (true, _) => "One moment…", (_, true) => "Sign up", _ => "Sign in" }}
                </button>
                <button class="button quiet wide" type="button" on:click=move |_| { problem.set(None); joining.update(|j| *j = !*j) } data-test="sign-in-switch">
                    {move || if joining.get() { "I have an account" } else { "I am new here" }}
                </button>
            </form>
        </dialog>
    }
    .into_any()
}

fn focus(id: &str) {
    if let Some(field) = browser::document().get_element_by_id(id) {
        let _ = field.unchecked_into::<HtmlElement>().focus();
    }
}
