//! Which release a visitor gets: the same answer on every page view, without a server.

/// Mixed into every draw, so that our numbers are nobody else's. It never changes.
const SALT: &str = "menagerie-rollout-1";

/// A number in `0.0..100.0` that stays the same for a visitor and an app, evenly spread over visitors.
///
/// FNV-1a over `visitor ␟ app ␟ salt`, finished with the 64-bit mixer of MurmurHash3 (its `fmix64`),
/// since FNV alone leaves the high bits of short inputs uneven.
pub fn draw(visitor: &str, app: &str) -> f64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for part in [visitor, app, SALT] {
        for byte in part.bytes().chain([0x1f]) {
            hash ^= u64::from(byte);
            hash = hash.wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash ^= hash >> 33;
    hash = hash.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^= hash >> 33;
    // The upper 53 bits are what a double holds without rounding.
    (hash >> 11) as f64 * (100.0 / 9_007_199_254_740_992.0)
}

/// Which of the releases `visitor` gets, as an index into their `percents`. The newest release comes last and takes
/// the low draws, so raising its percentage never takes it away from anyone.
pub fn pick(visitor: &str, app: &str, percents: &[f64]) -> usize {
    let draw = draw(visitor, app);
    let mut upto = 0.0;
    for (index, percent) in percents.iter().enumerate().rev() {
        upto += percent;
        if draw < upto {
            return index;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_percent_is_ten_percent() {
        let hits = (0..100_000).filter(|i| pick(&format!("visitor-{i}"), "cart", &[90.0, 10.0]) == 1).count();
        assert!((9_700..=10_300).contains(&hits), "{hits}");
    }

    #[test]
    fn raising_the_percentage_takes_the_release_from_nobody() {
        for i in 0..10_000 {
            let visitor = format!("{i:x}");
            if pick(&visitor, "cart", &[95.0, 5.0]) == 1 {
                assert_eq!(pick(&visitor, "cart", &[50.0, 50.0]), 1, "{visitor}");
            }
        }
    }

    #[test]
    fn apps_draw_apart() {
        let both = (0..100_000)
            .filter(|i| draw(&i.to_string(), "cart") < 10.0 && draw(&i.to_string(), "home") < 10.0);
        let both = both.count();
        assert!((800..=1_200).contains(&both), "{both}");
    }
}
