//! What is asked, by whom it is answered, and what comes of it.

use super::{Chat, Inner};
use crate::{
    dialogflow::{self, Query, object},
    engine::{self, Asked, Engine},
    message::{self, Content, Message},
    remote::{self, Fault},
    settings::Settings,
    text::{last_part, without_end},
    texts::Language,
};
use leptos::{prelude::*, task::spawn_local};
use nlu::{
    json::{Map, Value},
    model::has_vectors,
};

impl Chat {
    /// Begins the conversation with the event that the page's author chose, unless it has begun.
    pub(super) fn welcome(self) {
        let settings = self.settings.get_untracked();
        let age = self.inner.with_value(|inner| engine::now().abs_diff(inner.touched));
        let begun = self.inner.with_value(|inner| inner.begun);
        if begun && age > settings.lifetime.unsigned_abs() {
            self.forget();
        } else if begun {
            return;
        }
        if !settings.intent.is_empty() {
            self.ask(Query::Event { name: settings.intent, parameters: Map::new() });
        }
    }

    /// What the person typed or chose.
    pub fn say(self, text: &str) {
        let text = text.trim().to_owned();
        if text.is_empty() {
            return;
        }
        self.announce("df-user-input-entered", object([("input", text.as_str().into())]));
        self.inner.try_update_value(|inner| {
            if inner.sent.last() != Some(&text) {
                inner.sent.push(text.clone());
            }
        });
        self.unsay();
        self.push(true, dialogflow::text(&text));
        self.suggestions.set(Vec::new());
        self.keep();
        self.ask(Query::Text(text));
    }

    /// Asks the agent, after everything that was asked before.
    pub fn ask(self, query: Query) {
        let idle = self.inner.try_update_value(|inner| {
            inner.begun = true;
            inner.queue.push_back(query);
            !std::mem::replace(&mut inner.busy, true)
        });
        if idle == Some(true) {
            spawn_local(self.work());
        }
    }

    async fn work(self) {
        let generation = self.generation();
        while let Some(query) = self.inner.try_update_value(|inner| inner.queue.pop_front()).flatten() {
            self.turn(query, generation).await;
            // A conversation that began meanwhile has its own worker.
            if !self.is_here() || self.generation() != generation {
                return;
            }
        }
        self.inner.try_update_value(|inner| inner.busy = false);
    }

    fn generation(self) -> Option<u32> {
        self.inner.try_with_value(|inner| inner.generation)
    }

    async fn turn(self, query: Query, generation: Option<u32>) {
        let settings = self.settings.get_untracked();
        let language = self.language.get_untracked();
        let session = self.session_name(&settings);
        let mut contexts =
            self.inner.try_update_value(|inner| std::mem::take(&mut inner.contexts)).unwrap_or_default();
        let payload = match settings.user.as_str() {
            // In the shop there is somebody to run commands.
            _ if !settings.embedded => object([("menagerie", object([("commands", true.into())]))]),
            "" => object([]),
            user => object([("userId", user.into())]),
        };
        let (request, detail) = self.request(&query, language, &session, &contexts, &payload);
        if !self.tell("df-request-sent", detail).await || self.generation() != generation {
            return;
        }
        self.waiting.set(true);
        let answer = if settings.server {
            remote::post(&endpoint(&settings, &self.links().shop, &session), &request).await
        } else {
            let asked = Asked { session: &session, language, api: &self.host.api(), payload };
            self.answer_here(&query, &settings, &contexts, &asked, generation).await
        };
        if self.generation() != generation {
            return;
        }
        self.waiting.set(false);
        match answer {
            Ok(response) => {
                let detail = object([("response", response.clone())]);
                if self.tell("df-response-received", detail).await && self.generation() == generation {
                    self.take_up(&response);
                }
            }
            Err(fault) => {
                // They are for whatever is answered next, unless they may be what was refused.
                if fault.code != "400" {
                    self.inner.try_update_value(|inner| {
                        contexts.append(&mut inner.contexts);
                        inner.contexts = contexts;
                    });
                }
                self.fail(query, &fault);
            }
        }
    }

    /// A `detectIntent` request, and what the page is told of it. Apart from [`Self::turn`], which is larger with it.
    #[inline(never)]
    fn request(
        self,
        query: &Query,
        language: Language,
        session: &str,
        contexts: &[Value],
        payload: &Value,
    ) -> (Value, Value) {
        let parameters = object([
            ("timeZone", self.zone.as_str().into()),
            ("contexts", contexts.to_vec().into()),
            ("payload", payload.clone()),
        ]);
        let request = object([
            ("session", session.into()),
            ("queryInput", query.input(language.code())),
            ("queryParams", parameters),
        ]);
        let data = object([("requestBody", request.clone())]);
        let detail = object([("requestBody", request.clone()), ("data", data)]);
        (request, detail)
    }

