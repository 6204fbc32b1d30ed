//! Regular expressions in linear time: all threads of a match run side by side, none is ever tried twice at
//! the same character (Thompson, "Regular expression search algorithm", 1968; Pike's way of the threads).
//!
//! Understood: characters, also by their codes (`\x41`, `\x{1F436}`), `.`, classes, `\d \w \s \b`, `\p{L} \p{Lu} \p{N}`
//! and their opposites, groups, `(?i)`, `|`, `* + ? {m,n}`, `^ $`. Not: back references and looking around, which no
//! linear matcher has.

mod parser;

use crate::language::{is_letter, is_letter_or_number, is_number};
use crate::places::{get, put};

/// A value of more characters is not one that somebody types; without an end, a match that might still grow
/// would be followed through the whole sentence for each one that is found.
const LONGEST_MATCH: usize = 256;
/// Steps that all expressions may take in one sentence. Those that people write take some dozens a character.
const MOST_STEPS: usize = 1_000_000;

/// Why an expression was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the expression `{expression}` is not understood at character {at}: {what}")]
pub struct RegexpError {
    expression: String,
    at: usize,
    what: &'static str,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Class {
        items: Vec<Item>,
        negated: bool,
    },
    Edge {
        wanted: bool,
    },
    Start,
    End,
    /// Goes on, and so far on too.
    Split(usize),
    Jump(isize),
    Match,
}

/// What a class holds.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Item {
    Range(char, char),
    Letter,
    Number,
}

/// A compiled expression; letters match whichever their case.
#[derive(Debug, Clone, PartialEq)]
pub struct Regexp {
    program: Vec<Step>,
}

/// An expression on its way through a sentence.
struct Run<'c> {
    characters: &'c [(usize, char)],
    /// By step: the place in the sentence at which it was taken last.
    mark: Vec<usize>,
    /// How many were taken in all, by others too.
    steps: usize,
}

impl Regexp {
    /// Compiles an expression.
    pub fn new(expression: &str) -> Result<Self, RegexpError> {
        match parser::parse(expression) {
            Ok(program) => Ok(Self { program }),
            Err((at, what)) => Err(RegexpError { expression: expression.to_owned(), at, what }),
        }
    }

    /// All matches that do not overlap, as byte ranges: leftmost, then longest. `steps` counts on; where expressions take too long,
    /// they find what they have found until then.
    pub fn find_all(&self, text: &str, steps: &mut usize) -> Vec<(usize, usize)> {
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let mark = vec![usize::MAX; self.program.len()];
        let mut run = Run { characters: &characters, mark, steps: *steps };
        let mut found = Vec::new();
        let mut from = 0;
        // One run for each start would be quadratic: all starts run together, each thread knowing its own.
        while from <= characters.len() {
            let Some((start, end)) = self.find(&mut run, from) else { break };
            let byte = |i: usize| characters.get(i).map_or(text.len(), |c| c.0);
            if end > start {
                found.push((byte(start), byte(end)));
            }
            from = end.max(start + 1);
        }
        *steps = run.steps;
        found
    }

    fn find(&self, run: &mut Run, from: usize) -> Option<(usize, usize)> {
        let mut now: Vec<(usize, usize)> = Vec::new();
        let mut next: Vec<(usize, usize)> = Vec::new();
        run.mark.fill(usize::MAX);
        let mut best: Option<(usize, usize)> = None;
        for at in from..=run.characters.len() {
            if best.is_none() {
                self.add(0, at, at, run, &mut now);
            }
            if now.is_empty() && best.is_some() || run.steps > MOST_STEPS {
                break;
            }
            next.clear();
            for &(place, start) in &now {
                match self.program.get(place) {
                    Some(Step::Match) if best.is_none_or(|b| start < b.0 || (start == b.0 && at > b.1)) => {
                        best = Some((start, at));
                    }
                    _ => {}
                }
            }
            // The marks are of this position while adding to `now`, of the next one while adding to `next`.
            for &(place, start) in &now {
                if best.is_some_and(|b| start > b.0) || at - start >= LONGEST_MATCH {
                    continue;
                }
                if let Some(Step::Class { items, negated }) = self.program.get(place)
                    && let Some(&(_, c)) = run.characters.get(at)
                    && holds(items, c) != *negated
                {
                    self.add(place + 1, start, at + 1, run, &mut next);
                }
            }
            core::mem::swap(&mut now, &mut next);
        }
        best
    }

