//! The time, in milliseconds since 1970, as the database keeps it.

use std::time::{SystemTime, UNIX_EPOCH};

/// Milliseconds since 1970.
pub type Millis = i64;

/// Now.
pub fn now() -> Millis {
    // A clock before 1970 is a clock that is wrong; 0 makes everything look fresh rather than failing.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// RFC 3339, UTC: `2026-11-21T11:56:23.120Z`. Always as long, so that texts sort as their times do.
pub fn rfc3339(at: Millis) -> String {
    format!("{:.3}", jiff::Timestamp::from_millisecond(at).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::rfc3339;

    #[test]
    fn texts_sort_as_their_times_do() {
        let texts = [1_000, 1_100, 1_123, 2_000].map(rfc3339);
        assert_eq!(texts[1], "1970-01-01T00:00:01.100Z");
        assert!(texts.is_sorted(), "{texts:?}");
    }
}
