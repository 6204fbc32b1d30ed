//! A conversation: contexts, events, slot filling, answers.

mod answer;
mod fill;
mod session;

pub use answer::{Reply, Turn};
pub use session::{ActiveContext, Pending, Session};

use crate::agent::{EntityType, Intent};
use crate::entity::{calendar::Clock, developer::Dictionary};
use crate::json::{Map, Value};
use crate::model::{Model, Read, Trained};

/// What a person did.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Said something.
    Text(String),
    /// Something happened, like opening the chat (`WELCOME`).
    Event {
        /// Name.
        name: String,
        /// What the event brings along.
        parameters: Map,
    },
}

/// Everything that an answer depends on beside the agent and the session.
#[derive(Clone, Copy)]
pub struct Circumstances<'c> {
    /// The language that is spoken.
    pub language: &'c str,
    /// The moment, and the time zone.
    pub clock: Clock<'c>,
    /// Chooses among variants of an answer.
    pub random: u32,
}

/// What a webhook answered.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct WebhookAnswer {
    /// Replaces the intent's text.
    pub text: Option<String>,
    /// Replaces the intent's messages, in Dialogflow's v2 form.
    pub messages: Vec<Value>,
    /// Sets or, with lifespan 0, ends contexts.
    pub contexts: Vec<ActiveContext>,
    /// An event that leads on; text and messages are then ignored.
    pub followup: Option<(String, Map)>,
    /// Entity types for this session; one of a name replaces the earlier one.
    pub entity_types: Vec<EntityType>,
}

/// The most words that follow-up events may lead on.
const MOST_FOLLOWUPS: u32 = 5;
/// A sentence is read up to this many characters.
const MOST_CHARACTERS: usize = 10_000;

impl Model {
    /// Answers one query; the session is changed in place.
    pub fn respond(&self, session: &mut Session, query: &Query, now: Circumstances) -> Turn {
        session.expire(now.clock.now);
        let Some((code, trained)) = self.language(now.language) else { return Turn::default() };
        match query {
            Query::Text(text) => {
                let text: String = text.chars().take(MOST_CHARACTERS).collect();
                self.hear(session, &text, code, trained, now)
            }
            Query::Event { name, parameters } => self.happen(session, name, parameters, code, now),
        }
    }

    /// Takes up what the webhook answered to the turn before.
    pub fn fulfil(&self, session: &mut Session, turn: &mut Turn, answer: WebhookAnswer, now: Circumstances) {
        for context in answer.contexts {
            session.set(context, now.clock.now);
        }
        for entity in answer.entity_types {
            session.entity_types.retain(|e| e.name != entity.name);
            session.entity_types.push(entity);
        }
        if let Some((name, parameters)) = answer.followup {
            session.followups += 1;
            if session.followups <= MOST_FOLLOWUPS {
                *turn = self.respond(session, &Query::Event { name, parameters }, now);
            }
            return;
        }
        session.followups = 0;
        if let Some(text) = answer.text {
            turn.text = text.clone();
            turn.replies = vec![Reply::Text(text)];
        }
        if !answer.messages.is_empty() {
            turn.replies = answer.messages.into_iter().map(Reply::Other).collect();
        }
        turn.contexts = session.contexts.clone();
    }

    fn happen(
        &self,
        session: &mut Session,
        name: &str,
        parameters: &Map,
        code: &str,
        now: Circumstances,
    ) -> Turn {
        session.pending = None;
        let led = self.agent().intents.iter().filter(|i| i.priority >= 0 && session.allows(i));
        let intent = led
            .filter(|i| i.events.iter().any(|e| e.eq_ignore_ascii_case(name)))
            .max_by(|a, b| rank(a).cmp(&rank(b)).then(b.name.cmp(&a.name)));
        // Parameters of an event can be read as #EVENT.name.
        if !parameters.is_empty() {
            let context = ActiveContext {
                name: name.to_owned(),
                lifespan: 1,
                parameters: parameters.clone(),
                expires: 0,
            };
            session.set(context, now.clock.now);
        }
        match intent {
            Some(intent) => {
                let mut given = Map::new();
                for parameter in &intent.parameters {
                    if let Some(value) = parameters.get(&parameter.name) {
                        given.insert(parameter.name.clone(), value.clone());
                    }
                }
                self.proceed(session, intent, given, Map::new(), 1.0, name, code, now)
            }
            None => Turn { query: name.to_owned(), contexts: session.contexts.clone(), ..Turn::default() },
        }
    }

