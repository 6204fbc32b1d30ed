//! The part of the address that is ours: the hash, in its form of today and its older ones.

use crate::overrides;
use contract::route::{Address, parse_query};

/// The address that a location means. `hash` and `search` as the browser gives them:
/// `#/cart`, `#cart`, `#product?productId=2`, and `?productId=2#product`.
pub fn read(hash: &str, search: &str) -> Address {
    let mut address = Address::parse(hash.trim_start_matches('#'));
    if is_older_form(hash) && address.query.is_empty() {
        address.query = parse_query(&overrides::without(search));
    }
    address
}

/// Whether a hash is a route as people once wrote it, with its query before the hash. The address of
/// today has it behind, and what stands before is none of ours.
pub fn is_older_form(hash: &str) -> bool {
    hash.len() > 1 && !is_route(hash)
}

/// Whether a link's `href` is for the router. Skip links and anchors in the page are not.
pub fn is_route(href: &str) -> bool {
    href.starts_with("#/")
}

/// The address as a link's `href`.
pub fn href(path: &str) -> String {
    format!("#{}", Address::parse(path).text())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(hash: &str, search: &str, expected: &str) {
        assert_eq!(read(hash, search).text(), expected, "{search}{hash}");
    }

    #[test]
    fn older_forms_mean_the_same() {
        check("", "", "/");
        check("#", "", "/");
        check("#/", "?utm=1", "/");
        check("#/cart", "", "/cart");
        check("#cart", "", "/cart");
        check("#product?productId=2", "", "/product?productId=2");
        check("#product", "?productId=2", "/product?productId=2");
        check("#/?q=dog%20bed", "", "/?q=dog%20bed");
        check("#/cart", "?productId=2", "/cart");
        check("#product", "?override=cart@x&productId=2", "/product?productId=2");
    }

    #[test]
    fn anchors_are_not_routes() {
        assert!(is_route("#/cart"));
        for href in ["#main", "#", "/cart", "https://example.com/#/cart"] {
            assert!(!is_route(href), "{href}");
        }
    }
}
