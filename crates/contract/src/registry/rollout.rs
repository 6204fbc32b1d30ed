//! What is live, how it came so, and rollouts. `/apps/{app}`

use serde::{Deserialize, Serialize};

/// What is to be rolled out. `POST /apps/{app}/rollout`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewRollout {
    /// A published version.
    pub version: String,
    /// Rising percents, the last one 100.
    #[serde(default = "usual_steps")]
    #[cfg_attr(feature = "openapi", schema(schema_with = steps))]
    pub steps: Vec<u8>,
    /// How long each step lasts at least.
    #[serde(default = "usual_interval")]
    pub interval_seconds: u32,
    /// Stays at the first step until it is resumed.
    #[serde(default)]
    pub hold: bool,
}

fn usual_steps() -> Vec<u8> {
    vec![5, 25, 50, 100]
}

#[cfg(feature = "openapi")]
fn steps() -> utoipa::openapi::schema::Array {
    use utoipa::openapi::{ArrayBuilder, ObjectBuilder, Type};
    let percent = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(1)).maximum(Some(100));
    ArrayBuilder::new().items(percent).min_items(Some(1)).build()
}

fn usual_interval() -> u32 {
    600
}

/// What is live of a microapp, and its last rollout. `GET /apps/{app}`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppStatus {
    /// The microapp.
    pub app: String,
    /// Its newest revision.
    pub revision: i64,
    /// What visitors get; the newest comes last.
    pub live: Vec<LiveShare>,
    /// The last good release.
    pub fallback: Option<String>,
    /// What made it so: its newest revision.
    #[serde(default)]
    pub changed: Option<Revision>,
    /// The last rollout, ended or not.
    pub rollout: Option<Rollout>,
}

impl AppStatus {
    /// Whether everybody gets this version.
    pub fn is_for_everybody(&self, version: &str) -> bool {
        matches!(&self.live[..], [only] if only.version == version)
    }

    /// Whether nothing changed since the last rollout ended: what a later release took the place of is history.
    pub fn is_rollout_last(&self) -> bool {
        let ended_at = self.rollout.as_ref().and_then(|rollout| rollout.ended_at.as_ref());
        self.changed.as_ref().zip(ended_at).is_none_or(|(changed, at)| changed.at == *at)
    }
}

/// What is live of every microapp. `GET /apps`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Apps {
    /// By name.
    pub apps: Vec<AppStatus>,
}

/// A live version and the share of the visitors who get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LiveShare {
    /// The version.
    pub version: String,
    /// 1 to 100.
    pub percent: u8,
}

/// A rollout.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rollout {
    /// Its number.
    pub id: i64,
    /// What is rolled out.
    pub version: String,
    /// What was live before.
    pub before: String,
    /// The percents.
    pub steps: Vec<u8>,
    /// Which of them it is at, from 1.
    pub step: u8,
    /// How long each lasts at least.
    pub interval_seconds: u32,
    /// How much of that is over.
    pub waited_seconds: u32,
    /// Where it stands.
    pub state: RolloutState,
    /// What it waits for, or why it ended.
    pub reason: String,
    /// When it began.
    pub started_at: String,
    /// Who began it.
    pub started_by: String,
    /// When it ended.
    pub ended_at: Option<String>,
    /// How the new release does, next to the one before it.
    pub health: Health,
}

/// Where a rollout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum RolloutState {
    /// Goes from step to step.
    Running,
    /// Stays where it is until it is resumed.
    Paused,
    /// Everybody has the release.
    Complete,
    /// It went back by itself.
    RolledBack,
    /// Somebody took it back.
    Undone,
    /// Another release went live for everybody.
    Superseded,
}

impl RolloutState {
    /// As it is written: `rolled-back`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Paused => "paused",
            Self::Complete => "complete",
            Self::RolledBack => "rolled-back",
            Self::Undone => "undone",
            Self::Superseded => "superseded",
        }
    }

    /// The state with this name.
    pub fn parse(name: &str) -> Option<Self> {
        let all =
            [Self::Running, Self::Paused, Self::Complete, Self::RolledBack, Self::Undone, Self::Superseded];
        all.into_iter().find(|state| state.name() == name)
    }

    /// Whether it is over.
    pub fn is_over(self) -> bool {
        !matches!(self, Self::Running | Self::Paused)
    }
}

/// How two releases do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// The one that is rolled out.
    pub new: Mounts,
    /// The one before it.
    pub before: Mounts,
}

/// What visitors' pages said of a release.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Mounts {
    /// Visitors for whom it was mounted, or was to be.
    pub visitors: u64,
    /// Of them, those who saw it fail in whatever way.
    pub unwell: u64,
    /// Those who saw it mount.
    pub ok: u64,
    /// Those who saw it fail.
    pub failed: u64,
    /// Those who saw it panic.
    pub panicked: u64,
    /// Those who saw it take too long.
    pub timed_out: u64,
    /// Three of four mounts took no longer, in milliseconds; of one visitor of each address.
    pub p75_ms: Option<u32>,
}

/// Back to an earlier release. `POST /apps/{app}/undo`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Undo {
    /// The revision whose release goes live again; without it the one before.
    #[serde(default)]
    pub to_revision: Option<i64>,
}

/// A change of what is live.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Revision {
    /// Its number; rises by one.
    pub revision: i64,
    /// The newest release that was live with it.
    pub version: String,
    /// The share of the visitors who got that one.
    pub percent: u8,
    /// What the others got.
    pub before: Option<String>,
    /// When.
    pub at: String,
    /// Who.
    pub who: String,
    /// Why.
    pub why: String,
}

/// A microapp's revisions. `GET /apps/{app}/history`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct History {
    /// The newest first.
    pub revisions: Vec<Revision>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_have_one_name_each() {
        for state in ["running", "paused", "complete", "rolled-back", "undone", "superseded"] {
            let parsed = RolloutState::parse(state).unwrap();
            assert_eq!(serde_json::to_value(parsed).unwrap(), state);
        }
        assert_eq!(RolloutState::parse("lost"), None);
    }

    #[test]
    fn what_everybody_gets_is_live_alone() {
        let live = |version: &str, percent| LiveShare { version: version.into(), percent };
        for (shares, expected) in [
            (vec![], false),
            (vec![live("1.4.0", 100)], true),
            (vec![live("1.5.0", 100)], false),
            (vec![live("1.4.0", 75), live("1.5.0", 25)], false),
            (vec![live("1.5.0", 75), live("1.4.0", 25)], false),
        ] {
            let status = AppStatus {
                app: "cart".into(),
                revision: 8,
                live: shares,
                fallback: None,
                changed: None,
                rollout: None,
            };
            assert_eq!(status.is_for_everybody("1.4.0"), expected, "{status:?}");
        }
    }

    #[test]
    fn what_is_not_said_of_a_rollout_is_usual() {
        let wish: NewRollout = serde_json::from_str(r#"{"version":"1.0.0"}"#).unwrap();
        assert_eq!((wish.steps, wish.interval_seconds, wish.hold), (vec![5, 25, 50, 100], 600, false));
    }
}
