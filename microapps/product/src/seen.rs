//! What was looked at in this browser, the newest first.

use microapp::State;
use serde::{Deserialize, Serialize};

/// How many are shown beside the one that is looked at.
const MOST: usize = 8;

/// The products by their numbers. Personal: what somebody looks at is theirs, and goes when they sign out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    products: Vec<i64>,
}

impl State for Seen {
    const PERSONAL: bool = true;
    const ENTERED: bool = false;
    /// This product is looked at.
    type Action = i64;

    fn reduce(&mut self, product: i64) {
        self.products.retain(|known| *known != product);
        self.products.insert(0, product);
        self.products.truncate(MOST + 1);
    }
}

impl Seen {
    /// The others.
    pub fn without(&self, product: i64) -> Vec<i64> {
        self.products.iter().copied().filter(|known| *known != product).take(MOST).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_eight_without_the_one_that_is_shown() {
        let check = |looked_at: &[i64], shown: i64, expected: &[i64]| {
            let mut seen = Seen::default();
            looked_at.iter().for_each(|product| seen.reduce(*product));
            assert_eq!(seen.without(shown), expected, "{looked_at:?}");
        };
        check(&[], 1, &[]);
        check(&[1], 1, &[]);
        check(&[1, 2, 3], 3, &[2, 1]);
        check(&[1, 2, 1], 1, &[2]);
        check(&[1, 2, 1], 7, &[1, 2]);
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 10, &[9, 8, 7, 6, 5, 4, 3, 2]);
        check(&[1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 0, &[10, 9, 8, 7, 6, 5, 4, 3]);
    }
}
