//! What opens the account.

use crate::loaded::Loaded;
use contract::shop::{account::SignedInBrowser, passkey::Passkey};
use microapp::{
    Host,
    api::{self, Answer},
};

/// Who is signed in, and what one can sign in by beside the password.
#[derive(Default)]
pub struct Access {
    pub sessions: Vec<SignedInBrowser>,
    pub passkeys: Vec<Passkey>,
}

contract::record!(Access { sessions, passkeys });
contract::read_as_records!(Access);

impl Access {
    /// Asks the shop.
    pub fn load(host: Host) -> Loaded<Self> {
        Loaded::by(host, "/account", |host, path| {
            let part = |field: &'static str| (field, [path, "/", field].concat());
            let answer: Answer<Self> = api::gather(host, vec![part("sessions"), part("passkeys")]);
            answer
        })
    }
}
