//! What operators see and change: with a bearer token, never with a cookie.

use super::order::{Order, OrderStatus};
use crate::record;
use serde::{Deserialize, Serialize};

/// Moves an order on. `PUT /operator/orders/{number}/status`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MoveOrder {
    /// `shipped` or `cancelled`.
    pub status: OrderStatus,
}

/// An order with all that is known of it. `GET /operator/orders/{number}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderFile {
    /// The order.
    pub order: Order,
    /// Its payment, where one was begun with a provider.
    pub payment: Option<PaymentFile>,
    /// Money that goes back to whoever ordered.
    pub refunds: Vec<Refund>,
    /// What operators did with it, the newest first.
    pub history: Vec<AuditEntry>,
}

/// A payment as its provider knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PaymentFile {
    /// The provider's name for it.
    pub reference: String,
    /// How it stands.
    pub status: PaymentStatus,
    /// When it was paid; of one that is not, when it was begun or last asked after. RFC 3339, UTC.
    pub at: String,
}

/// How a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum PaymentStatus {
    /// Begun; it may still come.
    Open,
    /// The money is here, or was.
    Paid,
    /// It will not come.
    Ended,
}

/// Money that goes back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Refund {
    /// The provider's name for the payment.
    pub reference: String,
    /// Whether the provider has given it back; before that it is asked again and again.
    pub done: bool,
}

/// The stock of a variant. `GET /operator/stock`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct StockItem {
    /// The variant.
    pub variant_id: i64,
    /// Its product.
    pub product_id: i64,
    /// Stock keeping unit.
    pub sku: String,
    /// The product's name.
    pub title: String,
    /// The variant's values: `Navy, M`.
    pub options: String,
    /// How many there are.
    pub stock: i64,
}

/// Sets the stock of a variant. `PUT /operator/stock/{variant_id}`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SetStock {
    /// How many there are now, from 0.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 1000000000))]
    pub stock: i64,
    /// What it was when the operator looked; another one is refused, so that no sale in between is lost.
    pub expected: i64,
}

/// A message of the contact form. `GET /operator/messages`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Message {
    /// For people: `C-7F3K2Q`.
    pub reference: String,
    /// When it came, RFC 3339, UTC.
    pub at: String,
    /// Who writes.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// `order`, `product`, `returns`, `other`.
    pub topic: String,
    /// What they write.
    pub message: String,
    /// Whether somebody has answered.
    pub answered: bool,
}

/// Marks a message. `PUT /operator/messages/{reference}`
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MarkMessage {
    /// Whether somebody has answered.
    pub answered: bool,
}

/// Something that an operator did. `GET /operator/audit`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// Rises with every entry.
    pub id: i64,
    /// When, RFC 3339, UTC.
    pub at: String,
    /// Whose token.
    pub who: String,
    /// `order`, `refund`, `stock`, `message`, `review`, `token`, `catalogue`.
    pub kind: String,
    /// An order's number, a variant's, a review's, a token's id, a message's reference; '' for the catalogue.
    pub subject: String,
    /// What it was; products and variants of the catalogue: `147 / 1847`.
    pub was: String,
    /// What it is.
    pub became: String,
}

record!(OrderFile { order, payment, refunds, history });
record!(PaymentFile { reference, status, at });
record!(
    enum PaymentStatus {
        Open = "open",
        Paid = "paid",
        Ended = "ended",
    }
);
record!(Refund { reference, done });
record!(StockItem { variant_id, product_id, sku, title, options, stock });
record!(Message { reference, at, name, email, topic, message, answered });
record!(AuditEntry { id, at, who, kind, subject, was, became });

#[cfg(target_family = "wasm")]
crate::read_as_records!(OrderFile, PaymentFile, PaymentStatus, Refund, StockItem, Message, AuditEntry);
