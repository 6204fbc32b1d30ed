//! Conversations that are kept for those who ask `detectIntent`.
//!
//! They lie in the database: any of several servers goes on with them, also after a restart. On one server the turns of a session
//! wait for each other. On several they do not: what is written last holds. Nobody says two things at once, and a transaction that
//! waits for a webhook would hold up others for seconds.

use super::{
    store::{self, SessionRow},
    written,
};
use crate::{
    clock::{self, Millis},
    database::Database,
};
use nlu::{
    agent::{Agent, EntityType},
    dialogue::Session,
    json::{Map, Value},
};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::OwnedMutexGuard;

/// A conversation that nobody went on with for so long is over.
pub const LIFETIME: Millis = 30 * 60 * 1000;
/// A session that stays as it is need not be written so soon again.
const FRESH: Millis = 60 * 1000;
/// When there are so many sessions, the tenth that rested longest goes.
const MOST_SESSIONS: i64 = 10_000;
/// When all together are so many bytes, the heaviest go until a tenth is free: whoever fills it up drops their own, since what people
/// talk about is light.
const MOST_OF_ALL: i64 = 64 << 20;
/// More contexts than this are nobody's conversation.
pub const MOST_CONTEXTS: usize = 100;
/// So are more entity types.
pub const MOST_ENTITY_TYPES: usize = 100;
/// What contexts and entity types of one session may weigh, about as much as they take in memory.
pub const MOST_BYTES: usize = 64 * 1024;

/// All conversations, by their full names.
pub struct Sessions {
    database: Database,
    turns: Turns,
}

/// A conversation that has its turn. Dropped without [`Open::keep`], it stays as it was.
pub struct Open<'s> {
    /// What is remembered of it; nothing where it is new.
    pub session: Session,
    /// When it was used last, unless it is new.
    used_at: Option<Millis>,
    /// How many bytes it was.
    bytes: usize,
    database: &'s Database,
    turn: Turn<'s>,
}

impl Sessions {
    /// Those in a database.
    pub fn new(database: Database) -> Self {
        Self { database, turns: Turns::default() }
    }

    /// The conversation of a name, once it is its turn; a new one where there is none.
    pub async fn open<'s>(&'s self, name: &'s str) -> Result<Open<'s>, sqlx::Error> {
        let turn = self.turns.take(name).await;
        let row = store::session(&mut *self.database.read().await?, name).await?;
        let now = clock::now();
        // One that was used in the future was kept by a clock that was ahead, nobody knows when.
        let row = row.filter(|row| now.abs_diff(row.used_at) <= LIFETIME.unsigned_abs());
        let bytes = row.as_ref().map_or(0, |row| row.session.len());
        let kept = row.and_then(|row| Some((written::read(&row.session)?, row.used_at)));
        let (session, used_at) = kept.map_or_else(Default::default, |(kept, at)| (kept, Some(at)));
        Ok(Open { session, used_at, bytes, database: &self.database, turn })
    }
}

impl Open<'_> {
    /// Keeps what the conversation has become.
    pub async fn keep(self, session: Session) -> Result<(), sqlx::Error> {
        let now = clock::now();
        if session == self.session && self.used_at.is_none_or(|at| now - at < FRESH) {
            return Ok(());
        }
        let row = SessionRow { used_at: now, session: written::write(session) };
        if self.used_at.is_none() || row.session.len() > self.bytes {
            // What follows does not need it.
            let made = self.make_room().await;
            made.unwrap_or_else(|error| tracing::warn!(%error, "old sessions could not be forgotten"));
        }
        let mut transaction = self.database.write().await?;
        store::keep_session(&mut transaction, self.turn.name, &row).await?;
        transaction.commit().await
    }

    /// Forgets the heaviest where all are too heavy, and the tenth that rested longest where there are too many.
    async fn make_room(&self) -> Result<(), sqlx::Error> {
        let (count, bytes) = store::sessions(&mut *self.database.read().await?).await?;
        let is_more = self.used_at.is_none() && count >= MOST_SESSIONS;
        if !is_more && bytes < MOST_OF_ALL {
            return Ok(());
        }
        // Apart from the writing that follows: who holds a row does not wait for others.
        let mut transaction = self.database.write().await?;
        if bytes >= MOST_OF_ALL {
            store::forget_heaviest_sessions(&mut transaction, MOST_OF_ALL / 10 * 9).await?;
        }
        if is_more {
            store::forget_oldest_sessions(&mut transaction, count - count.div_euclid(10).max(1)).await?;
        }
        transaction.commit().await
    }
}

/// Who has a turn or waits for one, by the names of sessions.
#[derive(Default)]
struct Turns(Mutex<HashMap<String, Arc<tokio::sync::Mutex<()>>>>);

/// The turn of a session, or the wait for it.
struct Turn<'t> {
    turns: &'t Turns,
    name: &'t str,
    lock: Arc<tokio::sync::Mutex<()>>,
    held: Option<OwnedMutexGuard<()>>,
}

impl Turns {
    async fn take<'t>(&'t self, name: &'t str) -> Turn<'t> {
        let lock = Arc::clone(self.names().entry(name.to_owned()).or_default());
        // Made before the wait: whoever goes away meanwhile is not counted any more, either.
        let mut turn = Turn { turns: self, name, lock, held: None };
        turn.held = Some(Arc::clone(&turn.lock).lock_owned().await);
        turn
    }

    fn names(&self) -> MutexGuard<'_, HashMap<String, Arc<tokio::sync::Mutex<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let mut names = self.turns.names();
        self.held = None;
        // That of the map and our own: nobody else is there.
        if Arc::strong_count(&self.lock) == 2 {
            names.remove(self.name);
        }
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
    let contexts = session.contexts.iter().map(|context| context.name.len() + of_map(&context.parameters));
    let weight = contexts.sum::<usize>() + session.entity_types.iter().map(own).sum::<usize>();
    (weight > MOST_BYTES)
        .then(|| format!("Contexts and entity types of a session weigh at most {MOST_BYTES} bytes."))
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

    #[tokio::test]
    async fn turns_wait_for_each_other_and_names_are_not_kept() {
        let turns = Turns::default();
        let first = turns.take("a").await;
        let other = turns.take("b").await;
        let mut second = Box::pin(turns.take("a"));
        let mut third = Box::pin(turns.take("a"));
        assert!(futures_util::poll!(&mut second).is_pending());
        assert!(futures_util::poll!(&mut third).is_pending());
        drop(other);
        assert_eq!(turns.names().len(), 1);
        drop(first);
        // Given the turn, it goes away before it takes it.
        drop(second);
        let third = third.await;
        assert!(futures_util::poll!(Box::pin(turns.take("a"))).is_pending());
        drop(third);
        assert!(turns.names().is_empty());
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
    }
}
