//! The test card's number as it is typed. It is in no store and, if it is a real one, never sent.

use microapp::t;

/// The numbers that the test bank knows.
const TEST_CARDS: [&str; 4] =
    ["4242424242424242", "4000000000000002", "4000002500003155", "4000000000000119"];
const DIGITS: usize = 16;

/// The digits in groups of four, and where the caret goes when it stood at `caret` in `typed`.
pub fn group(typed: &str, caret: usize) -> (String, usize) {
    let mut text = String::with_capacity(DIGITS + 3);
    let mut digits = 0;
    let mut digits_before = 0;
    for (at, c) in typed.chars().enumerate() {
        if !c.is_ascii_digit() || digits == DIGITS {
            continue;
        }
        if digits > 0 && digits % 4 == 0 {
            text.push(' ');
        }
        text.push(c);
        digits += 1;
        if at < caret {
            digits_before = digits;
        }
    }
    let blanks = digits_before.saturating_sub(1) / 4;
    (text, digits_before + blanks)
}

/// What is wrong with a number.
pub fn check(number: &str) -> Option<String> {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    match digits.as_str() {
        "" => Some(t("Enter the number of a test card.")),
        known if TEST_CARDS.contains(&known) => None,
        _ => Some(t("Not a test card. Use 4242 4242 4242 4242, and never type a real one.")),
    }
}

/// `4242`: all of it that is ever shown again.
pub fn ending(number: &str) -> String {
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    digits.get(digits.len().saturating_sub(4)..).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_stand_in_groups_and_the_caret_stays() {
        for (typed, caret, text, expected) in [
            ("", 0, "", 0),
            ("4", 1, "4", 1),
            ("4242", 4, "4242", 4),
            ("42424", 5, "4242 4", 6),
            ("4242 4", 6, "4242 4", 6),
            // A digit typed into the middle.
            ("42942 4242", 3, "4294 2424 2", 3),
            // The blank was deleted.
            ("42424242", 4, "4242 4242", 4),
            ("4242-4242", 9, "4242 4242", 9),
            ("abc", 3, "", 0),
            ("4242424242424242999", 19, "4242 4242 4242 4242", 19),
        ] {
            assert_eq!(group(typed, caret), (text.to_owned(), expected), "{typed:?} at {caret}");
        }
    }

    #[test]
    fn only_test_cards_pass() {
        for (number, good) in [
            ("4242 4242 4242 4242", true),
            ("4000-0000-0000-0002", true),
            ("4000 0025 0000 3155", true),
            ("4000 0000 0000 0119", true),
            ("4242", false),
            ("4111 1111 1111 1111", false),
            ("", false),
        ] {
            assert_eq!(check(number).is_none(), good, "{number}");
        }
    }

    #[test]
    fn the_ending() {
        for (number, expected) in [("4242 4242 4242 4242", "4242"), ("42", "42"), ("", "")] {
            assert_eq!(ending(number), expected);
        }
    }
}
