//! The message as it is typed, and the server's rules for it.

use contract::shop::{contact::ContactMessage, email};
use microapp::{t, t_count, t_with};

/// A field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Name,
    Email,
    Topic,
    Message,
}

/// The topics that the shop knows.
const TOPICS: [&str; 4] = ["order", "product", "returns", "other"];
/// The most characters of a message.
pub const MOST: usize = 5_000;
const LEAST: usize = 10;
const MOST_NAME: usize = 100;

/// The topics that the shop knows, and their names for people.
pub fn topics() -> impl Iterator<Item = (&'static str, String)> {
    let names = [t("An order"), t("A product"), t("Sending something back"), t("Something else")];
    TOPICS.into_iter().zip(names)
}

impl Field {
    /// All of them, in the order of the form.
    pub const ALL: [Self; 4] = [Self::Name, Self::Email, Self::Topic, Self::Message];

    /// What [`ContactMessage`] and the server call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Email => "email",
            Self::Topic => "topic",
            Self::Message => "message",
        }
    }

    /// Its id on the page.
    pub fn id(self) -> &'static str {
        match self {
            Self::Name => "contact-name",
            Self::Email => "contact-email",
            Self::Topic => "contact-topic",
            Self::Message => "contact-message",
        }
    }

    /// What is in it.
    pub fn get(self, message: &ContactMessage) -> &str {
        match self {
            Self::Name => &message.name,
            Self::Email => &message.email,
            Self::Topic => &message.topic,
            Self::Message => &message.message,
        }
    }

    /// The place for what is in it.
    pub fn place(self, message: &mut ContactMessage) -> &mut String {
        match self {
            Self::Name => &mut message.name,
            Self::Email => &mut message.email,
            Self::Topic => &mut message.topic,
            Self::Message => &mut message.message,
        }
    }

    /// What is wrong with it.
    pub fn wrong(self, message: &ContactMessage) -> Option<String> {
        let text = self.get(message);
        let trimmed = text.trim().chars().count();
        let whole = text.chars().count();
        match self {
            Self::Name if trimmed == 0 => Some(t("Tell us your name.")),
            Self::Name => (whole > MOST_NAME)
                .then(|| t_with("Use at most {n} characters.", &[("n", &MOST_NAME.to_string())])),
            Self::Email => {
                (!email::is_plausible(text)).then(|| t("Enter an e-mail address, such as ada@example.org."))
            }
            Self::Topic => TOPICS.iter().all(|topic| *topic != text).then(|| t("Choose what it is about.")),
            Self::Message if trimmed == 0 => Some(t("Write a few words.")),
            Self::Message if trimmed < LEAST => {
                Some(t_with("Write a little more: at least {n} characters.", &[("n", &LEAST.to_string())]))
            }
            Self::Message => (whole > MOST).then(|| {
                t_count(
                    "Please shorten it by {n} character.",
                    "Please shorten it by {n} characters.",
                    (whole - MOST) as i64,
                )
            }),
        }
    }
}

/// Whether something would be lost by leaving. Topic, name and address alone are typed again in a moment.
pub fn is_worth_keeping(message: &ContactMessage) -> bool {
    !message.message.trim().is_empty()
}

/// How much room there is, once it is worth saying.
pub fn room(message: &str) -> String {
    let length = message.chars().count();
    match MOST.checked_sub(length) {
        Some(left) if left <= 500 => t_count("{n} character left", "{n} characters left", left as i64),
        Some(_) => {
            t_with("{n} of {most} characters", &[("n", &length.to_string()), ("most", &MOST.to_string())])
        }
        None => t_count("{n} character too many", "{n} characters too many", (length - MOST) as i64),
    }
}

/// What is sent.
pub fn trimmed(message: &ContactMessage) -> ContactMessage {
    ContactMessage {
        name: message.name.trim().to_owned(),
        email: message.email.trim().to_owned(),
        topic: message.topic.clone(),
        message: message.message.trim().to_owned(),
    }
}

/// Nothing typed yet.
pub fn blank() -> ContactMessage {
    ContactMessage { name: String::new(), email: String::new(), topic: String::new(), message: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole() -> ContactMessage {
        ContactMessage {
            name: "Ada".to_owned(),
            email: "ada@example.org".to_owned(),
            topic: "order".to_owned(),
            message: "Where is my parcel?".to_owned(),
        }
    }

    #[test]
    fn rules() {
        let check = |field: Field, text: &str, good: bool| {
            let mut message = whole();
            *field.place(&mut message) = text.to_owned();
            let wrong: Vec<_> =
                Field::ALL.into_iter().filter(|field| field.wrong(&message).is_some()).collect();
            assert_eq!(wrong, if good { vec![] } else { vec![field] }, "{field:?} {text:?}");
        };
        check(Field::Name, "Ada", true);
        check(Field::Name, " ", false);
        check(Field::Name, &"é".repeat(100), true);
        check(Field::Name, &"é".repeat(101), false);
        check(Field::Email, " ada@example.org ", true);
        check(Field::Email, "ada", false);
        check(Field::Topic, "returns", true);
        check(Field::Topic, "", false);
        check(Field::Topic, "praise", false);
        check(Field::Message, "", false);
        check(Field::Message, "too short", false);
        check(Field::Message, "just right", true);
        check(Field::Message, "  short    ", false);
        check(Field::Message, &"ä".repeat(5_000), true);
        check(Field::Message, &"ä".repeat(5_001), false);
    }

    #[test]
    fn the_counter() {
        for (length, expected) in [
            (0, "0 of 5000 characters"),
            (4_499, "4499 of 5000 characters"),
            (4_500, "500 characters left"),
            (4_999, "1 character left"),
            (5_000, "0 characters left"),
            (5_001, "1 character too many"),
            (5_003, "3 characters too many"),
        ] {
            assert_eq!(room(&"ä".repeat(length)), expected);
        }
    }

    #[test]
    fn only_a_message_is_held_for() {
        assert!(is_worth_keeping(&whole()));
        assert!(!is_worth_keeping(&ContactMessage { message: " \n".to_owned(), ..whole() }));
    }
}
