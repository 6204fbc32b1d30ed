use super::Sentence;
use crate::entity::calendar::{Clock, Date};
use crate::entity::zone::zone;
use crate::json::Value;
use crate::language::{Language, tokenise};

mod as_typed;

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
fn days() {
    for (sentence, expected) in [
        ("today", "2024-05-15T12:00:00+02:00"),
        ("tomorrow @2024-02-28", "2024-02-29T12:00:00+01:00"),
        ("tomorrow @2023-02-28", "2023-03-01T12:00:00+01:00"),
        ("tomorrow @2024-03-30", "2024-03-31T12:00:00+02:00"),
        ("in a month @2024-01-31", "2024-02-29T12:00:00+01:00"),
        ("next monday", "2024-05-20T12:00:00+02:00"),
        ("on friday", "2024-05-17T12:00:00+02:00"),
        ("last friday", "2024-05-10T12:00:00+02:00"),
        ("friday next week", "2024-05-24T12:00:00+02:00"),
        ("tuesday last week", "2024-05-07T12:00:00+02:00"),
        ("friday of next week", "2024-05-24T12:00:00+02:00"),
        ("friday next month", "2024-05-17T12:00:00+02:00"),
        ("3 days ago", "2024-05-12T12:00:00+02:00"),
        ("in two weeks", "2024-05-29T12:00:00+02:00"),
        ("may 3rd", "2025-05-03T12:00:00+02:00"),
        ("the 3rd of june 2026", "2026-06-03T12:00:00+02:00"),
        ("february 29", "2028-02-29T12:00:00+01:00"),
        ("on the 13th", "2024-06-13T12:00:00+02:00"),
        ("2024-12-24", "2024-12-24T12:00:00+01:00"),
        ("12/24/2024", "2024-12-24T12:00:00+01:00"),
        ("february 30", ""),
        ("the day after tomorrow", "2024-05-17T12:00:00+02:00"),
        ("5 dogs", ""),
        // From another day, of another month.
        ("two weeks from monday", "2024-06-03T12:00:00+02:00"),
        ("a week from tomorrow", "2024-05-23T12:00:00+02:00"),
        ("3 days after the 20th of june", "2024-06-23T12:00:00+02:00"),
        ("a day before june 1", "2024-05-31T12:00:00+02:00"),
        ("monday in two weeks", "2024-06-03T12:00:00+02:00"),
        ("in 2 weeks and 3 days", "2024-06-01T12:00:00+02:00"),
        ("the first monday of june", "2024-06-03T12:00:00+02:00"),
        ("the first monday of may", "2025-05-05T12:00:00+02:00"),
        ("last friday of next month", "2024-06-28T12:00:00+02:00"),
        ("the third tuesday in november 2027", "2027-11-16T12:00:00+01:00"),
        ("on the 15th of last month", "2024-04-15T12:00:00+02:00"),
        ("the 15th of last december", "2023-12-15T12:00:00+01:00"),
        ("book for 3 next month", ""),
        ("last night", "2024-05-14T12:00:00+02:00"),
        ("this coming friday", "2024-05-17T12:00:00+02:00"),
        ("3 days to friday", "2024-05-17T12:00:00+02:00"),
        ("last friday, may 10", "2024-05-10T12:00:00+02:00"),
        ("the last friday of the month", "2024-05-31T12:00:00+02:00"),
        ("3 days before the last friday of the month", "2024-05-28T12:00:00+02:00"),
        ("she was first last month", ""),
        ("the 5th friday in february", "2024-06-05T12:00:00+02:00; 2024-05-17T12:00:00+02:00"),
        ("the day after friday", "2024-05-18T12:00:00+02:00"),
        ("the day before the 3rd", "2024-06-02T12:00:00+02:00"),
        ("in 1 day and 2 hours", "2024-05-16T12:00:00+02:00"),
        ("in 2 hours", ""),
        ("in half a month", "2024-05-30T12:00:00+02:00"),
        ("a month and a half ago @2024-05-30", "2024-04-15T12:00:00+02:00"),
        ("the coming friday", "2024-05-17T12:00:00+02:00"),
        // Month ends.
        ("tomorrow @2024-12-31", "2025-01-01T12:00:00+01:00"),
        ("yesterday @2024-01-01", "2023-12-31T12:00:00+01:00"),
        ("yesterday @2024-05-01", "2024-04-30T12:00:00+02:00"),
        ("in a month @2024-08-31", "2024-09-30T12:00:00+02:00"),
        ("in two months @2024-12-31", "2025-02-28T12:00:00+01:00"),
        ("a month ago @2024-03-31", "2024-02-29T12:00:00+01:00"),
        ("a month ago @2024-05-31", "2024-04-30T12:00:00+02:00"),
        ("next monday @2024-12-31", "2025-01-06T12:00:00+01:00"),
        ("on the 31st @2024-04-30", "2024-05-31T12:00:00+02:00"),
        ("april 31", ""),
        // Leap years.
        ("yesterday @2024-03-01", "2024-02-29T12:00:00+01:00"),
        ("yesterday @2023-03-01", "2023-02-28T12:00:00+01:00"),
        ("yesterday @2100-03-01", "2100-02-28T12:00:00+01:00"),
        ("yesterday @2000-03-01", "2000-02-29T12:00:00+01:00"),
        ("in a year @2024-02-29", "2025-02-28T12:00:00+01:00"),
        ("february 29 2024", "2024-02-29T12:00:00+01:00"),
        ("february 29 2023", ""),
        // The clocks go forward on the last Sunday of March, and back on the last one of October.
        ("in a week @2024-03-28", "2024-04-04T12:00:00+02:00"),
        ("tomorrow @2024-10-26", "2024-10-27T12:00:00+01:00"),
        ("today @2024-10-26", "2024-10-26T12:00:00+02:00"),
    ] {
        check("en", "sys.date", sentence, expected);
    }
    for (language, sentence, expected) in [
        ("de", "übermorgen", "2024-05-17T12:00:00+02:00"),
        ("de", "am 3. Juni", "2024-06-03T12:00:00+02:00"),
        ("de", "nächsten Montag", "2024-05-20T12:00:00+02:00"),
        ("de", "in drei Tagen", "2024-05-18T12:00:00+02:00"),
        ("de", "vor zwei Wochen", "2024-05-01T12:00:00+02:00"),
        ("de", "24.12.2024", "2024-12-24T12:00:00+01:00"),
        ("fr", "demain", "2024-05-16T12:00:00+02:00"),
        ("fr", "le 14 juillet", "2024-07-14T12:00:00+02:00"),
        ("fr", "lundi prochain", "2024-05-20T12:00:00+02:00"),
        ("fr", "il y a trois jours", "2024-05-12T12:00:00+02:00"),
        ("es", "mañana", "2024-05-16T12:00:00+02:00"),
        ("es", "el 3 de junio", "2024-06-03T12:00:00+02:00"),
        ("es", "hace dos días", "2024-05-13T12:00:00+02:00"),
        ("nl", "morgen", "2024-05-16T12:00:00+02:00"),
        ("nl", "3 juni", "2024-06-03T12:00:00+02:00"),
        ("nl", "twee dagen geleden", "2024-05-13T12:00:00+02:00"),
        ("de", "am 24.12.2026", "2026-12-24T12:00:00+01:00"),
        ("de", "am 24.12.", "2024-12-24T12:00:00+01:00"),
        ("de", "Freitag, 24.12.2027", "2027-12-24T12:00:00+01:00"),
        ("en", "friday, 5/22/2026", "2026-05-22T12:00:00+02:00"),
        ("fr", "vendredi 22/05/2026", "2026-05-22T12:00:00+02:00"),
        ("de", "am 3. Maerz", "2025-03-03T12:00:00+01:00"),
        ("de", "15. Dez", "2024-12-15T12:00:00+01:00"),
        ("de", "Guten Morgen, am Freitag", "2024-05-17T12:00:00+02:00"),
        ("de", "am Montag Morgen", "2024-05-20T12:00:00+02:00"),
        ("es", "por la mañana", ""),
    ] {
        check(language, "sys.date", sentence, expected);
    }
}

