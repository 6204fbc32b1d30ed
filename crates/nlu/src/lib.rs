//! The agent engine: everything that a Dialogflow ES agent understands, without a cloud.
//!
//! 1. An [`agent::Agent`] is what its author sees: intents, phrases, parameters, contexts, entity types.
//! 2. [`model::Model::train`] learns it; the same agent gives the same bytes on every machine.
//!    A page that has to stay alive meanwhile learns in steps: [`model::Training`].
//! 3. [`model::Model::respond`] answers one query and changes a [`dialogue::Session`], which is plain data.
//!
//! The folders follow the way of a sentence: [`language`] cuts it into tokens, [`entity`] finds values,
//! [`pattern`] and [`classifier`] find the intent, [`slots`] marks open values, [`dialogue`] answers.
//! There is no clock, no randomness, no input or output in here: they are arguments.
//!
//! ```
//! use nlu::{agent::{Agent, Intent, Message, Phrase}, dialogue::{Circumstances, Query, Session}};
//! use nlu::{entity::{calendar::Clock, zone::zone}, model::Model};
//!
//! let intent = |name: &str, phrases: &[&str], answer: &str| Intent {
//!     name: name.into(),
//!     phrases: [("en".into(), phrases.iter().map(|p| Phrase::plain(p)).collect())].into(),
//!     messages: vec![Message::text(&[answer])],
//!     ..Intent::default()
//! };
//! let agent = Agent {
//!     intents: vec![
//!         intent("hours", &["when do you open", "opening hours", "are you open on sunday"], "Nine to six."),
//!         intent("delivery", &["how long is delivery", "when will my order arrive"], "Two days."),
//!         Intent { fallback: true, ..intent("fallback", &[], "Sorry?") },
//!     ],
//!     ..Agent::default()
//! };
//! let (model, _) = Model::train(&agent, None);
//! let berlin = zone("Europe/Berlin").unwrap();
//! let now = Circumstances { language: "en", clock: Clock { now: 1_700_000_000, zone: &berlin }, random: 0 };
//! let mut session = Session::new();
//! let turn = model.respond(&mut session, &Query::Text("What are your opening hours?".into()), now);
//! assert_eq!(turn.text, "Nine to six.");
//! ```

pub mod agent;
pub mod classifier;
pub mod dialogue;
pub mod entity;
#[cfg(feature = "formats")]
pub mod evaluate;
#[cfg(feature = "formats")]
pub mod format;
pub mod hash;
pub mod json;
pub mod language;
pub mod map;
pub mod model;
mod order;
mod pace;
pub mod pattern;
mod places;
mod range_coder;
mod rows;
pub mod slots;
pub mod text;
mod trie;
#[cfg_attr(not(feature = "vectors"), path = "no_vectors.rs")]
pub mod vectors;
pub mod wire;
