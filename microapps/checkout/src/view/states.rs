//! What stands in place of a step.

use super::parts::{self, HEADING};
use crate::{el, order, steps::Step, visit::Visit};
use microapp::{
    element::El,
    page::{focus, run},
    t,
};

/// Before the first answer: the shape of a form, under the heading of its step.
pub fn skeleton(step: Step) -> El {
    let form =
        el("div").class("step form").child(parts::question(step)).children(parts::skeleton(&["bar"; 4]));
    el("div")
        .class("columns")
        .attr("aria-busy", "true")
        .child(form)
        .child(el("div").class("aside card").children(parts::skeleton(&["text", "text"])))
}

/// The shop did not answer.
pub fn failed(visit: Visit) -> El {
    let unknown = if awaits_answer(visit) {
        t("We could not find out what became of your order.") + " "
    } else {
        String::new()
    };
    let reason = visit.sheet(|sheet| match &sheet.basis {
        Some(Err(error)) => error.numbered(),
        Some(Ok(_)) | None => String::new(),
    });
    let again = move |_| {
        run(async move {
            focus(HEADING);
            visit.load().await;
            parts::to_heading();
        });
    };
    el("div")
        .class("empty")
        .attr("data-test", "failed")
        .child(parts::heading(&t("The checkout is not ready")))
        .child(el("p").class("note bad").attr("role", "alert").text(&unknown).text(&reason))
        .child(parts::button(&t("Try again")).attr("data-test", "retry").on("click", again))
}

/// Whether an order was sent whose answer is not known.
fn awaits_answer(visit: Visit) -> bool {
    visit.draft(|draft| draft.intent.is_some() || draft.lost.is_some())
}

/// Nothing to order; unless an order stands whose answer got lost.
pub fn empty(visit: Visit) -> El {
    let open = awaits_answer(visit);
    visit.show(|sheet| sheet.looking = open);
    if open {
        run(async move {
            let found = order::recover(visit).await;
            visit.show(|sheet| {
                sheet.looking = false;
                if let Err(error) = found {
                    sheet.basis = Some(Err(error));
                }
            });
        });
    }
    let looking = move || visit.sheet(|sheet| sheet.looking);
    el("div").class("empty").attr("data-test", "empty").children_from(
        move || looking().to_string(),
        move || if looking() { looking_it_up() } else { nothing(visit) },
    )
}

fn looking_it_up() -> Vec<El> {
    let text = el("p").attr("role", "status").t("We are looking up what became of your order.");
    vec![parts::heading(&t("One moment")), text]
}

fn nothing(visit: Visit) -> Vec<El> {
    vec![
        picture("/pictures/empty-cart/default.svg"),
        parts::heading(&t("There is nothing to order yet")),
        el("p").class("hint").t("Put something into your cart first; the way here is short."),
        parts::link(visit, "/", &t("Have a look around")).class("button"),
    ]
}

/// A large picture that says nothing that the words do not.
pub fn picture(address: &str) -> El {
    el("img").attrs(&[("src", address), ("alt", ""), ("width", "240"), ("height", "180")])
}
