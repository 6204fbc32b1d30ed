//! What is in a cart now, given what was put in and what the catalogue has today. Pure.

use crate::{
    catalogue::Offer,
    language::t_with,
    pricing::{self, Currency, Minor},
    terms::Coupon,
};
use contract::shop::cart::{LineItem, Notice};
use serde::Serialize;

/// The most of one variant.
pub const MOST_PIECES: i64 = 999;
/// The most lines.
pub const MOST_LINES: usize = 100;

/// A line as it was when the shopper last saw it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, sqlx::FromRow)]
pub struct Remembered {
    /// The variant.
    pub variant_id: i64,
    /// How many of it.
    pub quantity: i64,
    /// The product's name then.
    pub title: String,
    /// What one cost then.
    pub price: Minor,
}

/// A line as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What the catalogue has.
    pub offer: Offer,
    /// How many of it, from 1, at most what there is.
    pub quantity: i64,
}

impl Line {
    /// To remember what the shopper saw.
    pub fn remember(&self) -> Remembered {
        Remembered {
            variant_id: self.offer.variant_id,
            quantity: self.quantity,
            title: self.offer.title.clone(),
            price: self.offer.price,
        }
    }

    /// Quantity × unit price.
    pub fn total(&self) -> Minor {
        self.offer.price * self.quantity
    }

    /// Whether a coupon is for it.
    pub fn is_for(&self, coupon: &Coupon) -> bool {
        coupon.scope.has(&self.offer.handle, &self.offer.category)
    }

    /// For computing, with a coupon.
    pub fn priced(&self, coupon: Option<&Coupon>) -> pricing::Line {
        pricing::Line {
            unit_price: self.offer.price,
            quantity: self.quantity,
            discounted: coupon.is_some_and(|coupon| self.is_for(coupon)),
        }
    }

    /// As it travels.
    pub fn wire(&self, currency: Currency) -> LineItem {
        LineItem {
            variant_id: self.offer.variant_id,
            product_id: self.offer.product_id,
            title: self.offer.title.clone(),
            options: self.offer.options.clone(),
            picture: self.offer.picture.clone(),
            quantity: self.quantity,
            stock: self.offer.stock,
            unit_price: currency.money(self.offer.price),
            total: currency.money(self.total()),
        }
    }
}

/// Brings remembered lines up to today, and says what changed.
pub fn settle(remembered: &[Remembered], offers: &[Offer], currency: Currency) -> (Vec<Line>, Vec<Notice>) {
    let mut lines = Vec::new();
    let mut notices = Vec::new();
    for old in remembered {
        let mut tell = |message: String| {
            notices.push(Notice { variant_id: Some(old.variant_id), message });
        };
        let Some(offer) = offers.iter().find(|offer| offer.variant_id == old.variant_id) else {
            tell(t_with(
                "{name} is no longer in the shop and was taken out of the cart.",
                &[("name", &old.title)],
            ));
            continue;
        };
        let name = name(offer);
        if offer.stock == 0 {
            tell(t_with("{name} is sold out and was taken out of the cart.", &[("name", &name)]));
            continue;
        }
        let quantity = old.quantity.min(offer.stock).min(MOST_PIECES);
        if quantity < old.quantity {
            let (now, before) = (quantity.to_string(), old.quantity.to_string());
            tell(t_with(
                "Only {n} of {name} can be had; the cart has {n} now instead of {before}.",
                &[("n", &now), ("name", &name), ("before", &before)],
            ));
        }
        if offer.price != old.price {
            let (before, now) = (currency.text(old.price), currency.text(offer.price));
            tell(t_with(
                "The price of {name} changed from {before} to {now}.",
                &[("name", &name), ("before", &before), ("now", &now)],
            ));
        }
        lines.push(Line { offer: offer.clone(), quantity });
    }
    (lines, notices)
}

/// `Cosy bed (Navy, M)`
pub fn name(offer: &Offer) -> String {
    if offer.options.is_empty() {
        offer.title.clone()
    } else {
        format!("{} ({})", offer.title, offer.options)
    }
}

/// The lines of two carts in one: what is in both is added up. Capping is left to [`settle`].
pub fn merge(mut ours: Vec<Remembered>, theirs: Vec<Remembered>) -> Vec<Remembered> {
    for line in theirs {
        match ours.iter_mut().find(|known| known.variant_id == line.variant_id) {
            Some(known) => known.quantity += line.quantity,
            None => ours.push(line),
        }
    }
    ours
}

#[cfg(test)]
mod tests {
    use super::*;

    fn offer(variant_id: i64, price: Minor, stock: i64) -> Offer {
        Offer {
            variant_id,
            product_id: 1,
            title: "Bed".to_owned(),
            options: "Navy".to_owned(),
            picture: None,
            price,
            stock,
            grams: 0,
            handle: "bed".to_owned(),
            category: "beds".to_owned(),
        }
    }

    fn old(variant_id: i64, quantity: i64, price: Minor) -> Remembered {
        Remembered { variant_id, quantity, title: "Bed".to_owned(), price }
    }

    #[track_caller]
    fn check(remembered: &[Remembered], offers: &[Offer], expected: &[(i64, i64)], notices: &[&str]) {
        let (lines, told) = settle(remembered, offers, Currency::parse("EUR").unwrap());
        let lines: Vec<_> = lines.iter().map(|line| (line.offer.variant_id, line.quantity)).collect();
        assert_eq!(lines, expected);
        let told: Vec<_> = told.into_iter().map(|notice| notice.message).collect();
        assert_eq!(told, notices);
    }

    #[test]
    fn what_changed_is_told() {
        check(&[old(1, 2, 500)], &[offer(1, 500, 5)], &[(1, 2)], &[]);
        check(
            &[old(1, 7, 500)],
            &[offer(1, 500, 5)],
            &[(1, 5)],
            &["Only 5 of Bed (Navy) can be had; the cart has 5 now instead of 7."],
        );
        check(
            &[old(1, 1, 500)],
            &[offer(1, 450, 5)],
            &[(1, 1)],
            &["The price of Bed (Navy) changed from €5.00 to €4.50."],
        );
        check(
            &[old(1, 1, 500)],
            &[offer(1, 500, 0)],
            &[],
            &["Bed (Navy) is sold out and was taken out of the cart."],
        );
        check(&[old(1, 1, 500)], &[], &[], &["Bed is no longer in the shop and was taken out of the cart."]);
        check(
            &[old(1, 2_000, 500)],
            &[offer(1, 500, 5_000)],
            &[(1, 999)],
            &["Only 999 of Bed (Navy) can be had; the cart has 999 now instead of 2000."],
        );
    }

    #[test]
    fn carts_are_added_up() {
        let merged = merge(vec![old(1, 2, 500), old(2, 1, 100)], vec![old(2, 3, 100), old(3, 1, 9)]);
        let merged: Vec<_> = merged.into_iter().map(|line| (line.variant_id, line.quantity)).collect();
        assert_eq!(merged, [(1, 2), (2, 4), (3, 1)]);
    }
}
