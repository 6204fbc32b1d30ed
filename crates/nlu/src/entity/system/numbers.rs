//! Numbers, ordinals, percentages: in digits and in words.

use super::{Found, GERMANIC, ROMANCE, Sentence, index::List, words::entries};
use crate::json::{self, Value};
use crate::language::Kind;
use crate::text;

/// Words of one number, and groups of its digits. What follows is another number: a sentence of nothing else
/// takes time in proportion to its length.
const MOST_WORDS: usize = 24;
const IS_FRENCH: bool = cfg!(feature = "fr");
/// "5 million million".
const MOST_SCALES: usize = 3;

/// No shorter word is made of several numbers.
pub const SHORTEST_COMPOUND: usize = 8;

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
    let end = s.past(to, List::Percent)?;
    Some((Value::from(Value::from(n).to_string() + "%"), end))
}

/// A number with its sign.
pub fn amount(s: &Sentence, at: usize) -> Found<f64> {
    let mut sign = s.word(at) == "-" && !s.joined(at) && s.joined(at + 1) || s.word(at) == s.words.minus;
    // "au moins 6", "al menos 5"
    if ROMANCE && at > 0 && matches!(s.word(at - 1), "au" | "du" | "al" | "lo" | "o" | "plus") {
        sign = false;
    }
    if sign {
        let (n, to) = unsigned(s, at + 1)?;
        return Some((-n, to));
    }
    unsigned(s, at)
}

fn unsigned(s: &Sentence, at: usize) -> Found<f64> {
    // "anderthalb", "zweieinhalb", "tweeënhalf"
    if GERMANIC && let Some(n) = and_a_half(s, s.word(at)) {
        return Some((n, at + 1));
    }
    // "half a dozen"
    if s.word(at) == "half"
        && let Some((n, to)) = in_words(s, at + 1).filter(|_| matches!(s.word(at + 1), "a" | "an"))
    {
        return Some((n / 2.0, to));
    }
    let (mut n, mut to) = match digits(s, at) {
        Some(found) => found,
        None => return in_words(s, at),
    };
    for _ in 0..MOST_SCALES {
        let Some((scale, next)) = s.number(to, List::Scales) else { break };
        n *= scale as f64;
        to = next;
    }
    Some((n, to))
}

/// A word for some number and a half.
fn and_a_half(s: &Sentence, word: &str) -> Option<f64> {
    if !s.words.compounds || word.len() < SHORTEST_COMPOUND {
        return None;
    }
    if word == "anderthalb" || cfg!(feature = "nl") && matches!(word, "anderhalf" | "anderhalve") {
        return Some(1.5);
    }
    let whole = ["einhalb", "enhalf", "enhalve"].into_iter().find_map(|half| word.strip_suffix(half))?;
    Some(s.number_of(List::Small, whole)? + 0.5)
}

/// "1,234.5": groups of three, then the decimals.
fn digits(s: &Sentence, at: usize) -> Found<f64> {
    let is_digits = |i: usize| s.tokens.get(i).is_some_and(|t| t.kind == Kind::Digits && t.folded.is_ascii());
    // ".5"
    let bare = s.word(at) == "." && !s.joined(at) && s.joined(at + 1) && is_digits(at + 1);
    if !bare && !is_digits(at) {
        return None;
    }
    let group = if s.language.decimal == "." { "," } else { "." };
    let mut text = String::from(if bare { "0" } else { s.word(at) });
    let mut to = at + usize::from(!bare);
    let follows =
        |to: usize, sign: &str| s.word(to) == sign && s.joined(to) && is_digits(to + 1) && s.joined(to + 1);
    if IS_FRENCH && s.words.minus == "moins" && text.len() <= 3 && !text.starts_with('0') {
        to = past_groups(s, at);
        text = s.tokens[at..to].iter().map(|token| token.folded.as_str()).collect();
    }
    if text.len() <= 3 {
        while to < at + 2 * MOST_WORDS && follows(to, group) && s.word(to + 1).len() == 3 {
            text.push_str(s.word(to + 1));
            to += 2;
        }
    }
    let mut decimals = bare || follows(to, s.language.decimal);
    // A point that groups nothing is a decimal sign in every language.
    decimals |= to == at + 1 && follows(to, ".") && s.word(to + 1).len() != 3;
    if decimals && !(s.word(to + 2) == "." && s.joined(to + 2) && is_digits(to + 3)) {
        text.push('.');
        text.push_str(s.word(to + 1));
        to += 2;
    } else if bare {
        return None;
    }
    json::parse(&text).map(|n| (n, to))
}

/// "1 200", as French is written: not "à 20 200 personnes", "3 250 g".
fn past_groups(s: &Sentence, at: usize) -> usize {
    let is_group = |i: &usize| s.whole(*i).is_some() && s.word(*i).len() == 3 && !s.joined(*i);
    let end = (at + 1..at + MOST_WORDS).find(|i| !is_group(i)).unwrap_or(at + MOST_WORDS);
    let is_measured =
        [List::Lengths, List::Weights, List::Volumes].into_iter().any(|list| s.past(end, list).is_some());
    let is_hour = at > 0 && s.past(at - 1, List::At) == Some(at);
    if is_measured || is_hour { at + 1 } else { end }
}

