//! Cutting of text that weighs little, beside what `nlu::text` has: the standard library's searchers are some kilobytes in a wasm. All
//! signs are ASCII.

/// Where the first of some signs stands; the end where there is none.
pub fn end_before(text: &str, signs: &[u8]) -> usize {
    text.bytes().position(|byte| signs.contains(&byte)).unwrap_or(text.len())
}

/// What stands behind the last slash: the short form of a name of Dialogflow's.
pub fn last_part(name: &str) -> &str {
    let slash = name.bytes().rposition(|byte| byte == b'/');
    slash.and_then(|at| name.get(at + 1..)).unwrap_or(name)
}

/// A text without signs at its end.
pub fn without_end<'t>(text: &'t str, signs: &[u8]) -> &'t str {
    let end = text.bytes().rposition(|byte| !signs.contains(&byte)).map_or(0, |last| last + 1);
    text.get(..end).unwrap_or(text)
}

/// Where a text stands in another one.
pub fn position(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes().windows(wanted.len()).position(|here| here == wanted.as_bytes())
}

/// What stands before and behind the first `mark`.
pub fn cut<'t>(text: &'t str, mark: &str) -> Option<(&'t str, &'t str)> {
    let at = position(text, mark)?;
    Some((text.get(..at)?, text.get(at + mark.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_the_first_mark() {
        for (text, expected) in [
            ("a://b://c", Some(("a", "b://c"))),
            ("://", Some(("", ""))),
            ("ä://ö", Some(("ä", "ö"))),
            (":/", None),
            ("", None),
        ] {
            assert_eq!(cut(text, "://"), expected, "{text}");
        }
    }

    /// As the standard library does it.
    #[test]
    fn ends_are_what_they_are_elsewhere() {
        for text in ["", "/", "a", "a/b", "/ä//ö/", "a.b,c", "a?!", "ü!", "!"] {
            assert_eq!(Some(last_part(text)), text.rsplit('/').next(), "{text}");
            assert_eq!(without_end(text, b"/!?"), text.trim_end_matches(['/', '!', '?']), "{text}");
            assert_eq!(end_before(text, b",?"), text.find([',', '?']).unwrap_or(text.len()), "{text}");
        }
    }
}
