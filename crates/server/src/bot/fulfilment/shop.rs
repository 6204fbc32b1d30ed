//! “Dog beds under 50 dollars”, and what follows: cheaper ones, the second one, into the cart with it.

use super::{Asked, Language, rich};
use crate::{
    bot::{agents, dialogflow::webhook::WebhookResponse},
    http::problem::Failure,
    orders,
    pricing::Minor,
};
use contract::shop::catalogue::{ProductPage, ProductQuery, ProductSummary, Sort};
use reqwest::Url;
use serde_json::{Value, json};

/// How many products one answer shows.
const SHOWN: i64 = 4;
/// More than this is not put into the cart at once.
const MOST_PIECES: usize = 20;

/// What somebody looks for. It lives on in the context `found`.
#[derive(Clone, Debug, Default)]
struct Wish {
    words: String,
    category: String,
    min: Option<Minor>,
    max: Option<Minor>,
}

/// How a search went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// As wished.
    Wished,
    /// Only at other prices.
    OtherPrices,
}

impl Wish {
    fn of(asked: &Asked) -> Self {
        // A bare number is a price only behind “under” or “over”: “two dog beds” is none.
        let bare = asked.number("amount").filter(|_| !asked.text("bound").is_empty());
        let price = asked.number("price").or(bare);
        let price = price.map(|amount| (amount.clamp(0.0, 1e9) * 100.0).round() as Minor);
        let (min, max) = match asked.text("bound") {
            "least" => (price, None),
            _ => (None, price),
        };
        let [words, category] = ["product", "category"].map(|name| asked.text(name).to_owned());
        Self { words, category, min, max }
    }

    fn query(&self, sort: Sort) -> ProductQuery {
        ProductQuery {
            q: self.words.chars().take(200).collect(),
            category: self.category.clone(),
            min: self.min,
            max: self.max,
            sort: Some(sort),
            ..ProductQuery::default()
        }
    }

    /// The same in other shelves: food for cats stands under food, not under cats.
    fn variants(&self) -> Vec<Self> {
        let animal = match self.category.as_str() {
            "dogs" => "dog",
            "cats" => "cat",
            "birds" => "bird",
            "fish" => "fish",
            _ => "",
        };
        let mut variants = Vec::new();
        let edible = ["food", "treats", "chews"].contains(&self.words.as_str());
        if edible && ["dog", "cat"].contains(&animal) {
            let words = format!("{} {animal}s", self.words);
            variants.push(Self { words, category: "food-treats".to_owned(), ..self.clone() });
        }
        variants.push(self.clone());
        if !self.words.is_empty() && !self.category.is_empty() {
            if !animal.is_empty() {
                let words = format!("{} {animal}", self.words);
                variants.push(Self { words, category: String::new(), ..self.clone() });
            }
            variants.push(Self { category: String::new(), ..self.clone() });
        }
        variants
    }

    fn at_any_price(&self) -> Self {
        Self { min: None, max: None, ..self.clone() }
    }

    fn parameters(&self, products: &[ProductSummary]) -> Value {
        let numbers: Vec<i64> = products.iter().map(|product| product.id).collect();
        let lowest = products.iter().map(|product| product.price.amount).min();
        json!({ "products": numbers, "words": self.words, "shelf": self.category, "lowest": lowest.unwrap_or(0) })
    }

    fn kept(asked: &Asked) -> Option<(Self, Minor)> {
        let found = asked.context("found")?;
        let text = |name: &str| found.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let lowest = found.get("lowest").and_then(Value::as_f64).unwrap_or(0.0);
        Some((Self { words: text("words"), category: text("shelf"), min: None, max: None }, lowest as Minor))
    }

    /// Where the shop shows all of it.
    fn path(&self) -> String {
        let prices = [("min", self.min), ("max", self.max)];
        let prices = prices.into_iter().filter_map(|(name, minor)| Some((name, (minor? / 100).to_string())));
        let words = [("q", self.words.clone()), ("category", self.category.clone())];
        let pairs = words.into_iter().filter(|(_, value)| !value.is_empty()).chain(prices);
        let url = Url::parse_with_params("menagerie:/", pairs);
        match url.ok().as_ref().and_then(Url::query) {
            Some(query) if !query.is_empty() => format!("/?{query}"),
            _ => "/".to_owned(),
        }
    }
}

async fn search(asked: &Asked<'_>, wish: &Wish, sort: Sort) -> Result<(Wish, ProductPage), Failure> {
    let mut last = None;
    for variant in wish.variants() {
        let page = asked.server.catalogue.search(&variant.query(sort), 1, SHOWN).await?;
        if !page.items.is_empty() {
            return Ok((variant, page));
        }
        last.get_or_insert((variant, page));
    }
    // There is at least one variant: the wish itself.
    last.ok_or_else(Failure::not_found)
}