/// One word of a number, compounds like "einundzwanzig" included.
fn word_value(s: &Sentence, word: &str) -> Option<f64> {
    let scales = s.words.scales;
    if let Some(found) = s.number_of(List::Small, word).or_else(|| s.number_of(List::Scales, word)) {
        return Some(found);
    }
    if !GERMANIC || !s.words.compounds || !(SHORTEST_COMPOUND..=60).contains(&word.len()) {
        return None;
    }
    let and = |text| entries(s.words.and).find_map(move |and| str::strip_prefix(text, and.0));
    for (name, scale) in entries(scales).collect::<Vec<_>>().into_iter().rev() {
        let scale = text::whole(scale).unwrap_or(0) as f64;
        if scale >= 100.0
            && let Some((left, right)) = parted(word, name)
        {
            let times = if left.is_empty() { 1.0 } else { word_value(s, left)? };
            let rest = and(right).unwrap_or(right);
            let more = if rest.is_empty() { 0.0 } else { word_value(s, rest)? };
            return Some(times * scale + more);
        }
    }
    entries(s.words.small).find_map(|(ten, value)| {
        let rest = word.strip_suffix(ten)?;
        let unit = entries(s.words.and).find_map(|and| rest.strip_suffix(and.0))?;
        let value = text::whole(value).filter(|v| *v >= 20)?;
        Some(value as f64 + s.number_of(List::Small, unit)?)
    })
}

/// What stands before and after the first `middle`.
fn parted<'w>(word: &'w str, middle: &str) -> Option<(&'w str, &'w str)> {
    let mut starts = word.char_indices();
    starts.find_map(|(at, _)| Some((word.get(..at)?, word.get(at..)?.strip_prefix(middle)?)))
}

fn is_scale(s: &Sentence, word: &str) -> bool {
    s.number_of(List::Scales, word).is_some()
}

fn in_words(s: &Sentence, at: usize) -> Found<f64> {
    let is_french = IS_FRENCH && s.words.minus == "moins";
    let first = s.word(at);
    // "a hundred", "a dozen"
    let article = matches!(first, "a" | "an") && is_scale(s, s.word(at + 1)) && s.words.english;
    let mut to = if article { at + 1 } else { at };
    word_value(s, s.word(to)).filter(|_| article || !(is_scale(s, first) && first.len() < 2))?;
    let (mut total, mut group, mut last) = (0f64, 0f64, f64::INFINITY);
    let mut end = None;
    while to < at + MOST_WORDS {
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
        } else if is_french && last == 4.0 && value == 20.0 {
            // "quatre-vingts"
            group += 76.0;
            last = 20.0;
        } else {
            // "twenty one" goes together, "one two" does not.
            // "dix-sept" does.
            let seventeen = is_french && last == 10.0 && value >= 7.0;
            let fits = value < last && (last >= 20.0 || seventeen);
            if !fits {
                break;
            }
            group += value;
            last = value;
        }
        to += 1;
        end = Some(to);
        // "vingt-et-un"
        to += usize::from(is_french && s.word(to) == "-" && s.word(to + 1) == "et");
        let joiner = s.word(to) == "-" || s.past(to, List::And).is_some() && last >= 20.0;
        to += usize::from(is_french && s.word(to) == "et" && s.word(to + 1) == "-");
        if joiner
            && word_value(s, s.word(to + 1))
                .is_some_and(|v| v < last || is_french && last == 4.0 && v == 20.0)
        {
            to += 1;
        }
    }
    let mut end = end?;
    let mut n = total + group;
    if s.word(end) == s.words.point && !s.words.point.is_empty() {
        let (mut place, mut at, last) = (0.1, end + 1, end + MOST_WORDS);
        while at < last
            && let Some(digit) =
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

/// What a German or Dutch ordinal is of: "dritte" of "dritter", "zwanzig" of "zwanzigsten", "vier" of "viertes". Empty is none.
pub fn ordinal_stems(word: &str) -> [&str; 3] {
    let plain = word.strip_suffix(['n', 'r', 's']).filter(|plain| plain.ends_with('e')).unwrap_or(word);
    [plain, plain.strip_suffix("ste").unwrap_or(""), plain.strip_suffix("te").unwrap_or("")]
}

/// An ordinal's number.
pub fn ordinal_number(s: &Sentence, at: usize) -> Found<f64> {
    if let Some((n, to)) = digits(s, at) {
        let ends = s.joined(to) && s.past(to, List::OrdinalEndings).is_some();
        return ends.then_some((n, to + 1));
    }
    if let Some((n, to)) = s.number(at, List::Ordinals) {
        return Some((n as f64, to));
    }
    // "vierte", "zweiundzwanzigsten"
    if GERMANIC && s.words.compounds {
        let [plain, tens, small] = ordinal_stems(s.word(at));
        let found = s.number_of(List::Ordinals, plain);
        let found = found.or_else(|| word_value(s, tens).filter(|n| *n >= 20.0));
        let found = found.or_else(|| word_value(s, small).filter(|n| (4.0..20.0).contains(n)));
        if let Some(n) = found {
            return Some((n, at + 1));
        }
    }
    // "twenty-first"
    let tens = s.number_of(List::Small, s.word(at)).filter(|n| *n >= 20.0)?;
    let next = at + 1 + usize::from(s.word(at + 1) == "-");
    let (unit, to) = s.number(next, List::Ordinals).filter(|f| f.0 < 10)?;
    Some((tens + unit as f64, to))
}
