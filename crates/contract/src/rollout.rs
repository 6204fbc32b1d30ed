//! Which release a visitor gets: the same answer on every page view, without a server.

use crate::manifest::Share;

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

/// The share that `visitor` gets. The newest release comes last and takes the low draws, so raising
/// its percentage never takes it away from anyone.
pub fn pick<'a>(visitor: &str, app: &str, releases: &'a [Share]) -> Option<&'a Share> {
    let draw = draw(visitor, app);
    let mut upto = 0.0;
    for share in releases.iter().rev() {
        upto += share.percent;
        if draw < upto {
            return Some(share);
        }
    }
    releases.first()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{manifest::Placed, release::Release};

    fn share(percent: f64, version: &str) -> Share {
        let release: Release = serde_json::from_value(serde_json::json!({
            "contract": 1, "name": "cart", "version": version, "entry": "cart.js", "title": "Cart", "files": {}
        }))
        .unwrap();
        Share { percent, placed: Placed { base: format!("/apps/cart/{version}/"), release } }
    }

    fn version(visitor: &str, releases: &[Share]) -> String {
        pick(visitor, "cart", releases).unwrap().placed.release.version.clone()
    }

    #[test]
    fn ten_percent_is_ten_percent() {
        let releases = [share(90.0, "1.0.0"), share(10.0, "2.0.0")];
        let hits = (0..100_000).filter(|i| version(&format!("visitor-{i}"), &releases) == "2.0.0").count();
        assert!((9_700..=10_300).contains(&hits), "{hits}");
    }

    #[test]
    fn raising_the_percentage_takes_the_release_from_nobody() {
        let early = [share(95.0, "1.0.0"), share(5.0, "2.0.0")];
        let late = [share(50.0, "1.0.0"), share(50.0, "2.0.0")];
        for i in 0..10_000 {
            let visitor = format!("{i:x}");
            if version(&visitor, &early) == "2.0.0" {
                assert_eq!(version(&visitor, &late), "2.0.0", "{visitor}");
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
