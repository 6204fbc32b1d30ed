//! Coupons: what they take off, from what, and when.

use super::amount::Hundredths;
use crate::{
    clock::Millis,
    language::{Language, t, t_with},
    pricing::{BasisPoints, Currency, Discount, Minor},
};
use contract::shop;
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use serde::Deserialize;

/// A coupon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coupon {
    /// As [`normalise`] writes it.
    pub code: String,
    /// What it takes off.
    pub discount: Discount,
    /// From what.
    pub scope: Scope,
    /// What the lines that it is for must come to.
    pub minimum: Minor,
    /// How often it may be used in all.
    pub uses: Option<i64>,
    /// How often one customer may use it.
    pub per_customer: Option<i64>,
    /// For those who have ordered nothing yet.
    pub first_order: bool,
    /// When it begins.
    pub from: Option<Millis>,
    /// When it is over.
    pub until: Option<Millis>,
}

/// What a coupon is for. Empty: for everything.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    products: Vec<String>,
    categories: Vec<String>,
}

impl Scope {
    /// Whether it is for a product, by handle and category.
    pub fn has(&self, handle: &str, category: &str) -> bool {
        self.is_everything()
            || self.products.iter().any(|product| product == handle)
            || self.categories.iter().any(|known| known == category)
    }

    fn is_everything(&self) -> bool {
        self.products.is_empty() && self.categories.is_empty()
    }
}

impl Coupon {
    /// A share of everything, for everybody.
    pub fn percent(code: &str, share: BasisPoints) -> Self {
        Self {
            code: code.to_owned(),
            discount: Discount::Percent(share),
            scope: Scope::default(),
            minimum: 0,
            uses: None,
            per_customer: None,
            first_order: false,
            from: None,
            until: None,
        }
    }

    /// Whether its time is over: it never counts again.
    pub fn is_over(&self, now: Millis) -> bool {
        self.until.is_some_and(|until| now >= until)
    }

    /// Why it does not count for lines of which those that it is for come to `eligible`. `None` when it does.
    pub fn objection(&self, eligible: Option<Minor>, now: Millis, currency: Currency) -> Option<String> {
        let code = &self.code;
        if self.from.is_some_and(|from| now < from) {
            return Some(t_with("The coupon {code} does not count yet.", &[("code", code)]));
        }
        if self.is_over(now) {
            return Some(t_with("The coupon {code} is over.", &[("code", code)]));
        }
        match eligible {
            None => Some(t_with("The coupon {code} is for nothing that is in the cart.", &[("code", code)])),
            Some(sum) if sum < self.minimum => {
                let sentence = match self.scope.is_everything() {
                    true => "The coupon {code} counts from {sum} on.",
                    false => "The coupon {code} counts from {sum} of what it is for on.",
                };
                Some(t_with(sentence, &[("code", code), ("sum", &currency.text(self.minimum))]))
            }
            Some(_) => None,
        }
    }

    /// The sentence for one that was used up.
    pub fn used_up(&self) -> String {
        t_with("The coupon {code} was used as often as it may be.", &[("code", &self.code)])
    }

    /// As it travels.
    pub fn wire(&self, currency: Currency) -> shop::cart::Coupon {
        let label = match self.discount {
            Discount::Percent(share) => t_with("{n} % off", &[("n", &Language::now().percent(share.0))]),
            Discount::Amount(amount) => t_with("{sum} off", &[("sum", &currency.text(amount))]),
            Discount::FreeDelivery => t("free delivery"),
        };
        let label = match self.scope.is_everything() {
            true => label,
            false => t_with("{label} some products", &[("label", &label)]),
        };
        shop::cart::Coupon { code: self.code.clone(), label }
    }
}

/// A code as it is kept: case and blanks do not count.
pub fn normalise(code: &str) -> String {
    code.chars().filter(|c| !c.is_whitespace() && !c.is_control()).flat_map(char::to_uppercase).collect()
}

/// A coupon as the owner writes it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    code: String,
    percent: Option<Hundredths>,
    amount: Option<Hundredths>,
    #[serde(default)]
    free_delivery: bool,
    #[serde(default)]
    products: Vec<String>,
    #[serde(default)]
    categories: Vec<String>,
    minimum: Option<Hundredths>,
    uses: Option<i64>,
    per_customer: Option<i64>,
    #[serde(default)]
    first_order: bool,
    from: Option<String>,
    until: Option<String>,
}

/// The coupons, checked.
pub fn read(entries: Vec<Entry>) -> Result<Vec<Coupon>, String> {
    let mut coupons: Vec<Coupon> = Vec::new();
    for (at, entry) in entries.into_iter().enumerate() {
        let coupon = entry.coupon().map_err(|message| format!("coupons[{at}]{message}"))?;
        if coupons.iter().any(|known| known.code == coupon.code) {
            return Err(format!("coupons[{at}].code: `{}` stands twice", coupon.code));
        }
        coupons.push(coupon);
    }
    Ok(coupons)
}

