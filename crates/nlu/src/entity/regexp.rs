//! Regular expressions in linear time: all threads of a match run side by side, none is ever tried twice at
//! the same character (Thompson, "Regular expression search algorithm", 1968; Pike's way of the threads).
//!
//! Understood: characters, also by their codes (`\x41`, `\x{1F436}`), `.`, classes, `\d \w \s \b`, `\p{L} \p{Lu} \p{N}`
//! and their opposites, groups, `(?i)`, `|`, `* + ? {m,n}`, `^ $`. Not: back references and looking around, which no
//! linear matcher has.

use crate::language::{is_letter, is_letter_or_number, is_number};

/// A value of more characters is not one that somebody types; without an end, a match that might still grow
/// would be followed through the whole sentence for each one that is found.
const LONGEST_MATCH: usize = 256;
/// Steps that one expression may take in one sentence. Those that people write take some dozens a character.
const MOST_STEPS: usize = 4_000_000;

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

/// Larger programs are refused: `(a{100}){100}` is not an entity.
const LARGEST: usize = 4_000;
const DEEPEST: usize = 40;
const LOOKING_AROUND: &str = "looking around and flags but (?i) are not understood";

struct Parser {
    characters: Vec<char>,
    at: usize,
    depth: usize,
    program: Vec<Step>,
}

/// What was read, or what is wrong at the place where the reader stands.
type Parsed<T> = Result<T, &'static str>;

