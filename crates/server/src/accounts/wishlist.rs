//! What somebody wants to remember.

use super::{AccountError, Accounts, Result, store::wishes};
use crate::{catalogue::Catalogue, clock};
use contract::shop::account::Wishlist;

/// How many products it takes.
const MOST: usize = 100;

impl Accounts {
    /// An account's wishes that are in the shop, the newest first.
    pub async fn wishlist(&self, catalogue: &Catalogue, account: &str) -> Result<Wishlist> {
        Ok(Wishlist { products: catalogue.summaries(&self.wished(account).await?).await? })
    }

    /// The numbers of all of them, those that left the shop too.
    pub async fn wished(&self, account: &str) -> Result<Vec<i64>> {
        Ok(wishes::of(&mut *self.database.read().await?, account).await?)
    }

    /// Remembers a product; remembered already, nothing changes.
    pub async fn wish(&self, catalogue: &Catalogue, account: &str, product: i64) -> Result<()> {
        if catalogue.summaries(&[product]).await?.is_empty() {
            return Err(AccountError::Unknown);
        }
        // What left the shop takes no room: nobody sees it to take it off.
        let wished = self.wished(account).await?;
        let gone = wished.len() - catalogue.summaries(&wished).await?.len();
        let mut transaction = self.database.write().await?;
        wishes::insert(&mut transaction, account, product, clock::now()).await?;
        if wishes::of(&mut transaction, account).await?.len() > MOST + gone {
            return Err(AccountError::Full("The wishlist takes at most 100 products."));
        }
        Ok(transaction.commit().await?)
    }

    /// Forgets a product.
    pub async fn unwish(&self, account: &str, product: i64) -> Result<()> {
        let mut transaction = self.database.write().await?;
        wishes::delete(&mut transaction, account, product).await?;
        Ok(transaction.commit().await?)
    }
}
