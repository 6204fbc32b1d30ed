//! The entities that everybody has, in Dialogflow's JSON shapes.

mod days;
mod hours;
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
use crate::order::keep;
use crate::places::get;
use crate::text;
use index::{Index, List};
use words::{Unit, Words};

/// Whether there are other languages than English: what is theirs alone is left out with them.
const OTHERS: bool = GERMANIC || ROMANCE;
const GERMANIC: bool = cfg!(any(feature = "de", feature = "nl"));
const ROMANCE: bool = cfg!(any(feature = "fr", feature = "es"));

/// A sentence, as the finders see it.
pub struct Sentence<'s> {
    tokens: &'s [Token],
    text: &'s str,
    words: &'static Words,
    language: &'s Language,
    index: &'static Index,
    /// By token: where the phrases are that begin with it.
    places: Vec<u32>,
    clock: Clock<'s>,
    today: Date,
}

/// What may stand around an answer: "8, please."
pub fn is_courtesy(token: &Token) -> bool {
    matches!(&*token.folded, "." | "!" | "," | "please")
        || OTHERS && matches!(&*token.folded, "bitte" | "graag")
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

    /// Whether the sentence ends at `end`.
    fn ends(&self, end: usize) -> bool {
        end + 3 >= self.tokens.len() && self.tokens.iter().skip(end).all(is_courtesy)
    }

    /// Whether a value is all of the sentence.
    fn is_all(&self, at: usize, end: usize) -> bool {
        at == 0 && self.ends(end)
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
                // "la gare"
                if ROMANCE && !self.words.english && to == from + 1 && self.word(from).len() < 3 {
                    continue;
                }
                found.push(Match { from, to, entity: entity.to_owned(), value: Value::from(value) });
            }
        }
        longest(found)
    }

    /// Whether a value may begin at a token: at digits and signs, at words of the lists, and at long words where
    /// numbers are written in one.
    fn may_begin(&self, at: usize) -> bool {
        let long = GERMANIC && self.words.compounds && self.word(at).len() >= numbers::SHORTEST_COMPOUND;
        get(&self.places, at) != index::NOWHERE
            || self.tokens.get(at).is_some_and(|t| t.kind != Kind::Letters)
            || long
    }

    /// Looks at every token where a value may begin; one body for all finders.
    fn each(&self, entity: &str, find: &dyn Fn(&Self, usize) -> Found<Value>) -> Vec<Match> {
        let mut found = Vec::new();
        let mut at = 0;
        while at < self.tokens.len() {
            // Signs stand between values, and "no, tomorrow" names a day, not ", tomorrow".
            let may_begin = self.word(at) != "," && self.may_begin(at);
            match may_begin.then(|| find(self, at)).flatten() {
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

/// How a kind is found.
enum Finder {
    /// At every token where a value may begin.
    Each(fn(&Sentence, usize) -> Found<Value>),
    /// A number with a unit of a list.
    Measure(List),
    /// Names of a list.
    Names(List),
    /// In the text.
    Text,
}

/// System entities that the engine knows, without `@sys.`, and how they are found.
const FINDERS: [(&str, Finder); 25] = [
    ("number", Finder::Each(numbers::number)),
    ("number-integer", Finder::Each(numbers::number)),
    ("cardinal", Finder::Each(numbers::number)),
    ("ordinal", Finder::Each(numbers::ordinal)),
    ("percentage", Finder::Each(numbers::percentage)),
    ("unit-currency", Finder::Each(quantities::currency)),
    ("date", Finder::Each(moments::date)),
    ("time", Finder::Each(moments::time)),
    ("date-time", Finder::Each(moments::date_time)),
    ("date-period", Finder::Each(moments::date_period)),
    ("time-period", Finder::Each(moments::time_period)),
    ("duration", Finder::Each(quantities::duration)),
    ("age", Finder::Each(quantities::age)),
    ("unit-length", Finder::Measure(List::Lengths)),
    ("unit-weight", Finder::Measure(List::Weights)),
    ("unit-volume", Finder::Measure(List::Volumes)),
    ("temperature", Finder::Measure(List::Temperatures)),
    ("phone-number", Finder::Each(patterns::phone)),
    ("email", Finder::Text),
    ("url", Finder::Text),
    ("color", Finder::Names(List::Colours)),
    ("language", Finder::Names(List::Languages)),
    ("geo-country", Finder::Names(List::Countries)),
    ("geo-state", Finder::Names(List::States)),
    ("geo-city", Finder::Names(List::Cities)),
];

fn finder(entity: &str) -> Option<&'static Finder> {
    let name = entity.strip_prefix("sys.")?;
    FINDERS.iter().find(|finder| finder.0 == name).map(|finder| &finder.1)
}

/// The system entities that the engine knows, without `@sys.`.
pub fn known() -> impl Iterator<Item = &'static str> {
    FINDERS.iter().map(|finder| finder.0)
}

/// Whether an entity, without `@`, is a system entity that the engine knows.
pub fn is_known(entity: &str) -> bool {
    finder(entity).is_some()
}

/// What a language says between two things.
pub fn and(code: &str) -> &'static str {
    Words::of(code).and
}

/// Whether a word is an article as well as a number: "une table pour deux" is for two.
pub fn is_article(word: &str) -> bool {
    OTHERS
        && matches!(
            word,
            "un" | "une" | "una" | "ein" | "eine" | "einen" | "einem" | "einer" | "eines" | "een"
        )
}

impl<'s> Sentence<'s> {
    /// Reads a sentence once for all kinds.
    pub fn new(tokens: &'s [Token], text: &'s str, language: &'s Language, clock: Clock<'s>) -> Self {
        let words = Words::of(language.code);
        let index = Index::of(words);
        let place = |word: &str| match index.place(word) {
            // "vierte" is of "vier".
            index::NOWHERE if GERMANIC && words.compounds => numbers::ordinal_stems(word)
                .map(|stem| index.place(stem))
                .into_iter()
                .min()
                .unwrap_or(index::NOWHERE),
            found => found,
        };
        let places = tokens.iter().map(|token| place(&token.folded)).collect();
        Self { tokens, text, words, language, index, places, clock, today: clock.today() }
    }

    /// Finds one kind of system entity; nothing for those that are not known, and for `sys.any`.
    pub fn find(&self, entity: &str) -> Vec<Match> {
        let mut found = match finder(entity) {
            Some(Finder::Each(find)) => self.each(entity, find),
            Some(Finder::Measure(list)) => self.each(entity, &|s, at| quantities::measure(s, at, *list)),
            Some(Finder::Names(list)) => self.names(entity, *list),
            Some(Finder::Text) => patterns::find(entity, self),
            None => Vec::new(),
        };
        keep(&mut found, &mut |m| entity != "sys.number-integer" || m.value.as_i64().is_some());
        found
    }
}

#[cfg(test)]
mod tests;
