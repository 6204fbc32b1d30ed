//! Releases. `/releases`

use serde::{Deserialize, Serialize};

/// What publishing did. `POST /releases`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Published {
    /// The microapp.
    pub name: String,
    /// Its version.
    pub version: String,
    /// False when these very bytes were published before.
    pub created: bool,
    /// Whether it is live for everybody now.
    pub live: bool,
    /// Web APIs that it uses and that no live release of the microapp does; until an operator allows them it is held.
    #[serde(default)]
    pub held: Vec<String>,
    /// The microapp's newest revision afterwards; 0 while nothing of it is live.
    pub revision: i64,
}

/// How many releases of a microapp the registry lists at most, beside those that are live.
pub const MOST_LISTED: u16 = 200;

/// A release as the registry lists it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ListedRelease {
    /// The microapp.
    pub app: String,
    /// Its version.
    pub version: String,
    /// When it was published.
    pub published_at: String,
    /// By whom.
    pub published_by: String,
    /// The share of the visitors who get it now, 0 to 100.
    pub percent: u8,
    /// Whether it is what visitors fall back to.
    pub fallback: bool,
    /// Bytes of all files, uncompressed.
    pub size: u64,
    /// Web APIs that hold it, sorted; see [`Published::held`].
    pub held: Vec<String>,
    /// Web APIs that a live release uses and it does not, where it is held.
    #[serde(default)]
    pub removed: Vec<String>,
    /// Who allowed its Web APIs.
    pub allowed_by: Option<String>,
    /// Why it was taken back, where it was.
    pub faulty: Option<String>,
    /// Whether its files are gone.
    pub pruned: bool,
}

/// Releases, by microapp, the newest first. `GET /releases`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Releases {
    /// All, or one microapp's.
    pub releases: Vec<ListedRelease>,
}

/// An operator allows a held release. `POST /releases/{app}/{version}/allow`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Allowed {
    /// The microapp.
    pub app: String,
    /// Its version.
    pub version: String,
    /// What it uses that no live release does.
    pub added: Vec<String>,
    /// What a live release uses and it does not.
    pub removed: Vec<String>,
}

/// Which files may go. `POST /prune`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Prune {
    /// One microapp; without it all.
    #[serde(default)]
    pub app: Option<String>,
    /// Of how many of a microapp's last revisions the files stay; at least 2.
    #[cfg_attr(feature = "openapi", schema(minimum = 2, maximum = 65535))]
    pub keep: u16,
    /// Only say what would go.
    #[serde(default)]
    pub dry_run: bool,
}

/// Whose files went, or would go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Pruned {
    /// `cart 1.3.0`
    pub releases: Vec<String>,
    /// Files that are gone: what other releases share stays.
    pub files: u64,
}
