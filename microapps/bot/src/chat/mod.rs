//! One conversation and what is seen of it: all that the parts of the view share.

mod conversation;
mod turn;

use crate::{
    dialogflow::{Query, object},
    engine::{self, Engine},
    history::Place,
    links::Links,
    message::{self, Content, Message},
    settings::Settings,
    texts::{Language, Texts},
    voice,
};
use leptos::{prelude::*, task::spawn_local};
use microapp::{Host, Level, Notice, SessionInfo, Watched, page::random_uuid, property};
use nlu::{dialogue::Session, json::Value};
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
    /// The one that the page's author chose; empty for none.
    chosen: String,
    /// The language that the person chose; empty for none.
    language: String,
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
    pub person: Watched<Option<SessionInfo>>,
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
        let kept = place.read(engine::now(), settings.lifetime);
        // Another person's is not gone on with.
        let mut kept = kept.filter(|kept| kept.chosen == settings.session).unwrap_or_default();
        let or = |said: &str, other: String| if said.is_empty() { other } else { said.to_owned() };
        let language = Language::of(&or(&kept.language, or(&settings.language, host.locale())));
        if kept.spoken != language {
            // The page before had another one. Who has said nothing yet is welcomed anew.
            kept.suggestions.clear();
            if kept.messages.iter().all(|kept| !kept.own) {
                kept.messages.clear();
                kept.session = Session::default();
            }
        }
        let id = or(&kept.id, or(&settings.session, random_uuid()));
        let messages: Vec<Message> =
            (1..).zip(kept.messages).map(|(id, kept)| Message::kept(id, kept)).collect();
        let inner = Inner {
            id,
            chosen: settings.session.clone(),
            language: kept.language,
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
        self.unsay();
        if shown != Shown::Closed {
            self.welcome();
        }
        self.shown.set(shown);
        self.consent.set(None);
        if before == Shown::Open {
            voice::be_silent();
            self.listening.set(false);
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

    /// Takes away what was said beside the conversation.
    #[inline(never)]
    pub fn unsay(self) {
        self.status.set(String::new());
    }

    /// Shows all, and moves the focus there.
    pub fn open(self) {
        if self.shown.get_untracked() != Shown::Open {
            self.show(Shown::Open);
            self.ask_focus();
        }
    }

    /// Moves the focus to the field.
    pub fn ask_focus(self) {
        self.focus.update(|count| *count += 1);
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

    fn session_name(self, settings: &Settings) -> String {
        let id = self.inner.try_with_value(|inner| inner.id.clone()).unwrap_or_default();
        ["projects/", settings.agent_name(), "/agent/sessions/", &id].concat()
    }

    /// A toast, in the shell.
    pub fn notify(self, level: Level, text: &str) {
        self.host.notify(Notice::new(level, text));
    }
}

/// The browser's time zone: `Europe/Berlin`.
fn time_zone() -> String {
    let options =
        js_sys::Intl::DateTimeFormat::new(&js_sys::Array::new(), &js_sys::Object::new()).resolved_options();
    property::get(&options, "timeZone").as_string().unwrap_or_else(|| "UTC".to_owned())
}
