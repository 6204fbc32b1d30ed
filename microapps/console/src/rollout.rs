//! A rollout: its steps, what it waits for, and how the new release does beside the one before.

use crate::{desk::Desk, el, live, overview::is_under_way, svg};
use contract::registry::rollout::{AppStatus, Mounts, Rollout, RolloutState};
use leptos::prelude::untrack;
use microapp::{element::El, t, t_with};
use operator::time;

/// The last rollout, where there is something to say of it: while it is under way, and when it went back by itself and nothing
/// changed since.
fn told(status: &AppStatus) -> Option<&Rollout> {
    let shows = |it: &&Rollout| match it.state {
        RolloutState::RolledBack => status.is_rollout_last(),
        _ => is_under_way(it),
    };
    status.rollout.as_ref().filter(shows)
}

/// How far a rollout is, in a word or two.
fn word(status: &AppStatus) -> Option<(String, &'static str)> {
    match told(status)?.state {
        RolloutState::Running => Some((t("Rolling out"), "badge")),
        RolloutState::Paused => Some((t("Paused"), "badge warn")),
        RolloutState::RolledBack => Some((t("Rolled back"), "badge bad")),
        RolloutState::Complete | RolloutState::Undone | RolloutState::Superseded => None,
    }
}

/// The word, where there is one to say.
pub fn badge(desk: Desk, app: String) -> El {
    let word = move || desk.status(&app, word).flatten();
    let shown = word.clone();
    el("span").class("place").children_from(
        move || word().map(|(text, _)| text).unwrap_or_default(),
        move || {
            let badge = untrack(&shown);
            badge
                .map(|(text, class)| el("span").class(class).attr("data-test", "state").text(&text))
                .into_iter()
                .collect()
        },
    )
}

/// The last rollout, where there is something to say of it; when it went back by itself, why.
pub fn progress(desk: Desk, app: String) -> El {
    let rollout = move || desk.status(&app, |status| told(status).cloned()).flatten();
    let key = {
        let rollout = rollout.clone();
        move || rollout().map(|it| key(&it)).unwrap_or_default()
    };
    el("div").class("rollout").attr("data-test", "rollout").children_from(key, move || {
        let Some(rollout) = untrack(&rollout) else { return Vec::new() };
        if !is_under_way(&rollout) {
            let places = [("version", &*rollout.version), ("reason", &rollout.reason)];
            let why = t_with("{version} was rolled back by itself: {reason}.", &places);
            return vec![el("p").class("note bad").attr("data-test", "rolled-back").text(&why)];
        }
        vec![steps(&rollout), says(&rollout), beside(&rollout)]
    })
}

/// Everything that is drawn.
fn key(rollout: &Rollout) -> String {
    let mut key = [rollout.state.name(), " ", &rollout.reason].concat();
    time::write(&mut key, &[rollout.id.unsigned_abs(), rollout.step.into(), rollout.waited_seconds.into()]);
    for arm in [&rollout.health.new, &rollout.health.before] {
        time::write(&mut key, &[arm.visitors, arm.unwell, arm.p75_ms.map_or(0, u64::from)]);
    }
    key
}

fn steps(rollout: &Rollout) -> El {
    let current = usize::from(rollout.step.saturating_sub(1));
    let over = u64::from(rollout.waited_seconds) * 100 / u64::from(rollout.interval_seconds.max(1));
    let steps = rollout.steps.iter().enumerate().map(|(at, percent)| {
        let filled = match at {
            at if at < current => 100,
            at if at == current => over.min(100),
            _ => 0,
        };
        let rect = |class: &str, width: &str| {
            svg("rect").class(class).attrs(&[("width", width), ("height", "6"), ("x", "0"), ("y", "0")])
        };
        let bar = svg("svg")
            .class("step-bar")
            .attrs(&[("viewBox", "0 0 100 6"), ("preserveAspectRatio", "none"), ("aria-hidden", "true")])
            .child(rect("fill-empty", "100"))
            .child(rect("fill-new", &filled.to_string()));
        let step = el("li").class("step").child(bar).child(el("span").text(&live::share(*percent)));
        if at == current { step.attr("aria-current", "step") } else { step }
    });
    el("ol").class("steps").attr_t("aria-label", "Steps").attr("data-test", "steps").children(steps)
}

