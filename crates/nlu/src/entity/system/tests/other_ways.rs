//! What other languages than English say in other ways.

use super::check;

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
