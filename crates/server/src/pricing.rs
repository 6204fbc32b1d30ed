//! What a cart costs. Pure: integers in, integers out.
//!
//! Rounding is stated once, in [`half_up`]: half a minor unit goes up. Tax is worked out once, at the end, from all
//! that there is to pay, delivery included: taken out of it where prices include tax, added to it where they do not.

use crate::language::Language;
use contract::shop::{self, money::Money};

/// Minor units of the shop's currency (cents).
pub type Minor = i64;

/// A share in hundredths of a percent: 19 % is 1900.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasisPoints(pub i64);

/// A quantity at a price.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// What one costs.
    pub unit_price: Minor,
    /// How many.
    pub quantity: i64,
    /// Whether the coupon is for it.
    pub discounted: bool,
}

impl Line {
    /// Quantity × unit price.
    pub fn total(self) -> Minor {
        self.unit_price * self.quantity
    }
}

/// What a coupon takes off the lines that it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Discount {
    /// A share of them.
    Percent(BasisPoints),
    /// A fixed amount, at most what they come to.
    Amount(Minor),
    /// Nothing; but delivery is free.
    FreeDelivery,
}

/// Whether tax is part of the prices.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Prices {
    /// Yes.
    #[default]
    Gross,
    /// No: it is added.
    Net,
}

/// The tax of a country.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tax {
    /// How much.
    pub rate: BasisPoints,
    /// Of what.
    pub prices: Prices,
}

impl Tax {
    /// A tax that prices include.
    pub fn included(rate: BasisPoints) -> Self {
        Self { rate, prices: Prices::Gross }
    }
}

/// lines − discount + delivery + `tax_added` = total, and `tax_included` is part of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// The sum of the lines.
    pub lines: Minor,
    /// What the coupon takes off, from 0 to `lines`.
    pub discount: Minor,
    /// Delivery, where it is known yet.
    pub delivery: Option<Minor>,
    /// The tax that is part of the prices.
    pub tax_included: Minor,
    /// The tax that comes on top of them.
    pub tax_added: Minor,
    /// What there is to pay.
    pub total: Minor,
}

