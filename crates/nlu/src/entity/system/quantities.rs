//! Amounts with a unit: money, lengths, weights, volumes, temperatures, ages, lengths of time.

use super::{Found, OTHERS, ROMANCE, Sentence, index::List, numbers::amount, words::Unit};
use crate::json::{Value, object};
use crate::language::is_letter;

/// What money is called.
pub const CURRENCIES: &str = "\
    $=USD|dollar=USD|dollars=USD|dolares=USD|bucks=USD|usd=USD|us dollars=USD|€=EUR|euro=EUR|euros=EUR|eur=EUR|\
    £=GBP|pound=GBP|pounds=GBP|pounds sterling=GBP|quid=GBP|gbp=GBP|¥=JPY|yen=JPY|jpy=JPY|yuan=CNY|\
    cny=CNY|₹=INR|rupee=INR|rupees=INR|inr=INR|swiss francs=CHF|francs=CHF|chf=CHF|\
    canadian dollars=CAD|cad=CAD|australian dollars=AUD|aud=AUD|pesos=MXN|rubles=RUB|won=KRW";

/// What else a value may begin with: signs, articles, and words that [`span`] knows.
pub const BEGINNINGS: &str = "a|an|half|quarter|now|jetzt|maintenant|ahora|nu|minus|moins|menos|min";
/// What follows an age.
pub const OLD: &str = "old|of age|alt|ans|oud";
/// Units of length.
pub const LENGTHS: &str = "\
    kilometers=km|kilometer=km|kilometres=km|kilometre=km|km|kms=km|meters=m|meter=m|metres=m|\
    metre=m|m|centimeters=cm|centimeter=cm|centimetres=cm|centimetre=cm|cm|millimeters=mm|\
    millimeter=mm|millimetres=mm|millimetre=mm|mm|miles=mi|mile=mi|mi|yards=yd|yard=yd|yd|feet=ft|\
    foot=ft|ft|inches=inch|inch";
/// Units of weight.
pub const WEIGHTS: &str = "\
    kilograms=kg|kilogram=kg|kilos=kg|kilo=kg|kg|kgs=kg|grams=g|gram=g|gramm=g|gramos=g|grammes=g|g|milligrams=mg|\
    milligram=mg|mg|tonnes=t|tonne=t|tons=t|ton=t|pounds=lb|pound=lb|lbs=lb|lb|ounces=oz|ounce=oz|\
    oz|stone=st|stones=st";
/// Units of volume.
pub const VOLUMES: &str = "\
    liters=L|liter=L|litres=L|litre=L|l=L|milliliters=ml|milliliter=ml|millilitres=ml|ml|\
    gallons=gal|gallon=gal|gal|pints=pt|pint=pt|quarts=qt|quart=qt|cups=cup|cup|tablespoons=tbsp|\
    tablespoon=tbsp|tbsp|teaspoons=tsp|teaspoon=tsp|tsp";
/// Degrees.
pub const TEMPERATURES: &str = "\
    degrees celsius=C|degree celsius=C|degrees centigrade=C|celsius=C|° c=C|c=C|grad=C|grados=C|degres=C|graden=C|º c=C|º=C|\
    degrees fahrenheit=F|degree fahrenheit=F|fahrenheit=F|° f=F|f=F|kelvin=K|k=K|degrees=C|\
    degree=C|°=C";

/// `{"amount": 50, "currency": "USD"}`
pub fn currency(s: &Sentence, at: usize) -> Found<Value> {
    let value = |n: f64, code: &str| object([("amount", n.into()), ("currency", code.into())]);
    // "$20", "CHF 20", not "won 20 games"
    if let Some((code, next)) = s.lookup(at, List::Currencies) {
        let (n, to) = amount(s, next)?;
        let is_code = s.word(at).eq_ignore_ascii_case(code);
        return (is_code || !s.word(at).starts_with(is_letter)).then(|| (value(n, code), to));
    }
    let (n, to) = amount(s, at)?;
    let (code, to) = s.lookup(to, List::Currencies)?;
    // "5 dollars and 20 cents"
    let cents = to + usize::from(s.word(to) == "and");
    if let Some((c, after)) = amount(s, cents)
        && matches!(s.word(after), "cents" | "cent" | "pence")
    {
        return Some((value(n + c / 100.0, code), after + 1));
    }
    // "5 Euro 50", not "5 Euro 20 Rosen", "5 Euro 18:30"
    if OTHERS
        && !s.words.english
        && n >= 0.0
        && n == n.trunc()
        && (matches!(s.word(to + 1), "" | "," | "!" | "?") || s.word(to + 1) == "." && !s.joined(to + 2))
        && let Some(cents) = s.whole(to).filter(|_| s.word(to).len() == 2)
    {
        return Some((value(n + cents as f64 / 100.0, code), to + 1));
    }
    Some((value(n, code), to))
}

/// `{"amount": 5, "unit": "kg"}`, with one of the units of a list.
pub fn measure(s: &Sentence, at: usize, units: List) -> Found<Value> {
    let (n, to) = amount(s, at)?;
    let (unit, end) = s.lookup(to, units)?;
    Some((measured(n, unit), end))
}

