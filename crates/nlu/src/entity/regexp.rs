//! Regular expressions in linear time: all threads of a match run side by side, none is ever tried twice at
//! the same character (Thompson, "Regular expression search algorithm", 1968; Pike's way of the threads).
//!
//! Understood: characters, `.`, classes, `\d \w \s \b` and their opposites, groups, `|`, `* + ? {m,n}`,
//! `^ $`. Not: back references and looking around, which no linear matcher has.

use crate::language::is_letter_or_number;

/// A value of more characters is not one that somebody types; without an end, a match that might still grow
/// would be followed through the whole sentence for each one that is found.
const LONGEST_MATCH: usize = 256;

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
    Class { ranges: Vec<(char, char)>, negated: bool },
    Edge { wanted: bool },
    Start,
    End,
    Split(usize, usize),
    Jump(usize),
    Match,
}

/// A compiled expression; letters match whichever their case.
#[derive(Debug, Clone, PartialEq)]
pub struct Regexp {
    program: Vec<Step>,
}

/// Larger programs are refused: `(a{100}){100}` is not an entity.
const LARGEST: usize = 4_000;
const DEEPEST: usize = 40;

enum Node {
    Empty,
    Step(Step),
    All(Vec<Node>),
    Either(Vec<Node>),
    Repeat(Box<Node>, usize, Option<usize>),
}

struct Parser<'e> {
    expression: &'e str,
    characters: Vec<char>,
    at: usize,
    depth: usize,
}

impl Parser<'_> {
    fn error<T>(&self, what: &'static str) -> Result<T, RegexpError> {
        Err(RegexpError { expression: self.expression.to_owned(), at: self.at + 1, what })
    }

    fn peek(&self) -> Option<char> {
        self.characters.get(self.at).copied()
    }

    fn take(&mut self, c: char) -> bool {
        let is = self.peek() == Some(c);
        self.at += usize::from(is);
        is
    }

    fn either(&mut self) -> Result<Node, RegexpError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.error("groups are nested too deeply");
        }
        let mut branches = vec![self.all()?];
        while self.take('|') {
            branches.push(self.all()?);
        }
        self.depth -= 1;
        Ok(Node::Either(branches))
    }

    fn all(&mut self) -> Result<Node, RegexpError> {
        let mut nodes = Vec::new();
        while let Some(c) = self.peek() {
            if c == '|' || c == ')' {
                break;
            }
            let node = self.one()?;
            nodes.push(self.repeated(node)?);
        }
        Ok(Node::All(nodes))
    }

    fn repeated(&mut self, mut node: Node) -> Result<Node, RegexpError> {
        loop {
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
                        return self.error("expected {least,most}");
                    }
                    (least, most)
                }
                _ => return Ok(node),
            };
            self.at += 1;
            // Lazy and possessive marks change which match is taken, not whether there is one: the longest is.
            let _ = self.take('?') || self.take('+');
            node = Node::Repeat(Box::new(node), least, most);
        }
    }

    fn number(&mut self) -> Result<usize, RegexpError> {
        let start = self.at;
        while self.peek().is_some_and(|c| c.is_ascii_digit()) {
            self.at += 1;
        }
        let digits: String = self.characters[start..self.at].iter().collect();
        match crate::text::whole(&digits) {
            Some(number) if number <= 1000 => Ok(number as usize),
            _ => self.error("expected a number up to 1000"),
        }
    }

    fn one(&mut self) -> Result<Node, RegexpError> {
        let Some(c) = self.peek() else { return Ok(Node::Empty) };
        self.at += 1;
        Ok(match c {
            '(' => {
                if self.take('?') {
                    if self.take(':') {
                    } else if self.take('P') || self.peek() == Some('<') {
                        if !self.take('<') || matches!(self.peek(), Some('=' | '!')) {
                            return self.error("looking around is not possible in linear time");
                        }
                        while self.peek().is_some_and(|c| c != '>') {
                            self.at += 1;
                        }
                        self.at += 1;
                    } else {
                        return self.error("looking around and flags are not understood");
                    }
                }
                let node = self.either()?;
                if !self.take(')') {
                    return self.error("expected )");
                }
                node
            }
            '*' | '+' | '?' => return self.error("nothing to repeat"),
            '.' => Node::Step(Step::Class { ranges: vec![('\n', '\n')], negated: true }),
            '^' => Node::Step(Step::Start),
            '$' => Node::Step(Step::End),
            '[' => self.class()?,
            '\\' => self.escape()?,
            c => Node::Step(Step::Class { ranges: vec![(c, c)], negated: false }),
        })
    }

    fn escape(&mut self) -> Result<Node, RegexpError> {
        let Some(c) = self.peek() else { return self.error("expected a character after \\") };
        self.at += 1;
        if matches!(c, 'b' | 'B') {
            return Ok(Node::Step(Step::Edge { wanted: c == 'b' }));
        }
        if matches!(c, 'A' | 'z' | 'Z') {
            return Ok(Node::Step(if c == 'A' { Step::Start } else { Step::End }));
        }
        if c.is_ascii_digit() {
            return self.error("references back are not possible in linear time");
        }
        match shorthand(c) {
            Some((ranges, negated)) => Ok(Node::Step(Step::Class { ranges, negated })),
            None if c.is_ascii_alphabetic() => self.error("this escape is not known"),
            None => Ok(Node::Step(Step::Class { ranges: vec![(c, c)], negated: false })),
        }
    }

    fn class(&mut self) -> Result<Node, RegexpError> {
        let negated = self.take('^');
        let mut ranges = Vec::new();
        let mut first = true;
        loop {
            let Some(c) = self.peek() else { return self.error("expected ]") };
            self.at += 1;
            if c == ']' && !first {
                return Ok(Node::Step(Step::Class { ranges, negated }));
            }
            first = false;
            let mut low = c;
            if c == '\\' {
                let Some(c) = self.peek() else { return self.error("expected a character after \\") };
                self.at += 1;
                match shorthand(c) {
                    Some((_, true)) => return self.error("an opposite cannot stand inside [ ]"),
                    Some((more, false)) => {
                        ranges.extend(more);
                        continue;
                    }
                    None => low = c,
                }
            }
            if self.peek() == Some('-') && self.characters.get(self.at + 1).is_some_and(|&c| c != ']') {
                self.at += 1;
                let mut high = self.characters[self.at];
                self.at += 1;
                if high == '\\' {
                    high = self.peek().unwrap_or('\\');
                    self.at += 1;
                }
                if high < low {
                    return self.error("a range runs backwards");
                }
                ranges.push((low, high));
            } else {
                ranges.push((low, low));
            }
        }
    }
}

