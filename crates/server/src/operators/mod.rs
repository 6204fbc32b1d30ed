//! What operators do in the shop: orders, stock, messages, reviews. Each change and its line in the audit log are one
//! transaction.

mod handlers;
mod store;

pub use handlers::routes;
pub(crate) use store::Deed;
pub use store::{SCHEMA, SUBJECT_SCHEMA};

use crate::{
    catalogue::Catalogue,
    clock,
    contact::Contact,
    database::{Database, Transaction},
    orders::{OrderError, Orders},
    reviews::Reviews,
};
use contract::shop::{
    operator::{AuditEntry, Message, OrderFile, StockItem},
    order::{Order, OrderStatus},
    review::Review,
};
use serde::Serialize;

/// The operators' side of the shop.
#[derive(Clone)]
pub struct Operators {
    database: Database,
    orders: Orders,
    catalogue: Catalogue,
    contact: Contact,
    reviews: Reviews,
}

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum OperatorError {
    /// The order.
    #[error(transparent)]
    Order(#[from] OrderError),
    /// There is no such thing.
    #[error("There is nothing of this number or name.")]
    Unknown,
    /// Somebody was faster.
    #[error("The stock is {now} by now, not {expected}. Look again, then set it.")]
    Changed {
        /// What it is.
        now: i64,
        /// What the operator thought.
        expected: i64,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

type Result<T> = std::result::Result<T, OperatorError>;

impl Operators {
    /// The operators' side of a shop.
    pub fn new(
        database: Database,
        orders: Orders,
        catalogue: Catalogue,
        contact: Contact,
        reviews: Reviews,
    ) -> Self {
        Self { database, orders, catalogue, contact, reviews }
    }

    /// Moves an order on.
    pub async fn move_order(&self, who: &str, number: &str, to: OrderStatus) -> Result<Order> {
        let id = crate::orders::id(number).ok_or(OperatorError::Unknown)?;
        if to == OrderStatus::Cancelled {
            match self.orders.end_payment_of(id).await {
                // A provider that does not know it any more keeps no order for ever. Money that comes yet goes back.
                Err(OrderError::Payment(error)) => error.log(),
                ended => drop(ended?),
            }
        }
        let mut transaction = self.database.write().await?;
        let (was, order) = self.orders.move_on(&mut transaction, id, to).await?;
        if was != order.status {
            let (was, became) = (word(&was), word(&order.status));
            let deed = Deed { who, kind: "order", subject: &order.number, was: &was, became: &became };
            write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await?;
        Ok(order)
    }

    /// The stock of a variant.
    pub async fn stock(&self, variant: i64) -> Result<StockItem> {
        let item = self.catalogue.stock_of(&mut *self.database.read().await?, variant).await?;
        item.ok_or(OperatorError::Unknown)
    }

    /// Sets the stock of a variant that has `expected` pieces.
    pub async fn set_stock(&self, who: &str, variant: i64, expected: i64, stock: i64) -> Result<StockItem> {
        let mut transaction = self.database.write().await?;
        let set = self.catalogue.set_stock(&mut transaction, variant, expected, stock).await?;
        let item = self.catalogue.stock_of(&mut transaction, variant).await?.ok_or(OperatorError::Unknown)?;
        if !set {
            return Err(OperatorError::Changed { now: item.stock, expected });
        }
        if expected != stock {
            let (subject, was, became) = (variant.to_string(), expected.to_string(), stock.to_string());
            let deed = Deed { who, kind: "stock", subject: &subject, was: &was, became: &became };
            write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await?;
        Ok(item)
    }

    /// Marks a message as answered, or as open again.
    pub async fn mark_message(&self, who: &str, reference: &str, answered: bool) -> Result<Message> {
        let mut transaction = self.database.write().await?;
        let marked = self.contact.mark(&mut transaction, reference, answered).await?;
        let (before, message) = marked.ok_or(OperatorError::Unknown)?;
        if before != answered {
            let words = |answered| if answered { "answered" } else { "open" };
            let deed = Deed {
                who,
                kind: "message",
                subject: reference,
                was: words(before),
                became: words(answered),
            };
            write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await?;
        Ok(message)
    }

    /// Hides a review, or shows it again.
    pub async fn hide_review(&self, who: &str, id: i64, hidden: bool) -> Result<Review> {
        let mut transaction = self.database.write().await?;
        let review = self.reviews.hide(&mut transaction, id, hidden).await?;
        let (before, review) = review.ok_or(OperatorError::Unknown)?;
        if before != hidden {
            let words = |hidden| if hidden { "hidden" } else { "shown" };
            let subject = id.to_string();
            let deed =
                Deed { who, kind: "review", subject: &subject, was: words(before), became: words(hidden) };
            write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await?;
        Ok(review)
    }

    /// The newest entries of the audit log before one.
    pub async fn audit(&self, before: Option<i64>, limit: i64) -> Result<Vec<AuditEntry>> {
        let rows = store::list(&mut *self.database.read().await?, before.unwrap_or(i64::MAX), limit).await?;
        Ok(rows.into_iter().map(entry).collect())
    }

    /// An order with all that is known of it.
    pub async fn order(&self, number: &str) -> Result<OrderFile> {
        let id = crate::orders::id(number).ok_or(OperatorError::Unknown)?;
        let (order, money) = self.orders.seen(id).await?;
        let history = store::of_order(&mut *self.database.read().await?, &order.number).await?;
        let history = history.into_iter().map(entry).collect();
        Ok(OrderFile { order, payment: money.payment, refunds: money.refunds, history })
    }

    /// Gives the money of an order that was sent back.
    pub async fn refund(&self, who: &str, number: &str) -> Result<OrderFile> {
        let id = crate::orders::id(number).ok_or(OperatorError::Unknown)?;
        let mut transaction = self.database.write().await?;
        if self.orders.refund(&mut transaction, id).await? {
            let number = crate::orders::number(id);
            let deed = Deed { who, kind: "refund", subject: &number, was: "paid", became: "refunded" };
            write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await?;
        self.order(number).await
    }
}

fn entry(row: store::EntryRow) -> AuditEntry {
    AuditEntry {
        id: row.id,
        at: clock::rfc3339(row.at),
        who: row.who,
        kind: row.kind,
        subject: row.subject,
        was: row.was,
        became: row.became,
    }
}

/// Writes into the audit log, in the transaction of what it is about.
pub(crate) async fn write_down(
    transaction: &mut Transaction,
    deed: &Deed<'_>,
) -> std::result::Result<(), sqlx::Error> {
    tracing::info!(
        who = deed.who,
        kind = deed.kind,
        subject = deed.subject,
        became = deed.became,
        "an operator"
    );
    store::insert(transaction, deed, clock::now()).await
}

/// A status as it travels.
fn word(status: &impl Serialize) -> String {
    let value = serde_json::to_value(status).unwrap_or_default();
    value.as_str().unwrap_or_default().to_owned()
}