/// What is wrong, for those who write agents; nobody reads it in a page, where it would only weigh.
const fn why(what: &'static str) -> &'static str {
    if cfg!(feature = "formats") { what } else { "" }
}

impl Parser {
    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let is = self.peek() == Some(c);
        self.at += usize::from(is);
        is
    }

    fn push(&mut self, step: Step) {
        self.program.push(step);
    }

    /// One character of a class.
    fn class_of(&mut self, items: &[Item], negated: bool) {
        self.push(Step::Class { items: items.to_vec(), negated });
    }

    fn whole(&mut self) -> Parsed<()> {
        self.either()?;
        if self.at < self.characters.len() {
            return Err(why("this ) closes nothing"));
        }
        self.push(Step::Match);
        Ok(())
    }

    fn either(&mut self) -> Parsed<()> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(why("groups are nested too deeply"));
        }
        let mut jumps = Vec::new();
        loop {
            let branch = self.program.len();
            self.all()?;
            if !self.take('|') {
                break;
            }
            self.program.insert(branch, Step::Split(self.program.len() - branch + 2));
            jumps.push(self.program.len());
            self.push(Step::Jump(0));
        }
        for jump in jumps {
            self.program[jump] = Step::Jump((self.program.len() - jump) as isize);
        }
        self.depth -= 1;
        Ok(())
    }

    fn all(&mut self) -> Parsed<()> {
        while self.peek().is_some_and(|c| c != '|' && c != ')') {
            let start = self.program.len();
            self.one()?;
            self.repeated(start)?;
        }
        Ok(())
    }

    /// What follows the part of the program from `start`.
    fn repeated(&mut self, start: usize) -> Parsed<()> {
        loop {
            if self.program.len() > LARGEST {
                return Err(why("the expression is too large"));
            }
            let (least, most) = match self.peek() {
                Some('*') => (0, None),
                Some('+') => (1, None),
                Some('?') => (0, Some(1)),
                Some('{') if self.characters.get(self.at + 1).is_some_and(char::is_ascii_digit) => {
                    self.at += 1;
                    let least = self.number()?;
                    let most = if self.take(',') {
                        if self.peek() == Some('}') { None } else { Some(self.number()?) }
                    } else {
                        Some(least)
                    };
                    if self.peek() != Some('}') || most.is_some_and(|m| m < least) {
                        return Err(why("expected {least,most}"));
                    }
                    (least, most)
                }
                _ => return Ok(()),
            };
            self.at += 1;
            // Lazy and possessive marks change which match is taken, not whether there is one: the longest is.
            let _ = self.take('?') || self.take('+');
            let part = self.program.split_off(start);
            let times = most.unwrap_or(least + 1);
            if part.len() * times > LARGEST {
                return Err(why("the expression is too large"));
            }
            for time in 0..times {
                if time >= least {
                    self.push(Step::Split(part.len() + 1 + usize::from(most.is_none())));
                }
                self.program.extend_from_slice(&part);
            }
            if most.is_none() {
                self.push(Step::Jump(-(part.len() as isize) - 1));
            }
        }
    }

    fn number(&mut self) -> Parsed<usize> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.characters[start..self.at].iter().collect();
        match crate::text::whole(&digits) {
            Some(number) if number <= 1000 => Ok(number as usize),
            _ => Err(why("expected a number up to 1000")),
        }
    }

    fn one(&mut self) -> Parsed<()> {
        let Some(c) = self.peek() else { return Ok(()) };
        self.at += 1;
        match c {
            '(' => {
                if self.take('?') {
                    if self.take(':') {
                    } else if self.take('P') || self.peek() == Some('<') {
                        if !self.take('<') || matches!(self.peek(), Some('=' | '!')) {
                            return Err(why(LOOKING_AROUND));
                        }
                        while self.peek().is_some_and(|c| c != '>') {
                            self.at += 1;
                        }
                        self.at += 1;
                    } else if self.take('i') {
                        // Letters match whichever their case.
                        if self.take(')') {
                            return Ok(());
                        }
                        if !self.take(':') {
                            return Err(why(LOOKING_AROUND));
                        }
                    } else {
                        return Err(why(LOOKING_AROUND));
                    }
                }
                self.either()?;
                if !self.take(')') {
                    return Err(why("expected )"));
                }
            }
            '*' | '+' | '?' => return Err(why("nothing to repeat")),
            '.' => self.class_of(&[Item::Range('\n', '\n')], true),
            '^' => self.push(Step::Start),
            '$' => self.push(Step::End),
            '[' => return self.class(),
            '\\' => return self.escape(),
            c => self.class_of(&[Item::Range(c, c)], false),
        }
        Ok(())
    }

    fn escape(&mut self) -> Parsed<()> {
        let Some(c) = self.peek() else { return Err(why("expected a character after \\")) };
        self.at += 1;
        if matches!(c, 'b' | 'B') {
            self.push(Step::Edge { wanted: c == 'b' });
        } else if matches!(c, 'A' | 'z' | 'Z') {
            self.push(if c == 'A' { Step::Start } else { Step::End });
        } else if c.is_ascii_digit() {
            return Err(why("references back are not possible in linear time"));
        } else if let Some((items, negated)) = self.shorthand(c)? {
            self.class_of(items, negated);
        } else {
            let c = self.escaped(c)?;
            self.class_of(&[Item::Range(c, c)], false);
        }
        Ok(())
    }

    /// The character behind a backslash, which may be a code.
    fn escaped(&mut self, c: char) -> Parsed<char> {
        let digits = match c {
            'n' => return Ok('\n'),
            't' => return Ok('\t'),
            'r' => return Ok('\r'),
            'x' => 2,
            c if c.is_ascii_alphanumeric() => return Err(why("this escape is not known")),
            c => return Ok(c),
        };
        let braces = self.take('{');
        let mut code = 0;
        let mut count = 0;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(16))
            && count < if braces { 6 } else { digits }
        {
            code = code * 16 + digit;
            count += 1;
            self.at += 1;
        }
        match char::from_u32(code) {
            Some(c) if if braces { self.take('}') } else { count == digits } => Ok(c),
            _ => Err(why("expected the code of a character in hexadecimal digits")),
        }
    }

    /// What a letter behind a backslash stands for, and whether it is the opposite of it.
    fn shorthand(&mut self, c: char) -> Parsed<Option<(&'static [Item], bool)>> {
        use Item::{Letter, Number, Range};
        let items: &[Item] = match c.to_ascii_lowercase() {
            'd' => &[Range('0', '9')],
            'w' => &[Letter, Number, Range('_', '_')],
            's' => &[Range(' ', ' '), Range('\t', '\r'), Range('\u{A0}', '\u{A0}')],
            'p' => {
                let end = if self.take('{') { '}' } else { '\0' };
                let mut name = String::new();
                while let Some(c) = self.peek().filter(|c| *c != end && (end == '}' || name.is_empty())) {
                    name.push(c);
                    self.at += 1;
                }
                let closed = end != '}' || self.take('}');
                match name.as_str() {
                    "L" | "Lu" | "Ll" if closed => &[Letter],
                    "N" | "Nd" if closed => &[Number],
                    _ => return Err(why("of \\p{…} only L, Lu, Ll, N and Nd are understood")),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some((items, c.is_ascii_uppercase())))
    }

    fn class(&mut self) -> Parsed<()> {
        let negated = self.take('^');
        let mut items = Vec::new();
        let mut first = true;
        loop {
            let Some(c) = self.peek() else { return Err(why("expected ]")) };
            self.at += 1;
            if c == ']' && !first {
                self.class_of(&items, negated);
                return Ok(());
            }
            first = false;
            let mut low = c;
            if c == '\\' {
                let Some(c) = self.peek() else { return Err(why("expected a character after \\")) };
                self.at += 1;
                match self.shorthand(c)? {
                    Some((_, true)) => return Err(why("an opposite cannot stand inside [ ]")),
                    Some((more, false)) => {
                        items.extend_from_slice(more);
                        continue;
                    }
                    None => low = self.escaped(c)?,
                }
            }
            if c == '[' && self.peek() == Some(':') {
                return Err(why("classes like [:alpha:] are not understood"));
            }
            if self.peek() == Some('-') && self.characters.get(self.at + 1).is_some_and(|&c| c != ']') {
                self.at += 1;
                let mut high = self.characters[self.at];
                self.at += 1;
                if high == '\\' {
                    let c = self.peek().unwrap_or('\\');
                    self.at += 1;
                    high = self.escaped(c)?;
                }
                if high < low {
                    return Err(why("a range runs backwards"));
                }
                items.push(Item::Range(low, high));
            } else {
                items.push(Item::Range(low, low));
            }
        }
    }
}

/// An expression on its way through a sentence.
struct Run<'c> {
    characters: &'c [(usize, char)],
    /// By step: the place in the sentence at which it was taken last.
    mark: Vec<usize>,
    /// How many were taken in all.
    steps: usize,
}

