//! Days, times, and periods of them.

use super::{
    Found, OTHERS, Sentence, index::List, numbers::amount, numbers::ordinal_number, quantities::span,
    words::Unit, words::entries,
};
use crate::entity::calendar::{DAY, Date};
use crate::json::{Value, object};
use crate::language::Kind;
use crate::text;

const NOON: i64 = 43_200;
const MOST_FILLERS: usize = 4;

/// A day, at noon in the speaker's zone.
pub fn date(s: &Sentence, at: usize) -> Found<Value> {
    day(s, at).map(|(d, to)| (Value::from(s.clock.stamp(d, NOON)), to))
}

/// A time of day; the coming one.
pub fn time(s: &Sentence, at: usize) -> Found<Value> {
    let (second, to) = time_of_day(s, at)?;
    let passed = second <= s.clock.second_of_day();
    let day = s.today.plus_days(i64::from(passed));
    Some((Value::from(s.clock.stamp(day, second)), to))
}

/// A day with a time, a day, a time, or a period of either.
pub fn date_time(s: &Sentence, at: usize) -> Found<Value> {
    let both = |d: Date, t: i64, to: usize| Some((object([("date_time", s.clock.stamp(d, t).into())]), to));
    if s.word(at) == "now" || OTHERS && matches!(s.word(at), "jetzt" | "maintenant" | "ahora" | "nu") {
        return both(s.today, s.clock.second_of_day(), at + 1);
    }
    if let Some((d, to)) = day(s, at) {
        // "tonight", "heute Abend": a day that says its part, not "morgen"; or the part follows.
        let is_late =
            |part: &((i64, i64), usize)| part.0.0 >= 12 || OTHERS && part_of_weekday(s, to - 1).is_some();
        let part = part_of_day(s, to - 1).filter(is_late).or_else(|| part_of_day(s, to));
        let after = part.map_or(to, |part| part.1);
        if let Some((t, end)) = time_of_day(s, skip(s, after)) {
            // "tonight at 8"
            let is_later = t < NOON && part.as_ref().is_some_and(is_late);
            return both(d, if is_later { t + NOON } else { t }, end);
        }
        if let Some(((from, until), end)) = part {
            return Some((period(s, d, from * 3600, d, until * 3600, "DateTime"), end));
        }
    }
    if let Some((t, to)) = time_of_day(s, at)
        && let Some((d, end)) = day(s, skip(s, to))
    {
        return both(d, t, end);
    }
    if let Some(((n, unit), to)) = ahead(s, at)
        && matches!(unit, Unit::Second | Unit::Minute | Unit::Hour)
    {
        let seconds = n * if unit == Unit::Hour {
            3600.0
        } else if unit == Unit::Minute {
            60.0
        } else {
            1.0
        };
        let local = s.today.days() * DAY + s.clock.second_of_day() + seconds.clamp(-3e9, 3e9) as i64;
        return both(Date::from_days(local.div_euclid(DAY)), local.rem_euclid(DAY), to);
    }
    date_period(s, at).or_else(|| date(s, at)).or_else(|| time_period(s, at)).or_else(|| time(s, at))
}

/// `{"startDate": …, "endDate": …}`
pub fn date_period(s: &Sentence, at: usize) -> Found<Value> {
    let from = s.past(at, List::From).unwrap_or(at);
    if let Some((first, last, end)) = days_between(s, from)
        && first <= last
    {
        return Some((period(s, first, NOON, last, NOON, "Date"), end));
    }
    let today = s.today;
    let start = skip(s, at);
    if let Some((step, next)) = relative(s, start) {
        let weekend = s.past(next, List::Weekend);
        let (first, last, end) = match (s.unit(next), weekend) {
            (_, Some(end)) => {
                let saturday = today
                    .plus_days(i64::from(6 - today.weekday()) + 7 * step.max(0) - 7 * i64::from(step < 0));
                (saturday, saturday.plus_days(1), end)
            }
            (Some((unit, end)), None) => {
                let (first, last) = whole(today, unit, step)?;
                (first, last, end)
            }
            _ => return month(s, start),
        };
        return Some((period(s, first, NOON, last, NOON, "Date"), end));
    }
    // "la semaine prochaine"
    if let Some((unit, next)) = s.unit(start) {
        let (step, after) = later_or_earlier(s, next)?;
        let (first, last) = whole(today, unit, step)?;
        return Some((period(s, first, NOON, last, NOON, "Date"), after));
    }
    if let Some(end) = s.past(start, List::Weekend) {
        let saturday = today.plus_days(i64::from(6 - today.weekday()));
        return Some((period(s, saturday, NOON, saturday.plus_days(1), NOON, "Date"), end));
    }
    month(s, start)
}

