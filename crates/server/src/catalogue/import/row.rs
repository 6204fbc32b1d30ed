//! One row of a product CSV, and cells that know where they are.

use crate::pricing::Minor;
use csv::StringRecord;
use std::fmt;

/// One million in major units: beyond it a price is a slip.
const DEAREST: Minor = 100_000_000;
const MOST_STOCK: i64 = 1_000_000_000;
/// Ten tonnes: beyond it a weight is a slip.
const HEAVIEST: i64 = 10_000_000;

/// Why a file was refused, and where.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub struct ImportError {
    /// As a spreadsheet counts: the header is row 1.
    pub(super) row: u64,
    pub(super) column: Option<&'static str>,
    pub(super) message: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Row {}", self.row)?;
        if let Some(column) = self.column {
            write!(f, ", column `{column}`")?;
        }
        write!(f, ": {}. Nothing was loaded.", self.message)
    }
}

macro_rules! columns {
    ($($name:ident = $header:literal),* $(,)?) => {
        /// Where each column is in this file.
        #[derive(Default)]
        pub struct Columns { $(pub(super) $name: Option<usize>,)* }
        impl Columns {
            pub fn read(header: &StringRecord) -> Self {
                let mut columns = Self::default();
                for (index, name) in header.iter().enumerate() {
                    match name.trim().trim_start_matches('\u{feff}') {
                        $($header => columns.$name = Some(index),)*
                        _ => {}
                    }
                }
                columns
            }
        }
        /// The columns of a row.
        pub struct Row<'a> { pub(super) record: &'a StringRecord, pub(super) columns: &'a Columns, pub(super) number: u64 }
        impl<'a> Row<'a> {
            $(pub fn $name(&self) -> Cell<'a> { self.cell($header, self.columns.$name) })*
        }
    };
}

columns! {
    handle = "Handle",
    title = "Title",
    body = "Body (HTML)",
    vendor = "Vendor",
    product_category = "Product Category",
    kind = "Type",
    tags = "Tags",
    published = "Published",
    option1_name = "Option1 Name",
    option1_value = "Option1 Value",
    option2_name = "Option2 Name",
    option2_value = "Option2 Value",
    option3_name = "Option3 Name",
    option3_value = "Option3 Value",
    sku = "Variant SKU",
    tracker = "Variant Inventory Tracker",
    grams = "Variant Grams",
    stock = "Variant Inventory Qty",
    price = "Variant Price",
    compare_at = "Variant Compare At Price",
    image = "Image Src",
    image_alt = "Image Alt Text",
    variant_image = "Variant Image",
    status = "Status",
}

/// One cell, which knows where it is.
#[derive(Clone, Copy)]
pub struct Cell<'a> {
    pub(super) text: &'a str,
    column: &'static str,
    row: u64,
}

impl<'a> Row<'a> {
    fn cell(&self, column: &'static str, index: Option<usize>) -> Cell<'a> {
        let text = index.and_then(|index| self.record.get(index)).unwrap_or_default().trim();
        Cell { text, column, row: self.number }
    }

    pub fn has_variant(&self) -> bool {
        [self.price(), self.sku(), self.option1_value()].iter().any(|cell| !cell.text.is_empty())
    }
}

impl Cell<'_> {
    pub fn wrong(self, message: impl fmt::Display) -> ImportError {
        ImportError { row: self.row, column: Some(self.column), message: message.to_string() }
    }

    /// The last part of `Animals > Dogs > Beds`.
    pub fn leaf(self) -> Self {
        Self { text: self.text.rsplit('>').next().unwrap_or_default().trim(), ..self }
    }

    pub fn short(self, most: usize) -> Result<String, ImportError> {
        if self.text.chars().count() > most {
            return Err(self.wrong(format_args!("it has more than {most} characters")));
        }
        Ok(self.text.to_owned())
    }

    pub fn required(self, most: usize) -> Result<String, ImportError> {
        if self.text.is_empty() { Err(self.wrong("it is empty")) } else { self.short(most) }
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

    pub fn stock(self) -> Result<i64, ImportError> {
        // Shops that sell more than they have export negative stock: there is nothing to sell then.
        let number = self.text.parse::<i64>().ok().filter(|number| number.abs() <= MOST_STOCK);
        number
            .map(|number| number.max(0))
            .ok_or_else(|| self.wrong(format_args!("`{}` is not a whole number of pieces", self.excerpt())))
    }

    /// Shopify writes `1400` or `1400.0`; nothing is nothing.
    pub fn grams(self) -> Result<i64, ImportError> {
        let whole = self.text.split_once('.').map_or(self.text, |(whole, rest)| {
            if rest.bytes().all(|byte| byte == b'0') { whole } else { self.text }
        });
        let grams = if whole.is_empty() { Some(0) } else { whole.parse::<i64>().ok() };
        grams
            .filter(|grams| (0..=HEAVIEST).contains(grams))
            .ok_or_else(|| self.wrong(format_args!("`{}` is not a whole number of grams", self.excerpt())))
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
