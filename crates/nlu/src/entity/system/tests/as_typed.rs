//! What people type, as reviewers found it misread.

use super::check;

#[test]
fn days_of_the_week_with_a_number() {
    for (language, sentence, expected) in [
        ("fr", "jeudi 23", "2024-05-23T12:00:00+02:00"),
        ("fr", "jeudi 23 à 19h", "2024-05-23T19:00:00+02:00"),
        ("es", "el jueves 23 a las 9", "2024-05-23T09:00:00+02:00"),
        ("es", "el día 15 a las 9", "2024-05-15T21:00:00+02:00"),
        ("nl", "donderdag 23", "2024-05-23T12:00:00+02:00"),
        ("nl", "donderdag de 23e", "2024-05-23T12:00:00+02:00"),
        ("de", "Donnerstag, den 23.", "2024-05-23T12:00:00+02:00"),
        ("en", "thursday the 23rd", "2024-05-23T12:00:00+02:00"),
        ("en", "Thursday 23rd at 7 pm", "2024-05-23T19:00:00+02:00"),
        ("en", "friday the 13th", "2024-09-13T12:00:00+02:00"),
        ("en", "Thursday 5 people", "2024-05-16T12:00:00+02:00"),
        ("fr", "jeudi 2 personnes", "2024-05-16T12:00:00+02:00"),
    ] {
        check(language, "sys.date-time", sentence, expected);
    }
}

#[test]
fn parts_of_the_day_and_their_hours() {
    for (language, sentence, expected) in [
        ("en", "this evening at 8", "2024-05-15T20:00:00+02:00"),
        ("en", "a table for 2 tonight", "2024-05-15T23:00:00+02:00 2024-05-15T18:00:00+02:00"),
        ("en", "for two tonight at 8pm", "2024-05-15T20:00:00+02:00"),
        ("en", "at 8 tonight", "2024-05-15T20:00:00+02:00"),
        ("en", "this afternoon at 3", "2024-05-15T15:00:00+02:00"),
        ("en", "today at 5", "2024-05-15T17:00:00+02:00"),
        ("en", "today at 11", "2024-05-15T11:00:00+02:00"),
        ("en", "tomorrow at 5", "2024-05-16T05:00:00+02:00"),
        ("de", "heute um halb 4", "2024-05-15T15:30:00+02:00"),
        ("de", "Samstag abends um 8", "2024-05-18T20:00:00+02:00"),
        ("de", "am Abend um 8", "2024-05-15T20:00:00+02:00"),
        ("de", "morgen um 8", "2024-05-16T08:00:00+02:00"),
        ("de", "heute Morgen um 8", "2024-05-15T08:00:00+02:00"),
        ("fr", "cet après-midi à 3 heures", "2024-05-15T15:00:00+02:00"),
        ("es", "esta tarde a las 5", "2024-05-15T17:00:00+02:00"),
        ("es", "mañana por la tarde", "2024-05-16T20:00:00+02:00 2024-05-16T12:00:00+02:00"),
        ("es", "mañana por la mañana a las 9", "2024-05-16T09:00:00+02:00"),
        ("es", "el viernes por la noche", "2024-05-17T23:00:00+02:00 2024-05-17T20:00:00+02:00"),
        ("nl", "'s avonds om 8", "2024-05-15T20:00:00+02:00"),
        ("nl", "morgenavond om 8 uur", "2024-05-16T20:00:00+02:00"),
        ("nl", "morgenochtend", "2024-05-16T12:00:00+02:00 2024-05-16T06:00:00+02:00"),
        ("en", "Good evening", ""),
        ("de", "Guten Morgen, am Freitag um 10 Uhr", "2024-05-17T10:00:00+02:00"),
        ("nl", "Goede avond, morgen om 19 uur", "2024-05-16T19:00:00+02:00"),
        ("en", "May I have a table for tomorrow at 7?", "2024-05-16T07:00:00+02:00"),
    ] {
        check(language, "sys.date-time", sentence, expected);
    }
    check("de", "sys.time", "abends um 8", "2024-05-15T20:00:00+02:00");
    check("en", "sys.time", "tonight at 8", "2024-05-15T20:00:00+02:00");
    check("es", "sys.time", "las doce de la noche", "2024-05-16T00:00:00+02:00");
    check("de", "sys.time", "fünf vor halb drei", "2024-05-16T02:25:00+02:00");
    check("nl", "sys.time", "vijf over half drie", "2024-05-16T02:35:00+02:00");
    check("es", "sys.time", "cuarto para las ocho", "2024-05-16T07:45:00+02:00");
    check("de", "sys.time", "15h", "2024-05-15T15:00:00+02:00");
}