/// Two days with a "to" between them.
fn days_between(s: &Sentence, at: usize) -> Option<(Date, Date, usize)> {
    let Some((first, to)) = day(s, at) else {
        // "the 3rd to the 5th of June"
        let (number, to) = bare_day(s, at)?;
        let (last, end) = month_day(s, s.past(to, List::To)?, s.today)?;
        return Date::new(last.year, last.month, number).map(|first| (first, last, end));
    };
    let next = s.past(to, List::To)?;
    let Some((mut last, end)) = day(s, next) else {
        // "June 3 to 5", not "tomorrow and 20 people"
        let (number, end) = month_day(s, at, s.today).and_then(|_| bare_day(s, next))?;
        return Date::new(first.year, first.month, number).map(|last| (first, last, end));
    };
    if last < first && s.number(skip(s, next), List::Weekdays).is_some() {
        last = last.plus_days(7); // "Monday to Friday", said on a Wednesday
    }
    // "May 10 to May 20", said in between: the first is taken for that of next year.
    let first = if first.year > last.year { first.plus_months(-12) } else { first };
    Some((first, last, end))
}

/// The number of a day alone: "the 3rd", "3".
fn bare_day(s: &Sentence, at: usize) -> Found<u32> {
    let at = skip(s, at);
    let (number, to) = ordinal_number(s, at).or_else(|| Some((s.whole(at)? as f64, at + 1)))?;
    Some((number as u32, to))
}

/// `{"startTime": …, "endTime": …}`
pub fn time_period(s: &Sentence, at: usize) -> Found<Value> {
    let today = s.today;
    let from = s.past(at, List::From);
    if let Some((first, to)) = loose_time(s, from.unwrap_or(at))
        && let Some(next) = s.past(to, List::To)
        && let Some((last, end)) = time_of_day(s, next).or_else(|| from.and_then(|_| loose_time(s, next)))
    {
        // "from 2 to 4 pm": the half of the day is said once.
        let first = if first < NOON && last > NOON && first + NOON < last { first + NOON } else { first };
        let until = if last > first { today } else { today.plus_days(1) };
        return Some((period(s, today, first, until, last, "Time"), end));
    }
    let start = skip(s, at);
    let this = s.past(start, List::This).unwrap_or(start);
    let ((from, until), end) = part_of_day(s, this)?;
    Some((period(s, today, from * 3600, today, until * 3600, "Time"), end))
}

fn period(s: &Sentence, first: Date, from: i64, last: Date, until: i64, kind: &str) -> Value {
    let (start, end) = (String::from("start") + kind, String::from("end") + kind);
    object([(&start, s.clock.stamp(first, from).into()), (&end, s.clock.stamp(last, until).into())])
}

/// The whole day, week, month or year that is `step` from now; weeks begin on Monday.
fn whole(today: Date, unit: Unit, step: i64) -> Option<(Date, Date)> {
    Some(match unit {
        Unit::Week => {
            let monday = today.plus_days(-i64::from((today.weekday() + 6) % 7) + 7 * step);
            (monday, monday.plus_days(6))
        }
        Unit::Month => {
            let first = Date { day: 1, ..today }.plus_months(step);
            (first, first.plus_months(1).plus_days(-1))
        }
        Unit::Year => {
            let year = today.year + step as i32;
            (Date { year, month: 1, day: 1 }, Date { year, month: 12, day: 31 })
        }
        _ => return None,
    })
}

fn month_name(s: &Sentence, at: usize) -> Found<u32> {
    s.number(at, List::Months).map(|(month, to)| (month as u32, to))
}

/// A month, with its year if that is said.
fn month(s: &Sentence, at: usize) -> Found<Value> {
    let (month, to) = month_name(s, at)?;
    let today = s.today;
    let (year, end) = year(s, to).unwrap_or((today.year + i32::from(month < today.month), to));
    let first = Date::new(year, month, 1)?;
    Some((period(s, first, NOON, first.plus_months(1).plus_days(-1), NOON, "Date"), end))
}

/// 1 or −1 where it is said after the noun.
fn later_or_earlier(s: &Sentence, at: usize) -> Found<i64> {
    let later = s.past(at, List::NextAfter).map(|to| (1, to));
    later.or_else(|| s.past(at, List::LastAfter).map(|to| (-1, to)))
}

