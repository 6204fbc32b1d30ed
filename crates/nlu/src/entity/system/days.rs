//! Days, however they are said: "tomorrow", "next Friday", "the 3rd of May", "24.12.".

use super::{
    Found, GERMANIC, OTHERS, ROMANCE, Sentence,
    index::List,
    moments::hours_after,
    numbers::{amount, ordinal_number},
    quantities::length,
    words::{Unit, entries},
};
use crate::entity::calendar::Date;
use crate::text;

const MOST_FILLERS: usize = 4;

pub fn month_name(s: &Sentence, at: usize) -> Found<u32> {
    let (month, to) = s.number(at, List::Months)?;
    // "Jan. 5"
    let word = s.word(at);
    let is_cut =
        word.len() == 3 && word != "may" && !(OTHERS && matches!(word, "mai" | "mei")) || word == "sept";
    let is_short = is_cut && s.word(to) == "." && s.joined(to) && to == at + 1;
    Some((month as u32, to + usize::from(is_short && to + 1 < s.tokens.len())))
}

/// 1 or −1 where it is said after the noun.
pub fn later_or_earlier(s: &Sentence, at: usize) -> Found<i64> {
    if !ROMANCE {
        return None;
    }
    let later = s.past(at, List::NextAfter).map(|to| (1, to));
    later.or_else(|| s.past(at, List::LastAfter).map(|to| (-1, to)))
}

/// The token after words that say nothing. A sentence of nothing else is not walked through at every token.
pub fn skip(s: &Sentence, mut at: usize) -> usize {
    for _ in 0..MOST_FILLERS {
        match s.past(at, List::Fillers) {
            Some(to) => at = to,
            None => break,
        }
    }
    at
}

/// "Freitagabend": the day, and the part of it.
pub fn part_of_weekday(s: &Sentence, at: usize) -> Option<(i64, i64)> {
    let word = s.word(at);
    let mut days = entries(s.words.weekdays).filter(|_| s.words.compounds);
    days.find_map(|(name, day)| {
        let part = match word.strip_prefix(name)? {
            // A moment, no stretch of hours.
            "mittag" => 1212,
            part => s.number_of(List::Parts, part)? as i64,
        };
        Some((text::whole(day)?, part))
    })
}

/// "Guten Morgen", "por la mañana": the word for tomorrow, where it is the morning.
fn is_morning(s: &Sentence, at: usize) -> bool {
    let Some(before) = at.checked_sub(1).filter(|_| OTHERS) else { return false };
    s.number(at, List::Parts).is_some()
        && (matches!(s.word(before), "guten" | "goede" | "am" | "la")
            || s.number(before, List::Weekdays).is_some())
}

/// Next 1, the one after it 2, this 0, last −1.
pub fn relative(s: &Sentence, at: usize) -> Found<i64> {
    let of = |words: List, step: i64| {
        let (value, to) = s.lookup(at, words)?;
        // "übernächsten"
        Some((text::whole(value).filter(|_| GERMANIC).unwrap_or(step), to))
    };
    of(List::Next, 1).or_else(|| of(List::Last, -1)).or_else(|| {
        let to = s.past(at, List::This)?;
        // "this coming week", "kommenden Monat"
        let is_next = is_coming(s, to - 1) && s.unit(to).is_some_and(|found| found.0 >= Unit::Week);
        Some((i64::from(is_next), to))
    })
}

/// "coming", "kommende", "komende", "aanstaande": what comes first from now on.
fn is_coming(s: &Sentence, at: usize) -> bool {
    let word = s.word(at);
    word == "coming" || GERMANIC && ["kom", "aanst"].into_iter().any(|coming| word.starts_with(coming))
}

/// A length of time from now: "in two weeks", "three days ago".
pub fn ahead(s: &Sentence, at: usize) -> Found<(f64, Unit)> {
    if let Some(next) = s.past(at, List::Within)
        && let Some(found) = length(s, next)
    {
        return Some(found);
    }
    if let Some(next) = s.past(at, List::AgoBefore) {
        return length(s, next).map(|((n, unit), to)| ((-n, unit), to));
    }
    let ((n, unit), to) = length(s, at)?;
    if let Some(end) = s.past(to, List::AgoAfter) {
        return Some(((-n, unit), end));
    }
    s.phrase(to, "from now").map(|end| ((n, unit), end))
}

pub fn year(s: &Sentence, at: usize) -> Found<i32> {
    let at = skip(s, at);
    let number = s.whole(at)?;
    ((1900..2200).contains(&number) && s.word(at).len() == 4).then_some((number as i32, at + 1))
}

