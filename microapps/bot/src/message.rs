//! Messages: what is shown of an answer in Dialogflow's form.

use crate::{
    dialogflow::{self, Query, object},
    history::Kept,
};
use nlu::json::Value;

/// A message in the log.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// Its number.
    pub id: i64,
    /// What it says.
    pub content: Content,
}

/// What a message says.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Something that was said.
    Said {
        /// Whether the person said it.
        own: bool,
        /// In Dialogflow's form.
        message: Value,
    },
    /// Something could not be asked.
    Failed {
        /// What.
        query: Query,
        /// The number of what went wrong.
        code: String,
    },
}

impl Message {
    /// One that was kept.
    pub fn kept(id: i64, kept: Kept) -> Self {
        Self { id, content: Content::Said { own: kept.own, message: kept.message } }
    }

    /// Whether the person said it.
    pub fn is_own(&self) -> bool {
        matches!(self.content, Content::Said { own: true, .. })
    }
}

/// Whether a message is for every surface: those for one platform are not for us.
pub fn is_for_us(message: &Value) -> bool {
    match message.get("platform") {
        None => true,
        Some(platform) => platform.as_str() == Some("PLATFORM_UNSPECIFIED") || platform.as_i64() == Some(0),
    }
}

fn list_in<'m>(message: &'m Value, field: &str, name: &str) -> &'m [Value] {
    message.get(field).map(|field| dialogflow::list(field, name)).unwrap_or_default()
}

/// The texts of a text message.
pub fn texts(message: &Value) -> Vec<&str> {
    let lines = list_in(message, "text", "text");
    lines.iter().filter_map(Value::as_str).filter(|line| !line.is_empty()).collect()
}

/// The boxes of rich content, without what stands elsewhere.
pub fn boxes(message: &Value) -> Vec<Vec<&Value>> {
    let rich = list_in(message, "payload", "richContent");
    let stays = |item: &&Value| kind(item) != "chips";
    // Some authors leave out the outer list.
    let flat: Vec<&Value> = rich.iter().filter(|item| item.as_object().is_some()).filter(stays).collect();
    let nested = rich.iter().filter_map(Value::as_array).map(|items| items.iter().filter(stays).collect());
    std::iter::once(flat).chain(nested).filter(|items: &Vec<&Value>| !items.is_empty()).collect()
}

/// The type of an item of rich content.
pub fn kind(item: &Value) -> &str {
    item.get("type").and_then(Value::as_str).unwrap_or_default()
}

/// Whether there is something to see of a message in the log.
pub fn shows(message: &Value) -> bool {
    let quick_title =
        message.get("quickReplies").is_some_and(|quick| !dialogflow::string(quick, "title").is_empty());
    !texts(message).is_empty()
        || !boxes(message).is_empty()
        || message.get("card").is_some()
        || message.get("image").is_some()
        || quick_title
}

/// What can be said next: chips of rich content, and quick replies.
pub fn suggestions(message: &Value) -> Vec<Value> {
    let rich = list_in(message, "payload", "richContent");
    let items = rich.iter().flat_map(|entry| entry.as_array().unwrap_or(std::slice::from_ref(entry)));
    let chips = items.filter(|item| kind(item) == "chips").flat_map(|item| dialogflow::list(item, "options"));
    let quick = list_in(message, "quickReplies", "quickReplies");
    let quick = quick.iter().filter_map(Value::as_str).map(|text| object([("text", text.into())]));
    chips.filter(|chip| !dialogflow::string(chip, "text").is_empty()).cloned().chain(quick).collect()
}

/// What is read aloud of a message.
pub fn spoken(message: &Value) -> String {
    texts(message).iter().flat_map(|text| [text, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Value {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn boxes_and_chips_are_told_apart_however_they_are_nested() {
        let nested = read(
            r#"{"payload": {"richContent": [[{"type": "info", "title": "A"}, {"type": "chips", "options": [{"text": "x"}]}], [{"type": "divider"}]]}}"#,
        );
        assert_eq!(boxes(&nested).iter().map(Vec::len).collect::<Vec<_>>(), [1, 1]);
        assert_eq!(suggestions(&nested).len(), 1);
        let flat = read(
            r#"{"payload": {"richContent": [{"type": "info", "title": "A"}, {"type": "chips", "options": [{"text": "x"}, {"text": ""}]}]}}"#,
        );
        assert_eq!(boxes(&flat).len(), 1);
        assert_eq!(suggestions(&flat).len(), 1);
        let only_chips =
            read(r#"{"payload": {"richContent": [[{"type": "chips", "options": [{"text": "x"}]}]]}}"#);
        assert!(!shows(&only_chips));
        let quick = read(r#"{"quickReplies": {"title": "Which?", "quickReplies": ["a", "b"]}}"#);
        assert!(shows(&quick));
        assert_eq!(suggestions(&quick).len(), 2);
    }

    #[test]
    fn rubbish_shows_nothing() {
        for json in [
            r#"{}"#,
            r#"null"#,
            r#"7"#,
            r#"{"payload": {"richContent": 7}}"#,
            r#"{"payload": {"richContent": [7, [8]]}}"#,
            r#"{"text": {"text": "x"}}"#,
            r#"{"text": {"text": [""]}}"#,
            r#"{"payload": {"anything": 1}}"#,
        ] {
            let message = read(json);
            // An item of an unknown kind makes a box with nothing in it, and never an error.
            let _ = shows(&message);
            assert!(suggestions(&message).is_empty() && texts(&message).is_empty(), "{json}");
        }
    }

    #[test]
    fn messages_for_one_platform_are_not_for_us() {
        for (json, expected) in [
            (r#"{}"#, true),
            (r#"{"platform": "PLATFORM_UNSPECIFIED"}"#, true),
            (r#"{"platform": 0}"#, true),
            (r#"{"platform": "FACEBOOK"}"#, false),
            (r#"{"platform": 1}"#, false),
        ] {
            assert_eq!(is_for_us(&read(json)), expected, "{json}");
        }
    }
}
