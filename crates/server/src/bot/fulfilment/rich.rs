//! Messages in Dialogflow's v2 form, and the rich content of its Messenger.

use serde_json::{Value, json};

/// Something said.
pub fn text(text: &str) -> Value {
    json!({ "text": { "text": [text] } })
}

/// Rich content: one box per list of items.
pub fn rich(boxes: Vec<Vec<Value>>) -> Value {
    json!({ "payload": { "richContent": boxes } })
}

/// A title, a line below, and where it leads.
pub fn info(title: &str, subtitle: &str, picture: Option<&str>, link: &str) -> Value {
    let mut item = json!({ "type": "info", "title": title, "subtitle": subtitle });
    if let Some(picture) = picture {
        item["image"] = json!({ "src": { "rawUrl": picture } });
    }
    if !link.is_empty() {
        item["actionLink"] = json!(link);
    }
    item
}

/// A button that leads somewhere.
pub fn button(text: &str, link: &str) -> Value {
    json!({ "type": "button", "text": text, "link": link })
}

/// Something to say next: words, and a link where they lead somewhere instead.
pub fn chips(options: &[(&str, &str)]) -> Value {
    let options: Vec<Value> =
        options
            .iter()
            .map(|(text, link)| {
                if link.is_empty() { json!({ "text": text }) } else { json!({ "text": text, "link": link }) }
            })
            .collect();
    rich(vec![vec![json!({ "type": "chips", "options": options })]])
}
