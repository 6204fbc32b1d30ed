//! Steps and times of a rollout as they are typed.

use contract::registry::rollout::NewRollout;
use microapp::t;

/// Reads `5, 25, 50, 100`; `Err` says what it takes.
pub fn steps(text: &str) -> Result<Vec<u8>, String> {
    let takes = || t("Rising percents from 1, the last one 100, such as 5, 25, 50, 100.");
    let mut steps = Vec::new();
    for part in text.split([',', ' ']).filter(|part| !part.is_empty()) {
        match part.parse::<u8>() {
            Ok(step) if step > steps.last().copied().unwrap_or(0) => steps.push(step),
            _ => return Err(takes()),
        }
    }
    let good = steps.last() == Some(&100);
    if good { Ok(steps) } else { Err(takes()) }
}

/// Reads minutes; `Err` says what it takes.
pub fn seconds(minutes: &str) -> Result<u32, String> {
    match minutes.trim().parse::<u32>() {
        Ok(minutes @ 1..=43_200) => Ok(minutes * 60),
        _ => Err(t("Whole minutes, from 1 to 43200.")),
    }
}

/// As it is typed.
pub fn text(wish: &NewRollout) -> (String, String) {
    let mut steps = String::new();
    for step in &wish.steps {
        steps.push_str(if steps.is_empty() { "" } else { ", " });
        steps.push_str(&step.to_string());
    }
    (steps, (wish.interval_seconds / 60).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed() {
        for (text, expected) in [
            ("5, 25, 50, 100", Some(vec![5, 25, 50, 100])),
            ("100", Some(vec![100])),
            (" 1 100 ", Some(vec![1, 100])),
            ("", None),
            ("5, 25", None),
            ("25, 5, 100", None),
            ("0, 100", None),
            ("5 %, 100", None),
            ("256, 100", None),
        ] {
            assert_eq!(steps(text).ok(), expected, "{text}");
        }
        for (text, expected) in
            [("10", Some(600)), (" 1 ", Some(60)), ("0", None), ("1.5", None), ("99999", None)]
        {
            assert_eq!(seconds(text).ok(), expected, "{text}");
        }
    }
}
