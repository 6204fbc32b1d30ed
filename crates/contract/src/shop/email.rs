//! What counts as an e-mail address: one rule for forms and server.

/// The most bytes of an address (RFC 5321).
pub const MOST: usize = 254;

/// Something, an @, and a host. Only a letter can tell more. Blanks around it do not count.
pub fn is_plausible(text: &str) -> bool {
    let text = text.trim();
    let Some((name, host)) = text.split_once('@') else { return false };
    // Any letter of any script: what is not ASCII is not looked at, which keeps Unicode's tables out of wasm.
    let host_is_good = host.split('.').all(|label| !label.is_empty())
        && !host.starts_with('-')
        && !host.ends_with('-')
        && host
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-') || !byte.is_ascii());
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
            ("ada@.example.org", false),
            ("ada@example.org.", false),
            ("ada@exam_ple.org", false),
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
