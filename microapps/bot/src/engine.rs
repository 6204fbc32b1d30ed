//! The agent engine in the page.

use crate::{
    dialogflow::{self, Query, object},
    remote::{self, Fault},
    settings::Settings,
    texts::Language,
};
use contract::code;
use js_sys::{Date, Function, Math, Promise, global};
use microapp::{ReleaseFile, property, release_file};
use nlu::{
    dialogue::{Circumstances, Session, Turn},
    entity::calendar::{Clock, Zone},
    json::Value,
    model::{Model, ModelError, Training},
    vectors::file::{self, File},
};
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// How long vectors may take, in milliseconds: nothing waits for them, and what is broken off was fetched for nothing.
const VECTORS_TIMEOUT: u32 = 300_000;

/// An agent that answers in some language: events at once, what is said when it has learnt.
#[derive(Clone)]
pub struct Engine {
    learnt: Rc<RefCell<Learnt>>,
    /// The language that it was made for; none for one that speaks all of its own.
    language: Option<Language>,
}

/// What was learnt, and what is still to be.
struct Learnt {
    model: Rc<Model>,
    training: Option<Training>,
    /// The agent's file, where it is better learnt with vectors that were not fetched yet.
    unimproved: Option<Vec<u8>>,
}

/// The page's own time zone, as the browser knows it.
struct Local;

impl Zone for Local {
    fn offset(&self, moment: i64) -> i32 {
        let date = Date::new(&JsValue::from_f64(moment as f64 * 1000.0));
        // Minutes that UTC is ahead of here.
        date.get_timezone_offset() as i32 * -60
    }
}

/// Seconds since 1970.
pub fn now() -> i64 {
    (Date::now() / 1000.0) as i64
}

/// A number of 32 random bits, for the choice among variants of an answer.
fn random() -> u32 {
    (Math::random() * 4_294_967_296.0) as u32
}

impl Engine {
    /// Fetches an agent. Nothing is learnt of it yet.
    pub async fn load(settings: &Settings, language: Language) -> Result<Self, Fault> {
        if settings.is_elsewhere() {
            let bytes = remote::bytes(&settings.agent, &settings.integrity, remote::TIMEOUT).await?;
            return Self::read(bytes, None);
        }
        // One file for each language.
        let file = release_file(&[&settings.agent, ".", language.code(), ".agent"].concat());
        let file = file.ok_or_else(|| {
            let why = "` here; mode=\"server\" asks the shop's server, a file needs its whole address";
            Fault::new(code::NOT_FOUND, ["there is no agent `", &settings.agent, why].concat())
        })?;
        Self::read(remote::bytes(&file.address, &file.integrity, remote::TIMEOUT).await?, Some(language))
    }

    fn read(bytes: Vec<u8>, language: Option<Language>) -> Result<Self, Fault> {
        let fault = |error: ModelError| Fault::new(code::AGENT_MODEL, error.to_string());
        let model = Rc::new(Model::unlearnt(&bytes).map_err(fault)?);
        let training = Some(Training::from_bytes(&bytes, None).map_err(fault)?);
        let learnt = Learnt { model, training, unimproved: Some(bytes) };
        Ok(Self { learnt: Rc::new(RefCell::new(learnt)), language })
    }

    /// Whether there is more to learn.
    pub fn is_learning(&self) -> bool {
        self.learnt.borrow().training.is_some()
    }

    /// Learns for a few milliseconds.
    pub fn learn(&self) {
        let mut learnt = self.learnt.borrow_mut();
        if let Some((model, _)) = learnt.training.as_mut().and_then(Training::step) {
            learnt.model = Rc::new(model);
            learnt.training = None;
        }
    }

