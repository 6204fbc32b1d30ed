//! What mails say: in each language one file, `assets/locales/de.letters.txt`.

use crate::language::{Language, fill};

/// What a mail is about: a section of each language's file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letter {
    /// A way to a new password. Places: `link`, `minutes`.
    PasswordReset,
    /// The password is another one. Places: `link`.
    PasswordChanged,
    /// The same, where passkeys open the account as before. Places: `link`, `passkeys`.
    PasswordChangedBesidePasskeys,
    /// The owner chose a new one by mail; passkeys open the account no more. Places: `link`, `passkeys`.
    PasswordResetWithoutPasskeys,
    /// There is one passkey more. Places: `name`, `link`.
    PasskeyAdded,
    /// The account is gone.
    AccountDeleted,
    /// We have an order, to be paid on delivery. Places of all about orders: `number`, `items`, `sums` (what comes
    /// between the items and their total), `delivery`, `total`, `address`, `link`.
    OrderPlaced,
    /// We have an order and its money.
    OrderPaid,
    /// It is on its way.
    OrderShipped,
    /// It is cancelled.
    OrderCancelled,
    /// It is cancelled, since its payment did not come.
    OrderLapsed,
    /// It was sent, and its money goes back all the same.
    OrderRefunded,
}

/// Subject and text of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// One line.
    pub subject: String,
    /// Plain text.
    pub text: String,
}

impl Text {
    /// Writes a letter in a language. A value is shown on one line, unless its place has a line for itself.
    pub fn of(letter: Letter, language: Language, places: &[(&str, &str)]) -> Self {
        let section = language.letter(letter);
        let (subject, text) = section.split_once('\n').unwrap_or((section, ""));
        Self { subject: fill(subject, places), text: fill(text.trim(), places) + "\n" }
    }
}

impl Letter {
    /// Every letter.
    pub const ALL: [Self; 12] = [
        Self::PasswordReset,
        Self::PasswordChanged,
        Self::PasswordChangedBesidePasskeys,
        Self::PasswordResetWithoutPasskeys,
        Self::PasskeyAdded,
        Self::AccountDeleted,
        Self::OrderPlaced,
        Self::OrderPaid,
        Self::OrderShipped,
        Self::OrderCancelled,
        Self::OrderLapsed,
        Self::OrderRefunded,
    ];

    /// Its section's name: `order-placed`.
    pub fn name(self) -> &'static str {
        match self {
            Self::PasswordReset => "password-reset",
            Self::PasswordChanged => "password-changed",
            Self::PasswordChangedBesidePasskeys => "password-changed-beside-passkeys",
            Self::PasswordResetWithoutPasskeys => "password-reset-without-passkeys",
            Self::PasskeyAdded => "passkey-added",
            Self::AccountDeleted => "account-deleted",
            Self::OrderPlaced => "order-placed",
            Self::OrderPaid => "order-paid",
            Self::OrderShipped => "order-shipped",
            Self::OrderCancelled => "order-cancelled",
            Self::OrderLapsed => "order-lapsed",
            Self::OrderRefunded => "order-refunded",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_language_has_every_letter_with_the_same_places() {
        let places = |text: &str| -> BTreeSet<String> {
            text.split('{').skip(1).map(|part| part.split('}').next().unwrap().to_owned()).collect()
        };
        for letter in Letter::ALL {
            let english = Language::english().letter(letter);
            for language in Language::all() {
                let text = language.letter(letter);
                assert!(text.lines().count() > 2, "{language:?} {letter:?}");
                assert!(!text.lines().next().unwrap().is_empty(), "{language:?} {letter:?}: no subject");
                assert_eq!(places(text), places(english), "{language:?} {letter:?}");
                assert!(text.lines().all(|line| line.chars().count() <= 76), "{language:?} {letter:?}");
                assert!(language == Language::english() || text != english, "{language:?} {letter:?}");
            }
        }
    }
}