fn shorthand(c: char) -> Option<(Vec<(char, char)>, bool)> {
    let ranges = match c.to_ascii_lowercase() {
        'd' => vec![('0', '9')],
        'w' => vec![('a', 'z'), ('A', 'Z'), ('0', '9'), ('_', '_'), ('\u{C0}', '\u{24F}')],
        's' => vec![(' ', ' '), ('\t', '\r'), ('\u{A0}', '\u{A0}')],
        'n' if c == 'n' => vec![('\n', '\n')],
        't' if c == 't' => vec![('\t', '\t')],
        'r' if c == 'r' => vec![('\r', '\r')],
        _ => return None,
    };
    Some((ranges, c.is_ascii_uppercase()))
}

impl Regexp {
    /// Compiles an expression.
    pub fn new(expression: &str) -> Result<Self, RegexpError> {
        let mut parser = Parser { expression, characters: expression.chars().collect(), at: 0, depth: 0 };
        let node = parser.either()?;
        if parser.at < parser.characters.len() {
            return parser.error("this ) closes nothing");
        }
        let mut program = Vec::new();
        if !compile(&node, &mut program) {
            return parser.error("the expression is too large");
        }
        program.push(Step::Match);
        Ok(Self { program })
    }

    /// All matches that do not overlap, as byte ranges: leftmost, then longest.
    pub fn find_all(&self, text: &str) -> Vec<(usize, usize)> {
        let characters: Vec<(usize, char)> = text.char_indices().collect();
        let mut found = Vec::new();
        let mut from = 0;
        // One run for each start would be quadratic: all starts run together, each thread knowing its own.
        while from <= characters.len() {
            let Some((start, end)) = self.find(&characters, from) else { break };
            let byte = |i: usize| characters.get(i).map_or(text.len(), |c| c.0);
            if end > start {
                found.push((byte(start), byte(end)));
            }
            from = end.max(start + 1);
        }
        found
    }

