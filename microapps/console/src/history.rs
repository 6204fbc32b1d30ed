//! What was live of a microapp, and the way back to it.

use crate::{actions, desk::Desk, el, live, question, time};
use contract::registry::rollout::Revision;
use leptos::prelude::*;
use microapp::{element::El, keyed};

/// How many show at first.
pub const FIRST: usize = 8;

/// The section.
pub fn section(desk: Desk, app: String) -> El {
    let all = RwSignal::new(false);
    let known = {
        let app = app.clone();
        move || {
            desk.told(|told| {
                told.about.as_ref().filter(|about| about.app == app).map(|about| about.history.len())
            })
        }
    };
    let (count, waits) = (known.clone(), known.clone());
    let keys = move || {
        let shown = if all.get() { usize::MAX } else { FIRST };
        desk.told(|told| match &told.about {
            Some(about) if known().is_some() => about
                .history
                .iter()
                .take(shown)
                .map(|revision| revision.revision.to_string())
                .collect::<Vec<_>>(),
            _ => Vec::new(),
        })
    };
    let rows = keyed::children(el("ol").class("rows").attr("data-test", "history"), keys, move |number| {
        let found = desk.told(|told| {
            let about = told.about.as_ref()?;
            about.history.iter().find(|revision| revision.revision.to_string() == number).cloned()
        });
        found.map_or_else(|| el("li"), |revision| row(desk, app.clone(), revision))
    });
    el("section")
        .class("list")
        .attr("aria-labelledby", "console-history")
        .child(el("h2").attr("id", "console-history").text("History"))
        .child(waiting_rows(move || waits().is_none()))
        .child(rows)
        .child(more("revisions", all, move || count().unwrap_or_default()))
}

fn row(desk: Desk, app: String, revision: Revision) -> El {
    let number = revision.revision;
    let share = match &revision.before {
        Some(before) => [": ", &live::share(revision.percent), ", the others ", before].concat(),
        None => ": everybody".to_owned(),
    };
    let is_live = {
        let app = app.clone();
        move || desk.status(&app, |status| status.revision) == Some(number)
    };
    let label = ["Go back to revision ", &number.to_string(), ", ", &revision.version].concat();
    let hidden = is_live.clone();
    let since = el("p")
        .class("since")
        .child(time::moment(desk.now, &revision.at))
        .text(&[" · by ", &revision.who].concat());
    let what = el("p").child(el("span").class("version").text(&revision.version)).text(&share);
    let why = el("p").class("since").text(&revision.why);
    let back = actions::button("undo", "quiet")
        .attrs(&[("aria-label", &label), ("data-revision", &number.to_string())])
        .attr_when("hidden", "", hidden)
        .text("Go back …")
        .on("click", move |_| {
            let question = untrack(|| desk.status(&app, |status| question::undo_to(status, &revision)));
            desk.question.set(question);
        });
    let now = el("span").class("badge good").text("Live now").attr_when("hidden", "", move || !is_live());
    el("li")
        .class("row")
        .attr("data-test", "revision")
        .child(el("span").class("number").text(&number.to_string()))
        .child(el("div").class("what").child(what).child(why).child(since))
        .child(el("div").class("does").child(back).child(now))
}

/// Rows that are not known yet.
pub fn waiting_rows(waits: impl Fn() -> bool + 'static) -> El {
    el("div")
        .class("rows")
        .attr("aria-hidden", "true")
        .attr_when("hidden", "", move || !waits())
        .children((0..3).map(|_| el("div").class("skeleton text")))
}

/// Shows what is not shown yet, or less again.
pub fn more(what: &'static str, all: RwSignal<bool>, count: impl Fn() -> usize + Clone + 'static) -> El {
    let text = count.clone();
    actions::button("more", "quiet")
        .attr_when("hidden", "", move || count() <= FIRST)
        .text_from(move || match all.get() {
            true => "Show fewer".to_owned(),
            false => ["Show all ", &text().to_string(), " ", what].concat(),
        })
        .on("click", move |_| all.update(|all| *all = !*all))
}