fn says(rollout: &Rollout) -> El {
    let places = [
        ("step", &*rollout.step.to_string()),
        ("steps", &rollout.steps.len().to_string()),
        ("waited", &time::length(rollout.waited_seconds)),
        ("interval", &time::length(rollout.interval_seconds)),
    ];
    let text = match rollout.state {
        RolloutState::Paused => t_with("Step {step} of {steps}, {waited} of {interval} paused", &places),
        _ => t_with("Step {step} of {steps}, {waited} of {interval} at least", &places),
    };
    let line = el("p").class("says").attr("data-test", "says").child(el("strong").text(&text));
    match (rollout.reason.as_str(), rollout.state) {
        // It waits for whoever paused it.
        ("", RolloutState::Paused) => line,
        ("", _) => line.text(" · ").t("nobody has looked at it yet"),
        (reason, _) => line.text(" · ").text(reason),
    }
}

/// The two releases since the rollout began, one under the other.
fn beside(rollout: &Rollout) -> El {
    let head = [t("Release"), t("Visitors"), t("Saw it fail"), "p75".to_owned()];
    let head = head.map(|text| el("th").attr("scope", "col").text(&text));
    let row = |version: &str, mounts: &Mounts, class: &str| {
        let cells = [
            mounts.visitors.to_string(),
            mounts.unwell.to_string(),
            mounts.p75_ms.map_or("–".to_owned(), |ms| [&ms.to_string(), " ms"].concat()),
        ];
        let name = el("th")
            .attr("scope", "row")
            .child(el("span").class(class))
            .child(el("span").class("version").text(version));
        el("tr").child(name).children(cells.map(|text| el("td").text(&text)))
    };
    el("table")
        .class("beside-table")
        .child(el("caption").class("visually-hidden").t("Since the rollout began"))
        .child(el("thead").child(el("tr").children(head)))
        .child(el("tbody").child(row(&rollout.version, &rollout.health.new, "swatch fill-new")).child(row(
            &rollout.before,
            &rollout.health.before,
            "swatch fill-before",
        )))
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::registry::rollout::{Health, Revision};

    #[test]
    fn what_went_back_is_told_until_something_comes_after_it() {
        let (then, later) = ("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z");
        for (state, changed_at, expected) in [
            (RolloutState::Running, then, Some("Rolling out")),
            (RolloutState::Paused, later, Some("Paused")),
            (RolloutState::RolledBack, then, Some("Rolled back")),
            (RolloutState::RolledBack, later, None),
            (RolloutState::Complete, then, None),
        ] {
            let status = AppStatus {
                app: "cart".into(),
                revision: 8,
                live: Vec::new(),
                fallback: None,
                changed: Some(Revision {
                    revision: 8,
                    version: "1.5.1".into(),
                    percent: 100,
                    before: None,
                    at: changed_at.into(),
                    who: "ada".into(),
                    why: "published".into(),
                }),
                rollout: Some(Rollout {
                    id: 1,
                    version: "1.5.0".into(),
                    before: "1.4.0".into(),
                    steps: vec![5, 100],
                    step: 1,
                    interval_seconds: 60,
                    waited_seconds: 5,
                    state,
                    reason: String::new(),
                    started_at: String::new(),
                    started_by: String::new(),
                    ended_at: state.is_over().then(|| then.into()),
                    health: Health::default(),
                }),
            };
            assert_eq!(word(&status).map(|(text, _)| text).as_deref(), expected, "{state:?} {changed_at}");
        }
    }
}