#[test]
fn weeks_and_what_comes() {
    for (language, sentence, expected) in [
        ("en", "next week Tuesday @2024-05-13", "2024-05-21T12:00:00+02:00"),
        ("de", "nächste Woche Freitag @2024-05-13", "2024-05-24T12:00:00+02:00"),
        ("nl", "volgende week vrijdag @2024-05-13", "2024-05-24T12:00:00+02:00"),
        ("fr", "vendredi de la semaine prochaine @2024-05-13", "2024-05-24T12:00:00+02:00"),
        ("es", "el viernes de la semana que viene @2024-05-13", "2024-05-24T12:00:00+02:00"),
        ("es", "el viernes que viene", "2024-05-17T12:00:00+02:00"),
        ("es", "el próximo viernes", "2024-05-17T12:00:00+02:00"),
        ("es", "el próximo viernes @2024-05-17", "2024-05-24T12:00:00+02:00"),
        ("fr", "vendredi prochain", "2024-05-24T12:00:00+02:00"),
        ("de", "20.", "2024-05-20T12:00:00+02:00"),
        ("de", "am 24.12", "2024-12-24T12:00:00+01:00"),
        ("de", "von 16.00 bis 18.05 Uhr", ""),
        ("nl", "op 24-12", "2024-12-24T12:00:00+01:00"),
        ("de", "kommenden Freitag", "2024-05-17T12:00:00+02:00"),
        ("nl", "aanstaande vrijdag", "2024-05-17T12:00:00+02:00"),
        ("de", "heute in einer Woche", "2024-05-22T12:00:00+02:00"),
        ("en", "Jan. 5", "2025-01-05T12:00:00+01:00"),
        ("en", "Dec. 24, 2024", "2024-12-24T12:00:00+01:00"),
        ("es", "15 sept", "2024-09-15T12:00:00+02:00"),
        ("en", "12/3/85", "1985-12-03T12:00:00+01:00"),
        ("en", "12/3/30", "2030-12-03T12:00:00+01:00"),
        ("en", "on the third floor", ""),
        ("de", "im dritten Stock", ""),
        ("en", "the third please", "2024-06-03T12:00:00+02:00"),
        ("de", "am zweiundzwanzigsten Juni", "2024-06-22T12:00:00+02:00"),
        ("de", "am 15ten", "2024-05-15T12:00:00+02:00"),
        ("fr", "le dernier vendredi du mois", "2024-05-31T12:00:00+02:00"),
        ("en", "the sun is hot", "2024-05-19T12:00:00+02:00"),
    ] {
        check(language, "sys.date", sentence, expected);
    }
    for (language, sentence, expected) in [
        ("de", "am kommenden Wochenende", "2024-05-19T12:00:00+02:00 2024-05-18T12:00:00+02:00"),
        ("en", "this coming weekend", "2024-05-19T12:00:00+02:00 2024-05-18T12:00:00+02:00"),
        ("en", "this coming week", "2024-05-26T12:00:00+02:00 2024-05-20T12:00:00+02:00"),
        ("fr", "le week-end dernier", "2024-05-12T12:00:00+02:00 2024-05-11T12:00:00+02:00"),
        ("es", "los próximos tres días", "2024-05-18T12:00:00+02:00 2024-05-15T12:00:00+02:00"),
        ("fr", "l'année prochaine", "2025-12-31T12:00:00+01:00 2025-01-01T12:00:00+01:00"),
        ("en", "from June to August", "2024-08-31T12:00:00+02:00 2024-06-01T12:00:00+02:00"),
        ("en", "June 3–7", "2024-06-07T12:00:00+02:00 2024-06-03T12:00:00+02:00"),
        ("nl", "van 3 t/m 7 juni", "2024-06-07T12:00:00+02:00 2024-06-03T12:00:00+02:00"),
    ] {
        check(language, "sys.date-period", sentence, expected);
    }
    for (language, sentence, expected) in [
        ("en", "from 9 to 5", "2024-05-15T17:00:00+02:00 2024-05-15T09:00:00+02:00"),
        ("en", "from 10 pm to 2 am", "2024-05-16T02:00:00+02:00 2024-05-15T22:00:00+02:00"),
        ("de", "von halb neun bis halb zehn", "2024-05-15T09:30:00+02:00 2024-05-15T08:30:00+02:00"),
    ] {
        check(language, "sys.time-period", sentence, expected);
    }
    for (language, sentence, expected) in [
        ("es", "mañana de 10 a 12", "2024-05-16T12:00:00+02:00 2024-05-16T10:00:00+02:00"),
        ("nl", "morgen van 10 tot 12", "2024-05-16T12:00:00+02:00 2024-05-16T10:00:00+02:00"),
        ("en", "at 2pm on the 20th", "2024-05-20T14:00:00+02:00"),
        ("de", "um 14 Uhr am 20.", "2024-05-20T14:00:00+02:00"),
        ("en", "tomorrow after 6pm", "2024-05-16T18:00:00+02:00"),
        ("de", "morgen nach 18 Uhr", "2024-05-16T18:00:00+02:00"),
        ("fr", "dans 2h", "2024-05-15T12:00:00+02:00"),
        ("de", "in 10 min", "2024-05-15T10:10:00+02:00"),
    ] {
        check(language, "sys.date-time", sentence, expected);
    }
}

