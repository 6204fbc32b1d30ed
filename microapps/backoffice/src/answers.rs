//! What the server says.

use contract::shop::{
    operator::{AuditEntry, Message, OrderFile, StockItem},
    order::Order,
};
use operator::{Tokens, Who};

/// What the server says of a view.
#[derive(Default)]
pub struct Answers {
    /// Whose token it is, where that was asked.
    tokens: Option<Tokens>,
    /// Orders, the newest first.
    pub orders: Option<Vec<Order>>,
    /// One order.
    pub order: Option<OrderFile>,
    /// Variants.
    pub stock: Option<Vec<StockItem>>,
    /// One variant.
    pub item: Option<StockItem>,
    /// Messages, the newest first.
    pub messages: Option<Vec<Message>>,
    /// The log, the newest first.
    pub log: Option<Vec<AuditEntry>>,
}

contract::record!(Answers { tokens, orders, order, stock, item, messages, log });
contract::read_as_records!(Answers);

impl Answers {
    /// Whose token it is.
    pub fn who(&mut self) -> Option<Who> {
        self.tokens.take()?.own()
    }
}
