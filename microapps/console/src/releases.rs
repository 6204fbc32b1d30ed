//! The releases of a microapp, live or kept.

use crate::{
    actions,
    desk::Desk,
    diff, el,
    fetch::About,
    list::{self, List},
    live,
    overview::is_under_way,
    question,
};
use contract::registry::release::ListedRelease;
use leptos::prelude::*;
use microapp::{element::El, t, t_with};
use operator::time;

/// The section.
pub fn section(desk: Desk, app: String) -> El {
    let keys = |about: &About| about.releases.iter().map(|release| release.version.clone()).collect();
    let list = List { title: t("Releases"), id: "releases", tag: "ul", keys };
    list::section(desk, app.clone(), list, move |version| row(desk, app.clone(), version))
}

fn row(desk: Desk, app: String, version: String) -> El {
    let release = {
        let version = version.clone();
        move || {
            desk.told(|told| {
                let about = told.about.as_ref()?;
                about.releases.iter().find(|release| release.version == version).cloned()
            })
        }
    };
    let first = untrack(&release);
    let published = first.as_ref().map(|release| {
        let text = [" · ", &release.published_by, " · ", &kilobytes(release.size)].concat();
        el("p").class("since").child(time::moment(desk, &release.published_at)).text(&text)
    });
    let state = {
        let release = release.clone();
        el("p").class("badges").children_from(
            {
                let release = release.clone();
                move || states_key(release())
            },
            move || {
                let found = untrack(&release);
                let states = found.map(|release| states(&release)).unwrap_or_default();
                states.iter().map(|[class, text]| el("span").class(class).text(text)).collect()
            },
        )
    };
    let held = {
        let release = release.clone();
        move || release().filter(|release| !release.held.is_empty() && !release.pruned)
    };
    let difference = {
        let held = held.clone();
        el("div").children_from(
            {
                let held = held.clone();
                move || held().map(|release| diff::key(&release.held, &release.removed)).unwrap_or_default()
            },
            move || {
                untrack(&held)
                    .map(|release| diff::list(&release.held, &release.removed))
                    .into_iter()
                    .collect()
            },
        )
    };
    let allow = {
        let (held, asked) = (held.clone(), held.clone());
        actions::button("allow", "")
            .attr("aria-label", &t_with("Allow {version}", &[("version", &version)]))
            .attr_when("hidden", "", move || held().is_none())
            .t("Allow …")
            .on("click", move |_| desk.put(untrack(&asked).as_ref().map(question::allow)))
    };
    let start = {
        let (version, named) = (version.clone(), app.clone());
        let may = move || {
            let busy = desk.status(&app, |status| status.rollout.as_ref().is_some_and(is_under_way));
            let kept = release().is_some_and(|it| it.percent == 0 && !it.pruned && it.held.is_empty());
            kept && busy == Some(false)
        };
        actions::button("start", "quiet")
            .attrs(&[
                ("aria-label", &t_with("Roll out {version}", &[("version", &version)])),
                ("data-version", &version),
            ])
            .attr_when("hidden", "", move || !may())
            .t("Roll out …")
            .on("click", move |_| {
                let question = untrack(|| desk.status(&named, |status| question::start(status, &version)));
                desk.put(question);
            })
    };
    el("li")
        .class("row")
        .attr("data-test", "release")
        .child(
            el("div")
                .class("what")
                .child(el("p").child(el("span").class("version").text(&version)))
                .children(published)
                .child(state)
                .child(difference),
        )
        .child(el("div").class("does").child(allow).child(start))
}

/// Changes with what [`states`] says.
fn states_key(release: Option<ListedRelease>) -> String {
    let mut key = String::new();
    for [_, text] in release.iter().flat_map(states) {
        key.push_str(&text);
    }
    key
}

/// Classes and words for what a release is.
fn states(release: &ListedRelease) -> Vec<[String; 2]> {
    let badge = |class: &str, text: String| [["badge ", class].concat().trim_end().to_owned(), text];
    let mut states = Vec::new();
    if release.percent > 0 {
        states.push(badge("good", t_with("Live: {share}", &[("share", &live::share(release.percent))])));
    }
    if release.fallback {
        states.push(badge("", t("Visitors fall back to it")));
    }
    if !release.held.is_empty() {
        states.push(badge("warn", t("Held")));
    }
    if let Some(who) = &release.allowed_by {
        states.push(badge("", t_with("Allowed by {who}", &[("who", who)])));
    }
    if let Some(why) = &release.faulty {
        states.push(badge("bad", t_with("Faulty: {why}", &[("why", why)])));
    }
    if release.pruned {
        states.push(badge("", t("Its files are gone")));
    }
    states
}

/// `312 KB`; a kilobyte is 1,000 bytes.
fn kilobytes(bytes: u64) -> String {
    [&bytes.div_ceil(1_000).to_string(), " KB"].concat()
}
