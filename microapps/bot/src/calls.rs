//! What the page asks of its element: the methods of Dialogflow Messenger.

use crate::{
    chat::{Chat, Shown},
    dialogflow::{self, object},
    settings::Settings,
};
use leptos::prelude::*;
use microapp::Host;
use nlu::json::Value;

/// Hears the page's calls, in order, for as long as the present owner lives.
pub fn hear(host: Host, chat: Chat) {
    let heard = host.on::<Value>("embed.call", move |call| {
        let arguments = dialogflow::list(&call, "arguments");
        run(chat, &dialogflow::string(&call, "method"), arguments);
    });
    StoredValue::new_local(heard);
}

fn run(chat: Chat, method: &str, arguments: &[Value]) {
    let first = arguments.first().cloned().unwrap_or_default();
    let text = || first.as_str().map_or_else(|| first.to_string(), str::to_owned);
    match method {
        "openChat" => chat.open(),
        // The page's doing: whoever is somewhere else on it stays there.
        "expand" => chat.show(Shown::Open),
        "closeChat" => chat.show(Shown::Closed),
        "showMinChat" => chat.show(Shown::Glimpse),
        "sendQuery" => chat.say(&text()),
        "renderCustomText" => {
            let own = arguments.get(1).and_then(Value::as_bool) == Some(false);
            let message = dialogflow::text(&text());
            if own { chat.push(true, message) } else { chat.render(vec![message]) }
        }
        "renderCustomCard" => {
            let items = first.as_array().map_or_else(|| vec![first.clone()], <[Value]>::to_vec);
            let rich = object([("richContent", vec![items].into())]);
            chat.render(vec![object([("payload", rich)])]);
        }
        "startNewSession" => chat.begin_anew(first.get("retainHistory") == Some(&Value::Bool(true))),
        "clearStorage" => chat.clear(),
        "setContext" => chat.set_contexts(contexts(arguments)),
        _ => {}
    }
}

/// `setContext(name, lifespan, parameters)`, or one or more contexts in Dialogflow's form.
fn contexts(arguments: &[Value]) -> Vec<Value> {
    match arguments.first() {
        Some(Value::String(name)) => {
            let lifespan = arguments.get(1).and_then(Value::as_i64).unwrap_or(5);
            let parameters = arguments.get(2).and_then(Value::as_object).cloned().unwrap_or_default();
            vec![object([
                ("name", name.as_str().into()),
                ("lifespanCount", lifespan.into()),
                ("parameters", parameters.into()),
            ])]
        }
        Some(Value::Array(list)) => list.clone(),
        Some(one @ Value::Object(_)) => vec![one.clone()],
        _ => Vec::new(),
    }
}

/// Attributes changed while the widget is on the page; it hands over those of agent and session as they were when it came.
pub fn take_up(chat: Chat, settings: Settings) {
    let language = settings.language.clone();
    let changed = chat.settings.with_untracked(|before| before.language != language);
    chat.settings.set(settings);
    if changed && !language.is_empty() {
        chat.speak(crate::texts::Language::of(&language));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contexts_in_each_form() {
        let whole = object([("name", "a".into())]);
        for (arguments, expected) in [
            (
                vec!["found".into(), 3.into(), object([("p", 1.into())])],
                r#"[{"lifespanCount":3,"name":"found","parameters":{"p":1}}]"#,
            ),
            (vec!["found".into()], r#"[{"lifespanCount":5,"name":"found","parameters":{}}]"#),
            (vec![whole.clone()], r#"[{"name":"a"}]"#),
            (vec![vec![whole].into()], r#"[{"name":"a"}]"#),
            (vec![7.into()], "[]"),
            (vec![], "[]"),
        ] {
            assert_eq!(Value::from(contexts(&arguments)).to_string(), expected);
        }
    }
}
