//! How often somebody may try a password: counted before anything is computed, per account and per address.
//!
//! Counted in memory: a restart forgives, and nothing is written for whoever only tries.

use crate::pace::{Pace, TooMany};
use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

/// Counts attempts.
#[derive(Clone)]
pub struct Throttle {
    accounts: Arc<Pace<String>>,
    addresses: Arc<Pace<IpAddr>>,
}

/// At most this many attempts at once on one account, then one every [`ACCOUNT_PACE`].
const ACCOUNT_BURST: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
const ACCOUNT_PACE: Duration = Duration::from_secs(30);
/// An address can be a whole office.
const ADDRESS_BURST: NonZeroU32 = NonZeroU32::new(60).expect("not zero");
const ADDRESS_PACE: Duration = Duration::from_secs(2);
/// At most this many mails at once to one address, then one every [`LETTER_PACE`].
const LETTER_BURST: NonZeroU32 = NonZeroU32::new(3).expect("not zero");
const LETTER_PACE: Duration = Duration::from_secs(10 * 60);
/// The same of mails about changes to an account.
const NOTICE_BURST: NonZeroU32 = NonZeroU32::new(10).expect("not zero");

impl Throttle {
    /// Nobody has tried yet.
    pub fn new() -> Self {
        Self {
            accounts: Arc::new(Pace::new(ACCOUNT_BURST, ACCOUNT_PACE)),
            addresses: Arc::new(Pace::new(ADDRESS_BURST, ADDRESS_PACE)),
        }
    }

    /// For mails that anybody can have sent to an address.
    pub fn for_letters() -> Self {
        Self::of_letters(LETTER_BURST)
    }

    /// For mails about changes that somebody who is signed in makes: nobody has said that the address is theirs.
    pub fn for_notices() -> Self {
        Self::of_letters(NOTICE_BURST)
    }

    fn of_letters(burst: NonZeroU32) -> Self {
        Self {
            accounts: Arc::new(Pace::new(burst, LETTER_PACE)),
            addresses: Arc::new(Pace::new(ADDRESS_BURST, ADDRESS_PACE)),
        }
    }

    /// Counts an attempt on an account, whether there is such an account or not.
    pub fn attempt(&self, account: &str, address: IpAddr) -> Result<(), TooMany> {
        self.attempt_from(address)?;
        self.accounts.check(&account.to_owned())
    }

    /// Counts an attempt that names no account.
    pub fn attempt_from(&self, address: IpAddr) -> Result<(), TooMany> {
        self.addresses.check(&address)
    }

    /// Forgets those who may try again anyway.
    pub fn sweep(&self) {
        self.accounts.sweep();
        self.addresses.sweep();
    }
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
