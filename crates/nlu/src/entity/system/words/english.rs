//! English.

use super::Words;
use std::sync::OnceLock;

/// English.
pub static ENGLISH: Words = Words {
    small: "zero=0|one=1|two=2|three=3|four=4|five=5|six=6|seven=7|eight=8|nine=9|ten=10|eleven=11|\
        twelve=12|thirteen=13|fourteen=14|fifteen=15|sixteen=16|seventeen=17|eighteen=18|nineteen=19|\
        twenty=20|thirty=30|forty=40|fifty=50|sixty=60|seventy=70|eighty=80|ninety=90",
    scales: "hundred=100|thousand=1000|million=1000000|billion=1000000000|trillion=1000000000000|dozen=12|\
        k=1000",
    and: "and",
    compounds: false,
    minus: "minus",
    point: "point",
    english: true,
    ordinals: "first=1|second=2|third=3|fourth=4|fifth=5|sixth=6|seventh=7|eighth=8|ninth=9|tenth=10|\
        eleventh=11|twelfth=12|thirteenth=13|fourteenth=14|fifteenth=15|sixteenth=16|seventeenth=17|\
        eighteenth=18|nineteenth=19|twentieth=20|thirtieth=30|fortieth=40|fiftieth=50|sixtieth=60|\
        seventieth=70|eightieth=80|ninetieth=90|hundredth=100|thousandth=1000",
    ordinal_endings: "st|nd|rd|th",
    percent: "%|percent|per cent|pct",
    months: "january=1|february=2|march=3|april=4|may=5|june=6|july=7|august=8|september=9|october=10|\
        november=11|december=12|jan=1|feb=2|mar=3|apr=4|jun=6|jul=7|aug=8|sep=9|sept=9|oct=10|nov=11|\
        dec=12",
    weekdays: "sunday=0|sun=0|monday=1|mon=1|tuesday=2|tue=2|tues=2|wednesday=3|wed=3|thursday=4|thu=4|\
        thurs=4|friday=5|fri=5|saturday=6|sat=6",
    days: "today=0|tonight=0|last night=-1|tomorrow=1|tmrw=1|tomorow=1|the day after tomorrow=2|day after tomorrow=2|\
        yesterday=-1|the day before yesterday=-2|day before yesterday=-2",
    units: "second=s|seconds=s|sec=s|secs=s|minute=min|minutes=min|min=min|mins=min|hour=h|hours=h|hr=h|hrs=h|h=h|\
        day=day|days=day|week=wk|weeks=wk|month=mo|months=mo|year=yr|years=yr|yr=yr",
    within: "in|within",
    ago_before: "",
    ago_after: "ago",
    next: "next|following",
    last: "last|past|previous",
    this: "this|current|this coming|coming",
    next_after: "",
    last_after: "",
    hours: "noon=43200|midday=43200|midnight=0",
    halves: "am=before|a . m .=before|a . m=before|pm=after|p . m .=after|p . m=after|in the morning=before|in the afternoon=after|\
        in the evening=after|at night=night",
    clock: "o'clock|oclock|h",
    past: "quarter past=15|a quarter past=15|half past=30|quarter to=-15|a quarter to=-15|\
        quarter after=15|half=30",
    half_to: "",
    after_hour: "",
    at: "at|by|around|about|after",
    parts: "morning=612|afternoon=1216|evening=1623|night=1823|tonight=1823",
    fillers: "on|the|of|in|,",
    from: "from|between",
    to: "to|until|till|and|-|–|through",
    weekend: "weekend|the weekend",
    index: OnceLock::new(),
};
