//! The confusion matrix as a picture.

use nlu::{evaluate::Answer, format::jsonl::Record};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

const CELL: usize = 12;
const MARGIN: usize = 180;

/// Draws expected intents as rows, given ones as columns; the darker the more.
pub fn draw(expected: &[Record], answers: &[Answer], threshold: f32) -> String {
    const NONE: &str = "(none)";
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut names: BTreeSet<&str> = BTreeSet::new();
    for (record, answer) in expected.iter().zip(answers) {
        let pair = (record.intent.as_deref().unwrap_or(NONE), answer.at(threshold).unwrap_or(NONE));
        names.extend([pair.0, pair.1]);
        *counts.entry(pair).or_default() += 1;
    }
    let names: Vec<&str> = names.into_iter().collect();
    let place: BTreeMap<&str, usize> = names.iter().zip(0..).map(|(n, i)| (*n, i)).collect();
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    for (&(expected, _), count) in &counts {
        *totals.entry(expected).or_default() += count;
    }
    let size = MARGIN + CELL * names.len() + 10;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" width=\"{size}\" height=\"{size}\" font-family=\"sans-serif\" font-size=\"9\">\n<title>Confusion matrix: expected intents in rows, given ones in columns</title>\n<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    );
    for (i, name) in names.iter().enumerate() {
        let (at, name) = (MARGIN + CELL * i + 9, escape(name));
        let _ = writeln!(svg, "<text x=\"{}\" y=\"{at}\" text-anchor=\"end\">{name}</text>", MARGIN - 4);
        let _ = writeln!(svg, "<text transform=\"translate({at} {}) rotate(-90)\">{name}</text>", MARGIN - 4);
    }
    for (&(expected, given), count) in &counts {
        let share = *count as f64 / totals.get(expected).copied().unwrap_or(1).max(1) as f64;
        let colour = if expected == given { "#1b7f4d" } else { "#c0271d" };
        let (x, y) = (MARGIN + CELL * place[given], MARGIN + CELL * place[expected]);
        let (expected, given) = (escape(expected), escape(given));
        let _ = writeln!(
            svg,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{CELL}\" height=\"{CELL}\" fill=\"{colour}\" fill-opacity=\"{:.2}\"><title>{expected} → {given}: {count}</title></rect>",
            0.15 + 0.85 * share
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
