//! One conversation and what is seen of it: all that the parts of the view share.

use crate::{
    dialogflow::{self, Query, object},
    engine::{self, Asked, Engine},
    history::{Conversation, Kept, Place},
    links::Links,
    message::{self, Content, Message},
    remote::{self, Fault},
    settings::Settings,
    texts::{Language, Texts},
    voice,
};
use leptos::{prelude::*, task::spawn_local};
use microapp::{Host, Level, Notice, SessionInfo, page::random_uuid};
use nlu::{
    dialogue::Session,
    json::{Map, Value},
};
use std::{collections::VecDeque, ops::Deref};

/// How much of the widget shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// The launcher alone.
    Closed,
    /// The launcher, and the last answer beside it.
    Glimpse,
    /// The conversation.
    Open,
}

/// Which consent is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// To listen.
    Listening,
    /// To read aloud.
    Speaking,
}

/// What only the controller sees.
struct Inner {
    /// The session's id.
    id: String,
    session: Session,
    engine: Option<Engine>,
    /// Whether the conversation has begun: then nobody is welcomed again.
    begun: bool,
    /// What is still to be asked, one after the other.
    queue: VecDeque<Query>,
    busy: bool,
    /// Rises when a conversation ends: answers to an older one come too late.
    generation: u32,
    /// What the person sent, for the arrow key.
    sent: Vec<String>,
    /// Contexts that the page set, for the next turn.
    contexts: Vec<Value>,
    /// The last message's number.
    last: i64,
    place: Place,
    touched: i64,
    warned: bool,
}

/// A conversation. Copied freely: a pointer, since every closure of the view has one. What it points at goes with
/// the memory of the instance, which is one mount's.
#[derive(Clone, Copy)]
pub struct Chat(&'static Parts);

impl Deref for Chat {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        self.0
    }
}

/// What a conversation is made of.
pub struct Parts {
    /// The services around us.
    pub host: Host,
    /// What the page's author set.
    pub settings: RwSignal<Settings>,
    /// Who is signed in to the shop; nobody on pages of others.
    pub person: ReadSignal<Option<SessionInfo>>,
    /// The browser's time zone: `Europe/Berlin`.
    zone: String,
    /// The language that is spoken.
    pub language: RwSignal<Language>,
    /// How much shows.
    pub shown: RwSignal<Shown>,
    /// The messages, in order.
    pub messages: RwSignal<Vec<Message>>,
    /// What can be said next: chips.
    pub suggestions: RwSignal<Vec<Value>>,
    /// Whether an answer is on its way.
    pub waiting: RwSignal<bool>,
    /// A line about what was just done, announced once.
    pub status: RwSignal<String>,
    /// Whether answers are read aloud.
    pub aloud: RwSignal<bool>,
    /// Whether it listens.
    pub listening: RwSignal<bool>,
    /// The consent that is asked for.
    pub consent: RwSignal<Option<Consent>>,
    /// Rises when the focus should go to the field.
    pub focus: RwSignal<u32>,
    inner: StoredValue<Inner, LocalStorage>,
}

impl Chat {
    /// The conversation that is kept, or a new one.
    pub fn begin(host: Host, settings: Settings) -> Self {
        let place = Place::of(&settings);
        let kept = place.read(engine::now(), settings.lifetime).unwrap_or_default();
        let code = [&kept.language, &settings.language].into_iter().find(|code| !code.is_empty()).cloned();
        let language = Language::of(&code.unwrap_or_else(|| host.locale()));
        let messages: Vec<Message> =
            (1..).zip(kept.messages).map(|(id, kept)| Message::kept(id, kept)).collect();
        let chosen = Some(settings.session.clone()).filter(|id| !id.is_empty());
        let stored = Some(kept.id).filter(|id| !id.is_empty());
        let inner = Inner {
            id: chosen.or(stored).unwrap_or_else(random_uuid),
            session: kept.session,
            engine: None,
            begun: !messages.is_empty(),
            queue: VecDeque::new(),
            busy: false,
            generation: 0,
            sent: Vec::new(),
            contexts: Vec::new(),
            last: messages.len() as i64,
            place,
            touched: engine::now(),
            warned: false,
        };
        let parts = Parts {
            host,
            person: host.session(),
            zone: time_zone(),
            language: RwSignal::new(language),
            shown: RwSignal::new(Shown::Closed),
            messages: RwSignal::new(messages),
            suggestions: RwSignal::new(kept.suggestions),
            waiting: RwSignal::new(false),
            status: RwSignal::new(String::new()),
            aloud: RwSignal::new(false),
            listening: RwSignal::new(false),
            consent: RwSignal::new(None),
            focus: RwSignal::new(0),
            settings: RwSignal::new(settings),
            inner: StoredValue::new_local(inner),
        };
        Self(Box::leak(Box::new(parts)))
    }

