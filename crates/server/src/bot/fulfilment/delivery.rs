//! How, how fast and where to it is delivered.

use super::{Asked, Language, rich};
use crate::{
    bot::{agents, dialogflow::webhook::WebhookResponse},
    terms::Way,
};

/// How, how fast and for how much it is delivered.
pub fn ways(asked: &Asked) -> WebhookResponse {
    let language = asked.language;
    let terms = &asked.server.configuration.terms;
    let country = match asked.text("country") {
        "" => said_country(&asked.request.query_result.query_text, language),
        known => known,
    };
    let codes: Vec<&str> = match country {
        "" => terms.countries.codes().collect(),
        country => terms.countries.code(country).into_iter().collect(),
    };
    let ways: Vec<String> = terms.ways.iter().filter_map(|way| line(asked, way, &codes)).collect();
    if ways.is_empty() {
        return nowhere(asked, country);
    }
    let ways = format!("{}.", ways.join(". "));
    let text = match country {
        "" => ways,
        country => {
            let name = country_name(country, language);
            language.pick(
                format!("Yes, we deliver to {name}. Our parcels love to travel.\n\n{ways}"),
                format!("Ja, wir liefern auch dorthin ({name}). Unsere Pakete reisen gern.\n\n{ways}"),
            )
        }
    };
    let chips = language.pick([("Do you deliver abroad?", "")], [("Liefert ihr ins Ausland?", "")]);
    WebhookResponse {
        fulfillment_messages: vec![rich::text(&text), rich::chips(&chips)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    }
}

/// A way with what it costs to the countries of some codes; none where it goes to none of them.
fn line(asked: &Asked, way: &Way, codes: &[&str]) -> Option<String> {
    let language = asked.language;
    let currency = asked.server.configuration.currency;
    let money = |minor| language.money(currency, minor);
    let prices = codes.iter().filter_map(|code| way.prices(code));
    let (low, high) = prices.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))?;
    let mut price = money(low);
    if low < high {
        price = language.pick(format!("from {price}"), format!("ab {price}"));
    }
    let free = way.free_from.map_or_else(String::new, |minor| {
        language.pick(format!(", free from {}", money(minor)), format!(", ab {} gratis", money(minor)))
    });
    let said = way.wire(low, currency);
    let when = if said.when.is_empty() { said.when } else { format!("{}, ", said.when) };
    Some(format!("{}: {when}{price}{free}", said.name))
}

/// Where to it is delivered.
pub fn countries(asked: &Asked) -> WebhookResponse {
    let language = asked.language;
    let all = asked.server.configuration.terms.countries.wire();
    let names: Vec<String> = all.iter().map(|country| country_name(&country.name, language)).collect();
    let text = match names.as_slice() {
        [only] => language
            .pick(format!("We deliver to one country: {only}."), format!("Wir liefern in ein Land: {only}.")),
        names => language.pick(
            format!("We deliver to {} countries: {}.", names.len(), names.join(", ")),
            format!("Wir liefern in {} Länder: {}.", names.len(), names.join(", ")),
        ),
    };
    WebhookResponse {
        fulfillment_messages: vec![rich::text(&text)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    }
}

/// Countries beside those of the agent's entity, which every page loads: English and German names, the first one for people.
/// Georgia and Guinea are left out, since more people here mean a state and a pig.
const OTHERS: &str = include_str!("countries.txt");

/// English and German names.
fn others() -> impl Iterator<Item = (&'static str, &'static str)> {
    OTHERS.lines().filter_map(|line| line.split_once(';'))
}

/// The country that a sentence names and the agent does not know, in English; empty where there is none.
fn said_country(sentence: &str, language: Language) -> &'static str {
    let plain = |text: &str| -> String {
        let small = text.to_lowercase();
        let words = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        format!(" {} ", words.collect::<Vec<_>>().join(" "))
    };
    let sentence = plain(sentence);
    let said = others().flat_map(|(english, german)| {
        let names = language.pick(english, german).split('/').map(plain);
        names.filter(|name| sentence.contains(name)).map(move |name| (name.len(), first(english)))
    });
    // South Sudan is not Sudan.
    said.max_by_key(|(length, _)| *length).map_or("", |(_, english)| english)
}

fn first(names: &str) -> &str {
    names.split('/').next().unwrap_or(names)
}

fn nowhere(asked: &Asked, country: &str) -> WebhookResponse {
    let name = country_name(country, asked.language);
    let text = asked.language.pick(
        format!("I am sorry, we do not deliver to {name} yet."),
        format!("In dieses Land ({name}) liefern wir leider noch nicht."),
    );
    let chips = asked
        .language
        .pick([("Which countries do you deliver to?", "")], [("In welche Länder liefert ihr?", "")]);
    WebhookResponse {
        fulfillment_messages: vec![rich::text(&text), rich::chips(&chips)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    }
}

/// A country as the agent's entity calls it in a language, or as we do; as it is where neither knows it.
fn country_name(country: &str, language: Language) -> String {
    let entity = agents::petstore().entity_type("country");
    let entries = entity.map_or(&[][..], |entity| entity.entries_in(language.code()));
    let entry = entries.iter().find(|entry| entry.value.eq_ignore_ascii_case(country));
    let other = || others().find(|(english, _)| first(english) == country);
    entry
        .and_then(|entry| entry.synonyms.first().cloned())
        .or_else(|| other().map(|(english, german)| first(language.pick(english, german)).to_owned()))
        .unwrap_or_else(|| country.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{language, pricing::BasisPoints, terms::Terms};

    fn usual() -> Terms {
        Terms::read(None, BasisPoints(1900)).unwrap()
    }

    #[test]
    fn what_the_shop_says_of_delivery_is_said_in_german() {
        // A new way of delivery needs its German words in assets/locales.
        let german = language::Language::of_code("de");
        for way in usual().ways {
            assert_ne!(german.say(&way.when), way.when, "{}", way.id);
        }
    }

    #[test]
    fn every_country_has_a_german_name() {
        for country in usual().countries.wire() {
            let entity = agents::petstore().entity_type("country").unwrap();
            let known = entity.entries_in("de").iter().any(|entry| entry.value == country.name);
            assert!(known, "{}", country.name);
        }
        assert_eq!(country_name("Germany", Language::German), "Deutschland");
        assert_eq!(country_name("Egypt", Language::German), "Ägypten");
        assert_eq!(country_name("Atlantis", Language::German), "Atlantis");
    }

    #[test]
    fn countries_that_the_agent_does_not_know_are_found_in_what_is_said() {
        use Language::{English, German};
        for (sentence, language, expected) in [
            ("Do you deliver to Egypt?", English, "Egypt"),
            ("liefert ihr nach ÄGYPTEN?", German, "Egypt"),
            ("shipping to south sudan", English, "South Sudan"),
            ("what does shipping to the USA cost", English, "United States"),
            ("Liefern Sie in die Vereinigten Arabischen Emirate?", German, "United Arab Emirates"),
            ("nach Guinea-Bissau", German, "Guinea-Bissau"),
            ("delivery for my guinea pig", English, ""),
            ("do you deliver to the moon", English, ""),
            ("", English, ""),
        ] {
            assert_eq!(said_country(sentence, language), expected, "{sentence}");
        }
        let lines = OTHERS.lines().count();
        assert_eq!(
            others().filter(|(english, german)| !english.is_empty() && !german.is_empty()).count(),
            lines
        );
    }
}
