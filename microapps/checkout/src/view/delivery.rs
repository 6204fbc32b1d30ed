//! How it gets there.

use crate::{
    C,
    draft::Action,
    steps::Step,
    visit::{Load, Visit},
};
use contract::shop::order::Delivery;
use leptos::ev;
use microapp::prelude::*;

/// The ways of delivery as cards; one is chosen from the start.
pub fn delivery(visit: Visit) -> AnyView {
    let store = visit.context.store;
    let ways = visit.basis.with_untracked(|basis| match basis {
        Load::Ready(basis) => basis.options.deliveries.clone(),
        Load::Waiting | Load::Failed(_) => Vec::new(),
    });
    let chosen = store.with_untracked(|draft| draft.delivery.clone());
    if let (false, Some(first)) = (ways.iter().any(|way| way.id == chosen), ways.first()) {
        store.dispatch(Action::Delivery(first.id.clone()));
    }
    let submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        visit.go(Step::Payment);
    };
    let cards = ways.into_iter().map(|way| card(visit, way)).collect::<Vec<_>>();
    view! { class = C,
        <h1>"How should it get there?"</h1>
        <form class="form" on:submit=submit>
            <fieldset class="cards">
                <legend class="visually-hidden">"Delivery"</legend>
                {cards}
            </fieldset>
            <div class="actions">
                <button class="button go" type="submit" data-test="continue">"Continue to payment"</button>
                <a href=visit.context.host.href(&Step::Address.path())>"Back to address"</a>
            </div>
        </form>
    }
    .into_any()
}

fn card(visit: Visit, way: Delivery) -> AnyView {
    let store = visit.context.store;
    let price = if way.price.amount == 0 { "Free".to_owned() } else { visit.money(&way.price) };
    let (id, id_again) = (way.id.clone(), way.id.clone());
    let checked = move || store.with(|draft| draft.delivery == id);
    let choose = move |_| store.dispatch(Action::Delivery(id_again.clone()));
    view! { class = C,
        <label class="choice" data-test="delivery">
            <input type="radio" name="delivery" value=way.id prop:checked=checked on:change=choose />
            <span class="what"><strong>{way.name}</strong><span class="hint">{way.when}</span></span>
            <span class="price">{price}</span>
        </label>
    }
    .into_any()
}
