//! Small parts that several steps are made of.

use crate::{C, el, order, steps::Step, visit::Visit};
use contract::shop::order::Order;
use leptos::prelude::document;
use microapp::{element::El, format, page::focus, t_with};

/// The heading's id; there is one at a time.
pub const HEADING: &str = "checkout-heading";

/// A link to a path of the shop.
pub fn link(visit: Visit, path: &str, text: &str) -> El {
    el("a").attr("href", &visit.context.host.href(path)).text(text)
}

/// A button that does something here.
pub fn button(text: &str) -> El {
    el("button").class("button").attr("type", "button").text(text)
}

/// The heading of the page.
pub fn heading(text: &str) -> El {
    el("h1").attrs(&[("id", HEADING), ("tabindex", "-1")]).text(text)
}

/// An order's number, of which no line breaks.
pub fn number(order: &Order) -> El {
    el("span").class("number").text(&order.number)
}

/// The heading of a step.
pub fn question(step: Step) -> El {
    heading(&step.question())
}

/// Until when an order waits for its payment, as a sentence with a blank; nothing where that is not known.
pub fn kept(visit: Visit, order: &Order) -> String {
    let Some(until) = &order.pay_until else { return String::new() };
    let until = format::moment(until, &visit.context.host.locale());
    t_with("We keep it until {time}.", &[("time", &until)]) + " "
}

/// Moves the focus to the heading, for what had it is drawn anew. Who is elsewhere, in the header say, stays there: false.
pub fn to_heading() -> bool {
    let active = document().active_element();
    let moves = active.is_none_or(|active| active.tag_name() == "BODY" || active.class_list().contains(C));
    if moves {
        focus(HEADING);
    }
    moves
}

/// The message about the order or the payment, in a place that is there before it.
pub fn message(visit: Visit) -> El {
    let text = move || visit.sheet(|sheet| sheet.message.clone());
    el("div")
        .attrs(&[("id", order::MESSAGE), ("tabindex", "-1"), ("role", "alert"), ("data-test", "message")])
        .children_from(text, move || match text() {
            text if text.is_empty() => Vec::new(),
            text => vec![el("p").class("note bad").text(&text)],
        })
}

/// The button that sends the step, and the way back.
pub fn actions(next: &str, back: Option<El>) -> El {
    let button =
        el("button").class("button go").attrs(&[("type", "submit"), ("data-test", "continue")]).text(next);
    el("div").class("actions").child(button).children(back)
}

/// A form of which the browser checks nothing: the words are ours.
pub fn form(submit: impl Fn() + 'static) -> El {
    el("form").class("form").attr("novalidate", "").on("submit", move |event| {
        event.prevent_default();
        submit();
    })
}

/// Bars in the shape of something that is not there yet.
pub fn skeleton(classes: &[&str]) -> Vec<El> {
    classes.iter().map(|class| el("div").class("skeleton").class(class)).collect()
}
