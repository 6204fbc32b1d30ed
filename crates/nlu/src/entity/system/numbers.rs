//! Numbers, ordinals, percentages: in digits and in words.

use super::{Found, Sentence};
use crate::json::{self, Value};
use crate::language::Kind;

/// A number as JSON.
pub fn number(s: &Sentence, at: usize) -> Found<Value> {
    amount(s, at).map(|(n, to)| (Value::from(n), to))
}

/// "third", "3rd", "twenty-first".
pub fn ordinal(s: &Sentence, at: usize) -> Found<Value> {
    ordinal_number(s, at).map(|(n, to)| (Value::from(n), to))
}

/// "20 %" as `"20%"`.
pub fn percentage(s: &Sentence, at: usize) -> Found<Value> {
    let (n, to) = amount(s, at)?;
    let end = s.words.percent.iter().find_map(|p| s.phrase(to, p))?;
    Some((Value::from(Value::from(n).to_string() + "%"), end))
}

/// A number with its sign.
pub fn amount(s: &Sentence, at: usize) -> Found<f64> {
    let sign = s.word(at) == "-" && !s.joined(at) && s.joined(at + 1) || s.word(at) == s.words.minus;
    if sign {
        let (n, to) = unsigned(s, at + 1)?;
        return Some((-n, to));
    }
    unsigned(s, at)
}

fn unsigned(s: &Sentence, at: usize) -> Found<f64> {
    let (mut n, mut to) = match digits(s, at) {
        Some(found) => found,
        None => return in_words(s, at),
    };
    while let Some((scale, next)) = s.lookup(to, s.words.scales) {
        n *= scale;
        to = next;
    }
    Some((n, to))
}

/// "1,234.5": groups of three, then the decimals.
fn digits(s: &Sentence, at: usize) -> Found<f64> {
    let is_digits = |i: usize| s.tokens.get(i).is_some_and(|t| t.kind == Kind::Digits && t.folded.is_ascii());
    if !is_digits(at) {
        return None;
    }
    let group = if s.words.decimal == "." { "," } else { "." };
    let mut text = s.word(at).to_owned();
    let mut to = at + 1;
    let follows =
        |to: usize, sign: &str| s.word(to) == sign && s.joined(to) && is_digits(to + 1) && s.joined(to + 1);
    if text.len() <= 3 {
        while follows(to, group) && s.word(to + 1).len() == 3 {
            text.push_str(s.word(to + 1));
            to += 2;
        }
    }
    let mut decimals = follows(to, s.words.decimal);
    // A point that groups nothing is a decimal sign in every language.
    decimals |= to == at + 1 && follows(to, ".") && s.word(to + 1).len() != 3;
    if decimals && !(s.word(to + 2) == "." && s.joined(to + 2) && is_digits(to + 3)) {
        text.push('.');
        text.push_str(s.word(to + 1));
        to += 2;
    }
    json::parse(&text).map(|n| (n, to))
}

/// One word of a number, compounds like "einundzwanzig" included.
fn word_value(s: &Sentence, word: &str) -> Option<f64> {
    let table = s.words.small.iter().chain(s.words.scales);
    if let Some(found) = table.clone().find(|e| e.0 == word) {
        return Some(found.1);
    }
    if !s.words.compounds || word.len() > 60 {
        return None;
    }
    for &(name, scale) in s.words.scales.iter().rev().filter(|e| e.1 >= 100.0) {
        if let Some((left, right)) = word.split_once(name) {
            let times = if left.is_empty() { 1.0 } else { word_value(s, left)? };
            let rest = s.words.and.iter().find_map(|and| right.strip_prefix(and)).unwrap_or(right);
            let more = if rest.is_empty() { 0.0 } else { word_value(s, rest)? };
            return Some(times * scale + more);
        }
    }
    s.words.and.iter().find_map(|and| {
        s.words.small.iter().filter(|e| e.1 >= 20.0).find_map(|&(ten, value)| {
            let unit = word.strip_suffix(ten)?.strip_suffix(and)?;
            let unit = s.words.small.iter().find(|e| e.0 == unit)?.1;
            Some(value + unit)
        })
    })
}

fn is_scale(s: &Sentence, word: &str) -> bool {
    s.words.scales.iter().any(|e| e.0 == word)
}

fn in_words(s: &Sentence, at: usize) -> Found<f64> {
    let first = s.word(at);
    // "a hundred", "a dozen"
    let article = matches!(first, "a" | "an") && is_scale(s, s.word(at + 1)) && s.words.decimal == ".";
    let mut to = if article { at + 1 } else { at };
    word_value(s, s.word(to)).filter(|_| article || !(is_scale(s, first) && first.len() < 2))?;
    let (mut total, mut group, mut last) = (0f64, 0f64, f64::INFINITY);
    let mut end = None;
    loop {
        let word = s.word(to);
        let Some(value) = word_value(s, word) else { break };
        if is_scale(s, word) {
            if value >= 1000.0 {
                total += group.max(1.0) * value;
                group = 0.0;
            } else {
                group = group.max(1.0) * value;
            }
            last = value;
        } else if group > 0.0 && group < 10.0 && value == 20.0 && s.words.minus == "moins" && group == 4.0 {
            group = 80.0;
            last = 20.0;
        } else {
            // "twenty one" goes together, "one two" does not.
            // "dix-sept" does.
            let seventeen = last == 10.0 && value >= 7.0 && s.words.minus == "moins";
            let fits = value < last && (last >= 20.0 || seventeen);
            if !fits {
                break;
            }
            group += value;
            last = value;
        }
        to += 1;
        end = Some(to);
        let joiner = s.word(to) == "-" || s.words.and.contains(&s.word(to)) && last >= 20.0;
        if joiner && word_value(s, s.word(to + 1)).is_some_and(|v| v < last || group == 4.0 && v == 20.0) {
            to += 1;
        }
    }
    let mut end = end?;
    let mut n = total + group;
    if s.word(end) == s.words.point && !s.words.point.is_empty() {
        let (mut place, mut at) = (0.1, end + 1);
        while let Some(digit) =
            word_value(s, s.word(at)).or_else(|| json::parse(s.word(at))).filter(|d| *d < 10.0)
        {
            n += digit * place;
            place /= 10.0;
            at += 1;
            end = at;
        }
        n = libm::round(n * 1e9) / 1e9;
    }
    Some((n, end))
}

/// An ordinal's number.
pub fn ordinal_number(s: &Sentence, at: usize) -> Found<f64> {
    if let Some((n, to)) = digits(s, at) {
        let ends = s.joined(to) && s.words.ordinal_endings.contains(&s.word(to));
        return ends.then_some((n, to + 1));
    }
    if let Some(found) = s.lookup(at, s.words.ordinals) {
        return Some(found);
    }
    // "twenty-first"
    let tens = s.words.small.iter().find(|e| e.0 == s.word(at) && e.1 >= 20.0)?;
    let next = at + 1 + usize::from(s.word(at + 1) == "-");
    let (unit, to) = s.lookup(next, s.words.ordinals).filter(|f| f.0 < 10.0)?;
    Some((tens.1 + unit, to))
}
