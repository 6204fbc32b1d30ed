//! Cutting and trimming of text that weighs little: the standard library's searchers are a kilobyte in a wasm.

/// What stands before the first of an ASCII sign, and what stands behind it.
pub fn cut(text: &str, sign: u8) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == sign)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// What stands before the first of an ASCII sign; all of the text where there is none.
pub fn before(text: &str, sign: u8) -> &str {
    cut(text, sign).map_or(text, |parts| parts.0)
}

/// The parts between ASCII signs, empty ones too.
pub fn split(text: &str, sign: u8) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest?;
        let (part, more) = cut(text, sign).map_or((text, None), |(part, more)| (part, Some(more)));
        rest = more;
        Some(part)
    })
}

/// A text without the characters at its ends that `is_outer` says yes to.
pub fn trim<'t>(text: &'t str, is_outer: &dyn Fn(char) -> bool) -> &'t str {
    let (mut start, mut end) = (text.len(), 0);
    for (at, c) in text.char_indices().filter(|(_, c)| !is_outer(*c)) {
        start = start.min(at);
        end = at + c.len_utf8();
    }
    text.get(start..end).unwrap_or("")
}

/// A text without the ASCII signs of a kind that it begins with.
pub fn trim_start(text: &str, sign: u8) -> &str {
    let start = text.bytes().position(|byte| byte != sign).unwrap_or(text.len());
    text.get(start..).unwrap_or("")
}

/// The parts between white space, none of them empty.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text.char_indices();
    core::iter::from_fn(move || {
        let (start, _) = rest.find(|(_, c)| !c.is_whitespace())?;
        let end = rest.find(|(_, c)| c.is_whitespace()).map_or(text.len(), |(end, _)| end);
        text.get(start..end)
    })
}

/// A whole number in decimal digits, with a sign before it if need be.
pub fn whole(text: &str) -> Option<i64> {
    let (digits, sign) = match text.as_bytes() {
        [b'-', digits @ ..] => (digits, -1),
        [b'+', digits @ ..] => (digits, 1),
        digits => (digits, 1),
    };
    let mut number = 0i64;
    for byte in digits {
        let digit = char::from(*byte).to_digit(10)?;
        number = number.checked_mul(10)?.checked_add(sign * i64::from(digit))?;
    }
    (!digits.is_empty()).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXTS: [&str; 14] = [
        "",
        ".",
        "a",
        "a.b",
        "a.b.c",
        ".a.",
        "..",
        " a  b ",
        "ä.ö ü",
        "\u{a0}é\t\n",
        "12",
        "-7",
        "a b\u{2003}c",
        "  ",
    ];

    #[test]
    fn texts_are_cut_as_the_standard_library_cuts_them() {
        for text in TEXTS {
            assert_eq!(cut(text, b'.'), text.split_once('.'), "{text:?}");
            assert_eq!(before(text, b'.'), text.split('.').next().unwrap(), "{text:?}");
            assert!(split(text, b'.').eq(text.split('.')), "{text:?}");
            assert!(words(text).eq(text.split_whitespace()), "{text:?}");
            assert_eq!(trim(text, &char::is_whitespace), text.trim(), "{text:?}");
            assert_eq!(trim_start(text, b'.'), text.trim_start_matches('.'), "{text:?}");
        }
    }

    #[test]
    fn whole_numbers_are_read_as_the_standard_library_reads_them() {
        let numbers =
            ["0", "007", "+5", "-", "+", "--1", "9223372036854775807", "-9223372036854775808", "1e3"];
        for text in numbers.into_iter().chain(["9223372036854775808", "1_0", "٣"]).chain(TEXTS) {
            assert_eq!(whole(text), text.parse().ok(), "{text:?}");
        }
    }
}
