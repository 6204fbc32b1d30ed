//! Days and times as values, and periods of them.

use super::{
    Found, GERMANIC, OTHERS, ROMANCE, Sentence,
    days::{ahead, coming, day, later, later_or_earlier, month, month_day, part_of_weekday, relative, skip},
    hours::{NOON, at_part, loose_time, time_of_day},
    index::List,
    numbers::{amount, ordinal_number},
    quantities::length,
    words::Unit,
};
use crate::entity::calendar::{Clock, Date};
use crate::json::{Value, object};

/// A day, at noon in the speaker's zone. A number is one, "15" or "fifteen", when that is all.
pub fn date(s: &Sentence, at: usize) -> Found<Value> {
    let alone = || {
        let in_words = || {
            let (number, to) = amount(s, skip(s, at))?;
            Some((number as u32, to)).filter(|whole| f64::from(whole.0) == number)
        };
        let (number, to) = bare_day(s, at).or_else(in_words).filter(|found| s.is_all(at, found.1))?;
        // The point ends the sentence: without it the number may as well be another's.
        Some((coming(s.today, number, None)?, to - usize::from(s.word(to - 1) == ".")))
    };
    day(s, at).or_else(alone).map(|(d, to)| (Value::from(s.clock.stamp(d, NOON)), to))
}

/// A time of day; the coming one.
pub fn time(s: &Sentence, at: usize) -> Found<Value> {
    // "in an hour"; "now" and "right now" when that is all
    let start = at - usize::from(s.word(at.wrapping_sub(1)) == "right");
    if let Some(((day, second), to)) =
        from_now(s, at).filter(|found| found.1 > at + 1 || s.is_all(start, found.1))
    {
        return Some((Value::from(s.clock.stamp(day, second)), to));
    }
    let (second, to) = in_part(s, at).or_else(|| time_of_day(s, at))?;
    let passed = second <= s.clock.second_of_day();
    let day = s.today.plus_days(i64::from(passed));
    Some((Value::from(s.clock.stamp(day, second)), to))
}

/// "this evening at 8", "abends um 8", "8 tonight": a time and the part of the day that it is in.
fn in_part(s: &Sentence, at: usize) -> Found<i64> {
    if let Some(((from, _), to)) = part_of_day(s, s.past(at, List::This).unwrap_or(at)) {
        let (t, end) = time_of_day(s, skip(s, to)).filter(|_| s.word(to) != ",")?;
        let says = (to..end).any(|at| s.past(at, List::Halves).is_some());
        return Some((if says { t } else { at_part(t, from) }, end));
    }
    // "8 tonight", not "for 2 tonight", "we are 4 tonight"
    let hour = || {
        loose_time(s, at, false).filter(|found| s.word(at.wrapping_sub(1)) != "for" && found.0 >= 5 * 3600)
    };
    let (t, to) = time_of_day(s, at).or_else(hour)?;
    let ((from, _), end) = part_of_day(s, s.past(to, List::This).unwrap_or(to))?;
    Some((at_part(t, from), end))
}

/// Whether a time ends with a bare hour of a clock's face: it says no half of the day.
fn is_bare(s: &Sentence, end: usize) -> bool {
    let is_hour = amount(s, end - 1).is_some_and(|found| found.1 == end && (1.0..=12.0).contains(&found.0));
    is_hour && !matches!(s.word(end.wrapping_sub(2)), ":" | "." | "h")
}

/// "now", "in two hours", "in half a day": a second of a day.
fn from_now(s: &Sentence, at: usize) -> Found<(Date, i64)> {
    let is_now =
        s.word(at) == "now" || OTHERS && matches!(s.word(at), "jetzt" | "maintenant" | "ahora" | "nu");
    let ((n, unit), to) = if is_now { ((0.0, Unit::Second), at + 1) } else { ahead(s, at)? };
    if unit > Unit::Day || unit == Unit::Day && n == n.trunc() {
        return None;
    }
    let seconds = (n * unit.seconds()).clamp(-3e9, 3e9) as i64;
    let then = Clock { now: s.clock.now.saturating_add(seconds), ..s.clock };
    Some(((then.today(), then.second_of_day()), to))
}

