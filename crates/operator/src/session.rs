//! Who is signed in. The token is kept for this tab alone, until it is closed or somebody signs out.

use web_sys::Storage;

/// Where the token is kept, for all microapps of the page.
const KEY: &str = "menagerie/console/token";
/// Where the server says whose token it is; only operators get an answer.
pub const TOKENS: &str = "/registry/tokens";

/// Whoever sits here.
#[derive(Clone, Default)]
pub struct Session {
    /// What requests carry; empty when nobody is signed in.
    pub secret: String,
    /// Who that is, once the server said so.
    pub who: Option<Who>,
    /// Why nobody is signed in any more, or why it did not work.
    pub reason: Option<String>,
    /// A token is being looked at.
    pub busy: bool,
}

/// Whose token it is: what is shown of `contract::registry::token::Token`.
#[derive(Clone)]
pub struct Who {
    id: String,
    label: String,
    own: bool,
}

/// The answer of [`TOKENS`].
pub struct Tokens {
    tokens: Vec<Who>,
}

contract::record!(Who { id, label, own });
contract::record!(Tokens { tokens });
contract::read_as_records!(Tokens);

impl Tokens {
    /// Who asked.
    pub fn own(self) -> Option<Who> {
        self.tokens.into_iter().find(|token| token.own)
    }
}

impl Who {
    /// Its label, or where it has none its id.
    pub fn name(&self) -> &str {
        if self.label.is_empty() { &self.id } else { &self.label }
    }
}

impl Session {
    /// With the token that this tab has.
    pub fn kept() -> Self {
        let secret = storage().and_then(|storage| storage.get_item(KEY).ok().flatten());
        Self { secret: secret.unwrap_or_default(), ..Self::default() }
    }

    /// Somebody is signed in with a token of theirs. Where nothing can be kept, it lasts until they go over to another microapp, or
    /// leave: on the page itself it would be any script's.
    pub fn begin(&mut self, secret: &str, who: Option<Who>) {
        if let Some(storage) = storage() {
            let _ = storage.set_item(KEY, secret);
        }
        *self = Self { secret: secret.to_owned(), who, ..Self::default() };
    }

    /// Nobody is.
    pub fn end(&mut self, reason: Option<String>) {
        if let Some(storage) = storage() {
            let _ = storage.remove_item(KEY);
        }
        *self = Self { reason, ..Self::default() };
    }
}

/// Blocked storage throws on access.
fn storage() -> Option<Storage> {
    leptos::prelude::window().session_storage().ok().flatten()
}