/// Looks for products.
pub async fn find(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let wish = Wish::of(asked);
    if wish.words.is_empty() && wish.category.is_empty() && wish.max.is_none() && wish.min.is_none() {
        return Ok(ask_what(asked));
    }
    let sort = if wish.max.is_some() { Sort::PriceDesc } else { Sort::Relevance };
    let (found, page) = search(asked, &wish, sort).await?;
    if !page.items.is_empty() {
        return Ok(shelf(asked, &found, &page, Found::Wished, wish.max.or(wish.min)));
    }
    let (found, page) = search(asked, &wish.at_any_price(), Sort::PriceAsc).await?;
    if page.items.is_empty() {
        return Ok(nothing(asked, &wish));
    }
    Ok(shelf(asked, &found, &page, Found::OtherPrices, wish.max.or(wish.min)))
}

/// What others like.
pub async fn bestsellers(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let category = asked.text("category").to_owned();
    let best = Wish { words: "bestseller".to_owned(), category: category.clone(), ..Wish::default() };
    let page = asked.server.catalogue.search(&best.query(Sort::Relevance), 1, SHOWN).await?;
    if !page.items.is_empty() {
        return Ok(shelf(asked, &best, &page, Found::Wished, None));
    }
    let any = Wish { category, ..Wish::default() };
    let page = asked.server.catalogue.search(&any.query(Sort::Relevance), 1, SHOWN).await?;
    if page.items.is_empty() {
        return Ok(nothing(asked, &any));
    }
    Ok(shelf(asked, &any, &page, Found::Wished, None))
}

/// The same for less.
pub async fn cheaper(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let Some((wish, lowest)) = Wish::kept(asked) else { return Ok(ask_what(asked)) };
    let below = Wish { max: Some(lowest - 1), ..wish.clone() };
    let page = asked.server.catalogue.search(&below.query(Sort::PriceDesc), 1, SHOWN).await?;
    if lowest > 0 && !page.items.is_empty() {
        return Ok(shelf(asked, &below, &page, Found::Wished, None));
    }
    let text = asked.language.pick(
        "Those were the cheapest already. Below them is only the bare floor.",
        "Das waren schon die günstigsten. Darunter kommt nur noch der nackte Boden.",
    );
    Ok(WebhookResponse {
        fulfillment_text: text.to_owned(),
        fulfillment_messages: vec![rich::text(text)],
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    })
}

fn ask_what(asked: &Asked) -> WebhookResponse {
    let text = asked.language.pick(
        "Gladly! What shall it be, and for whom? “A bed for my dog”, say.",
        "Gern! Was soll es sein, und für wen? Zum Beispiel „ein Bett für meinen Hund“.",
    );
    let chips = asked.language.pick(
        [("Dog beds", ""), ("Toys for cats", ""), ("Bestsellers", "")],
        [("Hundebetten", ""), ("Spielzeug für Katzen", ""), ("Was ist beliebt?", "")],
    );
    WebhookResponse {
        fulfillment_text: text.to_owned(),
        fulfillment_messages: vec![rich::text(text), rich::chips(&chips)],
        source: "shop".to_owned(),
        output_contexts: vec![asked.new_context("found", 0, json!({}))],
        ..WebhookResponse::default()
    }
}

fn nothing(asked: &Asked, wish: &Wish) -> WebhookResponse {
    let text = asked.language.pick(
        "I sniffed at every shelf and found nothing like it. Other words may help, or a look round the shop.",
        "Ich habe an jedem Regal geschnuppert und nichts gefunden. Vielleicht mit anderen Worten, oder mit einem Blick in den Shop.",
    );
    let look = asked.language.pick("Look round the shop", "Im Shop umsehen");
    let path = Wish { category: wish.category.clone(), ..Wish::default() }.path();
    WebhookResponse {
        fulfillment_text: text.to_owned(),
        fulfillment_messages: vec![rich::text(text), rich::chips(&[(look, &asked.link(&path))])],
        source: "shop".to_owned(),
        output_contexts: vec![asked.new_context("found", 0, json!({}))],
        ..WebhookResponse::default()
    }
}

