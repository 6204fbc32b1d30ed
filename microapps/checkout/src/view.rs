//! The page: progress, the step, and what is being bought.

mod address;
mod confirmation;
mod delivery;
mod field;
mod items;
mod parts;
mod payment;
mod progress;
mod review;
mod saved;
mod states;

pub use parts::{HEADING, to_heading};

use crate::{
    el,
    steps::Step,
    visit::{Sheet, Visit},
};
use microapp::{element::El, page::run};

/// The whole page. Between two steps the frame stays; only another order, or none, draws it anew.
pub fn page(visit: Visit) -> El {
    visit.follow_steps();
    el("div").class("page").children_from(
        move || visit.order_key(),
        move || match visit.order_key() {
            key if key.is_empty() => shopping(visit),
            key => vec![confirmation::confirmation(visit, key)],
        },
    )
}

/// The steps.
fn shopping(visit: Visit) -> Vec<El> {
    run(visit.load());
    let stage = move || {
        visit.sheet(|sheet| match &sheet.basis {
            None => "waiting",
            Some(Err(_)) => "failed",
            Some(Ok(basis)) if basis.cart.lines.is_empty() && sheet.unpaid.is_none() => "empty",
            Some(Ok(_)) => "ready",
        })
    };
    let key = move || match stage() {
        "waiting" => ["waiting ", visit.sheet(|sheet| sheet.step.name())].concat(),
        stage => stage.to_owned(),
    };
    let body = el("div").children_from(key, move || {
        vec![match stage() {
            "waiting" => states::skeleton(visit.sheet(|sheet| sheet.step)),
            "failed" => states::failed(visit),
            "empty" => states::empty(visit),
            _ => ready(visit),
        }]
    });
    // Nobody is on the way where there is nothing to order.
    let is_on_the_way = move || matches!(stage(), "waiting" | "ready");
    let progress = progress::progress(visit).attr_when("hidden", "", move || !is_on_the_way());
    vec![progress, notices(visit), body]
}

/// What the shop says about the cart: what is sold out, or costs something else now.
fn notices(visit: Visit) -> El {
    let said = move || {
        let basis = visit.sheet(|sheet| sheet.ready().filter(|_| sheet.unpaid.is_none()));
        let notices = basis.iter().flat_map(|basis| &basis.cart.notices);
        notices.flat_map(|notice| [&notice.message, " "]).collect::<String>()
    };
    el("div").attr("role", "status").children_from(said, move || {
        let said = said();
        let note = (!said.is_empty())
            .then(|| el("p").class("note warn notice").attr("data-test", "notice").text(&said));
        note.into_iter().collect()
    })
}

fn ready(visit: Visit) -> El {
    let step = move || visit.sheet(|sheet| sheet.step);
    // The review shows the order itself.
    let is_review = move || step() == Step::Review;
    let form = el("div").class("step").children_from(
        move || {
            // Drawn anew when there are others, and only then: somebody may be choosing.
            let ways = if step() == Step::Delivery { visit.sheet(Sheet::ways) } else { String::new() };
            let again = if visit.sheet(|sheet| sheet.unpaid.is_some()) { " again" } else { "" };
            [step().name(), again, &ways].concat()
        },
        move || match step() {
            Step::Address => address::address(visit),
            Step::Delivery => delivery::delivery(visit),
            Step::Payment => payment::payment(visit),
            Step::Review => review::review(visit),
        },
    );
    el("div")
        .class("columns")
        .class_when("whole", is_review)
        .child(form)
        .child(items::aside(visit).attr_when("hidden", "", is_review))
}
