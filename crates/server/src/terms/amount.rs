//! Numbers with at most two decimals, as owners write them: `4.9`, `"4.90"`.

use serde::{
    Deserialize, Deserializer,
    de::{Error, Visitor},
};
use std::fmt;

/// A number in hundredths: cents of an amount, basis points of a percentage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hundredths(pub i64);

impl<'de> Deserialize<'de> for Hundredths {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader)
    }
}

struct Reader;

impl Visitor<'_> for Reader {
    type Value = Hundredths;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an amount such as 4.90")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Hundredths, E> {
        parse(text).ok_or_else(|| {
            E::custom(format_args!(
                "`{}` is no amount such as 4.90 or 19, from 0, with at most two decimals",
                text.chars().take(40).collect::<String>()
            ))
        })
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Hundredths, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Hundredths, E> {
        self.visit_str(&number.to_string())
    }

    /// Rust writes the shortest text that means the same number, so `4.9` stays what was written.
    fn visit_f64<E: Error>(self, number: f64) -> Result<Hundredths, E> {
        self.visit_str(&number.to_string())
    }
}

fn parse(text: &str) -> Option<Hundredths> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 9 || decimals.len() > 2 || !digits(whole) || !digits(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<2}").parse().ok().map(Hundredths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts() {
        for (json, expected) in [
            ("4.9", Some(490)),
            ("4.90", Some(490)),
            ("\"4.90\"", Some(490)),
            ("0", Some(0)),
            ("1.15", Some(115)),
            ("999999999.99", Some(99_999_999_999)),
            ("19", Some(1900)),
            ("-1", None),
            ("\"-1\"", None),
            ("4.905", None),
            ("\"4,9\"", None),
            ("\"\"", None),
            ("1e30", None),
            ("null", None),
            ("true", None),
        ] {
            let found = serde_json::from_str::<Hundredths>(json).ok().map(|amount| amount.0);
            assert_eq!(found, expected, "{json}");
        }
    }
}
