//! Orders: placed (payment pending, or on delivery) → paid → shipped, or cancelled.
//!
//! Each change is a conditional statement, so nothing here relies on there being one writer at a time.

mod ending;
mod handlers;
mod haste;
mod leaving;
mod letters;
mod paying;
mod payment;
mod payment_store;
mod placing;
mod seen;
mod store;
mod test_bank;
mod wire;

pub use handlers::{check_address, routes, webhook_routes};
pub use payment::{Credentials, Payments};
pub use payment_store::{PAYMENTS_SCHEMA, UNDERWAY_SCHEMA};
pub use seen::Wish;
pub use store::{
    ADDRESS_SCHEMA, FORGETTING_SCHEMA, LANGUAGE_SCHEMA, PERSON_SCHEMA, REGION_SCHEMA, SCHEMA, SHIPPED_SCHEMA,
    TAX_SCHEMA,
};
pub use test_bank::test_bank_routes;

use crate::{
    cart::{CartError, Carts, Remembered},
    catalogue::Catalogue,
    clock::{self, Millis},
    config::Configuration,
    database::{Database, Transaction},
    idempotency::IntentError,
    language::{t, t_with},
    mail::{Letter, Mail},
    pace::TooMany,
    pricing::Currency,
    secret::{self, NoRandomness},
    terms::Terms,
};
use contract::shop::order::{Order, OrderStatus};
use haste::Haste;
use paying::UNDERWAY;
use payment::PaymentError;
use sqlx::AnyConnection;
use std::{sync::Arc, time::Duration};
use store::{LineRow, OrderRow, status};
use wire::{name, wire};

/// Added to an order's id for the number that people see.
const FIRST_NUMBER: i64 = 10_000;

/// The number that people see: `M-10042`.
pub fn number(id: i64) -> String {
    format!("M-{}", FIRST_NUMBER + id)
}

/// The id behind a number.
pub fn id(number: &str) -> Option<i64> {
    number.strip_prefix("M-")?.parse::<i64>().ok()?.checked_sub(FIRST_NUMBER)
}

/// Whether an account has ordered before; what was cancelled does not count.
pub async fn has_ordered(db: &mut AnyConnection, account: &str) -> std::result::Result<bool, sqlx::Error> {
    store::has_ordered(db, Some(account), None).await
}

/// Under what the answers to payments of an order are kept.
fn payment_scope(key: &str) -> String {
    format!("order:{}", secret::hash(key))
}

/// All orders.
#[derive(Clone)]
pub struct Orders {
    database: Database,
    catalogue: Catalogue,
    carts: Carts,
    currency: Currency,
    terms: Arc<Terms>,
    payments: Payments,
    pending: Millis,
    mail: Mail,
    haste: Haste,
    /// Where the shop is, for links in mails.
    shop: String,
}

