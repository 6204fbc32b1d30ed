//! Listings in Reddit's own shape, read without trust.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is longer is left out: nobody reads it in a chat.
const LONGEST_POST: usize = 700;
/// Longer names than this nobody has at Reddit.
const LONGEST_NAME: usize = 40;
/// What is longer of a flair is cut off.
const LONGEST_FLAIR: usize = 64;
/// A longer address is left out.
const LONGEST_URL: usize = 2_000;
/// Words that stand for what was taken away.
const GONE: [&str; 4] = ["[removed]", "[deleted]", "[deleted by user]", "[ removed by reddit ]"];

/// A post that can be shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Reddit's id; ids of our own begin with two letters and are shorter.
    pub id: String,
    /// What is said first.
    pub title: String,
    /// What is said then; may be empty.
    pub text: String,
    /// Who wrote it.
    pub author: String,
    /// Where.
    pub subreddit: String,
    /// What it is about, where that is marked.
    pub flair: String,
    /// Its path at Reddit: `/r/Jokes/comments/…`. Empty for our own.
    pub permalink: String,
    /// What it links to; for our own facts the source.
    pub url: String,
}

/// Which parts of a post are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shows {
    /// Title and text; posts without text are left out.
    TitleAndText,
    /// The title alone.
    Title,
}

/// Why a listing was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ListingError {
    /// Not JSON.
    #[error("line {0}, column {1}: this is not JSON")]
    Json(usize, usize),
    /// JSON, but no listing.
    #[error("{0}: expected {1}")]
    Shape(&'static str, &'static str),
}

/// The posts of a listing that can be shown, in its order.
pub fn read(bytes: &[u8], shows: Shows) -> Result<Vec<Post>, ListingError> {
    let listing: Value =
        serde_json::from_slice(bytes).map_err(|e| ListingError::Json(e.line(), e.column()))?;
    if listing.get("kind").and_then(Value::as_str) != Some("Listing") {
        return Err(ListingError::Shape("kind", "`Listing`"));
    }
    let children = listing.pointer("/data/children").and_then(Value::as_array);
    let children = children.ok_or(ListingError::Shape("data.children", "a list"))?;
    let links = children.iter().filter(|child| child.get("kind").and_then(Value::as_str) == Some("t3"));
    Ok(links
        .filter_map(|child| child.get("data").and_then(Value::as_object))
        .filter_map(|data| post(data, shows))
        .collect())
}

fn post(data: &Map<String, Value>, shows: Shows) -> Option<Post> {
    let text = |key: &str| data.get(key).and_then(Value::as_str).unwrap_or("");
    let is = |key: &str| data.get(key).and_then(Value::as_bool).unwrap_or(false);
    let removed = ["removed_by_category", "removed_by", "banned_by", "removal_reason"];
    let is_removed = removed.iter().any(|key| !matches!(data.get(*key), None | Some(Value::Null)));
    if is_removed || is("over_18") || is("stickied") || is("quarantine") || is("spoiler") {
        return None;
    }
    let (title, body) = (clean(text("title")), clean(text("selftext")));
    let gone = |text: &str| GONE.contains(&text.to_lowercase().as_str());
    if gone(&title)
        || gone(&body)
        || title.is_empty()
        || !["author", "subreddit"].map(text).into_iter().all(is_name)
    {
        return None;
    }
    let (title, body) = match shows {
        Shows::TitleAndText if body.is_empty() => return None,
        Shows::TitleAndText => (title, body),
        Shows::Title => (without_til(&title), String::new()),
    };
    let id = text("id");
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if title.chars().count() + body.chars().count() > LONGEST_POST
        || id.is_empty()
        || id.len() > 32
        || !id.chars().all(plain)
    {
        return None;
    }
    Some(Post {
        id: id.to_owned(),
        title,
        text: body,
        author: text("author").to_owned(),
        subreddit: text("subreddit").to_owned(),
        flair: clean(text("link_flair_text")).chars().take(LONGEST_FLAIR).collect(),
        permalink: Some(text("permalink")).filter(|path| is_permalink(path)).unwrap_or("").to_owned(),
        url: Some(text("url")).filter(|url| is_address(url)).unwrap_or("").to_owned(),
    })
}

/// The name of somebody or of a subreddit. That of who was deleted is none.
fn is_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
    (1..=LONGEST_NAME).contains(&name.len()) && name.chars().all(plain)
}

fn is_address(url: &str) -> bool {
    url.starts_with("https://") && url.len() <= LONGEST_URL
}

/// A path at Reddit and nothing else: it becomes a link.
fn is_permalink(path: &str) -> bool {
    path.starts_with("/r/")
        && path.len() <= 300
        && path.chars().all(|c| c.is_alphanumeric() || "/_-.~%".contains(c))
}

/// Without control characters and the marks that Markdown leaves behind; at most one empty line on end.
fn clean(text: &str) -> String {
    let text = text.replace("&#x200B;", "").replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">");
    let invisible = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.chars().filter(|c| !invisible(*c)).collect::<String>().lines().map(str::trim) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// A title without “TIL that”, which says nothing outside its subreddit.
