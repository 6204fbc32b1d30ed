//! A cart on its way to an order.

use super::{Carts, Owner, Result, coupon::CouponRow, oldest, settle::Line, store, store::CartRow};
use crate::{
    clock,
    database::Transaction,
    pricing::{self, Currency, Discount},
};
use contract::shop::cart::Coupon;
use sqlx::AnyConnection;

/// A cart about to be ordered, held until the transaction ends.
pub struct Basket {
    id: i64,
    /// What is in it.
    pub lines: Vec<Line>,
    /// The coupon that counts.
    coupon: Option<CouponRow>,
}

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
        let coupon = self.coupon(db, row.coupon.as_deref(), &lines, &mut notices).await?;
        Ok(Basket { id: row.id, lines, coupon })
    }

    /// Empties a basket that was ordered, in the caller's transaction.
    pub async fn empty(&self, transaction: &mut Transaction, basket: &Basket) -> Result<()> {
        store::put_lines(transaction, basket.id, &[]).await?;
        store::put_coupon(transaction, basket.id, None).await?;
        Ok(())
    }

    /// Uses the basket's coupon, in the caller's transaction; false when somebody used it up meanwhile.
    pub async fn use_coupon(&self, transaction: &mut Transaction, basket: &Basket) -> Result<bool> {
        match &basket.coupon {
            Some(coupon) => Ok(store::use_coupon(transaction, &coupon.code).await?),
            None => Ok(true),
        }
    }

    /// Gives a coupon's use back, in the caller's transaction.
    pub async fn return_coupon(&self, transaction: &mut Transaction, code: &str) -> Result<()> {
        Ok(store::return_coupon(transaction, code).await?)
    }
}

impl Basket {
    /// What its coupon takes off.
    pub fn discount(&self) -> Option<Discount> {
        self.coupon.as_ref().map(CouponRow::discount)
    }

    /// Its coupon as it travels.
    pub fn coupon(&self, currency: Currency) -> Option<Coupon> {
        self.coupon.as_ref().map(|coupon| coupon.wire(currency))
    }

    /// Its lines for computing.
    pub fn priced(&self) -> Vec<pricing::Line> {
        self.lines.iter().map(Line::priced).collect()
    }
}
