//! How it can be paid.

use super::{Asked, rich};
use crate::bot::dialogflow::webhook::WebhookResponse;

/// The ways to pay that the shop offers.
pub fn methods(asked: &Asked) -> WebhookResponse {
    let language = asked.language;
    let offered = asked.server.orders.payments().wire();
    let lines: Vec<String> =
        offered.iter().map(|payment| format!("{}: {}", payment.name, payment.hint)).collect();
    let lead = language.pick("You can pay like this:", "So können Sie zahlen:");
    let text = format!("{lead}\n\n{}", lines.join("\n"));
    let checkout = asked.link("/checkout");
    let chips = language.pick(
        [("To the checkout", checkout.as_str()), ("What does delivery cost?", "")],
        [("Zur Kasse", checkout.as_str()), ("Was kostet der Versand?", "")],
    );
    WebhookResponse {
        fulfillment_messages: vec![rich::text(&text), rich::chips(&chips)],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    }
}
