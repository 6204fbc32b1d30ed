//! Each rule of Dialogflow ES, as its documentation has it, as a conversation with an agent that has just
//! what the rule is about.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::print_stdout)] // a failed unwrap is how a test fails

mod answers;
#[path = "../common/mod.rs"]
mod common;
mod contexts;
mod dialogues;
mod entities;
mod filling;
mod matching;

use common::intent;
use nlu::{
    agent::{Agent, EntityType, Intent},
    dialogue::{Circumstances, Query, Session, Turn, WebhookAnswer},
    entity::{calendar::Clock, zone::zone},
    json::{Map, Value},
    model::Model,
};

/// A conversation going on.
struct Talk {
    model: Model,
    session: Session,
    now: i64,
    random: u32,
    language: &'static str,
    turn: Turn,
}

impl Talk {
    fn with(agent: &Agent) -> Self {
        let model = Model::from_bytes(&Model::train(agent, None).0.to_bytes(), None).unwrap();
        // Wednesday the 15th of May 2024, 10:00 in Berlin.
        let now = 1_715_760_000;
        Self { model, session: Session::new(), now, random: 0, language: "en", turn: Turn::default() }
    }

    fn ask(&mut self, query: &Query) {
        let berlin = zone("Europe/Berlin").unwrap();
        let clock = Clock { now: self.now, zone: &berlin };
        let now = Circumstances { language: self.language, clock, random: self.random };
        self.turn = self.model.respond(&mut self.session, query, now);
    }

    fn fulfil(&mut self, answer: WebhookAnswer) {
        let berlin = zone("Europe/Berlin").unwrap();
        let clock = Clock { now: self.now, zone: &berlin };
        let now = Circumstances { language: self.language, clock, random: self.random };
        self.model.fulfil(&mut self.session, &mut self.turn, answer, now);
    }

    /// `> said`, `@EVENT`, `+seconds`, then what is expected: `= text`, `intent NAME`, `asked NAME`,
    /// `contexts a:2 b:1`, `parameters JSON`, `webhook`, `end`, `whole`.
    fn check(&mut self, conversation: &str) {
        for line in conversation.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            let turn = &self.turn;
            match word {
                ">" => self.ask(&Query::Text(rest.into())),
                "=" => assert_eq!(turn.text, rest, "{line} in {conversation}"),
                "intent" => {
                    assert_eq!(turn.intent.as_deref().unwrap_or(""), rest, "{line} in {conversation}")
                }
                "asked" => assert_eq!(turn.asked.as_deref().unwrap_or(""), rest, "{line} in {conversation}"),
                "parameters" => {
                    assert_eq!(Value::from(turn.parameters.clone()).to_string(), rest, "in {conversation}");
                }
                "contexts" => {
                    let found: Vec<String> =
                        turn.contexts.iter().map(|c| format!("{}:{}", c.name, c.lifespan)).collect();
                    assert_eq!(found.join(" "), rest, "{line} in {conversation}");
                }
                "webhook" | "end" | "whole" => {
                    let found = [turn.needs_webhook, turn.end, turn.all_present];
                    let wanted = ["webhook", "end", "whole"].map(|flag| line.contains(flag));
                    assert_eq!(found, wanted, "{line} in {conversation}");
                }
                _ if word.starts_with('@') => {
                    self.ask(&Query::Event { name: word[1..].into(), parameters: Map::new() });
                }
                _ => self.now += word.strip_prefix('+').unwrap().parse::<i64>().unwrap(),
            }
        }
    }
}

fn check(agent: &Agent, conversation: &str) {
    Talk::with(agent).check(conversation);
}

fn agent(intents: Vec<Intent>, entity_types: Vec<EntityType>) -> Agent {
    Agent { intents, entity_types, ..Agent::default() }
}

fn fallback(name: &str, contexts: &[&str], text: &str) -> Intent {
    let input_contexts = contexts.iter().map(|c| (*c).to_owned()).collect();
    Intent { fallback: true, input_contexts, ..intent(name, &[], &[text]) }
}

fn yes(name: &str, contexts: &[&str], text: &str) -> Intent {
    let input_contexts = contexts.iter().map(|c| (*c).to_owned()).collect();
    Intent { input_contexts, ..intent(name, &["yes", "sure do it"], &[text]) }
}
