//! The entities that everybody has, in Dialogflow's JSON shapes.

mod index;
mod lists;
mod moments;
mod numbers;
mod patterns;
mod quantities;
mod words;

use super::{
    Match,
    calendar::{Clock, Date},
    longest,
};
use crate::json::Value;
use crate::language::{Kind, Language, Token};
use crate::text;
use index::{Index, List};
use words::{Unit, Words};

/// A sentence, as the finders see it.
pub struct Sentence<'s> {
    tokens: &'s [Token],
    text: &'s str,
    words: &'static Words,
    index: &'static Index,
    /// By token: where the phrases are that begin with it.
    places: Vec<u32>,
    clock: Clock<'s>,
    today: Date,
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

    /// The number that stands in digits at `at`.
    fn whole(&self, at: usize) -> Option<i64> {
        text::whole(self.word(at))
    }

    /// Whether the words from `at` are those of `phrase`; gives the token after them.
    fn phrase(&self, at: usize, phrase: &str) -> Option<usize> {
        let mut to = at;
        for word in text::split(phrase, b' ') {
            if word.is_empty() || !self.word(to).eq_ignore_ascii_case(word) {
                return None;
            }
            to += 1;
        }
        Some(to)
    }

    /// The value of the longest phrase of a list that begins at `at`.
    fn lookup(&self, at: usize, list: List) -> Found<&'static str> {
        let mut best: Found<&'static str> = None;
        for entry in self.index.phrases(*self.places.get(at)?, list) {
            if let Some(to) = self.phrase(at, entry.said)
                && best.is_none_or(|b| to >= b.1)
            {
                best = Some((entry.value, to));
            }
        }
        best
    }

    /// The same for a list whose values are numbers.
    fn number(&self, at: usize, list: List) -> Found<i64> {
        let (value, to) = self.lookup(at, list)?;
        Some((text::whole(value)?, to))
    }

    /// The number that one word stands for in a list.
    fn number_of(&self, list: List, word: &str) -> Option<f64> {
        let entry = self.index.phrases(self.index.place(word), list).find(|entry| entry.said == word)?;
        text::whole(entry.value).map(|n| n as f64)
    }

    /// The token after the longest phrase of a list that begins at `at`.
    fn past(&self, at: usize, list: List) -> Option<usize> {
        self.lookup(at, list).map(|found| found.1)
    }

    /// A unit of time.
    fn unit(&self, at: usize) -> Found<Unit> {
        let (code, to) = self.lookup(at, List::Units)?;
        Some((Unit::of(code)?, to))
    }

    /// Names of a list, as the list has them.
    fn names(&self, entity: &str, list: List) -> Vec<Match> {
        let mut found = Vec::new();
        for from in 0..self.tokens.len() {
            if let Some((value, to)) = self.lookup(from, list) {
                found.push(Match { from, to, entity: entity.to_owned(), value: Value::from(value) });
            }
        }
        longest(found)
    }

    /// Whether a value may begin at a token: at digits and signs, at words of the lists, and at long words where
    /// numbers are written in one.
    fn may_begin(&self, at: usize) -> bool {
        let long = self.words.compounds && self.word(at).len() >= numbers::SHORTEST_COMPOUND;
        self.places[at] != index::NOWHERE || self.tokens[at].kind != Kind::Letters || long
    }

    /// Looks at every token where a value may begin; one body for all finders.
    fn each(&self, entity: &str, find: &dyn Fn(&Self, usize) -> Found<Value>) -> Vec<Match> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            match self.may_begin(at).then(|| find(self, at)).flatten() {
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
    "sys.geo-state",
    "sys.geo-city",
];

impl<'s> Sentence<'s> {
    /// Reads a sentence once for all kinds.
    pub fn new(tokens: &'s [Token], text: &'s str, language: &Language, clock: Clock<'s>) -> Self {
        let words = Words::of(language.code);
        let index = Index::of(words);
        let places = tokens.iter().map(|token| index.place(&token.folded)).collect();
        Self { tokens, text, words, index, places, clock, today: clock.today() }
    }

    /// Finds one kind of system entity; nothing for those that are not known, and for `sys.any`.
    pub fn find(&self, entity: &str) -> Vec<Match> {
        let finder: &dyn Fn(&Sentence, usize) -> Found<Value> = match entity {
            "sys.number" | "sys.cardinal" | "sys.number-integer" => &numbers::number,
            "sys.ordinal" => &numbers::ordinal,
            "sys.percentage" => &numbers::percentage,
            "sys.unit-currency" => &quantities::currency,
            "sys.duration" => &quantities::duration,
            "sys.age" => &quantities::age,
            "sys.unit-length" => &|s, at| quantities::measure(s, at, List::Lengths),
            "sys.unit-weight" => &|s, at| quantities::measure(s, at, List::Weights),
            "sys.unit-volume" => &|s, at| quantities::measure(s, at, List::Volumes),
            "sys.temperature" => &|s, at| quantities::measure(s, at, List::Temperatures),
            "sys.date" => &moments::date,
            "sys.time" => &moments::time,
            "sys.date-time" => &moments::date_time,
            "sys.date-period" => &moments::date_period,
            "sys.time-period" => &moments::time_period,
            "sys.phone-number" => &patterns::phone,
            "sys.color" => return self.names(entity, List::Colours),
            "sys.language" => return self.names(entity, List::Languages),
            "sys.geo-country" => return self.names(entity, List::Countries),
            "sys.geo-state" => return self.names(entity, List::States),
            "sys.geo-city" => return self.names(entity, List::Cities),
            "sys.email" | "sys.url" => return patterns::find(entity, self),
            _ => return Vec::new(),
        };
        let mut found = self.each(entity, finder);
        found.retain(|m| entity != "sys.number-integer" || m.value.as_i64().is_some());
        found
    }
}

#[cfg(test)]
mod tests;