fn without_til(title: &str) -> String {
    let Some(rest) = title.strip_prefix("TIL") else { return title.to_owned() };
    let rest = rest.trim_start_matches([':', ',', '-', ' ']);
    let rest = rest.strip_prefix("that ").or(rest.strip_prefix("about ")).unwrap_or(rest);
    let mut letters = rest.chars();
    letters.next().map_or_else(|| title.to_owned(), |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// A good post, with some fields changed.
    fn one(changes: Value) -> Option<Post> {
        let mut data = json!({
            "id": "48dxvx", "title": "Why?", "selftext": "Because.", "author": "ada", "subreddit": "Jokes",
            "over_18": false, "stickied": false, "removed_by_category": null, "edited": 1456798125.0,
            "permalink": "/r/Jokes/comments/48dxvx/why/", "url": "https://example.org/",
        });
        for (key, value) in changes.as_object().unwrap() {
            data[key] = value.clone();
        }
        let listing = json!({ "kind": "Listing", "data": { "after": null, "children": [
            { "kind": "t1", "data": data }, { "kind": "t3", "data": data }, 7, { "kind": "t3" },
        ] } });
        let mut posts = read(listing.to_string().as_bytes(), Shows::TitleAndText).unwrap();
        assert!(posts.len() < 2);
        posts.pop()
    }

    #[test]
    fn what_should_not_be_shown_is_left_out() {
        assert!(one(json!({})).is_some());
        for changes in [
            json!({ "over_18": true }),
            json!({ "stickied": true }),
            json!({ "quarantine": true }),
            json!({ "removed_by_category": "moderator" }),
            json!({ "banned_by": "somebody" }),
            json!({ "selftext": "[removed]" }),
            json!({ "selftext": "[deleted]" }),
            json!({ "author": "[deleted]" }),
            json!({ "author": "" }),
            json!({ "author": "ada\u{202e}" }),
            json!({ "author": "a".repeat(41) }),
            json!({ "subreddit": "Jokes\nand more" }),
            json!({ "subreddit": null }),
            json!({ "title": "[ Removed by Reddit ]" }),
            json!({ "title": "" }),
            json!({ "title": " \u{200b}\n" }),
            json!({ "selftext": "" }),
            json!({ "selftext": "x".repeat(700) }),
            json!({ "id": "" }),
            json!({ "id": "../../etc" }),
            json!({ "id": 7 }),
            json!({ "title": null }),
        ] {
            assert_eq!(one(changes.clone()), None, "{changes}");
        }
    }

    #[test]
    fn what_is_shown_is_clean() {
        let post = one(json!({
            "title": "A \u{202e}B\u{0}&amp;C", "selftext": " one\r\n\n\n\n&#x200B;\n two ",
            "permalink": "javascript:alert(1)", "url": "http://plain.example/",
            "link_flair_text": format!("\u{202e}{}", "é".repeat(100)),
        }));
        let post = post.unwrap();
        assert_eq!((post.title.as_str(), post.text.as_str()), ("A B&C", "one\n\ntwo"));
        assert_eq!((post.permalink.as_str(), post.url.as_str()), ("", ""));
        assert_eq!(post.flair, "é".repeat(64));
        assert_eq!(one(json!({ "url": format!("https://{}", "x".repeat(2_000)) })).unwrap().url, "");
        assert_eq!(one(json!({})).unwrap().permalink, "/r/Jokes/comments/48dxvx/why/");
    }

    #[test]
    fn titles_stand_without_til() {
        for (title, expected) in [
            ("TIL that cats purr", "Cats purr"),
            ("TIL: cats purr", "Cats purr"),
            ("TIL cats purr", "Cats purr"),
            ("TIL", "TIL"),
            ("Tilting is fun", "Tilting is fun"),
        ] {
            assert_eq!(without_til(title), expected);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_listing_with_any_bytes_changed_is_read_or_refused(
            changes in proptest::collection::vec((0_usize..2_000, proptest::num::u8::ANY), 1..20),
        ) {
            let data = json!({ "id": "a1", "title": "Why?", "selftext": "Because.", "author": "ada", "over_18": false });
            let children = vec![json!({ "kind": "t3", "data": data }); 8];
            let mut bytes = json!({ "kind": "Listing", "data": { "children": children } }).to_string().into_bytes();
            for (at, byte) in changes {
                let at = at % bytes.len();
                bytes[at] = byte;
            }
            match read(&bytes, Shows::TitleAndText) {
                Ok(posts) => proptest::prop_assert!(posts.len() <= 8),
                Err(error) => proptest::prop_assert!(!error.to_string().is_empty()),
            }
        }
    }

    #[test]
    fn garbage_is_refused_with_the_place() {
        for (bytes, expected) in [
            ("", "line 1, column 0: this is not JSON"),
            ("<html>", "line 1, column 1: this is not JSON"),
            ("{\"kind\":\n\"Listing\"", "line 2, column 9: this is not JSON"),
            ("[]", "kind: expected `Listing`"),
            ("{\"kind\":\"t3\"}", "kind: expected `Listing`"),
            ("{\"kind\":\"Listing\",\"data\":{\"children\":{}}}", "data.children: expected a list"),
        ] {
            let message = read(bytes.as_bytes(), Shows::Title).unwrap_err().to_string();
            assert_eq!(message, expected, "{bytes}");
        }
        let deep = format!("{{\"kind\":{}", "[".repeat(100_000));
        assert!(read(deep.as_bytes(), Shows::Title).is_err());
    }
}
