//! Who and where.

use super::field;
use crate::{
    C,
    draft::Field,
    rules,
    steps::Step,
    visit::{Load, Visit, focus},
};
use leptos::{ev, task::spawn_local};
use microapp::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

const SUMMARY: &str = "checkout-summary";

/// The address form.
pub fn address(visit: Visit) -> AnyView {
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        visit.refused.set(Vec::new());
        if visit.context.store.with_untracked(|draft| rules::check(draft).is_empty()) {
            visit.go(Step::Delivery);
        } else {
            visit.checked.set(true);
            focus(SUMMARY);
        }
    };
    view! { class = C,
        <h1>"Where should it go?"</h1>
        {sign_in(visit)}
        {summary(visit)}
        <form class="form" novalidate on:submit=submit>
            {field::text(visit, Field::Email, "E-mail", "email")}
            <p class="hint">"For the confirmation and questions about the order, nothing else."</p>
            {field::text(visit, Field::Name, "Full name", "name")}
            {field::text(visit, Field::Street, "Street and number", "address-line1")}
            {field::text(visit, Field::Extra, "Flat, floor or care of", "address-line2")}
            <div class="pair">
                {field::text(visit, Field::Postcode, "Postcode", "postal-code")}
                {field::text(visit, Field::City, "Town or city", "address-level2")}
            </div>
            {country(visit)}
            <button class="button go" type="submit" data-test="continue">"Continue to delivery"</button>
        </form>
    }
    .into_any()
}

fn country(visit: Visit) -> AnyView {
    let options = visit.basis.with_untracked(|basis| match basis {
        Load::Ready(basis) => basis.options.countries.clone(),
        Load::Waiting | Load::Failed(_) => Vec::new(),
    });
    let chosen = move || visit.context.store.with(|draft| draft.address.country.clone());
    let option = move |country: contract::shop::order::Country| {
        let code = country.code.clone();
        view! { class = C, <option value=country.code selected=move || chosen() == code>{country.name}</option> }.into_any()
    };
    let on_change = move |event: ev::Event| field::typed(visit, Field::Country, event_target_value(&event));
    let control = view! { class = C,
        <select class="input" id=Field::Country.id() name="country" autocomplete="country" required=true
            aria-describedby="checkout-country-error"
            aria-invalid=move || field::error_of(visit, Field::Country).is_some().to_string()
            on:change=on_change>
            <option value="" selected=move || chosen().is_empty()>"Choose a country"</option>
            {options.into_iter().map(option).collect::<Vec<_>>()}
        </select>
    };
    field::framed(visit, Field::Country, "Country", control.into_any())
}

/// An offer, never a condition.
fn sign_in(visit: Visit) -> AnyView {
    let session = visit.context.host.session();
    let sign_in = move |_| {
        spawn_local(async move {
            // Closed without a sign-in: they go on as a guest.
            let _ = visit.context.host.sign_in().await;
        });
    };
    let offer = move || match session.get() {
        Some(person) => view! { class = C, <p class="hint">"Signed in as " {person.name} "."</p> }.into_any(),
        None => view! { class = C,
            <p class="offer">
                "Have an account? "
                <button class="link" type="button" data-test="sign-in" on:click=sign_in>"Sign in"</button>
                ", or simply go on as a guest."
            </p>
        }
        .into_any(),
    };
    offer.into_any()
}

/// Everything that is wrong, with links to the fields; takes the focus when the form is sent.
fn summary(visit: Visit) -> AnyView {
    let wrong = Memo::new(move |_| {
        let all = Field::ALL.into_iter();
        all.filter_map(|field| field::error_of(visit, field).map(|message| (field, message)))
            .collect::<Vec<_>>()
    });
    let link = |(field, message): (Field, String)| {
        // A link into the page: the shell's router is not meant.
        let jump = move |event: ev::MouseEvent| {
            event.prevent_default();
            let target = document().get_element_by_id(field.id());
            if let Some(target) = target.and_then(|target| target.dyn_into::<HtmlElement>().ok()) {
                let _ = target.focus();
            }
        };
        view! { class = C, <li><a href=["#", field.id()].concat() on:click=jump>{message}</a></li> }
            .into_any()
    };
    let list = move || {
        let wrong = wrong.get();
        (!wrong.is_empty()).then(|| {
            view! { class = C,
                <div class="note bad">
                    <h2 class="problems">"Please check these"</h2>
                    <ul>{wrong.into_iter().map(link).collect::<Vec<_>>()}</ul>
                </div>
            }
            .into_any()
        })
    };
    view! { class = C, <div id=SUMMARY tabindex="-1" data-test="error-summary">{list}</div> }.into_any()
}
