//! Reading a catalogue. Pure: nothing is loaded here.
//!
//! [`sheet`] reads a product CSV as Shopify exports it, [`lines`] JSON Lines; what they find is checked by
//! [`products`], a [`field`] at a time, so that whatever is wrong is named with its place.

mod description;
mod field;
pub mod lines;
mod products;
mod row;
mod sheet;
#[cfg(test)]
mod tests;

pub use field::ImportError;

use super::draft::Draft;
use std::io::Read;

/// How a catalogue is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, utoipa::ToSchema)]
pub enum Format {
    /// Shopify's product CSV: at most three options.
    #[default]
    #[serde(rename = "csv")]
    Csv,
    /// JSON Lines: any number of options.
    #[serde(rename = "jsonl")]
    Lines,
}

impl Format {
    /// By a `Content-Type`; CSV where it says nothing of JSON Lines.
    pub fn of(content_type: &str) -> Self {
        let lines = ["jsonl", "ndjson"].iter().any(|name| content_type.contains(name));
        if lines { Self::Lines } else { Self::Csv }
    }

    /// What a file is sent as.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Lines => "application/jsonl; charset=utf-8",
        }
    }
}

/// Reads a whole file.
pub fn read(file: impl Read, format: Format) -> Result<Vec<Draft>, ImportError> {
    match format {
        Format::Csv => sheet::read(file),
        Format::Lines => lines::read(file),
    }
}
