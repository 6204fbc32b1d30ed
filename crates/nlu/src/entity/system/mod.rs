//! The entities that everybody has, in Dialogflow's JSON shapes.

mod lists;
mod moments;
mod numbers;
mod patterns;
mod quantities;
mod words;

use super::{Match, calendar::Clock, longest};
use crate::json::Value;
use crate::language::{Language, Token};
use words::{Unit, Words, parted, said};

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
            if word.is_empty() || !self.word(to).eq_ignore_ascii_case(word) {
                return None;
            }
            to += 1;
        }
        Some(to)
    }

    /// The value of the longest phrase of a list that begins at `at`.
    fn lookup<'l>(&self, at: usize, list: &'l str) -> Found<&'l str> {
        let mut best: Found<&str> = None;
        let first = self.word(at).as_bytes().first()?;
        // Most entries begin otherwise.
        let begins = |entry: &&str| entry.as_bytes().first().is_some_and(|b| b.eq_ignore_ascii_case(first));
        for (said, value) in said(list).filter(begins).map(parted) {
            if let Some(to) = self.phrase(at, said)
                && best.is_none_or(|b| to > b.1)
            {
                best = Some((value, to));
            }
        }
        best
    }

    /// The same for a list whose values are numbers.
    fn number(&self, at: usize, list: &str) -> Found<i64> {
        let (value, to) = self.lookup(at, list)?;
        Some((value.parse().ok()?, to))
    }

    /// The token after the longest phrase of a list that begins at `at`.
    fn past(&self, at: usize, list: &str) -> Option<usize> {
        self.lookup(at, list).map(|found| found.1)
    }

    /// A unit of time.
    fn unit(&self, at: usize) -> Found<Unit> {
        let (code, to) = self.lookup(at, self.words.units)?;
        Some((Unit::of(code)?, to))
    }

    /// Looks at every token; one body for all finders.
    fn each(&self, entity: &str, find: &dyn Fn(&Self, usize) -> Found<Value>) -> Vec<Match> {
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

/// Names of a list, as the list has them. A long list is gone through once a sentence, not once a token.
fn names(s: &Sentence, entity: &str, list: &str) -> Vec<Match> {
    let letter = |word: &str| word.bytes().next().map_or(0, |c| 1u32 << (c & 31));
    let begins = s.tokens.iter().fold(0, |all, token| all | letter(&token.folded));
    let mut found = Vec::new();
    for (said, value) in said(list).filter(|entry| begins & letter(entry) != 0).map(parted) {
        for from in (0..s.tokens.len()).filter(|&at| letter(s.word(at)) == letter(said)) {
            if let Some(to) = s.phrase(from, said) {
                found.push(Match { from, to, entity: entity.to_owned(), value: Value::from(value) });
            }
        }
    }
    longest(found)
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
    "sys.geo-state",
    "sys.geo-city",
];

/// Finds one kind of system entity; nothing for those that are not known, and for `sys.any`.
pub fn find(entity: &str, tokens: &[Token], text: &str, language: &Language, clock: Clock) -> Vec<Match> {
    let s = Sentence { tokens, text, words: Words::of(language.code), clock };
    let finder: &dyn Fn(&Sentence, usize) -> Found<Value> = match entity {
        "sys.number" | "sys.cardinal" | "sys.number-integer" => &numbers::number,
        "sys.ordinal" => &numbers::ordinal,
        "sys.percentage" => &numbers::percentage,
        "sys.unit-currency" => &quantities::currency,
        "sys.duration" => &quantities::duration,
        "sys.age" => &quantities::age,
        "sys.unit-length" => &|s, at| quantities::measure(s, at, quantities::LENGTHS),
        "sys.unit-weight" => &|s, at| quantities::measure(s, at, quantities::WEIGHTS),
        "sys.unit-volume" => &|s, at| quantities::measure(s, at, quantities::VOLUMES),
        "sys.temperature" => &|s, at| quantities::measure(s, at, quantities::TEMPERATURES),
        "sys.date" => &moments::date,
        "sys.time" => &moments::time,
        "sys.date-time" => &moments::date_time,
        "sys.date-period" => &moments::date_period,
        "sys.time-period" => &moments::time_period,
        "sys.phone-number" => &patterns::phone,
        "sys.color" => return names(&s, entity, lists::COLOURS),
        "sys.language" => return names(&s, entity, lists::LANGUAGES),
        "sys.geo-country" => return names(&s, entity, lists::COUNTRIES),
        "sys.geo-state" => return names(&s, entity, lists::STATES),
        "sys.geo-city" => return names(&s, entity, lists::CITIES),
        "sys.email" | "sys.url" => return patterns::find(entity, &s),
        _ => return Vec::new(),
    };
    let mut found = s.each(entity, finder);
    found.retain(|m| entity != "sys.number-integer" || m.value.as_i64().is_some());
    found
}

#[cfg(test)]
mod tests;
