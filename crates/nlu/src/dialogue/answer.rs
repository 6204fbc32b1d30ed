//! What is answered.

use super::ActiveContext;
use crate::agent::{Content, Intent, Message};
use crate::json::{Map, Value};
use crate::language::{is_letter, is_letter_or_number};
use crate::order::keep;
use crate::text;

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
    /// A message that only one platform has, like `simple_response`, in the form of exports.
    Special(Value),
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
    /// All messages of the answer that every surface can show.
    pub replies: Vec<Reply>,
    /// Messages for one platform each, beside its name as exports have it.
    pub platforms: Vec<(String, Reply)>,
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
    let next = |at: usize| text.get(at..).and_then(|rest| rest.chars().next());
    let is_name = |c: char| is_letter_or_number(c) || c == '_';
    while at < bytes.len() {
        let sign = bytes[at];
        // "guide#section.html" is an address.
        let is_inside = at > 0 && bytes[at - 1].is_ascii_alphanumeric();
        if sign != b'$' && (sign != b'#' || is_inside) {
            at += 1;
            continue;
        }
        let start = at + 1;
        let mut end = start;
        while let Some(c) =
            next(end).filter(|c| is_name(*c) || matches!(c, '.' | '-') && next(end + 1).is_some_and(is_name))
        {
            end += c.len_utf8();
        }
        let body = text.get(start..end).unwrap_or("");
        let starts_well = body.chars().next().is_some_and(|c| is_letter(c) || c == '_');
        if starts_well && sign == b'$' {
            found.push(Reference { range: (at, end), context: None, name: body });
        } else if starts_well && let Some((context, name)) = text::cut(body, b'.') {
            found.push(Reference { range: (at, end), context: Some(context), name });
        }
        at = end.max(at + 1);
    }
    found
}

/// What references in a text may refer to.
pub(super) struct Known<'k> {
    pub values: &'k Map,
    pub originals: &'k Map,
    pub contexts: &'k [ActiveContext],
    /// What stands before the last of a list.
    pub and: &'k str,
}

impl Known<'_> {
    fn look_up(&self, reference: &Reference) -> Option<Value> {
        if let Some(context) = reference.context {
            let context = self.contexts.iter().find(|c| c.name.eq_ignore_ascii_case(context))?;
            return deep(&context.parameters, reference.name);
        }
        if let Some(name) = reference.name.strip_suffix(".original") {
            return self.originals.get(name).cloned();
        }
        let value = deep(self.values, reference.name)?;
        // An object like {"amount": 5, "unit": "kg"} is said as it was said.
        match (&value, self.originals.get(reference.name)) {
            (Value::Object(_), Some(original)) => Some(original.clone()),
            _ => Some(value),
        }
    }

    /// What a reference means, and where it ends in its text: "$price.Now" is the parameter and a full stop.
    fn find(&self, reference: &Reference) -> Option<(Value, usize)> {
        if let Some(value) = self.look_up(reference) {
            return Some((value, reference.range.1));
        }
        let (name, rest) = text::cut(reference.name, b'.').filter(|_| reference.context.is_none())?;
        let value = self.values.get(name)?;
        let has_fields = matches!(value, Value::Object(_) | Value::Array(_)) || rest == "original";
        (!has_fields).then(|| (value.clone(), reference.range.0 + 1 + name.len()))
    }

    /// A text with its references replaced.
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut at = 0;
        for reference in references(text) {
            out.push_str(text.get(at..reference.range.0).unwrap_or(""));
            at = reference.range.1;
            if let Some((value, end)) = self.find(&reference) {
                out.push_str(&said(&value, self.and));
                at = end;
            } else if out.ends_with('/') {
                // "/#section.html" is an address too.
                at = reference.range.0;
            }
        }
        out.push_str(text.get(at..).unwrap_or(""));
        out
    }

    /// The value of a text that is one reference and nothing else, or the text with its references replaced.
    pub fn resolve(&self, text: &str) -> Value {
        match references(text).as_slice() {
            [one] if one.range == (0, text.len()) => self.look_up(one).unwrap_or_else(|| Value::from("")),
            _ => Value::from(self.fill(text)),
        }
    }

    /// Whether all that a text refers to is there.
    fn is_whole(&self, text: &str) -> bool {
        references(text).iter().all(|r| self.find(r).is_some_and(|(v, _)| !said(&v, "").is_empty()))
    }
}

