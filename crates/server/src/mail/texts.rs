//! What mails say, in each language one file: `texts/en.txt`.

use axum::http::{HeaderMap, header};
use contract::shop::money::Money;

/// A language that mails are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// `texts/en.txt`
    English,
    /// `texts/de.txt`
    German,
}

/// What a mail is about: a section of each language's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A way to a new password. Places: `link`, `minutes`.
    PasswordReset,
    /// The password is another one. Places: `link`.
    PasswordChanged,
    /// The account is gone.
    AccountDeleted,
    /// We have an order, to be paid on delivery. Places of all about orders: `number`, `items`, `delivery`,
    /// `delivery_price`, `total`, `address`, `link`.
    OrderPlaced,
    /// We have an order and its money.
    OrderPaid,
    /// It is on its way.
    OrderShipped,
    /// It is cancelled.
    OrderCancelled,
    /// It is cancelled, since its payment did not come.
    OrderLapsed,
}

/// Subject and text of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// ISO 639-1.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    fn file(self) -> &'static str {
        match self {
            Self::English => include_str!("texts/en.txt"),
            Self::German => include_str!("texts/de.txt"),
        }
    }

    /// The language of a code such as `de`; English where it is none of ours.
    pub fn of_code(code: &str) -> Self {
        Self::ALL.into_iter().find(|language| language.code() == code).unwrap_or(Self::English)
    }

    /// The one of ours that a browser likes best (`Accept-Language`).
    pub fn of(headers: &HeaderMap) -> Self {
        let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        let mut best = (Self::English, 0.0);
        for wish in text.unwrap_or_default().split(',').take(20) {
            let (tag, weight) = wish.split_once(";q=").unwrap_or((wish, "1"));
            let weight: f32 = weight.trim().parse().unwrap_or(0.0);
            let code = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
            let ours = Self::ALL.into_iter().find(|language| language.code() == code);
            if let Some(ours) = ours.filter(|_| weight > best.1) {
                best = (ours, weight);
            }
        }
        best.0
    }

    /// An amount: `EUR 1,234.50`, `1.234,50 EUR`.
    pub fn money(self, money: &Money) -> String {
        let (thousands, point) = match self {
            Self::English => (',', '.'),
            Self::German => ('.', ','),
        };
        let cents = money.amount.unsigned_abs();
        let units = (cents / 100).to_string();
        let mut text = String::from(if money.amount < 0 { "-" } else { "" });
        for (place, digit) in units.char_indices() {
            if place > 0 && (units.len() - place).is_multiple_of(3) {
                text.push(thousands);
            }
            text.push(digit);
        }
        text.push_str(&format!("{point}{:02}", cents % 100));
        match self {
            Self::English => format!("{} {text}", money.currency),
            Self::German => format!("{text} {}", money.currency),
        }
    }

    /// Writes a letter. A value is shown on one line, unless its place has a line for itself.
    pub fn write(self, letter: Letter, places: &[(&str, &str)]) -> Text {
        let section = section(self.file(), letter.name());
        let (subject, text) = section.split_once('\n').unwrap_or((section, ""));
        Text { subject: fill(subject, places), text: fill(text.trim(), places) + "\n" }
    }
}

impl Letter {
    /// Every letter.
    pub const ALL: [Self; 8] = [
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::AccountDeleted,
        Self::OrderPlaced,
        Self::OrderPaid,
        Self::OrderShipped,
        Self::OrderCancelled,
        Self::OrderLapsed,
    ];

    /// Its section's name: `order-placed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password-reset",
            Self::PasswordChanged => "password-changed",
            Self::AccountDeleted => "account-deleted",
            Self::OrderPlaced => "order-placed",
            Self::OrderPaid => "order-paid",
            Self::OrderShipped => "order-shipped",
            Self::OrderCancelled => "order-cancelled",
            Self::OrderLapsed => "order-lapsed",
        }
    }
}

/// What stands under `[name]`, up to the next section.
fn section<'a>(file: &'a str, name: &str) -> &'a str {
    let mut sections = file.split("\n[").skip(1);
    let found = sections.find_map(|section| section.strip_prefix(name)?.strip_prefix("]\n"));
    found.unwrap_or_default()
}

fn fill(text: &str, places: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    // From left to right, so that a value with braces in it is not filled in itself.
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let (name, after) = after.split_once('}').unwrap_or((after, ""));
        let alone = filled.ends_with('\n') && after.starts_with('\n');
        let value = places.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
        filled.extend(value.chars().map(|c| if c.is_control() && !(alone && c == '\n') { ' ' } else { c }));
        rest = after;
    }
    filled + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;
    use std::collections::BTreeSet;

    #[test]
    fn every_language_has_every_letter_with_the_same_places() {
        let places = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect()
        };
        for letter in Letter::ALL {
            let english = section(Language::English.file(), letter.name());
            for language in Language::ALL {
                let text = section(language.file(), letter.name());
                assert!(text.lines().count() > 2, "{language:?} {letter:?}");
                assert!(!text.lines().next().unwrap().is_empty(), "{language:?} {letter:?}: no subject");
                assert_eq!(places(text), places(english), "{language:?} {letter:?}");
                assert!(text.lines().all(|line| line.chars().count() <= 76), "{language:?} {letter:?}");
            }
        }
        for language in Language::ALL {
            assert_eq!(language.file().matches("\n[").count(), Letter::ALL.len(), "{language:?}");
        }
    }

    #[test]
    fn values_stay_on_their_line_and_are_not_filled_in_themselves() {
        assert_eq!(fill("a {x} b {y}{z}", &[("x", "{y}"), ("y", "1\r\nBcc: 2")]), "a {y} b 1  Bcc: 2");
        assert_eq!(fill("a\n{x}\nb {x}", &[("x", "1\n2\r3")]), "a\n1\n2 3\nb 1 2 3", "a list has lines");
    }

    #[test]
    fn amounts_as_each_language_writes_them() {
        for (amount, english, german) in [
            (0, "EUR 0.00", "0,00 EUR"),
            (1995, "EUR 19.95", "19,95 EUR"),
            (123_456_789, "EUR 1,234,567.89", "1.234.567,89 EUR"),
            (100_000, "EUR 1,000.00", "1.000,00 EUR"),
            (-5, "EUR -0.05", "-0,05 EUR"),
        ] {
            let money = Money { amount, currency: "EUR".to_owned() };
            assert_eq!(Language::English.money(&money), english);
            assert_eq!(Language::German.money(&money), german);
        }
    }

    #[test]
    fn the_language_a_browser_likes_best() {
        for (text, expected) in [
            ("", Language::English),
            ("de", Language::German),
            ("de-AT,en;q=0.8", Language::German),
            ("fr, en;q=0.4, de;q=0.7", Language::German),
            ("en-GB,de;q=0.9", Language::English),
            ("fr", Language::English),
            ("de;q=nonsense", Language::English),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(text));
            assert_eq!(Language::of(&headers), expected, "{text}");
        }
    }
}
