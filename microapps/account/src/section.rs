//! What the address asks for.

use microapp::t;

/// A part of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// All of them at a glance.
    Overview,
    /// What was ordered.
    Orders,
    /// Where parcels go.
    Addresses,
    /// What is wanted.
    Wishlist,
    /// The password, the passkeys, and who is signed in.
    Security,
    /// Name, download, deletion.
    Data,
    /// Asking for a new password. For everybody.
    Forgotten,
    /// Setting it. For everybody.
    Reset,
}

impl Section {
    /// What an account is made of, in the order of the menu.
    pub const OF_ACCOUNT: [Self; 5] =
        [Self::Orders, Self::Addresses, Self::Wishlist, Self::Security, Self::Data];

    /// By its path; the overview where there is none like it.
    pub fn of(path: &str) -> Self {
        let all = [Self::Forgotten, Self::Reset].into_iter().chain(Self::OF_ACCOUNT);
        all.into_iter().find(|section| section.path() == path).unwrap_or(Self::Overview)
    }

    /// Its path in the shop.
    pub fn path(self) -> &'static str {
        match self {
            Self::Overview => "/account",
            Self::Orders => "/account/orders",
            Self::Addresses => "/account/addresses",
            Self::Wishlist => "/account/wishlist",
            Self::Security => "/account/security",
            Self::Data => "/account/data",
            Self::Forgotten => "/account/forgotten",
            Self::Reset => "/account/reset",
        }
    }

    /// Its heading.
    pub fn title(self) -> String {
        t(match self {
            Self::Overview => "Your account",
            Self::Orders => "Orders",
            Self::Addresses => "Addresses",
            Self::Wishlist => "Wishlist",
            Self::Security => "Security",
            Self::Data => "Name and data",
            Self::Forgotten => "Forgot your password?",
            Self::Reset => "Choose a new password",
        })
    }

    /// One sentence about it.
    pub fn hint(self) -> String {
        t(match self {
            Self::Orders => "What you bought, and where it is.",
            Self::Addresses => "Where your parcels go.",
            Self::Wishlist => "What you do not want to forget.",
            Self::Security => "Your password, your passkeys, and the browsers that are signed in.",
            Self::Data => "What we call you, what we keep, and leaving.",
            Self::Overview | Self::Forgotten | Self::Reset => return String::new(),
        })
    }

    /// Whether somebody has to be signed in to see it.
    pub fn is_personal(self) -> bool {
        !matches!(self, Self::Forgotten | Self::Reset)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_leads_back_to_its_section() {
        let others = [Section::Overview, Section::Forgotten, Section::Reset];
        for section in Section::OF_ACCOUNT.into_iter().chain(others) {
            assert_eq!(Section::of(section.path()), section);
        }
        assert_eq!(Section::of(""), Section::Overview);
    }
}
