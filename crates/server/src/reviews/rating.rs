//! What reviews come to.

use super::store::CountRow;
use contract::shop::review::Rating;

/// How many have one star, two, three, four, five.
pub fn by_stars(counts: &[CountRow]) -> Vec<i64> {
    let of = |stars| counts.iter().filter(|row| row.stars == stars).map(|row| row.reviews).sum();
    (1..=5).map(of).collect()
}

/// The average, half a tenth rounded up; `None` of nothing.
pub fn rating(by_stars: &[i64]) -> Option<Rating> {
    let count: i64 = by_stars.iter().sum();
    let stars: i64 = by_stars.iter().zip(1..).map(|(reviews, stars)| reviews * stars).sum();
    (count > 0).then(|| Rating { tenths: (20 * stars + count) / (2 * count), count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn averages_are_rounded_to_tenths() {
        let check = |by_stars: [i64; 5], expected: Option<(i64, i64)>| {
            let found = rating(&by_stars).map(|rating| (rating.tenths, rating.count));
            assert_eq!(found, expected, "{by_stars:?}");
        };
        check([0, 0, 0, 0, 0], None);
        check([1, 0, 0, 0, 0], Some((10, 1)));
        check([0, 0, 0, 0, 7], Some((50, 7)));
        check([0, 0, 0, 1, 1], Some((45, 2)));
        check([0, 0, 1, 0, 2], Some((43, 3))); // 4.333…
        check([0, 0, 0, 1, 2], Some((47, 3))); // 4.666…
        check([0, 0, 0, 1, 19], Some((50, 20))); // 4.95
        check([19, 1, 0, 0, 0], Some((11, 20))); // 1.05
    }

    #[test]
    fn counts_stand_in_their_order() {
        let row = |stars, reviews| CountRow { product_id: 1, stars, reviews };
        assert_eq!(by_stars(&[row(5, 3), row(1, 2)]), [2, 0, 0, 0, 3]);
        assert_eq!(by_stars(&[]), [0; 5]);
    }
}