    fn add(&self, place: usize, start: usize, at: usize, run: &mut Run, threads: &mut Vec<(usize, usize)>) {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            run.steps += 1;
            if get(&run.mark, place) == at {
                continue;
            }
            put(&mut run.mark, place, at);
            let word = |i: Option<usize>| {
                i.and_then(|i| run.characters.get(i)).is_some_and(|c| is_letter_or_number(c.1) || c.1 == '_')
            };
            let beside = |i: Option<usize>| {
                i.and_then(|i| run.characters.get(i)).is_some_and(|c| !c.1.is_whitespace())
            };
            let Some(step) = self.program.get(place) else { continue };
            match step {
                Step::Split(far) => open.extend([place + far, place + 1]),
                Step::Jump(far) => open.push(place.saturating_add_signed(*far)),
                // A value is a part of a sentence: what it is to begin and end with are blanks.
                Step::Start if !beside(at.checked_sub(1)) => open.push(place + 1),
                Step::End if !beside(Some(at)) => open.push(place + 1),
                Step::Edge { wanted } if (word(at.checked_sub(1)) != word(Some(at))) == *wanted => {
                    open.push(place + 1)
                }
                Step::Start | Step::End | Step::Edge { .. } => {}
                Step::Class { .. } | Step::Match => threads.push((place, start)),
            }
        }
    }
}

fn holds(items: &[Item], c: char) -> bool {
    let within = |c: char| {
        items.iter().any(|&item| match item {
            Item::Range(low, high) => (low..=high).contains(&c),
            Item::Letter => is_letter(c),
            Item::Number => is_number(c),
        })
    };
    within(c)
        || within(crate::language::small(c))
        || (c.is_ascii_alphabetic() && (within(c.to_ascii_lowercase()) || within(c.to_ascii_uppercase())))
}

#[cfg(test)]
mod tests {
    use super::{MOST_STEPS, Regexp};

    fn check(expression: &str, text: &str, expected: &[&str]) {
        let regexp = Regexp::new(expression).unwrap();
        let found: Vec<&str> = regexp.find_all(text, &mut 0).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(found, expected, "{expression} in {text}");
    }

    #[test]
    fn expressions_match() {
        check(r"\d{10}", "call 0123456789 or 12", &["0123456789"]);
        check(r"\b[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9]{10}\b", "to NL12abcd0123456789 now", &["NL12abcd0123456789"]);
        check(r"a|bc|d*", "abcdd", &["a", "bc", "dd"]);
        check(r"(ab)+c?", "ababc ab", &["ababc", "ab"]);
        check(r"^\w+$", "word", &["word"]);
        check(r"^\w+$", "two words", &["two", "words"]);
        check(r"^\d{5}$", "my zip is 12345 or 123456", &["12345"]);
        check(r"[^\s,]+", "a, bé", &["a", "bé"]);
        check(r"order-(?:[0-9]{2,4})", "order-12345", &["order-1234"]);
        check(r"x{0}y", "xy", &["y"]);
        check(r"colou?r", "Color COLOUR", &["Color", "COLOUR"]);
        check(r"(?i)order[\x20\x2D]\d+", "Order-7 ORDER 8", &["Order-7", "ORDER 8"]);
        check(r"x(?i:ab)\x{63}\x64", "xABcd", &["xABcd"]);
        check(r"[\p{Lu}']{4,}", "in Łódź, L'Évry", &["Łódź", "L'Évry"]);
        check(r"\pN+", "7٣ a", &["7٣"]);
        check(r"[\n-\x20]x", "a x", &[" x"]);
        check(r"\w+", "größe", &["größe"]);
        check(r"köln", "KÖLN", &["KÖLN"]);
    }

    #[test]
    fn bad_expressions_are_refused_with_their_place() {
        for (expression, expected) in [
            ("(a", "expected )"),
            ("a)", "closes nothing"),
            ("*a", "nothing to repeat"),
            ("[a", "expected ]"),
            (r"(a)\1", "references back"),
            ("(?=a)", "not understood"),
            ("(?s)a", "not understood"),
            (r"\p{Greek}", "only L, Lu"),
            (r"\x4", "hexadecimal"),
            (r"\q", "not known"),
            ("[[:digit:]]{4}", "[:alpha:]"),
            ("((a{200}){200})", "too large"),
            ("a{3,2}", "least,most"),
        ] {
            let error = Regexp::new(expression).unwrap_err().to_string();
            assert!(error.contains(expected), "{expression}: {error}");
        }
    }

    #[test]
    fn evil_expressions_are_linear() {
        let text = "a".repeat(10_000);
        let regexp = Regexp::new("(a*)*(a|aa)*b").unwrap();
        let start = std::time::Instant::now();
        assert!(regexp.find_all(&text, &mut 0).is_empty());
        assert!(start.elapsed().as_secs() < 60);
        // Every match might still grow, and between its letters are steps that read none.
        for expression in ["a|a[a ]{0,250}b", "a|((){0,1000}(){0,1000}(){0,1000}.)*b"] {
            assert!(!Regexp::new(expression).unwrap().find_all(&text, &mut 0).is_empty());
        }
        // However many there are.
        let mut steps = 0;
        for _ in 0..1_000 {
            regexp.find_all(&text, &mut steps);
        }
        assert!(steps < MOST_STEPS * 2, "{steps}");
        assert!(start.elapsed().as_secs() < 60);
    }
}
