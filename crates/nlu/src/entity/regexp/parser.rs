//! From an expression to its program, in one reading: a part that is repeated is copied, and what goes on elsewhere says how far.

use super::{Item, Step};

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

/// The program of an expression; or the character, from 1, at which it is not understood, and why.
pub fn parse(expression: &str) -> Result<Vec<Step>, (usize, &'static str)> {
    let characters = expression.chars().collect();
    let mut parser = Parser { characters, at: 0, depth: 0, program: Vec::new() };
    match parser.whole() {
        Ok(()) => Ok(parser.program),
        Err(what) => Err((parser.at + 1, what)),
    }
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
