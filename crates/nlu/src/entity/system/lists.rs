//! Colours, languages, countries and well-known cities: names that are looked up.

use super::{Found, Sentence};
use crate::json::Value;

/// A value of a `|`-separated list, in which `a=b` gives b for a.
pub fn lookup(s: &Sentence, at: usize, list: &str) -> Found<Value> {
    let first = s.word(at);
    if first.is_empty() {
        return None;
    }
    let mut best: Found<&str> = None;
    for entry in list.split('|') {
        let (said, value) = entry.split_once('=').unwrap_or((entry, entry));
        let folded_start = said.split(' ').next().unwrap_or("");
        if !folded_start.eq_ignore_ascii_case(first) {
            continue;
        }
        let lower = said.to_ascii_lowercase();
        if let Some(to) = s.phrase(at, &lower)
            && best.is_none_or(|b| to > b.1)
        {
            best = Some((value, to));
        }
    }
    best.map(|(value, to)| (Value::from(value), to))
}

/// Colours.
pub const COLOURS: &str = "red|blue|green|yellow|orange|purple|violet|pink|brown|black|white|grey=gray|gray|beige|turquoise|cyan|magenta|maroon|navy|navy blue|light blue|dark blue|sky blue|light green|dark green|olive|teal|gold|silver|ivory|lavender|lilac|indigo|crimson|scarlet|coral|salmon|khaki|mint|peach|cream|tan|bronze|burgundy|amber|aqua|lime|fuchsia";

/// Languages.
pub const LANGUAGES: &str = "English|German|French|Spanish|Dutch|Italian|Portuguese|Russian|Chinese|Mandarin|Cantonese|Japanese|Korean|Arabic|Hindi|Bengali|Urdu|Turkish|Polish|Ukrainian|Czech|Slovak|Hungarian|Romanian|Bulgarian|Greek|Swedish|Norwegian|Danish|Finnish|Icelandic|Hebrew|Persian|Farsi=Persian|Thai|Vietnamese|Indonesian|Malay|Filipino|Tagalog|Swahili|Afrikaans|Catalan|Croatian|Serbian|Slovenian|Latvian|Lithuanian|Estonian|Irish|Welsh|Latin|Tamil|Telugu|Marathi|Gujarati|Punjabi|Sinhala|Nepali|Mongolian|Georgian|Armenian|Albanian|Esperanto";

/// Countries.
pub const COUNTRIES: &str = "Afghanistan|Albania|Algeria|Andorra|Angola|Argentina|Armenia|Australia|Austria|Azerbaijan|Bahamas|Bahrain|Bangladesh|Barbados|Belarus|Belgium|Belize|Benin|Bhutan|Bolivia|Bosnia and Herzegovina|Botswana|Brazil|Brunei|Bulgaria|Burkina Faso|Burundi|Cambodia|Cameroon|Canada|Cape Verde|Chad|Chile|China|Colombia|Comoros|Congo|Costa Rica|Croatia|Cuba|Cyprus|Czech Republic|Czechia=Czech Republic|Denmark|Djibouti|Dominica|Dominican Republic|Ecuador|Egypt|El Salvador|Eritrea|Estonia|Ethiopia|Fiji|Finland|France|Gabon|Gambia|Georgia|Germany|Ghana|Greece|Grenada|Guatemala|Guinea|Guyana|Haiti|Honduras|Hungary|Iceland|India|Indonesia|Iran|Iraq|Ireland|Israel|Italy|Jamaica|Japan|Jordan|Kazakhstan|Kenya|Kuwait|Kyrgyzstan|Laos|Latvia|Lebanon|Lesotho|Liberia|Libya|Liechtenstein|Lithuania|Luxembourg|Madagascar|Malawi|Malaysia|Maldives|Mali|Malta|Mauritania|Mauritius|Mexico|Moldova|Monaco|Mongolia|Montenegro|Morocco|Mozambique|Myanmar|Namibia|Nepal|Netherlands|Holland=Netherlands|New Zealand|Nicaragua|Niger|Nigeria|North Korea|North Macedonia|Norway|Oman|Pakistan|Panama|Papua New Guinea|Paraguay|Peru|Philippines|Poland|Portugal|Qatar|Romania|Russia|Rwanda|Samoa|San Marino|Saudi Arabia|Senegal|Serbia|Seychelles|Sierra Leone|Singapore|Slovakia|Slovenia|Somalia|South Africa|South Korea|South Sudan|Spain|Sri Lanka|Sudan|Suriname|Sweden|Switzerland|Syria|Taiwan|Tajikistan|Tanzania|Thailand|Togo|Tonga|Trinidad and Tobago|Tunisia|Turkey|Turkmenistan|Uganda|Ukraine|United Arab Emirates|United Kingdom|UK=United Kingdom|Great Britain=United Kingdom|Britain=United Kingdom|England=United Kingdom|United States of America|United States=United States of America|USA=United States of America|America=United States of America|Uruguay|Uzbekistan|Vanuatu|Venezuela|Vietnam|Yemen|Zambia|Zimbabwe";

