//! How, how fast and where to it is delivered.

use super::{Asked, Language, rich};
use crate::{
    bot::{agents, dialogflow::webhook::WebhookResponse},
    http::problem::Failure,
    terms::Terms,
};

/// How, how fast and for how much it is delivered.
pub async fn ways(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let language = asked.language;
    let currency = asked.server.configuration.currency;
    let terms = &asked.server.configuration.terms;
    let all = asked.server.orders.deliveries(None, None).await?;
    let lines: Vec<String> = all
        .iter()
        .map(|way| {
            let (when, price) = (when(&way.when, language), language.money(currency, way.price.amount));
            let free =
                terms.way(&way.id).and_then(|way| way.free_from).map(|minor| language.money(currency, minor));
            let free = free.map_or_else(String::new, |amount| {
                language.pick(format!(", free from {amount}"), format!(", ab {amount} gratis"))
            });
            let when = if when.is_empty() { when } else { format!("{when}, ") };
            format!("{}: {when}{price}{free}", way.name)
        })
        .collect();
    let ways = format!("{}.", lines.join(". "));
    let text = match asked.text("country") {
        "" => ways,
        country if !is_served(terms, country) => return Ok(nowhere(asked, country)),
        country => {
            let name = country_name(country, language);
            language.pick(
                format!("Yes, we deliver to {name}. Our parcels love to travel.\n\n{ways}"),
                format!("Ja, wir liefern auch dorthin ({name}). Unsere Pakete reisen gern.\n\n{ways}"),
            )
        }
    };
    let chips = language.pick([("Do you deliver abroad?", "")], [("Liefert ihr ins Ausland?", "")]);
    Ok(WebhookResponse {
        fulfillment_messages: vec![rich::text(&text), rich::chips(&chips)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    })
}

/// “2 to 4 working days” in the speaker's language.
pub fn when(when: &str, language: Language) -> String {
    let german = match when {
        "2 to 4 working days" => "2 bis 4 Werktage",
        "next working day" => "am nächsten Werktag",
        other => other,
    };
    language.pick(when, german).to_owned()
}

/// Where to it is delivered.
pub async fn countries(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let language = asked.language;
    let all = asked.server.configuration.terms.countries.wire();
    let names: Vec<String> = all.iter().map(|country| country_name(&country.name, language)).collect();
    let text = language.pick(
        format!("We deliver to {} countries: {}.", names.len(), names.join(", ")),
        format!("Wir liefern in {} Länder: {}.", names.len(), names.join(", ")),
    );
    Ok(WebhookResponse {
        fulfillment_messages: vec![rich::text(&text)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    })
}

fn is_served(terms: &Terms, country: &str) -> bool {
    terms.countries.wire().iter().any(|known| known.name.eq_ignore_ascii_case(country))
}

fn nowhere(asked: &Asked, country: &str) -> WebhookResponse {
    let name = country_name(country, asked.language);
    let text = asked.language.pick(
        format!("I am sorry, we do not deliver to {name} yet."),
        format!("Dorthin ({name}) liefern wir leider noch nicht."),
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

/// A country as the agent's entity calls it in a language; as it is where that does not know it.
fn country_name(country: &str, language: Language) -> String {
    let entity = agents::petstore().entity_type("country");
    let entries = entity.map_or(&[][..], |entity| entity.entries_in(language.code()));
    let entry = entries.iter().find(|entry| entry.value.eq_ignore_ascii_case(country));
    entry.and_then(|entry| entry.synonyms.first()).map_or_else(|| country.to_owned(), Clone::clone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::BasisPoints;

    fn usual() -> Terms {
        Terms::read(None, BasisPoints(1900)).unwrap()
    }

    #[test]
    fn what_the_shop_says_of_delivery_is_said_in_german() {
        // A new way of delivery needs its German words above.
        for way in usual().ways {
            assert_ne!(when(&way.when, Language::German), way.when, "{}", way.id);
            assert_eq!(when(&way.when, Language::English), way.when);
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
        assert_eq!(country_name("Atlantis", Language::German), "Atlantis");
    }
}
