//! Sentences into tokens: runs of letters, runs of digits, and single signs.

use super::{fold::fold_into, is_letter, is_number, small};

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters, with apostrophes inside ("don't").
    Letters,
    /// Decimal digits.
    Digits,
    /// Any other visible character, alone.
    Sign,
}

/// One token of a sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Byte range in the sentence.
    pub bytes: (usize, usize),
    /// What it is made of.
    pub kind: Kind,
    /// Lower case, without accents.
    pub folded: String,
    /// Lower case as written, accents kept.
    pub lower: String,
    /// No white space stands between it and the token before.
    pub joined: bool,
}

impl Token {
    /// The token as it stands in its sentence.
    pub fn surface<'t>(&self, sentence: &'t str) -> &'t str {
        sentence.get(self.bytes.0..self.bytes.1).unwrap_or("")
    }

    /// Whether it is a word or a number, not a sign.
    pub fn is_word(&self) -> bool {
        self.kind != Kind::Sign
    }
}

/// Scripts that are written without blanks between words: every character is a token.
fn stands_alone(c: char) -> bool {
    matches!(c as u32, 0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Marks that belong to the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c as u32, 0x0300..=0x036F | 0x0483..=0x0489 | 0x0591..=0x05C7 | 0x0610..=0x061A | 0x064B..=0x065F | 0x0900..=0x0903 | 0x093A..=0x094F | 0x0981..=0x0983 | 0x09BC..=0x09CD | 0x0B82 | 0x0BBE..=0x0BCD | 0x200C..=0x200D | 0xFE00..=0xFE0F)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '\u{2019}' | '\u{02BC}')
}

fn kind_of(c: char) -> Option<Kind> {
    if c.is_whitespace() || c.is_control() {
        None
    } else if c.is_ascii_digit() {
        Some(Kind::Digits)
    } else if is_letter(c) || is_mark(c) {
        Some(Kind::Letters)
    } else if is_number(c) {
        Some(Kind::Digits)
    } else {
        Some(Kind::Sign)
    }
}

/// Cuts a sentence into tokens, in one pass.
pub fn tokenise(sentence: &str) -> Vec<Token> {
    let mut tokens: Vec<Token> = Vec::new();
    let mut end_of_last = usize::MAX;
    let mut characters = sentence.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        let Some(kind) = kind_of(c) else { continue };
        let mut end = start + c.len_utf8();
        if kind != Kind::Sign && !stands_alone(c) {
            while let Some(&(at, next)) = characters.peek() {
                let inner_apostrophe = kind == Kind::Letters
                    && is_apostrophe(next)
                    && sentence
                        .get(at + next.len_utf8()..)
                        .and_then(|rest| rest.chars().next())
                        .is_some_and(|c| kind_of(c) == Some(Kind::Letters) && !stands_alone(c));
                if !inner_apostrophe && (kind_of(next) != Some(kind) || stands_alone(next)) {
                    break;
                }
                end = at + next.len_utf8();
                characters.next();
            }
        }
        let joined = start == end_of_last;
        end_of_last = end;
        // A possessive 's stands apart: it is no part of the name before it.
        let split = sentence.get(start..end).and_then(possessive).map(|at| start + at);
        tokens.push(token(sentence, (start, split.unwrap_or(end)), kind, joined));
        tokens.extend(split.map(|at| token(sentence, (at, end), kind, true)));
    }
    tokens
}

fn token(sentence: &str, bytes: (usize, usize), kind: Kind, joined: bool) -> Token {
    let lower = lower(sentence.get(bytes.0..bytes.1).unwrap_or(""));
    let mut folded = String::with_capacity(lower.len());
    fold_into(&lower, &mut folded);
    Token { bytes, kind, folded, lower, joined }
}

/// Where the 's of a word begins.
fn possessive(word: &str) -> Option<usize> {
    let stem = word.strip_suffix(['s', 'S'])?;
    stem.strip_suffix(is_apostrophe).filter(|name| !name.is_empty()).map(str::len)
}

fn lower(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if is_apostrophe(c) {
            out.push('\'');
        } else {
            out.push(small(c));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::tokenise;

    fn check(sentence: &str, expected: &[&str]) {
        let found: Vec<String> = tokenise(sentence).into_iter().map(|t| t.folded).collect();
        assert_eq!(found, expected, "{sentence}");
    }

    #[test]
    fn sentences_fall_into_tokens() {
        check("", &[]);
        check("Hello,  world!", &["hello", ",", "world", "!"]);
        check("don’t stop 'now'", &["don't", "stop", "'", "now", "'"]);
        check("wake me at 7pm", &["wake", "me", "at", "7", "pm"]);
        check("Über 3,5 €", &["uber", "3", ",", "5", "€"]);
        check("こんにちは", &["こ", "ん", "に", "ち", "は"]);
        check("Jerry's list", &["jerry", "'s", "list"]);
        check("e\u{301}te\u{301}", &["ete"]);
        check("\u{0}\t\n", &[]);
    }

    #[test]
    fn tokens_know_where_they_stand() {
        let sentence = "Ça va: 5€";
        let tokens = tokenise(sentence);
        let surfaces: Vec<&str> = tokens.iter().map(|t| t.surface(sentence)).collect();
        assert_eq!(surfaces, ["Ça", "va", ":", "5", "€"]);
        let joined: Vec<bool> = tokens.iter().map(|t| t.joined).collect();
        assert_eq!(joined, [false, false, true, false, true]);
    }
}
