//! For whom the limits of a coupon count.

use crate::secret;

/// Whoever orders.
#[derive(Clone, Copy, Debug)]
pub struct Customer<'c> {
    /// Their account, when signed in.
    pub account: Option<&'c str>,
    /// The address that they order with.
    pub email: &'c str,
}

impl Customer<'_> {
    /// What they are counted under. Both count: neither another address nor signing out makes somebody new.
    pub fn keys(self) -> Vec<String> {
        let email = format!("email:{}", secret::hash(self.email.trim().to_lowercase()));
        self.account.map(account_key).into_iter().chain([email]).collect()
    }
}

/// What an account is counted under.
pub fn account_key(id: &str) -> String {
    format!("account:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_however_it_is_written() {
        let keys = |email| Customer { account: None, email }.keys();
        assert_eq!(keys(" Ada@Example.org"), keys("ada@example.org"));
        assert_ne!(keys("ada@example.org"), keys("bob@example.org"));
        assert!(!keys("ada@example.org")[0].contains("ada"));
        assert_eq!(Customer { account: Some("x"), email: "" }.keys().len(), 2);
    }
}
