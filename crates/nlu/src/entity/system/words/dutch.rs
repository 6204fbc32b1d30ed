//! Dutch.

use super::Words;
use std::sync::OnceLock;

/// Dutch.
pub static DUTCH: Words = Words {
    small: "nul=0|een=1|twee=2|drie=3|vier=4|vijf=5|zes=6|zeven=7|acht=8|negen=9|tien=10|elf=11|twaalf=12|\
        dertien=13|veertien=14|vijftien=15|zestien=16|zeventien=17|achttien=18|negentien=19|twintig=20|\
        dertig=30|veertig=40|vijftig=50|zestig=60|zeventig=70|tachtig=80|negentig=90",
    scales: "honderd=100|duizend=1000|miljoen=1000000|miljard=1000000000|dozijn=12|mln=1000000|mld=1000000000|k=1000",
    and: "en",
    compounds: true,
    minus: "min",
    point: "komma",
    english: false,
    ordinals: "eerste=1|tweede=2|derde=3|vierde=4|vijfde=5|zesde=6|zevende=7|achtste=8|negende=9|tiende=10|\
        elfde=11|twaalfde=12|dertiende=13|veertiende=14|vijftiende=15|zestiende=16|zeventiende=17|\
        achttiende=18|negentiende=19|twintigste=20|dertigste=30",
    ordinal_endings: "e|ste|de",
    percent: "%|procent",
    months: "januari=1|februari=2|maart=3|april=4|mei=5|juni=6|juli=7|augustus=8|september=9|oktober=10|\
        november=11|december=12|jan=1|feb=2|mrt=3|apr=4|jun=6|jul=7|aug=8|sep=9|sept=9|okt=10|nov=11|\
        dec=12",
    weekdays: "zondag=0|maandag=1|dinsdag=2|woensdag=3|donderdag=4|vrijdag=5|zaterdag=6",
    days: "vandaag=0|vanavond=0|vanmiddag=0|vanochtend=0|vannacht=0|morgenavond=1|morgenochtend=1|morgenmiddag=1|\
        gisteravond=-1|morgen=1|overmorgen=2|gisteren=-1|eergisteren=-2",
    units: "u=h|min=min|sec=s|seconde=s|seconden=s|minuut=min|minuten=min|uur=h|uren=h|dag=day|dagen=day|week=wk|weken=wk|maand=mo|\
        maanden=mo|jaar=yr|jaren=yr|\
        half uur=30|halfuur=30|kwartier=15",
    within: "over|binnen",
    ago_before: "",
    ago_after: "geleden",
    next: "volgende|volgend",
    last: "vorige|vorig|afgelopen|laatste",
    this: "deze|dit|komend|komende|aanstaande",
    next_after: "",
    last_after: "",
    hours: "middernacht=0",
    halves: "' s ochtends=before|s ochtends=before|in de ochtend=before|' s middags=after|s middags=after|' s avonds=after|s avonds=after|\
        in de avond=after|' s nachts=night|s nachts=night|' s morgens=before|s morgens=before",
    clock: "uur|u",
    past: "kwart over=15|kwart voor=-15",
    half_to: "half",
    after_hour: "",
    at: "om|rond|tegen|na",
    parts: "ochtend=612|morgen=612|vanochtend=612|vanmiddag=1216|vanavond=1623|middag=1216|avond=1623|nacht=1823|vannacht=1823|morgenavond=1623|morgenochtend=612|morgenmiddag=1216|gisteravond=1623|\
        ' s ochtends=612|' s middags=1216|' s avonds=1623|' s nachts=1823",
    fillers: "op|de|van|in|,",
    from: "van|tussen",
    to: "tot|en|-|–|tot en met|t / m",
    weekend: "weekend|weekeinde",
    index: OnceLock::new(),
};
