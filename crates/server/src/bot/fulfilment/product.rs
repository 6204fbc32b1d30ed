//! One of the products that were found: “the second one”, “into the cart with it”.

use super::{Asked, rich, wish::Wish};
use crate::{
    bot::dialogflow::webhook::{SessionEntity, SessionEntityType, WebhookResponse},
    http::problem::Failure,
};
use contract::shop::catalogue::{Product, Variant};
use serde_json::{Value, json};

/// More than this is not put into the cart at once.
const MOST_PIECES: usize = 20;
/// More kinds than this are not named; they can be said all the same.
const MOST_CHIPS: usize = 8;

/// The product of what was found that somebody means: “the second one”; without a number the first.
fn meant(asked: &Asked) -> Option<i64> {
    let products = asked.context("found")?.get("products")?.as_array()?;
    let at = asked.count("which").unwrap_or(1).saturating_sub(1);
    products.get(at)?.as_f64().map(|id| id as i64)
}

fn which_one(asked: &Asked) -> WebhookResponse {
    let text = asked.language.pick(
        "Which one do you mean? Say “the first one”, or look for something first.",
        "Welches Produkt meinen Sie? Sagen Sie „das erste“, oder suchen Sie erst etwas.",
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
        format!("{}: {}", option.label, values.join(", "))
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
    let (wish, found, _) = Wish::kept(asked).unwrap_or_default();
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
        // From now on "it" is this one, and what is cheaper is so than this one.
        output_contexts: vec![asked.new_context("found", 5, wish.parameters(&found, &[id], lowest))],
        ..WebhookResponse::default()
    })
}

/// Puts a product into the cart: the surface does it, by the command of the cart; elsewhere it links there.
pub async fn add_to_cart(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let Some(id) = meant(asked) else { return Ok(which_one(asked)) };
    take(asked, id, asked.count("quantity").unwrap_or(1), Vec::new()).await
}

/// One more word on the kind that somebody wants: “the small one”, after it was asked.
pub async fn choose_kind(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let Some(known) = asked.context(KIND) else { return Ok(which_one(asked)) };
    let number = |name: &str| known.get(name).and_then(Value::as_f64);
    let Some(id) = number("product") else { return Ok(which_one(asked)) };
    let named = words(asked.request.query_result.parameters.get("kind"));
    let offered = words(known.get("offered"));
    let agrees = !offered.is_empty() && is_yes(&asked.request.query_result.query_text, &offered);
    let mut said = if agrees { offered } else { words(known.get("said")) };
    said.extend(named);
    take(asked, id as i64, number("quantity").map_or(1, |quantity| quantity as usize), said).await
}

/// The context in which a kind is asked for, and the entity type of what can be said then.
const KIND: &str = "kind";

/// Whether a sentence is a yes to what is offered, and nothing else: not “yes, but in red”.
fn is_yes(sentence: &str, offered: &[String]) -> bool {
    const YES: [&str; 8] = ["yes", "yeah", "sure", "ok", "okay", "ja", "gern", "gerne"];
    const BESIDE: [&str; 10] =
        ["please", "thanks", "the", "that", "one", "bitte", "danke", "das", "die", "den"];
    let list = |text: &str| -> Vec<String> {
        let small = text.to_lowercase();
        let words = small.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    };
    let offered = list(&offered.join(" "));
    let said = list(sentence);
    let is_beside = |word: &String| {
        YES.contains(&word.as_str()) || BESIDE.contains(&word.as_str()) || offered.contains(word)
    };
    said.first().is_some_and(|first| YES.contains(&first.as_str())) && said.iter().all(is_beside)
}

