//! Hash paths: patterns with `{id}` segments, queries, and the older forms of an address.

mod pairs;

pub use pairs::Pairs;

use std::cmp::Ordering;

/// A route or an alias: `/product/{id}`, `/product?productId={id}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    segments: Vec<Segment>,
    /// Query names and the parameter that each one's value becomes.
    query: Vec<(String, String)>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    /// Decoded: browsers encode what is typed, and an address may be written either way.
    Literal(String),
    Parameter(String),
}

impl Pattern {
    /// Reads a pattern. `None` when it does not begin with `/` or a brace is not closed.
    pub fn parse(pattern: &str) -> Option<Self> {
        let (path, query) = pattern.split_once('?').unwrap_or((pattern, ""));
        let path = path.strip_prefix('/')?;
        let segments =
            path.split('/').filter(|s| !s.is_empty()).map(Segment::parse).collect::<Option<_>>()?;
        let query = query.split('&').filter(|s| !s.is_empty()).map(|pair| {
            let (name, value) = pair.split_once('=')?;
            Some((name.to_owned(), parameter(value)?.to_owned()))
        });
        Some(Self { segments, query: query.collect::<Option<_>>()? })
    }

    /// The parameters when `path` (encoded or not, without query) fits.
    pub fn matches(&self, path: &str) -> Option<Pairs> {
        self.matches_with(path, &Pairs::new())
    }

    /// The parameters when `path` and the `query` that this pattern asks for fit.
    pub fn matches_with(&self, path: &str, query: &Pairs) -> Option<Pairs> {
        let mut params = Pairs::new();
        let mut given = path.split('/').filter(|s| !s.is_empty());
        for segment in &self.segments {
            let value = decode(given.next()?);
            match segment {
                Segment::Literal(literal) if *literal == value => {}
                Segment::Literal(_) => return None,
                Segment::Parameter(name) => {
                    params.insert(name.clone(), value);
                }
            }
        }
        if given.next().is_some() {
            return None;
        }
        for (name, parameter) in &self.query {
            params.insert(parameter.clone(), query.get(name)?.clone());
        }
        Some(params)
    }

    /// The names in the query that this pattern takes up as parameters.
    pub fn query_names(&self) -> impl Iterator<Item = &str> {
        self.query.iter().map(|(name, _)| name.as_str())
    }

    /// The path with `params` put in. `None` when one is missing.
    pub fn fill(&self, params: &Pairs) -> Option<String> {
        let mut path = String::new();
        for segment in &self.segments {
            path.push('/');
            match segment {
                Segment::Literal(literal) => path.push_str(&encode(literal)),
                Segment::Parameter(name) => path.push_str(&encode(params.get(name)?)),
            }
        }
        Some(if path.is_empty() { "/".to_owned() } else { path })
    }

    /// Which of two patterns goes before the other where a path fits both, queries aside: the greater one, and neither of two
    /// that are equal. `None` when no path fits both.
    pub fn precedence(&self, other: &Self) -> Option<Ordering> {
        if self.segments.len() != other.segments.len() {
            return None;
        }
        // `/cart/{id}` and `/cart/new` live side by side: the literal wins. `/{a}/new` and `/cart/{b}` do not.
        let (mut ours, mut theirs) = (false, false);
        for pair in self.segments.iter().zip(&other.segments) {
            match pair {
                (Segment::Literal(a), Segment::Literal(b)) if a != b => return None,
                (Segment::Literal(_), Segment::Parameter(_)) => ours = true,
                (Segment::Parameter(_), Segment::Literal(_)) => theirs = true,
                _ => {}
            }
        }
        Some(ours.cmp(&theirs))
    }

    /// Higher for more literal patterns: `/product/new` goes before `/product/{id}`.
    pub fn rank(&self) -> usize {
        self.segments.iter().filter(|s| matches!(s, Segment::Literal(_))).count()
    }
}

impl Segment {
    fn parse(segment: &str) -> Option<Self> {
        if segment.contains(['{', '}']) {
            Some(Self::Parameter(parameter(segment)?.to_owned()))
        } else {
            Some(Self::Literal(decode(segment)))
        }
    }
}

fn parameter(text: &str) -> Option<&str> {
    text.strip_prefix('{')?.strip_suffix('}').filter(|name| !name.is_empty() && !name.contains(['{', '}']))
}

/// A path and its query, split and decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Address {
    /// Begins with `/`, without a slash at the end. Each segment is percent-encoded as [`encode`] does, however it was written.
    pub path: String,
    /// Names and values; of a name given twice the last one counts.
    pub query: Pairs,
}

impl Address {
    /// Reads `/cart`, `cart`, `/search?q=dog+bed`.
    pub fn parse(text: &str) -> Self {
        let (path, query) = text.split_once('?').unwrap_or((text, ""));
        let segments = path.trim_matches('/').split('/').map(|segment| encode(&decode(segment)));
        let path = format!("/{}", segments.collect::<Vec<_>>().join("/"));
        Self { path, query: parse_query(query) }
    }