/// The token after words that say nothing. A sentence of nothing else is not walked through at every token.
fn skip(s: &Sentence, mut at: usize) -> usize {
    for _ in 0..MOST_FILLERS {
        match s.past(at, List::Fillers) {
            Some(to) => at = to,
            None => break,
        }
    }
    at
}

fn part_of_day(s: &Sentence, at: usize) -> Found<(i64, i64)> {
    let (hours, to) = match s.number(skip(s, at), List::Parts) {
        None if OTHERS => (part_of_weekday(s, at)?.1, at + 1),
        found => found?,
    };
    Some(((hours / 100, hours % 100), to))
}

/// "Freitagabend": the day, and the part of it.
fn part_of_weekday(s: &Sentence, at: usize) -> Option<(i64, i64)> {
    let word = s.word(at);
    let mut days = entries(s.words.weekdays).filter(|_| s.words.compounds);
    days.find_map(|(name, day)| {
        let part = s.number_of(List::Parts, word.strip_prefix(name)?)?;
        Some((text::whole(day)?, part as i64))
    })
}

/// "Guten Morgen", "por la mañana": the word for tomorrow, where it is the morning.
fn is_morning(s: &Sentence, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| OTHERS) else { return false };
    s.number(at, List::Parts).is_some()
        && (matches!(s.word(before), "guten" | "goede" | "am" | "la")
            || s.number(before, List::Weekdays).is_some())
}

/// Next 1, this 0, last −1.
fn relative(s: &Sentence, at: usize) -> Found<i64> {
    let of = |words: List, step: i64| s.past(at, words).map(|to| (step, to));
    of(List::Next, 1).or_else(|| of(List::Last, -1)).or_else(|| of(List::This, 0))
}

/// A length of time from now: "in two weeks", "three days ago".
fn ahead(s: &Sentence, at: usize) -> Found<(f64, Unit)> {
    if let Some(next) = s.past(at, List::Within)
        && let Some(found) = span(s, next)
    {
        return Some(found);
    }
    if let Some(next) = s.past(at, List::AgoBefore) {
        return span(s, next).map(|((n, unit), to)| ((-n, unit), to));
    }
    let ((n, unit), to) = span(s, at)?;
    if let Some(end) = s.past(to, List::AgoAfter) {
        return Some(((-n, unit), end));
    }
    s.phrase(to, "from now").map(|end| ((n, unit), end))
}

fn year(s: &Sentence, at: usize) -> Found<i32> {
    let at = skip(s, at);
    let number = s.whole(at)?;
    ((1900..2200).contains(&number) && s.word(at).len() == 4).then_some((number as i32, at + 1))
}

/// A day, however it is said.
fn day(s: &Sentence, at: usize) -> Found<Date> {
    let today = s.today;
    if let Some(found) = in_digits(s, skip(s, at)) {
        return Some(found);
    }
    if let Some((offset, to)) = s.number(at, List::Days)
        && !is_morning(s, at)
    {
        return Some((today.plus_days(offset), to));
    }
    if let Some(((n, unit), to)) = ahead(s, at) {
        let n = n.clamp(-1e6, 1e6) as i64;
        let date = match unit {
            Unit::Day => today.plus_days(n),
            Unit::Week => today.plus_days(7 * n),
            Unit::Month => today.plus_months(n),
            Unit::Year => today.plus_months(12 * n),
            _ => return None,
        };
        return Some((date, to));
    }
    if let Some(found) = weekday(s, at, today) {
        return Some(found);
    }
    month_day(s, at, today)
}

fn weekday(s: &Sentence, at: usize, today: Date) -> Found<Date> {
    let start = s.past(at, List::Fillers).unwrap_or(at);
    let (step, next) = relative(s, start).map_or((None, start), |(step, to)| (Some(step), to));
    let (wanted, mut to) = match s.number(next, List::Weekdays) {
        None if OTHERS => (part_of_weekday(s, next)?.0, next + 1),
        found => found?,
    };
    let mut step = step;
    if let Some((value, end)) = later_or_earlier(s, to) {
        (step, to) = (Some(value), end);
    }
    let ahead = (7 + wanted - i64::from(today.weekday())) % 7;
    let offset = match step {
        Some(-1) => ahead - 7,
        Some(1) if ahead == 0 => 7,
        // "next Friday" is the one of next week.
        Some(1) => {
            let of_week = |day: i64| (day + 6) % 7;
            of_week(wanted) - of_week(i64::from(today.weekday())) + 7
        }
        _ => ahead,
    };
    let date = today.plus_days(offset);
    // "Friday the 13th", "Friday, 3 May": the date rules, if there is one.
    let next = skip(s, to);
    if let Some((date, end)) = in_digits(s, next).or_else(|| month_day(s, next, today)) {
        return Some((date, end));
    }
    Some((date, to))
}

