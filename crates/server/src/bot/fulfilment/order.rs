//! “Where is my order?” Only for those who know its number and the address that it was ordered with.

use super::{Asked, rich};
use crate::{bot::dialogflow::webhook::WebhookResponse, http::problem::Failure};
use contract::shop::order::OrderStatus;

/// Says where an order stands.
pub async fn status(asked: &Asked<'_>) -> Result<WebhookResponse, Failure> {
    let (number, email) = (asked.text("number"), asked.text("email"));
    let digits: String = number.chars().filter(char::is_ascii_digit).collect();
    let language = asked.language;
    if asked.server.bot.look_up(email).is_err() {
        let text = language.pick(
            "That was asked very often just now. Please try again in a few minutes.",
            "Das wurde eben sehr oft gefragt. Bitte versuchen Sie es in ein paar Minuten noch einmal.",
        );
        return Ok(WebhookResponse {
            fulfillment_messages: vec![rich::text(text)],
            fulfillment_text: text.to_owned(),
            source: "shop".to_owned(),
            ..WebhookResponse::default()
        });
    }
    let found = asked.server.orders.standing(&digits, email).await?;
    let Some(order) = found else {
        // The same answer for a wrong number and a wrong address: nobody finds out which orders there are.
        let text = language.pick(
            format!("I find no order {number} with this e-mail address. Please check both in the confirmation, or ask our people."),
            format!("Ich finde keine Bestellung {number} mit dieser E-Mail-Adresse. Bitte prüfen Sie beides in der Bestätigung, oder fragen Sie unsere Leute."),
        );
        let form = language.pick("Contact form", "Kontaktformular");
        return Ok(WebhookResponse {
            fulfillment_messages: vec![rich::text(&text), rich::chips(&[(form, &asked.link("/contact"))])],
            fulfillment_text: text,
            source: "shop".to_owned(),
            ..WebhookResponse::default()
        });
    };
    let when = super::delivery::when(&order.delivery.when, language);
    let number = &order.number;
    let text = match order.status {
        OrderStatus::PaymentPending => language.pick(
            format!("{number} is waiting for its payment. As soon as that is here, we pack."),
            format!("{number} wartet auf die Zahlung. Sobald sie da ist, packen wir."),
        ),
        OrderStatus::Placed | OrderStatus::Paid => language.pick(
            format!("{number} is being packed, with love and a little straw. Delivery: {when}."),
            format!("{number} wird gerade gepackt, mit Liebe und etwas Stroh. Lieferung: {when}."),
        ),
        OrderStatus::Shipped => language.pick(
            format!("{number} is on its way to you. Listen for the doorbell!"),
            format!("{number} ist unterwegs zu Ihnen. Achten Sie auf die Klingel!"),
        ),
        OrderStatus::Cancelled => language.pick(
            format!("{number} was cancelled; nothing will be charged."),
            format!("{number} wurde storniert; es wird nichts berechnet."),
        ),
    };
    let pieces: i64 = order.lines.iter().map(|line| line.quantity).sum();
    let day = language.day(&order.placed_at).unwrap_or_default();
    let noun = if pieces == 1 { "piece" } else { "pieces" };
    let subtitle = language
        .pick(format!("{pieces} {noun}, ordered on {day}"), format!("{pieces} Stück, bestellt am {day}"));
    Ok(WebhookResponse {
        fulfillment_messages: vec![
            rich::text(&text),
            rich::rich(vec![vec![rich::info(number, &subtitle, None, "")]]),
        ],
        fulfillment_text: text,
        source: "shop".to_owned(),
        ..WebhookResponse::default()
    })
}
