//! A trained agent: what answers.

use crate::agent::{Agent, EntityType, Matching, Phrase};
use crate::classifier::{Classifier, Example, LeftOut};
use crate::entity::{Match, calendar::Clock, developer::Dictionary, system};
use crate::format::{FormatError, dialogflow};
use crate::language::{Language, Token, tokenise};
use crate::order::{map, sort_dedup};
use crate::pattern::{Fit, Patterns, Piece};
use crate::slots::{Tagged, Tagger, tokens_of};
use crate::vectors::Vectors;
use crate::wire::{Damaged, Reader, Writer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// An intent, its score, and the one behind it with its score.
type Ranked = (u32, f32, Option<(u32, f32)>);
/// An intent, a sentence of it, and the stretches that are slots: from, to, name.
type Annotated = (u32, String, Vec<(usize, usize, String)>);

const MAGIC: &[u8] = b"menagerie agent\n";
/// The version of the file. A file of another one is refused by name.
const VERSION: u32 = 1;

/// Why a model file was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    /// Not a model at all.
    #[error(
        "this is no agent file: it does not begin with `menagerie agent`; `menagerie agent train` makes one"
    )]
    Foreign,
    /// Made by another version.
    #[error("this agent file is of version {0}, this program reads version {VERSION}; train the agent again")]
    Version(u32),
    /// Cut off or changed.
    #[error("this agent file is damaged at byte {0}; train the agent again")]
    Damaged(usize),
    /// The agent inside it is not sound.
    #[error(transparent)]
    Agent(#[from] FormatError),
}

impl From<Damaged> for ModelError {
    fn from(damaged: Damaged) -> Self {
        Self::Damaged(damaged.at)
    }
}

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
    languages: BTreeMap<String, Trained>,
    vectors: Option<Vectors>,
}

/// What training found out about the agent's phrases.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    /// For each phrase that was left out in turn: its text, its intent, the intent it was given, how surely.
    pub left_out: Vec<(String, String, String, f32)>,
    /// Regular expressions that are not understood.
    pub faults: Vec<String>,
}

impl Model {
    /// Trains an agent in all its languages.
    pub fn train(agent: &Agent, vectors: Option<Vectors>) -> (Self, Lessons) {
        let mut lessons = Lessons::default();
        let mut languages = BTreeMap::new();
        // Intents are known by their places, and files keep them in this order.
        let mut agent = agent.clone();
        agent.sort();
        for code in agent.languages() {
            languages.insert(code.to_owned(), Trained::train(&agent, code, vectors.as_ref(), &mut lessons));
        }
        (Self { agent, languages, vectors }, lessons)
    }

    /// The agent.
    pub fn agent(&self) -> &Agent {
        &self.agent
    }

    /// What was learnt for a language; of the main one where the agent does not speak it.
    pub fn language(&self, code: &str) -> Option<(&str, &Trained)> {
        let root = code.split('-').next().unwrap_or(code);
        let found = [code, root, &self.agent.settings.language]
            .into_iter()
            .find_map(|c| self.languages.get_key_value(c));
        found.map(|(code, trained)| (code.as_str(), trained))
    }

    /// The classifier's best intent among those that `allowed` lets through: its place in the agent, how
    /// surely, and the next best.
    pub fn classify(
        &self,
        trained: &Trained,
        sentence: &Read,
        allowed: impl Fn(u32) -> bool,
    ) -> Option<Ranked> {
        let classifier = trained.classifier.as_ref()?;
        let marks = sentence.marks();
        let prediction =
            classifier.predict(&sentence.tokens, &marks, trained.language, self.vectors.as_ref(), |i| {
                allowed(trained.taught[i])
            })?;
        let next = prediction.next.map(|(i, c)| (trained.taught[i], c));
        Some((trained.taught[prediction.intent], prediction.confidence, next))
    }

