//! Learning an agent.

use super::{Model, Trained, has_vectors, marks};
use crate::agent::{Agent, EntityType, Intent, Phrase};
use crate::classifier::{Classifier, Example, LeftOut};
use crate::entity::{Match, developer::Dictionary};
use crate::language::{Language, Token, tokenise};
use crate::order::sort_dedup;
use crate::pace::{self, Pace};
use crate::pattern::{Patterns, Piece};
use crate::slots::{Tagged, Tagger, tokens_of};
use crate::text;
use crate::vectors::Vectors;

/// A phrase, and the place of its intent in the classifier.
type Sample = (String, Option<usize>);

/// A sentence of an intent, and the stretches that are slots: from, to, name.
struct Annotated {
    intent: u32,
    text: String,
    tokens: Vec<Token>,
    spans: Vec<(usize, usize, String)>,
}

/// What reading a phrase costs.
const PHRASE: usize = 5_000;

/// What training found out about the agent's phrases.
#[derive(Debug, Clone, Default)]
pub struct Lessons {
    /// For each phrase that was left out in turn, where the feature `formats` is on: its text, its intent, the intent it was given, how surely.
    pub left_out: Vec<(String, String, String, f32)>,
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
        let own = vectors.as_ref().filter(|_| has_vectors(code));
        let trained = Trained::train(&agent, code, own, &mut lessons, &mut pace).await;
        languages.push((code.to_owned(), trained));
    }
    (Model { agent, languages, vectors }, lessons)
}

fn pieces(phrase: &Phrase) -> Vec<Piece> {
    let mut pieces = Vec::new();
    for part in &phrase.parts {
        match (part.marked(), &part.alias) {
            (Some(entity), Some(alias)) => {
                pieces.push(Piece::Entity(text::trim_start(entity, b'@').to_owned(), alias.clone()));
            }
            _ if phrase.template => {
                pieces.extend(text::words(&part.text).map(|word| match word.strip_prefix('@') {
                    Some(reference) => {
                        let (entity, alias) = text::cut(reference, b':').unwrap_or((reference, reference));
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
            dictionary: Dictionary::new(&types, language, code),
        };
        let numbered: Vec<(u32, &Intent)> = (0..).zip(&agent.intents).collect();
        let add = &mut |i: usize| {
            let Some(&(number, intent)) = numbered.get(i) else { return 0 };
            if intent.priority < 0 {
                return 0;
            }
            for phrase in intent.phrases_in(code) {
                trained.patterns.add(number, &word_pieces(&phrase.text()));
                if !intent.fallback {
                    trained.patterns.add(number, &pieces(phrase));
                }
            }
            intent.phrases_in(code).len() * PHRASE
        };
        pace.each(numbered.len(), add).await;
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
        let phrases = self.taught_by(numbered, code);
        if self.taught.is_empty() {
            return;
        }
        let mut found: Vec<Vec<Match>> = Vec::with_capacity(phrases.len());
        let find = &mut |i: usize| {
            let text = phrases.get(i).map_or("", |phrase| &phrase.0);
            found.push(self.find(&self.dictionary, &tokenise(text), text));
            PHRASE
        };
        pace.each(phrases.len(), find).await;
        let examples = examples(&phrases, &found);
        let (classifier, left_out) =
            Classifier::learn(&examples, self.taught.len(), self.language, vectors, pace).await;
        if cfg!(feature = "formats") {
            let name = |place: usize| numbered[self.taught[place] as usize].1.name.clone();
            lessons.left_out.extend(left_out.iter().filter_map(|LeftOut { example, given, confidence }| {
                let (text, intent) = &phrases[*example];
                Some((text.clone(), name((*intent)?), name(*given), *confidence))
            }));
        }
        self.classifier = Some(classifier);
    }

    /// Finds out which intents the classifier learns; the phrases that it learns from, and their places in it.
    #[inline(never)]
    fn taught_by(&mut self, numbered: &[(u32, &Intent)], code: &str) -> Vec<Sample> {
        let mut phrases = Vec::new();
        for (number, intent) in numbered {
            let own = intent.phrases_in(code);
            let is_taught = intent.learnt && !intent.fallback && !own.is_empty();
            // Phrases of a fallback are what the agent should not take.
            if intent.priority < 0 || !is_taught && !intent.fallback {
                continue;
            }
            let place = is_taught.then_some(self.taught.len());
            if is_taught {
                self.taught.push(*number);
            }
            for phrase in own {
                phrases.push((phrase.text(), place));
            }
        }
        phrases
    }

    async fn teach_slots(&mut self, numbered: &[(u32, &Intent)], code: &str, pace: &mut Pace) {
        let (annotated, slots) = annotated(numbered, code);
        self.tagger = Tagger::learn(&tagged(&annotated, &slots), self.language, pace).await;
        self.slots = slots;
    }
}

#[inline(never)]
fn examples<'p>(phrases: &'p [Sample], found: &'p [Vec<Match>]) -> Vec<Example<'p>> {
    let mut examples = Vec::with_capacity(phrases.len());
    for ((text, intent), matches) in phrases.iter().zip(found) {
        examples.push(Example { text, intent: *intent, marks: marks(matches) });
    }
    examples
}

/// The phrases of all intents with parameters, and the names of the slots in them, sorted.
#[inline(never)]
fn annotated(numbered: &[(u32, &Intent)], code: &str) -> (Vec<Annotated>, Vec<String>) {
    let (mut annotated, mut slots) = (Vec::new(), Vec::new());
    for (number, intent) in numbered.iter().filter(|i| !i.1.parameters.is_empty()) {
        for phrase in intent.phrases_in(code).iter().filter(|p| !p.template) {
            let (mut spans, mut at) = (Vec::new(), 0);
            for part in &phrase.parts {
                let end = at + part.text.len();
                if let (Some(_), Some(alias)) = (part.marked(), &part.alias) {
                    spans.push((at, end, alias.clone()));
                    slots.push(alias.clone());
                }
                at = end;
            }
            let text = phrase.text();
            annotated.push(Annotated { intent: *number, tokens: tokenise(&text), text, spans });
        }
    }
    sort_dedup(&mut slots);
    (annotated, slots)
}

#[inline(never)]
fn tagged<'a>(annotated: &'a [Annotated], slots: &[String]) -> Vec<Tagged<'a>> {
    let mut sentences = Vec::with_capacity(annotated.len());
    for Annotated { intent, text, tokens, spans } in annotated {
        let mut stretches = Vec::new();
        for (start, end, slot) in spans {
            if let (Some((from, to)), Ok(slot)) = (tokens_of(tokens, *start, *end), slots.binary_search(slot))
            {
                stretches.push((from, to, slot as u32));
            }
        }
        sentences.push(Tagged { tokens, text, intent: *intent, stretches });
    }
    sentences
}
