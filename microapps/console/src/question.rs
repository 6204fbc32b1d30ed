//! What is asked before something changes for visitors: what will happen, and the words to do it with.

use contract::registry::{
    release::ListedRelease,
    rollout::{AppStatus, NewRollout, Revision, Undo},
};
use contract::route::encode;
use microapp::{t, t_with};
use serde::{Serialize, Serializer};

/// A question with one way to say yes.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// `Go back to revision 7?`
    pub title: String,
    /// What will happen.
    pub says: Vec<String>,
    /// Web APIs that are to be allowed, and those that are dropped.
    pub difference: Option<(Vec<String>, Vec<String>)>,
    /// The word on the button.
    pub yes: String,
    /// What is said when it is done.
    pub done: String,
    /// What is done.
    pub act: Act,
}

/// What is done.
#[derive(Clone, Debug, PartialEq)]
pub enum Act {
    /// Back to the release of a revision, or of before.
    Undo {
        /// The microapp.
        app: String,
        /// Where to.
        undo: Undo,
        /// The newest revision when it was asked; the registry refuses it at another one.
        seen: i64,
    },
    /// The release of a rollout for everybody.
    Promote {
        /// The microapp.
        app: String,
        /// The newest revision when it was asked; the registry refuses it at another one.
        seen: i64,
    },
    /// A rollout; steps and so on are asked for with the question.
    Start {
        /// The microapp.
        app: String,
        /// What is rolled out.
        wish: NewRollout,
        /// The newest revision when it was asked; the registry refuses it at another one.
        seen: i64,
    },
    /// A rollout stays at its step or goes on. This takes nothing from anybody, so nobody is asked.
    Switch {
        /// The microapp.
        app: String,
        /// `pause`, `resume`.
        what: &'static str,
    },
    /// A release's Web APIs are fine.
    Allow {
        /// The microapp.
        app: String,
        /// Its version.
        version: String,
    },
}

impl Act {
    /// Where it is sent to.
    pub fn path(&self) -> String {
        match self {
            Self::Undo { app, seen, .. } => at(app, "/undo", *seen),
            Self::Promote { app, seen } => at(app, "/rollout/promote", *seen),
            Self::Switch { app, what } => ["/registry/apps/", app, "/rollout/", what].concat(),
            Self::Start { app, seen, .. } => at(app, "/rollout", *seen),
            Self::Allow { app, version } => {
                ["/registry/releases/", app, "/", &encode(version), "/allow"].concat()
            }
        }
    }
}

/// Where to send what is true of a microapp at this revision only.
fn at(app: &str, what: &str, seen: i64) -> String {
    ["/registry/apps/", app, what, "?expected_revision=", &seen.to_string()].concat()
}

/// As what is sent.
impl Serialize for Act {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Undo { undo, .. } => undo.serialize(serializer),
            Self::Start { wish, .. } => wish.serialize(serializer),
            Self::Promote { .. } | Self::Switch { .. } | Self::Allow { .. } => serializer.serialize_unit(),
        }
    }
}

fn stays() -> String {
    t("Pages that are open keep what they have; the next visit gets the change.")
}

/// What happens when a version is taken back to.
fn goes_live(status: &AppStatus, version: &str) -> String {
    let places = [("version", version), ("next", &next(status))];
    t_with("{version} goes live for everybody. This becomes revision {next}.", &places)
}

/// What is said when it happened.
fn is_live_again(status: &AppStatus, version: &str) -> String {
    let places = [("app", &*status.app), ("version", version)];
    t_with("{app} {version} is live for everybody again.", &places)
}

/// Whether a revision's release is to go live again.
pub fn undo_to(status: &AppStatus, revision: &Revision) -> Question {
    let number = revision.revision.to_string();
    let mut says = vec![goes_live(status, &revision.version)];
    leaves(status, &revision.version, &mut says);
    Question {
        title: t_with("Go back to revision {number} of {app}?", &[("number", &number), ("app", &status.app)]),
        says,
        difference: None,
        yes: t("Go back"),
        done: is_live_again(status, &revision.version),
        act: Act::Undo {
            app: status.app.clone(),
            undo: Undo { to_revision: Some(revision.revision) },
            seen: status.revision,
        },
    }
}

/// Whether a rollout is to be taken back.
pub fn take_back(status: &AppStatus, before: &str) -> Question {
    let mut says = vec![goes_live(status, before)];
    leaves(status, before, &mut says);
    Question {
        title: t_with("Take the rollout of {app} back?", &[("app", &status.app)]),
        says,
        difference: None,
        yes: t("Take it back"),
        done: is_live_again(status, before),
        act: Act::Undo { app: status.app.clone(), undo: Undo::default(), seen: status.revision },
    }
}