    /// The bytes of the model file: the same agent gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Writer::default();
        let mut slim = self.agent.clone();
        for intent in &mut slim.intents {
            intent.phrases.clear();
            intent.extra.clear();
        }
        let files: Map<String, Value> = dialogflow::write(&slim)
            .into_iter()
            .filter_map(|(path, bytes)| Some((path, serde_json::from_slice(&bytes).ok()?)))
            .collect();
        out.bytes(MAGIC);
        out.number(VERSION);
        out.text(&Value::Object(files).to_string());
        out.number(self.languages.len() as u32);
        for (code, trained) in &self.languages {
            out.text(code);
            trained.write(&mut out);
        }
        out.finish()
    }

    /// Reads a model file.
    pub fn from_bytes(bytes: &[u8], vectors: Option<Vectors>) -> Result<Self, ModelError> {
        let mut reader = Reader::new(bytes);
        if reader.bytes().ok() != Some(MAGIC) {
            return Err(ModelError::Foreign);
        }
        let version = reader.number()?;
        if version != VERSION {
            return Err(ModelError::Version(version));
        }
        let files: Map<String, Value> = serde_json::from_str(reader.text()?).or_else(|_| reader.refuse())?;
        let files = map(files.into_iter().map(|(path, value)| (path, value.to_string().into_bytes())));
        let (agent, _) = dialogflow::read(&files)?;
        let mut languages = BTreeMap::new();
        for _ in 0..reader.count()? {
            let code = reader.text()?.to_owned();
            languages.insert(code.clone(), Trained::read(&mut reader, &agent, &code)?);
        }
        Ok(Self { agent, languages, vectors })
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

impl Read {
    /// The agent's own entity types in the sentence: what the classifier is told.
    fn marks(&self) -> Vec<&str> {
        let mut marks: Vec<&str> =
            self.matches.iter().map(|m| m.entity.as_str()).filter(|e| !e.starts_with("sys.")).collect();
        sort_dedup(&mut marks);
        marks
    }

    /// The text of some tokens.
    pub fn text_of(&self, from: usize, to: usize) -> &str {
        let start = self.tokens.get(from).map_or(0, |t| t.bytes.0);
        let end = to.checked_sub(1).and_then(|i| self.tokens.get(i)).map_or(start, |t| t.bytes.1);
        self.text.get(start..end).unwrap_or("")
    }
}

fn pieces(phrase: &Phrase) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in &phrase.parts {
        match (part.marked(), &part.alias) {
            (Some(entity), Some(alias)) => {
                pieces.push(Piece::Entity(entity.trim_start_matches('@').to_owned(), alias.clone()));
            }
            _ if phrase.template => {
                pieces.extend(part.text.split_whitespace().map(|word| match word.strip_prefix('@') {
                    Some(reference) => {
                        let (entity, alias) = reference.split_once(':').unwrap_or((reference, reference));
                        Piece::Entity(entity.to_owned(), alias.to_owned())
                    }
                    None => Piece::Word(crate::language::folded(word)),
                }))
            }
            _ => pieces.extend(word_pieces(&part.text)),
        }
    }
    pieces
}

fn word_pieces(text: &str) -> Vec<Piece> {
    tokenise(text).into_iter().filter(Token::is_word).map(|t| Piece::Word(t.folded)).collect()
}

impl Trained {
    fn train(agent: &Agent, code: &str, vectors: Option<&Vectors>, lessons: &mut Lessons) -> Self {
        let language = Language::of(code);
        let types: Vec<&EntityType> = agent.entity_types.iter().collect();
        let mut trained = Self {
            language,
            taught: Vec::new(),
            classifier: None,
            patterns: Patterns::default(),
            tagger: None,
            slots: Vec::new(),
            dictionary: Dictionary::new(&types, language, code, &mut lessons.faults),
        };
        let live = |i: &&(u32, &crate::agent::Intent)| i.1.priority >= 0 && !i.1.phrases_in(code).is_empty();
        let numbered: Vec<(u32, &crate::agent::Intent)> = (0..).zip(&agent.intents).collect();
        for (number, intent) in numbered.iter().filter(live).filter(|i| !i.1.fallback) {
            for phrase in intent.phrases_in(code) {
                trained.patterns.add(*number, &word_pieces(&phrase.text()));
                trained.patterns.add(*number, &pieces(phrase));
            }
        }
        trained.teach(&numbered, code, vectors, lessons);
        trained.teach_slots(&numbered, code);
        trained
    }

