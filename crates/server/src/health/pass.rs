//! What comes signed with a page, and what is kept of visitors and addresses: all made with one key.

use crate::{
    clock::Millis,
    secret::{hex, unhex},
};
use hmac::{Hmac, Mac as _, digest::KeyInit};
use sha2::{Digest as _, Sha256};
use std::net::IpAddr;

/// How long one page's token is the same as the next one's: a page that was seen lately is not sent again for it.
const PERIOD: Millis = 6 * 60 * 60 * 1000;
/// A rollout rarely lasts longer, and over its end an address counts twice at most.
const WEEK: Millis = 7 * 24 * 60 * 60 * 1000;
/// Bytes of a signature.
const SIGNATURE: usize = 16;

/// The key.
#[derive(Clone)]
pub struct Key(String);

impl Key {
    /// With this secret.
    pub fn new(secret: String) -> Self {
        Self(secret)
    }

    /// The token for a page that is sent now: `<period>.<signature>`. It is good for 6 to 12 hours.
    pub fn pass(&self, now: Millis) -> String {
        let period = now / PERIOD;
        format!("{period}.{}", self.sign("page", &period.to_string()))
    }

    /// Whether a page came with this token lately.
    pub fn is_good(&self, pass: &str, now: Millis) -> bool {
        let Some((period, signature)) = pass.split_once('.') else { return false };
        let Ok(number) = period.parse::<Millis>() else { return false };
        // Whole: of a shorter one every 256th would be right.
        let Some(signature) = unhex(signature).filter(|signature| signature.len() == SIGNATURE) else {
            return false;
        };
        // A page from another server may be a little ahead of our clock.
        let age = (now / PERIOD).checked_sub(number);
        age.is_some_and(|age| (-1..=1).contains(&age))
            && self.mac("page", period).verify_truncated_left(&signature).is_ok()
    }

    /// What is kept of a visitor's id.
    pub fn visitor(&self, id: &str) -> String {
        self.sign("visitor", id)
    }

    /// What is kept of an address: another one each week.
    pub fn address(&self, address: IpAddr, now: Millis) -> String {
        self.sign("address", &format!("{} {address}", now / WEEK))
    }

    fn sign(&self, what: &str, text: &str) -> String {
        hex(&self.mac(what, text).finalize().into_bytes()[..SIGNATURE])
    }

    fn mac(&self, what: &str, text: &str) -> Hmac<Sha256> {
        // A key as long as HMAC's block needs no length to be checked.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&Sha256::digest(self.0.as_bytes()));
        let mut mac = <Hmac<Sha256> as KeyInit>::new(&block.into());
        for part in [what, "\n", text] {
            mac.update(part.as_bytes());
        }
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Millis = 1_800_000_000_000;

    #[test]
    fn a_pass_is_good_for_a_while_and_only_with_its_key() {
        let key = Key::new("one".to_owned());
        let pass = key.pass(NOW);
        assert!(key.is_good(&pass, NOW) && key.is_good(&pass, NOW + PERIOD));
        assert!(!key.is_good(&pass, NOW + 2 * PERIOD), "too old");
        assert!(!key.is_good(&pass, NOW - 2 * PERIOD), "from the future");
        assert!(!Key::new("two".to_owned()).is_good(&pass, NOW));
        let period = NOW / PERIOD;
        for forged in [
            "",
            ".",
            "1.2",
            &format!("{}.{}", Millis::MIN, "0".repeat(32)),
            &format!("{period}."),
            &format!("{}.{}", period, "0".repeat(32)),
            "ä.ä",
        ] {
            assert!(!key.is_good(forged, NOW), "{forged}");
        }
        assert!(!key.is_good(&pass.replacen('.', ".0", 1), NOW));
        for length in 1..pass.split_once('.').unwrap().1.len() {
            let shorter = &pass[..pass.find('.').unwrap() + 1 + length];
            assert!(!key.is_good(shorter, NOW), "a part of it: {shorter}");
        }
    }

    #[test]
    fn visitors_and_addresses_cannot_be_read_back_or_compared_across_weeks() {
        let key = Key::new("one".to_owned());
        let address = IpAddr::from([198, 51, 100, 7]);
        assert_eq!(key.address(address, NOW), key.address(address, NOW));
        assert_ne!(key.address(address, NOW), key.address(address, NOW + WEEK));
        assert_ne!(key.visitor("a"), key.visitor("b"));
        assert!(!key.visitor("visitor-1").contains("visitor"));
    }
}
