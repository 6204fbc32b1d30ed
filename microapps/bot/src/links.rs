//! Where links and pictures of an answer may lead: an agent is somebody else's word.

use crate::text::{cut, end_before, position, without_end};
use nlu::text::split;

/// What a link means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A path of the shop: `/product/7`.
    Path(String),
    /// An address.
    Address(String),
}

/// Where links and pictures may lead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Links {
    /// The shop's origin.
    pub shop: String,
    /// The origin of the page that the widget is on.
    pub page: String,
    /// The page's list, if there is one: addresses separated by commas, or `*`.
    pub allowed: Option<String>,
}

impl Links {
    /// What a link of an answer means; none where it may not lead.
    pub fn link(&self, link: &str) -> Option<Target> {
        let link = link.trim();
        if let Some(path) = self.path(link) {
            return Some(Target::Path(path.to_owned()));
        }
        let small = link.to_ascii_lowercase();
        if small.starts_with("mailto:") || small.starts_with("tel:") {
            return Some(Target::Address(link.to_owned()));
        }
        let address = self.address(link)?;
        let may =
            self.is_own(&address) || self.allowed.as_deref().is_none_or(|list| is_listed(&address, list));
        may.then_some(Target::Address(address))
    }

    /// The address of a picture; none where it may not come from. A picture tells its server who looks at it,
    /// so that without a list only those of the shop and of the page itself are shown.
    pub fn picture(&self, picture: &str) -> Option<String> {
        let address = self.address(picture.trim())?;
        let listed = |list: &str| is_listed(&address, list);
        let may = self.is_own(&address)
            || is_below(&address, &self.page)
            || self.allowed.as_deref().is_some_and(listed);
        may.then_some(address)
    }

    /// A path of the shop, as the shop's own agent writes it: `#/cart`, `https://shop.example/#/cart`.
    fn path<'l>(&self, link: &'l str) -> Option<&'l str> {
        let own = link.strip_prefix(&self.shop).and_then(|rest| rest.strip_prefix('/'));
        own.unwrap_or(link).strip_prefix('#').filter(|path| path.starts_with('/'))
    }

    /// An absolute address on the web. What begins with a slash lies in the shop.
    fn address(&self, link: &str) -> Option<String> {
        if link.chars().any(|c| c.is_control() || c == '\\') {
            return None;
        }
        if link.starts_with('/') && !link.starts_with("//") {
            return Some([&self.shop, link].concat());
        }
        let (scheme, rest) = cut(link, "://")?;
        let scheme = scheme.to_ascii_lowercase();
        let host_ends = end_before(rest, b"/?#");
        let (host, behind) = rest.split_at_checked(host_ends)?;
        // Who signs in by an address hides where it leads.
        let plain = !host.is_empty() && end_before(host, b"@") == host.len();
        let web = scheme == "https" || scheme == "http";
        (web && plain).then(|| [&scheme, "://", &host.to_ascii_lowercase(), behind].concat())
    }

    fn is_own(&self, address: &str) -> bool {
        is_below(address, &self.shop)
    }
}

fn is_listed(address: &str, list: &str) -> bool {
    split(list, b',').map(str::trim).filter(|entry| !entry.is_empty()).any(|entry| {
        let whole = if cut(entry, "://").is_some() { entry.to_owned() } else { ["https://", entry].concat() };
        entry == "*" || is_below(address, &whole)
    })
}

/// Whether an address begins with another one, up to the end of a part of it: `https://a.example` does not allow
/// `https://a.example.evil.example`. Nor does one that leads out of it again.
fn is_below(address: &str, whole: &str) -> bool {
    let (begin, rest) = (address.get(..whole.len()), address.get(whole.len()..));
    let (Some(begin), Some(rest)) = (begin, rest) else { return false };
    let ends = whole.ends_with('/') || rest.is_empty() || end_before(rest, b"/?#") == 0;
    let path = address.get(..end_before(address, b"?#")).unwrap_or_default();
    let leads_out = ["/..", "%2e", "%2E"].iter().any(|up| position(path, up).is_some());
    !whole.is_empty() && ends && !leads_out && begin.eq_ignore_ascii_case(whole)
}