/// A day with a time, a day, a time, or a period of either.
pub fn date_time(s: &Sentence, at: usize) -> Found<Value> {
    if let Some(((d, t), to)) = from_now(s, at) {
        return Some((stamped(s, d, t), to));
    }
    if let Some((d, to)) = day(s, at) {
        let part = part_around(s, to);
        let after = part.map_or(to, |part| part.1);
        let time = at_once(s, skip(s, after)).or_else(|| hours_after(s, after));
        if let Some((times, end)) = time {
            return Some((moment(s, d, times, part, end), end));
        }
        if let Some(((from, until), end)) = part {
            let (from, until) = (from * 3600, until * 3600);
            // "Freitagmittag"
            let is_moment = GERMANIC && from == until;
            let value =
                if is_moment { stamped(s, d, from) } else { period(s, d, from, d, until, "DateTime") };
            return Some((value, end));
        }
        return date_period(s, at).filter(|period| period.1 >= to).or_else(|| date(s, at));
    }
    if let Some((times, to)) = times_between(s, at).or_else(|| at_once(s, at))
        && let Some((d, end)) = day(s, to).or_else(|| day(s, skip(s, to)))
    {
        // "from 8 to 10 tonight", "midnight tonight", "at 8 tomorrow evening"
        let part = part_around(s, end);
        return Some((moment(s, d, times, part, to), part.map_or(end, |part| part.1)));
    }
    if let Some((t, to)) = in_part(s, at) {
        return Some((stamped(s, s.today, t), to));
    }
    date_period(s, at).or_else(|| time_period(s, at)).or_else(|| time(s, at))
}

/// A time as the times of which it is the first and the last.
fn at_once(s: &Sentence, at: usize) -> Found<(i64, i64)> {
    time_of_day(s, at).map(|(t, to)| ((t, t), to))
}

/// Times of a day up to `end`, in the part of it that is said: "tonight at 8". "Today at 5", said in the morning, is in the
/// afternoon.
fn moment(s: &Sentence, day: Date, times: (i64, i64), part: Found<(i64, i64)>, end: usize) -> Value {
    let is_over = || day == s.today && times.1 < NOON && times.1 < s.clock.second_of_day() && is_bare(s, end);
    let from = part.map_or_else(|| if is_over() { 12 } else { 0 }, |part| part.0.0);
    let hours = both_at(times, from);
    if times.0 == times.1 { stamped(s, day, hours.0) } else { on_day(s, day, hours, "DateTime") }
}

fn stamped(s: &Sentence, day: Date, second: i64) -> Value {
    object([("date_time", s.clock.stamp(day, second).into())])
}

/// `{"startDate": …, "endDate": …}`
pub fn date_period(s: &Sentence, at: usize) -> Found<Value> {
    let from = s.past(at, List::From).unwrap_or(at);
    if let Some((first, last, end)) = days_between(s, from, from > at)
        && first <= last
    {
        return Some((period(s, first, NOON, last, NOON, "Date"), end));
    }
    let today = s.today;
    let start = skip(s, at);
    if let Some((step, next)) = relative(s, start) {
        if let Some(found) = weekend(s, next, step) {
            return Some(found);
        }
        let (first, last, end) = if let Some((unit, end)) = s.unit(next) {
            let (first, last) = whole(today, unit, step)?;
            (first, last, end)
        } else if let Some(((n, unit), end)) = length(s, next).filter(|_| step != 0) {
            // "the last 3 days"
            let other = later(today, n * step as f64, unit)?;
            (today.min(other), today.max(other), end)
        } else {
            return whole_month(s, start);
        };
        return Some((period(s, first, NOON, last, NOON, "Date"), end));
    }
    // "la semaine prochaine"
    if let Some((unit, next)) = s.unit(start) {
        let (step, after) = later_or_earlier(s, next)?;
        let (first, last) = whole(today, unit, step)?;
        return Some((period(s, first, NOON, last, NOON, "Date"), after));
    }
    weekend(s, start, 0).or_else(|| whole_month(s, start))
}

/// The weekend of the week that is `step` from now.
fn weekend(s: &Sentence, at: usize, step: i64) -> Found<Value> {
    let end = s.past(at, List::Weekend)?;
    // "el fin de semana pasado"
    let (step, end) = later_or_earlier(s, end).filter(|_| ROMANCE).unwrap_or((step, end));
    let (_, sunday) = whole(s.today, Unit::Week, step)?;
    Some((period(s, sunday.plus_days(-1), NOON, sunday, NOON, "Date"), end))
}