#[test]
fn numbers_that_are_something_else() {
    check("en", "sys.time", "a table for around 8 people at 7", "2024-05-16T07:00:00+02:00");
    check("en", "sys.time", "about 10 minutes", "");
    check("de", "sys.time", "gegen 20 Leute", "");
    check("fr", "sys.number", "au moins 6 personnes", "6");
    check("es", "sys.number", "al menos 6", "6");
    check("fr", "sys.number", "moins 6", "-6");
    check("en", "sys.number", "half a dozen", "6");
    check("en", "sys.unit-currency", "half a million dollars", "500000 USD");
    check("fr", "sys.number", "vingt-et-un", "21");
    check("fr", "sys.number", "une dizaine", "10");
    check("de", "sys.number", "2 Mio", "2000000");
    check("es", "sys.duration", "un año y medio", "1.5 yr");
    check("en", "sys.unit-length", "5 in stock", "");
    check("de", "sys.unit-weight", "500 Gramm", "500 g");
    check("es", "sys.unit-currency", "cien dólares", "100 USD");
    check("de", "sys.temperature", "20 Grad", "20 C");
    check("en", "sys.age", "33", "33 yr");
    check("en", "sys.age", "I'm 33", "33 yr");
    check("en", "sys.age", "a table for 33", "");
    check("de", "sys.ordinal", "der dritte, ein zweites und das vierundzwanzigste", "3; 2; 24");
    check("de", "sys.ordinal", "heute bitte eine Seite und hundert", "");
}

/// What is said beside days and hours stays what it is.
#[test]
fn words_that_are_only_like_days_and_hours() {
    for (language, sentence, expected) in [
        ("de", "in acht Tagen", "2024-05-23T12:00:00+02:00"),
        ("de", "Freitag acht Uhr", "2024-05-17T08:00:00+02:00"),
        ("de", "am Freitag erst ab 20 Uhr", "2024-05-17T12:00:00+02:00; 2024-05-15T20:00:00+02:00"),
        (
            "en",
            "Friday first thing in the morning",
            "2024-05-17T12:00:00+02:00; 2024-05-15T12:00:00+02:00 2024-05-15T06:00:00+02:00",
        ),
        ("fr", "jeudi de 8 à 10 heures", "2024-05-16T10:00:00+02:00 2024-05-16T08:00:00+02:00"),
        ("fr", "jeudi 8 à 10 heures", "2024-05-16T10:00:00+02:00 2024-05-16T08:00:00+02:00"),
        ("en", "the fifth is fine", "2024-06-05T12:00:00+02:00"),
        ("en", "on the third with two kids", "2024-06-03T12:00:00+02:00"),
        ("en", "from 8 to 10 tonight", "2024-05-15T22:00:00+02:00 2024-05-15T20:00:00+02:00"),
        ("en", "8 tonight", "2024-05-15T20:00:00+02:00"),
        ("de", "am 5. kommenden Monats", "2024-06-05T12:00:00+02:00"),
        ("de", "am Freitag der kommenden Woche", "2024-05-24T12:00:00+02:00"),
        ("de", "kommenden Mittwoch", "2024-05-22T12:00:00+02:00"),
        ("nl", "aanstaande woensdag", "2024-05-22T12:00:00+02:00"),
        ("en", "from 10:00 to 02:00", "2024-05-16T02:00:00+02:00 2024-05-15T10:00:00+02:00"),
        ("de", "heute um 00:30", "2024-05-15T00:30:00+02:00"),
        ("de", "nach einem Tisch für morgen um 19 Uhr", "2024-05-16T19:00:00+02:00"),
        ("en", "no refund after 10 working days", ""),
        ("es", "una mesa para cinco para las ocho", "2024-05-16T08:00:00+02:00"),
        ("es", "a la una", "2024-05-16T01:00:00+02:00"),
        ("en", "in June. 2 people", "2024-06-30T12:00:00+02:00 2024-06-01T12:00:00+02:00"),
        ("en", "tomorrow at 19h", "2024-05-16T19:00:00+02:00"),
        ("en", "Good evening, 10 am please", "2024-05-16T10:00:00+02:00"),
        (
            "es",
            "llego tarde, a las 9 de la mañana",
            "2024-05-15T20:00:00+02:00 2024-05-15T12:00:00+02:00; 2024-05-16T09:00:00+02:00",
        ),
    ] {
        check(language, "sys.date-time", sentence, expected);
    }
    check("de", "sys.ordinal", "acht zu zweit, erst", "");
    check("en", "sys.time", "8 tonight", "2024-05-15T20:00:00+02:00");
    check("en", "sys.time", "for 2 tonight", "");
}

