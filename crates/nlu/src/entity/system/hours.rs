//! Times of day, however they are said: "5 pm", "17:30", "half past two", "las ocho y diez".

use super::{Found, GERMANIC, OTHERS, ROMANCE, Sentence, index::List, numbers::amount};
use crate::entity::calendar::DAY;

/// The second of the day.
pub const NOON: i64 = 43_200;

/// A time that says that it is one: "5 pm", "17:30", "at 5", "noon", "half past two".
pub fn time_of_day(s: &Sentence, at: usize) -> Found<i64> {
    let said = s.past(at, List::At);
    let start = said.unwrap_or(at);
    if let Some(found) = named_hour(s, start) {
        return Some(found);
    }
    // "para cinco para las ocho" is for five.
    let is_for = ROMANCE && at > 0 && s.word(at - 1) == "para";
    if let Some((minutes, next)) = s.number(start, List::Past).filter(|_| !is_for)
        && let Some((second, to)) = full_hour(s, next)
    {
        return Some(((second + minutes * 60).rem_euclid(DAY), to));
    }
    if let Some(found) = half_hour(s, start) {
        return Some(found);
    }
    // "ten past five"
    if let Some((minutes, next)) = amount(s, start).filter(|f| (1.0..60.0).contains(&f.0))
        && let Some(sign) = match s.word(next) {
            "past" | "after" => Some(1),
            "nach" | "over" if GERMANIC => Some(1),
            "to" => Some(-1),
            "vor" | "voor" if GERMANIC => Some(-1),
            _ => None,
        }
        && let Some((second, to)) = full_hour(s, next + 1).or_else(|| half_hour(s, next + 1))
        && (said.is_some() || s.past(next, List::To).is_none())
    {
        let second = (second + sign * 60 * minutes as i64).rem_euclid(DAY);
        // "about 4 to 6 people"
        return (!is_counted(s, to)).then_some((second, to));
    }
    // "entre las 8 y 10" are two hours.
    let is_said = said.is_some() && !(ROMANCE && at > 0 && s.word(at - 1) == "entre");
    let (second, to) = loose_time(s, start, is_said)?;
    let bare = hour(s, start).is_some_and(|h| h.1 == to);
    // "8", when that is all; "um acht", not "nach einem Tisch", "after 3 tries"; but "a la una"
    let says = said.is_some()
        && !matches!(s.word(at), "after" | "nach" | "na" | "apres" | "despues")
        && !(super::is_article(s.word(start)) && s.word(start) != "una");
    (!bare || s.is_all(at, to) || says && !is_counted(s, to)).then_some((second, to))
}

/// "halb drei"
fn half_hour(s: &Sentence, at: usize) -> Found<i64> {
    let (second, to) = full_hour(s, GERMANIC.then(|| s.past(at, List::HalfTo)).flatten()?)?;
    Some(((second - 1800).rem_euclid(DAY), to))
}

/// What a number is of: "about 10 minutes", "around 8 people" are no hours.
fn is_counted(s: &Sentence, at: usize) -> bool {
    let lists = [List::Units, List::Currencies, List::Percent, List::Lengths, List::Weights, List::Volumes];
    lists.into_iter().any(|list| s.past(at, list).is_some())
        || matches!(s.word(at), "people" | "persons" | "guests")
        || OTHERS && matches!(s.word(at), "personen" | "leute" | "personas" | "personnes" | "gaste")
}

/// "noon", "midi et quart".
fn named_hour(s: &Sentence, at: usize) -> Found<i64> {
    let (second, to) = s.number(at, List::Hours)?;
    // "après-midi", not "après minuit"
    let is_afternoon = |before: usize| at >= before && s.word(at - before) == "apres";
    if ROMANCE && second == NOON && (is_afternoon(1) || s.joined(at) && is_afternoon(2)) {
        return None;
    }
    let after = after_hour(s, to);
    Some(after.map_or((second, to), |(minutes, to)| ((second + minutes * 60).rem_euclid(DAY), to)))
}

/// "dos y media": the minutes.
fn after_hour(s: &Sentence, at: usize) -> Found<i64> {
    ROMANCE.then(|| s.number(at, List::AfterHour)).flatten()
}

/// An hour to which minutes are counted: "midnight", "6 pm".
fn full_hour(s: &Sentence, at: usize) -> Found<i64> {
    named_hour(s, at).or_else(|| hour(s, at).map(|(hour, to)| half(s, hour * 3600, to)))
}

/// An hour as a number.
fn hour(s: &Sentence, at: usize) -> Found<i64> {
    amount(s, at)
        .filter(|f| (0.0..=24.0).contains(&f.0) && f.0 == f.0.trunc())
        .map(|(n, to)| (n as i64 % 24, to))
}

