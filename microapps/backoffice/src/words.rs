//! What things are called.

use crate::el;
use contract::{
    route::encode,
    shop::{
        operator::PaymentStatus,
        order::{Order, OrderStatus, PaymentMethod},
    },
};
use microapp::{element::El, t};

/// What to call where an order stands, and how to paint it.
pub fn status(status: OrderStatus) -> (String, &'static str) {
    match status {
        OrderStatus::PaymentPending => (t("Waits for payment"), "warn"),
        OrderStatus::Placed => (t("To send, paid on delivery"), ""),
        OrderStatus::Paid => (t("Paid, to send"), ""),
        OrderStatus::Shipped => (t("Sent"), "good"),
        OrderStatus::Cancelled => (t("Cancelled"), "bad"),
    }
}

/// The same of an order, whose money may be on its way.
pub fn standing(order: &Order) -> (String, &'static str) {
    match order.payment_underway {
        true => (underway(), ""),
        false => status(order.status),
    }
}

fn underway() -> String {
    t("Payment on its way")
}

/// Where an order stands, painted.
pub fn badge(order: &Order) -> El {
    let (text, kind) = standing(order);
    let badge = el("span").class("badge").attr("data-test", "status").text(&text);
    if kind.is_empty() { badge } else { badge.class(kind) }
}

/// What to call a way of payment.
pub fn method(method: PaymentMethod) -> String {
    match method {
        PaymentMethod::OnDelivery => t("On delivery"),
        PaymentMethod::TestCard => t("Test card"),
        PaymentMethod::Stripe => "Stripe".to_owned(),
    }
}

/// What to call how the payment of an order stands.
pub fn payment(order: &Order, status: PaymentStatus) -> String {
    match status {
        PaymentStatus::Open if order.payment_underway => underway(),
        PaymentStatus::Open => t("Begun, not paid yet"),
        PaymentStatus::Paid => t("Paid"),
        PaymentStatus::Ended => t("Not paid, and ended"),
    }
}

/// The link to write to an address. Whoever typed that decides nothing else of the mail: not who gets a copy, not what it says.
pub fn mailto(address: &str, subject: &str) -> String {
    let address: Vec<String> = address.split('@').map(encode).collect();
    ["mailto:", &address.join("@"), "?subject=", &encode(subject)].concat()
}

/// Whether whoever ordered has deleted their account, and what was known of them is gone with it.
pub fn has_left(order: &Order) -> bool {
    order.email.is_empty()
}

/// What to call them then.
pub fn gone() -> String {
    t("The person has left")
}

/// What the log calls a status.
pub fn logged(status: &str) -> String {
    match status {
        "payment_pending" => t("waits for payment"),
        "placed" => t("paid on delivery"),
        "shipped" => t("sent"),
        "paid" => t("paid"),
        "cancelled" => t("cancelled"),
        "refunded" => t("refunded"),
        "open" => t("open"),
        "answered" => t("answered"),
        "shown" => t("shown"),
        "hidden" => t("hidden"),
        "valid" => t("valid"),
        "revoked" => t("revoked"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
pub mod tests {
    use super::{Order, OrderStatus, PaymentMethod, PaymentStatus, logged, mailto, payment, standing};
    use contract::shop::{
        cart::Totals,
        money::Money,
        order::{Address, Delivery},
    };

    /// An order that stands so.
    pub fn order(status: OrderStatus, payment_underway: bool) -> Order {
        let money = Money::default;
        Order {
            key: String::new(),
            number: "M-10042".to_owned(),
            status,
            payment: PaymentMethod::Stripe,
            pay_at: None,
            pay_until: None,
            payment_underway,
            refunded: false,
            placed_at: String::new(),
            email: "ada@example.org".to_owned(),
            address: Address::default(),
            country_name: String::new(),
            delivery: Delivery {
                id: String::new(),
                name: String::new(),
                when: String::new(),
                price: money(),
            },
            lines: Vec::new(),
            coupon: None,
            totals: Totals {
                lines: money(),
                discount: money(),
                delivery: None,
                tax_included: money(),
                tax_added: money(),
                total: money(),
            },
        }
    }

    #[test]
    fn money_that_takes_days_is_on_its_way() {
        for (underway, stands, pays) in [
            (false, ("Waits for payment", "warn"), "Begun, not paid yet"),
            (true, ("Payment on its way", ""), "Payment on its way"),
        ] {
            let order = order(OrderStatus::PaymentPending, underway);
            let (text, kind) = standing(&order);
            assert_eq!((&*text, kind), stands);
            assert_eq!(payment(&order, PaymentStatus::Open), pays);
            assert_eq!(payment(&order, PaymentStatus::Ended), "Not paid, and ended");
        }
    }

    #[test]
    fn an_address_in_a_link_is_nothing_but_an_address() {
        for (address, expected) in [
            ("ada@example.org", "mailto:ada@example.org?subject=Order%20M-1"),
            ("a+b@example.org", "mailto:a%2Bb@example.org?subject=Order%20M-1"),
            (
                "boss%40corp.example?bcc=spy%40evil.example&x=@evil.example",
                "mailto:boss%2540corp.example%3Fbcc%3Dspy%2540evil.example%26x%3D@evil.example?subject=Order%20M-1",
            ),
        ] {
            assert_eq!(mailto(address, "Order M-1"), expected);
        }
    }

    #[test]
    fn the_log_in_words() {
        for (kept, said) in [("shipped", "sent"), ("paid", "paid"), ("5", "5"), ("revoked", "revoked")] {
            assert_eq!(logged(kept), said);
        }
    }
}