/// Well-known cities.
pub const CITIES: &str = "London|Paris|Berlin|Madrid|Rome|Vienna|Amsterdam|Rotterdam|The Hague|Utrecht|Brussels|Antwerp|Copenhagen|Stockholm|Oslo|Helsinki|Dublin|Lisbon|Porto|Athens|Prague|Warsaw|Krakow|Budapest|Bucharest|Sofia|Belgrade|Zagreb|Ljubljana|Bratislava|Kiev=Kyiv|Kyiv|Moscow|Saint Petersburg|Minsk|Vilnius|Riga|Tallinn|Reykjavik|Zurich|Geneva|Basel|Bern|Munich|Hamburg|Frankfurt|Cologne|Stuttgart|Dusseldorf|Leipzig|Dresden|Hanover|Nuremberg|Bremen|Lyon|Marseille|Nice|Toulouse|Bordeaux|Strasbourg|Lille|Barcelona|Valencia|Seville|Malaga|Bilbao|Milan|Naples|Turin|Florence|Venice|Bologna|Manchester|Birmingham|Liverpool|Leeds|Glasgow|Edinburgh|Cardiff|Belfast|Bristol|Oxford|Cambridge|New York|New York City=New York|NYC=New York|Los Angeles|LA=Los Angeles|Chicago|Houston|Phoenix|Philadelphia|San Antonio|San Diego|Dallas|San Jose|Austin|Jacksonville|San Francisco|Columbus|Seattle|Denver|Washington|Washington DC=Washington|Boston|Detroit|Nashville|Portland|Memphis|Las Vegas|Baltimore|Milwaukee|Albuquerque|Tucson|Sacramento|Atlanta|Miami|Oakland|Minneapolis|Cleveland|Tampa|New Orleans|Honolulu|Pittsburgh|Cincinnati|Orlando|Salt Lake City|Mountain View|Toronto|Montreal|Vancouver|Ottawa|Calgary|Quebec|Mexico City|Guadalajara|Havana|Bogota|Lima|Quito|Caracas|Santiago|Buenos Aires|Montevideo|Sao Paulo|Rio de Janeiro|Brasilia|Cairo|Alexandria|Casablanca|Tunis|Algiers|Lagos|Accra|Nairobi|Addis Ababa|Johannesburg|Cape Town|Durban|Istanbul|Ankara|Tel Aviv|Jerusalem|Beirut|Amman|Baghdad|Tehran|Riyadh|Jeddah|Dubai|Abu Dhabi|Doha|Karachi|Lahore|Islamabad|Delhi|New Delhi|Mumbai|Bangalore|Chennai|Kolkata|Hyderabad|Pune|Ahmedabad|Colombo|Dhaka|Kathmandu|Bangkok|Hanoi|Ho Chi Minh City|Singapore|Kuala Lumpur|Jakarta|Bali|Manila|Hong Kong|Macau|Taipei|Beijing|Shanghai|Shenzhen|Guangzhou|Seoul|Busan|Tokyo|Osaka|Kyoto|Sydney|Melbourne|Brisbane|Perth|Adelaide|Canberra|Auckland|Wellington|Almaty|Tashkent|Baku|Tbilisi|Yerevan";