#[test]
fn days_of_the_month_that_the_last_one_names() {
    for (language, sentence, first, last) in [
        ("en", "from the 20th to the 25th of June", "06-20", "06-25"),
        ("en", "the 3rd to the 5th of June", "06-03", "06-05"),
        ("en", "from the 30th to the 2nd of July", "06-30", "07-02"),
        ("en", "from the 14th to the 25th", "05-14", "05-25"),
        ("de", "vom 3. bis zum 5. Juni", "06-03", "06-05"),
        ("de", "vom 28. bis 2. Juni", "05-28", "06-02"),
        ("fr", "du 3 au 5 juin", "06-03", "06-05"),
    ] {
        check(
            language,
            "sys.date-period",
            sentence,
            &format!("2024-{last}T12:00:00+02:00 2024-{first}T12:00:00+02:00"),
        );
    }
}

#[test]
fn a_number_before_a_day_is_no_other_day() {
    check("de", "sys.date-time", "Tisch für 8 - 5. Juni", "2024-06-05T12:00:00+02:00");
}

#[test]
fn times_with_a_point_and_times_that_end_in_the_evening() {
    for (language, entity, sentence, expected) in [
        ("de", "sys.time", "um 19.30", "2024-05-15T19:30:00+02:00"),
        ("de", "sys.time", "Tisch um 19.30 für 4", "2024-05-15T19:30:00+02:00"),
        ("de", "sys.date-time", "morgen um 19.30", "2024-05-16T19:30:00+02:00"),
        ("en", "sys.time", "at 7.30", "2024-05-16T07:30:00+02:00"),
        ("en", "sys.time", "about 2.50 dollars", ""),
        ("en", "sys.time", "about 12.50 each", ""),
        ("en", "sys.date-time", "by 15.10.2026", "2026-10-15T12:00:00+02:00"),
        ("de", "sys.date-time", "ab 15.10. frei", "2024-10-15T12:00:00+02:00"),
        ("en", "sys.time-period", "from 7 pm to 9", "2024-05-15T21:00:00+02:00 2024-05-15T19:00:00+02:00"),
        ("en", "sys.time-period", "from 10 pm to 2", "2024-05-16T02:00:00+02:00 2024-05-15T22:00:00+02:00"),
        ("en", "sys.time-period", "from 9 to 5", "2024-05-15T17:00:00+02:00 2024-05-15T09:00:00+02:00"),
        ("fr", "sys.time", "demain après-midi", ""),
        ("fr", "sys.time", "à midi", "2024-05-15T12:00:00+02:00"),
        ("fr", "sys.time", "après minuit", "2024-05-16T00:00:00+02:00"),
    ] {
        check(language, entity, sentence, expected);
    }
}

#[test]
fn words_that_are_also_months_or_cities() {
    for (language, entity, sentence, expected) in [
        ("fr", "sys.date-time", "une table pour sept personnes", ""),
        ("fr", "sys.date", "le 5 sept.", "2024-09-05T12:00:00+02:00"),
        ("fr", "sys.date", "le 12 sept à 20h", "2024-09-12T12:00:00+02:00"),
        ("en", "sys.date-time", "I may be late", ""),
        ("en", "sys.date-period", "it may rain", ""),
        ("en", "sys.date-period", "make it june", "2024-06-30T12:00:00+02:00 2024-06-01T12:00:00+02:00"),
        ("en", "sys.date-period", "in may", "2024-05-31T12:00:00+02:00 2024-05-01T12:00:00+02:00"),
        ("fr", "sys.geo-city", "la gare de Lyon", "Lyon"),
        ("es", "sys.geo-city", "en la playa", ""),
        ("en", "sys.geo-city", "a nice day in LA", "Los Angeles"),
    ] {
        check(language, entity, sentence, expected);
    }
}