/// What `lines` cost with a coupon and a delivery, where `tax` holds.
pub fn totals(lines: &[Line], coupon: Option<Discount>, delivery: Option<Minor>, tax: Tax) -> Totals {
    let sum: Minor = lines.iter().map(|line| line.total()).sum();
    let eligible: Minor = lines.iter().filter(|line| line.discounted).map(|line| line.total()).sum();
    let discount = match coupon {
        None | Some(Discount::FreeDelivery) => 0,
        Some(Discount::Percent(share)) => percent_of(eligible, share),
        Some(Discount::Amount(amount)) => amount,
    }
    .clamp(0, eligible);
    let delivery = if coupon == Some(Discount::FreeDelivery) { delivery.map(|_| 0) } else { delivery };
    let before_tax = sum - discount + delivery.unwrap_or(0);
    let (tax_included, tax_added) = match tax.prices {
        Prices::Gross => (tax_in(before_tax, tax.rate), 0),
        Prices::Net => (0, percent_of(before_tax, tax.rate)),
    };
    Totals { lines: sum, discount, delivery, tax_included, tax_added, total: before_tax + tax_added }
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

    /// An amount for a sentence in the language of the request: `€19.99`.
    pub fn text(self, amount: Minor) -> String {
        Language::now().money(&self.money(amount))
    }

    /// Totals as they travel.
    pub fn totals(self, totals: Totals) -> shop::cart::Totals {
        shop::cart::Totals {
            lines: self.money(totals.lines),
            discount: self.money(totals.discount),
            delivery: totals.delivery.map(|amount| self.money(amount)),
            tax_included: self.money(totals.tax_included),
            tax_added: self.money(totals.tax_added),
            total: self.money(totals.total),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const TAX: Tax = Tax { rate: BasisPoints(1900), prices: Prices::Gross };
    const ADDED: Tax = Tax { prices: Prices::Net, ..TAX };

    fn percent(percent: i64) -> Option<Discount> {
        Some(Discount::Percent(BasisPoints(percent * 100)))
    }

    fn all(lines: &[(Minor, i64)]) -> Vec<Line> {
        let line = |&(unit_price, quantity)| Line { unit_price, quantity, discounted: true };
        lines.iter().map(line).collect()
    }

    #[track_caller]
    fn check(
        lines: &[(Minor, i64)],
        coupon: Option<Discount>,
        delivery: Option<Minor>,
        expected: (Minor, Minor, Minor),
    ) {
        let found = totals(&all(lines), coupon, delivery, TAX);
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
        check(&[(1000, 1)], Some(Discount::FreeDelivery), Some(490), (0, 160, 1000));
    }

    #[test]
    fn tax_that_is_added_comes_on_top_once() {
        let found = totals(&all(&[(1005, 1)]), percent(10), Some(490), ADDED);
        assert_eq!((found.tax_included, found.tax_added, found.total), (0, 265, 904 + 490 + 265));
    }

    #[test]
    fn a_coupon_takes_nothing_off_what_it_is_not_for() {
        let lines = [
            Line { unit_price: 1000, quantity: 1, discounted: false },
            Line { unit_price: 200, quantity: 2, discounted: true },
        ];
        assert_eq!(totals(&lines, percent(50), None, TAX).discount, 200);
        assert_eq!(totals(&lines, Some(Discount::Amount(900)), None, TAX).discount, 400);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 100_000, ..ProptestConfig::default() })]
        #[test]
        fn totals_add_up_for_100_000_random_carts(
            lines in prop::collection::vec((0_i64..=100_000_000, 1_i64..=999, any::<bool>()), 0..12),
            coupon in prop_oneof![
                Just(None),
                Just(Some(Discount::FreeDelivery)),
                (0_i64..=10_000).prop_map(|share| Some(Discount::Percent(BasisPoints(share)))),
                (0_i64..=1_000_000).prop_map(|amount| Some(Discount::Amount(amount))),
            ],
            delivery in prop::option::of(0_i64..=10_000),
            rate in 0_i64..=3_000,
            prices in prop_oneof![Just(Prices::Gross), Just(Prices::Net)],
        ) {
            let line = |(unit_price, quantity, discounted)| Line { unit_price, quantity, discounted };
            let lines: Vec<_> = lines.into_iter().map(line).collect();
            let found = totals(&lines, coupon, delivery, Tax { rate: BasisPoints(rate), prices });
            let sum = |of: &dyn Fn(&&Line) -> bool| {
                lines.iter().filter(of).map(|l| l.unit_price * l.quantity).sum::<i64>()
            };
            let eligible = sum(&|line| line.discounted);
            prop_assert_eq!(found.lines, sum(&|_| true));
            let free = coupon == Some(Discount::FreeDelivery);
            prop_assert_eq!(found.delivery, if free { delivery.map(|_| 0) } else { delivery });
            let before_tax = found.lines - found.discount + found.delivery.unwrap_or(0);
            prop_assert_eq!(before_tax + found.tax_added, found.total);
            prop_assert!(found.total >= 0 && (0..=eligible).contains(&found.discount));
            if let Some(Discount::Percent(BasisPoints(share))) = coupon {
                // Half up: the rounded discount is within half a minor unit, and never below the half.
                let error = i128::from(found.discount) * 10_000 - i128::from(eligible) * i128::from(share);
                prop_assert!((-4_999..=5_000).contains(&error), "{}", error);
            }
            let rate = i128::from(rate);
            match prices {
                Prices::Gross => {
                    // net + tax = gross, and tax ÷ net is the rate to within half a minor unit.
                    prop_assert_eq!(found.tax_added, 0);
                    let error = i128::from(found.tax_included) * (10_000 + rate) - i128::from(found.total) * rate;
                    prop_assert!(2 * error <= 10_000 + rate && 2 * error > -(10_000 + rate));
                }
                Prices::Net => {
                    prop_assert_eq!(found.tax_included, 0);
                    let error = i128::from(found.tax_added) * 10_000 - i128::from(before_tax) * rate;
                    prop_assert!((-4_999..=5_000).contains(&error), "{}", error);
                }
            }
        }
    }
}
