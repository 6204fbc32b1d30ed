//! How often somebody may try a password: counted before anything is computed, per account and per address.
//!
//! Counted in memory: a restart forgives, and nothing is written for whoever only tries.

use governor::{
    Quota, RateLimiter, clock::Clock as _, clock::DefaultClock, state::keyed::DefaultKeyedStateStore,
};
use std::{hash::Hash, net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

type Limiter<K> = RateLimiter<K, DefaultKeyedStateStore<K>, DefaultClock>;

/// Counts attempts.
#[derive(Clone)]
pub struct Throttle {
    accounts: Arc<Limiter<String>>,
    addresses: Arc<Limiter<IpAddr>>,
}

/// Too many attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMany {
    /// When it is worth trying again.
    pub retry_after: Duration,
}

/// At most this many attempts at once on one account, then one every [`ACCOUNT_PACE`].
const ACCOUNT_BURST: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
const ACCOUNT_PACE: Duration = Duration::from_secs(30);
/// An address can be a whole office.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const ADDRESS_PACE: Duration = Duration::from_secs(2);

impl Throttle {
    /// Nobody has tried yet.
    pub fn new() -> Self {
        Self {
            accounts: Arc::new(limiter(ACCOUNT_BURST, ACCOUNT_PACE)),
            addresses: Arc::new(limiter(ADDRESS_BURST, ADDRESS_PACE)),
        }
    }

    /// Counts an attempt on an account, whether there is such an account or not.
    pub fn attempt(&self, account: &str, address: IpAddr) -> Result<(), TooMany> {
        check(&self.addresses, &address)?;
        check(&self.accounts, &account.to_owned())
    }

    /// Forgets those who may try again anyway.
    pub fn sweep(&self) {
        self.accounts.retain_recent();
        self.addresses.retain_recent();
    }
}

fn limiter<K: Hash + Eq + Clone>(burst: NonZeroU32, pace: Duration) -> Limiter<K> {
    // `with_period` refuses nothing but a period of zero.
    let quota = Quota::with_period(pace).unwrap_or(Quota::per_minute(burst));
    RateLimiter::dashmap(quota.allow_burst(burst))
}

fn check<K: Hash + Eq + Clone>(limiter: &Limiter<K>, key: &K) -> Result<(), TooMany> {
    limiter
        .check_key(key)
        .map_err(|refused| TooMany { retry_after: refused.wait_time_from(DefaultClock::default().now()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_slow_for_everybody_an_address_for_every_account() {
        let throttle = Throttle::new();
        let address = |n: u8| IpAddr::from([198, 51, 100, n]);
        for n in 0..10 {
            assert_eq!(throttle.attempt("a@example.org", address(n)), Ok(()));
        }
        let refused = throttle.attempt("a@example.org", address(99)).unwrap_err();
        assert!(refused.retry_after > Duration::from_secs(20), "{refused:?}");
        assert_eq!(throttle.attempt("b@example.org", address(1)), Ok(()));
        let tries = (0..100).filter(|n| throttle.attempt(&format!("{n}@example.org"), address(200)).is_ok());
        assert_eq!(tries.count(), 60);
    }
}