fn measured(n: f64, unit: &str) -> Value {
    object([("amount", n.into()), ("unit", unit.into())])
}

/// An amount of a unit of time: "two weeks", "an hour", "half an hour", "an hour and a half".
pub fn span(s: &Sentence, at: usize) -> Found<(f64, Unit)> {
    let is_article = |at: usize| usize::from(matches!(s.word(at), "a" | "an"));
    // "half an hour", "half a day", "a half hour"
    let part = at + is_article(at);
    if s.word(part) == "half"
        && let Some((unit, to)) = s.unit(part + 1 + is_article(part + 1))
    {
        return Some(((0.5, unit), to));
    }
    if let Some(to) = s.phrase(part, "quarter of an hour") {
        return Some(((0.25, Unit::Hour), to));
    }
    let (mut n, to) = match amount(s, at) {
        Some(found) => found,
        None if s.phrase(at, "a couple of").is_some() => (2.0, at + 3),
        None if part > at => (1.0, part),
        // "media hora"
        None if OTHERS && s.number(at, List::Units).is_some() => (1.0, at),
        None => return None,
    };
    // "twee en een half uur"
    if cfg!(feature = "nl")
        && let Some(next) = s.past(to, List::And)
        && let Some((1.0, next)) = amount(s, next)
        && let Some((minutes, end)) = s.number(next, List::Units)
    {
        return Some(((n + minutes as f64 / 60.0, Unit::Hour), end));
    }
    // "eine halbe Stunde"
    if OTHERS && let Some((minutes, end)) = s.number(to, List::Units) {
        return Some(((n * minutes as f64 / 60.0, Unit::Hour), end));
    }
    if let Some(to) = s.phrase(to, "quarters of an hour") {
        return Some(((n / 4.0, Unit::Hour), to));
    }
    let half_first = s.phrase(to, "and a half");
    let (unit, mut to) = s.unit(half_first.unwrap_or(to))?;
    if half_first.is_some() {
        n += 0.5;
    } else if let Some((sixtieths, end)) = ROMANCE.then(|| s.number(to, List::AfterHour)).flatten() {
        // "una hora y media"
        n += sixtieths as f64 / 60.0;
        to = end;
    } else if let Some(end) = s.phrase(to, "and a half") {
        n += 0.5;
        to = end;
    }
    Some(((n, unit), to))
}

/// A length of time of several units: "2 hours and 30 minutes" is one, in its smallest unit.
pub fn length(s: &Sentence, at: usize) -> Found<(f64, Unit)> {
    let ((mut n, mut unit), mut end) = span(s, at)?;
    loop {
        let next = s.past(end, List::And).unwrap_or(end);
        match span(s, next) {
            Some(((part, smaller), to))
                if smaller < unit
                    && unit <= Unit::Week
                    && (next > end || !matches!(s.word(at), "a" | "an")) =>
            {
                n = n * unit.seconds() / smaller.seconds() + part;
                (unit, end) = (smaller, to);
            }
            _ => return Some(((n, unit), end)),
        }
    }
}

/// `{"amount": 90, "unit": "min"}`
pub fn duration(s: &Sentence, at: usize) -> Found<Value> {
    length(s, at).map(|((n, unit), to)| (measured(n, unit.code()), to))
}

/// `{"amount": 5, "unit": "yr"}`
pub fn age(s: &Sentence, at: usize) -> Found<Value> {
    let (n, mut to) = amount(s, at)?;
    // "33", "I'm 33.", "33 years!", when that is all.
    let is_first = at == 0 || matches!(s.word(at - 1), "i'm" | "am" | "bin");
    let is_all = |end| is_first && s.ends(end);
    if is_all(to) {
        return Some((measured(n, Unit::Year.code()), to));
    }
    to += usize::from(s.word(to) == "-");
    let (unit, mut end) = s.unit(to)?;
    end += usize::from(s.word(end) == "-");
    let is_owned =
        unit == Unit::Year && is_all(end) || (ROMANCE || cfg!(feature = "nl")) && is_owned(s, at, end);
    let end = s.past(end, List::Old).or_else(|| is_owned.then_some(end))?;
    Some((measured(n, unit.code()), end))
}

/// "j'ai 20 ans": years that somebody has are an age; "dans 2 ans" are none.
fn is_owned(s: &Sentence, at: usize, end: usize) -> bool {
    let years = matches!(s.word(end - 1), "ans" | "an" | "anos" | "ano" | "jaar");
    let before = at.checked_sub(1).map(|before| s.word(before));
    years
        && match before {
            None => false,
            // "il y a 20 ans"
            Some("a") => at < 2 || s.word(at - 2) != "y",
            Some(word) => matches!(
                word,
                "ai" | "j'ai"
                    | "as"
                    | "avez"
                    | "avons"
                    | "ont"
                    | "tengo"
                    | "tienes"
                    | "tiene"
                    | "tenemos"
                    | "ben"
                    | "bent"
                    | "is"
            ),
        }
}
