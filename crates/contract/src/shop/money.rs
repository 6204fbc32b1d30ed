//! Amounts of money, in minor units.

use crate::record;
use serde::Serialize;

/// An amount: `{"amount": 1999, "currency": "EUR"}` is 19.99 euro.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units of the currency (cents); never negative but in a discount line.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

record!(Money { amount, currency });

#[cfg(target_family = "wasm")]
crate::read_as_records!(Money);

/// 1234.50 euro as English writes them, and the key under which a language's file says how it does.
///
/// By a sample, and not by the browser's `Intl`: that reads its tables for tens of milliseconds before the first price
/// of a page, and mails have no browser.
pub const SAMPLE: &str = "€1,234.50";

impl Money {
    /// As the language writes it that writes [`SAMPLE`] like this: `€19.99`; `19,99 €` after `1.234,50 €`.
    // A body of its own, and so the same in every microapp: what is the same is not fetched again. Letter by letter:
    // searching for texts takes 4 KB of wasm.
    #[inline(never)]
    pub fn written(&self, sample: &str) -> String {
        let (sign, is_code) = match self.currency.as_str() {
            "EUR" => ("€", false),
            "GBP" => ("£", false),
            "USD" => ("$", false),
            code => (code, true),
        };
        let mut text = String::from(if self.amount < 0 { "-" } else { "" });
        let (mut last, mut in_number) = (' ', false);
        for letter in sample.chars() {
            // A code stands apart from its number: `CHF 5.00`.
            if is_code && matches!((last, letter), ('€', '1') | ('0', '€')) {
                text.push('\u{a0}');
            }
            match letter {
                '€' => text.push_str(sign),
                '1' => {
                    in_number = true;
                    self.push_number(&mut text, sample);
                }
                '0' => in_number = false,
                _ if in_number => {}
                _ => text.push(letter),
            }
            last = letter;
        }
        text
    }

    /// `1,999.00`, without a sign.
    fn push_number(&self, text: &mut String, sample: &str) {
        let thousands = between(sample, '1', '2');
        let cents = self.amount.unsigned_abs();
        let units = (cents / 100).to_string();
        for (place, digit) in units.chars().enumerate() {
            if place > 0 && (units.len() - place).is_multiple_of(3) {
                text.push_str(&thousands);
            }
            text.push(digit);
        }
        text.push_str(&decimal_point(sample));
        text.push_str(if cents % 100 < 10 { "0" } else { "" });
        text.push_str(&(cents % 100).to_string());
    }
}

/// What stands between whole numbers and their parts, in the language of this sample: `.` of `€1,234.50`.
pub fn decimal_point(sample: &str) -> String {
    between(sample, '4', '5')
}

/// What stands between two digits of a number.
fn between(number: &str, left: char, right: char) -> String {
    let mut found = String::new();
    let mut inside = false;
    for letter in number.chars() {
        inside &= letter != right;
        if inside {
            found.push(letter);
        }
        inside |= letter == left;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_as_each_language_writes_them() {
        const GERMAN: &str = "1.234,50\u{a0}€";
        for (amount, currency, english, german) in [
            (0, "EUR", "€0.00", "0,00\u{a0}€"),
            (1995, "EUR", "€19.95", "19,95\u{a0}€"),
            (123_456_789, "GBP", "£1,234,567.89", "1.234.567,89\u{a0}£"),
            (100_000, "USD", "$1,000.00", "1.000,00\u{a0}$"),
            (-5, "EUR", "-€0.05", "-0,05\u{a0}€"),
            (i64::MIN, "EUR", "-€92,233,720,368,547,758.08", "-92.233.720.368.547.758,08\u{a0}€"),
            (500, "CHF", "CHF\u{a0}5.00", "5,00\u{a0}CHF"),
        ] {
            let money = Money { amount, currency: currency.to_owned() };
            assert_eq!(money.written(SAMPLE), english);
            assert_eq!(money.written(GERMAN), german);
        }
        let money = Money { amount: 123_450, currency: "CHF".to_owned() };
        assert_eq!(money.written("1 234,50€"), "1 234,50\u{a0}CHF");
        assert_eq!([SAMPLE, GERMAN, "no sample"].map(decimal_point), [".", ",", ""]);
    }

    #[test]
    fn a_sample_that_is_none_hurts_nobody() {
        let money = Money { amount: 150, currency: "EUR".to_owned() };
        for (sample, expected) in [("", ""), ("€", "€"), ("1", "150"), ("x€", "x€")] {
            assert_eq!(money.written(sample), expected, "{sample}");
        }
    }
}
