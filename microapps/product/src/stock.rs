//! Stock in words, and how many can go into the cart at once.

use microapp::{t, t_count};

/// From here down the shopper is told how many are left.
const FEW: i64 = 5;
/// The most that the shop takes at once.
const MOST: i64 = 999;

/// The stock of a variant in words; `None` is a combination that does not exist.
pub fn wording(stock: Option<i64>) -> String {
    match stock {
        None => t("Not made in this combination"),
        Some(..=0) => t("Sold out"),
        Some(left @ 1..=FEW) => t_count("Only {n} left", "Only {n} left", left),
        Some(_) => t("In stock"),
    }
}

/// The most of a variant that can be put into the cart at once; at least 1, so that a field has a value.
pub fn most(stock: i64) -> i64 {
    stock.clamp(1, MOST)
}

/// A quantity as it was typed, moved to what can be had; what is no number is 1.
pub fn quantity(typed: &str, stock: i64) -> i64 {
    let typed = typed.trim();
    let digits = !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_digit());
    // Only a number that is too long for the machine does not parse.
    let wanted = if digits { typed.parse().unwrap_or(MOST) } else { 1 };
    wanted.clamp(1, most(stock))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_stock() {
        for (stock, expected) in [
            (None, "Not made in this combination"),
            (Some(-2), "Sold out"),
            (Some(0), "Sold out"),
            (Some(1), "Only 1 left"),
            (Some(5), "Only 5 left"),
            (Some(6), "In stock"),
            (Some(i64::MAX), "In stock"),
        ] {
            assert_eq!(wording(stock), expected);
        }
    }

    #[test]
    fn quantities_stay_within_the_stock() {
        let check = |typed: &str, stock: i64, expected: i64| {
            assert_eq!(quantity(typed, stock), expected, "{typed} of {stock}")
        };
        check("1", 5, 1);
        check(" 5 ", 5, 5);
        check("6", 5, 5);
        check("0", 5, 1);
        check("", 5, 1);
        check("-3", 5, 1);
        check("+3", 5, 1);
        check("2.5", 5, 1);
        check("two", 5, 1);
        check("1000", 5000, 999);
        check("99999999999999999999999", 5000, 999);
        check("99999999999999999999999", 7, 7);
        check("3", 0, 1);
    }
}
