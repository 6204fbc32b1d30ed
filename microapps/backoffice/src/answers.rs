//! What the server says.

use contract::shop::{
    operator::{AuditEntry, Message, OrderFile, StockItem},
    order::Order,
};
use operator::{Tokens, Who};
use serde::Deserialize;

/// What the server says of a view.
#[derive(Default, Deserialize)]
pub struct Answers {
    /// Whose token it is, where that was asked.
    #[serde(default)]
    tokens: Option<Tokens>,
    /// Orders, the newest first.
    #[serde(default)]
    pub orders: Option<Vec<Order>>,
    /// One order.
    #[serde(default)]
    pub order: Option<OrderFile>,
    /// Variants.
    #[serde(default)]
    pub stock: Option<Vec<StockItem>>,
    /// One variant.
    #[serde(default)]
    pub item: Option<StockItem>,
    /// Messages, the newest first.
    #[serde(default)]
    pub messages: Option<Vec<Message>>,
    /// The log, the newest first.
    #[serde(default)]
    pub log: Option<Vec<AuditEntry>>,
}

impl Answers {
    /// Whose token it is.
    pub fn who(&mut self) -> Option<Who> {
        self.tokens.take()?.own()
    }
}