/// "3 May", "May 3rd 2024", "the 3rd of May", "on the 13th".
fn month_day(s: &Sentence, at: usize, today: Date) -> Found<Date> {
    let start = skip(s, at);
    let number =
        |at: usize| ordinal_number(s, at).map(|f| (f, true)).or_else(|| amount(s, at).map(|f| (f, false)));
    let fits = |n: f64| (1.0..=31.0).contains(&n) && n == n.trunc();
    let (month, day, ordinal, mut to) = if let Some((month, to)) = month_name(s, start) {
        let ((n, to), _) = number(skip(s, to)).filter(|f| fits(f.0.0))?;
        (Some(month), n as u32, true, to)
    } else {
        let ((n, to), ordinal) = number(start).filter(|f| fits(f.0.0))?;
        match month_name(s, skip(s, to)) {
            Some((month, to)) => (Some(month), n as u32, ordinal, to),
            None => (None, n as u32, ordinal, to),
        }
    };
    let Some(month) = month else {
        let ordinal = ordinal || OTHERS && is_day_alone(s, start, to);
        // A bare ordinal is a day only after "the" or "on".
        if !ordinal || start == at || s.joined(to) && s.whole(to).is_some() {
            return None;
        }
        let this = Date::new(today.year, today.month, day).filter(|d| *d >= today);
        let next = || {
            (1..12).find_map(|m| {
                let month = Date { day: 1, ..today }.plus_months(m);
                Date::new(month.year, month.month, day)
            })
        };
        return this.or_else(next).map(|d| (d, to));
    };
    if let Some((year, end)) = year(s, to) {
        to = end;
        return Date::new(year, month, day).map(|d| (d, to));
    }
    // The coming one; the 29th of February waits for a leap year.
    (0..8).filter_map(|y| Date::new(today.year + y, month, day)).find(|d| *d >= today).map(|d| (d, to))
}

/// "le 15", "el 15": with nothing behind it that it could count.
fn is_day_alone(s: &Sentence, at: usize, to: usize) -> bool {
    let counts =
        || s.tokens.get(to).is_some_and(|t| t.kind == Kind::Letters) && s.past(to, List::At).is_none();
    at > 0 && matches!(s.word(at - 1), "le" | "el") && !counts()
}

/// "2024-05-03", "5/3/2024" (month first in English, day first elsewhere), "3.5.2024".
fn in_digits(s: &Sentence, at: usize) -> Found<Date> {
    let part = |at: usize| s.whole(at).filter(|_| s.word(at).len() <= 4).map(|part| part as i32);
    let (a, b) = (part(at)?, part(at + 2)?);
    let sign = s.word(at + 1);
    if !matches!(sign, "-" | "/" | ".") || !s.joined(at + 1) || !s.joined(at + 2) {
        return None;
    }
    let c = (s.word(at + 3) == sign && s.joined(at + 3)).then(|| part(at + 4)).flatten();
    let long = |y: i32| if y < 100 { 2000 + y } else { y };
    match c {
        Some(c) if s.word(at).len() == 4 => Date::new(a, b as u32, c as u32).map(|d| (d, at + 5)),
        Some(c) => {
            let month_first = s.words.decimal == "." && sign != ".";
            let (month, day) = if month_first { (a, b) } else { (b, a) };
            let date = Date::new(long(c), month as u32, day as u32)
                .or_else(|| Date::new(long(c), day as u32, month as u32));
            date.map(|d| (d, at + 5))
        }
        // "3.6." is German for "3/6".
        None if sign == "/"
            || OTHERS
                && sign == "."
                && s.words.decimal == ","
                && s.word(at + 3) == "."
                && s.joined(at + 3) =>
        {
            let today = s.today;
            let (month, day) = if s.words.decimal == "." { (a, b) } else { (b, a) };
            (0..8)
                .filter_map(|y| Date::new(today.year + y, month as u32, day as u32))
                .find(|d| *d >= today)
                .map(|d| (d, at + 3 + usize::from(sign == ".")))
        }
        None => None,
    }
}