/// A value by its name, or by a name and a field of it.
fn deep(map: &Map, name: &str) -> Option<Value> {
    if let Some(value) = map.get(name) {
        return Some(value.clone());
    }
    let (first, rest) = text::cut(name, b'.')?;
    match map.get(first)? {
        Value::Object(inner) => deep(inner, rest),
        _ => None,
    }
}

fn said(value: &Value, and: &str) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => {
            let mut text = String::new();
            for (at, item) in list.iter().enumerate() {
                if at > 0 {
                    let is_last = at + 1 == list.len();
                    text.push_str(if is_last { " " } else { "," });
                    text.push_str(if is_last { and } else { "" });
                    text.push(' ');
                }
                text.push_str(&said(item, and));
            }
            text
        }
        other => other.to_string(),
    }
}

/// The messages of an intent: those for all surfaces in the turn's replies, those for one beside them. A locale without messages of
/// its own has those of its language.
pub(super) fn reply_all(intent: &Intent, code: &str, known: &Known, random: u32, turn: &mut Turn) {
    for code in [code, text::before(code, b'-')] {
        for message in &intent.messages {
            // A page shows those for all surfaces; servers hand the others on.
            let is_passed = message.platform.is_some() && !cfg!(feature = "formats");
            if is_passed || message.language.as_deref().is_some_and(|l| l != code) {
                continue;
            }
            match (reply(message, known, random), &message.platform) {
                (Some(reply), None) => turn.replies.push(reply),
                (Some(reply), Some(platform)) => turn.platforms.push((platform.clone(), reply)),
                (None, _) => {}
            }
        }
        if !turn.replies.is_empty() || !code.contains('-') {
            break;
        }
    }
    turn.text = first_text(&turn.replies);
}

fn reply(message: &Message, known: &Known, random: u32) -> Option<Reply> {
    let fill = |text: &str| known.fill(text);
    Some(match message.content() {
        Content::Text(variants) => {
            let mut variants = variants;
            keep(&mut variants, &mut |v| !v.is_empty());
            // A variant whose parameters are all there goes before one with gaps.
            if variants.iter().any(|v| known.is_whole(v)) {
                keep(&mut variants, &mut |v| known.is_whole(v));
            }
            Reply::Text(fill(pick(&variants, random)?))
        }
        Content::Card { title, subtitle, image, buttons } => Reply::Card {
            title: fill(title),
            subtitle: fill(subtitle),
            image: image.to_owned(),
            buttons: buttons.iter().map(|(t, p)| (fill(t), fill(p))).collect(),
        },
        Content::QuickReplies { title, replies } => Reply::QuickReplies {
            title: fill(title),
            replies: replies.iter().map(|text| fill(text)).collect(),
        },
        Content::Image(address) => Reply::Image(fill(address)),
        Content::Payload(payload) => Reply::Payload(filled(payload, known)),
        Content::Other(_) => Reply::Special(filled(&Value::Object(message.fields.clone()), known)),
    })
}

/// A value with the references in all of its texts replaced.
fn filled(value: &Value, known: &Known) -> Value {
    match value {
        Value::String(text) => Value::from(known.fill(text)),
        Value::Array(list) => {
            let mut all = Vec::with_capacity(list.len());
            for item in list {
                all.push(filled(item, known));
            }
            Value::Array(all)
        }
        Value::Object(fields) => {
            let mut all = Map::new();
            for (name, value) in fields.iter() {
                all.insert(name.to_owned(), filled(value, known));
            }
            Value::Object(all)
        }
        other => other.clone(),
    }
}

/// The first text among messages.
fn first_text(replies: &[Reply]) -> String {
    replies
        .iter()
        .find_map(|r| if let Reply::Text(text) = r { Some(text.clone()) } else { None })
        .unwrap_or_default()
}
