//! Parameters: from a sentence, from contexts, from defaults.

use super::{Session, answer::Known};
use crate::agent::{EntityType, Intent, Parameter};
use crate::entity::{
    Match,
    system::{is_article, is_courtesy},
};
use crate::json::{Map, Value};
use crate::language::{Kind, is_letter_or_number};
use crate::model::Read;
use crate::order::keep;
use crate::text;

/// Parameters and their tokens, as the tagger or a template has them.
pub(super) type Slots = Vec<(String, usize, usize)>;
type Values = Map;
/// "For 4 people" says anew what is known; "do you have 16 inch?" asks.
const MOST_WORDS: usize = 3;
/// What a parameter has taken of a sentence: its tokens.
pub(super) type Stretch<'p> = (&'p str, usize, usize);

/// A sentence, with what may be values in it.
pub(super) struct Said<'s> {
    pub read: &'s Read,
    pub slots: &'s Slots,
    /// The entity types that hold now.
    pub types: &'s [&'s EntityType],
}

impl Said<'_> {
    /// Whether any words may be a parameter's value: its type is expanded, or the engine has no list for it.
    fn is_open(&self, parameter: &Parameter) -> bool {
        let entity = parameter.entity_name();
        match self.types.iter().find(|t| t.name == entity) {
            Some(own) => own.expansion,
            None => entity.starts_with("sys.") && !crate::entity::system::is_known(entity),
        }
    }

    /// The value that lies in a stretch: one that is known, else where any words may be one, its words.
    fn value_in(&self, parameter: &Parameter, from: usize, to: usize) -> Option<Match> {
        let own = self.read.matches.iter().filter(|m| m.entity == parameter.entity_name());
        let best = own.filter(|m| m.from < to && m.to > from).max_by_key(|m| m.length()).cloned();
        let open = self.is_open(parameter) && best.as_ref().is_none_or(|m| m.from > from || m.to < to);
        if !open {
            return best;
        }
        let value = Value::from(self.read.text_of(from, to));
        Some(Match { from, to, entity: String::new(), value })
    }
}

fn is_empty(value: Option<&Value>) -> bool {
    match value {
        None | Some(Value::Null) => true,
        Some(Value::String(text)) => text.is_empty(),
        Some(Value::Array(list)) => list.is_empty(),
        _ => false,
    }
}

/// What is filled so far.
pub(super) struct Filled<'f> {
    pub values: &'f mut Values,
    pub originals: &'f mut Values,
    /// What of the sentence is taken.
    pub taken: Vec<Stretch<'f>>,
    /// Whether lists begin anew.
    pub corrects: bool,
}

/// Fills the parameters of an intent from a sentence, beyond those that are `known`, from what is not taken.
pub(super) fn fill<'i>(intent: &'i Intent, said: &Said, known: &Values, filled: &mut Filled<'i>) {
    // Those that the tagger has seen first: it knows "from" and "to" apart.
    for parameter in &intent.parameters {
        for (name, from, to) in said.slots {
            if *name != parameter.name || known.contains_key(name) {
                continue;
            }
            if let Some(found) =
                said.value_in(parameter, *from, *to).filter(|found| !is_part(intent, said, found))
            {
                filled.put(intent, parameter, &found, said.read);
            }
        }
    }
    let alone = is_number(said.read);
    for parameter in &intent.parameters {
        // A number alone is an hour or a day only where that is asked for; of lists it always may be.
        let is_hour = || {
            alone
                && !parameter.list
                && matches!(parameter.entity_name().get(..8), Some("sys.date" | "sys.time"))
        };
        if filled.has(parameter) && !parameter.list || known.contains_key(&parameter.name) || is_hour() {
            continue;
        }
        let of_type = said.read.matches.iter().filter(|m| m.entity == parameter.entity_name());
        let mut own: Vec<&Match> = of_type.collect();
        let late = |m: &Match| {
            let word = said.read.tokens.get(m.from).filter(|_| !parameter.list && m.length() == 1);
            word.is_some_and(|token| is_article(&token.folded))
        };
        // "Einen Tisch" is not for one, when the number has to be there.
        keep(&mut own, &mut |m| !(parameter.required && late(m)));
        crate::order::sort_by(&mut own, |a, b| {
            late(a).cmp(&late(b)).then(a.from.cmp(&b.from)).then(b.to.cmp(&a.to))
        });
        for found in own {
            if !is_part(intent, said, found) {
                filled.put(intent, parameter, found, said.read);
            }
        }
    }
}