/// A time that says that it is one: "5 pm", "17:30", "at 5", "noon", "half past two".
fn time_of_day(s: &Sentence, at: usize) -> Found<i64> {
    let said = s.past(at, List::At);
    let start = said.unwrap_or(at);
    if let Some(found) = named_hour(s, start) {
        return Some(found);
    }
    if let Some((minutes, next)) = s.number(start, List::Past)
        && let Some((hour, to)) = hour(s, next)
    {
        let (second, to) = half(s, hour * 3600, to);
        return Some(((second + minutes * 60).rem_euclid(DAY), to));
    }
    if let Some(next) = s.past(start, List::HalfTo)
        && let Some((hour, to)) = hour(s, next)
    {
        let (second, to) = half(s, hour * 3600, to);
        return Some(((second - 1800).rem_euclid(DAY), to));
    }
    // "ten past five"
    if let Some((minutes, next)) = amount(s, start).filter(|f| (1.0..60.0).contains(&f.0))
        && let Some(sign) = match s.word(next) {
            "past" | "after" | "nach" | "over" => Some(1),
            "to" | "vor" | "voor" => Some(-1),
            _ => None,
        }
        && let Some((hour, to)) = hour(s, next + 1)
        && (said.is_some() || s.past(next, List::To).is_none())
    {
        let (second, to) = half(s, hour * 3600, to);
        return Some(((second + sign * 60 * minutes as i64).rem_euclid(DAY), to));
    }
    let (second, to) = loose_time(s, start)?;
    let bare = hour(s, start).is_some_and(|h| h.1 == to);
    (!bare || said.is_some()).then_some((second, to))
}

/// "noon", "midi et quart".
fn named_hour(s: &Sentence, at: usize) -> Found<i64> {
    let (second, to) = s.number(at, List::Hours)?;
    let after = OTHERS.then(|| s.number(to, List::AfterHour)).flatten();
    Some(after.map_or((second, to), |(minutes, to)| ((second + minutes * 60).rem_euclid(DAY), to)))
}

/// An hour as a number.
fn hour(s: &Sentence, at: usize) -> Found<i64> {
    amount(s, at)
        .filter(|f| (0.0..=24.0).contains(&f.0) && f.0 == f.0.trunc())
        .map(|(n, to)| (n as i64 % 24, to))
}

/// A time that may also be a bare number.
fn loose_time(s: &Sentence, at: usize) -> Found<i64> {
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
        return (plain || end > to).then_some((second, end));
    }
    let (hour, mut to) = hour(s, at)?;
    let mut second = hour * 3600;
    if let Some(next) = s.past(to, List::Clock) {
        to = next;
        // "17 Uhr 30", not "um 17 Uhr 4 Personen" nor "um 17 Uhr einen Tisch".
        let is_said = |n: f64| s.whole(to).map_or(n >= 5.0, |_| s.word(to).len() == 2);
        if let Some((minutes, end)) = amount(s, to)
            .filter(|f| (1.0..60.0).contains(&f.0) && OTHERS && s.words.decimal == "," && is_said(f.0))
        {
            second += 60 * minutes as i64;
            to = end;
        }
    }
    if let Some((minutes, next)) = s.number(to, List::AfterHour) {
        second = (second + minutes * 60).rem_euclid(DAY);
        to = next;
    } else if let Some((minutes, next)) = minutes_with_sign(s, to) {
        second = (second + minutes * 60).rem_euclid(DAY);
        to = next;
    }
    let (second, to) = half(s, second, to);
    Some((second, to))
}

/// "las ocho y diez", "huit heures moins dix": not "um 8 und 20 Personen".
fn minutes_with_sign(s: &Sentence, at: usize) -> Found<i64> {
    let is_more = s.word(at) == "y";
    if !OTHERS || !is_more && s.word(at) != s.words.minus || s.words.decimal != "," {
        return None;
    }
    let (minutes, to) = amount(s, at + usize::from(is_more))?;
    let fits = if is_more { (5.0..60.0).contains(&minutes) } else { minutes > -60.0 && minutes < 0.0 };
    fits.then_some((minutes as i64, to))
}

/// Reads "pm" and the like after a time.
fn half(s: &Sentence, second: i64, mut at: usize) -> (i64, usize) {
    if let Some(next) = s.past(at, List::Clock) {
        at = next;
    }
    match s.lookup(at, List::Halves) {
        Some(("after", to)) if second < NOON => (second + NOON, to),
        Some(("before", to)) if (NOON..NOON + 3600).contains(&second) => (second - NOON, to),
        Some((_, to)) => (second, to),
        None => (second, at),
    }
}
