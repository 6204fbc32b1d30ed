//! What is live for this visitor: the manifest, with the releases drawn and the routes read.

use crate::{browser, http, json, loader::message_of, overrides, page::Shell, placed::Placed, visitor};
use contract::{
    CONTRACT,
    code::{self, Code},
    release::Slot,
    rollout,
    route::{Address, Pairs, Pattern},
};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit};

/// How many microapps are read between two pauses: a slow phone takes some milliseconds for each.
const AT_A_TIME: usize = 4;

/// Where the manifest lies.
const MANIFEST: &str = "/manifest.json";

/// One microapp, as this visitor gets it.
#[derive(Clone, Debug)]
pub struct Listed {
    /// The release that this visitor drew.
    pub placed: Placed,
    /// The last good release.
    pub fallback: Option<Placed>,
    /// Whether it is a team's own build, on this page alone.
    pub overridden: bool,
    routes: Vec<Pattern>,
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

/// Where the manifest is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// What was preloaded with the page: costs nothing.
    Page,
    /// The server, whatever a cache has.
    Server,
}

/// Fetches the manifest, and what the page's address asks for in place of what is live.
pub async fn fetch(shell: Shell, source: Source) -> Result<LiveApps, (Code, String)> {
    let unreachable = |thrown: JsValue| (code::MANIFEST_UNREACHABLE, message_of(&thrown));
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(shell.config.deadlines.load)));
    if source == Source::Server {
        browser::set(init.unchecked_ref(), "cache", "reload");
    }
    let response = http::fetch(MANIFEST, &init).await.map_err(unreachable)?;
    if !response.ok() {
        return Err((code::MANIFEST_UNREACHABLE, format!("{MANIFEST} answered {}", response.status())));
    }
    let text = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    let manifest = json::parse(&text.as_string().unwrap_or_default())
        .ok_or((code::MANIFEST_INVALID, "it is not JSON".to_owned()))?;
    if json::number(&manifest, "contract") != Some(f64::from(CONTRACT)) {
        return Err((code::MANIFEST_INVALID, format!("it is not of contract {CONTRACT}")));
    }
    let mut live = LiveApps::draw(&manifest, &visitor::id()).await;
    overrides::apply(shell, &mut live).await;
    Ok(live)
}

impl LiveApps {
    /// Draws this visitor's releases, a few at a time. What cannot be read is left out.
    async fn draw(manifest: &JsValue, visitor: &str) -> Self {
        let draw = |app: &JsValue| {
            let releases = json::list(app, "releases");
            let percents: Vec<f64> =
                releases.iter().map(|r| json::number(r, "percent").unwrap_or(0.0)).collect();
            let drawn = rollout::pick(visitor, &json::text(app, "name"), &percents);
            let placed = Placed::read(releases.get(drawn)?)?;
            // Who drew a new release falls back to the one that the others have.
            let last_good = browser::property(app, "fallback");
            let fallback = drawn.checked_sub(1).and_then(|before| releases.get(before)).unwrap_or(&last_good);
            Some(Listed::new(placed, Placed::read(fallback)))
        };
        let mut apps = Vec::new();
        for few in json::list(manifest, "apps").chunks(AT_A_TIME) {
            browser::pause().await;
            apps.extend(few.iter().filter_map(draw));
        }
        Self { apps }
    }

    /// All of them.
    pub fn apps(&self) -> &[Listed] {
        &self.apps
    }

    /// One of them.
    pub fn app(&self, name: &str) -> Option<&Listed> {
        self.apps.iter().find(|app| app.placed.name == name)
    }

    /// Puts a team's own build in the place of what is live, or beside it when it is something new.
    pub fn put_in_place(&mut self, placed: Placed) {
        self.apps.retain(|app| app.placed.name != placed.name);
        // Without a fallback: whoever tries a build wants to see how it fails.
        self.apps.push(Listed { overridden: true, ..Listed::new(placed, None) });
    }

    /// The one that offers a command.
    pub fn with_command(&self, command: &str) -> Option<&Listed> {
        self.apps.iter().find(|app| app.placed.commands.iter().any(|offered| offered == command))
    }