#[test]
fn times() {
    for (sentence, expected) in [
        ("at 5 pm", "2024-05-15T17:00:00+02:00"),
        ("17:30", "2024-05-15T17:30:00+02:00"),
        ("9am", "2024-05-16T09:00:00+02:00"),
        ("noon", "2024-05-15T12:00:00+02:00"),
        ("half past two in the afternoon", "2024-05-15T14:30:00+02:00"),
        ("12 am", "2024-05-16T00:00:00+02:00"),
        ("at five thirty", "2024-05-16T05:30:00+02:00"),
        ("two twenty litre tanks", ""),
        ("at five 30 people", "2024-05-16T05:00:00+02:00"),
        ("at 5 thirty", "2024-05-16T05:00:00+02:00"),
        ("at five two people", "2024-05-16T05:00:00+02:00"),
        ("at seven twelve people", "2024-05-16T07:00:00+02:00"),
        ("at 8 o'clock twenty people", "2024-05-16T08:00:00+02:00"),
        ("quarter to 6 pm", "2024-05-15T17:45:00+02:00"),
        ("quarter to midnight", "2024-05-15T23:45:00+02:00"),
        ("at ten to noon", "2024-05-15T11:50:00+02:00"),
        ("at five-thirty", "2024-05-16T05:30:00+02:00"),
        ("at .5.3", ""),
        ("at 12 tonight", "2024-05-16T00:00:00+02:00"),
        ("9 at night", "2024-05-15T21:00:00+02:00"),
        ("8 dogs", ""),
        ("at 2:30 @2024-03-30", "2024-03-31T03:30:00+02:00"),
        ("at 1:59 @2024-03-30", "2024-03-31T01:59:00+01:00"),
        ("at 3:00 @2024-03-30", "2024-03-31T03:00:00+02:00"),
        ("at 1:30 @2024-10-26", "2024-10-27T01:30:00+02:00"),
        ("at 3:30 @2024-10-26", "2024-10-27T03:30:00+01:00"),
        ("midnight @2024-12-31", "2025-01-01T00:00:00+01:00"),
    ] {
        check("en", "sys.time", sentence, expected);
    }
    check("en", "sys.date-time", "tomorrow at 4 pm", "2024-05-16T16:00:00+02:00");
    check("en", "sys.date-time", "4pm tomorrow", "2024-05-16T16:00:00+02:00");
    check("en", "sys.date-time", "tomorrow morning", "2024-05-16T12:00:00+02:00 2024-05-16T06:00:00+02:00");
    check("en", "sys.date-period", "next week", "2024-05-26T12:00:00+02:00 2024-05-20T12:00:00+02:00");
    check(
        "en",
        "sys.date-period",
        "from monday to friday @2024-05-12",
        "2024-05-17T12:00:00+02:00 2024-05-13T12:00:00+02:00",
    );
    for (sentence, expected) in [
        ("february 2024", "2024-02-29T12:00:00+01:00 2024-02-01T12:00:00+01:00"),
        ("february 2023", "2023-02-28T12:00:00+01:00 2023-02-01T12:00:00+01:00"),
        ("next month @2024-01-31", "2024-02-29T12:00:00+01:00 2024-02-01T12:00:00+01:00"),
        ("next month @2024-12-31", "2025-01-31T12:00:00+01:00 2025-01-01T12:00:00+01:00"),
        ("last month @2024-03-31", "2024-02-29T12:00:00+01:00 2024-02-01T12:00:00+01:00"),
        ("next week @2024-12-30", "2025-01-12T12:00:00+01:00 2025-01-06T12:00:00+01:00"),
        ("this weekend @2024-05-19", "2024-05-19T12:00:00+02:00 2024-05-18T12:00:00+02:00"),
        ("next weekend @2024-05-19", "2024-05-26T12:00:00+02:00 2024-05-25T12:00:00+02:00"),
        ("last weekend", "2024-05-12T12:00:00+02:00 2024-05-11T12:00:00+02:00"),
        ("this coming week", "2024-05-26T12:00:00+02:00 2024-05-20T12:00:00+02:00"),
        ("the following month", "2024-06-30T12:00:00+02:00 2024-06-01T12:00:00+02:00"),
        ("2 weeks from june 1 to june 14", "2024-06-14T12:00:00+02:00 2024-06-01T12:00:00+02:00"),
        ("the last 3 days", "2024-05-15T12:00:00+02:00 2024-05-12T12:00:00+02:00"),
        ("next two weeks", "2024-05-29T12:00:00+02:00 2024-05-15T12:00:00+02:00"),
        ("last december", "2023-12-31T12:00:00+01:00 2023-12-01T12:00:00+01:00"),
        ("next may", "2025-05-31T12:00:00+02:00 2025-05-01T12:00:00+02:00"),
        ("this week @2024-03-28", "2024-03-31T12:00:00+02:00 2024-03-25T12:00:00+01:00"),
    ] {
        check("en", "sys.date-period", sentence, expected);
    }
    for (language, entity, sentence, expected) in [
        (
            "en",
            "sys.date-period",
            "from monday to friday",
            "2024-05-24T12:00:00+02:00 2024-05-20T12:00:00+02:00",
        ),
        (
            "de",
            "sys.date-period",
            "von Montag bis Freitag",
            "2024-05-24T12:00:00+02:00 2024-05-20T12:00:00+02:00",
        ),
        (
            "en",
            "sys.date-period",
            "from may 10 to may 20",
            "2024-05-20T12:00:00+02:00 2024-05-10T12:00:00+02:00",
        ),
        ("en", "sys.date-period", "june 3 to 5", "2024-06-05T12:00:00+02:00 2024-06-03T12:00:00+02:00"),
        ("en", "sys.date-period", "june 3-5", "2024-06-05T12:00:00+02:00 2024-06-03T12:00:00+02:00"),
        (
            "de",
            "sys.date-period",
            "vom 3. bis 5. Juni",
            "2024-06-05T12:00:00+02:00 2024-06-03T12:00:00+02:00",
        ),
        ("fr", "sys.date-period", "du 3 au 5 juin", "2024-06-05T12:00:00+02:00 2024-06-03T12:00:00+02:00"),
        (
            "es",
            "sys.date-period",
            "del 3 al 5 de junio",
            "2024-06-05T12:00:00+02:00 2024-06-03T12:00:00+02:00",
        ),
        ("nl", "sys.date-period", "van 3 tot 5 juni", "2024-06-05T12:00:00+02:00 2024-06-03T12:00:00+02:00"),
        ("en", "sys.date-time", "tonight at 8", "2024-05-15T20:00:00+02:00"),
        ("en", "sys.date-time", "tonight at 12", "2024-05-16T00:00:00+02:00"),
        ("en", "sys.date-time", "tonight at midnight", "2024-05-16T00:00:00+02:00"),
        ("en", "sys.date-time", "midnight tonight", "2024-05-16T00:00:00+02:00"),
        ("en", "sys.date-time", "tonight at 1", "2024-05-16T01:00:00+02:00"),
        ("en", "sys.date-time", "last night at half past 2", "2024-05-15T02:30:00+02:00"),
        ("de", "sys.date-time", "Freitagmorgen um 8", "2024-05-17T08:00:00+02:00"),
        ("de", "sys.date-time", "heute Abend um 0:30", "2024-05-16T00:30:00+02:00"),
        ("de", "sys.date", "am 15. des nächsten Monats", "2024-06-15T12:00:00+02:00"),
        ("de", "sys.date", "der erste Montag des Monats", "2024-05-06T12:00:00+02:00"),
        ("en", "sys.date-time", "tomorrow afternoon at 12:30", "2024-05-16T12:30:00+02:00"),
        ("en", "sys.date-time", "last night", "2024-05-14T23:00:00+02:00 2024-05-14T18:00:00+02:00"),
        ("en", "sys.date-time", "in 1 hour and 30 minutes", "2024-05-15T11:30:00+02:00"),
        ("en", "sys.date-time", "in half a day", "2024-05-15T22:00:00+02:00"),
        ("en", "sys.date-time", "in 1 day and 2 hours", "2024-05-16T12:00:00+02:00"),
        ("en", "sys.date-time", "in 2 days", "2024-05-17T12:00:00+02:00"),
        ("en", "sys.date-time", "in 18 hours @2024-03-30", "2024-03-31T04:00:00+02:00"),
        ("de", "sys.date", "Montag in zwei Wochen", "2024-06-03T12:00:00+02:00"),
        ("de", "sys.date", "zwei Wochen nach Montag", "2024-06-03T12:00:00+02:00"),
        ("de", "sys.date", "am ersten Montag im Juni", "2024-06-03T12:00:00+02:00"),
        ("en", "sys.date-time", "tomorrow evening at 8", "2024-05-16T20:00:00+02:00"),
        ("en", "sys.date-time", "tonight", "2024-05-15T23:00:00+02:00 2024-05-15T18:00:00+02:00"),
        ("de", "sys.date-time", "heute Abend um 8", "2024-05-15T20:00:00+02:00"),
        ("de", "sys.date-time", "morgen", "2024-05-16T12:00:00+02:00"),
        ("de", "sys.date-time", "morgen um 8", "2024-05-16T08:00:00+02:00"),
        ("es", "sys.date-time", "mañana", "2024-05-16T12:00:00+02:00"),
        ("de", "sys.date-time", "jetzt", "2024-05-15T10:00:00+02:00"),
        ("fr", "sys.date-time", "ce soir à 8 heures", "2024-05-15T20:00:00+02:00"),
        ("es", "sys.date-time", "esta noche a las 9", "2024-05-15T21:00:00+02:00"),
        ("es", "sys.date-time", "mañana a las 9 pm", "2024-05-16T21:00:00+02:00"),
        ("nl", "sys.date-time", "vanavond om 8 uur", "2024-05-15T20:00:00+02:00"),
        ("de", "sys.time", "um 20 Uhr 4 Personen", "2024-05-15T20:00:00+02:00"),
        ("de", "sys.time", "um 20 Uhr einen Tisch", "2024-05-15T20:00:00+02:00"),
        ("de", "sys.time", "um dreiviertel acht", "2024-05-16T07:45:00+02:00"),
        ("fr", "sys.time", "midi et quart", "2024-05-15T12:15:00+02:00"),
        ("es", "sys.time", "las ocho", "2024-05-16T08:00:00+02:00"),
        ("en", "sys.time-period", "from 2 to 4 pm", "2024-05-15T16:00:00+02:00 2024-05-15T14:00:00+02:00"),
        ("de", "sys.time", "um halb drei nachmittags", "2024-05-15T14:30:00+02:00"),
        ("de", "sys.time", "17 Uhr 30", "2024-05-15T17:30:00+02:00"),
        ("fr", "sys.time", "à 17 heures", "2024-05-15T17:00:00+02:00"),
        ("es", "sys.time", "a las 5 de la tarde", "2024-05-15T17:00:00+02:00"),
        ("nl", "sys.time", "om half drie 's middags", "2024-05-15T14:30:00+02:00"),
        (
            "en",
            "sys.date-period",
            "from june 5 to june 3",
            "2024-06-30T12:00:00+02:00 2024-06-01T12:00:00+02:00; 2024-06-30T12:00:00+02:00 2024-06-01T12:00:00+02:00",
        ),
        ("en", "sys.date-period", "tomorrow and 20 people", ""),
    ] {
        check(language, entity, sentence, expected);
    }
}

