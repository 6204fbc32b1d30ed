//! What pages tell of mounts. `POST /api/v1/health/mounts`

use serde::{Deserialize, Serialize};

/// Several mounts of one page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MountReports {
    /// The token that came with the page.
    pub token: String,
    /// The visitor's random id; only a keyed hash of it is kept.
    pub visitor: String,
    /// 1 to 50 of them.
    pub mounts: Vec<MountReport>,
}

/// One mount, or the lack of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MountReport {
    /// The microapp.
    pub app: String,
    /// Its version.
    pub version: String,
    /// What became of it.
    pub kind: MountKind,
    /// How long it took, in milliseconds.
    pub ms: u32,
}

/// What became of a mount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum MountKind {
    /// The first view stood.
    Ok,
    /// It could not be loaded, bootstrapped or mounted, or broke afterwards.
    Failed,
    /// It panicked.
    Panicked,
    /// It did not make it in time.
    TimedOut,
}

impl MountKind {
    /// As it is written: `timed-out`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Failed => "failed",
            Self::Panicked => "panicked",
            Self::TimedOut => "timed-out",
        }
    }
}
