//! The coupon field.

use super::Page;
use crate::{C, sync};
use leptos::{ev, html::Input, task::spawn_local};
use microapp::prelude::*;

/// A field for a code, or the coupon that counts.
pub fn coupon(page: Page) -> AnyView {
    let coupon = Memo::new(move |_| page.shown.with(|cart| cart.coupon.clone()));
    let busy = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let field = NodeRef::<Input>::new();
    let change = move |code: Option<String>| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            let result = sync::set_coupon(page.context, code).await;
            busy.set(false);
            if let Err(problem) = result {
                error.set(Some(problem.field("code").unwrap_or(&problem.message).to_owned()));
                if let Some(Some(field)) = field.try_get_untracked() {
                    let _ = field.focus();
                }
            }
        });
    };
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        let code = field.get_untracked().map(|field| field.value()).unwrap_or_default();
        match code.trim() {
            "" => error.set(Some("Enter the code first.".to_owned())),
            code => change(Some(code.to_owned())),
        }
    };
    let disabled = move || busy.get().to_string();
    let either = move || {
        match coupon.get() {
        Some(coupon) => view! { class = C,
            <div class="coupon applied" data-test="coupon-applied">
                <p><strong>{coupon.code.clone()}</strong> " " {coupon.label}</p>
                <button class="button quiet small" type="button" data-test="coupon-remove" aria-disabled=disabled
                    aria-label=format!("Remove coupon {}", coupon.code) on:click=move |_| change(None)>
                    "Remove"
                </button>
                <p class="error" role="alert">{move || error.get()}</p>
            </div>
        }
        .into_any(),
        None => view! { class = C,
            <form class="coupon field" novalidate on:submit=submit>
                <label class="label" for="cart-coupon">"Coupon code"</label>
                <div class="beside">
                    <input class="input" id="cart-coupon" node_ref=field data-test="coupon" autocomplete="off"
                        autocapitalize="characters" spellcheck="false" maxlength="64" aria-describedby="cart-coupon-error"
                        aria-invalid=move || error.with(Option::is_some).to_string() />
                    <button class="button quiet" type="submit" data-test="coupon-apply" aria-disabled=disabled>"Apply"</button>
                </div>
                <p class="error" id="cart-coupon-error" role="alert">{move || error.get()}</p>
            </form>
        }
        .into_any(),
    }
    };
    either.into_any()
}
