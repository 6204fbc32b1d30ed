//! Conversations that are kept on the server, for those who ask `detectIntent`.
//!
//! Kept in memory: a restart forgets them, as their contexts would after twenty minutes anyway.

use nlu::{
    agent::{Agent, EntityType},
    dialogue::Session,
    json::{Map, Value},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// A conversation that nobody went on with for so long is over.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// When there are more, those that rested longest go.
const MOST_SESSIONS: usize = 10_000;
/// More contexts than this are nobody's conversation.
pub const MOST_CONTEXTS: usize = 100;
/// So are more entity types.
pub const MOST_ENTITY_TYPES: usize = 100;
/// What contexts and entity types of one session may weigh, about as much as they take in memory.
pub const MOST_BYTES: usize = 64 * 1024;
/// What those of all sessions may.
const MOST_OF_ALL: usize = 64 * 1024 * 1024;

/// One conversation; who holds the lock has the turn.
pub type Shared = Arc<tokio::sync::Mutex<Session>>;

/// All conversations, by their full names.
pub struct Sessions {
    kept: Mutex<HashMap<String, Kept>>,
    most: usize,
}

/// A conversation, when it was used last, and what it weighed then.
struct Kept {
    session: Shared,
    used: Instant,
    weight: usize,
}

impl Sessions {
    /// None yet.
    pub fn new() -> Self {
        Self { kept: Mutex::default(), most: MOST_SESSIONS }
    }

    /// The conversation of a name; a new one where there is none.
    pub fn open(&self, name: &str, now: Instant) -> Shared {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if !kept.contains_key(name) && kept.len() >= self.most {
            make_room(&mut kept, self.most, now);
        }
        let new = || Kept { session: Shared::default(), used: now, weight: 0 };
        let entry = kept.entry(name.to_owned()).or_insert_with(new);
        if now.duration_since(entry.used) > LIFETIME {
            *entry = new();
        }
        entry.used = now;
        Arc::clone(&entry.session)
    }

    /// Notes what a conversation weighs after its turn. Where all weigh too much, those that rested longest go.
    pub fn weigh(&self, name: &str, weight: usize, now: Instant) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = kept.get_mut(name) else { return };
        let grew = weight > entry.weight;
        entry.weight = weight;
        while grew && kept.len() > 1 && kept.values().map(|kept| kept.weight).sum::<usize>() > MOST_OF_ALL {
            let most = kept.len();
            make_room(&mut kept, most, now);
        }
    }

    /// The conversation of a name, if there is one.
    pub fn find(&self, name: &str, now: Instant) -> Option<Shared> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get(name)?;
        (now.duration_since(found.used) <= LIFETIME).then(|| Arc::clone(&found.session))
    }

    /// Forgets those that are over.
    pub fn sweep(&self, now: Instant) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|_, kept| now.duration_since(kept.used) <= LIFETIME);
    }
}

/// Drops what is over; where that is not enough, the tenth that rested longest.
fn make_room(kept: &mut HashMap<String, Kept>, most: usize, now: Instant) {
    kept.retain(|_, kept| now.duration_since(kept.used) <= LIFETIME);
    if kept.len() < most {
        return;
    }
    let mut times: Vec<Instant> = kept.values().map(|kept| kept.used).collect();
    times.sort_unstable();
    if let Some(limit) = times.get(most / 10).copied() {
        kept.retain(|_, kept| kept.used > limit);
    }
}

/// What an entity type, an entry and a synonym weigh beside their letters.
const EACH: usize = 64;
/// What a value weighs beside its letters; the engine's take that much.
const EACH_VALUE: usize = 32;

/// What is wrong with a session that grew too large. What its entity types have from those of `agent` does not count.
pub fn too_large(session: &Session, agent: &Agent) -> Option<String> {
    if session.contexts.len() > MOST_CONTEXTS {
        return Some(format!("A session has at most {MOST_CONTEXTS} contexts."));
    }
    if session.entity_types.len() > MOST_ENTITY_TYPES {
        return Some(format!("A session has at most {MOST_ENTITY_TYPES} entity types of its own."));
    }
    let own = |entity: &EntityType| {
        of_type(entity).saturating_sub(agent.entity_type(&entity.name).map_or(0, of_type)).max(EACH)
    };
    (weight_by(session, own) > MOST_BYTES)
        .then(|| format!("Contexts and entity types of a session weigh at most {MOST_BYTES} bytes."))
}

/// What a session weighs. What its entity types have from the agent's counts: it is kept once more.
pub fn weight(session: &Session) -> usize {
    weight_by(session, of_type)
}

fn weight_by(session: &Session, of_type: impl Fn(&EntityType) -> usize) -> usize {
    let contexts = session.contexts.iter().map(|context| context.name.len() + of_map(&context.parameters));
    contexts.sum::<usize>() + session.entity_types.iter().map(of_type).sum::<usize>()
}

