//! What was live of a microapp, and the way back to it.

use crate::{
    actions,
    desk::Desk,
    el,
    fetch::About,
    list::{self, List},
    live, question,
};
use contract::registry::rollout::Revision;
use leptos::prelude::*;
use microapp::{element::El, t, t_with};
use operator::time;

/// The section.
pub fn section(desk: Desk, app: String) -> El {
    let keys = |about: &About| about.history.iter().map(|revision| revision.revision.to_string()).collect();
    let list = List { title: t("History"), id: "history", tag: "ol", keys };
    list::section(desk, app.clone(), list, move |key| {
        let found = desk.told(|told| {
            let about = told.about.as_ref()?;
            about.history.iter().find(|revision| revision.revision.to_string() == key).cloned()
        });
        found.map_or_else(|| el("li"), |revision| row(desk, app.clone(), revision))
    })
}

fn row(desk: Desk, app: String, revision: Revision) -> El {
    let number = revision.revision;
    let share = match &revision.before {
        Some(before) => {
            let share = live::share(revision.percent);
            t_with("{share}, the others {before}", &[("share", &share), ("before", before)])
        }
        None => t("everybody"),
    };
    let is_live = {
        let app = app.clone();
        move || desk.status(&app, |status| status.revision) == Some(number)
    };
    let (shown, version) = (number.to_string(), &revision.version);
    let label =
        t_with("Go back to revision {number}, {version}", &[("number", &shown), ("version", version)]);
    // A step of a rollout is nothing to go back to: everybody would get what some had. Nor is what everybody has, or what has no
    // files any more.
    let hidden = {
        let (app, version, is_step) = (app.clone(), revision.version.clone(), revision.before.is_some());
        let is_gone = move |about: &About| about.releases.iter().any(|it| it.pruned && it.version == version);
        let version = revision.version.clone();
        move || {
            is_step
                || desk.status(&app, |status| status.is_for_everybody(&version)) == Some(true)
                || desk.told(|told| told.about.as_ref().is_some_and(&is_gone))
        }
    };
    let since =
        el("p").class("since").child(time::moment(desk, &revision.at)).text(&[" · ", &revision.who].concat());
    let what = el("p").child(el("span").class("version").text(&revision.version)).text(": ").text(&share);
    let why = el("p").class("since").text(&revision.why);
    let back = actions::button("undo", "quiet")
        .attrs(&[("aria-label", &label), ("data-revision", &shown)])
        .attr_when("hidden", "", hidden)
        .t("Go back …")
        .on("click", move |_| {
            let question = untrack(|| desk.status(&app, |status| question::undo_to(status, &revision)));
            desk.put(question);
        });
    let now = el("span").class("badge good").t("Live now").attr_when("hidden", "", move || !is_live());
    el("li")
        .class("row")
        .attr("data-test", "revision")
        .child(el("span").class("number").text(&shown))
        .child(el("div").class("what").child(what).child(why).child(since))
        .child(el("div").class("does").child(back).child(now))
}
