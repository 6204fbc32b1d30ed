//! Bands of prices, with counts.

use crate::pricing::Minor;
use contract::shop::catalogue::PriceBand;

/// Where bands end, in minor units: amounts that people think in.
const ENDS: [Minor; 8] = [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000];

/// The prices of what was found, product by product: a product counts once in each band that it has a variant in.
#[derive(Clone, Debug, Default)]
pub struct Prices {
    /// Lowest and highest.
    range: Option<(Minor, Minor)>,
    counts: [i64; ENDS.len() + 1],
    /// The bands of the product at hand, a bit for each.
    bands: u16,
    /// The price seen last: most variants of a product cost the same.
    last: Option<Minor>,
}

impl Prices {
    /// A variant of the product at hand.
    pub fn see(&mut self, price: Minor) {
        if self.last == Some(price) {
            return;
        }
        self.last = Some(price);
        let (lowest, highest) = self.range.unwrap_or((price, price));
        self.range = Some((lowest.min(price), highest.max(price)));
        self.bands |= bands_of(price);
    }

    /// On to the next product.
    pub fn next(&mut self) {
        self.last = None;
        let bands = std::mem::take(&mut self.bands);
        if bands != 0 {
            for (place, count) in self.counts.iter_mut().enumerate() {
                *count += i64::from(bands >> place & 1);
            }
        }
    }

    /// Lowest and highest price; 0 when there is none.
    pub fn range(&self) -> (Minor, Minor) {
        self.range.unwrap_or_default()
    }

    /// The bands that have products.
    pub fn bands(&self) -> Vec<PriceBand> {
        let starts = std::iter::once(0).chain(ENDS);
        let ends = ENDS.into_iter().map(Some).chain([None]);
        let bands =
            starts.zip(ends).zip(self.counts).map(|((min, max), count)| PriceBand { min, max, count });
        bands.filter(|band| band.count > 0).collect()
    }
}

/// A price at an end is in both bands, as it is when either is asked for.
fn bands_of(price: Minor) -> u16 {
    let within = |lowest: Minor, highest: Minor| u16::from(price >= lowest && price <= highest);
    let mut start = 0;
    let mut bands = 0;
    for (place, end) in ENDS.into_iter().chain([Minor::MAX]).enumerate() {
        bands |= within(start, end) << place;
        start = end;
    }
    bands
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_of_prices() {
        // The prices of each product's variants.
        let check = |products: &[&[Minor]],
                     range: (Minor, Minor),
                     expected: &[(Minor, Option<Minor>, i64)]| {
            let mut prices = Prices::default();
            for product in products {
                product.iter().for_each(|price| prices.see(*price));
                prices.next();
            }
            let bands: Vec<_> = prices.bands().iter().map(|band| (band.min, band.max, band.count)).collect();
            assert_eq!((prices.range(), &*bands), (range, expected), "{products:?}");
        };
        check(&[], (0, 0), &[]);
        check(&[&[]], (0, 0), &[]);
        check(&[&[0], &[999]], (0, 999), &[(0, Some(1_000), 2)]);
        check(&[&[1_000]], (1_000, 1_000), &[(0, Some(1_000), 1), (1_000, Some(2_500), 1)]);
        check(&[&[1_001], &[500_001]], (1_001, 500_001), &[(1_000, Some(2_500), 1), (500_000, None, 1)]);
        // One product, twice in one band and once in another.
        check(&[&[100, 900, 3_000]], (100, 3_000), &[(0, Some(1_000), 1), (2_500, Some(5_000), 1)]);
        // The same price again in the next product.
        check(&[&[700, 700], &[700]], (700, 700), &[(0, Some(1_000), 2)]);
    }
}
