//! German.

use super::Words;
use std::sync::OnceLock;

/// German.
pub static GERMAN: Words = Words {
    small: "null=0|eins=1|zwei=2|drei=3|vier=4|funf=5|fuenf=5|sechs=6|sieben=7|acht=8|neun=9|zehn=10|elf=11|\
        zwolf=12|dreizehn=13|vierzehn=14|funfzehn=15|sechzehn=16|siebzehn=17|achtzehn=18|neunzehn=19|\
        ein=1|eine=1|einen=1|einem=1|einer=1|zwo=2|zwanzig=20|dreissig=30|vierzig=40|funfzig=50|\
        sechzig=60|siebzig=70|achtzig=80|neunzig=90",
    scales: "hundert=100|tausend=1000|million=1000000|millionen=1000000|milliarde=1000000000|\
        milliarden=1000000000|dutzend=12|mio=1000000|mrd=1000000000|k=1000",
    and: "und",
    compounds: true,
    minus: "minus",
    point: "komma",
    english: false,
    ordinals: "erste=1|zweite=2|dritte=3|siebte=7|achte=8",
    ordinal_endings: ".|te|ten|ter",
    percent: "%|prozent",
    months: "januar=1|janner=1|februar=2|marz=3|april=4|mai=5|juni=6|juli=7|august=8|september=9|oktober=10|\
        november=11|dezember=12|maerz=3|jan=1|feb=2|apr=4|jun=6|jul=7|aug=8|sept=9|sep=9|okt=10|nov=11|\
        dez=12",
    weekdays: "sonntag=0|montag=1|dienstag=2|mittwoch=3|donnerstag=4|freitag=5|samstag=6|sonnabend=6",
    days: "heute=0|heute abend=0|morgen=1|ubermorgen=2|uebermorgen=2|gestern=-1|vorgestern=-2",
    units: "sekunde=s|sekunden=s|sek=s|minute=min|minuten=min|min=min|stunde=h|h=h|std=h|stunden=h|tag=day|tage=day|tagen=day|woche=wk|\
        wochen=wk|monat=mo|monate=mo|monaten=mo|monats=mo|jahr=yr|jahre=yr|jahren=yr|\
        halbe stunde=30|halben stunde=30|viertelstunde=15|dreiviertelstunde=45|dreiviertel stunde=45",
    within: "in",
    ago_before: "vor",
    ago_after: "",
    next: "nachste|nachsten|nachster|nachstes|nachstem|ubernachste=2|\
        ubernachsten=2|ubernachster=2|ubernachstes=2",
    last: "letzte|letzten|letztes|letzter|vorige|vergangene|vergangenen",
    this: "diese|diesen|dieses|dieser|diesem|kommende|kommenden|kommendes",
    next_after: "",
    last_after: "",
    hours: "mittag=43200|mittags=43200|mitternacht=0",
    halves: "morgens=before|vormittags=before|fruh=before|am morgen=before|mittags=noon|nachmittags=after|abends=after|am nachmittag=after|am abend=after|nachts=night",
    clock: "uhr|h",
    past: "viertel nach=15|viertel vor=-15|dreiviertel=-15|drei viertel=-15|viertel=-45",
    half_to: "halb",
    after_hour: "",
    at: "um|gegen|ab|nach",
    parts: "morgen=612|fruh=612|vormittag=612|nachmittag=1216|abend=1623|nacht=1823|morgens=612|vormittags=612|nachmittags=1216|abends=1623|nachts=1823",
    fillers: "am|den|der|des|dem|im|in|,",
    from: "von|vom|zwischen",
    to: "bis|bis zum|und|-|–",
    weekend: "wochenende",
    index: OnceLock::new(),
};
