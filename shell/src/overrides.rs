//! A team's own build in place of what is live, on this page alone: `?override=cart@http://localhost:9000/release/microapp.json`.
//!
//! Only from origins that the server's configuration lists, and only as long as the address asks for it: nothing is
//! remembered. What runs has the hashes of its description, as ever.

use crate::{browser, http, json, live_apps::LiveApps, loader::message_of, page::Shell, placed::Placed};
use contract::{CONTRACT, code, release::DESCRIPTION_FILE, route::decode};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, RequestInit};

/// The name in the page's query.
const NAME: &str = "override=";

/// Puts what the page's address asks for in place of what is live, and says on the page what it is.
pub async fn apply(shell: Shell, live: &mut LiveApps) {
    let search = browser::window().location().search().unwrap_or_default();
    let mut shown = Vec::new();
    for asked in asked(&search) {
        match fetch(shell, &asked).await {
            Ok(placed) => {
                shown.push(format!("{} {} from {}", placed.name, placed.version, host(&placed.base)));
                live.put_in_place(placed);
            }
            Err(reason) => {
                shell.notices.warn(format!("{} {asked} is not used: {reason}", code::OVERRIDE_REFUSED));
            }
        }
    }
    let badge = browser::by_id("overrides");
    badge.set_hidden(shown.is_empty());
    browser::by_id("overrides-text").set_text_content(Some(&shown.join(", ")));
}

/// One press ends it: the same place in the shop, as everybody has it.
pub fn begin() {
    browser::listen(&browser::by_id("overrides-end"), "click", |_| {
        let location = browser::window().location();
        let (path, search) = (location.pathname().unwrap_or_default(), location.search().unwrap_or_default());
        let here = [path, without(&search), location.hash().unwrap_or_default()].concat();
        let _ = location.assign(&here);
    });
}

async fn fetch(shell: Shell, asked: &str) -> Result<Placed, String> {
    let (app, address) = asked.split_once('@').ok_or("it is not NAME@ADDRESS")?;
    let base = base(address, &shell.config.overrides)?;
    let init = RequestInit::new();
    init.set_signal(Some(&AbortSignal::timeout_with_u32(shell.config.deadlines.load)));
    browser::set(init.unchecked_ref(), "cache", "no-store");
    let unreachable = |thrown: JsValue| format!("{address} cannot be had: {}", message_of(&thrown));
    let response = http::fetch(address, &init).await.map_err(unreachable)?;
    if !response.ok() {
        return Err(format!("{address} answered {}", response.status()));
    }
    let text = JsFuture::from(response.text().map_err(unreachable)?).await.map_err(unreachable)?;
    let described = json::parse(&text.as_string().unwrap_or_default()).ok_or("it is not JSON")?;
    if json::number(&described, "contract") != Some(f64::from(CONTRACT)) {
        return Err(format!("it is not of contract {CONTRACT}"));
    }
    if json::text(&described, "name") != app {
        return Err(format!("it describes {}", json::text(&described, "name")));
    }
    browser::set(described.unchecked_ref(), "base", base);
    Placed::read(&described).ok_or_else(|| "it names no entry module".to_owned())
}

/// Where a release lies whose description is at `address`, if that is at one of `origins`.
fn base<'a>(address: &'a str, origins: &[String]) -> Result<&'a str, String> {
    let listed = origins
        .iter()
        .any(|origin| address.strip_prefix(origin.as_str()).is_some_and(|path| path.starts_with('/')));
    if !listed {
        return Err("the server's configuration does not list its origin".to_owned());
    }
    address
        .strip_suffix(DESCRIPTION_FILE)
        .filter(|base| base.ends_with('/') && !base.contains(['?', '#']))
        .ok_or_else(|| format!("the address does not end in /{DESCRIPTION_FILE}"))
}

/// `localhost:9000` of an address there.
fn host(address: &str) -> &str {
    address.split('/').nth(2).unwrap_or(address)
}

/// What a query asks for: `cart@http://…/microapp.json`.
fn asked(search: &str) -> Vec<String> {
    pairs(search).filter_map(|pair| pair.strip_prefix(NAME)).map(decode).collect()
}

/// The part of a query that asks for overrides.
pub fn part(search: &str) -> String {
    joined(pairs(search).filter(|pair| pair.starts_with(NAME)))
}

/// A query without that part.
pub fn without(search: &str) -> String {
    joined(pairs(search).filter(|pair| !pair.starts_with(NAME)))
}

fn pairs(search: &str) -> impl Iterator<Item = &str> {
    search.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty())
}

fn joined<'a>(pairs: impl Iterator<Item = &'a str>) -> String {
    let pairs: Vec<_> = pairs.collect();
    if pairs.is_empty() { String::new() } else { format!("?{}", pairs.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_taken_apart() {
        let search = "?utm=1&override=cart@http://a/microapp.json&override=home%40b&productId=2";
        assert_eq!(asked(search), ["cart@http://a/microapp.json", "home@b"]);
        assert_eq!(part(search), "?override=cart@http://a/microapp.json&override=home%40b");
        assert_eq!(without(search), "?utm=1&productId=2");
        assert_eq!(
            (asked("").len(), part("?q=1"), without("?override=x")),
            (0, String::new(), String::new())
        );
    }

    #[test]
    fn where_a_build_comes_from() {
        assert_eq!((host("http://localhost:9000/a/"), host("odd")), ("localhost:9000", "odd"));
    }

    #[track_caller]
    fn check(address: &str, expected: Option<&str>) {
        let origins = ["http://localhost:9000".to_owned(), "https://try.example".to_owned()];
        assert_eq!(base(address, &origins).ok(), expected, "{address}");
        assert_eq!(base(address, &[]).ok(), None, "{address} where nothing is listed");
    }

    #[test]
    fn only_descriptions_at_listed_origins_count() {
        check("http://localhost:9000/microapp.json", Some("http://localhost:9000/"));
        check("https://try.example/a/b/microapp.json", Some("https://try.example/a/b/"));
        check("https://try.example.evil.example/microapp.json", None);
        check("https://try.example@evil.example/microapp.json", None);
        check("https://evil.example/https://try.example/microapp.json", None);
        check("http://localhost:90000/microapp.json", None);
        check("//try.example/microapp.json", None);
        check("/apps/cart/1.0.0/microapp.json", None);
        check("https://try.example/other.json", None);
        check("https://try.example/xmicroapp.json", None);
        check("https://try.example/?/microapp.json", None);
        check("https://try.example/#/microapp.json", None);
        check("javascript:alert(1)//microapp.json", None);
    }
}
