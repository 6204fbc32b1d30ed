//! The two fields of the price range: whole numbers.

use crate::filters::HIGHEST_PRICE;
use microapp::t;

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It is no whole number.
    NotWhole,
    /// Nothing costs that much.
    TooHigh,
    /// The highest price is below the lowest.
    Below,
}

impl Fault {
    /// In a sentence for people.
    pub fn said(self) -> String {
        t(match self {
            Self::NotWhole => "Whole numbers only, for example 20.",
            Self::TooHigh => "Nothing here costs that much.",
            Self::Below => "This is below the lowest price.",
        })
    }
}

/// What is wrong with each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// With the lowest price.
    pub min: Option<Fault>,
    /// With the highest price.
    pub max: Option<Fault>,
}

/// Reads both fields as they were typed.
pub fn read(min: &str, max: &str) -> Result<(Option<i64>, Option<i64>), Faults> {
    match (whole(min), whole(max)) {
        (Ok(Some(min)), Ok(Some(max))) if min > max => Err(Faults { min: None, max: Some(Fault::Below) }),
        (Ok(min), Ok(max)) => Ok((min, max)),
        (min, max) => Err(Faults { min: min.err(), max: max.err() }),
    }
}

/// Signs of currencies, as they may be typed along.
const SIGNS: [char; 3] = ['€', '£', '$'];

/// `20`, `€ 20`, `20 €`; nothing typed is no limit.
fn whole(typed: &str) -> Result<Option<i64>, Fault> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Ok(None);
    }
    let digits = typed.strip_prefix(SIGNS).or(typed.strip_suffix(SIGNS)).unwrap_or(typed).trim();
    let mut price: i64 = 0;
    for byte in digits.bytes() {
        if !byte.is_ascii_digit() {
            return Err(Fault::NotWhole);
        }
        price = (10 * price + i64::from(byte - b'0')).min(HIGHEST_PRICE + 1);
    }
    match price {
        _ if digits.is_empty() => Err(Fault::NotWhole),
        ..=HIGHEST_PRICE => Ok(Some(price)),
        _ => Err(Fault::TooHigh),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn readable_ranges() {
        let check =
            |min: &str, max: &str, expected| assert_eq!(read(min, max), Ok(expected), "{min:?} to {max:?}");
        check("", "", (None, None));
        check(" ", "\t", (None, None));
        check("5", "", (Some(5), None));
        check("", "20", (None, Some(20)));
        check("5", "5", (Some(5), Some(5)));
        check("€5", " 20 € ", (Some(5), Some(20)));
        check("€ 0", "007", (Some(0), Some(7)));
        check("$5", "20 £", (Some(5), Some(20)));
        check("", "1000000", (None, Some(1_000_000)));
    }

    #[test]
    fn faults_are_told_at_their_field() {
        use Fault::{Below, NotWhole, TooHigh};
        let check = |min: &str, max: &str, at_min, at_max| {
            assert_eq!(read(min, max), Err(Faults { min: at_min, max: at_max }), "{min:?} to {max:?}");
        };
        check("ten", "", Some(NotWhole), None);
        check("1.50", "x", Some(NotWhole), Some(NotWhole));
        check("", "-3", None, Some(NotWhole));
        check("+3", "", Some(NotWhole), None);
        check("€", "", Some(NotWhole), None);
        check("1 000", "", Some(NotWhole), None);
        check("٣", "", Some(NotWhole), None);
        check("20", "5", None, Some(Below));
        check("1000001", "", Some(TooHigh), None);
        check("99999999999999999999999", "5", Some(TooHigh), None);
    }
}
