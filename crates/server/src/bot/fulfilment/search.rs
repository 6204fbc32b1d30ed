//! “Dog beds under 50 dollars”, and cheaper ones.

use super::{Asked, rich, wish::Wish};
use crate::{bot::dialogflow::webhook::WebhookResponse, http::problem::Failure, pricing::Minor};
use contract::shop::catalogue::{ProductPage, ProductSummary, Sort};
use serde_json::{Value, json};

/// How many products one answer shows.
const SHOWN: i64 = 4;
/// How a search went.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    /// As wished.
    Wished,
    /// Only at other prices.
    OtherPrices,
}

/// The first of a wish's variants that finds something, with what it finds.
async fn search(asked: &Asked<'_>, wish: &Wish, sort: Sort) -> Result<Option<(Wish, ProductPage)>, Failure> {
    for variant in wish.variants() {
        let page = asked.server.catalogue.search(&variant.query(sort), 1, SHOWN).await?;
        if !page.items.is_empty() {
            return Ok(Some((variant, page)));
        }
    }
    Ok(None)
}

/// Looks for products.
pub async fn find(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    look_for(asked, Wish::of(asked)).await
}

/// Looks for what was looked for before, with what is said now: “and for cats?”, “under 30”.
pub async fn refine(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let (before, ..) = Wish::kept(asked).unwrap_or_default();
    look_for(asked, Wish::of(asked).after(before)).await
}

async fn look_for(asked: &Asked<'_>, wish: Wish) -> Result<WebhookResponse, Failure> {
    if wish.words.is_empty() && wish.category.is_empty() && wish.max.is_none() && wish.min.is_none() {
        return Ok(ask_what(asked));
    }
    let sort = if wish.max.is_some() { Sort::PriceDesc } else { Sort::Relevance };
    let limit = wish.max.or(wish.min);
    // What is for cats is shown at other prices sooner than what is for dogs.
    for wanted in [Some(wish.clone()), wish.for_whomever()].into_iter().flatten() {
        let others = limit.map(|_| (Found::OtherPrices, wanted.at_any_price(), Sort::PriceAsc));
        for (how, wanted, sort) in [(Found::Wished, wanted, sort)].into_iter().chain(others) {
            if let Some((found, page)) = search(asked, &wanted, sort).await? {
                return Ok(shelf(asked, [&wish, &found], &page, how, limit));
            }
        }
    }
    Ok(nothing(asked, &wish))
}

/// What others like.
pub async fn bestsellers(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let category = asked.text("category").to_owned();
    let best = Wish { words: "bestseller".to_owned(), category: category.clone(), ..Wish::default() };
    let page = asked.server.catalogue.search(&best.query(Sort::Relevance), 1, SHOWN).await?;
    if !page.items.is_empty() {
        return Ok(shelf(asked, [&best; 2], &page, Found::Wished, None));
    }
    let any = Wish { category, ..Wish::default() };
    let page = asked.server.catalogue.search(&any.query(Sort::Relevance), 1, SHOWN).await?;
    if page.items.is_empty() {
        return Ok(nothing(asked, &any));
    }
    Ok(shelf(asked, [&any; 2], &page, Found::Wished, None))
}

/// The same for less.
pub async fn cheaper(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let Some((wish, found, lowest)) = Wish::kept(asked) else { return Ok(ask_what(asked)) };
    let below = Wish { min: None, max: Some(lowest - 1), ..found };
    let page = asked.server.catalogue.search(&below.query(Sort::PriceDesc), 1, SHOWN).await?;
    if lowest > 0 && !page.items.is_empty() {
        return Ok(shelf(asked, [&wish, &below], &page, Found::Wished, None));
    }
    let text = asked.language.pick("Those were the cheapest already.", "Das waren schon die günstigsten.");
    Ok(WebhookResponse {
        fulfillment_text: text.to_owned(),
        fulfillment_messages: vec![rich::text(text)],
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    })
}

fn ask_what(asked: &Asked) -> WebhookResponse {
    let text = asked.language.pick(
        "Gladly! What are you looking for, and for which pet? “A bed for my dog”, say.",
        "Gern! Was suchen Sie, und für welches Tier? Zum Beispiel „ein Bett für meinen Hund“.",
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
        "I sniffed at every shelf and found nothing like it. Try other words, or have a look round the shop.",
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

/// Shows products: what was wished, and what of it found them.
fn shelf(
    asked: &Asked,
    [wish, searched]: [&Wish; 2],
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
            // “Nothing up to €5.00”, “nothing from €50.00 on”; of two limits the upper one is said.
            let (english, german) = match wish.max {
                Some(_) => (format!("Nothing up to {limit}"), format!("Bis {limit}")),
                None => (format!("Nothing from {limit} on"), format!("Ab {limit}")),
            };
            language.pick(
                format!("{english}, I am afraid, but this is what there is:"),
                format!("{german} habe ich leider nichts, aber das hier gibt es:"),
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
    let link = asked.link(&searched.path());
    let numbers: Vec<i64> = page.items.iter().map(|product| product.id).collect();
    let lowest = page.items.iter().map(|product| product.price.amount).min().unwrap_or(0);
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
        output_contexts: vec![asked.new_context("found", 5, wish.parameters(searched, &numbers, lowest))],
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
