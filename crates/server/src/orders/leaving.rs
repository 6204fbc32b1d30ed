//! The orders of somebody who leaves: they stay, without the person.

use super::{Orders, Result, letters::mails_of, payment_scope, store};
use crate::{
    clock::{self, Millis},
    database::Transaction,
};
use contract::shop::order::Order;

/// An order that never ended is parted from the person after this time all the same: 180 days.
const LONGEST: Millis = 180 * 24 * 60 * 60 * 1000;
/// How long a parcel may be on its way: nobody says when it has arrived. 30 days.
const ON_ITS_WAY: Millis = 30 * 24 * 60 * 60 * 1000;

impl Orders {
    /// All orders of an account, the newest first.
    pub async fn all_of_account(&self, account: &str) -> Result<Vec<Order>> {
        let mut db = self.database.read().await?;
        let mut orders = Vec::new();
        for row in store::all_of_account(&mut db, account).await? {
            orders.push(self.complete(&mut db, row).await?);
        }
        Ok(orders)
    }

    /// Under what answers are kept that have the orders of an account in them.
    pub async fn scopes_of(&self, transaction: &mut Transaction, account: &str) -> Result<Vec<String>> {
        let rows = store::all_of_account(transaction, account).await?;
        Ok(rows.iter().map(|row| payment_scope(&row.key)).collect())
    }

    /// Parts an account's orders from the person, in the caller's transaction: those that are over at once, the
    /// others when they are, since a parcel on its way needs its address. Mails about them that wait are given up.
    pub async fn forget(&self, transaction: &mut Transaction, account: &str) -> Result<()> {
        for row in store::all_of_account(transaction, account).await? {
            self.mail.forget(transaction, &mails_of(&row.key)).await?;
        }
        store::let_go(transaction, account).await?;
        forget_persons(transaction).await
    }

    /// Parts those orders from their persons that were over since.
    pub async fn sweep(&self) -> Result<()> {
        self.haste.sweep();
        let mut transaction = self.database.write().await?;
        forget_persons(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }
}

async fn forget_persons(transaction: &mut Transaction) -> Result<()> {
    let now = clock::now();
    Ok(store::forget_persons(transaction, now - ON_ITS_WAY, now - LONGEST).await?)
}
