//! What every part of a mounted microapp can reach.

use crate::{Host, Route, State, Store, Watched};

/// Host, store and route of one mount. Copied into closures freely.
pub struct Context<S: State> {
    /// The services of the shell, or of the stand-in on other pages.
    pub host: Host,
    /// State that outlives the mount.
    pub store: Store<S>,
    /// Where the shopper is; changes while mounted.
    pub route: Watched<Route>,
}

impl<S: State> Copy for Context<S> {}

impl<S: State> Clone for Context<S> {
    fn clone(&self) -> Self {
        *self
    }
}