    fn hear(
        &self,
        session: &mut Session,
        text: &str,
        code: &str,
        trained: &Trained,
        now: Circumstances,
    ) -> Turn {
        let types: Vec<&EntityType> = session.entity_types.iter().collect();
        let own =
            (!types.is_empty()).then(|| Dictionary::new(&types, trained.spoken(), code, &mut Vec::new()));
        let wanted = self
            .agent()
            .intents
            .iter()
            .filter(|i| session.allows(i) || session.pending_is(i))
            .flat_map(|i| i.parameters.iter().map(|p| p.entity.trim_start_matches('@')));
        let read = trained.read_sentence(text, wanted, own.as_ref(), now.clock);
        if let Some(turn) = self.go_on_filling(session, &read, code, trained, now) {
            return turn;
        }
        let (intent, confidence, slots) = match self.understand(session, &read, trained) {
            Some(found) => found,
            None => return self.fall_back(session, text, code, now),
        };
        let Some(intent) = self.agent().intents.get(intent as usize) else {
            return self.fall_back(session, text, code, now);
        };
        let (values, originals) = fill::fill(intent, &read, &slots, &Map::new());
        self.proceed(session, intent, values, originals, confidence, text, code, now)
    }

    /// The intent of a sentence: word for word, by template, then by the classifier.
    fn understand(
        &self,
        session: &Session,
        read: &Read,
        trained: &Trained,
    ) -> Option<(u32, f32, fill::Slots)> {
        let intents = &self.agent().intents;
        let allowed = |i: u32| {
            intents.get(i as usize).is_some_and(|i| i.priority >= 0 && !i.fallback && session.allows(i))
        };
        let fits = trained.fits(read);
        let best = |any: bool| {
            let fits = fits.iter().filter(|f| allowed(f.intent) && (f.any > 0) == any);
            fits.min_by(|a, b| {
                let (x, y) = (&intents[a.intent as usize], &intents[b.intent as usize]);
                rank(y)
                    .cmp(&rank(x))
                    .then(a.any.cmp(&b.any))
                    .then(a.entities.cmp(&b.entities))
                    .then(a.intent.cmp(&b.intent))
            })
        };
        let slots = |fit: &crate::pattern::Fit| {
            let mut slots = fit.slots.clone();
            let more = trained.slots(read, fit.intent);
            slots.extend(more.into_iter().filter(|m| !fit.slots.iter().any(|s| s.0 == m.0)));
            slots
        };
        if self.hybrid()
            && let Some(fit) = best(false)
        {
            return Some((fit.intent, 1.0, slots(fit)));
        }
        let threshold = self.agent().settings.threshold;
        if let Some((intent, confidence, next)) = self.classify(trained, read, allowed)
            && confidence >= threshold
        {
            // Of two that are as good as equal, the one with the higher priority.
            let other = next.filter(|n| confidence - n.1 < 0.05);
            let intent = match other {
                Some((other, _)) if rank(&intents[other as usize]) > rank(&intents[intent as usize]) => other,
                _ => intent,
            };
            return Some((intent, confidence, trained.slots(read, intent)));
        }
        best(true).map(|fit| (fit.intent, threshold.max(0.5), slots(fit)))
    }

    fn fall_back(&self, session: &mut Session, text: &str, code: &str, now: Circumstances) -> Turn {
        let fallbacks =
            self.agent().intents.iter().filter(|i| i.fallback && i.priority >= 0 && session.allows(i));
        match fallbacks.max_by(|a, b| rank(a).cmp(&rank(b)).then(b.name.cmp(&a.name))) {
            Some(intent) => {
                let confidence = 1.0;
                self.proceed(session, intent, Map::new(), Map::new(), confidence, text, code, now)
            }
            None => {
                session.age();
                Turn { query: text.to_owned(), contexts: session.contexts.clone(), ..Turn::default() }
            }
        }
    }

