//! Learning an agent.

use super::{Model, Trained};
use crate::agent::{Agent, EntityType, Intent, Phrase};
use crate::classifier::{Classifier, Example, LeftOut};
use crate::entity::{Match, developer::Dictionary};
use crate::language::{Language, Token, tokenise};
use crate::order::sort_dedup;
use crate::pace::{self, Pace};
use crate::pattern::{Patterns, Piece};
use crate::slots::{Tagged, Tagger, tokens_of};
use crate::vectors::Vectors;

/// An intent, a sentence of it, and the stretches that are slots: from, to, name.
type Annotated = (u32, String, Vec<(usize, usize, String)>);

/// What reading a phrase costs.
const PHRASE: usize = 5_000;

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
        pace::at_once(learn(agent.clone(), vectors))
    }
}

/// Learns an agent in all its languages.
pub(super) async fn learn(mut agent: Agent, vectors: Option<Vectors>) -> (Model, Lessons) {
    let (mut languages, mut lessons, mut pace) = (Vec::new(), Lessons::default(), Pace::default());
    // Intents are known by their places, and files keep them in this order.
    agent.sort();
    for code in agent.languages() {
        let trained = Trained::train(&agent, code, vectors.as_ref(), &mut lessons, &mut pace).await;
        languages.push((code.to_owned(), trained));
    }
    (Model { agent, languages, vectors }, lessons)
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
    async fn train(
        agent: &Agent,
        code: &str,
        vectors: Option<&Vectors>,
        lessons: &mut Lessons,
        pace: &mut Pace,
    ) -> Self {
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
        let live = |i: &&(u32, &Intent)| i.1.priority >= 0 && !i.1.phrases_in(code).is_empty();
        let numbered: Vec<(u32, &Intent)> = (0..).zip(&agent.intents).collect();
        for (number, intent) in numbered.iter().filter(live).filter(|i| !i.1.fallback) {
            for phrase in intent.phrases_in(code) {
                trained.patterns.add(*number, &word_pieces(&phrase.text()));
                trained.patterns.add(*number, &pieces(phrase));
                pace.spend(PHRASE).await;
            }
        }
        trained.teach(&numbered, code, vectors, lessons, pace).await;
        trained.teach_slots(&numbered, code, pace).await;
        trained
    }

    async fn teach(
        &mut self,
        numbered: &[(u32, &Intent)],
        code: &str,
        vectors: Option<&Vectors>,
        lessons: &mut Lessons,
        pace: &mut Pace,
    ) {
        let learnt =
            |i: &&(u32, &Intent)| i.1.learnt && i.1.priority >= 0 && !i.1.phrases_in(code).is_empty();
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
        let mut found: Vec<Vec<Match>> = Vec::with_capacity(phrases.len());
        for (text, _) in &phrases {
            found.push(self.dictionary.find(&tokenise(text), text, self.language));
            pace.spend(PHRASE).await;
        }
        let examples: Vec<Example> = phrases
            .iter()
            .zip(&found)
            .map(|((text, intent), matches)| {
                let mut marks: Vec<&str> =
                    matches.iter().map(|m| m.entity.as_str()).filter(|e| !e.starts_with("sys.")).collect();
                sort_dedup(&mut marks);
                Example { text, intent: *intent, marks }
            })
            .collect();
        let (classifier, left_out) =
            Classifier::learn(&examples, self.taught.len(), self.language, vectors, pace).await;
        let name = |place: usize| numbered[self.taught[place] as usize].1.name.clone();
        lessons.left_out.extend(left_out.iter().filter_map(|LeftOut { example, given, confidence }| {
            let (text, intent) = &phrases[*example];
            Some((text.clone(), name((*intent)?), name(*given), *confidence))
        }));
        self.classifier = Some(classifier);
    }

    async fn teach_slots(&mut self, numbered: &[(u32, &Intent)], code: &str, pace: &mut Pace) {
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
        self.tagger = Tagger::learn(&tagged, self.language, pace).await;
        self.slots = slots;
    }
}
