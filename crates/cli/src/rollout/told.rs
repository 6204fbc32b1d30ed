//! What is live, in words.

use crate::shown::Table;
use contract::registry::rollout::{AppStatus, History, Mounts, Rollout, RolloutState};

/// What is live of one microapp, and where its rollout stands.
pub fn status(status: &AppStatus) -> String {
    let mut lines = vec![match status.live.len() {
        0 => format!("nothing of {} is live", status.app),
        1 => format!("{} {} is live (revision {})", status.app, live(status), status.revision),
        _ => format!("{} {} are live (revision {})", status.app, live(status), status.revision),
    }];
    if let Some(fallback) = &status.fallback {
        lines.push(format!("last good release: {fallback}"));
    }
    if let Some(rollout) = &status.rollout {
        lines.push(last_rollout(status, rollout));
        if !rollout.state.is_over() {
            lines.push(mounts(&rollout.version, &rollout.health.new));
            lines.push(mounts(&rollout.before, &rollout.health.before));
        }
    }
    lines.join("\n")
}

/// One line on an app's last rollout: what was done since its end is no part of it.
fn last_rollout(status: &AppStatus, rollout: &Rollout) -> String {
    let is_history = rollout.state.is_over() && !status.is_rollout_last();
    format!("{}{}", if is_history { "earlier " } else { "" }, self::rollout(rollout))
}

/// One line on a rollout.
pub fn rollout(rollout: &Rollout) -> String {
    let (version, reason) = (&rollout.version, &rollout.reason);
    match rollout.state {
        RolloutState::Running => format!(
            "rollout of {version}: step {} of {}, {} of {} s: {}",
            rollout.step,
            rollout.steps.len(),
            rollout.waited_seconds.min(rollout.interval_seconds),
            rollout.interval_seconds,
            if reason.is_empty() { "begins" } else { reason }
        ),
        RolloutState::Paused => {
            format!("rollout of {version}: paused at step {} of {}", rollout.step, rollout.steps.len())
        }
        state => {
            let state = state.name().replace('-', " ");
            // "undone by ada" says both.
            let told = if reason.starts_with(&state) { reason.clone() } else { format!("{state}, {reason}") };
            format!("rollout of {version}: {told}")
        }
    }
}

fn mounts(version: &str, mounts: &Mounts) -> String {
    let p75 = mounts.p75_ms.map(|ms| format!(", p75 {ms} ms")).unwrap_or_default();
    format!(
        "  {version}: {} visitors, {} saw it fail ({} failed, {} panicked, {} timed out){p75}",
        mounts.visitors, mounts.unwell, mounts.failed, mounts.panicked, mounts.timed_out
    )
}

/// A table of all microapps.
pub fn apps(apps: &[AppStatus]) -> String {
    let mut table = Table::new(["APP", "REVISION", "LIVE", "LAST GOOD", "ROLLOUT"]);
    for app in apps {
        let rollout = app.rollout.as_ref().map(|rollout| last_rollout(app, rollout)).unwrap_or_default();
        let fallback = app.fallback.as_deref().unwrap_or_default();
        table.row([&app.app, &app.revision.to_string(), &live(app), fallback, &rollout]);
    }
    table.text("nothing is published yet; `menagerie publish DIR` does that")
}

/// A table of revisions.
pub fn history(history: &History) -> String {
    let mut table = Table::new(["REVISION", "WHEN", "VERSION", "SHARE", "WHO", "WHY"]);
    for revision in &history.revisions {
        let share = match &revision.before {
            Some(before) => format!("{} %, others {before}", revision.percent),
            None => format!("{} %", revision.percent),
        };
        let number = revision.revision.to_string();
        table.row([&number, &revision.at, &revision.version, &share, &revision.who, &revision.why]);
    }
    table.text("nothing of it was live yet")
}

/// `1.4.0 (90 %) and 1.5.0 (10 %)`, or one version alone.
fn live(status: &AppStatus) -> String {
    match status.live.as_slice() {
        [only] => only.version.clone(),
        shares => {
            let shares = shares.iter().map(|share| format!("{} ({} %)", share.version, share.percent));
            shares.collect::<Vec<_>>().join(" and ")
        }
    }
}