    /// Whether both are the same, not only alike.
    pub fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.learnt, &other.learnt)
    }

    /// Learns once more, with the vectors that the agent is better learnt with, while `is_used`. Meanwhile it answers with what it
    /// has learnt, and for good if the visitor saves data.
    pub async fn improve(&self, is_used: impl Fn() -> bool) {
        let Some(bytes) = self.learnt.borrow_mut().unimproved.take() else { return };
        let Some(file) = vectors_of(&bytes) else { return };
        let Ok(vectors) = remote::bytes(&file.address, &file.integrity, VECTORS_TIMEOUT).await else {
            // Perhaps they come the next time that something is said.
            self.learnt.borrow_mut().unimproved = Some(bytes);
            return;
        };
        let training = File::read(&vectors).ok().and_then(|file| Training::with_vectors(&bytes, file).ok());
        let Some(mut training) = training else { return };
        while is_used() {
            pause().await;
            if let Some((model, _)) = training.step() {
                self.learnt.borrow_mut().model = Rc::new(model);
                return;
            }
        }
    }

    /// Whether it speaks a language.
    pub fn speaks(&self, language: Language) -> bool {
        self.language.is_none_or(|own| own == language)
    }

    /// Answers, with the webhook's help where the intent asks for it; the answer is a `DetectIntentResponse`.
    /// What is said is understood when all is learnt.
    pub async fn answer(&self, session: &mut Session, query: &Query, asked: &Asked<'_>) -> Value {
        let language = asked.language.code();
        let now = Circumstances { language, clock: Clock { now: now(), zone: &Local }, random: random() };
        let model = self.learnt.borrow().model.clone();
        let mut turn = model.respond(session, &query.for_engine(), now);
        let mut webhook = Vec::new();
        // The engine ends a chain of events that lead to one another.
        // The shop's server has no webhook of an agent that lies elsewhere.
        while turn.needs_webhook && self.language.is_some() {
            let response = match self.ask_webhook(&turn, asked).await {
                Ok(response) => response,
                Err(fault) => {
                    // The intent's own answer holds.
                    webhook = vec![("code", 14.into()), ("message", fault.to_string().into())];
                    break;
                }
            };
            webhook = vec![("code", 0.into())];
            let answer = dialogflow::webhook_answer(&response, model.agent(), language);
            let leads_on = answer.followup.is_some();
            let before = leads_on.then(|| turn.clone());
            model.fulfil(session, &mut turn, answer, now);
            if before.is_none_or(|before| before == turn) {
                break;
            }
        }
        response(&turn, webhook, asked)
    }

    async fn ask_webhook(&self, turn: &Turn, asked: &Asked<'_>) -> Result<Value, Fault> {
        remote::post(&[asked.api, "/bot/webhook"].concat(), &webhook_request(turn, asked)).await
    }
}

/// Where the vectors are that an agent is better learnt with; nowhere for a visitor who saves data.
fn vectors_of(agent: &[u8]) -> Option<ReleaseFile> {
    let fingerprint = Model::fingerprint(agent).filter(|_| !saves_data())?;
    release_file(&file::name(fingerprint))
}

fn saves_data() -> bool {
    let connection = property::get(&property::get(&global(), "navigator"), "connection");
    property::get(&connection, "saveData").is_truthy()
}

/// A `DetectIntentResponse`; `webhook` is what became of the webhook, if it was asked. Apart from what waits, which is larger
/// with it.
#[inline(never)]
fn response(turn: &Turn, webhook: Vec<(&str, Value)>, asked: &Asked<'_>) -> Value {
    let mut response = object([
        ("responseId", microapp::page::random_uuid().into()),
        ("queryResult", dialogflow::query_result(turn, asked.session, asked.language.code())),
    ]);
    if let (false, Value::Object(fields)) = (webhook.is_empty(), &mut response) {
        let status = webhook.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        fields.insert("webhookStatus".to_owned(), Value::Object(status));
    }
    response
}

/// A `WebhookRequest`; apart for the same reason.
#[inline(never)]
fn webhook_request(turn: &Turn, asked: &Asked<'_>) -> Value {
    object([
        ("session", asked.session.into()),
        ("responseId", microapp::page::random_uuid().into()),
        ("queryResult", dialogflow::query_result(turn, asked.session, asked.language.code())),
        ("originalDetectIntentRequest", object([("payload", asked.payload.clone())])),
    ])
}

/// Lets the browser have its turn: what it has to do comes before what follows here.
pub async fn pause() {
    let promise = Promise::new(&mut |resolve, _| {
        let scheduler = property::get(&global(), "scheduler");
        let post = property::get(&scheduler, "postTask").dyn_into::<Function>().ok();
        let posted = post.and_then(|post| post.call1(&scheduler, &resolve).ok());
        if posted.is_none()
            && let Some(window) = web_sys::window()
        {
            let _ = window.set_timeout_with_callback(&resolve);
        }
    });
    let _ = JsFuture::from(promise).await;
}

/// What else an answer depends on.
pub struct Asked<'a> {
    /// The session's full name.
    pub session: &'a str,
    /// The language that is spoken.
    pub language: Language,
    /// The shop's API.
    pub api: &'a str,
    /// What the surface sends along.
    pub payload: Value,
}