/// A day so much later, or earlier where `n` is below zero.
pub fn later(day: Date, n: f64, unit: Unit) -> Option<Date> {
    let times = match unit {
        Unit::Week => 7.0,
        Unit::Year => 12.0,
        _ => 1.0,
    };
    let n = n * times;
    // Of a part of a month thirty days are a whole one.
    let part = ((n - n.trunc()) * 30.0) as i64;
    let n = n.clamp(-1e6, 1e6) as i64;
    match unit {
        Unit::Day | Unit::Week => Some(day.plus_days(n)),
        Unit::Month | Unit::Year => Some(day.plus_months(n).plus_days(part)),
        _ => None,
    }
}

/// A day, however it is said.
pub fn day(s: &Sentence, at: usize) -> Found<Date> {
    plain_day(s, at).or_else(|| {
        if let Some(((n, unit), to)) = ahead(s, at) {
            // "in 1 day and 2 hours" is a day, "in 2 hours" is none.
            let days = n * unit.seconds() / 86_400.0;
            let (n, unit) = if unit < Unit::Day && days.abs() >= 1.0 { (days, Unit::Day) } else { (n, unit) };
            return Some((later(s.today, n, unit)?, to));
        }
        // "two weeks from Monday", "the day before the 3rd"
        let ((n, unit), to) = length(s, at).or_else(|| Some(((1.0, Unit::Day), s.phrase(at, "the day")?)))?;
        let sign = match s.word(to) {
            "from" | "after" => 1.0,
            "nach" if GERMANIC => 1.0,
            "before" => -1.0,
            "vor" if GERMANIC => -1.0,
            _ => return None,
        };
        let (day, end) = plain_day(s, to + 1)?;
        if s.word(to) == "from" && s.past(end, List::To).is_some_and(|next| plain_day(s, next).is_some()) {
            return None;
        }
        Some((later(day, n * sign, unit)?, end))
    })
}

/// A day that is not so far from now or from another.
fn plain_day(s: &Sentence, at: usize) -> Found<Date> {
    let today = s.today;
    if let Some(found) = in_digits(s, skip(s, at)) {
        return Some(found);
    }
    if let Some((offset, to)) = s.number(at, List::Days)
        && !is_morning(s, at)
    {
        let day = today.plus_days(offset);
        // "heute in einer Woche"
        if OTHERS && let Some(((n, unit), end)) = ahead(s, to).filter(|found| found.0.1 >= Unit::Day) {
            return Some((later(day, n, unit)?, end));
        }
        return Some((day, to));
    }
    weekday(s, at, today).or_else(|| month_day(s, at, None))
}

/// A month by its first day, and whether it can be no other year's: "June", "June 2027", "last December", "next month".
pub fn month(s: &Sentence, at: usize) -> Found<(Date, bool)> {
    let this = Date { day: 1, ..s.today };
    let step = relative(s, at);
    let next = step.map_or(at, |step| step.1);
    let Some((month, to)) = month_name(s, next) else {
        let (Unit::Month, end) = s.unit(next)? else { return None };
        return Some(((this.plus_months(step?.0), true), end));
    };
    let mut first = Date { month, ..this };
    if let Some((year, end)) = year(s, to) {
        return Some(((Date { year, ..first }, true), end));
    }
    first.year += match step {
        Some((-1, _)) => -i32::from(first >= this),
        Some((step @ 1.., _)) => i32::from(first <= this) + step as i32 - 1,
        _ => i32::from(first < this),
    };
    Some(((first, step.is_some()), to))
}

/// "the first Monday of June", "the last Friday of next month": the n-th such day of the week, the last one for none.
fn of_month(s: &Sentence, at: usize, nth: Option<f64>, weekday: i64) -> Found<Date> {
    let start = skip(s, at);
    let ((first, certain), end) = month(s, start)
        .or_else(|| match s.unit(start)? {
            (Unit::Month, end) => Some(((Date { day: 1, ..s.today }, true), end)),
            _ => None,
        })
        .filter(|_| start > at && !matches!(s.word(at), "," | "on"))?;
    // The last one is the one before the first of the month after.
    let nth = nth.unwrap_or(0.0) as i64;
    let day = |first: Date| {
        let from = first.plus_months(i64::from(nth == 0));
        from.plus_days((7 + weekday - i64::from(from.weekday())) % 7 + 7 * (nth - 1))
    };
    let found = day(first);
    if nth > 0 && found.month != first.month {
        return None;
    }
    Some((if found < s.today && !certain { day(first.plus_months(12)) } else { found }, end))
}

