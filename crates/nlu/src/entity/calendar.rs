//! Dates and times without a clock: the moment and the time zone are arguments.

/// A time zone: how far its clocks are ahead of UTC at a moment.
pub trait Zone {
    /// Seconds ahead of UTC at `moment`, seconds since 1970 in UTC.
    fn offset(&self, moment: i64) -> i32;
}

/// A zone without daylight saving.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fixed(pub i32);

impl Zone for Fixed {
    fn offset(&self, _moment: i64) -> i32 {
        self.0
    }
}

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// A day of the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year.
    pub year: i32,
    /// Month, from 1.
    pub month: u32,
    /// Day, from 1.
    pub day: u32,
}

impl Date {
    /// A day that exists.
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let exists = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=month_length(year, month)).contains(&day);
        exists.then_some(Self { year, month, day })
    }

    /// Days since 1970 (Hinnant, "chrono-compatible low-level date algorithms").
    pub fn days(self) -> i64 {
        let year = i64::from(self.year) - i64::from(self.month <= 2);
        let era = year.div_euclid(400);
        let of_era = year.rem_euclid(400);
        let month = (i64::from(self.month) + 9) % 12;
        let of_year = (153 * month + 2) / 5 + i64::from(self.day) - 1;
        era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
    }

    /// The day that is so many days after 1970.
    pub fn from_days(days: i64) -> Self {
        let days = days.clamp(-719_000, 2_932_000) + 719_468;
        let era = days.div_euclid(146_097);
        let of_era = days.rem_euclid(146_097);
        let year = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
        let of_year = of_era - (365 * year + year / 4 - year / 100);
        let month = (5 * of_year + 2) / 153;
        let day = (of_year - (153 * month + 2) / 5 + 1) as u32;
        let month = if month < 10 { month + 3 } else { month - 9 } as u32;
        Self { year: (year + era * 400) as i32 + i32::from(month <= 2), month, day }
    }

    /// So many days later.
    pub fn plus_days(self, days: i64) -> Self {
        Self::from_days(self.days().saturating_add(days.clamp(-4_000_000, 4_000_000)))
    }

    /// So many months later; the last day of the month where there is no such day.
    pub fn plus_months(self, months: i64) -> Self {
        let month = i64::from(self.year) * 12 + i64::from(self.month) - 1 + months.clamp(-120_000, 120_000);
        let year = month.div_euclid(12).clamp(1, 9999) as i32;
        let month = month.rem_euclid(12) as u32 + 1;
        Self { year, month, day: self.day.min(month_length(year, month)) }
    }

    /// Day of the week, Sunday 0.
    pub fn weekday(self) -> u32 {
        weekday(self.days())
    }
}

fn weekday(days: i64) -> u32 {
    (days + 4).rem_euclid(7) as u32
}

/// Days of a month.
pub fn month_length(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

/// The moment at which a sentence is said, and where.
#[derive(Clone, Copy)]
pub struct Clock<'z> {
    /// Seconds since 1970 in UTC.
    pub now: i64,
    /// The speaker's time zone.
    pub zone: &'z dyn Zone,
}

impl Clock<'_> {
    /// Today where the speaker is.
    pub fn today(&self) -> Date {
        Date::from_days(self.local().div_euclid(DAY))
    }

    /// Seconds since midnight where the speaker is.
    pub fn second_of_day(&self) -> i64 {
        self.local().rem_euclid(DAY)
    }

    fn local(&self) -> i64 {
        self.now.saturating_add(i64::from(self.zone.offset(self.now)))
    }

    /// A local time as `2018-11-01T12:00:00+09:00`. A time that the clocks skip is moved forward.
    pub fn stamp(&self, date: Date, second: i64) -> String {
        let local = date.days() * DAY + second;
        let offset = |moment| i64::from(self.zone.offset(moment));
        let ahead = offset(local - offset(local));
        // Where that is not the offset then, the clocks skip this time: by the smaller one it comes after them.
        let moment = local - ahead.min(offset(local - ahead));
        let offset = offset(moment);
        let local = moment + offset;
        let date = Date::from_days(local.div_euclid(DAY));
        let second = local.rem_euclid(DAY);
        let (sign, ahead) = if offset < 0 { ("-", -offset) } else { ("+", offset) };
        let mut stamp = String::new();
        let mut put = |before: &str, number: i64, digits: usize| {
            let number = number.to_string();
            stamp.push_str(before);
            (number.len()..digits).for_each(|_| stamp.push('0'));
            stamp.push_str(&number);
        };
        put("", i64::from(date.year), 4);
        put("-", i64::from(date.month), 2);
        put("-", i64::from(date.day), 2);
        put("T", second / 3600, 2);
        put(":", second / 60 % 60, 2);
        put(":", second % 60, 2);
        put(sign, ahead / 3600, 2);
        put(":", ahead / 60 % 60, 2);
        stamp
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_dates_agree() {
        for days in (-700_000..2_900_000).step_by(997) {
            assert_eq!(Date::from_days(days).days(), days);
        }
        assert_eq!(Date { year: 2000, month: 3, day: 1 }.days(), 11_017);
        assert_eq!(Date { year: 2026, month: 11, day: 21 }.weekday(), 6);
    }

    #[test]
    fn months_end_where_they_end() {
        let date = |y, m, d| Date { year: y, month: m, day: d };
        assert_eq!(date(2024, 1, 31).plus_months(1), date(2024, 2, 29));
        assert_eq!(date(2023, 1, 31).plus_months(1), date(2023, 2, 28));
        assert_eq!(date(2024, 12, 15).plus_months(-12), date(2023, 12, 15));
        assert_eq!(Date::new(2023, 2, 29), None);
    }
}
