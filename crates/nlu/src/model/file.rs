//! The model file: the agent, and what was learnt of it or the phrases to learn it from.

use super::{Model, Trained, has_vectors};
use crate::agent::{
    Agent, EntityType,
    packed::{self, Phrases},
};
use crate::classifier::Classifier;
use crate::entity::developer::Dictionary;
use crate::language::Language;
use crate::pattern::Patterns;
use crate::slots::Tagger;
use crate::vectors::Vectors;
use crate::wire::{Damaged, Reader, Writer};
use core::cell::Cell;

const MAGIC: &[u8] = b"menagerie agent\n";
/// The version of the file. A file of another one is refused by name.
const VERSION: u32 = 6;

/// Each language takes more memory than its bytes may say.
const MOST_LANGUAGES: u32 = 100;

/// What a model file gives: a model that may be yet to be learnt.
#[cfg(feature = "train")]
type Opened = super::Training;
#[cfg(not(feature = "train"))]
type Opened = Model;

/// Why a model file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not a model at all.
    #[error(
        "this is no agent file: it does not begin with `menagerie agent`; `menagerie agent train` makes one"
    )]
    Foreign,
    /// Made by another version.
    #[error("this agent file is of version {0}, not {VERSION}; train the agent again")]
    Version(u32),
    /// Cut off or changed.
    #[error("this agent file is damaged at byte {0}; train the agent again")]
    Damaged(usize),
    /// It was learnt with vectors, and would understand less without those.
    #[cfg(feature = "vectors")]
    #[error(
        "this agent file was trained with vectors; give it the same ones (`--vectors`); for pages, train it with `--untrained`"
    )]
    Vectors,
    /// Nothing was learnt, and this program cannot learn.
    #[error("this agent file is not trained, and this program does not train; leave `--untrained` out")]
    Untrained,
}

impl From<Damaged> for ModelError {
    fn from(damaged: Damaged) -> Self {
        Self::Damaged(damaged.at)
    }
}

fn begin(agent: &Agent, phrases: Phrases) -> Writer {
    let mut out = Writer::default();
    out.bytes(MAGIC);
    out.number(VERSION);
    packed::write(agent, phrases, &mut out);
    out
}

/// The fingerprint of the vectors comes last: a program without vectors need not know of it.
fn end(mut out: Writer, vectors: Option<&Vectors>) -> Vec<u8> {
    out.hash(vectors.map_or(0, Vectors::fingerprint));
    out.finish()
}