impl Regexp {
    /// Compiles an expression.
    pub fn new(expression: &str) -> Result<Self, RegexpError> {
        let characters = expression.chars().collect();
        let mut parser = Parser { characters, at: 0, depth: 0, program: Vec::new() };
        if let Err(what) = parser.whole() {
            return Err(RegexpError { expression: expression.to_owned(), at: parser.at + 1, what });
        }
        Ok(Self { program: parser.program })
    }

    /// All matches that do not overlap, as byte ranges: leftmost, then longest. An expression that takes too long finds what it has
    /// found until then.
    pub fn find_all(&self, text: &str) -> Vec<(usize, usize)> {
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let mut run = Run { characters: &characters, mark: vec![usize::MAX; self.program.len()], steps: 0 };
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
                match &self.program[place] {
                    Step::Match if best.is_none_or(|b| start < b.0 || (start == b.0 && at > b.1)) => {
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
                if let Step::Class { items, negated } = &self.program[place]
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
            if run.mark[place] == at {
                continue;
            }
            run.mark[place] = at;
            let word = |i: Option<usize>| {
                i.and_then(|i| run.characters.get(i)).is_some_and(|c| is_letter_or_number(c.1) || c.1 == '_')
            };
            match &self.program[place] {
                Step::Split(far) => open.extend([place + far, place + 1]),
                Step::Jump(far) => open.push(place.saturating_add_signed(*far)),
                Step::Start if at == 0 => open.push(place + 1),
                Step::End if at == run.characters.len() => open.push(place + 1),
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
    use super::Regexp;

    fn check(expression: &str, text: &str, expected: &[&str]) {
        let regexp = Regexp::new(expression).unwrap();
        let found: Vec<&str> = regexp.find_all(text).into_iter().map(|(a, b)| &text[a..b]).collect();
        assert_eq!(found, expected, "{expression} in {text}");
    }

    #[test]
    fn expressions_match() {
        check(r"\d{10}", "call 0123456789 or 12", &["0123456789"]);
        check(r"\b[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9]{10}\b", "to NL12abcd0123456789 now", &["NL12abcd0123456789"]);
        check(r"a|bc|d*", "abcdd", &["a", "bc", "dd"]);
        check(r"(ab)+c?", "ababc ab", &["ababc", "ab"]);
        check(r"^\w+$", "word", &["word"]);
        check(r"^\w+$", "two words", &[]);
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
        assert!(regexp.find_all(&text).is_empty());
        assert!(start.elapsed().as_secs() < 5);
        // Every match might still grow, and between its letters are steps that read none.
        for expression in ["a|a[a ]{0,250}b", "a|((){0,1000}(){0,1000}(){0,1000}.)*b"] {
            assert!(!Regexp::new(expression).unwrap().find_all(&text).is_empty());
        }
        assert!(start.elapsed().as_secs() < 5);
    }
}