fn weekday(s: &Sentence, at: usize, today: Date) -> Found<Date> {
    let start = s.past(at, List::Fillers).unwrap_or(at);
    let nth = ordinal_number(s, start).filter(|nth| nth.0 <= 5.0);
    let (step, next) = relative(s, start).map_or((None, start), |(step, to)| (Some(step), to));
    let next = nth.map_or(next, |nth| nth.1);
    // "next week Tuesday"
    let week = match (step, s.unit(next)) {
        (Some(step), Some((Unit::Week, to))) => Some((step, to)),
        (None, Some((Unit::Week, to))) if ROMANCE => later_or_earlier(s, to),
        _ => None,
    };
    let next = week.map_or(next, |week| skip(s, week.1));
    let (wanted, mut to) = match s.number(next, List::Weekdays) {
        None if GERMANIC => (part_of_weekday(s, next)?.0, next + 1),
        found => found?,
    };
    if nth.is_some() || step == Some(-1) {
        let found = of_month(s, to, nth.map(|nth| nth.0), wanted);
        if nth.is_some() || found.is_some() {
            return found;
        }
    }
    // "El próximo viernes", "el viernes que viene" is the coming one.
    let is_coming_one = cfg!(feature = "es") && s.words.minus == "menos";
    let (mut step, mut of_week) =
        (week.map(|week| week.0).or(step), week.is_some() || step > Some(0) && !is_coming_one);
    let mut weeks_more = 0.0;
    let of_week_after = || match s.unit(skip(s, to))? {
        (Unit::Week, next) if next > to + 1 => later_or_earlier(s, next),
        _ => None,
    };
    if ROMANCE && let Some((value, end)) = of_week_after() {
        // "vendredi de la semaine prochaine"
        (step, to, of_week) = (Some(value), end, true);
    } else if let Some((value, end)) = later_or_earlier(s, to) {
        (step, to, of_week) = (Some(value), end, value == 1 && !is_coming_one);
    } else if let Some((value, next)) = relative(s, skip(s, to))
        && let Some((Unit::Week, end)) = s.unit(next)
    {
        // "Friday next week"
        (step, to, of_week) = (Some(value), end, true);
    } else if let Some(((weeks, Unit::Week), end)) = ahead(s, to) {
        // "Monday in two weeks"
        (weeks_more, to) = (weeks, end);
    }
    let ahead = (7 + wanted - i64::from(today.weekday())) % 7;
    let offset = match step {
        // "next Friday" is the one of next week, "last Friday" the one that is over.
        Some(weeks) if of_week => (wanted + 6) % 7 - (i64::from(today.weekday()) + 6) % 7 + 7 * weeks,
        Some(-1) => ahead - 7,
        Some(0) if ahead == 0 && is_coming(s, next - 1) => 7,
        Some(1) if ROMANCE && ahead == 0 => 7,
        _ => ahead,
    };
    let date = later(today.plus_days(offset), weeks_more, Unit::Week)?;
    // "Friday the 13th", "Friday, 3 May": the date rules, if there is one.
    // "jeudi 8 à 10 heures", not "jeudi 23 à 19h"
    if OTHERS && hours_after(s, to).is_some_and(|((first, last), _)| first < last) {
        return Some((date, to));
    }
    if let Some((other, end)) = in_digits(s, skip(s, to)).or_else(|| month_day(s, to, Some(wanted))) {
        return Some((if step == Some(-1) && other > date { date } else { other }, end));
    }
    Some((date, to))
}

