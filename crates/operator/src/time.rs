//! Moments as people say them.

use crate::{Desk, el};
use js_sys::{Date, Object, Reflect};
use microapp::element::El;
use wasm_bindgen::JsCast;

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
    let whole = String::from(Date::new(&at.into()).to_locale_string("en-GB", &Object::new()));
    el::<D>("time")
        .attrs(&[("datetime", text), ("title", &whole)])
        .text_from(move || ago(((desk.now() - at) / 1000.0) as i64))
}

/// How long ago so many seconds are.
pub fn ago(seconds: i64) -> String {
    match seconds {
        ..60 => "just now".to_owned(),
        60..3_600 => past(seconds / 60, "minute"),
        3_600..86_400 => past(seconds / 3_600, "hour"),
        _ => past(seconds / 86_400, "day"),
    }
}

fn past(count: i64, unit: &str) -> String {
    [&counted(count.unsigned_abs(), unit), " ago"].concat()
}

/// Writes numbers, each with a blank before it.
pub fn write(text: &mut String, numbers: &[u64]) {
    for number in numbers {
        text.push(' ');
        text.push_str(&number.to_string());
    }
}

/// `1 mount`, `3 mounts`.
pub fn counted(count: u64, unit: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    [&count.to_string(), " ", unit, end].concat()
}

/// How long so many seconds are: `45 seconds`, `10 minutes`, `2 hours`.
pub fn length(seconds: u32) -> String {
    let seconds = u64::from(seconds);
    match seconds {
        _ if seconds >= 3_600 && seconds.is_multiple_of(3_600) => counted(seconds / 3_600, "hour"),
        _ if seconds >= 60 => counted(seconds / 60, "minute"),
        _ => counted(seconds, "second"),
    }
}

/// `Mon 14:20`.
pub fn day_and_hour(at: f64) -> String {
    let options = Object::new();
    for (name, value) in [("weekday", "short"), ("hour", "2-digit"), ("minute", "2-digit")] {
        let _ = Reflect::set(&options, &name.into(), &value.into());
    }
    let date = Date::new(&at.into());
    date.to_locale_string("en-GB", options.unchecked_ref()).into()
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
