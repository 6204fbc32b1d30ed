//! What can be chosen: a group of radio buttons per option. A value that cannot be had stays
//! reachable and says why.

use crate::{C, choice::Availability, visit::Visit};
use contract::shop::catalogue::{OptionValue, Product};
use leptos::{ev::MouseEvent, prelude::*};

/// The groups, in the product's order.
pub fn groups(visit: Visit, product: &Product) -> AnyView {
    let groups = product.options.iter().enumerate();
    groups.map(|(at, option)| group(visit, at, &option.name, &option.values)).collect_view().into_any()
}

fn group(visit: Visit, at: usize, name: &str, values: &[OptionValue]) -> AnyView {
    let heading = ["product-option-", &at.to_string()].concat();
    let chosen = move || visit.choice.with(|choice| choice.0.get(at).cloned());
    view! { class = C,
        <fieldset class="option" role="radiogroup" aria-labelledby=heading.clone()>
            <legend id=heading.clone()>{name.to_owned()}": "<span class="chosen">{chosen}</span></legend>
            <div class="values">{values.iter().map(|value| radio(visit, at, &heading, value)).collect_view()}</div>
        </fieldset>
    }
    .into_any()
}

fn radio(visit: Visit, at: usize, group: &str, value: &OptionValue) -> AnyView {
    let name = value.value.clone();
    let (checked, judged, wanted) = (name.clone(), name.clone(), name.clone());
    let availability = Memo::new(move |_| visit.availability(at, &judged));
    let is_chosen = move || visit.choice.with(|choice| choice.0.get(at) == Some(&checked));
    let click = move |event: MouseEvent| {
        // The browser takes the choice back; the focus stays, and the reason is read out with the name.
        if availability.get_untracked() != Availability::InStock {
            event.prevent_default();
        }
    };
    view! { class = C,
        <label class="value" class:gone=move || availability.get() != Availability::InStock>
            <input class="visually-hidden" type="radio" name=group.to_owned() value=name.clone() data-test="option"
                prop:checked=is_chosen on:click=click on:change=move |_| visit.choose(at, &wanted)
                aria-disabled=move || (availability.get() != Availability::InStock).then_some("true") />
            <span class="face">
                {value.swatch.clone().map(swatch)}
                <span class="words">
                    <span class="name">{name}</span>
                    <span class="reason">{move || availability.get().reason().map(|reason| [" ", reason].concat())}</span>
                </span>
            </span>
        </label>
    }
    .into_any()
}

fn swatch(colour: String) -> AnyView {
    view! { class = C,
        <svg class="swatch" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <circle cx="12" cy="12" r="11" fill=colour></circle>
        </svg>
    }
    .into_any()
}