    fn find(&self, characters: &[(usize, char)], from: usize) -> Option<(usize, usize)> {
        let mut now: Vec<(usize, usize)> = Vec::new();
        let mut next: Vec<(usize, usize)> = Vec::new();
        let mut mark = vec![usize::MAX; self.program.len()];
        let mut best: Option<(usize, usize)> = None;
        for at in from..=characters.len() {
            if best.is_none() {
                self.add(0, at, at, characters, &mut mark, &mut now);
            }
            if now.is_empty() && best.is_some() {
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
            // `mark` is of this position while adding to `now`, of the next one while adding to `next`.
            for &(place, start) in &now {
                if best.is_some_and(|b| start > b.0) || at - start >= LONGEST_MATCH {
                    continue;
                }
                if let Step::Class { ranges, negated } = &self.program[place]
                    && let Some(&(_, c)) = characters.get(at)
                    && holds(ranges, c) != *negated
                {
                    self.add(place + 1, start, at + 1, characters, &mut mark, &mut next);
                }
            }
            core::mem::swap(&mut now, &mut next);
        }
        best
    }

    fn add(
        &self,
        place: usize,
        start: usize,
        at: usize,
        characters: &[(usize, char)],
        mark: &mut [usize],
        threads: &mut Vec<(usize, usize)>,
    ) {
        let mut open = vec![place];
        while let Some(place) = open.pop() {
            if mark[place] == at {
                continue;
            }
            mark[place] = at;
            let word = |i: Option<usize>| {
                i.and_then(|i| characters.get(i)).is_some_and(|c| is_letter_or_number(c.1) || c.1 == '_')
            };
            match &self.program[place] {
                Step::Split(one, other) => open.extend([*other, *one]),
                Step::Jump(to) => open.push(*to),
                Step::Start if at == 0 => open.push(place + 1),
                Step::End if at == characters.len() => open.push(place + 1),
                Step::Edge { wanted } if (word(at.checked_sub(1)) != word(Some(at))) == *wanted => {
                    open.push(place + 1)
                }
                Step::Start | Step::End | Step::Edge { .. } => {}
                Step::Class { .. } | Step::Match => threads.push((place, start)),
            }
        }
    }
}

fn holds(ranges: &[(char, char)], c: char) -> bool {
    let within = |c: char| ranges.iter().any(|&(low, high)| (low..=high).contains(&c));
    within(c)
        || (c.is_ascii_alphabetic() && (within(c.to_ascii_lowercase()) || within(c.to_ascii_uppercase())))
}

/// Appends a node's program; false where it grows too large.
fn compile(node: &Node, program: &mut Vec<Step>) -> bool {
    if program.len() > LARGEST {
        return false;
    }
    match node {
        Node::Empty => {}
        Node::Step(step) => program.push(step.clone()),
        Node::All(nodes) => return nodes.iter().all(|n| compile(n, program)),
        Node::Either(branches) => {
            let mut jumps = Vec::new();
            for (i, branch) in branches.iter().enumerate() {
                let split = program.len();
                if i + 1 < branches.len() {
                    program.push(Step::Split(split + 1, 0));
                }
                if !compile(branch, program) {
                    return false;
                }
                if i + 1 < branches.len() {
                    jumps.push(program.len());
                    program.push(Step::Jump(0));
                    let after = program.len();
                    program[split] = Step::Split(split + 1, after);
                }
            }
            let end = program.len();
            for jump in jumps {
                program[jump] = Step::Jump(end);
            }
        }
        Node::Repeat(node, least, most) => {
            for _ in 0..*least {
                if !compile(node, program) {
                    return false;
                }
            }
            match most {
                None => {
                    let split = program.len();
                    program.push(Step::Split(split + 1, 0));
                    if !compile(node, program) {
                        return false;
                    }
                    program.push(Step::Jump(split));
                    let after = program.len();
                    program[split] = Step::Split(split + 1, after);
                }
                Some(most) => {
                    for _ in *least..*most {
                        let split = program.len();
                        program.push(Step::Split(split + 1, 0));
                        if !compile(node, program) {
                            return false;
                        }
                        let after = program.len();
                        program[split] = Step::Split(split + 1, after);
                    }
                }
            }
        }
    }
    program.len() <= LARGEST
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
    }
}
