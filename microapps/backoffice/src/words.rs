//! What things are called.

use crate::el;
use contract::shop::{
    operator::PaymentStatus,
    order::{OrderStatus, PaymentMethod},
};
use microapp::element::El;

/// What to call where an order stands, and how to paint it.
pub fn status(status: OrderStatus) -> (&'static str, &'static str) {
    match status {
        OrderStatus::PaymentPending => ("Waits for payment", "warn"),
        OrderStatus::Placed => ("To send, paid on delivery", ""),
        OrderStatus::Paid => ("Paid, to send", ""),
        OrderStatus::Shipped => ("Sent", "good"),
        OrderStatus::Cancelled => ("Cancelled", "bad"),
    }
}

/// Where an order stands, painted.
pub fn badge(of: OrderStatus) -> El {
    let (text, kind) = status(of);
    let badge = el("span").class("badge").attr("data-test", "status").text(text);
    if kind.is_empty() { badge } else { badge.class(kind) }
}

/// What to call a way of payment.
pub fn method(method: PaymentMethod) -> &'static str {
    match method {
        PaymentMethod::OnDelivery => "On delivery",
        PaymentMethod::TestCard => "Test card",
        PaymentMethod::Stripe => "Stripe",
    }
}

/// What to call how a payment stands.
pub fn payment(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Open => "Begun, not paid yet",
        PaymentStatus::Paid => "Paid",
        PaymentStatus::Ended => "Not paid, and ended",
    }
}

/// What the log calls a status.
pub fn logged(status: &str) -> &str {
    match status {
        "payment_pending" => "waits for payment",
        "placed" => "paid on delivery",
        "shipped" => "sent",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::logged;

    #[test]
    fn the_log_in_words() {
        for (kept, said) in [("shipped", "sent"), ("paid", "paid"), ("5", "5")] {
            assert_eq!(logged(kept), said);
        }
    }
}
