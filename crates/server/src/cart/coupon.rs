//! Coupons: what they take off, and when.

use crate::pricing::{BasisPoints, Currency, Discount, Minor};
use contract::shop;

/// A coupon as it is kept.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct CouponRow {
    pub code: String,
    pub percent: Option<i64>,
    pub amount: Option<Minor>,
    pub minimum: Minor,
    pub most_uses: Option<i64>,
    pub uses: i64,
}

impl CouponRow {
    /// What it takes off.
    pub fn discount(&self) -> Discount {
        match self.percent {
            Some(percent) => Discount::Percent(BasisPoints(percent)),
            None => Discount::Amount(self.amount.unwrap_or(0)),
        }
    }

    /// Why it does not count for lines of this sum. `None` when it does.
    pub fn objection(&self, lines: Minor, currency: Currency) -> Option<String> {
        if self.most_uses.is_some_and(|most| self.uses >= most) {
            Some(format!("The coupon {} was used as often as it may be.", self.code))
        } else if lines < self.minimum {
            let minimum = currency.text(self.minimum);
            Some(format!("The coupon {} counts from {minimum} on.", self.code))
        } else {
            None
        }
    }

    /// As it travels.
    pub fn wire(&self, currency: Currency) -> shop::cart::Coupon {
        let label = match self.discount() {
            Discount::Percent(BasisPoints(points)) if points % 100 == 0 => format!("{} % off", points / 100),
            Discount::Percent(BasisPoints(points)) => format!("{}.{:02} % off", points / 100, points % 100),
            Discount::Amount(amount) => format!("{} off", currency.text(amount)),
        };
        shop::cart::Coupon { code: self.code.clone(), label }
    }
}

/// A code as it is kept: case and blanks do not count.
pub fn normalise(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_uppercase).collect()
}
