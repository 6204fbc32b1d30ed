//! The words for numbers, days and times. A language is a table here.

#[cfg(feature = "nl")]
mod dutch;
mod english;
#[cfg(feature = "fr")]
mod french;
#[cfg(feature = "de")]
mod german;
#[cfg(feature = "es")]
mod spanish;

use super::index::Index;
use std::sync::OnceLock;

/// Phrases with their values: `zero=0|one=1`. Folded, their words parted by one blank. A phrase without a
/// value stands for itself.
pub type Phrases = &'static str;

/// The entries of a list: what is said, and its value.
pub fn entries(list: &str) -> impl Iterator<Item = (&str, &str)> {
    said(list).map(parted)
}

/// The entries of a list as they stand.
pub fn said(mut list: &str) -> impl Iterator<Item = &str> {
    // Entries are short: bytes one by one are faster than the standard search.
    core::iter::from_fn(move || {
        let end = list.bytes().position(|b| b == b'|').unwrap_or(list.len());
        let entry = list.get(..end).filter(|entry| !entry.is_empty())?;
        list = list.get(end + 1..).unwrap_or("");
        Some(entry)
    })
}

/// What is said, and its value.
pub fn parted(entry: &str) -> (&str, &str) {
    crate::text::cut(entry, b'=').unwrap_or((entry, entry))
}

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Seconds.
    Second,
    /// Minutes.
    Minute,
    /// Hours.
    Hour,
    /// Days.
    Day,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

const UNITS: [(&str, Unit); 7] = [
    ("s", Unit::Second),
    ("min", Unit::Minute),
    ("h", Unit::Hour),
    ("day", Unit::Day),
    ("wk", Unit::Week),
    ("mo", Unit::Month),
    ("yr", Unit::Year),
];

impl Unit {
    /// The unit of Dialogflow's code.
    pub fn of(code: &str) -> Option<Self> {
        UNITS.iter().find(|unit| unit.0 == code).map(|unit| unit.1)
    }

    /// How many seconds it has; months and years, which differ, count as weeks.
    pub fn seconds(self) -> f64 {
        match self {
            Unit::Second => 1.0,
            Unit::Minute => 60.0,
            Unit::Hour => 3600.0,
            Unit::Day => 86_400.0,
            _ => 604_800.0,
        }
    }

    /// Dialogflow's code.
    pub fn code(self) -> &'static str {
        UNITS[self as usize].0
    }
}

/// The words of a language.
#[derive(Debug)]
pub struct Words {
    /// Numbers below one hundred that are one word.
    pub small: Phrases,
    /// Hundred, thousand and so on.
    pub scales: Phrases,
    /// What may stand between the parts of a number.
    pub and: Phrases,
    /// Whether numbers are written in one word with the unit before the ten.
    pub compounds: bool,
    /// Minus.
    pub minus: &'static str,
    /// The word for the decimal sign.
    pub point: &'static str,
    /// Whether these are the words of English.
    pub english: bool,
    /// Ordinals that are one word.
    pub ordinals: Phrases,
    /// What follows the digits of an ordinal.
    pub ordinal_endings: Phrases,
    /// Per cent.
    pub percent: Phrases,
    /// Months, from 1.
    pub months: Phrases,
    /// Days of the week, Sunday 0.
    pub weekdays: Phrases,
    /// Today, tomorrow and the like: days from now.
    pub days: Phrases,
    /// Units of time, by Dialogflow's code; parts of an hour, in minutes.
    pub units: Phrases,
    /// Before a length of time that has to pass.
    pub within: Phrases,
    /// Before a length of time that has passed.
    pub ago_before: Phrases,
    /// After a length of time that has passed.
    pub ago_after: Phrases,
    /// The next; 2 is the one after it.
    pub next: Phrases,
    /// The last.
    pub last: Phrases,
    /// This.
    pub this: Phrases,
    /// After the noun, as in "la semaine prochaine".
    pub next_after: Phrases,
    /// After the noun, as in "la semaine dernière".
    pub last_after: Phrases,
    /// Noon, midnight: seconds of the day.
    pub hours: Phrases,
    /// a.m., in the evening and the like: `before` or `after` noon, or at `night`, whose hours are around midnight.
    pub halves: Phrases,
    /// O'clock.
    pub clock: Phrases,
    /// Minutes after the hour: "quarter past".
    pub past: Phrases,
    /// Before an hour that is meant half an hour earlier ("halb drei").
    pub half_to: Phrases,
    /// After an hour ("dos y media"): minutes.
    pub after_hour: Phrases,
    /// Before a time.
    pub at: Phrases,
    /// Parts of a day: first hour times a hundred and last hour.
    pub parts: Phrases,
    /// Around days: "on", "the", "of".
    pub fillers: Phrases,
    /// Before the first end of a period.
    pub from: Phrases,
    /// Between the ends of a period.
    pub to: Phrases,
    /// Weekend.
    pub weekend: Phrases,
    /// All of them by their first words, made when they are first used.
    pub index: OnceLock<Index>,
}

impl Words {
    /// The words of a language; English where it is not known.
    pub fn of(code: &str) -> &'static Words {
        match code {
            #[cfg(feature = "de")]
            "de" => &german::GERMAN,
            #[cfg(feature = "fr")]
            "fr" => &french::FRENCH,
            #[cfg(feature = "es")]
            "es" => &spanish::SPANISH,
            #[cfg(feature = "nl")]
            "nl" => &dutch::DUTCH,
            _ => &english::ENGLISH,
        }
    }
}
