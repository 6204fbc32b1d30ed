//! Bands of prices, with counts.

use crate::pricing::Minor;
use contract::shop::catalogue::PriceBand;

/// Where bands end, in minor units: amounts that people think in.
const ENDS: [Minor; 8] = [1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 500_000];

/// The bands that have products. A price at an end is in both bands, as it is when either is asked for.
pub fn bands(prices: &[Minor]) -> Vec<PriceBand> {
    let starts = std::iter::once(0).chain(ENDS);
    let ends = ENDS.into_iter().map(Some).chain([None]);
    let bands = starts.zip(ends).map(|(min, max)| {
        let within = |price: &&Minor| **price >= min && max.is_none_or(|max| **price <= max);
        PriceBand { min, max, count: i64::try_from(prices.iter().filter(within).count()).unwrap_or(i64::MAX) }
    });
    bands.filter(|band| band.count > 0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bands_of_prices() {
        let check = |prices: &[Minor], expected: &[(Minor, Option<Minor>, i64)]| {
            let bands = bands(prices);
            let bands: Vec<_> = bands.iter().map(|band| (band.min, band.max, band.count)).collect();
            assert_eq!(bands, expected);
        };
        check(&[], &[]);
        check(&[0, 999], &[(0, Some(1_000), 2)]);
        check(&[1_000], &[(0, Some(1_000), 1), (1_000, Some(2_500), 1)]);
        check(&[1_001, 500_001], &[(1_000, Some(2_500), 1), (500_000, None, 1)]);
    }
}
