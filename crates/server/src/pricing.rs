//! What a cart costs. Pure: integers in, integers out.
//!
//! Rounding is stated once, in [`percent_of`]: half a minor unit goes up. Prices include tax, so tax is
//! taken out of the total once, at the end, and never added.

use contract::shop::{self, money::Money};

/// Minor units of the shop's currency (cents).
pub type Minor = i64;

/// A share in hundredths of a percent: 19 % is 1900.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasisPoints(pub i64);

/// A quantity at a price.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What one costs, tax included.
    pub unit_price: Minor,
    /// How many.
    pub quantity: i64,
}

impl Line {
    /// Quantity × unit price.
    pub fn total(self) -> Minor {
        self.unit_price * self.quantity
    }
}

/// What a coupon takes off the lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// A share of the lines.
    Percent(BasisPoints),
    /// A fixed amount, at most the lines.
    Amount(Minor),
}

/// lines − discount + delivery = total, and `tax_included` is part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The sum of the lines.
    pub lines: Minor,
    /// What the coupon takes off, from 0 to `lines`.
    pub discount: Minor,
    /// Delivery, where it is known yet.
    pub delivery: Option<Minor>,
    /// The tax that is part of `total`.
    pub tax_included: Minor,
    /// What there is to pay.
    pub total: Minor,
}

/// What `lines` cost with a coupon and a delivery, at a tax rate that the prices include.
pub fn totals(lines: &[Line], coupon: Option<Discount>, delivery: Option<Minor>, tax: BasisPoints) -> Totals {
    let sum = lines.iter().map(|line| line.total()).sum();
    let discount = match coupon {
        None => 0,
        Some(Discount::Percent(share)) => percent_of(sum, share),
        Some(Discount::Amount(amount)) => amount,
    }
    .clamp(0, sum);
    let total = sum - discount + delivery.unwrap_or(0);
    Totals { lines: sum, discount, delivery, tax_included: tax_in(total, tax), total }
}

/// `share` of `amount`; half a minor unit goes up: 10 % of 10.05 is 1.01.
fn percent_of(amount: Minor, share: BasisPoints) -> Minor {
    half_up(i128::from(amount) * i128::from(share.0), 10_000)
}

/// The tax inside `gross`: gross × rate ÷ (1 + rate), half up.
fn tax_in(gross: Minor, rate: BasisPoints) -> Minor {
    half_up(i128::from(gross) * i128::from(rate.0), 10_000 + i128::from(rate.0))
}

/// `numerator` ÷ `denominator` for what is not negative, half up.
fn half_up(numerator: i128, denominator: i128) -> Minor {
    let rounded = (2 * numerator + denominator) / (2 * denominator);
    i64::try_from(rounded).unwrap_or(i64::MAX)
}

/// The shop's currency, and how amounts of it travel and are shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency(&'static str);

/// Those with a hundred minor units: what a price with two decimals means is clear.
const CURRENCIES: &[&str] = &[
    "AUD", "BGN", "BRL", "CAD", "CHF", "CZK", "DKK", "EUR", "GBP", "INR", "MXN", "NOK", "NZD", "PLN", "RON",
    "SEK", "SGD", "TRY", "USD", "ZAR",
];

impl Currency {
    /// A currency that we know, by its ISO 4217 code.
    pub fn parse(code: &str) -> Result<Self, String> {
        CURRENCIES
            .iter()
            .find(|known| known.eq_ignore_ascii_case(code))
            .map(|known| Self(known))
            .ok_or_else(|| format!("`{code}` is none of {}", CURRENCIES.join(", ")))
    }

    /// An amount as it travels.
    pub fn money(self, amount: Minor) -> Money {
        Money { amount, currency: self.0.to_owned() }
    }

    /// An amount for a sentence: `EUR 19.99`.
    pub fn text(self, amount: Minor) -> String {
        format!("{} {}.{:02}", self.0, amount / 100, amount % 100)
    }

    /// Totals as they travel.
    pub fn totals(self, totals: Totals) -> shop::cart::Totals {
        shop::cart::Totals {
            lines: self.money(totals.lines),
            discount: self.money(totals.discount),
            delivery: totals.delivery.map(|amount| self.money(amount)),
            tax_included: self.money(totals.tax_included),
            total: self.money(totals.total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAX: BasisPoints = BasisPoints(1900);

    fn percent(percent: i64) -> Option<Discount> {
        Some(Discount::Percent(BasisPoints(percent * 100)))
    }

    #[track_caller]
    fn check(
        lines: &[(Minor, i64)],
        coupon: Option<Discount>,
        delivery: Option<Minor>,
        expected: (Minor, Minor, Minor),
    ) {
        let lines: Vec<_> =
            lines.iter().map(|&(unit_price, quantity)| Line { unit_price, quantity }).collect();
        let found = totals(&lines, coupon, delivery, TAX);
        assert_eq!((found.discount, found.tax_included, found.total), expected, "discount, tax, total");
    }

    #[test]
    fn x_05_times_ten_percent_rounds_half_up() {
        check(&[(1005, 1)], percent(10), None, (101, 144, 904));
        check(&[(105, 1)], percent(10), None, (11, 15, 94));
        check(&[(1995, 1)], percent(10), None, (200, 287, 1795));
        check(&[(1004, 1)], percent(10), None, (100, 144, 904));
    }

    #[test]
    fn named_cases() {
        check(&[], None, None, (0, 0, 0));
        check(&[(11_900, 1)], None, None, (0, 1900, 11_900));
        check(&[(5000, 2)], percent(100), Some(490), (10_000, 78, 490));
        check(&[(300, 1)], Some(Discount::Amount(500)), None, (300, 0, 0));
        check(&[(1999, 3), (5, 1)], percent(10), Some(490), (600, 941, 5892));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100_000, ..ProptestConfig::default() })]
        #[test]
        fn totals_add_up_for_100_000_random_carts(
            lines in prop::collection::vec((0_i64..=100_000_000, 1_i64..=999), 0..12),
            coupon in prop_oneof![
                Just(None),
                (0_i64..=10_000).prop_map(|share| Some(Discount::Percent(BasisPoints(share)))),
                (0_i64..=1_000_000).prop_map(|amount| Some(Discount::Amount(amount))),
            ],
            delivery in prop::option::of(0_i64..=10_000),
            rate in 0_i64..=3_000,
        ) {
            let lines: Vec<_> =
                lines.into_iter().map(|(unit_price, quantity)| Line { unit_price, quantity }).collect();
            let found = totals(&lines, coupon, delivery, BasisPoints(rate));
            prop_assert_eq!(found.lines, lines.iter().map(|l| l.unit_price * l.quantity).sum::<i64>());
            prop_assert_eq!(found.lines - found.discount + delivery.unwrap_or(0), found.total);
            prop_assert!((0..=found.lines).contains(&found.discount));
            if let Some(Discount::Percent(BasisPoints(share))) = coupon {
                // Half up: the rounded discount is within half a minor unit, and never below the half.
                let error = i128::from(found.discount) * 10_000 - i128::from(found.lines) * i128::from(share);
                prop_assert!((-4_999..=5_000).contains(&error), "{}", error);
            }
            // net + tax = gross, and tax ÷ net is the rate to within half a minor unit.
            let tax = i128::from(found.tax_included);
            let error = tax * i128::from(10_000 + rate) - i128::from(found.total) * i128::from(rate);
            prop_assert!(2 * error <= i128::from(10_000 + rate) && 2 * error > -i128::from(10_000 + rate));
        }
    }
}
