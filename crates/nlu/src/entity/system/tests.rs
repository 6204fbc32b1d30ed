use super::Sentence;
use crate::entity::calendar::{Clock, Date};
use crate::entity::zone::zone;
use crate::json::Value;
use crate::language::{Language, tokenise};

mod as_typed;
mod days;
mod other_ways;
mod times;

/// Wednesday the 15th of May 2024, 10:00 in Berlin, unless a sentence says `@2024-01-31`.
fn check(language: &str, entity: &str, sentence: &str, expected: &str) {
    let (sentence, today) = match sentence.split_once(" @") {
        Some((sentence, day)) => {
            let part: Vec<u32> = day.split('-').map(|p| p.parse().unwrap()).collect();
            (sentence, Date::new(part[0] as i32, part[1], part[2]).unwrap())
        }
        None => (sentence, Date::new(2024, 5, 15).unwrap()),
    };
    let berlin = zone("Europe/Berlin").unwrap();
    let clock = Clock { now: today.days() * 86_400 + 8 * 3600, zone: &berlin };
    let tokens = tokenise(sentence);
    let found = Sentence::new(&tokens, sentence, Language::of(language), clock).find(entity);
    let found: Vec<String> = found
        .iter()
        .map(|m| match &m.value {
            Value::String(text) => text.clone(),
            Value::Object(map) => map
                .values()
                .map(|v| v.as_str().map_or(v.to_string(), str::to_owned))
                .collect::<Vec<_>>()
                .join(" "),
            other => other.to_string(),
        })
        .collect();
    assert_eq!(found.join("; "), expected, "{entity} in {sentence}");
}

#[test]
fn regions_write_numbers_and_dates_their_own_way() {
    for (language, entity, sentence, expected) in [
        ("en", "sys.date", "03/04/2026", "2026-03-04T12:00:00+01:00"),
        ("en-US", "sys.date", "03/04/2026", "2026-03-04T12:00:00+01:00"),
        ("en-GB", "sys.date", "03/04/2026", "2026-04-03T12:00:00+02:00"),
        ("en-GB", "sys.date", "on 3/6", "2024-06-03T12:00:00+02:00"),
        ("en-GB", "sys.date", "04/13/2026", "2026-04-13T12:00:00+02:00"),
        ("en-GB", "sys.number", "1,234.5", "1234.5"),
        ("es", "sys.number", "1.500 o 1,5", "1500; 1.5"),
        ("es-MX", "sys.number", "1,500 o 1.5", "1500; 1.5"),
        ("es-419", "sys.date", "03/04/2026", "2026-04-03T12:00:00+02:00"),
        ("es-AR", "sys.number", "1.500 o 1,5", "1500; 1.5"),
    ] {
        check(language, entity, sentence, expected);
    }
}

#[test]
fn numbers() {
    for (sentence, expected) in [
        ("twenty one dogs and 3 cats", "21; 3"),
        ("1,234.5 or -7", "1234.5; -7"),
        ("two hundred and five", "205"),
        ("one million two hundred thousand", "1200000"),
        ("a dozen eggs", "12"),
        ("minus four", "-4"),
        ("three point one four", "3.14"),
        ("one two three", "1; 2; 3"),
        ("nothing here", ""),
        ("5k", "5000"),
        ("twenty-five", "25"),
        ("nineteen hundred", "1900"),
        (".5 and 1.5", "0.5; 1.5"),
    ] {
        check("en", "sys.number", sentence, expected);
    }
    check("en", "sys.number-integer", "2.5 and 3", "3");
    check("en", "sys.ordinal", "the 3rd and the twenty-first, second", "3; 21; 2");
    check("en", "sys.percentage", "20 % or five percent", "20%; 5%");
    for (language, sentence, expected) in [
        ("de", "einundzwanzig und dreihundertfünf", "21; 305"),
        ("de", "3,5 und 1.000", "3.5; 1000"),
        ("de", "zweitausendvierundzwanzig", "2024"),
        ("fr", "quatre-vingt-dix-sept", "97"),
        ("fr", "soixante et onze", "71"),
        ("fr", "deux cents", "200"),
        ("es", "treinta y uno", "31"),
        ("es", "dos mil veinticuatro", "2024"),
        ("nl", "eenentwintig", "21"),
        ("nl", "tweehonderd", "200"),
        ("es", "trescientos cincuenta", "350"),
        ("es", "mil novecientos noventa y nueve", "1999"),
        ("es", "veintiún mil", "21000"),
        ("fr", "cent quatre-vingts", "180"),
        ("fr", "mille neuf cent quatre-vingt-dix-neuf", "1999"),
    ] {
        check(language, "sys.number", sentence, expected);
    }
}

#[test]
fn quantities() {
    check(
        "en",
        "sys.unit-currency",
        "under 50 dollars or $19.99 or 5 euros and 20 cents",
        "50 USD; 19.99 USD; 5.2 EUR",
    );
    check("en", "sys.unit-currency", "CHF 20, usd 5.50 and EUR 7 each", "20 CHF; 5.5 USD; 7 EUR");
    check("en", "sys.unit-currency", "they won 20 games, francs 3", "");
    check("en", "sys.duration", "for two hours and 30 minutes", "150 min");
    check("en", "sys.duration", "half an hour, a week, 3 days", "0.5 h; 1 wk; 3 day");
    check("en", "sys.duration", "an hour and a half", "1.5 h");
    check("en", "sys.duration", "a half hour, half a day, a quarter of an hour", "0.5 h; 0.5 day; 0.25 h");
    check("en", "sys.duration", "2 weeks and 3 days", "17 day");
    check("en", "sys.duration", "a couple of days", "2 day");
    check("en", "sys.duration", "twice a week 2 hours each", "1 wk; 2 h");
    check("en", "sys.duration", "1 hour 5 minutes and 10 seconds", "3910 s");
    check("en", "sys.duration", "5 minutes or 2 hours, 3 years 2 days", "5 min; 2 h; 3 yr; 2 day");
    check("en", "sys.age", "he is 5 years old", "5 yr");
    check("en", "sys.unit-length", "12 km and six feet", "12 km; 6 ft");
    check("en", "sys.unit-weight", "2.5 kg", "2.5 kg");
    check("en", "sys.unit-volume", "3 liters", "3 L");
    check("en", "sys.temperature", "20 degrees celsius or 70 f", "20 C; 70 F");
}

#[test]
fn names_and_addresses() {
    check("en", "sys.email", "write to Jo.Doe+x@mail.example.com, please", "Jo.Doe+x@mail.example.com");
    check(
        "en",
        "sys.url",
        "see https://shop.example/a?b=1 or www.test.org.",
        "https://shop.example/a?b=1; www.test.org",
    );
    check("en", "sys.phone-number", "call +1 (212) 555-0123 or 12", "+12125550123");
    check("en", "sys.color", "a navy blue and a grey one", "navy blue; gray");
    check("en", "sys.language", "say it in german", "German");
    check("en", "sys.geo-country", "the united states and Holland", "United States of America; Netherlands");
    check("en", "sys.geo-country", "Ivory Coast, Swaziland or Curacao", "Ivory Coast; Eswatini; Curaçao");
    check("en", "sys.geo-country", "the northern mariana islands", "Northern Mariana Islands");
    check("en", "sys.geo-state", "in New Hampshire or Ohio", "New Hampshire; Ohio");
    check("en", "sys.geo-city", "from new york to SAN FRANCISCO", "New York; San Francisco");
}