impl Entry {
    fn coupon(self) -> Result<Coupon, String> {
        let code = normalise(&self.code);
        if !(1..=40).contains(&code.chars().count()) {
            return Err(".code: 1 to 40 characters".to_owned());
        }
        let discount = match (self.percent, self.amount, self.free_delivery) {
            (Some(Hundredths(share)), None, false) if (1..=10_000).contains(&share) => {
                Discount::Percent(BasisPoints(share))
            }
            (Some(_), None, false) => return Err(".percent: above 0, at most 100".to_owned()),
            (None, Some(Hundredths(0)), false) => return Err(".amount: above 0".to_owned()),
            (None, Some(Hundredths(amount)), false) => Discount::Amount(amount),
            (None, None, true) => Discount::FreeDelivery,
            _ => return Err(": one of percent, amount and free_delivery".to_owned()),
        };
        for (field, limit) in [("uses", self.uses), ("per_customer", self.per_customer)] {
            if limit.is_some_and(|limit| limit < 1) {
                return Err(format!(".{field}: at least 1"));
            }
        }
        let from = self.from.map(|text| moment("from", &text, Day::First)).transpose()?;
        let until = self.until.map(|text| moment("until", &text, Day::Last)).transpose()?;
        if until.is_some_and(|until| from.is_some_and(|from| until <= from)) {
            return Err(".until: it lies before `from`".to_owned());
        }
        Ok(Coupon {
            code,
            discount,
            scope: Scope { products: self.products, categories: self.categories },
            minimum: self.minimum.map_or(0, |amount| amount.0),
            uses: self.uses,
            // A first order there is once: also of two at the same time.
            per_customer: if self.first_order { Some(1) } else { self.per_customer },
            first_order: self.first_order,
            from,
            until,
        })
    }
}

enum Day {
    First,
    Last,
}

/// `2026-12-24`, a whole day in UTC, or `2026-12-24T18:00:00+01:00`.
fn moment(field: &str, text: &str, day: Day) -> Result<Millis, String> {
    if let Ok(timestamp) = text.parse::<Timestamp>() {
        return Ok(timestamp.as_millisecond());
    }
    let days = match day {
        Day::First => 0,
        Day::Last => 1,
    };
    let wrong = || format!(".{field}: `{text}` is neither 2026-12-24 nor 2026-12-24T18:00:00+01:00");
    // A date may be read out of more than a date: of a moment without an offset nobody knows when it is.
    if text.len() != "2026-12-24".len() {
        return Err(wrong());
    }
    let date = text.parse::<Date>().and_then(|date| date.checked_add(days.days()));
    date.and_then(|date| date.to_zoned(TimeZone::UTC))
        .map(|zoned| zoned.timestamp().as_millisecond())
        .map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(coupon: &Coupon, eligible: Option<Minor>, now: Millis, expected: Option<&str>) {
        let found = coupon.objection(eligible, now, Currency::parse("EUR").unwrap());
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn why_a_coupon_does_not_count() {
        let plain = Coupon::percent("A", BasisPoints(1000));
        check(&plain, Some(0), 0, None);
        let coupon = Coupon { minimum: 500, from: Some(100), until: Some(200), ..plain };
        check(&coupon, Some(500), 99, Some("The coupon A does not count yet."));
        check(&coupon, Some(500), 100, None);
        check(&coupon, Some(500), 199, None);
        check(&coupon, Some(500), 200, Some("The coupon A is over."));
        check(&coupon, Some(499), 100, Some("The coupon A counts from €5.00 on."));
        let scope = Scope { products: vec!["bed".to_owned()], categories: Vec::new() };
        let coupon = Coupon { scope, ..coupon };
        check(&coupon, None, 100, Some("The coupon A is for nothing that is in the cart."));
        check(&coupon, Some(499), 100, Some("The coupon A counts from €5.00 of what it is for on."));
    }

    #[test]
    fn what_a_coupon_is_for() {
        let scope = |products: &[&str], categories: &[&str]| Scope {
            products: products.iter().map(|text| (*text).to_owned()).collect(),
            categories: categories.iter().map(|text| (*text).to_owned()).collect(),
        };
        for (scope, expected) in [
            (scope(&[], &[]), true),
            (scope(&["bed"], &[]), true),
            (scope(&[], &["dogs"]), true),
            (scope(&["ball"], &["dogs"]), true),
            (scope(&["ball"], &[]), false),
            (scope(&[], &["cats"]), false),
        ] {
            assert_eq!(scope.has("bed", "dogs"), expected, "{scope:?}");
        }
    }
}
