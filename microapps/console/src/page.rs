//! The frame of all views, and the way from one to the next.

use crate::{app, desk::Desk, dialog, el, fetch::View, overview};
use contract::code;
use leptos::prelude::*;
use microapp::{api::numbered, element::El, format, t, t_with};
use operator::{Desk as _, bar, focus, sign_in};

/// The whole page.
pub fn page(desk: Desk) -> El {
    let key = move || match (desk.signed_in(), desk.view()) {
        (false, _) => "?".to_owned(),
        (true, View::Overview) => "/".to_owned(),
        (true, View::App(app)) => app,
        (true, View::Nowhere) => String::new(),
    };
    let mut first = true;
    let view = el("div").class("view").children_from(key, move || {
        if !std::mem::take(&mut first) {
            focus::to_heading();
        }
        let (title, view) = match (desk.signed_in(), desk.view()) {
            (false, _) => (t("Sign in"), sign_in::form(desk)),
            (true, View::Overview) => (t("Releases"), overview::view(desk)),
            (true, View::App(app)) => (app.clone(), app::view(desk, app)),
            (true, View::Nowhere) => (t("Nothing here"), nowhere(desk)),
        };
        desk.host.set_title(&t_with("{title} – Menagerie Console", &[("title", &title)]));
        view
    });
    el("div").class("page").child(bar::bar(desk)).child(trouble(desk)).child(view).child(dialog::dialog(desk))
}

/// That what shows is not of now, and why; in a place that is there before it.
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
            says.push(t("It is asked again every five seconds."));
            says.join(" ")
        })
    };
    el("div").class("trouble").attrs(&[("role", "status"), ("data-test", "trouble")]).children_from(
        text,
        move || match untrack(text).as_str() {
            "" => Vec::new(),
            text => vec![el("p").class("note warn").text(text)],
        },
    )
}

fn nowhere(desk: Desk) -> Vec<El> {
    let back = el("a").class("button").attr("href", &desk.host.href("/")).t("See all releases");
    vec![
        el("div")
            .class("empty")
            .child(focus::heading::<Desk>(&t("There is nothing here")))
            .child(el("p").t("The address may be old, or mistyped."))
            .child(back),
    ]
}