fn of_map(map: &Map) -> usize {
    map.iter().map(|(name, value)| name.len() + of_value(value)).sum()
}

fn of_value(value: &Value) -> usize {
    EACH_VALUE
        + match value {
            Value::String(text) => text.len(),
            Value::Array(list) => list.iter().map(of_value).sum(),
            Value::Object(map) => of_map(map),
            _ => 0,
        }
}

fn of_type(entity: &EntityType) -> usize {
    let entries = entity.entries.values().flatten().map(|entry| {
        EACH + entry.value.len() + entry.synonyms.iter().map(|synonym| EACH + synonym.len()).sum::<usize>()
    });
    EACH + entity.name.len() + entries.sum::<usize>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use nlu::agent::Entry;

    #[test]
    fn a_session_that_rests_is_forgotten_and_the_oldest_go_first() {
        let sessions = Sessions { kept: Mutex::default(), most: 20 };
        let begin = Instant::now();
        let at = |seconds| begin + Duration::from_secs(seconds);
        let first = sessions.open("0", at(0));
        assert!(Arc::ptr_eq(&first, &sessions.open("0", at(10))));
        assert!(!Arc::ptr_eq(&first, &sessions.open("0", at(10 + 1801))), "half an hour is too long");
        for n in 1..=21 {
            sessions.open(&n.to_string(), at(4000 + n));
        }
        assert!(sessions.find("1", at(4021)).is_none(), "the oldest made room");
        assert!(sessions.find("21", at(4021)).is_some());
        sessions.sweep(at(4021 + 1801));
        assert!(sessions.kept.lock().unwrap().is_empty());
    }

    #[test]
    fn all_together_weigh_no_more_than_they_may() {
        let sessions = Sessions::new();
        let begin = Instant::now();
        let at = |n: usize| begin + Duration::from_millis(n as u64);
        let most = MOST_OF_ALL / MOST_BYTES;
        for n in 0..=most {
            sessions.open(&n.to_string(), at(n));
            sessions.weigh(&n.to_string(), MOST_BYTES, at(n));
        }
        assert!(sessions.find("0", at(most)).is_none(), "the oldest made room");
        assert!(sessions.find(&most.to_string(), at(most)).is_some());
        let kept = sessions.kept.lock().unwrap();
        assert!(kept.values().map(|kept| kept.weight).sum::<usize>() <= MOST_OF_ALL && kept.len() > most / 2);
    }

    #[test]
    fn what_grows_too_large_is_named() {
        let context = |name: String, text: &str| nlu::dialogue::ActiveContext {
            name,
            lifespan: 5,
            parameters: [("p".to_owned(), text.into())].into_iter().collect(),
            expires: 0,
        };
        let agent = Agent::default();
        let found = |session: &Session| too_large(session, &agent);
        let mut session = Session::new();
        session.contexts = (0..100).map(|n| context(n.to_string(), "")).collect();
        assert_eq!(found(&session), None);
        session.contexts.push(context("more".to_owned(), ""));
        assert!(found(&session).unwrap().contains("100 contexts"));
        session.contexts = vec![context("c".to_owned(), &"x".repeat(MOST_BYTES))];
        assert!(found(&session).unwrap().contains("bytes"));

        // However little they are in JSON.
        let zeros = Value::Array(vec![Value::Integer(0); MOST_BYTES / EACH_VALUE]);
        session.contexts[0].parameters = [("p".to_owned(), zeros)].into_iter().collect();
        assert!(found(&session).unwrap().contains("bytes"));

        // Entries that say nothing take room, too.
        let entity = |name: String, entries: usize| {
            let mut entity = EntityType { name, ..EntityType::default() };
            *entity.entries.field("en") = vec![Entry { value: String::new(), synonyms: Vec::new() }; entries];
            entity
        };
        session.contexts.clear();
        session.entity_types = vec![entity("a".to_owned(), 900)];
        assert_eq!(found(&session), None);
        session.entity_types = vec![entity("a".to_owned(), 1100)];
        assert!(found(&session).unwrap().contains("bytes"));
        session.entity_types = (0..101).map(|n| entity(n.to_string(), 0)).collect();
        assert!(found(&session).unwrap().contains("100 entity types"));
        // What the agent has itself, and the session only adds to, is not the session's.
        session.entity_types = vec![entity("a".to_owned(), 1100)];
        let large = Agent { entity_types: vec![entity("a".to_owned(), 1000)], ..Agent::default() };
        assert_eq!(too_large(&session, &large), None);
        // It takes room all the same.
        assert!(weight(&session) > MOST_BYTES);
    }
}
