//! The test card, which is none: two numbers, two fates.

/// What becomes of a payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub enum Verdict {
    /// Paid.
    Approved,
    /// Not paid; another card may be tried.
    Declined,
}

/// What the test bank says to a number. `None` for any other: no real card belongs here.
pub fn ask(card_number: &str) -> Option<Verdict> {
    let digits: String = card_number.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    match digits.as_str() {
        "4242424242424242" => Some(Verdict::Approved),
        "4000000000000002" => Some(Verdict::Declined),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_test_cards_are_known() {
        for (number, expected) in [
            ("4242424242424242", Some(Verdict::Approved)),
            (" 4242 4242 4242 4242 ", Some(Verdict::Approved)),
            ("4000-0000-0000-0002", Some(Verdict::Declined)),
            ("4111111111111111", None),
            ("", None),
            ("42424242424242420", None),
        ] {
            assert_eq!(ask(number), expected, "{number}");
        }
    }
}
