//! A field of a file, which knows where it stands, and what it may hold.

use super::description;
use crate::{catalogue::draft::DraftStock, pricing::Minor};
use std::fmt;
use unicode_normalization::UnicodeNormalization as _;

/// One million in major units: beyond it a price is a slip.
const DEAREST: Minor = 100_000_000;
const MOST_STOCK: i64 = 1_000_000_000;
/// Ten tonnes: beyond it a weight is a slip.
const HEAVIEST: i64 = 10_000_000;
/// What a description may have, in bytes and in tags. Reading tags within tags takes longer with the square of their number.
const LONGEST_DESCRIPTION: usize = 512 * 1024;
const MOST_TAGS: usize = 20_000;

/// Where in a file something stands, counted from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    /// As a spreadsheet counts: the header is row 1.
    Row(u64),
    /// As an editor counts.
    Line(u64),
}

/// Why a file was refused, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    pub(super) at: At,
    /// The column of a table, the path to a field of an object.
    pub(super) field: Option<String>,
    pub(super) message: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.at, &self.field) {
            (At::Row(row), None) => write!(f, "Row {row}")?,
            (At::Row(row), Some(column)) => write!(f, "Row {row}, column `{column}`")?,
            (At::Line(line), None) => write!(f, "Line {line}")?,
            (At::Line(line), Some(field)) => write!(f, "Line {line}, `{field}`")?,
        }
        write!(f, ": {}. Nothing was loaded.", self.message)
    }
}

impl At {
    /// That something is wrong here.
    pub fn wrong(self, message: impl fmt::Display) -> ImportError {
        ImportError { at: self, field: None, message: message.to_string() }
    }
}

/// One field, which knows where it is.
#[derive(Clone, Copy)]
pub struct Field<'a> {
    pub(super) text: &'a str,
    /// What it is called.
    pub(super) name: &'a str,
    pub(super) at: At,
}

impl<'a> Field<'a> {
    pub fn wrong(self, message: impl fmt::Display) -> ImportError {
        ImportError { at: self.at, field: Some(self.name.to_owned()), message: message.to_string() }
    }

    /// The last part of `Animals > Dogs > Beds`.
    pub fn leaf(self) -> Self {
        Self { text: self.text.rsplit('>').next().unwrap_or_default().trim(), ..self }
    }

    /// Letters with marks become one character each, so that they are found however they are typed.
    pub fn short(self, most: usize) -> Result<String, ImportError> {
        let text: String = self.text.nfc().collect();
        // What is kept is what is checked: some letters become more.
        Field { text: &text, ..self }.checked(most)?;
        Ok(text)
    }

    /// What a product is known by, as it is written: it must be the same at every import.
    pub fn identity(self, most: usize) -> Result<&'a str, ImportError> {
        if self.text.is_empty() { Err(self.wrong("it is empty")) } else { self.checked(most) }
    }

    fn checked(self, most: usize) -> Result<&'a str, ImportError> {
        if self.text.chars().count() > most {
            return Err(self.wrong(format_args!("it has more than {most} characters")));
        }
        // PostgreSQL does not keep it.
        if self.text.contains('\0') {
            return Err(self.wrong("it has a null character"));
        }
        Ok(self.text)
    }

    pub fn required(self, most: usize) -> Result<String, ImportError> {
        if self.text.is_empty() { Err(self.wrong("it is empty")) } else { self.short(most) }
    }

    /// The value of an option.
    pub fn value(self) -> Result<String, ImportError> {
        let value = self.required(200)?;
        match value.chars().any(char::is_control) {
            true => Err(self.wrong("it has a character that cannot be seen")),
            false => Ok(value),
        }
    }

    /// `1234.5`: two decimals at most, no signs, no thousands.
    pub fn price(self) -> Result<Minor, ImportError> {
        let wrong = || self.wrong(format_args!("`{}` is not a price such as 19.99", self.excerpt()));
        let (whole, decimals) = self.text.split_once('.').unwrap_or((self.text, ""));
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        // Exports of some shops have more zeros behind the second decimal; they say nothing.
        let decimals = decimals.trim_end_matches('0');
        if whole.is_empty() || whole.len() > 9 || decimals.len() > 2 || !digits(whole) || !digits(decimals) {
            return Err(wrong());
        }
        let price = format!("{whole}{decimals:0<2}").parse().map_err(|_| wrong())?;
        if price > DEAREST { Err(self.wrong("the price is over 1,000,000")) } else { Ok(price) }
    }

    pub fn price_or_none(self) -> Result<Option<Minor>, ImportError> {
        if self.text.is_empty() { Ok(None) } else { self.price().map(Some) }
    }

    /// HTML, of which little is kept, and its words. Only of the words letters with marks become one character each: in
    /// HTML that is sanitised, the end of a tag would become one with the mark behind it, and the tag would go on.
    pub fn description(self) -> Result<(String, String), ImportError> {
        self.limited(self.text, "it has")?;
        let html = description::sanitise(self.text);
        // Tags that were left open are closed by now. An import takes back what an export has.
        self.limited(&html, "what is kept of it has")?;
        let words = description::words(&html).nfc().collect();
        Ok((html, words))
    }

    fn limited(self, html: &str, it_has: &str) -> Result<(), ImportError> {
        if html.len() > LONGEST_DESCRIPTION {
            return Err(self.wrong(format_args!("{it_has} more than {LONGEST_DESCRIPTION} bytes")));
        }
        if html.bytes().filter(|byte| *byte == b'<').count() > MOST_TAGS {
            return Err(self.wrong(format_args!("{it_has} more than {MOST_TAGS} tags")));
        }
        Ok(())
    }

    pub fn stock(self) -> Result<DraftStock, ImportError> {
        if self.text.is_empty() {
            return Ok(DraftStock::Unsaid);
        }
        // Shops that sell more than they have export negative stock: there is nothing to sell then.
        // A plus may be meant as a change, and is none.
        let said = Some(self.text).filter(|text| !text.starts_with('+'));
        said.and_then(|text| text.parse::<i64>().ok())
            .filter(|number| number.abs() <= MOST_STOCK)
            .map(|number| DraftStock::Counted(number.max(0)))
            .ok_or_else(|| self.wrong(format_args!("`{}` is not a whole number of pieces", self.excerpt())))
    }

    /// To the nearest gram: Shopify writes `1400`, `1400.0` or, of what was weighed in ounces, `487.61179775`. Nothing is
    /// nothing.
    pub fn grams(self) -> Result<i64, ImportError> {
        let wrong = || self.wrong(format_args!("`{}` is not a weight in grams such as 1400", self.excerpt()));
        if self.text.is_empty() {
            return Ok(0);
        }
        let (whole, decimals) = self.text.split_once('.').unwrap_or((self.text, ""));
        if !whole.bytes().chain(decimals.bytes()).all(|byte| byte.is_ascii_digit()) {
            return Err(wrong());
        }
        let grams: i64 = whole.parse().map_err(|_| wrong())?;
        let grams = grams.saturating_add(i64::from(decimals.starts_with(['5', '6', '7', '8', '9'])));
        if grams > HEAVIEST { Err(self.wrong("the weight is over 10 tonnes")) } else { Ok(grams) }
    }

    pub fn yes(self) -> Result<bool, ImportError> {
        match self.text.to_ascii_lowercase().as_str() {
            "" | "true" | "yes" => Ok(true),
            "false" | "no" => Ok(false),
            _ => Err(self.wrong(format_args!("`{}` is neither `true` nor `false`", self.excerpt()))),
        }
    }

    pub fn excerpt(self) -> String {
        self.text.chars().take(40).collect()
    }
}
