//! French.

use super::Words;
use std::sync::OnceLock;

/// French.
pub static FRENCH: Words = Words {
    small: "zero=0|un=1|deux=2|trois=3|quatre=4|cinq=5|six=6|sept=7|huit=8|neuf=9|dix=10|onze=11|douze=12|\
        treize=13|quatorze=14|quinze=15|seize=16|une=1|vingt=20|vingts=20|trente=30|quarante=40|\
        cinquante=50|soixante=60|septante=70|huitante=80|nonante=90",
    scales: "cent=100|cents=100|mille=1000|million=1000000|millions=1000000|milliard=1000000000|\
        milliards=1000000000|douzaine=12|dizaine=10|quinzaine=15|vingtaine=20|trentaine=30|cinquantaine=50|centaine=100|k=1000",
    and: "et",
    compounds: false,
    minus: "moins",
    point: "virgule",
    english: false,
    ordinals: "premier=1|premiere=1|deuxieme=2|second=2|seconde=2|troisieme=3|quatrieme=4|cinquieme=5|\
        sixieme=6|septieme=7|huitieme=8|neuvieme=9|dixieme=10|onzieme=11|douzieme=12|treizieme=13|quatorzieme=14|quinzieme=15|seizieme=16|dix - septieme=17|dix - huitieme=18|\
        dix - neuvieme=19|vingtieme=20|\
        trentieme=30|centieme=100",
    ordinal_endings: "er|ere|e|eme",
    percent: "%|pour cent|pourcent",
    months: "janvier=1|fevrier=2|mars=3|avril=4|mai=5|juin=6|juillet=7|aout=8|septembre=9|octobre=10|\
        novembre=11|decembre=12|janv=1|fev=2|fevr=2|avr=4|juil=7|sept=9|oct=10|nov=11|dec=12",
    weekdays: "dimanche=0|lundi=1|mardi=2|mercredi=3|jeudi=4|vendredi=5|samedi=6",
    days: "aujourd'hui=0|ce soir=0|demain=1|apres demain=2|apres - demain=2|hier=-1|avant hier=-2|\
        avant - hier=-2",
    units: "sec=s|h=h|min=min|mn=min|l'annee=yr|l'an=yr|seconde=s|secondes=s|minute=min|minutes=min|heure=h|heures=h|jour=day|jours=day|semaine=wk|semaines=wk|\
        mois=mo|an=yr|ans=yr|annee=yr|annees=yr|\
        demi - heure=30|demi heure=30|quart d'heure=15|quarts d'heure=15",
    within: "dans",
    ago_before: "il y a",
    ago_after: "",
    next: "prochain|prochaine|prochains|prochaines",
    last: "dernier|derniere|derniers|dernieres",
    this: "ce|cette|cet",
    next_after: "prochain|prochaine|prochains|prochaines",
    last_after: "dernier|derniere|passe|passee",
    hours: "midi=43200|minuit=0",
    halves: "du matin=before|de l'apres midi=after|de l'apres - midi=after|du soir=after",
    clock: "heures|heure|h",
    past: "",
    half_to: "",
    after_hour: "et demie=30|et demi=30|et quart=15|moins le quart=-15",
    at: "a|vers|apres",
    parts: "matinee=612|soiree=1623|l'apres - midi=1216|l'apres midi=1216|matin=612|apres - midi=1216|apres midi=1216|soir=1623|nuit=1823",
    fillers: "le|la|du|de|en|au|,",
    from: "du|de|entre",
    to: "au|a|et|-|–|jusqu'a",
    weekend: "week - end|weekend",
    index: OnceLock::new(),
};
