//! Checkout and orders.

use super::{
    cart::{Coupon, LineItem, Totals},
    money::Money,
};
use crate::record;
use serde::{Deserialize, Serialize};

/// What can be chosen at checkout. `GET /checkout/options`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CheckoutOptions {
    /// Countries that we deliver to.
    pub countries: Vec<Country>,
    /// Ways of delivery.
    pub deliveries: Vec<Delivery>,
    /// Ways of payment.
    pub payments: Vec<Payment>,
}

/// A country that we deliver to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub code: String,
    /// Its name.
    pub name: String,
}

/// A way of delivery.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delivery {
    /// `standard`, `express`.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// When it arrives: `2 to 4 working days`.
    pub when: String,
    /// What it costs for the cart as it is.
    pub price: Money,
}

impl Delivery {
    /// `Parcel, 2 to 4 working days`; its name alone where nothing is said of when.
    pub fn line(&self) -> String {
        let comma = if self.when.is_empty() { "" } else { ", " };
        [&*self.name, comma, &self.when].concat()
    }
}

/// A way of payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Payment {
    /// Which.
    pub method: PaymentMethod,
    /// Its name for people.
    pub name: String,
    /// One sentence about it.
    pub hint: String,
}

/// How an order is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentMethod {
    /// In cash or by card, to whoever brings the parcel.
    OnDelivery,
    /// A card that is none: 4242 4242 4242 4242 is approved, 4000 0000 0000 0002 declined.
    TestCard,
    /// At Stripe's page.
    Stripe,
}

/// Where an order goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Address {
    /// Who receives it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Street and number.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 200))]
    pub street: String,
    /// Floor, care of; may be empty.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub extra: String,
    /// Postal code, as the country writes it; may be empty where not all addresses have one.
    #[cfg_attr(feature = "openapi", schema(max_length = 20))]
    pub postcode: String,
    /// Town.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub city: String,
    /// State or county, where addresses have one.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub region: String,
    /// ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{2}$"))]
    pub country: String,
}

/// What the cart would cost, delivered. `POST /checkout/quote`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct QuoteRequest {
    /// A delivery's id.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9-]{1,32}$"))]
    pub delivery: String,
    /// ISO 3166-1 alpha-2.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[A-Z]{2}$"))]
    pub country: String,
}

/// Orders the cart. `POST /orders` with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlaceOrder {
    /// Where to write to about the order.
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: String,
    /// Where it goes.
    pub address: Address,
    /// A delivery's id.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z0-9-]{1,32}$"))]
    pub delivery: String,
    /// How it is paid.
    pub payment: PaymentMethod,
    /// The total that the shopper agreed to, in minor units; another total is refused with E405.
    pub expected_total: i64,
    /// The lines that the shopper agreed to, in the order of the cart; others are refused with E405. Without them the
    /// total alone counts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected_lines: Vec<ExpectedLine>,
}

/// A line that a shopper agreed to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ExpectedLine {
    /// The variant.
    pub variant_id: i64,
    /// How many of it.
    pub quantity: i64,
}

/// Pays a pending order. `POST /orders/{key}/payment` with an `Idempotency-Key`. The answer is the order: paid, or with
/// the address where the shopper goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PayOrder {
    /// The test card's: digits, blanks allowed. Never stored. Empty for other ways of payment.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 40))]
    pub card_number: String,
}

/// An order. `GET /orders/{key}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Order {
    /// Long and random: whoever has it may see the order.
    pub key: String,
    /// For people: `M-10042`.
    pub number: String,
    /// Where it stands.
    pub status: OrderStatus,
    /// How it is paid.
    pub payment: PaymentMethod,
    /// Where the shopper goes on to pay; only in the answer to paying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_at: Option<String>,
    /// Until when it waits for its payment, RFC 3339, UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_until: Option<String>,
    /// The shopper has paid in a way whose money takes days; it may still fail.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub payment_underway: bool,
    /// What was paid goes back the way it came, or went.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refunded: bool,
    /// When it was placed, RFC 3339, UTC.
    pub placed_at: String,
    /// Where we write to about it.
    pub email: String,
    /// Where it goes.
    pub address: Address,
    /// The name of the address's country.
    #[serde(default)]
    pub country_name: String,
    /// How it gets there.
    pub delivery: Delivery,
    /// What was bought, at the prices of then.
    pub lines: Vec<LineItem>,
    /// The coupon that was used.
    pub coupon: Option<Coupon>,
    /// What it cost.
    pub totals: Totals,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum OrderStatus {
    /// Stock is taken; payment is awaited, until `pay_until`.
    PaymentPending,
    /// Stock is taken; paid on delivery.
    Placed,
    /// Paid.
    Paid,
    /// On its way.
    Shipped,
    /// Given up; the stock is back.
    Cancelled,
}

record!(CheckoutOptions { countries, deliveries, payments });
record!(Country { code, name });
record!(Delivery { id, name, when, price });
record!(Payment { method, name, hint });
record!(
    enum PaymentMethod {
        OnDelivery = "on_delivery",
        TestCard = "test_card",
        Stripe = "stripe",
    }
);
record!(Address { name, street, postcode, city, country } or_default { extra, region });
record!(PlaceOrder { email, address, delivery, payment, expected_total } or_default { expected_lines });
record!(ExpectedLine { variant_id, quantity });
record!(Order {
    key, number, status, payment, pay_at, pay_until, placed_at, email, address, delivery, lines, coupon, totals,
} or_default { country_name, payment_underway, refunded });
record!(
    enum OrderStatus {
        PaymentPending = "payment_pending",
        Placed = "placed",
        Paid = "paid",
        Shipped = "shipped",
        Cancelled = "cancelled",
    }
);

#[cfg(target_family = "wasm")]
crate::read_as_records!(
    CheckoutOptions,
    Country,
    Delivery,
    Payment,
    PaymentMethod,
    Address,
    PlaceOrder,
    ExpectedLine,
    Order,
    OrderStatus,
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_of_delivery_in_a_line() {
        let line = |when: &str| {
            let price = Money { amount: 500, currency: "EUR".into() };
            Delivery { id: "parcel".into(), name: "Parcel".into(), when: when.into(), price }.line()
        };
        assert_eq!(
            (line("2 to 4 working days"), line("")),
            ("Parcel, 2 to 4 working days".into(), "Parcel".into())
        );
    }
}
