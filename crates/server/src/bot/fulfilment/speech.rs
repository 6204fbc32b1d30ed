//! The languages that the fulfilment speaks.

use crate::{
    language,
    pricing::{Currency, Minor},
};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONATE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];

/// A language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, and everybody whose language is not spoken here.
    English,
    /// German.
    German,
}

impl Language {
    /// Of a code such as `de-AT`.
    pub fn of(code: &str) -> Self {
        let code = code.to_ascii_lowercase();
        if code == "de" || code.starts_with("de-") || code.starts_with("de_") {
            Self::German
        } else {
            Self::English
        }
    }

    /// ISO 639-1.
    pub fn code(self) -> &'static str {
        self.pick("en", "de")
    }

    /// What is said in this language.
    pub fn pick<T>(self, english: T, german: T) -> T {
        match self {
            Self::English => english,
            Self::German => german,
        }
    }

    /// An amount as people write it: `€49.95`, `49,95 €`.
    pub fn money(self, currency: Currency, amount: Minor) -> String {
        language::Language::of_code(self.code()).money(&currency.money(amount))
    }

    /// The day (UTC) of an RFC 3339 moment as people write it: `11 October 2026`, `11. Oktober 2026`.
    pub fn day(self, moment: &str) -> Option<String> {
        let mut numbers = moment.get(..10)?.split('-').map(|number| number.parse::<usize>().ok());
        let (year, month, day) = (numbers.next()??, numbers.next()??, numbers.next()??);
        let month = self.pick(MONTHS, MONATE).get(month.checked_sub(1)?).copied()?;
        Some(self.pick(format!("{day} {month} {year}"), format!("{day}. {month} {year}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_and_money() {
        for (code, expected) in
            [("de", "de"), ("de-AT", "de"), ("DE", "de"), ("en-GB", "en"), ("", "en"), ("den", "en")]
        {
            assert_eq!(Language::of(code).code(), expected, "{code}");
        }
        let money = |language: Language, code| language.money(Currency::parse(code).unwrap(), 4995);
        assert_eq!(money(Language::English, "EUR"), "€49.95");
        assert_eq!(money(Language::German, "EUR"), "49,95\u{a0}€");
        assert_eq!(money(Language::German, "CHF"), "49,95\u{a0}CHF");
        assert_eq!(Language::English.money(Currency::parse("EUR").unwrap(), 5), "€0.05");
    }

    #[test]
    fn days() {
        for (moment, english, german) in [
            ("2026-10-11T23:59:59Z", "11 October 2026", "11. Oktober 2026"),
            ("2026-01-02", "2 January 2026", "2. Januar 2026"),
        ] {
            assert_eq!(Language::English.day(moment).as_deref(), Some(english));
            assert_eq!(Language::German.day(moment).as_deref(), Some(german));
        }
        for moment in ["", "2026", "2026-00-01", "2026-13-01", "soon, soon"] {
            assert_eq!(Language::English.day(moment), None, "{moment}");
        }
    }
}
