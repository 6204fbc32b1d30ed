//! What all parts of the page share.

use crate::section::Section;
use contract::code;
use microapp::{api::ApiError, element::follow, prelude::*};

/// The event by which the shell hears that the account is another, or gone.
const CHANGED: &str = "account.changed";

/// Shared by all parts of the page.
#[derive(Clone, Copy)]
pub struct Page {
    pub host: Host,
    pub route: Watched<Route>,
    pub person: Watched<Option<microapp::SessionInfo>>,
}

impl Page {
    /// Follows the address.
    pub fn begin(context: Context<()>) -> Self {
        let page = Self { host: context.host, route: context.route, person: context.host.session() };
        follow(move || page.host.set_title(&page.section().title()));
        page
    }

    /// What the address asks for.
    pub fn section(self) -> Section {
        self.route.with(|route| Section::of(&route.path))
    }

    /// A value of the address.
    pub fn query(self, name: &str) -> String {
        self.route.with(|route| route.query(name).to_owned())
    }

    /// The address of a section.
    pub fn link(self, section: Section) -> String {
        self.host.href(section.path())
    }

    /// Says that something worked.
    pub fn done(self, text: String) {
        self.host.notify(Notice::new(Level::Success, text));
    }

    /// Says that something did not.
    pub fn failed(self, text: String) {
        self.host.notify(Notice::new(Level::Error, text));
    }

    /// Where the session has ended elsewhere, the shell has to hear of it: then the page offers to sign in.
    pub fn refused(self, error: &ApiError) {
        if error.is(code::SIGN_IN_REQUIRED) {
            self.changed();
        }
    }

    /// Has the shell look who is signed in.
    pub fn changed(self) {
        self.host.emit(CHANGED, &());
    }
}