    /// The address as text, with the query in the order of its names.
    pub fn text(&self) -> String {
        let mut text = self.path.clone();
        for (i, (name, value)) in self.query.iter().enumerate() {
            text.push(if i == 0 { '?' } else { '&' });
            text.push_str(&encode(name));
            text.push('=');
            text.push_str(&encode(value));
        }
        text
    }
}

/// Names and values of `a=1&b=2`.
pub fn parse_query(query: &str) -> Pairs {
    query
        .trim_start_matches('?')
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

/// Percent-decodes; what is not valid UTF-8 afterwards is replaced.
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                bytes.push(hex(*high) << 4 | hex(*low));
                rest = after;
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

fn hex(digit: u8) -> u8 {
    match digit {
        b'0'..=b'9' => digit - b'0',
        _ => (digit | 0x20) - b'a' + 10,
    }
}

/// Percent-encodes as `encodeURIComponent` does.
pub fn encode(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.!~*'()".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.push('%');
            encoded.push(char::from(HEX[usize::from(byte >> 4)]));
            encoded.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, address: &str, expected: Option<&[(&str, &str)]>) {
        let address = Address::parse(address);
        let found = Pattern::parse(pattern).unwrap().matches_with(&address.path, &address.query);
        let expected =
            expected.map(|pairs| pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect::<Pairs>());
        assert_eq!(found, expected, "{pattern} against {address:?}");
    }

    #[test]
    fn matching() {
        check("/", "/", Some(&[]));
        check("/", "", Some(&[]));
        check("/cart", "cart", Some(&[]));
        check("/cart", "/cart/", Some(&[]));
        check("/cart", "/cart/x", None);
        check("/cart", "/Cart", None);
        check("/product/{id}", "/product/7", Some(&[("id", "7")]));
        check("/product/{id}", "/product", None);
        check("/product/{id}", "/product/a%20b", Some(&[("id", "a b")]));
        check("/product?productId={id}", "/product?productId=2", Some(&[("id", "2")]));
        check("/product?productId={id}", "/product", None);
        check("/{a}/{b}", "/x/y", Some(&[("a", "x"), ("b", "y")]));
        for pattern in ["/über uns", "/%C3%BCber%20uns"] {
            check(pattern, "/%C3%BCber%20uns", Some(&[]));
            check(pattern, "/über uns", Some(&[]));
        }
        check("/a/b", "/a%2Fb", None);
    }

    #[test]
    fn unreadable_patterns_are_refused() {
        for pattern in ["cart", "/a{b", "/{}", "/{a}b", "/a?b=c"] {
            assert_eq!(Pattern::parse(pattern), None, "{pattern}");
        }
    }

    #[test]
    fn what_is_filled_in_is_an_address() {
        let params = Pairs::from_iter([("id".to_owned(), "ä b".to_owned())]);
        let filled = Pattern::parse("/über/{id}").unwrap().fill(&params);
        assert_eq!(filled.as_deref(), Some("/%C3%BCber/%C3%A4%20b"));
    }

    #[test]
    fn precedence() {
        for (a, b, expected) in [
            ("/product/{id}", "/product/{handle}", Some(Ordering::Equal)),
            ("/product?id={id}", "/product", Some(Ordering::Equal)),
            ("/product/{id}", "/product/new", Some(Ordering::Less)),
            ("/pets/{id}", "/{kind}/sale", Some(Ordering::Equal)),
            ("/pets/{id}", "/{kind}/{id}", Some(Ordering::Greater)),
            ("/pets/{id}/sale", "/{kind}/sale", None),
            ("/über", "/%C3%BCber", Some(Ordering::Equal)),
            ("/cart", "/checkout", None),
        ] {
            let [a, b] = [a, b].map(|text| Pattern::parse(text).unwrap());
            assert_eq!(a.precedence(&b), expected, "{a:?} {b:?}");
            assert_eq!(b.precedence(&a), expected.map(Ordering::reverse), "{b:?} {a:?}");
        }
    }

    #[test]
    fn addresses_survive_the_way_there_and_back() {
        for text in ["/", "/search?q=dog%20bed", "/a?x=%C3%A9&y=1%2B1", "/product/a%2Fb"] {
            assert_eq!(Address::parse(text).text(), text);
        }
        assert_eq!(Address::parse("search?q=dog+bed").query["q"], "dog bed");
        for text in ["/über uns", "/%C3%BCber%20uns", "/%c3%bcber%20uns/", "%C3%BCber uns"] {
            assert_eq!(Address::parse(text).text(), "/%C3%BCber%20uns", "{text}");
        }
        assert_eq!(decode("%E4%zz%"), "\u{fffd}%zz%");
    }
}
