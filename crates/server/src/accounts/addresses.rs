//! Addresses that are kept for the next order.

use super::{AccountError, Accounts, Result, store::addresses};
use contract::shop::account::{SaveAddress, SavedAddress};

/// How many an account keeps.
const MOST: usize = 20;

impl Accounts {
    /// An account's addresses, the preferred one first.
    pub async fn addresses(&self, account: &str) -> Result<Vec<SavedAddress>> {
        Ok(addresses::of(&mut *self.database.read().await?, account).await?)
    }

    /// Keeps one more. `form` is taken as checked.
    pub async fn save_address(&self, account: &str, form: &SaveAddress) -> Result<SavedAddress> {
        let mut transaction = self.database.write().await?;
        addresses::hold(&mut transaction, account).await?;
        let before = addresses::of(&mut transaction, account).await?;
        if let Some(known) = before.iter().find(|known| known.address == form.address) {
            let preferred = known.preferred || form.preferred;
            if preferred {
                addresses::prefer(&mut transaction, account, known.id).await?;
                transaction.commit().await?;
            }
            return Ok(SavedAddress { preferred, ..known.clone() });
        }
        if before.len() >= MOST {
            return Err(AccountError::Full("An account keeps at most 20 addresses."));
        }
        let id = addresses::insert(&mut transaction, account, &form.address).await?;
        let preferred = form.preferred || before.is_empty();
        if preferred {
            addresses::prefer(&mut transaction, account, id).await?;
        }
        transaction.commit().await?;
        Ok(SavedAddress { id, preferred, address: form.address.clone() })
    }

    /// Changes one. `form` is taken as checked.
    pub async fn change_address(&self, account: &str, id: i64, form: &SaveAddress) -> Result<SavedAddress> {
        let mut transaction = self.database.write().await?;
        addresses::hold(&mut transaction, account).await?;
        if !addresses::update(&mut transaction, account, id, &form.address).await? {
            return Err(AccountError::Gone);
        }
        if form.preferred {
            addresses::prefer(&mut transaction, account, id).await?;
        }
        let now = addresses::of(&mut transaction, account).await?;
        transaction.commit().await?;
        now.into_iter().find(|saved| saved.id == id).ok_or(AccountError::Gone)
    }

    /// Makes one the preferred one, as it is.
    pub async fn prefer_address(&self, account: &str, id: i64) -> Result<()> {
        let mut transaction = self.database.write().await?;
        addresses::hold(&mut transaction, account).await?;
        if addresses::of(&mut transaction, account).await?.iter().all(|saved| saved.id != id) {
            return Err(AccountError::Gone);
        }
        addresses::prefer(&mut transaction, account, id).await?;
        Ok(transaction.commit().await?)
    }

    /// Takes one away. When it was the preferred one, the oldest of the others is.
    pub async fn forget_address(&self, account: &str, id: i64) -> Result<()> {
        let mut transaction = self.database.write().await?;
        addresses::hold(&mut transaction, account).await?;
        if !addresses::delete(&mut transaction, account, id).await? {
            return Err(AccountError::Unknown);
        }
        if let Some(first) = addresses::of(&mut transaction, account).await?.first() {
            addresses::prefer(&mut transaction, account, first.id).await?;
        }
        Ok(transaction.commit().await?)
    }
}
