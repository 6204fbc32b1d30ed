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
            "Those were a lot of tries in a short time. Please wait a few minutes.",
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
    let number = &order.number;
    let text = match order.status {
        OrderStatus::PaymentPending if order.payment_underway => language.pick(
            format!("{number} is paid, and the money is on its way; that takes a few days. As soon as it is here, we pack."),
            format!("{number} ist bezahlt, und das Geld ist unterwegs; das dauert ein paar Tage. Sobald es da ist, packen wir."),
        ),
        OrderStatus::PaymentPending => language.pick(
            format!("{number} is waiting for its payment. As soon as that is here, we pack."),
            format!("{number} wartet auf die Zahlung. Sobald sie da ist, packen wir."),
        ),
        OrderStatus::Placed | OrderStatus::Paid => {
            let packed = language.pick(
                format!("{number} is being packed, with love and a little straw."),
                format!("{number} wird gerade gepackt, mit Liebe und etwas Stroh."),
            );
            match order.delivery.when.as_str() {
                "" => packed,
                when => format!("{packed} {}: {when}.", language.pick("Delivery", "Lieferung")),
            }
        }
        OrderStatus::Shipped if order.refunded => language.pick(
            format!("{number} was sent, and your money goes back to you the way it came, within a few days."),
            format!("{number} war verschickt, und Ihr Geld kommt in den nächsten Tagen auf demselben Weg zurück."),
        ),
        OrderStatus::Shipped => language.pick(
            format!("{number} is on its way to you. Listen for the doorbell! If it is marked as delivered and is not there, ask your neighbours, then write to us."),
            format!("{number} ist unterwegs zu Ihnen. Achten Sie auf die Klingel! Steht es als zugestellt da und ist nicht da, fragen Sie die Nachbarn und dann uns."),
        ),
        OrderStatus::Cancelled => language.pick(
            format!("{number} was cancelled. Nothing will be sent, and what was paid comes back the way it came, within a few days."),
            format!("{number} wurde storniert. Es wird nichts verschickt, und was bezahlt war, kommt in den nächsten Tagen auf demselben Weg zurück."),
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
