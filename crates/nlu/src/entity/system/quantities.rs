//! Amounts with a unit: money, lengths, weights, volumes, temperatures, ages, lengths of time.

use super::{Found, Sentence, numbers::amount, words::Unit};
use crate::json::{Value, object};
use crate::language::is_letter;

const CURRENCIES: &[(&str, &str)] = &[
    ("$", "USD"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("bucks", "USD"),
    ("usd", "USD"),
    ("us dollars", "USD"),
    ("€", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("eur", "EUR"),
    ("£", "GBP"),
    ("pound", "GBP"),
    ("pounds", "GBP"),
    ("pounds sterling", "GBP"),
    ("quid", "GBP"),
    ("gbp", "GBP"),
    ("¥", "JPY"),
    ("yen", "JPY"),
    ("jpy", "JPY"),
    ("yuan", "CNY"),
    ("cny", "CNY"),
    ("₹", "INR"),
    ("rupee", "INR"),
    ("rupees", "INR"),
    ("inr", "INR"),
    ("swiss francs", "CHF"),
    ("francs", "CHF"),
    ("chf", "CHF"),
    ("canadian dollars", "CAD"),
    ("cad", "CAD"),
    ("australian dollars", "AUD"),
    ("aud", "AUD"),
    ("pesos", "MXN"),
    ("rubles", "RUB"),
    ("won", "KRW"),
];

/// (words, unit, entity)
const MEASURES: &[(&str, &str, &str)] = &[
    ("kilometers|kilometer|kilometres|kilometre|km|kms", "km", "sys.unit-length"),
    ("meters|meter|metres|metre|m", "m", "sys.unit-length"),
    ("centimeters|centimeter|centimetres|centimetre|cm", "cm", "sys.unit-length"),
    ("millimeters|millimeter|millimetres|millimetre|mm", "mm", "sys.unit-length"),
    ("miles|mile|mi", "mi", "sys.unit-length"),
    ("yards|yard|yd", "yd", "sys.unit-length"),
    ("feet|foot|ft", "ft", "sys.unit-length"),
    ("inches|inch|in", "inch", "sys.unit-length"),
    ("kilograms|kilogram|kilos|kilo|kg|kgs", "kg", "sys.unit-weight"),
    ("grams|gram|grammes|g", "g", "sys.unit-weight"),
    ("milligrams|milligram|mg", "mg", "sys.unit-weight"),
    ("tonnes|tonne|tons|ton", "t", "sys.unit-weight"),
    ("pounds|pound|lbs|lb", "lb", "sys.unit-weight"),
    ("ounces|ounce|oz", "oz", "sys.unit-weight"),
    ("stone|stones", "st", "sys.unit-weight"),
    ("liters|liter|litres|litre|l", "L", "sys.unit-volume"),
    ("milliliters|milliliter|millilitres|ml", "ml", "sys.unit-volume"),
    ("gallons|gallon|gal", "gal", "sys.unit-volume"),
    ("pints|pint", "pt", "sys.unit-volume"),
    ("quarts|quart", "qt", "sys.unit-volume"),
    ("cups|cup", "cup", "sys.unit-volume"),
    ("tablespoons|tablespoon|tbsp", "tbsp", "sys.unit-volume"),
    ("teaspoons|teaspoon|tsp", "tsp", "sys.unit-volume"),
    ("degrees celsius|degree celsius|degrees centigrade|celsius|° c|c", "C", "sys.temperature"),
    ("degrees fahrenheit|degree fahrenheit|fahrenheit|° f|f", "F", "sys.temperature"),
    ("kelvin|k", "K", "sys.temperature"),
    ("degrees|degree|°", "C", "sys.temperature"),
];

/// `{"amount": 50, "currency": "USD"}`
pub fn currency(s: &Sentence, at: usize) -> Found<Value> {
    let value = |n: f64, code: &str| object([("amount", n.into()), ("currency", code.into())]);
    if let Some((code, next)) = s.lookup(at, CURRENCIES)
        && !s.word(at).chars().all(is_letter)
        && let Some((n, to)) = amount(s, next)
    {
        return Some((value(n, code), to));
    }
    let (n, to) = amount(s, at)?;
    let (code, to) = s.lookup(to, CURRENCIES)?;
    // "5 dollars and 20 cents"
    let cents = to + usize::from(s.word(to) == "and");
    if let Some((c, after)) = amount(s, cents)
        && matches!(s.word(after), "cents" | "cent" | "pence")
    {
        return Some((value(n + c / 100.0, code), after + 1));
    }
    Some((value(n, code), to))
}

/// `{"amount": 5, "unit": "kg"}`
pub fn measure(s: &Sentence, at: usize, entity: &str) -> Found<Value> {
    match entity {
        "sys.duration" => duration(s, at),
        "sys.age" => age(s, at),
        _ => {
            let (n, to) = amount(s, at)?;
            let units = MEASURES.iter().filter(|m| m.2 == entity);
            let fits = units.flat_map(|m| m.0.split('|').map(|said| (said, m.1)));
            let (unit, end) =
                fits.filter_map(|(said, unit)| Some((unit, s.phrase(to, said)?))).max_by_key(|f| f.1)?;
            Some((object([("amount", n.into()), ("unit", unit.into())]), end))
        }
    }
}

/// The code of a unit of time.
fn code(unit: Unit) -> &'static str {
    match unit {
        Unit::Second => "s",
        Unit::Minute => "min",
        Unit::Hour => "h",
        Unit::Day => "day",
        Unit::Week => "wk",
        Unit::Month => "mo",
        Unit::Year => "yr",
    }
}

/// An amount of a unit of time: "two weeks", "an hour", "half an hour", "an hour and a half".
pub fn span(s: &Sentence, at: usize) -> Found<(f64, Unit)> {
    for (phrase, n, unit) in [
        ("half an hour", 0.5, Unit::Hour),
        ("half hour", 0.5, Unit::Hour),
        ("quarter of an hour", 0.25, Unit::Hour),
    ] {
        if let Some(to) = s.phrase(at, phrase) {
            return Some(((n, unit), to));
        }
    }
    let (mut n, to) = match amount(s, at) {
        Some(found) => found,
        None if matches!(s.word(at), "a" | "an") => (1.0, at + 1),
        None if s.phrase(at, "a couple of").is_some() => (2.0, at + 3),
        None => return None,
    };
    let half_first = s.phrase(to, "and a half");
    let (unit, mut to) = s.lookup(half_first.unwrap_or(to), s.words.units)?;
    if half_first.is_some() {
        n += 0.5;
    } else if let Some(end) = s.phrase(to, "and a half") {
        n += 0.5;
        to = end;
    }
    Some(((n, unit), to))
}

fn duration(s: &Sentence, at: usize) -> Found<Value> {
    let ((n, unit), mut end) = span(s, at)?;
    // "2 hours and 30 minutes" is one length of time, in its smallest unit.
    let seconds = |(n, unit): (f64, Unit)| match unit {
        Unit::Second => Some(n),
        Unit::Minute => Some(n * 60.0),
        Unit::Hour => Some(n * 3600.0),
        _ => None,
    };
    let (mut n, mut unit) = (n, unit);
    while let Some(whole) = seconds((n, unit)) {
        let next = end + usize::from(s.words.and.contains(&s.word(end)));
        let Some((more, to)) = span(s, next) else { break };
        let (Some(part), scale) = (seconds(more), more.1) else { break };
        n = (whole + part) / seconds((1.0, scale)).unwrap_or(1.0);
        unit = scale;
        end = to;
    }
    Some((object([("amount", n.into()), ("unit", code(unit).into())]), end))
}

fn age(s: &Sentence, at: usize) -> Found<Value> {
    let (n, mut to) = amount(s, at)?;
    to += usize::from(s.word(to) == "-");
    let (unit, mut end) = s.lookup(to, s.words.units)?;
    end += usize::from(s.word(end) == "-");
    let end = [&["old", "of age"][..], &["alt", "ans"], &["oud"]]
        .concat()
        .iter()
        .find_map(|old| s.phrase(end, old))?;
    Some((object([("amount", n.into()), ("unit", code(unit).into())]), end))
}
