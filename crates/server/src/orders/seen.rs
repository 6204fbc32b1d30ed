//! Orders as operators see them, and money that they give back.

use super::{
    OrderError, Orders, Result,
    payment_store::{self, standing},
    store::{self, Wanted, status},
    wire::status_name,
};
use crate::{clock, database::Transaction, mail::Letter};
use contract::shop::{
    operator::{PaymentFile, PaymentStatus, Refund},
    order::{Order, OrderStatus},
};

/// Which orders an operator wants to see.
#[derive(Debug)]
pub struct Wish {
    /// Only of this status.
    pub status: Option<OrderStatus>,
    /// Only before this id.
    pub before: Option<i64>,
    /// A number (`M-10042`, `10042`), or a part of an e-mail address or a name; all of them where it is empty.
    pub words: String,
    /// At most so many.
    pub limit: i64,
}

/// What is known of an order's payment.
pub struct Money {
    /// Its payment, where one was begun with a provider.
    pub payment: Option<PaymentFile>,
    /// What goes back.
    pub refunds: Vec<Refund>,
}

impl Orders {
    /// Orders for an operator, the newest first.
    pub async fn list(&self, wish: &Wish) -> Result<Vec<Order>> {
        let words = wish.words.trim();
        let wanted = Wanted {
            status: wish.status.map(status_name),
            before: wish.before.unwrap_or(i64::MAX),
            id: id_of(words),
            words: Some(words).filter(|words| !words.is_empty()),
            limit: wish.limit,
        };
        let mut db = self.database.read().await?;
        let mut orders = Vec::new();
        for row in store::list(&mut db, &wanted).await? {
            orders.push(self.complete(&mut db, row).await?);
        }
        Ok(orders)
    }

    /// An order, and what is known of its payment.
    pub async fn seen(&self, id: i64) -> Result<(Order, Money)> {
        let mut db = self.database.read().await?;
        let row = store::by_id(&mut db, id).await?.ok_or(OrderError::Unknown)?;
        let order = self.complete(&mut db, row).await?;
        let payment = payment_store::of_order(&mut db, id).await?.map(|row| PaymentFile {
            reference: row.reference,
            status: match row.status.as_str() {
                standing::OPEN => PaymentStatus::Open,
                standing::PAID => PaymentStatus::Paid,
                _ => PaymentStatus::Ended,
            },
            at: clock::rfc3339(row.at),
        });
        let refund = |(reference, done): (String, i64)| Refund { reference, done: done == 1 };
        let refunds = payment_store::refunds_of(&mut db, id).await?.into_iter().map(refund).collect();
        Ok((order, Money { payment, refunds }))
    }

    /// Gives the money of an order that was sent back, in the caller's transaction; false when it was done before.
    ///
    /// The order stays as it is, and so does the stock: what comes back is counted when it is here. Money of others goes
    /// back when they are cancelled.
    pub async fn refund(&self, transaction: &mut Transaction, id: i64) -> Result<bool> {
        let row = store::by_id(transaction, id).await?.ok_or(OrderError::Unknown)?;
        match row.status.as_str() {
            status::SHIPPED => {}
            status::CANCELLED => {
                return Err(OrderError::NotRefundable(
                    "it is cancelled, so money that came for it goes back by itself",
                ));
            }
            _ => {
                return Err(OrderError::NotRefundable(
                    "it is not sent, so cancelling it gives the money back",
                ));
            }
        }
        match payment_store::of_order(transaction, id).await? {
            Some(payment) if payment.status == standing::PAID => {
                let owed = payment_store::owe(transaction, &payment.provider, &payment.reference, id).await?;
                if owed {
                    self.tell(transaction, &row, Letter::OrderRefunded).await?;
                }
                Ok(owed)
            }
            _ => Err(OrderError::NotRefundable("the shop has no money of it")),
        }
    }
}

/// The id behind `M-10042`, `m-10042` and `10042`.
fn id_of(words: &str) -> Option<i64> {
    let digits = words.strip_prefix(['M', 'm']).map_or(words, |rest| rest.trim_start_matches('-'));
    super::id(&["M-", digits].concat())
}

#[cfg(test)]
mod tests {
    use super::id_of;

    #[test]
    fn numbers_as_people_type_them() {
        for (typed, id) in [
            ("M-10042", Some(42)),
            ("m-10042", Some(42)),
            ("m10042", Some(42)),
            ("10042", Some(42)),
            ("ada@example.org", None),
            ("Maria", None),
            ("", None),
        ] {
            assert_eq!(id_of(typed), id, "{typed}");
        }
    }
}
