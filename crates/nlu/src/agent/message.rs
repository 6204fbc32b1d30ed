//! What an intent says.

use crate::json::{Map, Value};

/// One message, for one platform and language. All its fields are kept as they came.
#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The platform; none for the default.
    pub platform: Option<String>,
    /// The language; none for all.
    pub language: Option<String>,
    /// All other fields, `type` among them.
    pub fields: Map,
}

/// The messages that every surface can show.
#[derive(Debug, Clone, PartialEq)]
pub enum Content<'m> {
    /// One of these is said.
    Text(Vec<&'m str>),
    /// A card.
    Card {
        /// Title.
        title: &'m str,
        /// Subtitle.
        subtitle: &'m str,
        /// Picture.
        image: &'m str,
        /// Texts and what they send back or open.
        buttons: Vec<(&'m str, &'m str)>,
    },
    /// Answers to pick from.
    QuickReplies {
        /// What they answer.
        title: &'m str,
        /// The answers.
        replies: Vec<&'m str>,
    },
    /// A picture.
    Image(&'m str),
    /// Anything, for the surface to understand.
    Payload(&'m Value),
    /// A message of one platform only.
    Other(&'m str),
}

impl Message {
    /// A text in variants.
    pub fn text(variants: &[&str]) -> Self {
        let mut fields = Map::new();
        fields.insert("type".into(), Value::from(0));
        fields.insert("speech".into(), Value::from(variants.to_vec()));
        Self { platform: None, language: None, fields }
    }

    fn string(&self, key: &str) -> &str {
        self.fields.get(key).and_then(Value::as_str).unwrap_or("")
    }

    /// What it is. `type` may be a number, or a string with one.
    pub fn content(&self) -> Content<'_> {
        let (number, name) = match self.fields.get("type") {
            Some(Value::Integer(n)) => (Some(*n), ""),
            Some(Value::String(s)) => (crate::text::whole(s), s.as_str()),
            _ => (None, ""),
        };
        match number {
            Some(0) => Content::Text(strings(self.fields.get("speech"))),
            Some(1) => Content::Card {
                title: self.string("title"),
                subtitle: self.string("subtitle"),
                image: self.string("imageUrl"),
                buttons: list(self.fields.get("buttons"))
                    .iter()
                    .map(|b| {
                        let field = |key: &str| b.get(key).and_then(Value::as_str).unwrap_or("");
                        (field("text"), field("postback"))
                    })
                    .collect(),
            },
            Some(2) => Content::QuickReplies {
                title: self.string("title"),
                replies: strings(self.fields.get("replies")),
            },
            Some(3) => Content::Image(self.string("imageUrl")),
            Some(4) => Content::Payload(self.fields.get("payload").unwrap_or(&Value::Null)),
            _ => Content::Other(name),
        }
    }
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).unwrap_or_default()
}

/// One string, or the strings of a list.
fn strings(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(one)) => vec![one],
        other => list(other).iter().filter_map(Value::as_str).collect(),
    }
}
