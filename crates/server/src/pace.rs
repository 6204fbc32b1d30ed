//! How often somebody may do something: so many at once, then one at a time.
//!
//! Counted in memory: a restart forgives, and nothing is written for whoever only tries.

use governor::{
    Quota, RateLimiter, clock::Clock as _, clock::DefaultClock, state::keyed::DefaultKeyedStateStore,
};
use std::{
    hash::Hash,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

/// So many new keys, and those who may go on anyway are forgotten at once: keys are what strangers type.
const MANY: usize = 50_000;

/// Counts by key.
pub struct Pace<K: Hash + Eq + Clone> {
    counts: RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>,
    /// How many keys are enough for a look at them.
    full: AtomicUsize,
}

/// Too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// When it is worth trying again.
    pub retry_after: Duration,
}

impl<K: Hash + Eq + Clone> Pace<K> {
    /// `burst` at once, then one every `pace`.
    pub fn new(burst: NonZeroU32, pace: Duration) -> Self {
        // `with_period` refuses nothing but a period of zero.
        let quota = Quota::with_period(pace).unwrap_or(Quota::per_minute(burst));
        Self::of(quota.allow_burst(burst))
    }

    /// `most` a minute, all of them at once if need be.
    pub fn per_minute(most: NonZeroU32) -> Self {
        Self::of(Quota::per_minute(most))
    }

    fn of(quota: Quota) -> Self {
        Self { counts: RateLimiter::dashmap(quota), full: AtomicUsize::new(MANY) }
    }

    /// Counts one.
    pub fn check(&self, key: &K) -> Result<(), TooMany> {
        let counted = self.counts.check_key(key);
        self.make_room();
        counted
            .map_err(|refused| TooMany { retry_after: refused.wait_time_from(DefaultClock::default().now()) })
    }

    fn make_room(&self) {
        let full = self.full.load(Ordering::Relaxed);
        let is_full = self.counts.len() >= full;
        // One does it for all who come meanwhile.
        let is_ours =
            || self.full.compare_exchange(full, usize::MAX, Ordering::Relaxed, Ordering::Relaxed).is_ok();
        if is_full && is_ours() {
            self.sweep();
        }
    }

    /// Forgets those who may go on anyway.
    pub fn sweep(&self) {
        self.counts.retain_recent();
        self.full.store(self.counts.len() + MANY, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_somebody_makes_up_take_no_room_for_long() {
        let pace = Pace::new(NonZeroU32::MIN, Duration::from_nanos(1));
        for key in 0..4 * MANY {
            assert_eq!(pace.check(&key), Ok(()));
        }
        assert!(pace.counts.len() < 2 * MANY, "{}", pace.counts.len());
    }

    #[test]
    fn who_has_to_wait_is_not_forgotten_for_those_who_come_after() {
        let pace = Pace::new(NonZeroU32::MIN, Duration::from_secs(3600));
        for key in 0..2 * MANY {
            assert_eq!(pace.check(&key), Ok(()));
        }
        assert!(pace.check(&0).is_err());
    }
}