impl Model {
    /// The bytes of the model file: the same agent gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = begin(&self.agent, Phrases::Drop);
        out.number(self.languages.len() as u32);
        for (code, trained) in &self.languages {
            out.text(code);
            trained.write(&mut out);
        }
        let classifiers = || self.languages.iter().filter_map(|(_, trained)| trained.classifier.as_ref());
        let vectors = self.vectors.as_ref().filter(|_| classifiers().any(|own| own.numbers() > 0));
        end(out, vectors)
    }

    /// A model file of an agent that is learnt where the file is read: for a small agent a tenth of the
    /// trained file, and the same model. With `vectors` it says that it is better learnt with those.
    pub fn untrained(agent: &Agent, vectors: Option<&Vectors>) -> Vec<u8> {
        let mut agent = agent.clone();
        agent.sort();
        let mut out = begin(&agent, Phrases::Keep);
        out.number(0);
        end(out, vectors.filter(|_| agent.languages().into_iter().any(has_vectors)))
    }

    /// Reads a model file, and trains what is not trained yet; see [`super::Training::from_bytes`] for doing
    /// so in steps.
    pub fn from_bytes(bytes: &[u8], vectors: Option<Vectors>) -> Result<Self, ModelError> {
        let opened = Self::open(bytes, vectors)?;
        #[cfg(feature = "train")]
        return opened.finish().map(|done| done.0).ok_or(ModelError::Untrained);
        #[cfg(not(feature = "train"))]
        Ok(opened)
    }

    /// The agent of a model file with nothing learnt: it answers events, and understands nothing that is said.
    /// For a page that greets before it has learnt.
    pub fn unlearnt(bytes: &[u8]) -> Result<Self, ModelError> {
        let (agent, _) = read_agent(bytes)?;
        let blank = |code: &str| Trained {
            language: Language::of(code),
            taught: Vec::new(),
            classifier: None,
            patterns: Patterns::default(),
            tagger: None,
            slots: Vec::new(),
            dictionary: Dictionary::default(),
        };
        let languages = agent.languages().into_iter().map(|code| (code.to_owned(), blank(code))).collect();
        Ok(Self { agent, languages, vectors: None })
    }

    /// The fingerprint of the vectors that a sound model file was learnt with, or is better learnt with where it is yet to be; none
    /// if there are no such.
    #[cfg(feature = "vectors")]
    pub fn fingerprint(bytes: &[u8]) -> Option<u32> {
        let fingerprint = u32::from_le_bytes(*bytes.last_chunk()?);
        (fingerprint != 0).then_some(fingerprint)
    }

    /// The agent of a file that is not trained.
    #[cfg(all(feature = "vectors", feature = "train"))]
    pub(super) fn yet_to_learn(bytes: &[u8]) -> Result<Option<Agent>, ModelError> {
        let (agent, mut reader) = read_agent(bytes)?;
        let languages = reader.number();
        Ok((reader.sound(languages)? == 0).then_some(agent))
    }

    pub(super) fn open(bytes: &[u8], vectors: Option<Vectors>) -> Result<Opened, ModelError> {
        let (agent, mut reader) = read_agent(bytes)?;
        let left = Cell::new(MOST_LANGUAGES);
        let languages = reader.list(|bytes| {
            bytes.expect(left.get() > 0);
            left.set(left.get().saturating_sub(1));
            let code = bytes.string();
            let trained = Trained::read(bytes, &agent, &code);
            (code, trained)
        });
        #[cfg(feature = "vectors")]
        let learnt = Some(reader.hash()).filter(|fingerprint| *fingerprint != 0);
        let languages = reader.sound(languages)?;
        if languages.is_empty() {
            #[cfg(feature = "train")]
            return Ok(Opened::of(agent, vectors));
            #[cfg(not(feature = "train"))]
            return Err(ModelError::Untrained);
        }
        #[cfg(feature = "vectors")]
        if learnt.is_some() && learnt != vectors.as_ref().map(Vectors::fingerprint) {
            return Err(ModelError::Vectors);
        }
        let model = Self { agent, languages, vectors };
        #[cfg(feature = "train")]
        return Ok(Opened::done(model));
        #[cfg(not(feature = "train"))]
        Ok(model)
    }
}

/// The agent of a model file, and what comes behind it.
fn read_agent(bytes: &[u8]) -> Result<(Agent, Reader<'_>), ModelError> {
    let mut reader = Reader::new(bytes);
    if reader.bytes() != MAGIC {
        return Err(ModelError::Foreign);
    }
    let version = reader.number();
    match reader.sound(version)? {
        VERSION => {}
        other => return Err(ModelError::Version(other)),
    }
    let agent = packed::read(&mut reader);
    Ok((reader.sound(agent)?, reader))
}

impl Trained {
    fn write(&self, out: &mut Writer) {
        out.rising(&self.taught);
        out.flags([self.classifier.is_some(), self.tagger.is_some()]);
        if let Some(classifier) = &self.classifier {
            classifier.write(out);
        }
        self.patterns.write(out);
        if let Some(tagger) = &self.tagger {
            tagger.write(out);
        }
        out.texts(&self.slots);
    }

    fn read(bytes: &mut Reader, agent: &Agent, code: &str) -> Self {
        let language = Language::of(code);
        let types: Vec<&EntityType> = agent.entity_types.iter().collect();
        let taught = bytes.rising();
        bytes.expect(taught.iter().all(|&i| (i as usize) < agent.intents.len()));
        let [classifies, tags] = bytes.flags();
        let classifier = classifies.then(|| Classifier::read(bytes));
        bytes.expect(classifier.as_ref().is_none_or(|c| c.intents() == taught.len()));
        let patterns = Patterns::read(bytes);
        let tagger = tags.then(|| Tagger::read(bytes));
        let slots = bytes.strings();
        let dictionary = Dictionary::new(&types, language, code);
        Self { language, taught, classifier, patterns, tagger, slots, dictionary }
    }
}
