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

/// A unit of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// What a word before or after a time does to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Half {
    /// The hour as it stands, before noon.
    Before,
    /// Twelve hours later.
    After,
}

type Table<T> = &'static [(&'static str, T)];

/// The words of a language. Phrases are folded, their words parted by one blank.
#[derive(Debug)]
pub struct Words {
    /// Numbers below one hundred that are one word.
    pub small: Table<f64>,
    /// Hundred, thousand and so on.
    pub scales: Table<f64>,
    /// What may stand between the parts of a number.
    pub and: &'static [&'static str],
    /// Whether numbers are written in one word with the unit before the ten.
    pub compounds: bool,
    /// Minus.
    pub minus: &'static str,
    /// The word for the decimal sign.
    pub point: &'static str,
    /// The decimal sign.
    pub decimal: &'static str,
    /// Ordinals that are one word.
    pub ordinals: Table<f64>,
    /// What follows the digits of an ordinal.
    pub ordinal_endings: &'static [&'static str],
    /// Per cent.
    pub percent: &'static [&'static str],
    /// Months.
    pub months: Table<u32>,
    /// Days of the week, Sunday 0.
    pub weekdays: Table<u32>,
    /// Today, tomorrow and the like.
    pub days: Table<i64>,
    /// Units of time.
    pub units: Table<Unit>,
    /// Before a length of time that has to pass.
    pub within: &'static [&'static str],
    /// Before a length of time that has passed.
    pub ago_before: &'static [&'static str],
    /// After a length of time that has passed.
    pub ago_after: &'static [&'static str],
    /// The next.
    pub next: &'static [&'static str],
    /// The last.
    pub last: &'static [&'static str],
    /// This.
    pub this: &'static [&'static str],
    /// After the noun, as in "la semaine prochaine".
    pub next_after: &'static [&'static str],
    /// After the noun, as in "la semaine dernière".
    pub last_after: &'static [&'static str],
    /// Noon, midnight: seconds of the day.
    pub hours: Table<i64>,
    /// a.m., in the evening and the like.
    pub halves: Table<Half>,
    /// O'clock.
    pub clock: &'static [&'static str],
    /// Minutes after the hour: "quarter past".
    pub past: Table<i64>,
    /// Before an hour that is meant half an hour earlier ("halb drei").
    pub half_to: &'static [&'static str],
    /// After an hour ("dos y media").
    pub after_hour: Table<i64>,
    /// Before a time.
    pub at: &'static [&'static str],
    /// Parts of a day: first and last hour.
    pub parts: Table<(i64, i64)>,
    /// Around days: "on", "the", "of".
    pub fillers: &'static [&'static str],
    /// Between the ends of a period: before the first, between them.
    pub from: &'static [&'static str],
    /// See `from`.
    pub to: &'static [&'static str],
    /// Weekend.
    pub weekend: &'static [&'static str],
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
