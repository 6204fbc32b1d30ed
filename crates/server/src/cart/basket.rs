//! A cart on its way to an order.

use super::{Carts, Customer, Owner, Result, oldest, settle::Line, store, store::CartRow};
use crate::{
    clock,
    database::Transaction,
    pricing::{self, Currency, Discount},
    terms::Coupon,
};
use contract::shop;
use sqlx::AnyConnection;

/// A cart about to be ordered, held until the transaction ends.
pub struct Basket {
    id: i64,
    /// What is in it.
    pub lines: Vec<Line>,
    /// The coupon that counts.
    pub coupon: Option<Coupon>,
}

/// Under which first orders are counted, whatever the coupon; no coupon has it.
const FIRST_ORDER: &str = "";

impl Carts {
    /// The owner's cart for ordering, held in the caller's transaction. `None` where there is none.
    pub async fn hold_basket(&self, transaction: &mut Transaction, owner: &Owner) -> Result<Option<Basket>> {
        let row = match owner {
            Owner::Guest(key) => store::hold_guest(transaction, key, oldest(), clock::now()).await?,
            Owner::Account(key) => Some(store::hold_account(transaction, key, clock::now()).await?),
        };
        match row {
            Some(row) => self.basket(transaction, &row).await.map(Some),
            None => Ok(None),
        }
    }

    /// The owner's cart for working out what it would cost.
    pub async fn look_at_basket(&self, db: &mut AnyConnection, owner: &Owner) -> Result<Option<Basket>> {
        match store::find(db, owner, oldest()).await? {
            Some(row) => self.basket(db, &row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn basket(&self, db: &mut AnyConnection, row: &CartRow) -> Result<Basket> {
        let remembered = store::lines(db, row.id).await?;
        let (lines, mut notices) = self.settle(db, &remembered).await?;
        let coupon = self.coupon(db, row, &lines, &mut notices).await?.cloned();
        Ok(Basket { id: row.id, lines, coupon })
    }

    /// Empties a basket that was ordered, in the caller's transaction.
    pub async fn empty(&self, transaction: &mut Transaction, basket: &Basket) -> Result<()> {
        store::put_lines(transaction, basket.id, &[]).await?;
        store::put_coupon(transaction, basket.id, None).await?;
        Ok(())
    }

    /// Uses the basket's coupon, in the caller's transaction; false when it was used as often as it may be, in all or
    /// by this customer.
    pub async fn use_coupon(
        &self,
        transaction: &mut Transaction,
        basket: &Basket,
        customer: Customer<'_>,
    ) -> Result<bool> {
        let Some(coupon) = &basket.coupon else { return Ok(true) };
        let most = |limit: Option<i64>| limit.unwrap_or(i64::MAX);
        if !store::use_coupon(transaction, &coupon.code, "", most(coupon.uses)).await? {
            return Ok(false);
        }
        for key in customer.keys() {
            if !store::use_coupon(transaction, &coupon.code, &key, most(coupon.per_customer)).await? {
                return Ok(false);
            }
            if coupon.first_order {
                // Two orders at the same moment with two such coupons: here one waits for the other, and is not the first.
                store::use_coupon(transaction, FIRST_ORDER, &key, i64::MAX).await?;
            }
        }
        Ok(true)
    }

    /// Gives a coupon's use back, in the caller's transaction.
    pub async fn return_coupon(
        &self,
        transaction: &mut Transaction,
        code: &str,
        customer: Customer<'_>,
    ) -> Result<()> {
        for key in [String::new()].into_iter().chain(customer.keys()) {
            store::return_coupon(transaction, code, &key).await?;
        }
        Ok(())
    }
}

impl Basket {
    /// What its coupon takes off.
    pub fn discount(&self) -> Option<Discount> {
        self.coupon.as_ref().map(|coupon| coupon.discount)
    }

    /// Its coupon as it travels.
    pub fn coupon(&self, currency: Currency) -> Option<shop::cart::Coupon> {
        self.coupon.as_ref().map(|coupon| coupon.wire(currency))
    }

    /// Its lines for computing.
    pub fn priced(&self) -> Vec<pricing::Line> {
        self.lines.iter().map(|line| line.priced(self.coupon.as_ref())).collect()
    }

    /// What it weighs.
    pub fn grams(&self) -> i64 {
        self.lines.iter().map(|line| line.offer.grams * line.quantity).sum()
    }
}
