//! One of the products that were found: “the second one”, “into the cart with it”.

use super::{Asked, rich};
use crate::{bot::dialogflow::webhook::WebhookResponse, http::problem::Failure};
use serde_json::json;

/// More than this is not put into the cart at once.
const MOST_PIECES: usize = 20;

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
