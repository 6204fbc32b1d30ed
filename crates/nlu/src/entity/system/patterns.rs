//! E-mail addresses, web addresses and telephone numbers: found in the text, not in its words.

use super::{Match, Sentence};
use crate::json::Value;
use crate::language::is_letter_or_number;
use crate::text;

/// Finds all e-mail or web addresses.
pub fn find(entity: &str, s: &Sentence) -> Vec<Match> {
    let mut found = Vec::new();
    let is_inner =
        |byte| !matches!(byte, b'.' | b',' | b';' | b':' | b'!' | b'?' | b')' | b'>' | b'"' | b'\'');
    for piece in text::words(s.text) {
        let start =
            piece.bytes().position(|byte| !matches!(byte, b'(' | b'<' | b'"' | b'\'')).unwrap_or(piece.len());
        let end = piece.bytes().rposition(is_inner).map_or(0, |last| last + 1);
        let bare = piece.get(start..end.max(start)).unwrap_or(piece);
        let begin = bare.as_ptr() as usize - s.text.as_ptr() as usize;
        let fits = if entity == "sys.email" { is_email(bare) } else { is_address(bare) };
        if fits && let Some((from, to)) = crate::slots::tokens_of(s.tokens, begin, begin + bare.len()) {
            found.push(Match { from, to, entity: entity.to_owned(), value: Value::from(bare) });
        }
    }
    found
}

/// What stands behind the last full stop.
fn ending(domain: &str) -> &str {
    text::split(domain, b'.').last().unwrap_or("")
}

fn is_domain(domain: &str) -> bool {
    let last = ending(domain);
    text::cut(domain, b'.').is_some()
        && last.len() >= 2
        && last.bytes().all(|b| b.is_ascii_alphabetic())
        && text::split(domain, b'.')
            .all(|part| !part.is_empty() && part.chars().all(|c| is_letter_or_number(c) || c == '-'))
}

fn is_email(text: &str) -> bool {
    let local = |c: char| is_letter_or_number(c) || matches!(c, '.' | '_' | '%' | '+' | '-');
    text::cut(text, b'@')
        .is_some_and(|(name, domain)| !name.is_empty() && name.chars().all(local) && is_domain(domain))
}

/// What addresses end with that nobody wrote a scheme before.
const ENDINGS: &str = "com|org|net|edu|gov|io|de|uk|fr|es|nl|eu|example|info|app|dev|ai|co|us";

fn is_address(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let rest = ["http://", "https://", "ftp://"].iter().find_map(|scheme| lower.strip_prefix(scheme));
    let (rest, scheme) = rest.map_or((lower.as_str(), false), |rest| (rest, true));
    let is_end = |byte| matches!(byte, b'/' | b'?' | b'#' | b':');
    let host = rest.get(..rest.bytes().position(is_end).unwrap_or(rest.len())).unwrap_or("");
    let is_known = || text::split(ENDINGS, b'|').any(|known| known == ending(host));
    is_domain(host) && (scheme || host.starts_with("www.") || is_known()) || (scheme && host == "localhost")
}

/// E.164 has no longer numbers.
const MOST_DIGITS: usize = 15;

/// Digits with `+ ( ) - . /` and blanks between, seven to fifteen of them.
pub fn phone(s: &Sentence, at: usize) -> super::Found<Value> {
    let mut digits = String::new();
    let mut end = at;
    let mut to = at;
    let mut signs = 0;
    while digits.len() <= MOST_DIGITS + 1
        && let Some(token) = s.tokens.get(to)
    {
        let word = token.folded.as_str();
        if token.kind == crate::language::Kind::Digits && word.is_ascii() {
            digits.push_str(word);
            end = to + 1;
            signs = 0;
        } else if word == "+" && to == at {
            digits.push('+');
        } else if matches!(word, "(" | ")" | "-" | "." | "/") && signs < 2 && (to > at || word == "(") {
            signs += 1;
        } else {
            break;
        }
        to += 1;
    }
    let count = text::trim_start(&digits, b'+').len();
    (7..=MOST_DIGITS).contains(&count).then(|| (Value::from(digits), end))
}