/// A time that may also be a bare number. Minutes in words belong to its hour where it is `said` that it is one.
pub fn loose_time(s: &Sentence, at: usize, said: bool) -> Found<i64> {
    if let Some(found) = named_hour(s, at) {
        return Some(found);
    }
    // "17:30", "5.30 pm", "17h30"
    if let (Some(h), Some(m)) = (s.whole(at), s.whole(at + 2))
        && matches!(s.word(at + 1), ":" | "." | "h")
        && s.joined(at + 1)
        && s.joined(at + 2)
        && (0..24).contains(&h)
        && (0..60).contains(&m)
        && s.word(at + 2).len() == 2
    {
        let plain = s.word(at + 1) != ".";
        let seconds = (s.word(at + 3) == ":" && s.joined(at + 3)).then(|| s.whole(at + 4)).flatten();
        let to = if seconds.is_some() { at + 5 } else { at + 3 };
        let second = h * 3600 + m * 60 + seconds.filter(|n| *n < 60).unwrap_or(0);
        let (second, end) = half(s, second, to);
        // "um 19.30", "19.30" when that is all, not "about 2.50", "by 15.10.2026"
        let is_time = || {
            s.is_all(at, to) || matches!(s.word(at.wrapping_sub(1)), "at" | "um" | "om") && !is_counted(s, to)
        };
        return (plain || end > to || is_time()).then_some((second, end));
    }
    let (hour, mut to) = hour(s, at)?;
    let mut second = hour * 3600;
    if let Some(next) = s.past(to, List::Clock) {
        to = next;
        // "17 Uhr 30", not "um 17 Uhr 4 Personen" nor "um 17 Uhr einen Tisch".
        let is_said = |n: f64| s.whole(to).map_or(n >= 5.0, |_| s.word(to).len() == 2);
        if let Some((minutes, end)) =
            amount(s, to).filter(|f| (1.0..60.0).contains(&f.0) && OTHERS && !s.words.english && is_said(f.0))
        {
            second += 60 * minutes as i64;
            to = end;
        }
    }
    if let Some((minutes, next)) = after_hour(s, to) {
        second = (second + minutes * 60).rem_euclid(DAY);
        to = next;
    } else if said && let Some((minutes, next)) = minutes(s, at, to) {
        second = (second + minutes * 60).rem_euclid(DAY);
        to = next;
    }
    let (second, to) = half(s, second, to);
    Some((second, to))
}

/// After an hour at `hour`: "five thirty", "las ocho y diez", "huit heures moins dix"; not "um 8 und 20 Personen", "at seven
/// twelve people", "at 8 o'clock twenty people".
fn minutes(s: &Sentence, hour: usize, at: usize) -> Found<i64> {
    let is_english = !OTHERS || s.words.english;
    let is_more = ROMANCE && !is_english && s.word(at) == "y";
    // "five-thirty"
    let is_joined = s.word(at) == "-" && s.joined(at);
    let (minutes, to) = amount(s, at + usize::from(is_more || is_joined))?;
    let fits = if is_english {
        let in_words = s.whole(hour).or(s.whole(at)).is_none() && at == hour + 1;
        in_words && (10.0..60.0).contains(&minutes) && minutes as i64 % 5 == 0
    } else if is_more {
        (5.0..60.0).contains(&minutes)
    } else {
        s.word(at) == s.words.minus && (-59.0..0.0).contains(&minutes)
    };
    fits.then_some((minutes as i64, to))
}

/// The first hour of the night.
const NIGHT: i64 = 18;

/// A time in a part of the day that begins at an hour: "8" and "12" in the evening, which has midnight and the hours after it.
pub fn at_part(second: i64, hour: i64) -> i64 {
    let is_twelve = (NOON..NOON + 3600).contains(&second);
    if hour >= 16 && (is_twelve || second < 4 * 3600) {
        second % NOON + DAY
    } else if hour >= 12 && second < NOON {
        second + NOON
    } else {
        second
    }
}

/// Reads "pm" and the like after a time.
fn half(s: &Sentence, second: i64, mut at: usize) -> (i64, usize) {
    if let Some(next) = s.past(at, List::Clock) {
        at = next;
    }
    match s.lookup(at, List::Halves) {
        Some(("night", to)) => (at_part(second, NIGHT) % DAY, to),
        Some(("after", to)) if second < NOON => (second + NOON, to),
        // "halb eins mittags", not "11:30 Uhr mittags"
        Some(("noon", to)) if GERMANIC && second < NOON / 2 => (second + NOON, to),
        Some(("before", to)) if (NOON..NOON + 3600).contains(&second) => (second - NOON, to),
        Some((_, to)) => (second, to),
        None => (second, at),
    }
}
