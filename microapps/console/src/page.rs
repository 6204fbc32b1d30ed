//! The frame of all views, and the way from one to the next.

use crate::{app, desk::Desk, dialog, el, fetch::View, overview, sign_in, time};
use contract::code;
use leptos::prelude::*;
use microapp::element::El;

/// Where the focus goes when the view changes.
pub const HEADING: &str = "console-heading";

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
            to_heading();
        }
        let (title, view) = match (desk.signed_in(), desk.view()) {
            (false, _) => ("Sign in".to_owned(), sign_in::form(desk)),
            (true, View::Overview) => ("Releases".to_owned(), overview::view(desk)),
            (true, View::App(app)) => (app.clone(), app::view(desk, app)),
            (true, View::Nowhere) => ("Nothing here".to_owned(), nowhere(desk)),
        };
        desk.host.set_title(&[&title, " – Menagerie Console"].concat());
        view
    });
    el("div").class("page").child(bar(desk)).child(trouble(desk)).child(view).child(dialog::dialog(desk))
}

/// The heading of a view.
pub fn heading(text: &str) -> El {
    el("h1").attrs(&[("id", HEADING), ("tabindex", "-1")]).text(text)
}

/// Brings the focus to the heading of what shows now.
pub fn to_heading() {
    next_frame(|| {
        window().scroll_to_with_x_and_y(0.0, 0.0);
        focus_heading();
    });
}

fn next_frame(act: fn()) {
    request_animation_frame(act);
}

/// Whether something of the page has the focus.
pub fn has_focus() -> bool {
    document().active_element().is_some_and(|active| active.tag_name() != "BODY")
}

/// Brings the focus to the heading where what had it is gone. Browsers notice that a frame later.
pub fn keep_focus() {
    next_frame(|| {
        next_frame(|| {
            if !has_focus() {
                focus_heading();
            }
        });
    });
}

fn focus_heading() {
    let heading = document().get_element_by_id(HEADING);
    if let Some(heading) =
        heading.and_then(|it| wasm_bindgen::JsCast::dyn_into::<web_sys::HtmlElement>(it).ok())
    {
        let _ = heading.focus();
    }
}

/// Where one can go, and who is here. Orders, stock and messages get their places in the list.
fn bar(desk: Desk) -> El {
    let link =
        el("a").attr("href", &desk.host.href("/")).text("Releases").attr_from("aria-current", move || {
            let current = if desk.view() == View::Overview { "page" } else { "true" };
            (desk.view() != View::Nowhere).then(|| current.to_owned())
        });
    let places = el("ul").class("places").child(el("li").child(link));
    let who = el("p").class("who").attr("data-test", "who").text_from(move || {
        desk.session(|session| session.who.as_ref().map(|who| who.name().to_owned()).unwrap_or_default())
    });
    let out = el("button")
        .class("button quiet small")
        .attrs(&[("type", "button"), ("data-test", "sign-out")])
        .text("Sign out")
        .on("click", move |_| desk.sign_out(None));
    el("div")
        .class("bar")
        .attr_when("hidden", "", move || !desk.signed_in())
        .child(el("nav").attr("aria-label", "Console").child(places))
        .child(el("div").class("beside").child(who).child(out))
}

/// That what shows is not of now, and why; in a place that is there before it.
fn trouble(desk: Desk) -> El {
    let text = move || {
        desk.told(|told| {
            let Some(error) = &told.trouble else { return String::new() };
            let what = match error.is(code::LOAD_NETWORK) {
                true => "The server does not answer.",
                false => error.message.as_str(),
            };
            let old = match told.at {
                0.0 => String::new(),
                at => [" What you see was so at ", &time::day_and_hour(at), "."].concat(),
            };
            [what, " (", &error.code, ")", &old, " It is asked again every five seconds."].concat()
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
    let back = el("a").class("button").attr("href", &desk.host.href("/")).text("See all releases");
    vec![
        el("div")
            .class("empty")
            .child(heading("There is nothing here"))
            .child(el("p").text("The address may be old, or mistyped."))
            .child(back),
    ]
}
