//! How answers are shown: to people as text, to programs as JSON.

use crate::output::is_control;
use serde::Serialize;

/// How an answer is shown.
#[derive(Clone, Copy, Debug, clap::Args)]
pub struct Format {
    /// Answer in JSON, for programs.
    #[arg(long)]
    pub json: bool,
}

impl Format {
    /// `answer` as JSON, or in the words of `text`.
    pub fn show(self, answer: &impl Serialize, text: impl FnOnce() -> String) -> String {
        if self.json {
            without_controls(serde_json::to_string_pretty(answer).unwrap_or_default())
        } else {
            text()
        }
    }
}

/// JSON of the same meaning without the control characters that it may have as they are, which are not printed so.
fn without_controls(json: String) -> String {
    if !json.contains(is_control) {
        return json;
    }
    let escaped = |c: char| match is_control(c) {
        true => format!("\\u{:04x}", u32::from(c)),
        false => c.to_string(),
    };
    json.chars().map(escaped).collect()
}

/// Rows with columns under one another.
pub struct Table<const N: usize> {
    rows: Vec<[String; N]>,
}

impl<const N: usize> Table<N> {
    /// With these headings.
    pub fn new(headings: [&str; N]) -> Self {
        Self { rows: vec![headings.map(str::to_owned)] }
    }

    /// One more row.
    pub fn row(&mut self, cells: [&str; N]) {
        self.rows.push(cells.map(|cell| if cell.is_empty() { "–" } else { cell }.to_owned()));
    }

    /// All of it, or `empty` when there is no row.
    pub fn text(&self, empty: &str) -> String {
        if self.rows.len() == 1 {
            return empty.to_owned();
        }
        let width =
            |column: usize| self.rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<_> = (0..N).map(width).collect();
        let line = |row: &[String; N]| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        self.rows.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_one_another() {
        let mut table = Table::new(["APP", "WHY"]);
        assert_eq!(table.text("nothing"), "nothing");
        table.row(["cart", "published"]);
        table.row(["ü", ""]);
        assert_eq!(table.text("nothing"), "APP   WHY\ncart  published\nü     –");
    }

    #[test]
    fn programs_get_json() {
        let show = |json| Format { json }.show(&vec![1], || "one".to_owned());
        assert_eq!(show(false), "one");
        assert_eq!(serde_json::from_str::<Vec<i32>>(&show(true)).unwrap(), [1]);
        let text = "\x1b\u{9b}\x7f\nü";
        let shown = Format { json: true }.show(&text, String::new);
        assert!(!shown.contains(is_control), "{shown}");
        assert_eq!(serde_json::from_str::<String>(&shown).unwrap(), text);
    }
}
