//! Parameters: from a sentence, from contexts, from defaults.

use super::{Session, answer::Known};
use crate::agent::{EntityType, Intent, Parameter};
use crate::entity::{Match, system::is_article};
use crate::json::{Map, Value};
use crate::language::is_letter_or_number;
use crate::model::Read;
use crate::order::keep;
use crate::text;

/// Parameters and their tokens, as the tagger or a template has them.
pub(super) type Slots = Vec<(String, usize, usize)>;
type Values = Map;
/// What a parameter has taken of a sentence: its tokens.
type Stretch<'p> = (&'p str, usize, usize);

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

/// The parameters of an intent that a sentence fills, beyond those that are `known`.
pub(super) fn fill(intent: &Intent, said: &Said, known: &Values) -> (Values, Values) {
    let (mut values, mut originals) = (Values::new(), Values::new());
    let mut taken = Vec::new();
    // Those that the tagger has seen first: it knows "from" and "to" apart.
    for parameter in &intent.parameters {
        for (name, from, to) in said.slots {
            if *name != parameter.name || known.contains_key(name) {
                continue;
            }
            if let Some(found) =
                said.value_in(parameter, *from, *to).filter(|found| !is_part(intent, said, found))
            {
                put(parameter, &found, said.read, &mut values, &mut originals, &mut taken);
            }
        }
    }
    for parameter in &intent.parameters {
        let is_filled = !is_empty(values.get(&parameter.name)) && !parameter.list;
        if is_filled || known.contains_key(&parameter.name) {
            continue;
        }
        let of_type = said.read.matches.iter().filter(|m| m.entity == parameter.entity_name());
        let mut own: Vec<&Match> = of_type.collect();
        let late = |m: &Match| {
            let word = said.read.tokens.get(m.from).filter(|_| !parameter.list && m.length() == 1);
            word.is_some_and(|token| is_article(&token.folded))
        };
        crate::order::sort_by(&mut own, |a, b| {
            late(a).cmp(&late(b)).then(a.from.cmp(&b.from)).then(b.to.cmp(&a.to))
        });
        for found in own {
            if !is_part(intent, said, found) {
                put(parameter, found, said.read, &mut values, &mut originals, &mut taken);
            }
        }
    }
    (values, originals)
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

fn put<'p>(
    parameter: &'p Parameter,
    found: &Match,
    read: &Read,
    values: &mut Values,
    originals: &mut Values,
    taken: &mut Vec<Stretch<'p>>,
) {
    let is_free = taken.iter().all(|t| t.2 <= found.from || found.to <= t.1);
    if !is_free || (!parameter.list && !is_empty(values.get(&parameter.name))) {
        return;
    }
    // Lists are in the order of the sentence.
    let place = taken.iter().filter(|t| t.0 == parameter.name && t.1 < found.from).count();
    taken.push((&parameter.name, found.from, found.to));
    let original = Value::from(read.text_of(found.from, found.to));
    let value = value_of(parameter, found, &original);
    if parameter.list {
        let push = |map: &mut Values, value: Value| match map.get_mut(&parameter.name) {
            Some(Value::Array(list)) => list.insert(place.min(list.len()), value),
            _ => {
                map.insert(parameter.name.clone(), Value::Array(vec![value]));
            }
        };
        push(values, value);
        push(originals, original);
    } else {
        values.insert(parameter.name.clone(), value);
        originals.insert(parameter.name.clone(), original);
    }
}