/// Why something about an order was not done.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is nothing to order.
    #[error("The cart is empty. Put something into it first.")]
    Empty,
    /// It would cost something else, or be something else, than the shopper agreed to.
    #[error("{}", t_with("The cart changed: it comes to {now} now. Look at it again, then order.", &[("now", .now)]))]
    Changed {
        /// What it would cost.
        now: String,
    },
    /// Somebody else was faster.
    #[error("{}", t_with("There is not enough of {name} left. Look at the cart again.", &[("name", .name)]))]
    OutOfStock {
        /// What there is not enough of.
        name: String,
    },
    /// The coupon was used up meanwhile, or before by whoever orders: that is known only now of a guest.
    #[error("The coupon was used as often as it may be. Take it off the cart, then order.")]
    CouponGone,
    /// There is no such order.
    #[error("There is no such order.")]
    Unknown,
    /// It is not waiting for a payment.
    #[error("{}", t_with("This order is not waiting for a payment: it is {state}.", &[("state", &t(.0))]))]
    NotPending(&'static str),
    /// It is too late to cancel it.
    #[error("{}", t_with("This order cannot be cancelled any more: it is {state}.", &[("state", &t(.0))]))]
    NotCancellable(&'static str),
    /// It does not wait to be sent.
    #[error("{}", t_with("This order cannot be sent: it is {state}.", &[("state", &t(.0))]))]
    NotShippable(&'static str),
    /// There is nothing to give back.
    #[error("{}", t_with("Nothing of this order can be refunded here: {reason}.", &[("reason", &t(.0))]))]
    NotRefundable(&'static str),
    /// Too many orders at once, for an e-mail address or from a network address.
    #[error("too many orders at once")]
    TooMany(Duration),
    /// There is no such way of payment.
    #[error("This way of payment is not offered. Choose another one.")]
    NoPayment,
    /// No money came.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// There is no such way of delivery, or not for this parcel.
    #[error("This cannot be delivered there in this way. Choose another one.")]
    NoDelivery,
    /// The coupon is for somebody's first order.
    #[error("The coupon is for a first order. Take it off the cart, then order.")]
    NotTheFirst,
    /// The cart.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The key.
    #[error(transparent)]
    Intent(#[from] IntentError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// An order in the database that this version cannot read.
    #[error("order {0} is damaged")]
    Damaged(i64),
}

type Result<T> = std::result::Result<T, OrderError>;

impl From<TooMany> for OrderError {
    fn from(refused: TooMany) -> Self {
        Self::TooMany(refused.retry_after)
    }
}

impl Orders {
    /// The orders in a database.
    pub fn new(
        database: Database,
        catalogue: Catalogue,
        carts: Carts,
        mail: Mail,
        configuration: &Configuration,
    ) -> Self {
        Self {
            database,
            catalogue,
            carts,
            currency: configuration.currency,
            terms: Arc::clone(&configuration.terms),
            payments: Payments::new(configuration),
            pending: i64::try_from(configuration.pending.as_millis()).unwrap_or(Millis::MAX / 2),
            mail,
            haste: Haste::new(),
            shop: configuration.address(),
        }
    }

    /// An order, for whoever has its key.
    pub async fn find(&self, key: &str) -> Result<Order> {
        match self.settle_overdue(key).await {
            // It can be looked at all the same; the next round tries again.
            Err(OrderError::Payment(error)) => error.log(),
            settled => settled?,
        }
        let mut db = self.database.read().await?;
        let row = store::find(&mut db, key).await?.ok_or(OrderError::Unknown)?;
        self.complete(&mut db, row).await
    }

    /// An order by the number that people see, for whoever knows the address that it was ordered with.
    pub async fn standing(&self, number: &str, email: &str) -> Result<Option<Order>> {
        let Some(id) = id(&["M-", number].concat()) else { return Ok(None) };
        let row = store::by_id(&mut *self.database.read().await?, id).await?;
        match row.filter(|row| !row.email.is_empty() && row.email.eq_ignore_ascii_case(email.trim())) {
            Some(row) => self.find(&row.key).await.map(Some),
            None => Ok(None),
        }
    }

    /// The newest orders of an account.
    pub async fn of_account(&self, account: &str) -> Result<Vec<Order>> {
        let mut db = self.database.read().await?;
        let mut orders = Vec::new();
        for row in store::of_account(&mut db, account).await? {
            orders.push(self.complete(&mut db, row).await?);
        }
        Ok(orders)
    }

    /// Whether an account has bought a product: an order with it is on its way.
    pub async fn has_bought(&self, account: &str, product: i64) -> Result<bool> {
        Ok(store::has_bought(&mut *self.database.read().await?, account, product).await?)
    }

    /// The same; it stays so until the caller's transaction ends.
    pub async fn hold_purchase(
        &self,
        transaction: &mut Transaction,
        account: &str,
        product: i64,
    ) -> Result<bool> {
        Ok(store::hold_purchase(transaction, account, product).await?)
    }

    /// What was bought, to put it into a cart again.
    pub async fn bought(&self, key: &str) -> Result<Vec<Remembered>> {
        let mut db = self.database.read().await?;
        let row = store::find(&mut db, key).await?.ok_or(OrderError::Unknown)?;
        let line = |line: LineRow| Remembered {
            variant_id: line.variant_id,
            quantity: line.quantity,
            title: line.title,
            price: line.unit_price,
        };
        Ok(store::lines(&mut db, row.id).await?.into_iter().map(line).collect())
    }

    /// An operator moves an order on, in the caller's transaction: what it was, and what it is.
    pub async fn move_on(
        &self,
        transaction: &mut Transaction,
        id: i64,
        to: OrderStatus,
    ) -> Result<(OrderStatus, Order)> {
        // Held, so that of two who do the same one is told that it was so before.
        let before = store::hold(transaction, id).await?.ok_or(OrderError::Unknown)?;
        let seen = self.complete(transaction, before.clone()).await?;
        let state = match seen.status {
            OrderStatus::PaymentPending if seen.payment_underway => UNDERWAY,
            OrderStatus::PaymentPending => "not paid yet",
            _ => name(&before)?,
        };
        let order = match to {
            OrderStatus::Cancelled => self.cancel_in(transaction, id).await?,
            OrderStatus::Shipped => match store::ship(transaction, id, clock::now()).await? {
                Some(row) => {
                    self.tell(transaction, &row, Letter::OrderShipped).await?;
                    self.complete(transaction, row).await?
                }
                None => return Err(OrderError::NotShippable(state)),
            },
            _ => return Err(OrderError::NotShippable(state)),
        };
        Ok((seen.status, order))
    }

    /// The ways of payment that are on.
    pub fn payments(&self) -> &Payments {
        &self.payments
    }

    async fn complete(&self, db: &mut AnyConnection, row: OrderRow) -> Result<Order> {
        let lines = store::lines(db, row.id).await?;
        let payment_underway = row.status == status::PENDING
            && payment_store::of_order(db, row.id).await?.is_some_and(|payment| payment.is_underway());
        let refunded = matches!(row.status.as_str(), status::SHIPPED | status::CANCELLED)
            && payment_store::is_refunded(db, row.id).await?;
        Ok(Order { payment_underway, refunded, ..wire(row, lines)? })
    }
}
