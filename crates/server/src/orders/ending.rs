//! Orders that come to nothing: cancelled, or given up when no payment came. Stock and coupon go back.

use super::{
    OrderError, Orders, Result, number,
    paying::UNDERWAY,
    payment::Standing,
    payment_store,
    store::{self, OrderRow, status},
    wire::name,
};
use crate::{
    cart::Customer,
    clock::{self, Millis},
    database::Transaction,
    mail::Letter,
};
use contract::shop::order::Order;

impl Orders {
    /// Gives up every order whose payment did not come in time, and its stock and coupon back.
    ///
    /// Several servers may look at the same time: the row of an order is changed by one of them, under the database's
    /// lock, and only that one gives back.
    pub async fn cancel_overdue(&self, now: Millis) -> Result<()> {
        let overdue = store::overdue(&mut *self.database.read().await?, now).await?;
        for order in overdue {
            // One whose provider is away waits for the next round; the others do not.
            if let Err(error) = self.give_up(order, now).await {
                if let OrderError::Payment(error) = &error {
                    error.log();
                }
                tracing::warn!(%error, number = number(order), "an overdue order stays for now");
            }
        }
        Ok(())
    }

    /// The same for one order, so that nobody has to wait for the next round to see it.
    pub(super) async fn settle_overdue(&self, key: &str) -> Result<()> {
        let row = store::find(&mut *self.database.read().await?, key).await?;
        let now = clock::now();
        match row {
            Some(row) if row.pay_until.is_some_and(|until| until <= now) => self.give_up(row.id, now).await,
            _ => Ok(()),
        }
    }

    async fn give_up(&self, order: i64, now: Millis) -> Result<()> {
        // The shopper has done their part; how it ends is told, or asked for from time to time, and not at every look.
        let payment = payment_store::of_order(&mut *self.database.read().await?, order).await?;
        let is_underway = payment.as_ref().is_some_and(|payment| payment.is_underway());
        if is_underway || self.end_open(payment).await? == Some(Standing::Underway) {
            return Ok(());
        }
        let mut transaction = self.database.write().await?;
        let Some(row) = store::cancel_unpaid(&mut transaction, order, now).await? else { return Ok(()) };
        self.give_back(&mut transaction, &row).await?;
        self.tell(&mut transaction, &row, Letter::OrderLapsed).await?;
        transaction.commit().await?;
        tracing::info!(number = number(order), "order cancelled: the payment did not come");
        Ok(())
    }

    /// Cancels what is not sent yet: stock and coupon come back, and the money where there was some. Again changes
    /// nothing. With `only_unpaid` an order stays that does not wait for its payment, or no longer does as we hear now.
    pub async fn cancel(&self, key: &str, only_unpaid: bool) -> Result<Order> {
        let row = store::find(&mut *self.database.read().await?, key).await?.ok_or(OrderError::Unknown)?;
        self.end_payment_of(row.id).await?;
        let mut transaction = self.database.write().await?;
        let payment = payment_store::of_order(&mut transaction, row.id).await?;
        let is_underway = payment.is_some_and(|payment| payment.is_underway());
        let unpaid = match is_underway {
            true => None,
            false => store::cancel_unpaid(&mut transaction, row.id, Millis::MAX).await?,
        };
        let order = match unpaid {
            // Nobody was written to about it yet, and whoever cancels it knows.
            Some(row) => self.undo(&mut transaction, row).await?,
            None if only_unpaid => {
                let row = store::by_id(&mut transaction, row.id).await?.ok_or(OrderError::Unknown)?;
                let is_pending = is_underway && row.status == status::PENDING;
                return Err(OrderError::NotPending(if is_pending { UNDERWAY } else { name(&row)? }));
            }
            None => self.cancel_in(&mut transaction, row.id).await?,
        };
        transaction.commit().await?;
        Ok(order)
    }

    /// Cancels an order in the caller's transaction, and tells whoever ordered.
    pub(super) async fn cancel_in(&self, transaction: &mut Transaction, id: i64) -> Result<Order> {
        let Some(row) = store::cancel(transaction, id).await? else {
            let row = store::by_id(transaction, id).await?.ok_or(OrderError::Unknown)?;
            if row.status == status::CANCELLED {
                return self.complete(transaction, row).await;
            }
            return Err(OrderError::NotCancellable(name(&row)?));
        };
        self.tell(transaction, &row, Letter::OrderCancelled).await?;
        self.undo(transaction, row).await
    }

    /// Gives back what an order that was cancelled had taken, its money as well.
    async fn undo(&self, transaction: &mut Transaction, row: OrderRow) -> Result<Order> {
        let id = row.id;
        self.give_back(transaction, &row).await?;
        if let Some(payment) = payment_store::of_order(transaction, id).await?
            && payment.status == payment_store::standing::PAID
        {
            payment_store::owe(transaction, &payment.provider, &payment.reference, id).await?;
        }
        tracing::info!(number = number(id), "order cancelled");
        self.complete(transaction, row).await
    }

    /// Gives stock and coupon of an order back.
    async fn give_back(&self, transaction: &mut Transaction, order: &OrderRow) -> Result<()> {
        let mut lines = store::lines(transaction, order.id).await?;
        lines.sort_unstable_by_key(|line| line.variant_id);
        for line in lines {
            self.catalogue.return_stock(transaction, line.variant_id, line.quantity).await?;
        }
        if let Some(code) = &order.coupon {
            let customer = Customer { account: order.account.as_deref(), email: &order.email };
            self.carts.return_coupon(transaction, code, customer).await?;
        }
        Ok(())
    }
}
