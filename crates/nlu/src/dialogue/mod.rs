//! A conversation: contexts, events, slot filling, answers.

mod answer;
mod fill;
mod session;

pub use answer::{Reply, Turn};
pub use session::{ActiveContext, Pending, Session};

use crate::agent::{EntityType, Intent, Parameter};
use crate::entity::{Match, calendar::Clock, developer::Dictionary, system};
use crate::json::{Map, Value};
use crate::language::Token;
use crate::model::{Model, Read, Trained};
use crate::order::keep;
use crate::pattern::Fit;
use answer::Known;

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
/// An answer of so many words beside values, as another intent has it, is none.
const FEWEST_WORDS: usize = 3;
/// A sentence is read up to this many characters.
const MOST_CHARACTERS: usize = 10_000;

/// Where a conversation stands: what all steps of a turn need.
struct Stand<'s> {
    session: &'s mut Session,
    trained: &'s Trained,
    /// The language that is spoken.
    code: &'s str,
    now: Circumstances<'s>,
}

/// An intent that was found, by its place in the agent, how surely, and the values that are marked.
struct Found {
    intent: usize,
    confidence: f32,
    slots: fill::Slots,
}

impl Model {
    /// Answers one query; the session is changed in place.
    pub fn respond(&self, session: &mut Session, query: &Query, now: Circumstances) -> Turn {
        session.followups = 0;
        self.take_turn(session, query, now)
    }

    fn take_turn(&self, session: &mut Session, query: &Query, now: Circumstances) -> Turn {
        let mut turn = Turn::default();
        session.expire(now.clock.now);
        if let Some((code, trained)) = self.language(now.language) {
            let stand = Stand { session, trained, code, now };
            match query {
                Query::Text(text) => {
                    turn.query = text.chars().take(MOST_CHARACTERS).collect();
                    self.hear(stand, &mut turn);
                }
                Query::Event { name, parameters } => {
                    turn.query.clone_from(name);
                    self.happen(stand, parameters, &mut turn);
                }
            }
        }
        turn.contexts.clone_from(&session.contexts);
        turn
    }

    /// Takes up what the webhook answered to the turn before.
    pub fn fulfil(&self, session: &mut Session, turn: &mut Turn, answer: WebhookAnswer, now: Circumstances) {
        for context in answer.contexts {
            session.overwrite(context, now.clock.now);
        }
        for entity in answer.entity_types {
            keep(&mut session.entity_types, &mut |e| e.name != entity.name);
            session.entity_types.push(entity);
        }
        if let Some((name, parameters)) = answer.followup {
            session.followups += 1;
            if session.followups <= MOST_FOLLOWUPS {
                *turn = self.take_turn(session, &Query::Event { name, parameters }, now);
            }
            return;
        }
        if let Some(text) = answer.text {
            turn.text.clone_from(&text);
            turn.replies = vec![Reply::Text(text)];
            turn.platforms.clear();
        }
        if !answer.messages.is_empty() {
            turn.platforms.clear();
            turn.replies = answer.messages.into_iter().map(Reply::Other).collect();
        }
        turn.contexts.clone_from(&session.contexts);
    }

    fn happen(&self, stand: Stand, parameters: &Map, turn: &mut Turn) {
        stand.session.pending = None;
        // Parameters of an event can be read as #EVENT.name.
        if !parameters.is_empty() {
            let parameters = parameters.clone();
            let context = ActiveContext { name: turn.query.clone(), lifespan: 1, parameters, expires: 0 };
            stand.session.set(context, stand.now.clock.now);
        }
        let led = |i: &Intent| i.events.iter().any(|e| e.eq_ignore_ascii_case(&turn.query));
        let Some(intent) = self.first(stand.session, &led) else { return };
        let mut given = Map::new();
        for parameter in &intent.parameters {
            if let Some(value) = parameters.get(&parameter.name) {
                given.insert(parameter.name.clone(), value.clone());
            }
        }
        turn.confidence = 1.0;
        self.proceed(stand, intent, given, Map::new(), turn);
    }