/// What other languages say in other ways.
#[test]
fn other_ways() {
    for (language, entity, sentence, expected) in [
        // Halves.
        ("de", "sys.duration", "eine halbe Stunde", "0.5 h"),
        ("de", "sys.duration", "in einer halben Stunde", "0.5 h"),
        ("de", "sys.duration", "anderthalb Stunden", "1.5 h"),
        ("de", "sys.duration", "zweieinhalb Wochen", "2.5 wk"),
        ("de", "sys.duration", "eine Dreiviertelstunde", "0.75 h"),
        ("de", "sys.number", "eineinhalb oder zweieinhalb", "1.5; 2.5"),
        ("fr", "sys.duration", "une demi-heure", "0.5 h"),
        ("fr", "sys.duration", "trois quarts d'heure", "0.75 h"),
        ("fr", "sys.duration", "une heure et demie", "1.5 h"),
        ("fr", "sys.duration", "deux heures et quart", "2.25 h"),
        ("es", "sys.duration", "media hora", "0.5 h"),
        ("es", "sys.duration", "una hora y media", "1.5 h"),
        ("es", "sys.duration", "un cuarto de hora", "0.25 h"),
        ("nl", "sys.duration", "een half uur", "0.5 h"),
        ("nl", "sys.duration", "een kwartier", "0.25 h"),
        ("nl", "sys.duration", "anderhalve week", "1.5 wk"),
        ("nl", "sys.duration", "twee en een half uur", "2.5 h"),
        ("nl", "sys.duration", "tweeënhalf uur", "2.5 h"),
        ("de", "sys.date-time", "in einer halben Stunde", "2024-05-15T10:30:00+02:00"),
        ("es", "sys.date-time", "dentro de media hora", "2024-05-15T10:30:00+02:00"),
        // The minutes after the hour, and before it.
        ("es", "sys.time", "a las ocho y diez", "2024-05-16T08:10:00+02:00"),
        ("es", "sys.time", "a las ocho menos diez", "2024-05-16T07:50:00+02:00"),
        ("es", "sys.time", "a las ocho y veinte de la tarde", "2024-05-15T20:20:00+02:00"),
        ("es", "sys.time", "a las 8 y dos personas", "2024-05-16T08:00:00+02:00"),
        ("fr", "sys.time", "à huit heures dix", "2024-05-16T08:10:00+02:00"),
        ("fr", "sys.time", "à huit heures moins dix", "2024-05-16T07:50:00+02:00"),
        ("de", "sys.time", "um 8 und 20 Personen", "2024-05-16T08:00:00+02:00"),
        ("es", "sys.time-period", "entre las 8 y 10", "2024-05-15T10:00:00+02:00 2024-05-15T08:00:00+02:00"),
        ("es", "sys.time-period", "entre 8 y 10", "2024-05-15T10:00:00+02:00 2024-05-15T08:00:00+02:00"),
        ("es", "sys.time", "entre 20 y 30 personas", ""),
        ("es", "sys.time", "talla 10 y 12", ""),
        ("es", "sys.time", "entre las 8 y 10", "2024-05-16T08:00:00+02:00"),
        ("es", "sys.time", "2 horas y 10 minutos", "2024-05-16T02:00:00+02:00"),
        ("de", "sys.time", "was ist 8 minus 5", ""),
        (
            "en",
            "sys.time-period",
            "from six to eight fifteen people",
            "2024-05-15T08:00:00+02:00 2024-05-15T06:00:00+02:00",
        ),
        // A day with its part in one word.
        ("de", "sys.date", "Freitagabend", "2024-05-17T12:00:00+02:00"),
        ("de", "sys.date-time", "am Freitagabend", "2024-05-17T23:00:00+02:00 2024-05-17T16:00:00+02:00"),
        ("de", "sys.date-time", "Freitagabend um 8", "2024-05-17T20:00:00+02:00"),
        ("de", "sys.date-time", "am Montagmorgen", "2024-05-20T12:00:00+02:00 2024-05-20T06:00:00+02:00"),
        ("nl", "sys.date-time", "vrijdagavond om 8 uur", "2024-05-17T20:00:00+02:00"),
        ("de", "sys.date", "Sonntagsbraten", ""),
        ("de", "sys.date", "Freitag nächste Woche", "2024-05-24T12:00:00+02:00"),
        // A day of the month.
        ("fr", "sys.date", "le 15", "2024-05-15T12:00:00+02:00"),
        ("fr", "sys.date", "le 20 à midi", "2024-05-20T12:00:00+02:00"),
        ("fr", "sys.date", "le 2 pièces", ""),
        ("es", "sys.date", "el 20", "2024-05-20T12:00:00+02:00"),
        ("es", "sys.date", "el 15 por la tarde", "2024-05-15T12:00:00+02:00"),
        ("fr", "sys.date", "le 15 pour deux personnes.", "2024-05-15T12:00:00+02:00"),
        ("fr", "sys.date", "le 20.", "2024-05-20T12:00:00+02:00"),
        ("es", "sys.date", "el 20%, el 5 €, el 10:30, el uno", ""),
        ("fr", "sys.date", "le 2-3 ou le 20:30", ""),
        // Money and large numbers.
        ("de", "sys.unit-currency", "5 Euro 50", "5.5 EUR"),
        ("de", "sys.unit-currency", "5 Euro 3 Mal", "5 EUR"),
        ("de", "sys.unit-currency", "für 5 Euro 20 Rosen", "5 EUR"),
        ("de", "sys.unit-currency", "5,20 Euro 30, 7 Euro 18:30", "5.2 EUR; 7 EUR"),
        ("fr", "sys.unit-currency", "1 200 euros", "1200 EUR"),
        ("fr", "sys.number", "12 345 678", "12345678"),
        ("fr", "sys.number", "à 20 200 personnes", "20; 200"),
        ("fr", "sys.unit-weight", "3 250 g", "250 g"),
        ("fr", "sys.number", "3 chats, 12 34", "3; 12; 34"),
        ("de", "sys.number", "1 200", "1; 200"),
        // Ages.
        ("fr", "sys.age", "j'ai 20 ans", "20 yr"),
        ("es", "sys.age", "tengo treinta años", "30 yr"),
        ("nl", "sys.age", "ik ben 20 jaar", "20 yr"),
        ("de", "sys.age", "20 Jahre alt", "20 yr"),
        ("de", "sys.age", "in 20 Jahren", ""),
        ("fr", "sys.age", "20 ans", "20 yr"),
        ("fr", "sys.age", "dans 2 ans, garantie de 2 ans, il y a 2 ans", ""),
        ("es", "sys.age", "hace 3 años", ""),
        ("nl", "sys.age", "2 jaar garantie", ""),
    ] {
        check(language, entity, sentence, expected);
    }
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

#[test]
fn a_range_of_hours_is_of_the_day_that_is_said() {
    for (language, said, from, to) in [
        ("en", "meet me on monday from 3 to 5 pm", "2024-05-20T15:00:00", "2024-05-20T17:00:00"),
        ("en", "tomorrow between 2 and 4 pm", "2024-05-16T14:00:00", "2024-05-16T16:00:00"),
        ("en", "from 9 am to 5 pm tomorrow", "2024-05-16T09:00:00", "2024-05-16T17:00:00"),
        ("en", "tomorrow from 10 pm to 2 am", "2024-05-16T22:00:00", "2024-05-17T02:00:00"),
        ("de", "montag von 15 bis 17 uhr", "2024-05-20T15:00:00", "2024-05-20T17:00:00"),
    ] {
        check(language, "sys.date-time", said, &format!("{to}+02:00 {from}+02:00"));
    }
}