/// Whether a value is a part of a longer one that another parameter takes: not the "green" of "green boots", nor the 5 of
/// "5 pm". A day beside a time is a value of its own, also where another parameter takes both.
fn is_part(intent: &Intent, said: &Said, found: &Match) -> bool {
    let holds = |m: &Match| m.from <= found.from && found.to <= m.to && m.length() > found.length();
    let is_number = matches!(found.value, Value::Integer(_) | Value::Fraction(_));
    intent.parameters.iter().any(|other| {
        if other.entity_name().starts_with("sys.") && (!is_number || said.is_open(other)) {
            return false;
        }
        let marked = said.slots.iter().find(|s| s.0 == other.name);
        match marked.and_then(|(_, from, to)| said.value_in(other, *from, *to)) {
            Some(value) => holds(&value),
            None => said.read.matches.iter().any(|m| m.entity == other.entity_name() && holds(m)),
        }
    })
}

/// What a parameter gets: the value, or for `$size.original` what was said.
fn value_of(parameter: &Parameter, found: &Match, original: &Value) -> Value {
    let own = parameter.value.strip_prefix('$').and_then(|value| value.strip_suffix(".original"));
    if own == Some(&*parameter.name) { original } else { &found.value }.clone()
}

impl<'f> Filled<'f> {
    /// Whether a parameter has taken something.
    fn has(&self, parameter: &Parameter) -> bool {
        self.taken.iter().any(|t| t.0 == parameter.name)
    }

    /// A parameter takes a value of the sentence, unless another has it, or it has one and is no list.
    fn put(&mut self, intent: &Intent, parameter: &'f Parameter, found: &Match, read: &Read) {
        let has = self.has(parameter);
        let (mut from, mut to) = (found.from, found.to);
        // "Tonight at 8", "at 8 tonight": the day is another's, the time is what stands beside it.
        let has_day = found.entity.starts_with("sys.time")
            && intent.parameters.iter().any(|parameter| parameter.entity_name() == "sys.date");
        for day in read.matches.iter().filter(|m| has_day && m.entity == "sys.date") {
            if day.from <= from && day.to < to {
                from = from.max(day.to);
            } else if from < day.from && to <= day.to {
                to = to.min(day.from);
            }
        }
        let is_free = self.taken.iter().all(|t| t.2 <= from || to <= t.1);
        if !is_free || (!parameter.list && has) {
            return;
        }
        // Lists are in the order of the sentence, after what they have.
        let later = self.taken.iter().filter(|t| t.0 == parameter.name && t.1 > from).count();
        self.taken.push((&parameter.name, from, to));
        let original = Value::from(read.text_of(from, to));
        let value = value_of(parameter, found, &original);
        let grows = has || !self.corrects;
        for (map, value) in [(&mut *self.values, value), (&mut *self.originals, original)] {
            match map.get_mut(&parameter.name) {
                Some(Value::Array(list)) if grows => list.insert(list.len().saturating_sub(later), value),
                _ => {
                    let value = if parameter.list { Value::Array(vec![value]) } else { value };
                    map.insert(parameter.name.clone(), value);
                }
            }
        }
    }
}

/// Values that come from contexts or other parameters: `#context.p`, `$other.original`. They go before what was said.
pub(super) fn from_contexts(
    intent: &Intent,
    session: &Session,
    and: &str,
    values: &mut Values,
    originals: &mut Values,
) {
    for parameter in &intent.parameters {
        let own = parameter.value.strip_prefix('$').map(|own| own.strip_suffix(".original").unwrap_or(own));
        if parameter.value.is_empty() || own == Some(&parameter.name) {
            continue;
        }
        let known = Known { values, originals, contexts: &session.contexts, and };
        let value = known.resolve(&parameter.value);
        if !is_empty(Some(&value)) {
            // An amount is said as it was said.
            let original = known.resolve(&[&parameter.value, ".original"].concat());
            originals.remove(&parameter.name);
            if value.as_object().is_some() && !is_empty(Some(&original)) {
                originals.insert(parameter.name.clone(), original);
            }
            values.insert(parameter.name.clone(), value);
        }
    }
}

/// Puts defaults in the place of what was not said; gives the first required parameter that is not there then. A default may
/// refer to a context.
pub(super) fn missing<'i>(
    intent: &'i Intent,
    values: &mut Values,
    session: &Session,
    and: &str,
    originals: &Values,
) -> Option<&'i Parameter> {
    let mut missing = None;
    let mut filled = values.clone();
    for parameter in &intent.parameters {
        if is_empty(values.get(&parameter.name)) {
            let value = match &parameter.default {
                Value::String(text) => {
                    Known { values: &filled, originals, contexts: &session.contexts, and }.resolve(text)
                }
                other => other.clone(),
            };
            if !is_empty(Some(&value)) {
                let many = parameter.list && !matches!(value, Value::Array(_));
                filled.insert(parameter.name.clone(), if many { Value::Array(vec![value]) } else { value });
            } else if parameter.required && missing.is_none() {
                missing = Some(parameter);
            }
        }
    }
    if missing.is_none() {
        *values = filled;
    }
    missing
}

