//! What is live for this visitor: the manifest, with the releases drawn and the routes read.

use crate::visitor;
use contract::{
    CONTRACT,
    code::{self, Code},
    manifest::{Manifest, Placed},
    release::Slot,
    rollout,
    route::{Address, Pairs, Pattern},
};
use gloo_net::http::Request;

/// Where the manifest lies.
const MANIFEST: &str = "/manifest.json";

/// One microapp, as this visitor gets it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The release that this visitor drew.
    pub placed: Placed,
    /// The last good release.
    pub fallback: Option<Placed>,
    routes: Vec<(String, Pattern)>,
    aliases: Vec<(Pattern, Pattern)>,
}

/// The microapps that this page knows.
#[derive(Clone, Debug, Default)]
pub struct LiveApps {
    apps: Vec<Listed>,
}

/// What an address leads to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// The microapp's name.
    pub app: String,
    /// The route's pattern.
    pub pattern: String,
    /// Its parameters.
    pub params: Pairs,
    /// The address in its form of today.
    pub address: Address,
}

/// Fetches the manifest. It was preloaded with the page, so the first call costs nothing.
pub async fn fetch() -> Result<LiveApps, (Code, String)> {
    let unreachable = |error: gloo_net::Error| (code::MANIFEST_UNREACHABLE, error.to_string());
    let response = Request::get(MANIFEST).send().await.map_err(unreachable)?;
    if !response.ok() {
        return Err((code::MANIFEST_UNREACHABLE, format!("{MANIFEST} answered {}", response.status())));
    }
    let text = response.text().await.map_err(unreachable)?;
    let manifest: Manifest =
        serde_json::from_str(&text).map_err(|error| (code::MANIFEST_INVALID, error.to_string()))?;
    if manifest.contract != CONTRACT {
        return Err((code::MANIFEST_INVALID, format!("contract {} is not {CONTRACT}", manifest.contract)));
    }
    Ok(LiveApps::new(manifest, &visitor::id()))
}

impl LiveApps {
    /// Draws this visitor's releases and reads the routes. What cannot be read is left out.
    pub fn new(manifest: Manifest, visitor: &str) -> Self {
        let mut apps: Vec<Listed> = manifest
            .apps
            .into_iter()
            .filter_map(|app| {
                let share = rollout::pick(visitor, &app.name, &app.releases)?.clone();
                Some(Listed::new(share.placed, app.fallback))
            })
            .collect();
        // `/product/new` goes before `/product/{id}`.
        for app in &mut apps {
            app.routes.sort_by_key(|(_, pattern)| usize::MAX - pattern.rank());
        }
        Self { apps }
    }

    /// All of them.
    pub fn apps(&self) -> &[Listed] {
        &self.apps
    }

    /// One of them.
    pub fn app(&self, name: &str) -> Option<&Listed> {
        self.apps.iter().find(|app| app.name() == name)
    }

    /// The one that offers a command.
    pub fn with_command(&self, command: &str) -> Option<&Listed> {
        self.apps.iter().find(|app| app.placed.release.commands.iter().any(|offered| offered == command))
    }

    /// What `address` leads to, aliases included.
    pub fn target(&self, address: &Address) -> Option<Target> {
        self.alias(address).or_else(|| self.route(address))
    }

    fn route(&self, address: &Address) -> Option<Target> {
        let hits = self.apps.iter().filter(|app| app.placed.release.slot == Slot::Main).filter_map(|app| {
            let hit = app.routes.iter().find_map(|(text, pattern)| {
                let params = pattern.matches(&address.path)?;
                Some((pattern.rank(), text.clone(), params))
            });
            hit.map(|(rank, pattern, params)| {
                (rank, Target { app: app.name().to_owned(), pattern, params, address: address.clone() })
            })
        });
        hits.max_by_key(|(rank, _)| *rank).map(|(_, target)| target)
    }

    fn alias(&self, address: &Address) -> Option<Target> {
        let today = self.apps.iter().flat_map(|app| &app.aliases).find_map(|(old, new)| {
            let params = old.matches_with(&address.path, &address.query)?;
            let mut query = address.query.clone();
            for taken in old.query_names() {
                query.remove(taken);
            }
            Some(Address { path: new.fill(&params)?, query })
        })?;
        self.route(&today)
    }
}

impl Listed {
    fn new(placed: Placed, fallback: Option<Placed>) -> Self {
        let release = &placed.release;
        let routes =
            release.routes.iter().filter_map(|text| Some((text.clone(), Pattern::parse(text)?))).collect();
        let aliases = release.aliases.iter();
        let aliases =
            aliases.filter_map(|(old, new)| Some((Pattern::parse(old)?, Pattern::parse(new)?))).collect();
        Self { routes, aliases, placed, fallback }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.placed.release.name
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn live_apps() -> LiveApps {
        let app = |name: &str, routes: &[&str], aliases: serde_json::Value| {
            json!({"name": name, "revision": 1, "releases": [{
                "percent": 100.0, "base": format!("/apps/{name}/1.0.0/"), "contract": 1, "name": name, "version": "1.0.0",
                "entry": "a.js", "title": name, "files": {}, "routes": routes, "aliases": aliases}]})
        };
        let manifest = json!({"contract": 1, "revision": 1, "apps": [
            app("home", &["/"], json!({})),
            app("product", &["/product/{id}"], json!({"/product?productId={id}": "/product/{id}"})),
            app("cart", &["/cart"], json!({})),
            app("new", &["/product/new"], json!({})),
        ]});
        LiveApps::new(serde_json::from_value(manifest).unwrap(), "visitor")
    }

    fn check(address: &str, expected: Option<(&str, &str)>) {
        let target = live_apps().target(&Address::parse(address));
        let found = target.map(|target| (target.app, target.address.text()));
        assert_eq!(found, expected.map(|(app, text)| (app.to_owned(), text.to_owned())), "{address}");
    }

    #[test]
    fn routes_and_older_forms() {
        check("/", Some(("home", "/")));
        check("/?q=x", Some(("home", "/?q=x")));
        check("/cart", Some(("cart", "/cart")));
        check("/product/7", Some(("product", "/product/7")));
        check("/product?productId=2", Some(("product", "/product/2")));
        check("/product?productId=2&ref=mail", Some(("product", "/product/2?ref=mail")));
        check("/product/new", Some(("new", "/product/new")));
        check("/nowhere", None);
        check("/product", None);
    }
}
