//! Times, moments and stretches of them, in all languages.

use super::check;

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