/// Texts of a list, or the one text.
fn words(value: Option<&Value>) -> Vec<String> {
    let list = value
        .and_then(Value::as_array)
        .map_or_else(|| value.into_iter().collect(), |list| list.iter().collect::<Vec<_>>());
    list.into_iter().filter_map(Value::as_str).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Takes the one kind that has all values that were said, else asks for the next. A kind that nobody named is never taken, not
/// even where it is the last.
async fn take(
    asked: &Asked<'_>,
    id: i64,
    quantity: usize,
    said: Vec<String>,
) -> Result<WebhookResponse, Failure> {
    let Some(product) = asked.server.catalogue.product(id).await? else { return Ok(which_one(asked)) };
    if !(1..=MOST_PIECES).contains(&quantity) {
        return Ok(another_number(asked, &product));
    }
    let pieces = i64::try_from(quantity).unwrap_or(i64::MAX);
    let buyable: Vec<&Variant> = product.variants.iter().filter(|variant| variant.stock >= pieces).collect();
    // Who says what there is not is asked again from the beginning.
    let exists = buyable.iter().any(|variant| has_all(variant, &said));
    let said = if exists { said } else { Vec::new() };
    let kinds: Vec<&Variant> = buyable.into_iter().filter(|variant| has_all(variant, &said)).collect();
    let is_named = product.variants.iter().filter(|variant| has_all(variant, &said)).count() == 1;
    Ok(match kinds.as_slice() {
        [] => sold_out(asked, &product),
        [only] if is_named => taken(asked, &product, only, quantity),
        several => ask_kind(asked, &product, several, quantity, &said),
    })
}

fn has_all(variant: &Variant, said: &[String]) -> bool {
    said.iter().all(|word| variant.values.iter().any(|value| value.to_lowercase() == word.to_lowercase()))
}

fn taken(asked: &Asked, product: &Product, variant: &Variant, quantity: usize) -> WebhookResponse {
    let kind =
        if product.variants.len() > 1 { format!(" ({})", variant.values.join(", ")) } else { String::new() };
    let what = format!("{quantity} × {}{kind}", product.title);
    let open = asked.link(&format!("/product/{}", product.id));
    if !asked.runs_commands() {
        let text = asked.language.pick(
            format!("{what}: on its page, one click puts it into the cart."),
            format!("{what}: Auf der Seite legt es ein Klick in den Warenkorb."),
        );
        return leading_on(asked, product, text, Some(json!({ "open": open })));
    }
    let text = asked
        .language
        .pick(format!("Into the cart with it: {what}."), format!("Ab in den Warenkorb: {what}."));
    let command =
        json!({ "name": "cart.add", "payload": { "variant_id": variant.id, "quantity": quantity } });
    leading_on(asked, product, text, Some(json!({ "command": command, "open": open })))
}

fn another_number(asked: &Asked, product: &Product) -> WebhookResponse {
    let text = asked.language.pick(
        format!("I put 1 to {MOST_PIECES} pieces into the cart at once. Other numbers are for the product's page."),
        format!("Ich lege 1 bis {MOST_PIECES} Stück auf einmal in den Warenkorb. Andere Mengen gehen auf der Produktseite."),
    );
    leading_on(asked, product, text, None)
}

fn sold_out(asked: &Asked, product: &Product) -> WebhookResponse {
    let text = asked.language.pick(
        format!("There are not enough of {} left just now.", product.title),
        format!("Von {} sind gerade nicht genug da.", product.title),
    );
    leading_on(asked, product, text, None)
}

/// The end of the question for a kind: what was done, and where to go on.
fn leading_on(asked: &Asked, product: &Product, text: String, payload: Option<Value>) -> WebhookResponse {
    let language = asked.language;
    let link = asked.link(&format!("/product/{}", product.id));
    let open = language.pick("Open its page", "Seite öffnen");
    let cart = language.pick("Open the cart", "Warenkorb öffnen");
    let mut rich = json!({ "richContent": [[rich::button(open, &link)]] });
    if let Some(payload) = payload {
        rich["menagerie"] = payload;
    }
    WebhookResponse {
        fulfillment_messages: vec![
            rich::text(&text),
            json!({ "payload": rich }),
            rich::chips(&[(cart, &asked.link("/cart"))]),
        ],
        fulfillment_text: text,
        source: "shop".to_owned(),
        output_contexts: vec![asked.new_context(KIND, 0, json!({}))],
        ..WebhookResponse::default()
    }
}

/// Asks for the first option in which the kinds differ, or whether the only one will do. What can be said is an entity type of
/// this session.
fn ask_kind(
    asked: &Asked,
    product: &Product,
    kinds: &[&Variant],
    quantity: usize,
    said: &[String],
) -> WebhookResponse {
    let title = &product.title;
    let mut values: Vec<String> = Vec::new();
    // What a yes names.
    let mut offered: &[String] = &[];
    let text = if let [only] = kinds {
        offered = &only.values;
        let kind = only.values.join(", ");
        let text = asked.language.pick(
            format!("{quantity} × {title}: just now only in {kind}. Shall it be that?"),
            format!("{quantity} × {title}: gerade nur in {kind}. Darf es das sein?"),
        );
        values.push(kind);
        text
    } else {
        let differs = |at: &usize| {
            let value = |variant: &Variant| variant.values.get(*at).cloned();
            kinds.windows(2).any(|pair| value(pair[0]) != value(pair[1]))
        };
        let at = (0..product.options.len()).find(differs).unwrap_or(0);
        for value in kinds.iter().filter_map(|variant| variant.values.get(at)) {
            if !values.contains(value) {
                values.push(value.clone());
            }
        }
        values.truncate(MOST_CHIPS);
        let name = product.options.get(at).map_or("", |option| option.label.as_str());
        let listed = values.join(", ");
        asked.language.pick(
            format!("{title} comes in several kinds. {name}: which one? {listed}."),
            format!("{title} gibt es in mehreren Ausführungen. {name}: Was darf es sein? {listed}."),
        )
    };
    let link = asked.link(&format!("/product/{}", product.id));
    let look = asked.language.pick("Look at them first", "Erst ansehen");
    let mut chips: Vec<(&str, &str)> = values.iter().map(|value| (value.as_str(), "")).collect();
    chips.push((look, &link));
    let all = product.options.iter().flat_map(|option| &option.values).map(|value| value.value.as_str());
    WebhookResponse {
        fulfillment_messages: vec![rich::text(&text), rich::chips(&chips)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        output_contexts: vec![asked.new_context(
            KIND,
            3,
            json!({ "product": product.id, "quantity": quantity, "said": said, "offered": offered }),
        )],
        session_entity_types: vec![SessionEntityType {
            name: format!("{}/entityTypes/{KIND}", asked.request.session),
            entity_override_mode: json!("ENTITY_OVERRIDE_MODE_OVERRIDE"),
            entities: all
                .map(|value| SessionEntity { value: value.to_owned(), synonyms: spoken(value) })
                .collect(),
        }],
        ..WebhookResponse::default()
    }
}

/// How a value is said: `S, 12 cm`, `S`, small.
fn spoken(value: &str) -> Vec<String> {
    let short = value.split(',').next().unwrap_or(value).trim();
    let words: &[&str] = match short {
        "XS" => &["extra small"],
        "S" => &["small", "klein", "kleine"],
        "M" => &["medium", "mittel", "mittlere"],
        "L" => &["large", "big", "groß", "große"],
        "XL" => &["extra large", "sehr groß"],
        _ => &[],
    };
    [value, short].into_iter().chain(words.iter().copied()).map(str::to_owned).collect()
}
