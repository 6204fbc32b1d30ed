//! Addresses that the account keeps, to choose from.

use crate::{
    draft::{Action, Field},
    el,
    visit::Visit,
};
use contract::shop::order::Address;
use leptos::prelude::untrack;
use microapp::{Watched, api, element::El, page::run};

/// Of `contract::shop::account::SavedAddress` what is filled in.
#[derive(Clone, Default)]
struct Saved {
    address: Address,
}

contract::record!(Saved { address });
contract::read_as_records!(Saved);

/// A choice, once somebody is signed in who keeps some. The first one that something is delivered to is filled in where
/// nothing is yet.
pub fn saved(visit: Visit) -> El {
    let saved = Watched::new(Vec::<Saved>::new());
    microapp::element::follow(move || {
        if visit.session.with(Option::is_none) {
            return saved.set(Vec::new());
        }
        run(async move {
            let store = visit.context.store;
            let before = store.with_untracked(|draft| draft.address.clone());
            // Where they cannot be had the form is filled in by hand.
            let Ok(found) = api::get::<Vec<Saved>>(visit.context.host, "/account/addresses").await else {
                return;
            };
            let is_offered =
                |saved: &&Saved| untrack(|| visit.sheet(|sheet| sheet.delivers_to(&saved.address.country)));
            if let Some(first) = found.iter().find(is_offered)
                && visit.is_open()
                && before.street.is_empty()
                // Whoever began to type meanwhile goes on.
                && store.with_untracked(|draft| draft.address == before)
            {
                fill(visit, &first.address);
            }
            saved.set(found);
        });
    });
    el("div").children_from(
        move || saved.with(Vec::len).to_string(),
        move || match saved.get_untracked() {
            saved if saved.is_empty() => Vec::new(),
            saved => vec![choice(visit, saved)],
        },
    )
}

fn choice(visit: Visit, saved: Vec<Saved>) -> El {
    let options = saved.iter().zip(0_usize..).map(|(saved, place)| {
        let text = [&*saved.address.name, &*saved.address.street, &*saved.address.city].join(", ");
        el("option").attr("value", &place.to_string()).text(&text)
    });
    let select = el("select")
        .class("input")
        .attrs(&[("id", "checkout-saved"), ("data-test", "saved-addresses")])
        .children(options)
        .child(el("option").attr("value", "").t("Another address"));
    let chosen = select.clone();
    let address = saved.clone();
    let select = select
        .follow(move |select| {
            let place = visit.draft(|draft| address.iter().position(|saved| saved.address == draft.address));
            select.field().set_value(&place.map(|place| place.to_string()).unwrap_or_default());
        })
        .on("change", move |_| {
            let place = chosen.field().value().parse::<usize>().ok();
            let address = place.and_then(|place| saved.get(place)).map(|saved| saved.address.clone());
            fill(visit, &address.unwrap_or_default());
        });
    el("div")
        .class("field")
        .child(el("label").class("label").attr("for", "checkout-saved").t("Your addresses"))
        .child(select)
}

fn fill(visit: Visit, address: &Address) {
    for (field, text) in [
        (Field::Name, &address.name),
        (Field::Street, &address.street),
        (Field::Extra, &address.extra),
        (Field::Postcode, &address.postcode),
        (Field::City, &address.city),
        (Field::Region, &address.region),
        (Field::Country, &address.country),
    ] {
        visit.keep(Action::Typed(field, text.clone()));
    }
}