    fn teach(
        &mut self,
        numbered: &[(u32, &crate::agent::Intent)],
        code: &str,
        vectors: Option<&Vectors>,
        lessons: &mut Lessons,
    ) {
        let learnt = |i: &&(u32, &crate::agent::Intent)| {
            i.1.learnt && i.1.priority >= 0 && !i.1.phrases_in(code).is_empty()
        };
        self.taught = numbered.iter().filter(learnt).filter(|i| !i.1.fallback).map(|i| i.0).collect();
        let mut phrases: Vec<(String, Option<usize>)> = Vec::new();
        for (number, intent) in numbered.iter().filter(|i| i.1.priority >= 0) {
            // Phrases of a fallback are what the agent should not take.
            let place = self.taught.iter().position(|t| t == number);
            if place.is_some() || intent.fallback {
                phrases.extend(intent.phrases_in(code).iter().map(|p| (p.text(), place)));
            }
        }
        if self.taught.is_empty() {
            return;
        }
        let read: Vec<(Vec<Token>, Vec<Match>)> = phrases
            .iter()
            .map(|(text, _)| {
                let tokens = tokenise(text);
                let matches = self.dictionary.find(&tokens, text, self.language);
                (tokens, matches)
            })
            .collect();
        let examples: Vec<Example> = phrases
            .iter()
            .zip(&read)
            .map(|((text, intent), (_, matches))| {
                let mut marks: Vec<&str> =
                    matches.iter().map(|m| m.entity.as_str()).filter(|e| !e.starts_with("sys.")).collect();
                sort_dedup(&mut marks);
                Example { text, intent: *intent, marks }
            })
            .collect();
        let (classifier, left_out) = Classifier::train(&examples, self.taught.len(), self.language, vectors);
        let name = |place: usize| numbered[self.taught[place] as usize].1.name.clone();
        lessons.left_out.extend(left_out.iter().filter_map(|LeftOut { example, given, confidence }| {
            let (text, intent) = &phrases[*example];
            Some((text.clone(), name((*intent)?), name(*given), *confidence))
        }));
        self.classifier = Some(classifier);
    }

    fn teach_slots(&mut self, numbered: &[(u32, &crate::agent::Intent)], code: &str) {
        let mut annotated: Vec<Annotated> = Vec::new();
        for (number, intent) in numbered.iter().filter(|i| !i.1.parameters.is_empty()) {
            for phrase in intent.phrases_in(code).iter().filter(|p| !p.template) {
                let mut spans = Vec::new();
                let mut at = 0;
                for part in &phrase.parts {
                    let end = at + part.text.len();
                    if let (Some(_), Some(alias)) = (part.marked(), &part.alias) {
                        spans.push((at, end, alias.clone()));
                    }
                    at = end;
                }
                annotated.push((*number, phrase.text(), spans));
            }
        }
        let mut slots: Vec<String> = annotated.iter().flat_map(|a| a.2.iter().map(|s| s.2.clone())).collect();
        sort_dedup(&mut slots);
        let tokens: Vec<Vec<Token>> = annotated.iter().map(|a| tokenise(&a.1)).collect();
        let tagged: Vec<Tagged> = annotated
            .iter()
            .zip(&tokens)
            .map(|((intent, text, spans), tokens)| Tagged {
                tokens,
                text,
                marks: &[],
                intent: *intent,
                stretches: spans
                    .iter()
                    .filter_map(|(start, end, slot)| {
                        let (from, to) = tokens_of(tokens, *start, *end)?;
                        Some((from, to, slots.binary_search(slot).ok()? as u32))
                    })
                    .collect(),
            })
            .collect();
        self.tagger = Tagger::train(&tagged, self.language);
        self.slots = slots;
    }

