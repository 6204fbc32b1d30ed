//! How often somebody may do something: so many at once, then one at a time.
//!
//! Counted in memory: a restart forgives, and nothing is written for whoever only tries.

use governor::{
    Quota, RateLimiter, clock::Clock as _, clock::DefaultClock, state::keyed::DefaultKeyedStateStore,
};
use std::{hash::Hash, num::NonZeroU32, time::Duration};

/// Counts by key.
pub struct Pace<K: Hash + Eq + Clone>(RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>);

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
        Self(RateLimiter::dashmap(quota.allow_burst(burst)))
    }

    /// `most` a minute, all of them at once if need be.
    pub fn per_minute(most: NonZeroU32) -> Self {
        Self(RateLimiter::dashmap(Quota::per_minute(most)))
    }

    /// Counts one.
    pub fn check(&self, key: &K) -> Result<(), TooMany> {
        self.0
            .check_key(key)
            .map_err(|refused| TooMany { retry_after: refused.wait_time_from(DefaultClock::default().now()) })
    }

    /// Forgets those who may go on anyway.
    pub fn sweep(&self) {
        self.0.retain_recent();
    }
}
