//! What shoppers type, checked field by field.

use super::problem::{Answer, Failure};
use crate::language::{t, t_with};
use contract::shop::problem::FieldProblem;

/// Collects what is wrong with a request.
#[derive(Default)]
pub struct Check {
    fields: Vec<FieldProblem>,
}

impl Check {
    /// Nothing is wrong yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Says what is wrong with a field.
    pub fn wrong(&mut self, field: &str, message: impl Into<String>) {
        self.fields.push(FieldProblem { field: field.to_owned(), message: t(&message.into()) });
    }

    /// Says it unless `good`.
    pub fn expect(&mut self, good: bool, field: &str, message: &str) {
        if !good {
            self.wrong(field, message);
        }
    }

    /// Text of `least` to `most` characters, without control characters but line breaks and tabs.
    pub fn text(&mut self, field: &str, text: &str, least: usize, most: usize) {
        let length = text.trim().chars().count();
        if length == 0 && least > 0 {
            self.wrong(field, "Please fill this in.");
        } else if length < least {
            self.wrong(field, t_with("At least {n} characters.", &[("n", &least.to_string())]));
        } else if text.chars().count() > most {
            self.wrong(field, t_with("At most {n} characters.", &[("n", &most.to_string())]));
        } else if text.chars().any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t')) {
            self.wrong(field, "No control characters.");
        }
    }

    /// An e-mail address: something, an @, a host with a dot or a plain host name; one that mails can be addressed to. Only a
    /// letter can tell more. A host beyond ASCII has a form in it, what stands before the @ has none, and few mail servers take it.
    pub fn email(&mut self, field: &str, email: &str) {
        let email = email.trim();
        if email.split_once('@').is_some_and(|(name, _)| !name.is_ascii()) {
            return self.wrong(field, "Before the @ no umlauts or accents, please: mails would not arrive.");
        }
        let plausible = email.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && !host.is_empty()
                && !host.contains('@')
                && !host.starts_with(['.', '-'])
                && !host.ends_with(['.', '-'])
                && !host.contains("..")
                && host.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
        });
        let clean =
            !email.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, ',' | ';' | '<' | '>'));
        self.expect(
            plausible && clean && email.len() <= 254 && email.parse::<lettre::Address>().is_ok(),
            field,
            "An e-mail address such as ada@example.org.",
        );
    }

    /// Ok when nothing is wrong.
    pub fn done(self) -> Answer<()> {
        Failure::unless_valid(self.fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for (email, expected) in [
            ("ada@example.org", true),
            (" ada@example.org ", true),
            ("ada+x@sub.example.org", true),
            ("ada@localhost", true),
            ("joerg@bücher.example", true),
            ("jörg@bücher.example", false),
            ("ada", false),
            ("@example.org", false),
            ("ada@", false),
            ("ada@@example.org", false),
            ("ada@example..org", false),
            ("a..b@x.example", false),
            (".ada@example.org", false),
            ("ada.@example.org", false),
            ("a da@example.org", false),
            ("ada@example.org\nBcc: x@example.org", false),
            ("Ada <ada@example.org>", false),
        ] {
            let mut check = Check::new();
            check.email("email", email);
            assert_eq!(check.done().is_ok(), expected, "{email}");
        }
    }
}
