//! The page: progress, the step, and what is being bought.

mod address;
mod confirmation;
mod delivery;
mod field;
mod items;
mod payment;
mod progress;
mod review;
mod states;

use crate::{
    C,
    draft::{Action, Draft},
    order,
    steps::{self, Step},
    visit::{Load, Visit},
};
use leptos::task::spawn_local;
use microapp::prelude::*;

/// What the address asks for.
#[derive(Clone, PartialEq)]
enum Place {
    Step(String),
    Confirmation(String),
}

/// The whole page.
pub fn page(context: Context<Draft>) -> AnyView {
    let visit = Visit::new(context);
    let place = Memo::new(move |_| {
        context.route.with(|route| match route.param("key") {
            "" => Place::Step(route.param("step").to_owned()),
            key => Place::Confirmation(key.to_owned()),
        })
    });
    follow_session(visit);
    // Between two steps the frame stays; only another order, or none, draws it anew.
    let order = Memo::new(move |_| match place.get() {
        Place::Step(_) => None,
        Place::Confirmation(key) => Some(key),
    });
    let body = move || match order.get() {
        None => shopping(visit, place),
        Some(key) => confirmation::confirmation(context, key),
    };
    view! { class = C, <div class="page">{body}</div> }.into_any()
}

/// The steps.
fn shopping(visit: Visit, place: Memo<Place>) -> AnyView {
    visit.load();
    // The first incomplete step instead of one that cannot be shown yet.
    let step = Memo::new(move |_| {
        let Place::Step(asked) = place.get() else { return Step::Address };
        if must_pay(visit) {
            return Step::Payment;
        }
        steps::redirect(&asked, untrack(|| visit.done()))
            .or_else(|| Step::parse(&asked))
            .unwrap_or(Step::Address)
    });
    Effect::new(move |_| {
        let step = step.get();
        visit.context.host.set_title(&["Checkout: ", step.label()].concat());
        if let Place::Step(asked) = place.get()
            && asked != step.name()
        {
            visit.context.host.replace(&step.path());
        }
        match step {
            Step::Address => {}
            Step::Delivery => visit.message.set(None),
            // What it costs with the delivery that was chosen.
            Step::Payment | Step::Review => spawn_local(visit.ask_quote()),
        }
        if visit.refused.with_untracked(Vec::is_empty) {
            visit.checked.set(false);
        }
    });
    let stage = Memo::new(move |_| {
        visit.basis.with(|basis| match basis {
            Load::Waiting => Stage::Waiting,
            Load::Failed(_) => Stage::Failed,
            Load::Ready(basis) if basis.cart.lines.is_empty() && basis.unpaid.is_none() => Stage::Empty,
            Load::Ready(_) => Stage::Ready,
        })
    });
    let body = move || match stage.get() {
        Stage::Waiting => states::skeleton(step.get()),
        Stage::Failed => states::failed(visit),
        Stage::Empty => states::empty(visit),
        Stage::Ready => step_view(visit, step),
    };
    view! { class = C, {progress::progress(visit, step)} {body} }.into_any()
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Waiting,
    Failed,
    Empty,
    Ready,
}

fn step_view(visit: Visit, step: Memo<Step>) -> AnyView {
    let form = move || match step.get() {
        Step::Address => address::address(visit),
        Step::Delivery => delivery::delivery(visit),
        Step::Payment => payment::payment(visit),
        Step::Review => review::review(visit),
    };
    let aside = move || (step.get() != Step::Review).then(|| items::aside(visit, step));
    view! { class = C,
        <div class="columns" data-step=move || step.get().name()>
            <div class="step">{form}</div>
            {aside}
        </div>
    }
    .into_any()
}

/// Whether there is an order that only waits for its payment.
fn must_pay(visit: Visit) -> bool {
    visit.basis.with(|basis| matches!(basis, Load::Ready(basis) if basis.unpaid.is_some()))
}

/// Fills in who is signed in, and reads the cart again when that changes: carts are merged at sign-in.
fn follow_session(visit: Visit) {
    let session = visit.context.host.session();
    Effect::new(move |before: Option<Option<_>>| {
        let now = session.get();
        if let Some(person) = now.clone() {
            visit.context.store.dispatch(Action::Known(person));
        }
        if before.is_some_and(|before| before != now) {
            spawn_local(visit.reload());
        }
        now
    });
}

/// The message about the order or the payment, in a place that is there before it.
fn message(visit: Visit) -> AnyView {
    let note = move || {
        visit.message.get().map(|text| view! { class = C, <p class="note bad">{text}</p> }.into_any())
    };
    view! { class = C, <div id=order::MESSAGE tabindex="-1" role="alert" data-test="message">{note}</div> }
        .into_any()
}