    /// The first of the intents that may answer now and that `fits` says yes to.
    fn first(&self, session: &Session, fits: &dyn Fn(&Intent) -> bool) -> Option<&Intent> {
        let mut best: Option<&Intent> = None;
        for intent in self.agent().intents.iter().filter(|i| session.allows(i) && fits(i)) {
            if best.is_none_or(|b| rank(intent, session) > rank(b, session)) {
                best = Some(intent);
            }
        }
        best
    }

    fn hear(&self, stand: Stand, turn: &mut Turn) {
        let read = self.read(&stand, &turn.query);
        let mut found = None;
        if let Some(pending) = stand.session.pending.take()
            && let Some(place) = self.agent().intents.iter().position(|i| i.name == pending.intent)
        {
            let intent = &self.agent().intents[place];
            if fill::is_cancelled(&read.text, stand.code) {
                stand.session.age();
                turn.text = fill::cancelled(stand.code).to_owned();
                turn.replies = vec![Reply::Text(turn.text.clone())];
                turn.cancelled = Some(intent.name.clone());
                return;
            }
            let slots = stand.trained.slots(&read, place as u32);
            let Pending { asked, mut values, mut originals, .. } = pending;
            let types = self.types(stand.session);
            let sentence = fill::Said { read: &read, slots: &slots, types: &types };
            // Something else may be meant, if it is meant clearly: as it was learnt, or where nothing is a value.
            let other = || {
                self.understand(&stand, &read)
                    .filter(|other| other.intent != place && other.confidence >= 0.5)
            };
            if self.is_of_another(&stand, &read, place as u32) {
                found = other();
            }
            if found.is_none()
                && !fill::go_on(intent, &asked, &sentence, stand.code, &mut values, &mut originals)
            {
                found = other();
            }
            if found.is_none() {
                turn.confidence = 1.0;
                return self.proceed(stand, intent, values, originals, turn);
            }
        }
        if found.is_none() {
            found = self.understand(&stand, &read);
        }
        let (intent, mut values, mut originals) = (found.as_ref(), Map::new(), Map::new());
        let intent = match intent.and_then(|found| Some((found, self.agent().intents.get(found.intent)?))) {
            Some((found, intent)) => {
                turn.confidence = found.confidence;
                let types = self.types(stand.session);
                let said = fill::Said { read: &read, slots: &found.slots, types: &types };
                let (values, originals) = (&mut values, &mut originals);
                let mut filled = fill::Filled { values, originals, taken: Vec::new(), corrects: false };
                fill::fill(intent, &said, &Map::new(), &mut filled);
                Some(intent)
            }
            None => {
                turn.confidence = 1.0;
                self.first(stand.session, &|i| i.fallback)
            }
        };
        match intent {
            Some(intent) => self.proceed(stand, intent, values, originals, turn),
            None => {
                turn.confidence = 0.0;
                stand.session.age();
            }
        }
    }

    /// Whether a sentence is a phrase of another intent, with words enough of its own that it is no value.
    fn is_of_another(&self, stand: &Stand, read: &Read, own: u32) -> bool {
        let words = read.tokens.iter().filter(|token| token.is_word()).count();
        let mut is_clear = false;
        for fit in stand.trained.fits(read).iter().filter(|fit| fit.any == 0) {
            if fit.intent == own {
                return false;
            }
            let may = self.agent().intents.get(fit.intent as usize);
            let may = may.is_some_and(|intent| !intent.fallback && stand.session.allows(intent));
            let values: usize = fit.slots.iter().map(|slot| slot.2 - slot.1).sum();
            is_clear |= may && words.saturating_sub(values) >= FEWEST_WORDS;
        }
        is_clear
    }

    /// The entity types that hold in a session: its own before the agent's.
    fn types<'t>(&'t self, session: &'t Session) -> Vec<&'t EntityType> {
        let mut types: Vec<&EntityType> = session.entity_types.iter().collect();
        types.extend(&self.agent().entity_types);
        types
    }

