//! What everybody knows of a sentence: numbers, times, places.

use crate::entity::{
    calendar::{Clock, Fixed},
    system::Sentence,
};
use crate::language::{Language, Token};

/// Kinds of values that help to find slots.
const KINDS: &[&str] = &[
    "sys.number",
    "sys.ordinal",
    "sys.date-time",
    "sys.date-period",
    "sys.time-period",
    "sys.duration",
    "sys.geo-country",
    "sys.geo-state",
    "sys.geo-city",
];

/// The kinds of values at each token.
pub type Marks = Vec<Vec<u32>>;

/// Finds the kinds of values at each token: twice the place of the kind, and one more inside a value.
pub fn find(tokens: &[Token], text: &str, language: &Language) -> Marks {
    let mut marks = vec![Vec::new(); tokens.len()];
    // Which day it is does not matter to where a date stands.
    let clock = Clock { now: 0, zone: &Fixed(0) };
    let sentence = Sentence::new(tokens, text, language, clock);
    for (kind, entity) in (0..).zip(KINDS) {
        for found in sentence.find(entity) {
            for (i, marks) in marks.iter_mut().enumerate().take(found.to).skip(found.from) {
                marks.push(kind * 2 + u32::from(i > found.from));
            }
        }
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::tokenise;

    #[test]
    fn values_are_marked_from_their_first_token_on() {
        for (text, kind, expected) in [
            ("a table for 2 in Sri Lanka", "sys.geo-country", &[(5, 0), (6, 1)][..]),
            ("weather in New Hampshire", "sys.geo-state", &[(2, 0), (3, 1)]),
            ("a table for two", "sys.number", &[(3, 0)]),
            ("hello there", "sys.number", &[]),
        ] {
            let place = KINDS.iter().position(|k| *k == kind).map_or(u32::MAX, |at| at as u32 * 2);
            let marks = find(&tokenise(text), text, Language::of("en"));
            let found: Vec<(usize, u32)> = (0..)
                .zip(&marks)
                .flat_map(|(i, marks)| marks.iter().map(move |m| (i, *m)))
                .filter(|(_, mark)| mark & !1 == place)
                .map(|(i, mark)| (i, mark & 1))
                .collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