/// A piece of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece<'t> {
    /// Words.
    Words(&'t str),
    /// An address, as it was written.
    Address(&'t str),
}

/// A text in pieces, the addresses in it by themselves.
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some(at) = ["https://", "http://"].iter().filter_map(|scheme| position(rest, scheme)).min() {
        let Some((before, address)) = rest.split_at_checked(at) else { break };
        let is_end = |c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '“' | '”');
        let end = address.char_indices().find(|(_, c)| is_end(*c)).map_or(address.len(), |(at, _)| at);
        // A full stop behind an address ends the sentence.
        let address = without_end(address.get(..end).unwrap_or_default(), b".,;:!?)");
        if address.ends_with("//") {
            break;
        }
        if !before.is_empty() {
            pieces.push(Piece::Words(before));
        }
        pieces.push(Piece::Address(address));
        rest = rest.get(at + address.len()..).unwrap_or_default();
    }
    if !rest.is_empty() {
        pieces.push(Piece::Words(rest));
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(allowed: Option<&str>) -> Links {
        Links {
            shop: "https://shop.example".to_owned(),
            page: "https://page.example".to_owned(),
            allowed: allowed.map(str::to_owned),
        }
    }

    #[track_caller]
    fn check(link: &str, allowed: Option<&str>, expected: Option<&str>) {
        let found = links(allowed).link(link).map(|target| match target {
            Target::Path(path) => ["path ", &path].concat(),
            Target::Address(address) => address,
        });
        assert_eq!(found.as_deref(), expected, "{link}");
    }

    #[test]
    fn links_lead_where_they_may() {
        check("#/cart", Some(""), Some("path /cart"));
        check("https://shop.example/#/product/7", Some(""), Some("path /product/7"));
        check("/pictures/a.svg", Some(""), Some("https://shop.example/pictures/a.svg"));
        check("https://anywhere.example/x", None, Some("https://anywhere.example/x"));
        check("HTTPS://Any.Example/X", None, Some("https://any.example/X"));
        check("https://anywhere.example/x", Some(""), None);
        check("https://anywhere.example/x", Some("*"), Some("https://anywhere.example/x"));
        check(
            "https://a.example/x",
            Some("https://b.example, https://a.example"),
            Some("https://a.example/x"),
        );
        check("https://a.example/x", Some("a.example"), Some("https://a.example/x"));
        check("https://a.example.evil.example/", Some("https://a.example"), None);
        check("https://a.example/other", Some("https://a.example/docs"), None);
        check("https://a.example/docs/1", Some("https://a.example/docs"), Some("https://a.example/docs/1"));
        for path in ["..", "1/../..", "%2e%2E", ".%2e/", "%2E."] {
            let link = ["https://a.example/docs/", path, "/other"].concat();
            check(&link, Some("https://a.example/docs/"), None);
            check(&link, Some("https://a.example/docs"), None);
            check(&link, None, Some(&link));
        }
        for link in ["https://a.example/docs/.well/1.2", "https://a.example/docs/1?up=/../%2e"] {
            check(link, Some("https://a.example/docs/"), Some(link));
        }
        check("https://a.example@evil.example/", Some("https://a.example"), None);
        check("https://a.example\\@evil.example/", None, None);
        check("mailto:pets@shop.example", Some(""), Some("mailto:pets@shop.example"));
        for refused in [
            "javascript:alert(1)",
            "JavaScript://x%0Aalert(1)",
            "data:text/html,x",
            "//evil.example",
            "",
            "https://",
            "ftp://a.example",
            "blob:https://a.example/1",
            "java\nscript://x",
        ] {
            check(refused, None, None);
        }
    }

    #[test]
    fn pictures_come_from_the_shop_and_the_page_unless_the_list_says_more() {
        for (picture, allowed, shown) in [
            ("/pictures/a.svg", None, true),
            ("https://shop.example/a.png", None, true),
            ("https://page.example/a.png", None, true),
            ("https://elsewhere.example/a.png", None, false),
            ("https://elsewhere.example/a.png", Some("https://elsewhere.example/"), true),
            ("https://elsewhere.example/a.png", Some("*"), true),
            ("data:image/svg+xml,x", Some("*"), false),
        ] {
            assert_eq!(links(allowed).picture(picture).is_some(), shown, "{picture} {allowed:?}");
        }
    }

    #[test]
    fn addresses_in_a_text() {
        use Piece::{Address, Words};
        assert_eq!(pieces("hello"), [Words("hello")]);
        assert_eq!(
            pieces("See https://a.example/x. And (http://b.example)!"),
            [
                Words("See "),
                Address("https://a.example/x"),
                Words(". And ("),
                Address("http://b.example"),
                Words(")!")
            ]
        );
        assert_eq!(pieces("https://"), [Words("https://")]);
        assert_eq!(pieces(""), []);
    }
}