    /// Goes on with a chosen intent: asks for what is missing, or answers.
    #[allow(clippy::too_many_arguments)] // the parts of a turn in the making
    fn proceed(
        &self,
        session: &mut Session,
        intent: &Intent,
        mut values: Map,
        mut originals: Map,
        confidence: f32,
        text: &str,
        code: &str,
        now: Circumstances,
    ) -> Turn {
        fill::from_contexts(intent, session, &mut values, &mut originals);
        let missing = fill::missing(intent, &values);
        let before = session.contexts.clone();
        let turn = |session: &Session, values: &Map, all: bool| Turn {
            query: text.to_owned(),
            intent: Some(intent.name.clone()),
            intent_id: intent.id.clone(),
            action: intent.action.clone(),
            parameters: fill::complete(intent, values),
            all_present: all,
            confidence,
            is_fallback: intent.fallback,
            contexts: session.contexts.clone(),
            ..Turn::default()
        };
        if let Some(parameter) = missing {
            session.pending = Some(Pending {
                intent: intent.name.clone(),
                asked: parameter.name.clone(),
                values: values.clone(),
                originals: originals.clone(),
            });
            let mut turn = turn(session, &values, false);
            let prompts: Vec<&str> = parameter
                .prompts
                .iter()
                .filter(|p| p.language.as_deref().is_none_or(|l| l == code))
                .map(|p| p.text.as_str())
                .collect();
            let prompt = answer::pick(&prompts, now.random)
                .map_or_else(|| format!("What is the {}?", parameter.name), str::to_owned);
            let prompt = answer::substitute(&prompt, &values, &originals, &before);
            turn.needs_webhook = intent.webhook_for_slot_filling;
            turn.asked = Some(parameter.name.clone());
            turn.text.clone_from(&prompt);
            turn.replies = vec![Reply::Text(prompt)];
            return turn;
        }
        session.pending = None;
        fill::defaults(intent, &mut values, session, &originals);
        session.age();
        if intent.reset_contexts {
            session.contexts.clear();
        }
        session.affect(intent, &values, &originals, now.clock.now);
        let mut turn = turn(session, &values, true);
        turn.needs_webhook = intent.webhook;
        turn.end = intent.end;
        turn.replies = answer::replies(intent, code, &values, &originals, &before, now.random);
        turn.text = answer::text(&turn.replies);
        turn
    }

    /// The turn of a sentence said while the agent waits for a parameter; none if it is about something else.
    fn go_on_filling(
        &self,
        session: &mut Session,
        read: &Read,
        code: &str,
        trained: &Trained,
        now: Circumstances,
    ) -> Option<Turn> {
        let pending = session.pending.clone()?;
        let place = self.agent().intents.iter().position(|i| i.name == pending.intent)?;
        let intent = &self.agent().intents[place];
        if fill::is_cancelled(&read.text, code) {
            session.pending = None;
            session.age();
            let text = fill::cancelled(code).to_owned();
            return Some(Turn {
                query: read.text.clone(),
                text: text.clone(),
                replies: vec![Reply::Text(text)],
                cancelled: Some(intent.name.clone()),
                contexts: session.contexts.clone(),
                ..Turn::default()
            });
        }
        let slots = trained.slots(read, place as u32);
        let (mut values, mut originals) = (pending.values.clone(), pending.originals.clone());
        let filled = fill::go_on(intent, &pending.asked, read, &slots, code, &mut values, &mut originals);
        if !filled {
            // Something else may be meant, if it is meant clearly.
            if let Some((other, confidence, slots)) = self.understand(session, read, trained)
                && other as usize != place
                && confidence >= 0.5
            {
                session.pending = None;
                let other = self.agent().intents.get(other as usize)?;
                let (values, originals) = fill::fill(other, read, &slots, &Map::new());
                return Some(
                    self.proceed(session, other, values, originals, confidence, &read.text, code, now),
                );
            }
        }
        Some(self.proceed(session, intent, values, originals, 1.0, &read.text, code, now))
    }
}

/// More input contexts first, then priority.
fn rank(intent: &Intent) -> (usize, i64) {
    (intent.input_contexts.len(), intent.priority)
}
