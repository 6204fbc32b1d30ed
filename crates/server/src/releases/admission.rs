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

/// Two live apps of a page do not answer the same address, of today or in an older form. The operators' have a page of their own.
pub fn check_routes(release: &Release, live: &[Release]) -> Result<(), RegistryError> {
    let beside = |other: &&Release| {
        ![SHELL, &release.name].contains(&other.name.as_str())
            && is_for_operators(&other.name) == is_for_operators(&release.name)
    };
    for other in live.iter().filter(beside) {
        if let Some(address) = shared(release, other) {
            return Err(RegistryError::RouteClash {
                route: address.clone(),
                name: release.name.clone(),
                other: other.name.clone(),
            });
        }
    }
    Ok(())
}

/// The first address of `ours` that is one of `theirs` too.
fn shared<'a>(ours: &'a Release, theirs: &Release) -> Option<&'a String> {
    let theirs: Vec<Pattern> = addresses(theirs).filter_map(|text| Pattern::parse(text)).collect();
    addresses(ours).find(|text| {
        Pattern::parse(text).is_some_and(|ours| theirs.iter().any(|theirs| clash(&ours, theirs)))
    })
}

/// Routes, and older forms of them.
fn addresses(release: &Release) -> impl Iterator<Item = &String> {
    release.routes.iter().chain(release.aliases.keys())
}

/// Whether one takes what is the other's, or nobody knows whose it is. The shell asks aliases that name a query before all others,
/// so one may fit only such paths of others as it would go before without its query.
fn clash(ours: &Pattern, theirs: &Pattern) -> bool {
    let names_query = |pattern: &Pattern| pattern.query_names().next().is_some();
    ours.precedence(theirs).is_some_and(|order| match (names_query(ours), names_query(theirs)) {
        (false, false) => order.is_eq(),
        (true, false) => order.is_le(),
        (false, true) => order.is_ge(),
        (true, true) => true,
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn release(name: &str, routes: &[&str], aliases: &[(&str, &str)]) -> Release {
        let aliases: serde_json::Map<_, _> =
            aliases.iter().map(|(old, new)| ((*old).to_owned(), json!(new))).collect();
        let description = json!({
            "contract": 1, "name": name, "version": "1.0.0", "entry": "x.js", "title": name, "files": {},
            "routes": routes, "aliases": aliases,
        });
        serde_json::from_value(description).unwrap()
    }

    #[test]
    fn an_address_is_one_teams() {
        let shop = [
            release("home", &["/"], &[("/home", "/")]),
            release("product", &["/product/{id}"], &[("/product?productId={id}", "/product/{id}")]),
            release("cart", &["/cart"], &[]),
            release("pages", &["/{page}"], &[]),
        ];
        for app in &shop {
            assert!(check_routes(app, &shop).is_ok(), "{} beside the others", app.name);
        }
        for (routes, aliases, taken) in [
            (&["/cart"][..], &[][..], true),
            (&[], &[("/cart", "/x")], true),
            (&[], &[("/home", "/x")], true),
            (&[], &[("/cart?coupon={id}", "/x")], true),
            (&[], &[("/{any}?coupon={id}", "/x")], true),
            (&[], &[("/product?petId={id}", "/x")], true),
            (&["/product"], &[], true),
            (&[], &[("/product/{id}?from={from}", "/x")], true),
            (&["/product/new"], &[], false),
            (&[], &[("/product/new", "/x")], false),
            (&[], &[("/product/new?from={from}", "/x")], false),
            (&[], &[("/basket?id={id}", "/x")], false),
        ] {
            let other = release("other", routes, aliases);
            assert_eq!(check_routes(&other, &shop).is_err(), taken, "{routes:?} {aliases:?}");
            let [other, shop] = [std::slice::from_ref(&other), &shop];
            let found = shop.iter().any(|app| check_routes(app, other).is_err());
            assert_eq!(found, taken, "{routes:?} {aliases:?}, the other way round");
        }
    }
}