    /// What the widget says in the language that is spoken; follows the language.
    pub fn texts(self) -> &'static Texts {
        self.language.get().texts()
    }

    /// The title; follows settings and language.
    pub fn title(self) -> String {
        let title = self.settings.with(|settings| settings.title.clone());
        if title.is_empty() { self.texts().title.to_owned() } else { title }
    }

    /// Where links and pictures may lead.
    pub fn links(self) -> Links {
        let page = window().location().origin().unwrap_or_default();
        let api = self.host.api();
        let shop = api.strip_suffix("/api/v1").unwrap_or(&api);
        let shop = if shop.is_empty() { page.clone() } else { shop.to_owned() };
        Links { shop, page, allowed: self.settings.with_untracked(|settings| settings.allowed.clone()) }
    }

    /// Whether it is still on the page.
    fn is_here(self) -> bool {
        self.inner.try_with_value(|_| ()).is_some()
    }

    /// Tells the page; `false` when it wants to do the rest itself.
    async fn tell(self, event: &str, detail: Value) -> bool {
        if self.settings.try_with_untracked(|settings| settings.embedded) != Some(true) {
            return true;
        }
        let event = object([("name", event.into()), ("detail", detail)]);
        match self.host.call::<Value>("embed.event", &event).await {
            Ok(answer) => answer.get("prevented") != Some(&Value::Bool(true)),
            Err(_) => true,
        }
    }

    /// Tells the page without waiting.
    pub fn announce(self, event: &'static str, detail: Value) {
        spawn_local(async move {
            self.tell(event, detail).await;
        });
    }

    /// Shows more or less.
    pub fn show(self, shown: Shown) {
        let before = self.shown.get_untracked();
        if shown == before {
            return;
        }
        if shown != Shown::Closed {
            self.welcome();
        }
        self.shown.set(shown);
        self.consent.set(None);
        if shown == Shown::Open {
            self.ask_focus();
        } else if before == Shown::Open {
            voice::be_silent();
        }
        let open = shown == Shown::Open;
        if open || before == Shown::Open {
            self.announce("df-chat-open-changed", object([("isOpen", open.into())]));
        }
        if self.settings.with_untracked(|settings| settings.embedded) {
            spawn_local(async move {
                let _ = self.host.call::<Value>("embed.shown", &object([("open", open.into())])).await;
            });
        }
    }

    /// Moves the focus to the field.
    pub fn ask_focus(self) {
        self.focus.update(|count| *count += 1);
    }

    /// Begins the conversation with the event that the page's author chose, unless it has begun.
    fn welcome(self) {
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
        while let Some(query) = self.inner.try_update_value(|inner| inner.queue.pop_front()).flatten() {
            let generation = self.generation();
            self.turn(query, generation).await;
            if !self.is_here() {
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
        let contexts =
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
            Err(fault) => self.fail(query, &fault),
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
            session.set(dialogflow::context_in(context), engine::now());
        }
        let response = engine.answer(&mut session, query, asked).await;
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

    /// Shows messages as the agent's.
    pub fn render(self, messages: Vec<Value>) {
        let suggestions: Vec<Value> = messages.iter().flat_map(message::suggestions).collect();
        let mut spoken = String::new();
        for message in messages {
            crate::commands::run(self, &message);
            spoken.push_str(&message::spoken(&message));
            if message::shows(&message) {
                self.push(false, message);
            }
        }
        if !suggestions.is_empty() || !spoken.is_empty() {
            self.suggestions.set(suggestions);
        }
        if self.aloud.get_untracked() && self.shown.get_untracked() == Shown::Open {
            voice::speak(&spoken, self.language.get_untracked());
        }
        self.keep();
    }

    /// Shows a message of the person, or of the agent.
    pub fn push(self, own: bool, message: Value) {
        self.add(Content::Said { own, message });
    }

    fn add(self, content: Content) {
        let id = self.inner.try_update_value(|inner| {
            inner.begun = true;
            inner.last += 1;
            inner.last
        });
        if let Some(id) = id {
            self.messages.update(|messages| messages.push(Message { id, content }));
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

    /// Ends the conversation and forgets it.
    fn forget(self) {
        self.inner.try_update_value(|inner| {
            inner.session.reset();
            inner.queue.clear();
            inner.contexts.clear();
            inner.sent.clear();
            inner.generation += 1;
            inner.begun = false;
            inner.id = random_uuid();
            inner.place.clear();
        });
        voice::be_silent();
        self.waiting.set(false);
        self.messages.set(Vec::new());
        self.suggestions.set(Vec::new());
    }

    /// Forgets the conversation, wherever it is kept.
    pub fn clear(self) {
        self.forget();
        if self.shown.get_untracked() != Shown::Closed {
            self.status.set(self.language.get_untracked().texts().cleared.to_owned());
            self.welcome();
        }
    }

    /// A new session; with `retain` what was said stays to be read.
    pub fn begin_anew(self, retain: bool) {
        if retain {
            self.inner.try_update_value(|inner| {
                inner.session.reset();
                inner.queue.clear();
                inner.generation += 1;
                inner.begun = false;
                inner.id = random_uuid();
            });
            self.waiting.set(false);
            self.suggestions.set(Vec::new());
        } else {
            self.forget();
        }
        if self.shown.get_untracked() != Shown::Closed {
            self.welcome();
        }
    }

    /// Another language. A conversation in which the person said nothing yet begins anew in it.
    pub fn speak(self, language: Language) {
        if language == self.language.get_untracked() {
            return;
        }
        self.language.set(language);
        self.suggestions.set(Vec::new());
        let silent =
            self.messages.with_untracked(|messages| messages.iter().all(|message| !message.is_own()));
        if silent && self.inner.with_value(|inner| inner.begun) {
            self.forget();
            self.welcome();
        }
        self.keep();
    }

    /// What was sent as the `back`th before now.
    pub fn sent(self, back: usize) -> Option<String> {
        self.inner
            .with_value(|inner| inner.sent.len().checked_sub(back).and_then(|at| inner.sent.get(at)).cloned())
    }

    /// Sets contexts for the next turn.
    pub fn set_contexts(self, contexts: Vec<Value>) {
        self.inner.try_update_value(|inner| inner.contexts.extend(contexts));
    }

    /// Keeps the conversation. That a browser does not is said once.
    fn keep(self) {
        let messages = self.messages.with_untracked(|messages| {
            messages
                .iter()
                .filter_map(|message| match &message.content {
                    Content::Said { own, message } => Some(Kept { own: *own, message: message.clone() }),
                    Content::Failed { .. } => None,
                })
                .collect()
        });
        let (suggestions, language) = (self.suggestions.get_untracked(), self.language.get_untracked());
        let warn = self.inner.try_update_value(|inner| {
            inner.touched = engine::now();
            let conversation = Conversation {
                id: inner.id.clone(),
                language: language.code().to_owned(),
                messages,
                suggestions,
                session: inner.session.clone(),
            };
            let kept = inner.place.write(conversation, inner.touched);
            !kept && !std::mem::replace(&mut inner.warned, true)
        });
        if warn == Some(true) {
            self.status.set(language.texts().kept_nowhere.to_owned());
        }
    }

    fn session_name(self, settings: &Settings) -> String {
        let id = self.inner.try_with_value(|inner| inner.id.clone()).unwrap_or_default();
        ["projects/", settings.agent_name(), "/agent/sessions/", &id].concat()
    }

    /// A toast, in the shell.
    pub fn notify(self, level: Level, text: &str) {
        self.host.notify(Notice::new(level, text));
    }
}

/// Where `detectIntent` is asked: `agent-id` up to `/agent`, or the shop's own server for an agent of ours.
fn endpoint(settings: &Settings, shop: &str, session: &str) -> String {
    let id = session.rsplit('/').next().unwrap_or_default();
    if settings.is_elsewhere() {
        [settings.agent.trim_end_matches('/'), "/sessions/", id, ":detectIntent"].concat()
    } else {
        [shop, "/v2/", session, ":detectIntent"].concat()
    }
}

/// The browser's time zone: `Europe/Berlin`.
fn time_zone() -> String {
    let options =
        js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    let zone = js_sys::Reflect::get(&options, &"timeZone".into()).ok();
    zone.and_then(|zone| zone.as_string()).unwrap_or_else(|| "UTC".to_owned())
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
