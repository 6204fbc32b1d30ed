//! The frame of all views, and the way from one to the next.

use crate::{desk::Desk, el, log, messages, order, orders, question, stock, view::View};
use contract::code;
use leptos::prelude::*;
use microapp::{api::numbered, element::El, format, t, t_with};
use operator::{Desk as _, bar, button, dialog, focus, sign_in};

/// The whole page.
pub fn page(desk: Desk) -> El {
    let key = move || if desk.signed_in() { desk.view().name() } else { t("Sign in") };
    let mut first = true;
    let view = el("div").class("view").children_from(key, move || {
        if !std::mem::take(&mut first) {
            focus::to_heading();
        }
        let (title, view) = (untrack(key), desk.view());
        desk.host.set_title(&t_with("{title} – Menagerie Console", &[("title", &title)]));
        if !desk.signed_in() {
            return sign_in::form(desk);
        }
        match view {
            View::Orders(_) => orders::view(desk),
            View::Order(number) => order::view(desk, &number),
            View::Stock(_) => stock::view(desk),
            View::Messages(_) => messages::view(desk),
            View::Log(_) => log::view(desk),
            View::Nowhere => nowhere(desk),
        }
    });
    let dialog = dialog::frame::<Desk>(
        move || desk.question().map(|question| question.title),
        move || desk.question().map(|question| question::form(desk, question)),
        move || desk.put(None),
    );
    el("div").class("page").child(bar::bar(desk)).child(trouble(desk)).child(view).child(dialog)
}

/// That what shows is not of now, and why, with a way on; in a place that is there before it.
fn trouble(desk: Desk) -> El {
    let text = move || {
        desk.told(|told| {
            let Some(error) = &told.trouble else { return String::new() };
            let what = match error.is(code::LOAD_NETWORK) {
                true => t("The server does not answer."),
                false => error.sentence().to_owned(),
            };
            let mut says = vec![numbered(&what, &error.code)];
            if told.at > 0.0 {
                let when = format::day_and_hour(told.at, &desk.host.locale());
                says.push(t_with("What you see was so at {when}.", &[("when", &when)]));
            }
            says.join(" ")
        })
    };
    let again = move || button::<Desk>("again", "quiet").t("Ask again").on("click", move |_| desk.ask(true));
    el("div").class("trouble").attrs(&[("role", "status"), ("data-test", "trouble")]).children_from(
        text,
        move || match untrack(text).as_str() {
            "" => Vec::new(),
            text => vec![el("div").class("note warn asks").child(el("p").text(text)).child(again())],
        },
    )
}

/// Whether nothing is known yet, and nothing stands in the way.
pub fn waits(desk: Desk, known: bool) -> bool {
    !known && desk.told(|told| told.trouble.is_none())
}

/// What stands where a list has nothing.
pub fn empty(heading: &str, text: &str, way_on: Option<(String, String)>) -> El {
    let link = way_on.map(|(href, text)| el("a").class("button quiet").attr("href", &href).text(&text));
    el("div")
        .class("empty")
        .attr("data-test", "empty")
        .child(el("h2").text(heading))
        .child(el("p").text(text))
        .children(link)
}

/// Places that are kept free until the first answer.
pub fn skeletons(count: usize) -> Vec<El> {
    (0..count).map(|_| el("div").class("row").child(el("div").class("skeleton line"))).collect()
}

fn nowhere(desk: Desk) -> Vec<El> {
    let back = el("a").class("button").attr("href", &desk.host.href("/orders")).t("See all orders");
    vec![
        el("div")
            .class("empty")
            .child(focus::heading::<Desk>(&t("There is nothing here")))
            .child(el("p").t("The address may be old, or mistyped."))
            .child(back),
    ]
}