fn shelf(
    asked: &Asked,
    wish: &Wish,
    page: &ProductPage,
    found: Found,
    limit: Option<Minor>,
) -> WebhookResponse {
    let language = asked.language;
    let currency = asked.server.configuration.currency;
    let total = page.total;
    let text = match (found, limit) {
        (Found::OtherPrices, Some(limit)) => {
            let limit = language.money(currency, limit);
            language.pick(
                format!("Nothing at {limit}, but this is what there is:"),
                format!("Zu {limit} leider nichts, aber das hier gibt es:"),
            )
        }
        _ if total == 1 => {
            language.pick("I found just the one:".to_owned(), "Genau eins habe ich gefunden:".to_owned())
        }
        _ if total > SHOWN => language.pick(
            format!("I found {total}. These first:"),
            format!("Ich habe {total} gefunden. Zuerst diese:"),
        ),
        _ => language.pick(format!("I found {total}:"), format!("Ich habe {total} gefunden:")),
    };
    let cards = page.items.iter().map(|product| vec![card(asked, product)]).collect();
    let path = wish.path();
    let link = asked.link(&path);
    let all = language.pick("Show all", "Alle zeigen");
    let cheaper = language.pick("Something cheaper", "Etwas Günstigeres");
    let take = language.pick("Put the first one in the cart", "Leg das erste in den Warenkorb");
    WebhookResponse {
        fulfillment_text: spoken(asked, &text, page),
        fulfillment_messages: vec![
            rich::text(&text),
            rich::rich(cards),
            rich::chips(&[(take, ""), (cheaper, ""), (all, &link)]),
        ],
        source: "shop".to_owned(),
        output_contexts: vec![asked.new_context("found", 5, wish.parameters(&page.items))],
        ..WebhookResponse::default()
    }
}

/// For surfaces that only speak.
fn spoken(asked: &Asked, text: &str, page: &ProductPage) -> String {
    let names = page.items.iter().map(|product| format!("{} ({})", product.title, price(asked, product)));
    format!("{text} {}.", names.collect::<Vec<_>>().join(", "))
}

fn price(asked: &Asked, product: &ProductSummary) -> String {
    let price = asked.language.money(asked.server.configuration.currency, product.price.amount);
    match (product.in_stock, product.from) {
        (false, _) => asked.language.pick(format!("{price}, sold out"), format!("{price}, ausverkauft")),
        (true, true) => asked.language.pick(format!("from {price}"), format!("ab {price}")),
        (true, false) => price,
    }
}

fn card(asked: &Asked, product: &ProductSummary) -> Value {
    let link = asked.link(&format!("/product/{}", product.id));
    rich::info(&product.title, &price(asked, product), product.picture.as_deref(), &link)
}

/// The product of what was found that somebody means: “the second one”; without a number the first.
fn meant(asked: &Asked) -> Option<i64> {
    let products = asked.context("found")?.get("products")?.as_array()?;
    let at = asked.count("which").unwrap_or(1) - 1;
    products.get(at)?.as_f64().map(|id| id as i64)
}

fn which_one(asked: &Asked) -> WebhookResponse {
    let text = asked.language.pick(
        "Which one do you mean? Say “the first one”, or look for something first.",
        "Welches meinst du? Sag „das erste“, oder such erst etwas.",
    );
    WebhookResponse {
        fulfillment_text: text.to_owned(),
        fulfillment_messages: vec![rich::text(text)],
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    }
}

/// Tells more about one product.
pub async fn show(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let Some(id) = meant(asked) else { return Ok(which_one(asked)) };
    let Some(product) = asked.server.catalogue.product(id).await? else { return Ok(which_one(asked)) };
    let language = asked.language;
    let currency = asked.server.configuration.currency;
    let choices = product.options.iter().map(|option| {
        let values: Vec<&str> = option.values.iter().map(|value| value.value.as_str()).collect();
        format!("{}: {}", option.name, values.join(", "))
    });
    let choices: Vec<String> = choices.collect();
    let stock: i64 = product.variants.iter().map(|variant| variant.stock).sum();
    let lowest = product.variants.iter().map(|variant| variant.price.amount).min().unwrap_or(0);
    let stock = if stock > 0 {
        language.pick("in stock", "vorrätig")
    } else {
        language.pick("sold out just now", "gerade ausverkauft")
    };
    let text = language.pick(
        format!("{}, from {}, {stock}.", product.title, language.money(currency, lowest)),
        format!("{}, ab {}, {stock}.", product.title, language.money(currency, lowest)),
    );
    let link = asked.link(&format!("/product/{id}"));
    let picture = product.pictures.first().map(|picture| picture.url.as_str());
    let take = language.pick("Put it in the cart", "Leg es in den Warenkorb");
    let open = language.pick("Open its page", "Seite öffnen");
    Ok(WebhookResponse {
        fulfillment_messages: vec![
            rich::text(&text),
            rich::rich(vec![vec![
                rich::info(&product.title, &choices.join(" · "), picture, &link),
                rich::button(open, &link),
            ]]),
            rich::chips(&[(take, "")]),
        ],
        fulfillment_text: text,
        source: "shop".to_owned(),
        // From now on "it" is this one.
        output_contexts: vec![asked.new_context("found", 5, json!({ "products": [id] }))],
        ..WebhookResponse::default()
    })
}

