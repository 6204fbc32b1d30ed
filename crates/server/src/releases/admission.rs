//! Whether a release may go live beside what is live.

use super::{error::RegistryError, live::LiveError, store};
use ::release::{SHELL, is_for_operators};
use contract::{release::Release, route::Pattern};
use sqlx::AnyConnection;
use std::collections::BTreeSet;

/// Every release that some visitor gets now.
pub async fn live_releases(db: &mut AnyConnection) -> Result<Vec<Release>, LiveError> {
    let mut releases = Vec::new();
    for live in store::live(db).await? {
        if let Some(before) = &live.before
            && let Some(before) = store::release(db, &live.app, before).await?
        {
            releases.push(serde_json::from_str(&before.description)?);
        }
        releases.push(serde_json::from_str(&live.description)?);
    }
    Ok(releases)
}

/// Two live apps of a page do not answer the same route, and none has an older form of another's. The operators' have a page
/// of their own.
pub fn check_routes(release: &Release, live: &[Release]) -> Result<(), RegistryError> {
    let beside = |other: &&Release| {
        ![SHELL, &release.name].contains(&other.name.as_str())
            && is_for_operators(&other.name) == is_for_operators(&release.name)
    };
    for other in live.iter().filter(beside) {
        let clash = shared(&release.routes, &other.routes)
            .or_else(|| shared(paths(release), &other.routes))
            .or_else(|| shared(&release.routes, paths(other)));
        if let Some(route) = clash {
            return Err(RegistryError::RouteClash {
                route: route.clone(),
                name: release.name.clone(),
                other: other.name.clone(),
            });
        }
    }
    Ok(())
}

/// The aliases that are a path alone: one that names a query leaves the path to its owner.
fn paths(release: &Release) -> impl Iterator<Item = &String> {
    release.aliases.keys().filter(|alias| !alias.contains('?'))
}

/// The first of `ours` that some path fits together with one of `theirs`.
fn shared<'a>(
    ours: impl IntoIterator<Item = &'a String>,
    theirs: impl IntoIterator<Item = &'a String>,
) -> Option<&'a String> {
    let theirs: Vec<Pattern> = theirs.into_iter().filter_map(|text| Pattern::parse(text)).collect();
    ours.into_iter().find(|text| {
        Pattern::parse(text).is_some_and(|ours| theirs.iter().any(|theirs| ours.clashes(theirs)))
    })
}

/// How the Web APIs of a release differ from those of the live releases of its app.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// Newly used: these hold a release.
    pub added: Vec<String>,
    /// Used no longer.
    pub removed: Vec<String>,
}

/// Compares; an app of which nothing is live has nothing to differ from.
pub fn difference(release: &Release, live: &[Release]) -> Difference {
    let live: Vec<_> = live.iter().filter(|other| other.name == release.name).collect();
    if live.is_empty() {
        return Difference::default();
    }
    let known: BTreeSet<_> = live.iter().flat_map(|other| &other.web_apis).cloned().collect();
    let used: BTreeSet<_> = release.web_apis.iter().cloned().collect();
    Difference {
        added: used.difference(&known).cloned().collect(),
        removed: known.difference(&used).cloned().collect(),
    }
}