    /// Reads a sentence: tokens, the agent's own entities, and the system entities of `wanted`.
    pub fn read_sentence<'w>(
        &'w self,
        text: &str,
        wanted: impl Iterator<Item = &'w str>,
        session: Option<&Dictionary>,
        clock: Clock,
    ) -> Read {
        let tokens = tokenise(text);
        let mut matches = self.dictionary.find(&tokens, text, self.language);
        matches.extend(session.into_iter().flat_map(|d| d.find(&tokens, text, self.language)));
        let mut system: Vec<&str> =
            wanted.chain(self.patterns.entities()).filter(|e| e.starts_with("sys.")).collect();
        sort_dedup(&mut system);
        for entity in system {
            matches.extend(system::find(entity, &tokens, text, self.language, clock));
        }
        let composed = self.dictionary.compose(&tokens, &matches, self.language);
        matches.extend(composed);
        Read { text: text.to_owned(), tokens, matches }
    }

    /// The intents that a sentence fits word for word or by template.
    pub fn fits(&self, sentence: &Read) -> Vec<Fit> {
        self.patterns.fits(&sentence.tokens, &sentence.matches)
    }

    /// The slots of a sentence of an intent: parameter, tokens.
    pub fn slots(&self, sentence: &Read, intent: u32) -> Vec<(String, usize, usize)> {
        let Some(tagger) = &self.tagger else { return Vec::new() };
        let stretches = tagger.tag(&sentence.tokens, &sentence.text, &[], intent, self.language);
        stretches
            .into_iter()
            .filter_map(|(a, b, slot)| Some((self.slots.get(slot as usize)?.clone(), a, b)))
            .collect()
    }

    /// Its language.
    pub fn spoken(&self) -> &'static Language {
        self.language
    }

    fn write(&self, out: &mut Writer) {
        out.rising(&self.taught);
        out.number(u32::from(self.classifier.is_some()));
        if let Some(classifier) = &self.classifier {
            classifier.write(out);
        }
        self.patterns.write(out);
        out.number(u32::from(self.tagger.is_some()));
        if let Some(tagger) = &self.tagger {
            tagger.write(out);
        }
        out.number(self.slots.len() as u32);
        self.slots.iter().for_each(|s| out.text(s));
    }

    fn read(bytes: &mut Reader, agent: &Agent, code: &str) -> Result<Self, Damaged> {
        let language = Language::of(code);
        let types: Vec<&EntityType> = agent.entity_types.iter().collect();
        let taught = bytes.rising()?;
        if taught.iter().any(|&i| i as usize >= agent.intents.len()) {
            return bytes.refuse();
        }
        let classifier = if bytes.number()? == 1 { Some(Classifier::read(bytes)?) } else { None };
        if classifier.as_ref().is_some_and(|c| c.intents() != taught.len()) {
            return bytes.refuse();
        }
        let patterns = Patterns::read(bytes)?;
        let tagger = if bytes.number()? == 1 { Some(Tagger::read(bytes)?) } else { None };
        let mut slots = Vec::new();
        for _ in 0..bytes.count()? {
            slots.push(bytes.text()?.to_owned());
        }
        let dictionary = Dictionary::new(&types, language, code, &mut Vec::new());
        Ok(Self { language, taught, classifier, patterns, tagger, slots, dictionary })
    }
}

impl Model {
    /// Whether patterns come before the classifier.
    pub fn hybrid(&self) -> bool {
        self.agent.settings.matching == Matching::Hybrid
    }
}
