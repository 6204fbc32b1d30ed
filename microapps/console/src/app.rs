//! One microapp, from near.

use crate::{actions, card, chart, desk::Desk, el, history, live, releases, rollout};
use contract::registry::health::Span;
use leptos::prelude::*;
use microapp::{element::El, t_with};
use operator::focus;

/// The view.
pub fn view(desk: Desk, app: String) -> Vec<El> {
    let back = el("a").class("back").attr("href", &desk.host.href("/")).t("← All releases");
    let title =
        el("div").class("title").child(focus::heading::<Desk>(&app)).child(rollout::badge(desk, app.clone()));
    let key = {
        let app = app.clone();
        move || match (desk.told(|told| told.apps.is_some()), desk.status(&app, |_| ())) {
            (false, _) => "waits",
            (true, None) => "unknown",
            (true, Some(())) => "known",
        }
    };
    let shown = key.clone();
    let body = el("div").class("body").attr_when("aria-busy", "true", {
        let key = key.clone();
        move || key() == "waits"
    });
    let body = body.children_from(
        move || key().to_owned(),
        move || match untrack(&shown) {
            "waits" => vec![el("div").class("near").child(card::skeleton()).child(card::skeleton())],
            "unknown" => vec![unknown(&app)],
            _ => known(desk, &app),
        },
    );
    vec![el("div").class("head").child(back).child(title), body]
}

fn unknown(app: &str) -> El {
    el("div")
        .class("empty")
        .attr("data-test", "unknown")
        .child(el("p").text(&t_with("Nothing was ever published of {app}.", &[("app", app)])))
}

fn known(desk: Desk, app: &str) -> Vec<El> {
    let app = || app.to_owned();
    let now = el("section")
        .class("card app")
        .attr("aria-labelledby", "console-now")
        .child(el("h2").attr("id", "console-now").t("What is live"))
        .child(live::versions(desk, app()))
        .child(live::since(desk, app()))
        .child(rollout::progress(desk, app()))
        .child(actions::buttons(desk, app()));
    let health = el("section")
        .class("card app")
        .attr("aria-labelledby", "console-health")
        .child(
            el("div")
                .class("title")
                .child(el("h2").attr("id", "console-health").t("How it does"))
                .child(spans(desk)),
        )
        .child(chart::chart(desk, app()));
    vec![
        el("div").class("near").child(now).child(health),
        history::section(desk, app()),
        releases::section(desk, app()),
    ]
}

/// How far back the chart looks.
fn spans(desk: Desk) -> El {
    let select = el("select")
        .class("input small")
        .attrs(&[("id", "console-span"), ("data-test", "span")])
        .attr_t("aria-label", "How far back");
    let options = Span::ALL.map(|span| {
        let option = el("option").attr("value", span.name()).text(&chart::reach(span));
        if span == untrack(|| desk.span()) { option.attr("selected", "") } else { option }
    });
    let chosen = select.clone();
    select.children(options).on("change", move |_| {
        // A select has a `value` like an input's.
        let name = chosen.field().value();
        if let Some(span) = Span::ALL.into_iter().find(|span| span.name() == name) {
            desk.look_back(span);
        }
    })
}