/// Puts a product into the cart: the surface does it, by the command of the cart; elsewhere it links there.
pub async fn add_to_cart(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let Some(id) = meant(asked) else { return Ok(which_one(asked)) };
    let Some(product) = asked.server.catalogue.product(id).await? else { return Ok(which_one(asked)) };
    let language = asked.language;
    let link = asked.link(&format!("/product/{id}"));
    let quantity = asked.count("quantity").unwrap_or(1).min(MOST_PIECES);
    let enough = |stock: i64| stock >= i64::try_from(quantity).unwrap_or(i64::MAX);
    let (text, mut payload) = match product.variants.as_slice() {
        [only] if enough(only.stock) => (
            language.pick(
                format!("Into the cart with it: {quantity} × {}.", product.title),
                format!("Ab in den Warenkorb: {quantity} × {}.", product.title),
            ),
            json!({ "menagerie": {
                "command": { "name": "cart.add", "payload": { "variant_id": only.id, "quantity": quantity } },
                "open": link,
            } }),
        ),
        [] | [_] => (
            language.pick(
                format!("There are not enough of {} left just now.", product.title),
                format!("Von {} sind gerade nicht genug da.", product.title),
            ),
            json!({}),
        ),
        _ => (
            language.pick(
                format!("{} comes in several kinds. Choose yours on its page, it is one click from there.", product.title),
                format!("{} gibt es in mehreren Ausführungen. Such dir deine auf der Seite aus, von dort ist es ein Klick.", product.title),
            ),
            json!({ "menagerie": { "open": link } }),
        ),
    };
    let open = language.pick("Open its page", "Seite öffnen");
    let cart = language.pick("Open the cart", "Warenkorb öffnen");
    payload["richContent"] = json!([[rich::button(open, &link)]]);
    let cart_link = asked.link("/cart");
    Ok(WebhookResponse {
        fulfillment_messages: vec![
            rich::text(&text),
            json!({ "payload": payload }),
            rich::chips(&[(cart, &cart_link)]),
        ],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    })
}

/// How, how fast and for how much it is delivered.
pub async fn delivery(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let language = asked.language;
    let currency = asked.server.configuration.currency;
    let ways = asked.server.orders.deliveries(None).await?;
    let lines: Vec<String> = ways
        .iter()
        .map(|way| {
            let (when, price) = (when(&way.when, language), language.money(currency, way.price.amount));
            let free = orders::free_from(&way.id).map(|minor| language.money(currency, minor));
            let free = free.map_or_else(String::new, |amount| {
                language.pick(format!(", free from {amount}"), format!(", ab {amount} gratis"))
            });
            format!("{}: {when}, {price}{free}", way.name)
        })
        .collect();
    let ways = format!("{}.", lines.join(". "));
    let text = match asked.text("country") {
        "" => ways,
        country if !is_served(country) => return Ok(nowhere(asked, country)),
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
    let all = orders::countries();
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

fn is_served(country: &str) -> bool {
    orders::countries().iter().any(|known| known.name.eq_ignore_ascii_case(country))
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

    #[test]
    fn what_the_shop_says_of_delivery_is_said_in_german() {
        // A new way of delivery needs its German words above.
        for id in ["standard", "express"] {
            let way = orders::delivery_time(id).unwrap();
            assert_ne!(when(way, Language::German), way, "{id}");
            assert_eq!(when(way, Language::English), way);
        }
    }

    #[test]
    fn every_country_has_a_german_name() {
        for country in orders::countries() {
            let entity = agents::petstore().entity_type("country").unwrap();
            let known = entity.entries_in("de").iter().any(|entry| entry.value == country.name);
            assert!(known, "{}", country.name);
        }
        assert_eq!(country_name("Germany", Language::German), "Deutschland");
        assert_eq!(country_name("Atlantis", Language::German), "Atlantis");
    }

    #[test]
    fn paths_show_the_same_in_the_shop() {
        let wish = Wish { words: "dog bed".into(), category: "dogs".into(), min: None, max: Some(5000) };
        assert_eq!(wish.path(), "/?q=dog+bed&category=dogs&max=50");
        let odd = Wish { words: "a&b#c".into(), ..Wish::default() };
        assert_eq!(odd.path(), "/?q=a%26b%23c");
        assert_eq!(Wish::default().path(), "/");
    }
}
