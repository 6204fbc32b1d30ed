//! What a list shows of a product when only some of its variants were asked for.

use super::store::PriceRow;
use crate::pricing::{Currency, Minor};
use contract::shop::catalogue::ProductSummary;

/// What a product's variants cost that were asked for.
pub struct Offered {
    lowest: Minor,
    highest: Minor,
    /// Of the cheapest.
    compare_at: Option<Minor>,
    in_stock: bool,
}

impl Offered {
    /// Of one variant, without its stock.
    pub fn new(row: &PriceRow) -> Self {
        Self { lowest: row.price, highest: row.price, compare_at: row.compare_at, in_stock: false }
    }

    /// One more variant.
    pub fn add(&mut self, row: &PriceRow) {
        if row.price < self.lowest {
            (self.lowest, self.compare_at) = (row.price, row.compare_at);
        }
        self.highest = self.highest.max(row.price);
        self.in_stock |= row.stock > 0;
    }

    /// A list shows them in place of what all variants cost.
    pub fn put_on(&self, item: &mut ProductSummary, currency: Currency) {
        item.price = currency.money(self.lowest);
        item.from = self.lowest != self.highest;
        item.compare_at = self.compare_at.map(|amount| currency.money(amount));
        item.in_stock = self.in_stock;
    }
}
