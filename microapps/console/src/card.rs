//! A microapp among the others.

use crate::{chart, desk::Desk, el, live, rollout};
use microapp::element::El;

/// The card of a microapp.
pub fn card(desk: Desk, app: String) -> El {
    let path = ["/apps/", &app].concat();
    let link = el("a").attr("href", &desk.host.href(&path)).text(&app);
    el("li")
        .class("card app")
        .attrs(&[("data-test", "app"), ("data-name", &app)])
        .child(el("div").class("title").child(el("h2").child(link)).child(rollout::badge(desk, app.clone())))
        .child(live::versions(desk, app.clone()))
        .child(live::since(desk, app.clone()))
        .child(rollout::progress(desk, app.clone()))
        .child(chart::chart(desk, app))
}

/// The place of one that is not known yet.
pub fn skeleton() -> El {
    let bar = |class: &str| el("div").class("skeleton").class(class);
    el("div").class("card app").children(["text", "text", "text", "plot"].map(bar))
}
