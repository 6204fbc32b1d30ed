//! Time zones by name, for programs that have no browser to ask: the tz database comes along.

use super::calendar::Zone;
use jiff::{
    Timestamp,
    tz::{TimeZone, TimeZoneDatabase},
};

/// A zone of the tz database.
#[derive(Debug, Clone)]
pub struct Named(TimeZone);

/// The zone of an IANA name, `Europe/Berlin`, whichever its case. The names are those of the database that was built in, not of
/// the machine: the same everywhere.
pub fn zone(name: &str) -> Option<Named> {
    TimeZoneDatabase::bundled().get(name).ok().map(Named)
}

impl Zone for Named {
    fn offset(&self, moment: i64) -> i32 {
        let moment = moment.clamp(Timestamp::MIN.as_second(), Timestamp::MAX.as_second());
        Timestamp::from_second(moment).map_or(0, |moment| self.0.to_offset(moment).seconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::calendar::{Clock, Date};

    #[test]
    fn clocks_go_forward_and_back() {
        let berlin = zone("Europe/Berlin").unwrap();
        let clock = Clock { now: 0, zone: &berlin };
        let date = |m, d| Date { year: 2024, month: m, day: d };
        assert_eq!(clock.stamp(date(3, 31), 12 * 3600), "2024-03-31T12:00:00+02:00");
        assert_eq!(clock.stamp(date(3, 30), 12 * 3600), "2024-03-30T12:00:00+01:00");
        // 02:30 does not exist on the day the clocks go forward.
        assert_eq!(clock.stamp(date(3, 31), 9000), "2024-03-31T03:30:00+02:00");
        assert_eq!(clock.stamp(date(10, 27), 12 * 3600), "2024-10-27T12:00:00+01:00");
        let sydney = zone("Australia/Sydney").unwrap();
        let clock = Clock { now: 0, zone: &sydney };
        assert_eq!(clock.stamp(date(1, 15), 0), "2024-01-15T00:00:00+11:00");
        assert_eq!(clock.stamp(date(7, 15), 0), "2024-07-15T00:00:00+10:00");
        let new_york = zone("America/New_York").unwrap();
        let clock = Clock { now: 0, zone: &new_york };
        assert_eq!(clock.stamp(date(3, 10), 12 * 3600), "2024-03-10T12:00:00-04:00");
        assert_eq!(clock.stamp(date(3, 10), 9000), "2024-03-10T03:30:00-04:00");
        assert_eq!(clock.stamp(date(3, 10), 7199), "2024-03-10T01:59:59-05:00");
        assert_eq!(clock.stamp(date(11, 3), 4 * 3600), "2024-11-03T04:00:00-05:00");
    }

    #[test]
    fn all_zones_have_a_name() {
        for (name, at, expected) in [
            ("Asia/Kathmandu", 0, 19_800),
            ("Asia/Kathmandu", 1_700_000_000, 20_700),
            ("America/St_Johns", 1_720_000_000, -9_000),
            ("Africa/Cairo", 1_720_000_000, 10_800),
            ("europe/berlin", 1_720_000_000, 7_200),
            ("Etc/GMT+5", 0, -18_000),
            ("Asia/Tokyo", i64::MAX, 32_400),
            ("UTC", i64::MIN, 0),
        ] {
            assert_eq!(zone(name).map(|zone| zone.offset(at)), Some(expected), "{name}");
        }
        assert!(zone("Middle/Earth").is_none() && zone("").is_none());
    }
}
