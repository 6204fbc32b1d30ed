//! Moments as people say them.

use crate::{Desk, el};
use js_sys::Date;
use microapp::{element::El, format, t, t_count};

/// Now, in milliseconds since 1970.
pub fn now() -> f64 {
    Date::now()
}

/// A moment that the server names (RFC 3339), in milliseconds since 1970.
pub fn parse(text: &str) -> f64 {
    Date::parse(text)
}

/// `3 minutes ago`, and the whole date for those who point at it.
pub fn moment<D: Desk>(desk: D, text: &str) -> El {
    let at = parse(text);
    el::<D>("time")
        .attrs(&[("datetime", text), ("title", &format::moment(text, &desk.host().locale()))])
        .text_from(move || ago(((desk.now() - at) / 1000.0) as i64))
}

/// How long ago so many seconds are.
pub fn ago(seconds: i64) -> String {
    match seconds {
        ..60 => t("just now"),
        60..3_600 => t_count("{n} minute ago", "{n} minutes ago", seconds / 60),
        3_600..86_400 => t_count("{n} hour ago", "{n} hours ago", seconds / 3_600),
        _ => t_count("{n} day ago", "{n} days ago", seconds / 86_400),
    }
}

/// Writes numbers, each with a blank before it.
pub fn write(text: &mut String, numbers: &[u64]) {
    for number in numbers {
        text.push(' ');
        text.push_str(&number.to_string());
    }
}

/// How long so many seconds are: `45 seconds`, `10 minutes`, `2 hours`.
pub fn length(seconds: u32) -> String {
    let seconds = i64::from(seconds);
    match seconds {
        _ if seconds >= 3_600 && seconds % 3_600 == 0 => t_count("{n} hour", "{n} hours", seconds / 3_600),
        _ if seconds >= 60 => t_count("{n} minute", "{n} minutes", seconds / 60),
        _ => t_count("{n} second", "{n} seconds", seconds),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_and_lengths() {
        for (seconds, expected) in [
            (-20, "just now"),
            (59, "just now"),
            (60, "1 minute ago"),
            (3_599, "59 minutes ago"),
            (7_200, "2 hours ago"),
            (86_400, "1 day ago"),
        ] {
            assert_eq!(ago(seconds), expected);
        }
        for (seconds, expected) in
            [(1, "1 second"), (90, "1 minute"), (600, "10 minutes"), (3_600, "1 hour"), (5_400, "90 minutes")]
        {
            assert_eq!(length(seconds), expected);
        }
    }
}