    fn read(&self, stand: &Stand, text: &str) -> Read {
        let types: Vec<&EntityType> = stand.session.entity_types.iter().collect();
        let own = Dictionary::new(&types, stand.trained.spoken(), stand.code);
        let mut wanted = Vec::new();
        for intent in &self.agent().intents {
            if stand.session.allows(intent) || stand.session.pending_is(intent) {
                wanted.extend(intent.parameters.iter().map(Parameter::entity_name));
            }
        }
        let mut read = stand.trained.read_sentence(text, wanted, Some(&own), stand.now.clock);
        // A session's entity type stands in for the agent's, unless it says that it adds to it.
        let replaced = |m: &Match| types.iter().any(|t| t.name == m.entity && !t.supplements());
        let of_session = stand.trained.find(&own, &read.tokens, text);
        keep(&mut read.matches, &mut |m| !replaced(m) || of_session.contains(m));
        read
    }

    /// The intent of a sentence: word for word, by template, then by the classifier.
    fn understand(&self, stand: &Stand, read: &Read) -> Option<Found> {
        let intents = &self.agent().intents;
        let allowed: &dyn Fn(u32) -> bool =
            &|i| intents.get(i as usize).is_some_and(|i| !i.fallback && stand.session.allows(i));
        // The best fit whose words were all foreseen, and the best that takes any words.
        let (mut whole, mut open): (Option<&Fit>, Option<&Fit>) = (None, None);
        let fits = stand.trained.fits(read);
        for fit in fits.iter().filter(|f| allowed(f.intent)) {
            let best = if fit.any == 0 { &mut whole } else { &mut open };
            let order = |f: &Fit| (f.any, f.entities, f.intent);
            let before = |b: &Fit| {
                let [ours, its] = [fit, b].map(|f| rank(&intents[f.intent as usize], stand.session));
                its.cmp(&ours).then(order(fit).cmp(&order(b))).is_lt()
            };
            if best.is_none_or(before) {
                *best = Some(fit);
            }
        }
        // What the fallback has among its phrases, word for word, is nobody else's by template.
        let refused = |f: &Fit| {
            f.any + f.entities == 0
                && intents.get(f.intent as usize).is_some_and(|i| i.fallback && stand.session.allows(i))
        };
        if whole.is_none_or(|fit| fit.entities > 0) && fits.iter().any(refused) {
            return None;
        }
        let threshold = self.agent().settings.threshold;
        let hybrid = self.hybrid();
        let mut fit = whole.map(|fit| (fit, 1.0));
        if fit.is_none() || !hybrid {
            if let Some((intent, confidence, next)) = self.classify(stand.trained, read, allowed)
                && confidence >= threshold
            {
                // Of two that are as good as equal, the one with the higher priority.
                let other = next.filter(|n| confidence - n.1 < 0.05);
                let [ours, its] = [intent, other.map_or(intent, |n| n.0)]
                    .map(|i| rank(&intents[i as usize], stand.session));
                let other = other.filter(|_| its > ours);
                let intent = other.map_or(intent, |n| n.0);
                // A template knows its values, which the tagger does not learn from it.
                let fit = open.filter(|fit| fit.intent == intent);
                let slots = marked(stand.trained, read, (intent, &intents[intent as usize]), fit, true);
                return Some(Found { intent: intent as usize, confidence, slots });
            }
            fit = open.map(|fit| (fit, threshold.max(0.5)));
        }
        let (fit, confidence) = fit.filter(|_| hybrid)?;
        let place = (fit.intent, &intents[fit.intent as usize]);
        let slots = marked(stand.trained, read, place, Some(fit), false);
        Some(Found { intent: fit.intent as usize, confidence, slots })
    }

