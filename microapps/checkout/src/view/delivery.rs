//! How it gets there.

use super::parts;
use crate::{
    draft::Action,
    el,
    steps::Step,
    visit::{Sheet, Visit},
};
use contract::shop::order::Delivery;
use microapp::{element::El, page::run, t};

/// The ways of delivery as cards; one is chosen from the start.
pub fn delivery(visit: Visit) -> Vec<El> {
    let basis = visit.sheet(Sheet::ready);
    let ways = || basis.iter().flat_map(|basis| &basis.options.deliveries);
    let chosen = visit.draft(|draft| ways().any(|way| way.id == draft.delivery));
    if let (false, Some(first)) = (chosen, ways().next()) {
        choose(visit, &first.id);
    }
    let back = parts::link(visit, &Step::Address.path(), &t("Back to address"));
    if ways().next().is_none() {
        let none = t(
            "Your order cannot be delivered there: it may be too heavy. Take something out, or choose another address.",
        );
        let cart = parts::link(visit, "/cart", &t("To the cart")).class("button quiet");
        let ways_out = el("div").class("actions").child(cart).child(back);
        let none = el("p").class("note bad").text(&none);
        return vec![parts::question(Step::Delivery), parts::message(visit), none, ways_out];
    }
    let cards = ways().map(|way| card(visit, way));
    let form = parts::form(move || visit.go(Step::Payment))
        .child(choices(&t("Delivery"), cards))
        .child(parts::actions(&t("Continue to payment"), Some(back)));
    vec![parts::question(Step::Delivery), parts::message(visit), form]
}

/// A way is chosen, and with it what the order costs.
fn choose(visit: Visit, way: &str) {
    visit.keep(Action::Delivery(way.to_owned()));
    run(visit.ask_quote());
}

/// Radio cards under a name.
pub fn choices(name: &str, cards: impl IntoIterator<Item = El>) -> El {
    el("fieldset").class("cards").child(el("legend").class("visually-hidden").text(name)).children(cards)
}

fn card(visit: Visit, way: &Delivery) -> El {
    let price = if way.price.amount == 0 { t("Free") } else { visit.money(&way.price) };
    let (id, chosen) = (way.id.clone(), way.id.clone());
    let radio = radio("delivery", move || visit.draft(|draft| draft.delivery == id))
        .attr("value", &way.id)
        .on("change", move |_| choose(visit, &chosen));
    let what = el("span")
        .class("what")
        .child(el("strong").text(&way.name))
        .child(el("span").class("hint").text(&way.when));
    el("label")
        .class("choice")
        .attr("data-test", "delivery")
        .child(radio)
        .child(what)
        .child(el("span").class("price").text(&price))
}

/// A radio button that follows what is chosen.
pub fn radio(name: &str, chosen: impl Fn() -> bool + 'static) -> El {
    el("input")
        .attrs(&[("type", "radio"), ("name", name)])
        .follow(move |radio| radio.field().set_checked(chosen()))
}
