//! Why the registry refuses.

use super::live::LiveError;
use crate::http::problem::Failure;
use axum::http::StatusCode;
use contract::code::{self, Code};

/// Why an upload is no release.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// Which of the 1xx.
    pub code: Code,
    message: String,
}

impl From<release::Error> for Invalid {
    fn from(error: release::Error) -> Self {
        Self { code: error.code, message: format!("{} {}.", error.place, error.what) }
    }
}

/// Why the registry did not do what it was asked for. Nothing of it was done then.
#[derive(Debug, thiserror::Error)]
pub enum RegistryError {
    /// It is no release.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its name and version are taken by other bytes.
    #[error(
        "{name} {version} was published before, with other bytes. Raise the version: a release never changes."
    )]
    Exists {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
    },
    /// Another live app answers one of its routes.
    #[error("`{route}` of {name} is also a route of {other}, which is live. One of them has to give it up.")]
    RouteClash {
        /// The route.
        route: String,
        /// The app that was to go live.
        name: String,
        /// The app that has the route.
        other: String,
    },
    /// There is no such app or release, or its files are gone.
    #[error(
        "There is no release {what} with its files in the registry. `menagerie releases list` shows those there are."
    )]
    Unknown {
        /// `cart` or `cart 1.4.0`.
        what: String,
    },
    /// The app has no such revision.
    #[error("{app} has no revision {revision}. `menagerie rollout history {app}` lists them.")]
    RevisionUnknown {
        /// The app.
        app: String,
        /// What was asked for.
        revision: i64,
    },
    /// It uses Web APIs that no live release of the app does.
    #[error(
        "{app} {version} newly uses {}. An operator looks at that and says `menagerie releases allow {app} {version}`.",
        added.join(", ")
    )]
    Held {
        /// The app.
        app: String,
        /// The version.
        version: String,
        /// The Web APIs.
        added: Vec<String>,
    },
    /// A rollout is under way.
    #[error(
        "A rollout of {app} {version} is {state}, in its own steps. `menagerie rollout promote {app}` or `undo {app}` ends it; `pause \
         {app}` holds it."
    )]
    UnderWay {
        /// The app.
        app: String,
        /// What is rolled out.
        version: String,
        /// Running or paused.
        state: &'static str,
    },
    /// Nothing is in the state that this needs.
    #[error("{0}")]
    State(String),
    /// Steps or interval make no sense.
    #[error("{message}")]
    Wish {
        /// Which field.
        field: &'static str,
        /// What it takes.
        message: &'static str,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The file store.
    #[error(transparent)]
    Files(#[from] object_store::Error),
    /// What is live already cannot be read.
    #[error(transparent)]
    Live(#[from] LiveError),
}

impl From<serde_json::Error> for RegistryError {
    fn from(error: serde_json::Error) -> Self {
        Self::Live(error.into())
    }
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        let title = error.to_string();
        let conflict = |code| Self::new(StatusCode::CONFLICT, code).titled(&title);
        match error {
            RegistryError::Invalid(invalid) => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, invalid.code).titled(title)
            }
            RegistryError::Exists { .. } => conflict(code::RELEASE_EXISTS),
            RegistryError::RouteClash { .. } => conflict(code::ROUTE_CLASH),
            RegistryError::Unknown { .. } => {
                Self::new(StatusCode::NOT_FOUND, code::RELEASE_UNKNOWN).titled(title)
            }
            RegistryError::RevisionUnknown { .. } => {
                Self::new(StatusCode::NOT_FOUND, code::REVISION_UNKNOWN).titled(title)
            }
            RegistryError::Held { .. } => conflict(code::RELEASE_HELD),
            RegistryError::UnderWay { .. } => conflict(code::ROLLOUT_RUNNING),
            RegistryError::State(_) => conflict(code::ROLLOUT_STATE),
            RegistryError::Wish { field, message } => {
                Self::new(StatusCode::UNPROCESSABLE_ENTITY, code::INPUT_INVALID).field(field, message)
            }
            RegistryError::Database(error) => error.into(),
            RegistryError::Files(error) => Self::unavailable().because(error),
            RegistryError::Live(error) => error.into(),
        }
    }
}

impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::Database(error) => error.into(),
            LiveError::Files(error) => Self::unavailable().because(error),
            LiveError::Missing(_) | LiveError::Paused => Self::unavailable().because(error),
            LiveError::Description(_) => Self::internal(error),
        }
    }
}
