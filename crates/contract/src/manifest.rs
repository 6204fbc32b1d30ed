//! `GET /manifest.json`: what is live, the same for everybody.

use crate::release::Release;
use serde::{Deserialize, Serialize};

/// What is live.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// The contract; 1.
    pub contract: u32,
    /// Rises by one with every change of what is live.
    pub revision: i64,
    /// The live microapps, by name.
    pub apps: Vec<App>,
}

/// One live microapp.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct App {
    /// Its name.
    pub name: String,
    /// Rises by one with every change of this app.
    pub revision: i64,
    /// What visitors get, by share; the percents add up to 100. The newest comes last.
    pub releases: Vec<Share>,
    /// The last good release, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Placed>,
}

/// A release and the share of the visitors who get it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Share {
    /// 0 to 100.
    pub percent: f64,
    /// The release.
    #[serde(flatten)]
    pub placed: Placed,
}

/// A release and where its files lie, for ever and unchanged.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Placed {
    /// `/apps/cart/1.4.0/`, or an absolute address; ends with a slash.
    pub base: String,
    /// The fields of `microapp.json`.
    #[serde(flatten)]
    pub release: Release,
}
