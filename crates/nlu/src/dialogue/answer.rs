//! What is answered.

use super::ActiveContext;
use crate::agent::{Content, Intent};
use crate::json::{Map, Value};

/// One message of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// Text, with its variant chosen and its parameters in place.
    Text(String),
    /// A card.
    Card {
        /// Title.
        title: String,
        /// Subtitle.
        subtitle: String,
        /// Address of a picture, or empty.
        image: String,
        /// Text and what it sends back or opens.
        buttons: Vec<(String, String)>,
    },
    /// Answers to pick from.
    QuickReplies {
        /// What they answer.
        title: String,
        /// The answers.
        replies: Vec<String>,
    },
    /// The address of a picture.
    Image(String),
    /// A custom payload.
    Payload(Value),
    /// A message of a webhook, in Dialogflow's v2 form.
    Other(Value),
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Turn {
    /// What was said, or the event.
    pub query: String,
    /// The intent that was met.
    pub intent: Option<String>,
    /// Its id.
    pub intent_id: String,
    /// Its action.
    pub action: String,
    /// Its parameters; one that is not filled is `""`, or `[]` for a list.
    pub parameters: Map,
    /// Whether all required parameters are there.
    pub all_present: bool,
    /// How sure the engine is, 0 … 1.
    pub confidence: f32,
    /// Whether it was the fallback.
    pub is_fallback: bool,
    /// Whether the webhook is to be asked; its answer goes to [`crate::model::Model::fulfil`].
    pub needs_webhook: bool,
    /// Whether the conversation is over.
    pub end: bool,
    /// The parameter that is asked for.
    pub asked: Option<String>,
    /// The intent whose questions were broken off.
    pub cancelled: Option<String>,
    /// The text of the answer.
    pub text: String,
    /// All messages of the answer.
    pub replies: Vec<Reply>,
    /// The contexts after this turn.
    pub contexts: Vec<ActiveContext>,
}

/// One of several, by a random number.
pub(super) fn pick<'v>(variants: &[&'v str], random: u32) -> Option<&'v str> {
    let at = (u64::from(random) * variants.len() as u64) >> 32;
    variants.get(at as usize).copied()
}

/// A reference in a text: `$p`, `$p.original`, `#context.p`, `#context.p.original`.
struct Reference<'t> {
    range: (usize, usize),
    context: Option<&'t str>,
    name: &'t str,
}

fn references(text: &str) -> Vec<Reference<'_>> {
    let mut found = Vec::new();
    let bytes = text.as_bytes();
    let mut at = 0;
    let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b >= 0x80;
    while at < bytes.len() {
        let sign = bytes[at];
        if sign != b'$' && sign != b'#' {
            at += 1;
            continue;
        }
        let start = at + 1;
        let mut end = start;
        while end < bytes.len()
            && (is_name(bytes[end]) || bytes[end] == b'.' && bytes.get(end + 1).is_some_and(|b| is_name(*b)))
        {
            end += 1;
        }
        let body = text.get(start..end).unwrap_or("");
        let starts_well = body.chars().next().is_some_and(|c| crate::language::is_letter(c) || c == '_');
        if starts_well && sign == b'$' {
            // "$price.now" is the parameter and a full stop, unless it is ".original" or a field.
            found.push(Reference { range: (at, end), context: None, name: body });
        } else if starts_well && let Some((context, name)) = body.split_once('.') {
            found.push(Reference { range: (at, end), context: Some(context), name });
        }
        at = end.max(at + 1);
    }
    found
}

fn look_up(
    reference: &Reference,
    values: &Map,
    originals: &Map,
    contexts: &[ActiveContext],
) -> Option<Value> {
    if let Some(context) = reference.context {
        let parameters = &contexts.iter().find(|c| c.name.eq_ignore_ascii_case(context))?.parameters;
        return deep(parameters, reference.name);
    }
    if let Some(name) = reference.name.strip_suffix(".original") {
        return originals.get(name).cloned();
    }
    let value = deep(values, reference.name)?;
    // An object like {"amount": 5, "unit": "kg"} is said as it was said.
    match (&value, originals.get(reference.name)) {
        (Value::Object(_), Some(original)) => Some(original.clone()),
        _ => Some(value),
    }
}