/// All parameters of an intent, the empty ones as Dialogflow has them.
pub(super) fn complete(intent: &Intent, values: &Values) -> Values {
    let mut all = values.clone();
    for parameter in intent.parameters.iter().filter(|p| !values.contains_key(&p.name)) {
        let empty = if parameter.list { Value::Array(Vec::new()) } else { Value::from("") };
        all.insert(parameter.name.clone(), empty);
    }
    all
}

/// Whether a sentence begins with words of a correction. Where any words are an answer, "No. 5 Baker Street" is one.
fn corrects(text: &str, code: &str, is_open: bool) -> bool {
    let words = match code.get(..2).unwrap_or("") {
        #[cfg(feature = "de")]
        "de" => "nein|doch|eigentlich|ich meine|ich meinte|nicht|quatsch",
        #[cfg(feature = "fr")]
        "fr" => "non|en fait|plutot|je veux dire|pardon",
        #[cfg(feature = "es")]
        "es" => "no|en realidad|mejor|perdon|quiero decir",
        #[cfg(feature = "nl")]
        "nl" => "nee|eigenlijk|ik bedoel|sorry|toch",
        _ => "no|actually|i mean|i meant|sorry|wait|not|rather|make it|make that|change",
    };
    let text = crate::language::folded(text::trim(text, &char::is_whitespace));
    let ends = |rest: &str| !(rest.starts_with(is_letter_or_number) || is_open && rest.starts_with('.'));
    let begins = |word| text.strip_prefix(word).is_some_and(ends);
    text::split(words, b'|').any(begins)
}

/// Whether a number is all that is said: "25", "25.", "$25", "25, please", "twenty-five".
fn is_number(read: &Read) -> bool {
    let said = || (0..).zip(&read.tokens).filter(|(_, token)| !is_courtesy(token));
    said().count() < 3 && said().all(|(_, token)| token.kind != Kind::Letters)
        || read
            .matches
            .iter()
            .any(|m| m.entity.starts_with("sys.number") && said().all(|(at, _)| m.from <= at && at < m.to))
}

/// Fills on while a parameter is asked for; false if the sentence has nothing for the intent.
pub(super) fn go_on<'f>(
    intent: &'f Intent,
    asked: &str,
    said: &Said,
    code: &str,
    values: &'f mut Values,
    originals: &'f mut Values,
) -> bool {
    let Some(parameter) = intent.parameter(asked) else { return false };
    let (read, all) = (said.read, said.read.tokens.len());
    let is_open = said.is_open(parameter) && all > 0;
    let corrects = corrects(&read.text, code, is_open);
    let mut known = values.clone();
    known.retain(|_, value| !is_empty(Some(value)));
    // "About five" is a time as well: it is what is asked for.
    let is_about = |m: &Match| {
        m.from == 1
            && read.tokens.first().is_some_and(|token| matches!(&*token.folded, "about" | "around"))
            && read.matches.iter().all(|other| other.to <= m.to)
    };
    let own = read.matches.iter().filter(|m| {
        let is_own = !parameter.list && m.entity == parameter.entity_name();
        is_own && (is_about(m) || !is_part(intent, said, m))
    });
    let longest = own.max_by(|a, b| a.length().cmp(&b.length()).then(b.from.cmp(&a.from)));
    let mut fitting = longest.cloned();
    if fitting.is_none() && is_open && !corrects && !parameter.list {
        // Any words are an answer, whatever else they may be values of.
        let marked = said.slots.iter().find(|s| s.0 == asked).map_or((0, all), |s| (s.1, s.2));
        fitting = said.value_in(parameter, marked.0, marked.1);
    }
    // A number that is no answer is nobody else's: "What time?" – "25".
    if fitting.is_none() && !parameter.list && parameter.entity_name().starts_with("sys.") && is_number(read)
    {
        return false;
    }
    // What was asked for and what is missing first; a correction goes to what is known.
    let (mut skip, mut filled) = (known.clone(), Filled { values, originals, taken: Vec::new(), corrects });
    if let Some(fitting) = fitting {
        filled.put(intent, parameter, &fitting, read);
        skip.insert(asked.to_owned(), Value::Null);
    }
    fill(intent, said, &skip, &mut filled);
    if filled.taken.is_empty() || corrects {
        // Nothing for what is missing: then it says anew what is known, in few words or in those of a correction, or more of a list.
        let is_short = read.tokens.iter().filter(|token| token.is_word()).count() <= MOST_WORDS;
        skip.retain(|name, _| {
            !known.contains_key(name)
                || !(corrects || is_short || intent.parameter(name).is_some_and(|parameter| parameter.list))
        });
        fill(intent, said, &skip, &mut filled);
    }
    let found = !filled.taken.is_empty();
    if !found && is_open {
        let value = Value::from(text::trim(&read.text, &char::is_whitespace));
        let value = if parameter.list { Value::Array(vec![value]) } else { value };
        values.insert(asked.to_owned(), value.clone());
        originals.insert(asked.to_owned(), value);
    }
    found || is_open
}