/// "3 May", "May 3rd 2024", "the 3rd of May", "on the 13th"; after a day of the week it may be bare, and is such a day if one comes.
pub fn month_day(s: &Sentence, at: usize, weekday: Option<i64>) -> Found<Date> {
    let (start, today) = (skip(s, at), s.today);
    let number =
        |at: usize| ordinal_number(s, at).map(|f| (f, true)).or_else(|| amount(s, at).map(|f| (f, false)));
    let fits = |n: f64| (1.0..=31.0).contains(&n) && n == n.trunc();
    let named = month_name(s, start);
    let first = named.map_or(start, |named| skip(s, named.1));
    let ((n, mut to), ordinal) = number(first).filter(|f| fits(f.0.0))?;
    let day = n as u32;
    let in_year = |year: i32, month: u32, to: usize| Date::new(year, month, day).map(|day| (day, to));
    let month = if let Some((month, _)) = named {
        if let Some((year, end)) = year(s, to) {
            return in_year(year, month, end);
        }
        month
    } else if let Some(((first, certain), end)) = {
        let next = skip(s, to);
        // "for 4 on June 3rd", "for 4 in June"
        let is_apart = matches!(s.word(to), "," | "on" | "in") || OTHERS && matches!(s.word(to), "im" | "en");
        month(s, next).filter(|_| {
            ordinal && (next > to || s.whole(first).is_some()) || !is_apart && month_name(s, next).is_some()
        })
    } {
        if certain {
            return in_year(first.year, first.month, end);
        }
        to = end;
        first.month
    } else {
        let ordinal =
            ordinal || (ROMANCE || cfg!(feature = "nl")) && is_day_alone(s, start, to, weekday.is_some());
        // A bare ordinal is a day only after "the" or "on", and not on "the third floor".
        let in_digits = s.whole(start).is_some();
        let is_day = in_digits && weekday.is_some() || start > at && (in_digits || !counts(s, to));
        if !ordinal || !is_day || s.joined(to) && s.whole(to).is_some() {
            return None;
        }
        return coming(today, day, weekday).map(|day| (day, to));
    };
    // The coming one; the 29th of February waits for a leap year.
    (0..8).filter_map(|y| Date::new(today.year + y, month, day)).find(|d| *d >= today).map(|d| (d, to))
}

/// The coming day of a number, on a day of the week if one is said: each meets every such day within some months.
pub fn coming(today: Date, day: u32, weekday: Option<i64>) -> Option<Date> {
    (0..60).find_map(|m| {
        let month = Date { day: 1, ..today }.plus_months(m);
        let day = Date::new(month.year, month.month, day).filter(|day| *day >= today)?;
        weekday.is_none_or(|weekday| i64::from(day.weekday()) == weekday).then_some(day)
    })
}

/// Whether a word follows of which there are several: "the third floor", "the first time".
fn counts(s: &Sentence, at: usize) -> bool {
    let word = s.word(at);
    matches!(word, "floor" | "one" | "time" | "half")
        || GERMANIC && matches!(word, "stock" | "etage" | "mal" | "platz" | "verdieping" | "keer")
        || ROMANCE && matches!(word, "etage" | "fois" | "creneau" | "piso" | "vez" | "turno")
}

/// "le 15", "el 15 por la tarde": not "el 15%", "le 15 rue", "el 15:30".
fn is_day_alone(s: &Sentence, at: usize, to: usize, of_week: bool) -> bool {
    let goes_on = match s.word(to) {
        "" | "," | "!" | "?" | "pour" | "para" | "por" | "au" | "et" | "y" => false,
        "." => s.joined(to + 1),
        _ => s.past(to, List::At).is_none(),
    };
    let is_said = of_week && !s.words.english || at > 0 && matches!(s.word(at - 1), "le" | "el" | "dia");
    is_said && s.whole(at).is_some() && to == at + 1 && !goes_on
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
    // Of two digits: a birthday, or a day within twenty years.
    let long = |y: i32| match y {
        100.. => y,
        _ if 2000 + y > s.today.year + 20 => 1900 + y,
        _ => 2000 + y,
    };
    let (month, day) = if s.language.day_first || sign == "." { (b, a) } else { (a, b) };
    // "25/12" has no such month; "open 24/7" is no day.
    let may_turn = c.is_some() || sign == "/" && (a, b) != (24, 7);
    let of = |year: i32| {
        let turned = || Date::new(year, day as u32, month as u32).filter(|_| may_turn);
        Date::new(year, month as u32, day as u32).or_else(turned)
    };
    // "3.6." is German for "3/6".
    let is_pointed = OTHERS && sign == "." && s.word(at + 3) == "." && s.joined(at + 3);
    // "24.12" when that is all, "am 24.12", not "am 18.05 Uhr"
    let is_said = || {
        s.is_all(at, at + 3)
            || matches!(s.word(at.wrapping_sub(1)), "am" | "den" | "vom" | "op")
                && s.past(at + 3, List::Clock).is_none()
    };
    match c {
        Some(c) if s.word(at).len() == 4 => Date::new(a, b as u32, c as u32).map(|d| (d, at + 5)),
        Some(c) => of(long(c)).map(|d| (d, at + 5)),
        None if sign == "/" || OTHERS && !s.words.english && (is_pointed || is_said()) => (0..8)
            .filter_map(|y| of(s.today.year + y))
            .find(|d| *d >= s.today)
            .map(|d| (d, at + 3 + usize::from(is_pointed))),
        None => None,
    }
}
