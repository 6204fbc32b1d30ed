//! Quantities as they are typed.

use crate::change::MOST;

/// What was typed into a quantity field; `None` when it is no number from 0 to 999.
pub fn parse(text: &str) -> Option<i64> {
    text.trim().parse().ok().filter(|quantity| (0..=MOST).contains(quantity))
}

/// The most that `+` goes to. What is in the cart already may be more, after stock went down.
pub fn most(stock: i64) -> i64 {
    stock.clamp(1, MOST)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_quantities() {
        for (text, expected) in [
            ("1", Some(1)),
            (" 12 ", Some(12)),
            ("0", Some(0)),
            ("007", Some(7)),
            ("999", Some(999)),
            ("1000", None),
            ("-1", None),
            ("1.5", None),
            ("", None),
            ("two", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(parse(text), expected, "{text:?}");
        }
    }

    #[test]
    fn the_most_is_the_stock_within_bounds() {
        for (stock, expected) in [(5, 5), (0, 1), (-1, 1), (5000, 999)] {
            assert_eq!(most(stock), expected, "{stock}");
        }
    }
}