    /// Goes on with a chosen intent: asks for what is missing, or answers.
    fn proceed(&self, stand: Stand, intent: &Intent, mut values: Map, mut originals: Map, turn: &mut Turn) {
        let Stand { session, code, now, .. } = stand;
        let and = system::and(code);
        fill::from_contexts(intent, session, and, &mut values, &mut originals);
        turn.intent = Some(intent.name.clone());
        turn.intent_id.clone_from(&intent.id);
        turn.action.clone_from(&intent.action);
        turn.is_fallback = intent.fallback;
        let missing = fill::missing(intent, &mut values, session, and, &originals);
        turn.all_present = missing.is_none();
        turn.parameters = fill::complete(intent, &values);
        let known = Known { values: &values, originals: &originals, contexts: &session.contexts, and };
        if let Some(parameter) = missing {
            turn.text = known.fill(&prompt(parameter, code, now.random));
            turn.replies = vec![Reply::Text(turn.text.clone())];
            turn.needs_webhook = intent.webhook_for_slot_filling;
            turn.asked = Some(parameter.name.clone());
            let (intent, asked) = (intent.name.clone(), parameter.name.clone());
            let expires = now.clock.now.saturating_add(session::LIFETIME);
            session.pending = Some(Pending { intent, asked, values, originals, expires });
            return;
        }
        answer::reply_all(intent, code, &known, now.random, turn);
        turn.needs_webhook = intent.webhook;
        turn.end = intent.end;
        session.pending = None;
        session.affect(intent, &turn.parameters, &originals, now.clock.now);
    }
}

/// The values that a fit and the tagger mark for an intent at a place; where both mark a parameter, the tagger's only if it
/// goes first.
fn marked(
    trained: &Trained,
    read: &Read,
    (place, intent): (u32, &Intent),
    fit: Option<&Fit>,
    tagger_first: bool,
) -> fill::Slots {
    let mut slots = fit.map(|fit| fit.slots.clone()).unwrap_or_default();
    let mut more = trained.slots(read, place);
    if tagger_first {
        core::mem::swap(&mut slots, &mut more);
        // A value that words of the template stand behind is all that stands before them, "play {hey jude} by queen",
        // and nothing of a value that is known: "remind me to {feed the cat} tomorrow".
        for whole in more.iter().filter(|m| read.tokens.iter().skip(m.2).any(Token::is_word)) {
            let ends_at_value = || {
                let mut next = read.matches.iter().filter(|m| m.from == whole.2);
                next.any(|m| more.iter().any(|slot| slot.2 == m.to))
            };
            let is_one = intent.parameter(&whole.0).is_some_and(|parameter| !parameter.list);
            let overlaps = |s: &(String, usize, usize)| s.1 < whole.2 && whole.1 < s.2;
            let is_part = |s: &(String, usize, usize)| {
                s.0 == whole.0 && whole.1 <= s.1 && (s.2 <= whole.2 || ends_at_value())
            };
            if is_one
                && slots.iter().all(|s| !overlaps(s) || is_part(s))
                && let Some(part) = slots.iter_mut().find(|s| overlaps(s))
            {
                part.clone_from(whole);
            }
        }
    }
    keep(&mut more, &mut |m| !slots.iter().any(|s| s.0 == m.0));
    slots.extend(more);
    slots
}

/// The question for a parameter, one of its prompts in the language that is spoken.
fn prompt(parameter: &Parameter, code: &str, random: u32) -> String {
    let mut texts: Vec<&str> = Vec::new();
    for code in [code, crate::text::before(code, b'-')] {
        if texts.is_empty() {
            let own = parameter.prompts.iter().filter(|p| p.language.as_deref().is_none_or(|l| l == code));
            texts.extend(own.map(|p| p.text.as_str()));
        }
    }
    answer::pick(&texts, random)
        .map_or_else(|| ["What is the ", &parameter.name, "?"].concat(), str::to_owned)
}

/// More input contexts first, then priority, then what was said last: "yes" is to the last question.
fn rank(intent: &Intent, session: &Session) -> (usize, i64, usize) {
    let place = |name: &String| session.contexts.iter().position(|c| c.name.eq_ignore_ascii_case(name));
    let newest = intent.input_contexts.iter().filter_map(place).max();
    (intent.input_contexts.len(), intent.priority, newest.unwrap_or(0))
}
