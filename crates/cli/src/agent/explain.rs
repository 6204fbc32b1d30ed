//! What lies behind an answer: which intents were near, and by what one was found.
//!
//! The model is asked once more what it was asked for the answer. So the engine, which pages load, keeps nothing for it.

use nlu::{
    agent::Intent,
    dialogue::{Circumstances, Query, Session, Turn},
    json::Value,
    model::{Model, Read, Trained},
};

/// Lines about a turn: intent, scores, slots and contexts. `before` is the session as it was then.
pub fn lines(model: &Model, before: &Session, query: &Query, turn: &Turn, now: Circumstances) -> Vec<String> {
    let asked = match query {
        Query::Text(_) => Asked::new(model, before, turn, now),
        Query::Event { .. } => None,
    };
    let how = match &asked {
        Some(asked) => asked.how(turn),
        None if turn.intent.is_none() => "by nothing",
        None => "by an event",
    };
    let intent = turn.intent.as_deref().unwrap_or("–");
    let found = model.agent().intents.iter().find(|own| own.name == intent);
    let inside = found.map(|intent| intent.input_contexts.join(", ")).filter(|names| !names.is_empty());
    let inside = inside.map(|names| format!(" in {names}")).unwrap_or_default();
    let mut lines = vec![format!(
        "intent {intent} · {how}{inside} · confidence {:.2} · action {}",
        turn.confidence, turn.action
    )];
    lines.extend(asked.map(|asked| asked.scores()));
    let contexts: Vec<String> =
        turn.contexts.iter().map(|context| format!("{} {}", context.name, context.lifespan)).collect();
    lines.push(format!("slots {}", Value::Object(turn.parameters.clone())));
    lines.push(format!("contexts {}", contexts.join(", ")));
    lines
}

/// What the model was asked of a sentence.
struct Asked<'m> {
    model: &'m Model,
    trained: &'m Trained,
    sentence: Read,
    /// The classifier's two best of the intents that may answer, with their confidence.
    best: Vec<(&'m str, f32)>,
    /// The intent that waited for a value.
    waiting: Option<String>,
}

impl<'m> Asked<'m> {
    fn new(model: &'m Model, before: &Session, turn: &Turn, now: Circumstances) -> Option<Self> {
        let (_, trained) = model.language(now.language)?;
        let intents = &model.agent().intents;
        let is_active =
            |name: &String| before.context(name).is_some_and(|context| context.expires > now.clock.now);
        let may_answer =
            |intent: &Intent| intent.priority >= 0 && intent.input_contexts.iter().all(is_active);
        let waiting = before.pending.as_ref().filter(|pending| pending.expires > now.clock.now);
        let waiting = waiting.map(|pending| pending.intent.clone());
        let wanted = intents
            .iter()
            .filter(|intent| may_answer(intent) || waiting.as_ref() == Some(&intent.name))
            .flat_map(|intent| intent.parameters.iter().map(|parameter| parameter.entity_name()));
        let sentence = trained.read_sentence(&turn.query, wanted.collect(), None, now.clock);
        let is_asked =
            |at: u32| intents.get(at as usize).is_some_and(|intent| !intent.fallback && may_answer(intent));
        let ranked = model.classify(trained, &sentence, &is_asked);
        let both = ranked.into_iter().flat_map(|(intent, sure, next)| [Some((intent, sure)), next]);
        let name = |(at, sure): (u32, f32)| Some((intents.get(at as usize)?.name.as_str(), sure));
        let best = both.flatten().filter_map(name).collect();
        Some(Self { model, trained, sentence, best, waiting })
    }

