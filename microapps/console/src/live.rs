//! Which versions visitors get.

use crate::{desk::Desk, el, svg};
use contract::registry::rollout::{AppStatus, LiveShare};
use leptos::prelude::untrack;
use microapp::{element::El, t, t_with};
use operator::time;

/// `everybody`, `25 %`.
pub fn share(percent: u8) -> String {
    match percent {
        100 => t("everybody"),
        percent => [&percent.to_string(), " %"].concat(),
    }
}

/// The versions that are live of a microapp, the newest first, and how visitors are shared out.
pub fn versions(desk: Desk, app: String) -> El {
    let live = move || desk.status(&app, |status| status.live.clone()).unwrap_or_default();
    let key = {
        let live = live.clone();
        move || {
            live()
                .iter()
                .map(|share| [share.version.as_str(), " ", &share.percent.to_string(), ";"].concat())
                .collect()
        }
    };
    el("div").class("live").attr("data-test", "live").children_from(key, move || {
        let live = untrack(&live);
        if live.is_empty() {
            return vec![el("p").class("hint").t("Nothing of it is live yet.")];
        }
        let list = el("ul").class("shares").children(live.iter().rev().map(line));
        match live.as_slice() {
            [before, new] => vec![list, bar(new, before)],
            _ => vec![list],
        }
    })
}

fn line(live: &LiveShare) -> El {
    el("li")
        .child(el("span").class("version").text(&live.version))
        .text(" ")
        .child(el("span").class("percent").text(&share(live.percent)))
}

fn bar(new: &LiveShare, before: &LiveShare) -> El {
    let part = |from: u8, share: &LiveShare, class: &str| {
        let (x, width) = (from.to_string(), share.percent.to_string());
        svg("rect").class(class).attrs(&[("x", &x), ("y", "0"), ("width", &width), ("height", "6")])
    };
    svg("svg")
        .class("share-bar")
        .attrs(&[("viewBox", "0 0 100 6"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")])
        .child(part(0, new, "fill-new"))
        .child(part(new.percent, before, "fill-before"))
}

/// The revision, since when, by whom and why.
pub fn since(desk: Desk, app: String) -> El {
    let changed = move || desk.status(&app, |status: &AppStatus| status.changed.clone()).flatten();
    let key = {
        let changed = changed.clone();
        move || changed().map(|revision| revision.revision.to_string()).unwrap_or_default()
    };
    el("p").class("since").attr("data-test", "since").children_from(key, move || {
        let Some(revision) = untrack(&changed) else { return Vec::new() };
        let number = t_with("Revision {number}", &[("number", &revision.revision.to_string())]);
        vec![
            el("span").text(&[&number, " · "].concat()),
            time::moment(desk, &revision.at),
            el("span").text(&[" · ", &revision.why, " · ", &revision.who].concat()),
        ]
    })
}
