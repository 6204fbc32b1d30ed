//! What the shared parts have to know of a microapp.

use crate::{Session, Who};
use microapp::{
    Host,
    api::{Answer, ApiError},
};

/// What the server said last, and who asks it.
pub trait Desk: Copy + 'static {
    /// The class that scopes the microapp's style.
    const SCOPE: &'static str;

    /// The services of the page.
    fn host(self) -> Host;

    /// Where somebody is: `/orders/M-10042`. Whoever asks follows it.
    fn path(self) -> String;

    /// Now, in milliseconds since 1970, as often as it is worth saying.
    fn now(self) -> f64;

    /// A part of who is signed in.
    fn session<T>(self, read: impl FnOnce(&Session) -> T) -> T;

    /// Changes who is signed in.
    fn change_session<T>(self, change: impl FnOnce(&mut Session) -> T) -> T;

    /// Asks the server whose token this is, at [`TOKENS`](crate::session::TOKENS).
    fn ask_who(self, secret: String) -> Answer<Option<Who>>;

    /// Asks the server for everything that shows; not while it owes an answer, unless it is `urgent`.
    fn ask(self, urgent: bool);

    /// Why there is no answer now, and when the last one came, in milliseconds since 1970, 0 before it.
    fn trouble(self) -> Option<(ApiError, f64)>;

    /// Forgets everything that a token showed.
    fn forget(self);

    /// Whether somebody is signed in.
    fn signed_in(self) -> bool {
        self.session(|session| !session.secret.is_empty())
    }

    /// Forgets the token and everything that it showed.
    fn sign_out(self, reason: Option<String>) {
        self.forget();
        self.change_session(|session| session.end(reason));
    }
}