/// Two days with a "to" between them.
fn days_between(s: &Sentence, at: usize, is_from: bool) -> Option<(Date, Date, usize)> {
    // "the 3rd to the 5th of June", "from the 30th to the 2nd"
    if let Some((number, to)) = bare_day(s, at)
        && let Some((last, end)) = s.past(to, List::To).and_then(|next| month_day(s, next, None))
    {
        let first = Date::new(last.year, last.month, number)?;
        return Some((first.plus_months(-i64::from(is_from && first > last)), last, end));
    }
    let (first, to) = day(s, at)?;
    let next = s.past(to, List::To)?;
    let Some((mut last, end)) = day(s, next) else {
        // "June 3 to 5", not "tomorrow and 20 people"
        let (number, end) = month_day(s, at, None).and_then(|_| bare_day(s, next))?;
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

/// From one second of a day to another, "from 2 to 4 pm".
fn times_between(s: &Sentence, at: usize) -> Found<(i64, i64)> {
    let from = s.past(at, List::From);
    // "entre las 8 y las 10"
    let start = from.map(|from| s.past(from, List::At).filter(|_| ROMANCE).unwrap_or(from));
    let start = start.unwrap_or(at);
    if let Some((first, to)) = time_of_day(s, start).or_else(|| loose_time(s, start, false))
        && let Some(next) = s.past(to, List::To)
        && let Some((last, end)) =
            time_of_day(s, next).or_else(|| from.and_then(|_| loose_time(s, next, false)))
    {
        // "from 2 to 4 pm": the half of the day is said once.
        let first = if first < NOON && last > NOON && first + NOON < last { first + NOON } else { first };
        // "from 9 to 5", "from 7 pm to 9", not "from 10 pm to 2"
        let is_evening = || last + NOON > first && s.past(to - 1, List::Halves).is_some();
        let is_after = last <= first && last < NOON && is_bare(s, end) && (first <= NOON || is_evening());
        return Some(((first, if is_after { last + NOON } else { last }), end));
    }
    None
}

/// The same behind a day, with words between that say nothing.
pub fn hours_after(s: &Sentence, at: usize) -> Found<(i64, i64)> {
    times_between(s, at).or_else(|| times_between(s, skip(s, at)))
}

fn both_at((first, last): (i64, i64), part: i64) -> (i64, i64) {
    let (first, last) = (at_part(first, part), at_part(last, part));
    // "tonight from 10 to 2"
    let is_night = part >= 16 && NOON < last && last < first;
    (first, if is_night { last - NOON } else { last })
}

/// A time and a later one, which may be of the day after.
fn on_day(s: &Sentence, day: Date, (first, last): (i64, i64), kind: &str) -> Value {
    period(s, day, first, day.plus_days(i64::from(last <= first)), last, kind)
}

/// `{"startTime": …, "endTime": …}`
pub fn time_period(s: &Sentence, at: usize) -> Found<Value> {
    let today = s.today;
    if let Some((times, to)) = times_between(s, at) {
        let (part, end) = part_of_day(s, to).map_or((0, to), |part| (part.0.0, part.1));
        return Some((on_day(s, today, both_at(times, part), "Time"), end));
    }
    let start = skip(s, at);
    let this = s.past(start, List::This).unwrap_or(start);
    let ((from, until), end) = part_of_day(s, this).filter(|part| !GERMANIC || part.0.0 < part.0.1)?;
    if let Some((times, to)) = hours_after(s, end) {
        return Some((on_day(s, today, both_at(times, from), "Time"), to));
    }
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

/// A month, with its year if that is said.
fn whole_month(s: &Sentence, at: usize) -> Found<Value> {
    let ((first, _), mut end) = month(s, at)?;
    // "May I", "it may"
    if s.word(at) == "may"
        && [end, at.wrapping_sub(1)].into_iter().any(|at| matches!(s.word(at), "i" | "we" | "you" | "it"))
    {
        return None;
    }
    // "sept personnes"
    if ROMANCE && s.word(at) == "sept" && s.word(end) != "." {
        return None;
    }
    let mut last = first;
    // "June to August"
    if let Some(next) = s.past(end, List::To)
        && let Some(((until, _), to)) = month(s, next)
    {
        (last, end) = (if until < first { until.plus_months(12) } else { until }, to);
    }
    Some((period(s, first, NOON, last.plus_months(1).plus_days(-1), NOON, "Date"), end))
}

/// The part of the day that a day says itself, "tonight", "heute Abend", not "morgen"; or that follows it.
fn part_around(s: &Sentence, to: usize) -> Found<(i64, i64)> {
    let says = |_: &((i64, i64), usize)| !OTHERS || !matches!(s.word(to - 1), "morgen" | "manana");
    part_of_day(s, to - 1).filter(says).or_else(|| part_of_day(s, to))
}

fn part_of_day(s: &Sentence, at: usize) -> Found<(i64, i64)> {
    // "Good evening"
    let before = s.word(at.wrapping_sub(1));
    if matches!(before, "good") || OTHERS && matches!(before, "guten" | "gute" | "goede" | "buena" | "bonne")
    {
        return None;
    }
    let (hours, to) = match s.number(skip(s, at), List::Parts) {
        None if GERMANIC => (part_of_weekday(s, at)?.1, at + 1),
        found => found?,
    };
    Some(((hours / 100, hours % 100), to))
}