/// Whether a sentence breaks off the questions, in whatever courtesy it is wrapped.
pub(super) fn is_cancelled(text: &str, code: &str) -> bool {
    // What is said before, and after, and between.
    let [before, after, words] = match code.get(..2).unwrap_or("") {
        #[cfg(feature = "de")]
        "de" => [
            "bitte|ok|okay|nein|ach|ich mochte|ich will|das",
            "bitte|jetzt|das|es|ab|auf",
            "abbrechen|abbruch|brich|vergiss|lass|stopp|schon gut|hor|doch nicht|beenden",
        ],
        #[cfg(feature = "fr")]
        "fr" => [
            "ok|non|je veux|je voudrais|j'aimerais",
            "s'il vous plait|s'il te plait|svp|stp|tout|ca",
            "annuler|annule|annulez|laisse tomber|laissez tomber|oublie|oubliez|arrete|arreter|arretez|tant pis",
        ],
        #[cfg(feature = "es")]
        "es" => [
            "ok|no|por favor|quiero|quisiera|me gustaria",
            "por favor|ya",
            "cancelar|cancela|cancele|anular|olvidalo|olvida|dejalo|deja|para|parar|salir",
        ],
        #[cfg(feature = "nl")]
        "nl" => [
            "ok|nee|ik wil",
            "graag|maar|zitten|het|alsjeblieft|alstublieft",
            "annuleren|annuleer|laat|vergeet|stoppen|toch niet",
        ],
        _ => [
            "please|ok|okay|no|i want to|i'd like to|just|let's",
            "please|it|that|this|then|about|now",
            "never mind|nevermind|nvm|forget|quit|exit|abort",
        ],
    };
    let text = crate::language::folded(text);
    let mut text = text::trim(&text, &|c| !is_letter_or_number(c));
    let is_edge = |c: Option<char>| c.is_some_and(|c| !is_letter_or_number(c));
    loop {
        if text::split(words, b'|').chain(["cancel", "stop"]).any(|word| word == text) {
            return true;
        }
        let first = |word| text.strip_prefix(word).filter(|rest: &&str| is_edge(rest.chars().next()));
        let last = |word| text.strip_suffix(word).filter(|rest: &&str| is_edge(rest.chars().next_back()));
        let rest =
            text::split(before, b'|').find_map(first).or_else(|| text::split(after, b'|').find_map(last));
        let Some(rest) = rest else { return false };
        text = text::trim(rest, &|c| !is_letter_or_number(c));
    }
}

/// What is said when the questions are broken off: that, and not that anything else was cancelled.
pub(super) fn cancelled(code: &str) -> &'static str {
    match code.get(..2).unwrap_or("") {
        #[cfg(feature = "de")]
        "de" => "Gut, das lassen wir.",
        #[cfg(feature = "fr")]
        "fr" => "D'accord, on laisse ça.",
        #[cfg(feature = "es")]
        "es" => "De acuerdo, lo dejamos.",
        #[cfg(feature = "nl")]
        "nl" => "Goed, dat laten we.",
        _ => "All right, we leave that.",
    }
}

#[cfg(test)]
mod tests {
    use super::is_cancelled;

    #[test]
    fn questions_are_broken_off_politely_in_every_language() {
        for (code, said) in [
            (
                "en",
                "Cancel that, please|no, never mind|STOP!|I want to cancel|ok cancel|nvm|forget about it|stop it now",
            ),
            (
                "de",
                "abbrechen bitte|Bitte abbrechen.|ich möchte das abbrechen|nein, vergiss es|brich ab|doch nicht|hör auf",
            ),
            ("fr", "annulez|je veux annuler|annuler s'il te plaît|non, laisse tomber|arrête|tant pis|cancel"),
            ("es", "cancelar por favor|me gustaría cancelar|no, olvídalo|parar|déjalo ya"),
            ("nl", "annuleren graag|ik wil stoppen|nee, laat maar|laat maar zitten|toch niet|stop maar"),
        ] {
            for text in said.split('|') {
                assert!(is_cancelled(text, code), "{code}: {text}");
            }
            for text in [
                "2",
                "",
                "no",
                "nein",
                "please",
                "bitte das",
                "ok",
                "not today",
                "toch",
                "bitte nicht",
                "niet",
                "para todo",
            ] {
                assert!(!is_cancelled(text, code), "{code}: {text}");
            }
        }
    }
}
