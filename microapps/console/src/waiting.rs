//! Releases that are held until somebody allows what they newly use.

use crate::{
    desk::{Desk, Told},
    diff, el, question,
};
use contract::registry::release::ListedRelease;
use leptos::prelude::untrack;
use microapp::{element::El, keyed, t_with};
use operator::time;

/// All of them; nothing where there are none.
pub fn section(desk: Desk) -> El {
    // Against another live release it is another difference.
    let keys = move || desk.told(|told| told.waiting.iter().map(key).collect::<Vec<_>>());
    let list = keyed::children(el("ul").class("cards"), keys, move |wanted| {
        let found = desk.told(|told| told.waiting.iter().find(|it| key(it) == wanted).cloned());
        found.map_or_else(|| el("li"), |release| held(desk, release))
    });
    el("section")
        .class("waiting")
        .attrs(&[("aria-labelledby", "console-waiting"), ("data-test", "waiting")])
        .attr_when("hidden", "", move || keys().is_empty())
        .child(el("h2").attr("id", "console-waiting").t("Held until somebody looks"))
        .child(list)
}

/// `cart 1.5.0`
fn name(release: &ListedRelease) -> String {
    [&release.app, " ", &release.version].concat()
}

fn key(release: &ListedRelease) -> String {
    [&name(release), " ", &diff::key(&release.held, &release.removed)].concat()
}

fn held(desk: Desk, release: ListedRelease) -> El {
    let title =
        el("h3").text(&release.app).text(" ").child(el("span").class("version").text(&release.version));
    let by = el("p")
        .class("since")
        .child(time::moment(desk, &release.published_at))
        .text(&[" · ", &release.published_by].concat());
    let difference = diff::list(&release.held, &release.removed);
    let named = name(&release);
    let button = el("button")
        .class("button small")
        .attrs(&[
            ("type", "button"),
            ("data-test", "allow"),
            ("aria-label", &t_with("Allow {version}", &[("version", &named)])),
        ])
        .t("Allow …")
        .on("click", move |_| {
            let now = |told: &Told| told.waiting.iter().find(|it| name(it) == named).map(question::allow);
            desk.put(untrack(|| desk.told(now)));
        });
    el("li")
        .class("card app held")
        .attr("data-test", "held")
        .child(title)
        .child(by)
        .child(el("p").t("It uses Web APIs that nothing live of it does:"))
        .child(difference)
        .child(button)
}
