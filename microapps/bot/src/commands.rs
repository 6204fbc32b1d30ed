//! What an answer asks the surface to do, beyond what it shows: `payload.menagerie`.

use crate::{chat::Chat, dialogflow, message::Content};
use leptos::{prelude::*, task::spawn_local};
use microapp::Level;
use nlu::json::Value;

/// The commands that an agent may have run. What others are called by the shop's own apps is not an agent's.
const ALLOWED: [&str; 1] = ["cart.add"];
/// Of what was said goes along at most this, in characters.
const MOST_SAID: usize = 1_500;

/// Runs the command of a message that has just come. On a page of others there is nobody to run it: there the
/// message's link does.
pub fn run(chat: Chat, message: &Value) {
    let Some(command) = wish(message, "command") else { return };
    let name = dialogflow::string(command, "name");
    let embedded = chat.settings.with_untracked(|settings| settings.embedded);
    if embedded || !ALLOWED.contains(&name.as_str()) {
        return;
    }
    let payload = command.get("payload").cloned().unwrap_or_default();
    spawn_local(async move {
        let done = chat.host.call::<Value>(&name, &payload).await;
        let Some(texts) = chat.language.try_get_untracked().map(|language| language.texts()) else { return };
        match done {
            Ok(_) => chat.status.set(texts.in_cart.to_owned()),
            Err(failure) => {
                let text = [texts.not_in_cart, " ", &failure.message].concat();
                chat.notify(Level::Error, &text);
            }
        }
    });
}

/// Whether what was said goes along with the links of a message: to people who help.
pub fn takes_transcript(message: &Value) -> bool {
    wish(message, "transcript") == Some(&Value::Bool(true))
}

fn wish<'m>(message: &'m Value, name: &str) -> Option<&'m Value> {
    message.get("payload")?.get("menagerie")?.get(name)
}

/// What was said until now, the end of it where it is long.
pub fn transcript(chat: Chat) -> String {
    let texts = chat.language.get_untracked().texts();
    let mut lines = Vec::new();
    chat.messages.with_untracked(|messages| {
        for message in messages {
            if let Content::Said { own, message } = &message.content {
                let who = if *own { texts.said_by_you } else { texts.said_by_bot };
                lines.extend(crate::message::texts(message).into_iter().map(|text| [who, text].concat()));
            }
        }
    });
    last(&lines.join("\n"), MOST_SAID)
}

fn last(text: &str, most: usize) -> String {
    let count = text.chars().count();
    text.chars().skip(count.saturating_sub(most)).collect()
}

#[cfg(test)]
mod tests {
    use super::last;

    #[test]
    fn the_end_of_a_long_text_stays() {
        for (text, most, expected) in [("abc", 5, "abc"), ("abcdef", 3, "def"), ("äöü", 2, "öü"), ("", 2, "")]
        {
            assert_eq!(last(text, most), expected);
        }
    }
}
