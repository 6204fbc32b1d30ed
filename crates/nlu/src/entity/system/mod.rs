//! The entities that everybody has, in Dialogflow's JSON shapes.

mod lists;
mod moments;
mod numbers;
mod patterns;
mod quantities;
mod words;

use super::{Match, calendar::Clock};
use crate::json::Value;
use crate::language::{Language, Token};
use words::Words;

/// A sentence, as the finders see it.
pub(crate) struct Sentence<'s> {
    tokens: &'s [Token],
    text: &'s str,
    words: &'static Words,
    clock: Clock<'s>,
}

/// A value and the token after it.
type Found<T> = Option<(T, usize)>;

impl Sentence<'_> {
    fn word(&self, at: usize) -> &str {
        self.tokens.get(at).map_or("", |t| t.folded.as_str())
    }

    fn joined(&self, at: usize) -> bool {
        self.tokens.get(at).is_some_and(|t| t.joined)
    }

    /// Whether the words from `at` are those of `phrase`; gives the token after them.
    fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut to = at;
        for word in phrase.split(' ') {
            if self.word(to) != word {
                return None;
            }
            to += 1;
        }
        Some(to)
    }

    /// The longest phrase of a table that begins at `at`.
    fn lookup<T: Copy>(&self, at: usize, table: &[(&str, T)]) -> Found<T> {
        let found = table.iter().filter_map(|(phrase, value)| Some((*value, self.phrase(at, phrase)?)));
        found.max_by_key(|f| f.1)
    }

    fn each(&self, entity: &str, find: impl Fn(&Self, usize) -> Found<Value>) -> Vec<Match> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match find(self, at) {
                Some((value, to)) if to > at => {
                    found.push(Match { from: at, to, entity: entity.to_owned(), value });
                    at = to;
                }
                _ => at += 1,
            }
        }
        found
    }
}

/// System entities that the engine knows, without `@`.
pub const KNOWN: &[&str] = &[
    "sys.number",
    "sys.number-integer",
    "sys.ordinal",
    "sys.cardinal",
    "sys.percentage",
    "sys.unit-currency",
    "sys.date",
    "sys.time",
    "sys.date-time",
    "sys.date-period",
    "sys.time-period",
    "sys.duration",
    "sys.age",
    "sys.unit-length",
    "sys.unit-weight",
    "sys.unit-volume",
    "sys.temperature",
    "sys.email",
    "sys.url",
    "sys.phone-number",
    "sys.color",
    "sys.language",
    "sys.geo-country",
    "sys.geo-city",
];

/// Finds one kind of system entity; nothing for those that are not known, and for `sys.any`.
pub fn find(entity: &str, tokens: &[Token], text: &str, language: &Language, clock: Clock) -> Vec<Match> {
    let s = Sentence { tokens, text, words: Words::of(language.code), clock };
    match entity {
        "sys.number" | "sys.cardinal" => s.each(entity, numbers::number),
        "sys.number-integer" => {
            let mut found = s.each(entity, numbers::number);
            found.retain(|m| m.value.as_i64().is_some());
            found
        }
        "sys.ordinal" => s.each(entity, numbers::ordinal),
        "sys.percentage" => s.each(entity, numbers::percentage),
        "sys.unit-currency" => s.each(entity, quantities::currency),
        "sys.unit-length" | "sys.unit-weight" | "sys.unit-volume" | "sys.temperature" | "sys.age"
        | "sys.duration" => s.each(entity, |s, at| quantities::measure(s, at, entity)),
        "sys.date" => s.each(entity, moments::date),
        "sys.time" => s.each(entity, moments::time),
        "sys.date-time" => s.each(entity, moments::date_time),
        "sys.date-period" => s.each(entity, moments::date_period),
        "sys.time-period" => s.each(entity, moments::time_period),
        "sys.email" | "sys.url" | "sys.phone-number" => patterns::find(entity, &s),
        "sys.color" => s.each(entity, |s, at| lists::lookup(s, at, lists::COLOURS)),
        "sys.language" => s.each(entity, |s, at| lists::lookup(s, at, lists::LANGUAGES)),
        "sys.geo-country" => s.each(entity, |s, at| lists::lookup(s, at, lists::COUNTRIES)),
        "sys.geo-city" => s.each(entity, |s, at| lists::lookup(s, at, lists::CITIES)),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