/// A value by its name, or by a name and a field of it.
fn deep(map: &Map, name: &str) -> Option<Value> {
    if let Some(value) = map.get(name) {
        return Some(value.clone());
    }
    let (first, rest) = name.split_once('.')?;
    match map.get(first)? {
        Value::Object(inner) => deep(inner, rest),
        _ => None,
    }
}

pub(super) fn said(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => match list.as_slice() {
            [] => String::new(),
            [one] => said(one),
            [first @ .., last] => {
                let first: Vec<String> = first.iter().map(said).collect();
                format!("{} and {}", first.join(", "), said(last))
            }
        },
        other => other.to_string(),
    }
}

/// A text with its references replaced.
pub(super) fn substitute(text: &str, values: &Map, originals: &Map, contexts: &[ActiveContext]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for reference in references(text) {
        out.push_str(text.get(at..reference.range.0).unwrap_or(""));
        out.push_str(&look_up(&reference, values, originals, contexts).map(|v| said(&v)).unwrap_or_default());
        at = reference.range.1;
    }
    out.push_str(text.get(at..).unwrap_or(""));
    out
}

/// The value of a text that is one reference and nothing else, or the text with its references replaced.
pub(super) fn resolve(text: &str, values: &Map, originals: &Map, contexts: &[ActiveContext]) -> Value {
    match references(text).as_slice() {
        [one] if one.range == (0, text.len()) => {
            look_up(one, values, originals, contexts).unwrap_or_else(|| Value::from(""))
        }
        _ => Value::from(substitute(text, values, originals, contexts)),
    }
}

/// The messages of an intent, for the default platform.
pub(super) fn replies(
    intent: &Intent,
    code: &str,
    values: &Map,
    originals: &Map,
    contexts: &[ActiveContext],
    random: u32,
) -> Vec<Reply> {
    let fill = |text: &str| substitute(text, values, originals, contexts);
    let own = intent
        .messages
        .iter()
        .filter(|m| m.platform.is_none() && m.language.as_deref().is_none_or(|l| l == code));
    own.filter_map(|message| match message.content() {
        Content::Text(variants) => {
            let variants: Vec<&str> = variants.into_iter().filter(|v| !v.is_empty()).collect();
            // A variant whose parameters are all there goes before one with gaps.
            let whole: Vec<&str> = variants
                .iter()
                .copied()
                .filter(|v| {
                    references(v).iter().all(|r| {
                        look_up(r, values, originals, contexts).is_some_and(|v| !said(&v).is_empty())
                    })
                })
                .collect();
            pick(if whole.is_empty() { &variants } else { &whole }, random)
                .map(|text| Reply::Text(fill(text)))
        }
        Content::Card { title, subtitle, image, buttons } => Some(Reply::Card {
            title: fill(title),
            subtitle: fill(subtitle),
            image: image.to_owned(),
            buttons: buttons.into_iter().map(|(t, p)| (fill(t), fill(p))).collect(),
        }),
        Content::QuickReplies { title, replies } => {
            Some(Reply::QuickReplies { title: fill(title), replies: replies.into_iter().map(fill).collect() })
        }
        Content::Image(address) => Some(Reply::Image(address.to_owned())),
        Content::Payload(payload) => Some(Reply::Payload(payload.clone())),
        Content::Other(_) => None,
    })
    .collect()
}

/// The first text among messages.
pub(super) fn text(replies: &[Reply]) -> String {
    replies
        .iter()
        .find_map(|r| if let Reply::Text(text) = r { Some(text.clone()) } else { None })
        .unwrap_or_default()
}