    /// By what the intent of the turn was found.
    fn how(&self, turn: &Turn) -> &'static str {
        let Some(name) = &turn.intent else {
            return if turn.cancelled.is_some() { "by words that break off" } else { "by nothing" };
        };
        if turn.is_fallback {
            return "by the fallback";
        }
        if self.waiting.as_ref() == Some(name) {
            return "by its open question";
        }
        let settings = &self.model.agent().settings;
        let intents = &self.model.agent().intents;
        let fits = self.trained.fits(&self.sentence).into_iter();
        let own = fits.filter(|fit| intents.get(fit.intent as usize).is_some_and(|own| own.name == *name));
        // What is foreseen word by word goes before the classifier, what takes any words behind it.
        let entities = own.filter(|fit| fit.any == 0).map(|fit| fit.entities).min();
        match entities.filter(|_| self.model.hybrid()) {
            Some(0) => "word for word",
            Some(_) => "by template",
            None if self.best.first().is_some_and(|best| best.1 >= settings.threshold) => "by the classifier",
            None => "by template, of any words",
        }
    }

    fn scores(&self) -> String {
        let best = self.best.iter().map(|(name, sure)| format!("{name} {sure:.2} · ")).collect::<String>();
        format!("scores {best}threshold {:.2}", self.model.agent().settings.threshold)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use nlu::{
        agent::{Agent, Message, OutputContext, Parameter, Part, Phrase, Prompt},
        entity::calendar::{Clock, Fixed},
        json::Map,
    };

    fn intent(name: &str, phrases: &[&str]) -> Intent {
        Intent {
            name: name.into(),
            phrases: [("en".into(), phrases.iter().map(|text| Phrase::plain(text)).collect())].into(),
            messages: vec![Message::text(&["Well."])],
            ..Intent::default()
        }
    }

    /// Opening hours, deliveries, a booking that asks when, and a follow-up of the hours.
    fn model() -> Model {
        let context = OutputContext {
            name: "hours-followup".into(),
            lifespan: 2,
            parameters: Map::new(),
            extra: Map::new(),
        };
        let day = Parameter {
            id: String::new(),
            name: "day".into(),
            entity: "@sys.date".into(),
            value: "$day".into(),
            default: Value::Null,
            required: true,
            list: false,
            prompts: vec![Prompt { language: None, text: "When?".into() }],
            extra: Map::new(),
        };
        let marked = Phrase {
            parts: vec![
                Part { text: "come by ".into(), ..Part::default() },
                Part {
                    text: "tomorrow".into(),
                    entity: Some("@sys.date".into()),
                    alias: Some("day".into()),
                    ..Part::default()
                },
            ],
            ..Phrase::plain("")
        };
        let mut visit = Intent { parameters: vec![day], ..intent("visit", &["i want to come by"]) };
        visit.phrases.field("en").push(marked);
        let hours = ["when do you open", "opening hours", "are you open on sunday", "when do you close"];
        let delivery = ["how long is delivery", "when will my order arrive", "delivery times"];
        let agent = Agent {
            intents: vec![
                Intent { output_contexts: vec![context], ..intent("hours", &hours) },
                intent("delivery", &delivery),
                Intent { input_contexts: vec!["hours-followup".into()], ..intent("why", &["why is that"]) },
                visit,
                Intent { fallback: true, ..intent("fallback", &[]) },
                Intent { events: vec!["WELCOME".into()], ..intent("welcome", &[]) },
            ],
            ..Agent::default()
        };
        Model::train(&agent, None).0
    }

    fn now(clock: &Fixed) -> Circumstances<'_> {
        Circumstances { language: "en", clock: Clock { now: 1_715_760_000, zone: clock }, random: 0 }
    }

    fn turn(model: &Model, session: &mut Session, query: &Query) -> Vec<String> {
        let (utc, before) = (Fixed(0), session.clone());
        let turn = model.respond(session, query, now(&utc));
        lines(model, &before, query, &turn, now(&utc))
    }

    #[test]
    fn by_what_an_intent_was_found() {
        let (model, mut session) = (model(), Session::new());
        let mut check = |said: &str, expected: &str| {
            let lines = turn(&model, &mut session, &Query::Text(said.into()));
            assert!(lines[0].starts_with(&format!("intent {expected} · ")), "{said}: {lines:?}");
        };
        check("When do you open?", "hours · word for word");
        check("why is that", "why · word for word in hours-followup");
        check("so at what time do you open on sunday", "hours · by the classifier");
        check("come by on friday", "visit · by template");
        check("i want to come by", "visit · word for word");
        check("on friday", "visit · by its open question");
        check("i want to come by", "visit · word for word");
        check("never mind", "– · by words that break off");
        check("xylophone quartz", "fallback · by the fallback");
    }

    #[test]
    fn events_have_no_scores() {
        let event = |name: &str| Query::Event { name: name.into(), parameters: Map::new() };
        for (name, expected) in
            [("WELCOME", "intent welcome · by an event"), ("OTHER", "intent – · by nothing")]
        {
            let lines = turn(&model(), &mut Session::new(), &event(name));
            assert!(lines[0].starts_with(expected), "{lines:?}");
            assert!(lines.iter().all(|line| !line.starts_with("scores")), "{lines:?}");
        }
    }

    #[test]
    fn what_the_fallback_answers_was_nearly_something_else() {
        let lines = turn(&model(), &mut Session::new(), &Query::Text("open delivery xylophone".into()));
        assert_eq!(lines.len(), 4);
        let scores = lines[1].strip_prefix("scores ").unwrap();
        let scores: Vec<&str> = scores.split(" · ").collect();
        let confidence = |score: &str| score.rsplit_once(' ').unwrap().1.parse::<f32>().unwrap();
        assert!(scores[..2].iter().any(|score| score.starts_with("delivery 0.")), "{lines:?}");
        assert!(confidence(scores[0]) >= confidence(scores[1]), "{lines:?}");
        assert_eq!(scores[2..], ["threshold 0.30"], "{lines:?}");
        // An intent whose context is not active was not near.
        assert!(!lines[1].contains("why"), "{lines:?}");
    }
}
