//! Everything once more, and the button.

use super::{items, parts};
use crate::{
    card, el,
    order::{self, at_fault},
    steps::Step,
    visit::{Sheet, Visit},
};
use contract::{
    code,
    shop::{address_form::AddressForm, order::PaymentMethod},
};
use microapp::{element::El, page::run, t, t_with};

/// The review.
pub fn review(visit: Visit) -> Vec<El> {
    let filled_in = el("div")
        .class("parts")
        .child(part(visit, Step::Address, [t("Delivery address"), t("Edit address")], address))
        .child(part(visit, Step::Delivery, [t("Delivery"), t("Edit delivery")], delivery))
        .child(part(visit, Step::Payment, [t("Payment"), t("Edit payment")], payment));
    let order = el("section")
        .class("aside card")
        .attr("aria-labelledby", "checkout-review-items")
        .children_from(move || visit.sheet(|sheet| sheet.answers.to_string()), move || order(visit));
    vec![
        parts::question(Step::Review),
        parts::message(visit),
        el("div").class("columns").child(filled_in).child(order),
    ]
}

fn head(title: El, link: El) -> El {
    el("div").class("head").child(title).child(link)
}

/// What a step has, with its title and what its link is called.
fn part(visit: Visit, step: Step, [title, edit]: [String; 2], lines: fn(Visit) -> Vec<String>) -> El {
    let edit = parts::link(visit, &step.path(), &t("Edit")).attr("aria-label", &edit);
    let text = el("div").children_from(
        move || lines(visit).into_iter().collect(),
        move || lines(visit).iter().map(|line| el("p").text(line)).collect(),
    );
    el("section").class("card part").child(head(el("h2").text(&title), edit)).child(text)
}

fn address(visit: Visit) -> Vec<String> {
    let basis = visit.sheet(Sheet::ready);
    visit.draft(|draft| {
        let address = &draft.address;
        let mut countries = basis.iter().flat_map(|basis| &basis.options.countries);
        let country = countries.find(|country| country.code == address.country);
        let country = country.map_or(&address.country, |country| &country.name);
        let town = AddressForm::town_line(address);
        let lines = [&address.name, &address.street, &address.extra, &town, country, &draft.email];
        lines.into_iter().filter(|line| !line.trim().is_empty()).cloned().collect()
    })
}

fn delivery(visit: Visit) -> Vec<String> {
    let basis = visit.sheet(Sheet::ready);
    let mut ways = basis.iter().flat_map(|basis| &basis.options.deliveries);
    let way = visit.draft(|draft| ways.find(|way| way.id == draft.delivery));
    way.map(|way| vec![way.name.clone(), way.when.clone()]).unwrap_or_default()
}

fn payment(visit: Visit) -> Vec<String> {
    let basis = visit.sheet(Sheet::ready);
    let mut ways = basis.iter().flat_map(|basis| &basis.options.payments);
    let Some(way) = visit.draft(|draft| ways.find(|way| draft.payment == Some(way.method))) else {
        return Vec::new();
    };
    if way.method != PaymentMethod::TestCard {
        return vec![way.name.clone()];
    }
    let digits = visit.sheet(|sheet| card::ending(&sheet.card));
    vec![t_with("{name} ending {digits}", &[("name", &way.name), ("digits", &digits)])]
}

/// The lines, what they come to, and the button; or why that is not known.
fn order(visit: Visit) -> Vec<El> {
    let change = parts::link(visit, "/cart", &t("Change")).attr_t("aria-label", "Change your cart");
    let title = el("h2").attr("id", "checkout-review-items").t("Your order");
    let Some(basis) = visit.sheet(Sheet::ready) else { return Vec::new() };
    let mut content = vec![head(title, change), items::list(visit, &basis.cart.lines)];
    match visit.sheet(|sheet| sheet.quote.clone()) {
        None => content.extend(parts::skeleton(&["text", "text", "bar"])),
        Some(Ok(totals)) => {
            content.extend(items::sums(visit, &totals, basis.cart.coupon.as_ref()));
            content.push(place_order(visit, visit.money(&totals.total)));
        }
        Some(Err(error)) => {
            let way_out = match at_fault(&error) {
                Some(step) => Some(parts::link(visit, &step.path(), &step.question())),
                None => (!error.is(code::CART_EMPTY)).then(|| again(visit)),
            };
            let text = el("p").text(&error.numbered());
            content.push(el("div").class("note bad").attr("role", "alert").child(text).children(way_out));
        }
    }
    content
}

fn again(visit: Visit) -> El {
    parts::button(&t("Try again")).class("quiet small").on("click", move |_| {
        run(async move {
            visit.ask_quote().await;
            parts::to_heading();
        });
    })
}

fn place_order(visit: Visit, price: String) -> El {
    let busy = move || visit.sheet(|sheet| sheet.busy);
    let label = t_with("Place order, {sum}", &[("sum", &price)]);
    el("button")
        .class("button wide")
        .attrs(&[("type", "button"), ("data-test", "place-order")])
        .attr_when("aria-disabled", "true", busy)
        .text_from(move || if busy() { t("Placing your order …") } else { label.clone() })
        .on("click", move |_| run(order::place(visit)))
}
