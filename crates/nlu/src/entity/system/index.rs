//! All lists of a language by the first words of their phrases, so that a finder looks only where a value
//! can begin.

use super::{
    lists::{CITIES, COLOURS, COUNTRIES, LANGUAGES, STATES},
    quantities::{BEGINNINGS, CURRENCIES, LENGTHS, OLD, TEMPERATURES, VOLUMES, WEIGHTS},
    words::{Words, entries},
};
use crate::hash::Hash;
use crate::trie::{Lists, Trie};

/// The lists of [`Words`], and those that are in English only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum List {
    Small,
    Scales,
    And,
    Ordinals,
    OrdinalEndings,
    Percent,
    Months,
    Weekdays,
    Days,
    Units,
    Within,
    AgoBefore,
    AgoAfter,
    Next,
    Last,
    This,
    NextAfter,
    LastAfter,
    Hours,
    Halves,
    Clock,
    Past,
    HalfTo,
    AfterHour,
    At,
    Parts,
    Fillers,
    From,
    To,
    Weekend,
    Old,
    Currencies,
    Lengths,
    Weights,
    Volumes,
    Temperatures,
    Colours,
    Languages,
    Countries,
    States,
    Cities,
}

/// Behind those that are asked for by name stand the words that only begin values.
const LISTS: usize = List::Cities as usize + 2;

/// A phrase: what is said, what is meant, and the place of its list.
#[derive(Debug)]
pub struct Entry {
    pub said: &'static str,
    pub value: &'static str,
    list: u8,
}

/// Phrases by their first words.
#[derive(Debug)]
pub struct Index {
    first: Trie,
    at: Lists,
    entries: Vec<Entry>,
}

/// Nowhere in the index.
pub const NOWHERE: u32 = u32::MAX;

fn key(word: &str) -> u32 {
    word.bytes().fold(Hash::new(97), |hash, byte| hash.byte(byte.to_ascii_lowercase())).finish()
}

impl Index {
    /// The index of a language.
    pub fn of(words: &'static Words) -> &'static Self {
        words.index.get_or_init(|| Self::new(words))
    }

    fn new(words: &'static Words) -> Self {
        let lists: [&str; LISTS] = [
            words.small,
            words.scales,
            words.and,
            words.ordinals,
            words.ordinal_endings,
            words.percent,
            words.months,
            words.weekdays,
            words.days,
            words.units,
            words.within,
            words.ago_before,
            words.ago_after,
            words.next,
            words.last,
            words.this,
            words.next_after,
            words.last_after,
            words.hours,
            words.halves,
            words.clock,
            words.past,
            words.half_to,
            words.after_hour,
            words.at,
            words.parts,
            words.fillers,
            words.from,
            words.to,
            words.weekend,
            OLD,
            CURRENCIES,
            LENGTHS,
            WEIGHTS,
            VOLUMES,
            TEMPERATURES,
            COLOURS,
            LANGUAGES,
            COUNTRIES,
            STATES,
            CITIES,
            BEGINNINGS,
        ];
        let mut index = Self { first: Trie::default(), at: Lists::default(), entries: Vec::new() };
        for (list, phrases) in (0..).zip(lists) {
            for (said, value) in entries(phrases) {
                let word = crate::text::before(said, b' ');
                let node = index.first.grow(0, key(word));
                index.at.push(node);
                index.entries.push(Entry { said, value, list });
            }
        }
        index
    }

    /// Where the phrases are that begin with a word.
    pub fn place(&self, word: &str) -> u32 {
        self.first.step(0, key(word)).unwrap_or(NOWHERE)
    }

    /// The phrases of a list at a place, the last one first.
    pub fn phrases(&self, place: u32, list: List) -> impl Iterator<Item = &Entry> {
        self.at
            .of(place)
            .filter_map(move |number| self.entries.get(number).filter(|entry| entry.list == list as u8))
    }
}