    async fn answer_here(
        self,
        query: &Query,
        settings: &Settings,
        contexts: &[Value],
        asked: &Asked<'_>,
        generation: Option<u32>,
    ) -> Result<Value, Fault> {
        let engine = self.inner.try_with_value(|inner| inner.engine.clone()).flatten();
        let engine = match engine.filter(|engine| engine.speaks(asked.language)) {
            Some(engine) => engine,
            None => {
                let engine = Engine::load(settings, asked.language).await?;
                self.inner.try_update_value(|inner| inner.engine = Some(engine.clone()));
                spawn_local(self.learn(engine.clone()));
                engine
            }
        };
        if matches!(query, Query::Text(_)) {
            self.learn(engine.clone()).await;
        }
        let mut session = self.inner.try_with_value(|inner| inner.session.clone()).unwrap_or_default();
        for context in contexts {
            session.overwrite(dialogflow::context_in(context), engine::now());
        }
        let response = engine.answer(&mut session, query, asked).await;
        // Who only looks at the chat fetches no vectors, and who speaks a language that has none neither.
        if matches!(query, Query::Text(_)) && has_vectors(asked.language.code()) {
            spawn_local(async move {
                let is_used = |inner: &Inner| inner.engine.as_ref().is_some_and(|used| used.is(&engine));
                engine.improve(|| self.inner.try_with_value(is_used) == Some(true)).await;
            });
        }
        self.inner.try_update_value(|inner| {
            if Some(inner.generation) == generation {
                inner.session = session;
            }
        });
        Ok(response)
    }

    /// Learns between everything else that the page does, while it is there.
    async fn learn(self, engine: Engine) {
        while engine.is_learning() && self.is_here() {
            engine::pause().await;
            engine.learn();
        }
    }

    /// Shows an answer.
    fn take_up(self, response: &Value) {
        let nothing = Value::Null;
        let result = response.get("queryResult").unwrap_or(&nothing);
        let mut messages: Vec<Value> = dialogflow::list(result, "fulfillmentMessages")
            .iter()
            .filter(|m| message::is_for_us(m))
            .cloned()
            .collect();
        let text = dialogflow::string(result, "fulfillmentText");
        if messages.is_empty() && !text.is_empty() {
            messages.push(dialogflow::text(&text));
        }
        let over =
            result.get("intent").and_then(|intent| intent.get("endInteraction")) == Some(&Value::Bool(true));
        if over {
            self.inner.try_update_value(|inner| inner.session.reset());
        }
        self.render(messages);
        self.offer_address(result);
    }

    /// Where an e-mail address is asked for, that of whoever is signed in can be chosen.
    fn offer_address(self, result: &Value) {
        let asks = |context: &Value| dialogflow::string(context, "name").ends_with("_dialog_params_email");
        if !dialogflow::list(result, "outputContexts").iter().any(asks) {
            return;
        }
        if let Some(person) = self.person.get_untracked() {
            let mut chips = self.suggestions.get_untracked();
            chips.push(object([("text", person.email.as_str().into())]));
            self.suggestions.set(chips);
        }
    }

    fn fail(self, query: Query, fault: &Fault) {
        let error =
            object([("code", fault.code.as_str().into()), ("message", fault.message.as_str().into())]);
        self.announce("df-messenger-error", object([("error", error)]));
        self.add(Content::Failed { query, code: fault.code.clone() });
    }

    /// Asks again what could not be asked.
    pub fn retry(self, id: i64) {
        let mut failed = None;
        self.messages.update(|messages| {
            if let Some(at) = messages.iter().position(|message| message.id == id) {
                failed = Some(messages.remove(at));
            }
        });
        if let Some(Message { content: Content::Failed { query, .. }, .. }) = failed {
            self.ask_focus();
            self.ask(query);
        }
    }
}

/// Where `detectIntent` is asked: `agent-id` up to `/agent`, or the shop's own server for an agent of ours.
fn endpoint(settings: &Settings, shop: &str, session: &str) -> String {
    let id = last_part(session);
    if settings.is_elsewhere() {
        [without_end(&settings.agent, b"/"), "/sessions/", id, ":detectIntent"].concat()
    } else {
        [shop, "/v2/", session, ":detectIntent"].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_detect_intent_is_asked() {
        let session = "projects/petstore/agent/sessions/s-1";
        let settings = |agent: &str| Settings { agent: agent.to_owned(), ..Settings::default() };
        for (agent, expected) in [
            ("petstore", "https://shop.example/v2/projects/petstore/agent/sessions/s-1:detectIntent"),
            (
                "https://g.example/v2/projects/p/agent",
                "https://g.example/v2/projects/p/agent/sessions/s-1:detectIntent",
            ),
            (
                "https://g.example/v2/projects/p/agent/",
                "https://g.example/v2/projects/p/agent/sessions/s-1:detectIntent",
            ),
        ] {
            assert_eq!(endpoint(&settings(agent), "https://shop.example", session), expected);
        }
    }
}