#[test]
fn ages_that_are_all_of_an_answer_and_quarters_of_an_hour() {
    for (language, sentence) in [
        ("en", "33."),
        ("en", "I'm 33!"),
        ("en", "33 years"),
        ("de", "ich bin 33 Jahre"),
        ("de", "33 Jahre."),
        ("fr", "33 ans."),
        ("nl", "33 jaar"),
    ] {
        check(language, "sys.age", sentence, "33 yr");
    }
    check("en", "sys.age", "a table for 33.", "");
    check("en", "sys.age", "33. Or 34", "");
    check("en", "sys.duration", "three quarters of an hour", "0.75 h");
}

#[test]
fn every_name_is_written_as_sentences_are_read() {
    use super::super::{lists, words::said};
    use crate::language::tokenise;
    for list in [lists::COUNTRIES, lists::CITIES, lists::STATES, lists::LANGUAGES, lists::COLOURS] {
        for entry in said(list) {
            let name = super::super::words::parted(entry).0;
            let read: Vec<String> = tokenise(name).into_iter().map(|token| token.folded).collect();
            assert_eq!(name.to_lowercase(), read.join(" "));
        }
    }
}

#[test]
fn days_of_a_month_in_short() {
    for (language, entity, sentence, expected) in [
        ("en", "sys.date", "for 4 on June 3rd", "2024-06-03T12:00:00+02:00"),
        ("en", "sys.date", "for 4, June 3rd", "2024-06-03T12:00:00+02:00"),
        ("en", "sys.date", "for 4 in June", ""),
        ("en", "sys.number", "for 4 in June", "4"),
        ("de", "sys.date", "für 4 im Juni", ""),
        ("es", "sys.date", "para 4 en junio", ""),
        ("en", "sys.date", "the 4th in June", "2024-06-04T12:00:00+02:00"),
        ("en", "sys.date-time", "July 4", "2024-07-04T12:00:00+02:00"),
        ("en", "sys.date-time", "July 4, 2025", "2025-07-04T12:00:00+02:00"),
        ("en", "sys.date-time", "July 4 to 6", "2024-07-06T12:00:00+02:00 2024-07-04T12:00:00+02:00"),
        ("en", "sys.date-time", "July", "2024-07-31T12:00:00+02:00 2024-07-01T12:00:00+02:00"),
        ("de", "sys.date", "24.12", "2024-12-24T12:00:00+01:00"),
        ("fr", "sys.date", "24.12", "2024-12-24T12:00:00+01:00"),
        ("de", "sys.time", "18.05", "2024-05-15T18:05:00+02:00"),
        ("de", "sys.date", "es kostet 24.12", ""),
        ("en", "sys.date", "24.12", ""),
        ("en", "sys.date", "on 25/12", "2024-12-25T12:00:00+01:00"),
        ("en", "sys.date", "open 24/7", ""),
        // A number when that is all.
        ("en", "sys.date", "fifteen", "2024-05-15T12:00:00+02:00"),
        ("en", "sys.date", "twenty, please.", "2024-05-20T12:00:00+02:00"),
        ("de", "sys.date", "zwanzig, bitte!", "2024-05-20T12:00:00+02:00"),
        ("de", "sys.date", "anderthalb", ""),
        ("en", "sys.date", "twenty please and more please", ""),
        ("en", "sys.date", "twenty please", "2024-05-20T12:00:00+02:00"),
        ("de", "sys.date", "zwanzig", "2024-05-20T12:00:00+02:00"),
        ("en", "sys.date", "fifty", ""),
        ("en", "sys.date", "2.5", ""),
        ("en", "sys.time", "8 please", "2024-05-16T08:00:00+02:00"),
        ("en", "sys.time", "now", "2024-05-15T10:00:00+02:00"),
        ("en", "sys.time", "right now.", "2024-05-15T10:00:00+02:00"),
        ("de", "sys.time", "jetzt", "2024-05-15T10:00:00+02:00"),
        ("en", "sys.time", "not now", ""),
    ] {
        check(language, entity, sentence, expected);
    }
}
