//! How many orders are placed at once: an order sends a mail to whatever address was typed.

use crate::pace::{Pace, TooMany};
use std::{net::IpAddr, num::NonZeroU32, sync::Arc, time::Duration};

/// At most this many orders at once for one e-mail address, then one every [`EMAIL_PACE`].
const EMAIL_BURST: NonZeroU32 = NonZeroU32::new(20).expect("not zero");
const EMAIL_PACE: Duration = Duration::from_secs(5 * 60);
/// A network address can be a whole office.
const PEER_BURST: NonZeroU32 = NonZeroU32::new(100).expect("not zero");
const PEER_PACE: Duration = Duration::from_secs(5);

/// Counts orders.
#[derive(Clone)]
pub struct Haste {
    emails: Arc<Pace<String>>,
    peers: Arc<Pace<IpAddr>>,
}

impl Haste {
    /// Nobody has ordered yet.
    pub fn new() -> Self {
        Self {
            emails: Arc::new(Pace::new(EMAIL_BURST, EMAIL_PACE)),
            peers: Arc::new(Pace::new(PEER_BURST, PEER_PACE)),
        }
    }

    /// Counts an order.
    pub fn count(&self, email: &str, peer: IpAddr) -> Result<(), TooMany> {
        self.peers.check(&peer)?;
        self.emails.check(&email.trim().to_lowercase())
    }

    /// Forgets those who may order anyway.
    pub fn sweep(&self) {
        self.emails.sweep();
        self.peers.sweep();
    }
}
