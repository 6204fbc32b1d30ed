//! A trained agent: what answers.

mod file;
#[cfg(feature = "train")]
mod train;
#[cfg(feature = "train")]
mod training;

pub use file::ModelError;
#[cfg(feature = "train")]
pub use train::Lessons;
#[cfg(feature = "train")]
pub use training::Training;

use crate::agent::{Agent, Matching};
use crate::classifier::Classifier;
use crate::entity::{Match, calendar::Clock, developer::Dictionary, system::Sentence};
use crate::language::{Language, Token, tokenise};
use crate::order::{keep, sort_dedup};
use crate::pattern::{Fit, Patterns};
use crate::places::get;
use crate::slots::Tagger;
use crate::vectors::Vectors;

/// An intent, its score, and the one behind it with its score.
type Ranked = (u32, f32, Option<(u32, f32)>);
/// What was learnt for one language.
#[derive(Debug, Clone)]
pub struct Trained {
    language: &'static Language,
    /// The classifier's intents, by their place in the agent.
    taught: Vec<u32>,
    classifier: Option<Classifier>,
    patterns: Patterns,
    tagger: Option<Tagger>,
    slots: Vec<String>,
    dictionary: Dictionary,
}

/// A trained agent.
#[derive(Debug, Clone)]
pub struct Model {
    agent: Agent,
    /// By language, the main one first.
    languages: Vec<(String, Trained)>,
    vectors: Option<Vectors>,
}

/// Whether vectors help with a language: theirs is English.
pub fn has_vectors(code: &str) -> bool {
    Language::of(code).code == "en"
}

impl Model {
    /// The agent.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// What was learnt for a language; of the main one where the agent does not speak it.
    pub fn language(&self, code: &str) -> Option<(&str, &Trained)> {
        let root = crate::text::before(code, b'-');
        let found = [code, root, &self.agent.settings.language]
            .into_iter()
            .find_map(|c| self.languages.iter().find(|l| l.0.eq_ignore_ascii_case(c)));
        found.map(|(code, trained)| (code.as_str(), trained))
    }

    /// The classifier's best intent among those that `allowed` lets through: its place in the agent, how
    /// surely, and the next best.
    pub fn classify(
        &self,
        trained: &Trained,
        sentence: &Read,
        allowed: &dyn Fn(u32) -> bool,
    ) -> Option<Ranked> {
        let classifier = trained.classifier.as_ref()?;
        let marks = marks(&sentence.matches);
        let prediction =
            classifier.predict(&sentence.tokens, &marks, trained.language, self.vectors.as_ref(), &|i| {
                allowed(get(&trained.taught, i))
            })?;
        let next = prediction.next.map(|(i, c)| (get(&trained.taught, i), c));
        Some((get(&trained.taught, prediction.intent), prediction.confidence, next))
    }
}

/// A sentence that was read: its tokens and all entities in it.
#[derive(Debug, Clone)]
pub struct Read {
    /// The sentence.
    pub text: String,
    /// Its tokens.
    pub tokens: Vec<Token>,
    /// The entities, overlapping ones too.
    pub matches: Vec<Match>,
}

/// The agent's own entity types in a sentence: what the classifier is told.
fn marks(matches: &[Match]) -> Vec<&str> {
    let mut marks: Vec<&str> =
        matches.iter().map(|m| m.entity.as_str()).filter(|e| !e.starts_with("sys.")).collect();
    sort_dedup(&mut marks);
    marks
}

impl Read {
    /// The text of some tokens.
    pub fn text_of(&self, from: usize, to: usize) -> &str {
        let start = self.tokens.get(from).map_or(0, |t| t.bytes.0);
        let end = to.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(start, |t| t.bytes.1);
        self.text.get(start..end).unwrap_or("")
    }
}

impl Trained {
    /// Reads a sentence: tokens, the agent's own entities, and the system entities of `wanted`.
    pub fn read_sentence<'w>(
        &'w self,
        text: &str,
        mut wanted: Vec<&'w str>,
        session: Option<&Dictionary>,
        clock: Clock,
    ) -> Read {
        let tokens = tokenise(text);
        let mut matches = self.find(&self.dictionary, &tokens, text);
        if let Some(own) = session {
            matches.extend(self.find(own, &tokens, text));
        }
        wanted.extend(self.patterns.entities());
        self.dictionary.parts(&mut wanted);
        keep(&mut wanted, &mut |e| e.starts_with("sys."));
        sort_dedup(&mut wanted);
        let sentence = Sentence::new(&tokens, text, self.language, clock);
        for entity in wanted {
            matches.extend(sentence.find(entity));
        }
        let composed = self.dictionary.compose(&tokens, &matches, self.language);
        matches.extend(composed);
        Read { text: text.to_owned(), tokens, matches }
    }

    /// The values of a dictionary in a sentence.
    pub fn find(&self, dictionary: &Dictionary, tokens: &[Token], text: &str) -> Vec<Match> {
        dictionary.find(tokens, text, self.language, &self.patterns)
    }

    /// The intents that a sentence fits word for word or by template.
    pub fn fits(&self, sentence: &Read) -> Vec<Fit> {
        self.patterns.fits(&sentence.tokens, &sentence.matches)
    }

    /// The slots of a sentence of an intent: parameter, tokens.
    pub fn slots(&self, sentence: &Read, intent: u32) -> Vec<(String, usize, usize)> {
        let Some(tagger) = &self.tagger else { return Vec::new() };
        let mut slots = Vec::new();
        for (from, to, slot) in tagger.tag(&sentence.tokens, &sentence.text, intent, self.language) {
            if let Some(name) = self.slots.get(slot as usize) {
                slots.push((name.clone(), from, to));
            }
        }
        slots
    }

    /// Its language.
    pub fn spoken(&self) -> &'static Language {
        self.language
    }
}

impl Model {
    /// Whether patterns come before the classifier.
    pub fn hybrid(&self) -> bool {
        self.agent.settings.matching == Matching::Hybrid
    }
}
