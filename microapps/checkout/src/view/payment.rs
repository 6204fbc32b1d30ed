//! How it is paid: on delivery, or with a card that is none.

use super::{delivery, parts};
use crate::{
    card,
    draft::Action,
    el, order,
    steps::Step,
    visit::{Sheet, Visit},
};
use contract::shop::order::{Order, Payment, PaymentMethod};
use leptos::prelude::*;
use microapp::{
    element::El,
    page::{focus, run},
    t, t_with,
};
use std::sync::Arc;

const CARD: &str = "checkout-card";
const ERROR: &str = "checkout-payment-error";

/// The payment step; or, for an order that stands and waits for its payment, another try.
pub fn payment(visit: Visit) -> Vec<El> {
    match visit.sheet(|sheet| sheet.unpaid.clone()) {
        Some(order) => again(visit, order),
        None => choice(visit),
    }
}

fn choice(visit: Visit) -> Vec<El> {
    let method = move || visit.draft(|draft| draft.payment);
    let basis = visit.sheet(Sheet::ready);
    let payments = basis.iter().flat_map(|basis| &basis.options.payments);
    let cards = payments.enumerate().map(|(at, payment)| option(visit, at, payment));
    let submit = move || {
        if untrack(|| visit.done()).payment {
            return visit.go(Step::Review);
        }
        visit.show(|sheet| sheet.checked = true);
        focus(if untrack(method).is_some() { CARD } else { FIRST });
    };
    let missing = move || {
        let missing = visit.sheet(|sheet| sheet.checked) && method().is_none();
        if missing { t("Choose how to pay.") } else { String::new() }
    };
    let with_card = move || method() == Some(PaymentMethod::TestCard);
    let back = parts::link(visit, &Step::Delivery.path(), &t("Back to delivery"));
    let form = parts::form(submit)
        .child(delivery::choices(&t("Payment"), cards).attr("aria-describedby", ERROR))
        .child(el("p").class("error").attrs(&[("id", ERROR), ("role", "alert")]).text_from(missing))
        .child(el("div").children_from(
            move || with_card().to_string(),
            move || with_card().then(|| card_field(visit)).into_iter().collect(),
        ))
        .child(parts::actions(&t("Continue to review"), Some(back)));
    vec![parts::question(Step::Payment), parts::message(visit), form]
}

/// The first of the radio buttons.
const FIRST: &str = "checkout-payment-0";

fn option(visit: Visit, at: usize, payment: &Payment) -> El {
    let method = payment.method;
    let radio = delivery::radio("payment", move || visit.draft(|draft| draft.payment == Some(method)));
    let radio = if at == 0 { radio.attr("id", FIRST) } else { radio };
    let radio = radio.on("change", move |_| {
        visit.show(|sheet| sheet.checked = false);
        visit.keep(Action::Payment(Some(method)));
    });
    let what = el("span")
        .class("what")
        .child(el("strong").text(&payment.name))
        .child(el("span").class("hint").text(&payment.hint));
    el("label").class("choice").attr("data-test", "payment").child(radio).child(what)
}

/// The field for the card's number. It is not for real ones, so no browser is asked to fill it in.
fn card_field(visit: Visit) -> El {
    let error = move || {
        visit.sheet(|sheet| sheet.checked.then(|| card::check(&sheet.card)).flatten()).unwrap_or_default()
    };
    let input = el("input")
        .class("input")
        .attrs(&[
            ("id", CARD),
            ("data-test", "card"),
            ("type", "text"),
            ("inputmode", "numeric"),
            ("autocomplete", "off"),
            ("maxlength", "23"),
            ("placeholder", "4242 4242 4242 4242"),
            ("required", ""),
            ("aria-describedby", "checkout-card-hint checkout-card-error"),
        ])
        .attr_when("aria-invalid", "true", move || !error().is_empty())
        .follow(move |input| {
            let number = visit.sheet(|sheet| sheet.card.clone());
            if input.field().value() != number {
                input.field().set_value(&number);
            }
        });
    let typed = input.clone();
    let input = input.on("input", move |_| {
        let field = typed.field();
        let caret = field.selection_start().ok().flatten().unwrap_or(u32::MAX);
        let (number, caret) = card::group(&field.value(), caret as usize);
        field.set_value(&number);
        let caret = u32::try_from(caret).unwrap_or(u32::MAX);
        let _ = field.set_selection_range(caret, caret);
        visit.show(|sheet| sheet.card = number);
    });
    let hint = t(
        "No money moves. 4242 4242 4242 4242 is approved, 4000 0000 0000 0002 is declined. The number is not kept.",
    );
    el("div")
        .class("field card-number")
        .child(el("label").class("label").attr("for", CARD).t("Number of the test card"))
        .child(input)
        .child(el("p").class("hint").attr("id", "checkout-card-hint").text(&hint))
        .child(el("p").class("error").attr("id", "checkout-card-error").text_from(error))
}

/// The order stands; only its payment is missing.
fn again(visit: Visit, order: Arc<Order>) -> Vec<El> {
    let heading = parts::heading("").text_around(&t("Pay for order {number}"), parts::number(&order));
    let see = parts::link(visit, &order::confirmation(&order.key), &t("See or cancel the order"))
        .attr("data-test", "see-order");
    let (given_up, total) = (order.clone(), visit.money(&order.totals.total));
    let kept = parts::kept(visit, &order) + &t("Pay {sum} to complete it.");
    let busy = move || visit.sheet(|sheet| sheet.busy);
    let label = t_with("Pay {sum}", &[("sum", &total)]);
    let pay = el("button")
        .class("button go")
        .attrs(&[("type", "submit"), ("data-test", "pay")])
        .attr_when("aria-disabled", "true", busy)
        .text_from(move || if busy() { t("One moment …") } else { label.clone() });
    let ways = visit.sheet(Sheet::ready).map_or(0, |basis| basis.options.payments.len());
    let other = (ways > 1).then(|| {
        parts::button(&t("Pay another way"))
            .class("quiet")
            .attr("data-test", "pay-another-way")
            .attr_when("aria-disabled", "true", busy)
            .on("click", move |_| run(order::pay_another_way(visit, given_up.clone())))
    });
    let with_card = order.payment == PaymentMethod::TestCard;
    let submit = move || {
        if with_card && untrack(|| visit.sheet(|sheet| card::check(&sheet.card).is_some())) {
            visit.show(|sheet| sheet.checked = true);
            focus(CARD);
        } else {
            run(order::pay_again(visit, order.clone()));
        }
    };
    let total = el("strong").text(&total);
    vec![
        heading,
        parts::message(visit),
        el("p").text_around(&kept, total),
        parts::form(submit)
            .children(with_card.then(|| card_field(visit)))
            .child(el("div").class("actions").child(pay).children(other).child(see)),
    ]
}