/// Values that come from contexts or other parameters: `#context.p`, `$other.original`. They go before what was said.
pub(super) fn from_contexts(intent: &Intent, session: &Session, values: &mut Values, originals: &mut Values) {
    for parameter in &intent.parameters {
        let own = parameter.value.strip_prefix('$').map(|own| own.strip_suffix(".original").unwrap_or(own));
        if parameter.value.is_empty() || own == Some(&parameter.name) {
            continue;
        }
        let known = Known { values, originals, contexts: &session.contexts };
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
    originals: &Values,
) -> Option<&'i Parameter> {
    let mut missing = None;
    let mut filled = values.clone();
    for parameter in &intent.parameters {
        if is_empty(values.get(&parameter.name)) {
            let value = match &parameter.default {
                Value::String(text) => {
                    Known { values: &filled, originals, contexts: &session.contexts }.resolve(text)
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

/// Whether a sentence begins with words of a correction.
fn corrects(text: &str, code: &str) -> bool {
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
    let begins = |word| text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(is_letter_or_number));
    text::split(words, b'|').any(begins)
}

/// Fills on while a parameter is asked for; false if the sentence has nothing for the intent.
pub(super) fn go_on(
    intent: &Intent,
    asked: &str,
    said: &Said,
    code: &str,
    values: &mut Values,
    originals: &mut Values,
) -> bool {
    let Some(parameter) = intent.parameter(asked) else { return false };
    let read = said.read;
    let mut known = values.clone();
    known.retain(|_, value| !is_empty(Some(value)));
    // What was asked for and what is missing first; a correction goes to what is known.
    let mut skip = known.clone();
    let fitting = read
        .matches
        .iter()
        .filter(|m| !parameter.list && m.entity == parameter.entity_name() && !is_part(intent, said, m));
    let fitting = fitting.max_by(|a, b| a.length().cmp(&b.length()).then(b.from.cmp(&a.from)));
    let mut rest = read.clone();
    if let Some(fitting) = fitting {
        let original = Value::from(read.text_of(fitting.from, fitting.to));
        let value = value_of(parameter, fitting, &original);
        values.insert(asked.to_owned(), value);
        skip.insert(asked.to_owned(), Value::Null);
        originals.insert(asked.to_owned(), original);
        keep(&mut rest.matches, &mut |m| m.to <= fitting.from || m.from >= fitting.to);
    }
    let mut found = fitting.is_some();
    let said = &Said { read: &rest, ..*said };
    let mut take = |skip: &Values, values: &mut Values, originals: &mut Values| {
        let (more, more_originals) = fill(intent, said, skip);
        found |= !more.is_empty();
        values.extend(more);
        originals.extend(more_originals);
        found
    };
    if !take(&skip, values, originals) || corrects(&read.text, code) {
        // Nothing for what is missing: then it says anew what is known.
        let mut skip = values.clone();
        skip.retain(|name, _| !known.contains_key(name));
        take(&skip, values, originals);
    }
    if !found && said.is_open(parameter) && !read.tokens.is_empty() {
        let value = Value::from(text::trim(&read.text, &char::is_whitespace));
        let value = if parameter.list { Value::Array(vec![value]) } else { value };
        values.insert(asked.to_owned(), value.clone());
        originals.insert(asked.to_owned(), value);
        found = true;
    }
    found
}

/// Whether a sentence breaks off the questions.
pub(super) fn is_cancelled(text: &str, code: &str) -> bool {
    let words = match code.get(..2).unwrap_or("") {
        #[cfg(feature = "de")]
        "de" => {
            "abbrechen|bitte abbrechen|ich mochte abbrechen|ich will abbrechen|abbruch|vergiss es|lass es|stopp|stop|schon gut"
        }
        #[cfg(feature = "fr")]
        "fr" => {
            "annuler|annule|annulez|je veux annuler|je voudrais annuler|laisse tomber|laissez tomber|stop|oublie|oubliez"
        }
        #[cfg(feature = "es")]
        "es" => "cancelar|cancela|cancele|anular|quiero cancelar|quisiera cancelar|olvidalo|dejalo|para|stop",
        #[cfg(feature = "nl")]
        "nl" => "annuleren|annuleer|ik wil annuleren|laat maar|stop|vergeet het",
        _ => "cancel|cancel it|cancel that|never mind|nevermind|forget it|stop|quit|exit|abort",
    };
    let text = crate::language::folded(text);
    let bare = |text| text::trim(text, &|c| !is_letter_or_number(c));
    let text = bare(&text);
    // Politely, or after a "no".
    let polite = [
        " please",
        #[cfg(feature = "de")]
        " bitte",
        #[cfg(feature = "fr")]
        " s'il vous plait",
        #[cfg(feature = "es")]
        " por favor",
        #[cfg(feature = "nl")]
        " graag",
    ];
    let no = [
        "no, ",
        #[cfg(feature = "de")]
        "nein, ",
        #[cfg(feature = "fr")]
        "non, ",
        #[cfg(feature = "nl")]
        "nee, ",
    ];
    let text = no.iter().find_map(|no| text.strip_prefix(no)).unwrap_or(text);
    let text = bare(polite.iter().find_map(|polite| text.strip_suffix(polite)).unwrap_or(text));
    text::split(words, b'|').any(|word| word == text)
}

/// What is said when the questions are broken off.
pub(super) fn cancelled(code: &str) -> &'static str {
    match code.get(..2).unwrap_or("") {
        #[cfg(feature = "de")]
        "de" => "Gut, das lassen wir.",
        #[cfg(feature = "fr")]
        "fr" => "D'accord, c'est annulé.",
        #[cfg(feature = "es")]
        "es" => "De acuerdo, cancelado.",
        #[cfg(feature = "nl")]
        "nl" => "Goed, dat laten we.",
        _ => "Okay, cancelled.",
    }
}

#[cfg(test)]
mod tests {
    use super::is_cancelled;

    #[test]
    fn questions_are_broken_off_politely_in_every_language() {
        for (code, said) in [
            ("en", "Cancel that, please|no, never mind|STOP!"),
            ("de", "abbrechen bitte|Bitte abbrechen.|ich möchte abbrechen|nein, vergiss es"),
            ("fr", "annulez|je veux annuler|annuler s'il vous plaît|non, laisse tomber"),
            ("es", "cancelar por favor|quiero cancelar|no, olvídalo"),
            ("nl", "annuleren graag|ik wil annuleren|nee, laat maar"),
        ] {
            for text in said.split('|') {
                assert!(is_cancelled(text, code), "{code}: {text}");
            }
            assert!(!is_cancelled("2", code) && !is_cancelled("", code), "{code}");
        }
    }
}