/// Whether everybody is to get what is rolled out.
pub fn promote(status: &AppStatus, version: &str) -> Question {
    let places = [("app", &*status.app), ("version", version), ("next", &next(status))];
    Question {
        title: t_with("Give {app} {version} to everybody now?", &places),
        says: vec![
            t_with(
                "The rollout ends without waiting for its other steps, or for what visitors’ pages tell. This becomes revision {next}.",
                &places,
            ),
            stays(),
        ],
        difference: None,
        yes: t("Give it to everybody"),
        done: t_with("{app} {version} is live for everybody.", &places),
        act: Act::Promote { app: status.app.clone(), seen: status.revision },
    }
}

/// Whether a kept release is to be rolled out.
pub fn start(status: &AppStatus, version: &str) -> Question {
    let first = status.live.is_empty();
    let says = match status.live.last() {
        None => t("Nothing of it is live yet: it goes live for everybody at once."),
        Some(live) => t_with(
            "It goes on by itself when visitors’ pages tell that it does no worse than {before}. When it does worse, it \
             goes back by itself.",
            &[("before", &live.version)],
        ),
    };
    let places = [("app", &*status.app), ("version", version)];
    let wish = NewRollout {
        version: version.to_owned(),
        steps: if first { vec![100] } else { vec![5, 25, 50, 100] },
        interval_seconds: 600,
        hold: false,
    };
    Question {
        title: t_with("Roll out {app} {version}?", &places),
        says: vec![says],
        difference: None,
        yes: t("Roll it out"),
        done: t_with("{app} {version} is on its way.", &places),
        act: Act::Start { app: status.app.clone(), wish, seen: status.revision },
    }
}

/// Whether what a release newly uses is fine.
pub fn allow(release: &ListedRelease) -> Question {
    let places = [("app", &*release.app), ("version", &release.version)];
    Question {
        title: t_with("Allow what {app} {version} newly uses?", &places),
        says: vec![t("Nobody gets it by this: it can be rolled out from then on, by its team or by you.")],
        difference: Some((release.held.clone(), release.removed.clone())),
        yes: t("Allow it"),
        done: t_with("{app} {version} is allowed.", &places),
        act: Act::Allow { app: release.app.clone(), version: release.version.clone() },
    }
}

/// What else comes of `target` going live for everybody.
fn leaves(status: &AppStatus, target: &str, says: &mut Vec<String>) {
    if let Some(rollout) = status.rollout.as_ref().filter(|rollout| !rollout.state.is_over()) {
        says.push(t_with("The rollout of {version} ends.", &[("version", &rollout.version)]));
    }
    if let Some(live) = status.live.last().filter(|live| live.version != target) {
        says.push(t_with(
            "{version} counts as faulty then: nobody falls back to it until it is rolled out again.",
            &[("version", &live.version)],
        ));
    }
    says.push(stays());
}

fn next(status: &AppStatus) -> String {
    (status.revision + 1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use contract::registry::rollout::LiveShare;

    fn status() -> AppStatus {
        let live = |version: &str, percent| LiveShare { version: version.into(), percent };
        AppStatus {
            app: "cart".into(),
            revision: 8,
            live: vec![live("1.4.0", 75), live("1.5.0", 25)],
            fallback: None,
            changed: None,
            rollout: None,
        }
    }

    #[test]
    fn going_back_says_what_becomes_of_what_is_live() {
        let question = take_back(&status(), "1.4.0");
        assert_eq!(
            question.says,
            [
                "1.4.0 goes live for everybody. This becomes revision 9.",
                "1.5.0 counts as faulty then: nobody falls back to it until it is rolled out again.",
                "Pages that are open keep what they have; the next visit gets the change.",
            ]
        );
    }

    #[test]
    fn what_is_done_holds_for_the_revision_that_was_seen() {
        let back = take_back(&status(), "1.4.0").act;
        assert_eq!(back.path(), "/registry/apps/cart/undo?expected_revision=8");
        let promote = promote(&status(), "1.5.0").act;
        assert_eq!(promote.path(), "/registry/apps/cart/rollout/promote?expected_revision=8");
        let start = start(&status(), "1.6.0").act;
        assert_eq!(start.path(), "/registry/apps/cart/rollout?expected_revision=8");
    }

    #[test]
    fn paths_are_the_registrys() {
        let act = Act::Allow { app: "cart".into(), version: "1.0.0+b".into() };
        assert_eq!(act.path(), "/registry/releases/cart/1.0.0%2Bb/allow");
    }
}