    /// What `address` leads to, aliases included. An alias that names a query goes before routes: `/product?productId=2` is
    /// older than the route `/product`. One of a path alone has to say more of it than the route does: `/product/new` goes
    /// before `/product/{id}`, and takes nobody's route.
    pub fn target(&self, address: &Address) -> Option<Target> {
        if let Some(target) = self.alias(address, None) {
            return Some(target);
        }
        let route = self.route(address);
        let rank = route.as_ref().and_then(|route| Pattern::parse(&route.pattern)).map(|route| route.rank());
        self.alias(address, Some(rank)).or(route)
    }

    /// `/product/new` goes before `/product/{id}`.
    fn route(&self, address: &Address) -> Option<Target> {
        let mut best: Option<(usize, Target)> = None;
        for app in self.apps.iter().filter(|app| app.placed.slot == Slot::Main) {
            for (pattern, text) in app.routes.iter().zip(&app.placed.routes) {
                let Some(params) = pattern.matches(&address.path) else { continue };
                if best.as_ref().is_none_or(|(rank, _)| pattern.rank() > *rank) {
                    let (app, pattern_text) = (app.placed.name.clone(), text.clone());
                    let target = Target { app, pattern: pattern_text, params, address: address.clone() };
                    best = Some((pattern.rank(), target));
                }
            }
        }
        best.map(|(_, target)| target)
    }

    /// By an alias that names a query; or, beside a route of this rank, by one of a path alone.
    fn alias(&self, address: &Address, beside: Option<Option<usize>>) -> Option<Target> {
        for (old, new) in self.apps.iter().flat_map(|app| &app.aliases) {
            let names_query = old.query_names().next().is_some();
            let counts = match beside {
                None => names_query,
                Some(route) => !names_query && route.is_none_or(|rank| old.rank() > rank),
            };
            if !counts {
                continue;
            }
            let Some(params) = old.matches_with(&address.path, &address.query) else { continue };
            let mut query = address.query.clone();
            for taken in old.query_names() {
                query.remove(taken);
            }
            return self.route(&Address { path: new.fill(&params)?, query });
        }
        None
    }
}

impl Listed {
    fn new(mut placed: Placed, fallback: Option<Placed>) -> Self {
        // A route that cannot be read is as good as none.
        placed.routes.retain(|text| Pattern::parse(text).is_some());
        let routes = placed.routes.iter().filter_map(|text| Pattern::parse(text)).collect();
        let aliases = placed.aliases.iter();
        let aliases =
            aliases.filter_map(|(old, new)| Some((Pattern::parse(old)?, Pattern::parse(new)?))).collect();
        Self { routes, aliases, placed, fallback, overridden: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn app(name: &str, routes: &[&str], aliases: &[(&str, &str)]) -> Listed {
        let placed = Placed {
            name: name.to_owned(),
            routes: routes.iter().map(|route| (*route).to_owned()).collect(),
            aliases: aliases.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect(),
            ..Placed::default()
        };
        Listed::new(placed, None)
    }

    fn check(address: &str, expected: Option<(&str, &str)>) {
        let live = LiveApps {
            apps: vec![
                app("home", &["/"], &[]),
                app("product", &["/product/{id}"], &[("/product?productId={id}", "/product/{id}")]),
                app(
                    "cart",
                    &["/{broken", "/cart"],
                    &[("/basket", "/cart"), ("/product/new", "/cart"), ("/product/latest", "/cart")],
                ),
                app("new", &["/product/new"], &[]),
            ],
        };
        let found = live.target(&Address::parse(address)).map(|target| (target.app, target.address.text()));
        assert_eq!(found, expected.map(|(app, text)| (app.to_owned(), text.to_owned())), "{address}");
    }

    #[test]
    fn routes_and_older_forms() {
        check("/", Some(("home", "/")));
        check("/?q=x", Some(("home", "/?q=x")));
        check("/cart", Some(("cart", "/cart")));
        check("/basket", Some(("cart", "/cart")));
        check("/product/latest", Some(("cart", "/cart")));
        check("/product/7", Some(("product", "/product/7")));
        check("/product?productId=2", Some(("product", "/product/2")));
        check("/product?productId=2&ref=mail", Some(("product", "/product/2?ref=mail")));
        check("/product/new", Some(("new", "/product/new")));
        check("/nowhere", None);
        check("/product", None);
    }
}
