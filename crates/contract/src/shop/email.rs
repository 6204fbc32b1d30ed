//! What counts as an e-mail address: one rule for forms and server.

/// The most bytes of an address (RFC 5321).
pub const MOST: usize = 254;

/// Something, an @, and a host. Only a letter can tell more. Blanks around it do not count.
pub fn is_plausible(text: &str) -> bool {
    let text = text.trim();
    let Some((name, host)) = text.split_once('@') else { return false };
    let host_is_good = !host.is_empty()
        && !host.starts_with(['.', '-'])
        && !host.ends_with(['.', '-'])
        && !host.contains("..")
        && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'));
    let clean = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, ',' | ';' | '<' | '>');
    !name.is_empty() && host_is_good && text.len() <= MOST && text.chars().all(clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (text, expected) in [
            ("ada@example.org", true),
            (" ada@example.org ", true),
            ("ada+x@sub.example.org", true),
            ("jörg@bücher.example", true),
            ("ada@localhost", true),
            ("", false),
            ("ada", false),
            ("@example.org", false),
            ("ada@", false),
            ("ada@@example.org", false),
            ("ada@example..org", false),
            ("ada@-example.org", false),
            ("a da@example.org", false),
            ("ada@example.org\nBcc: x@example.org", false),
            ("Ada <ada@example.org>", false),
        ] {
            assert_eq!(is_plausible(text), expected, "{text:?}");
        }
        assert!(!is_plausible(&format!("{}@example.org", "a".repeat(MOST))));
    }
}
