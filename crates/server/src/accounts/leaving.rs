//! All that is kept of a person: to take along, and to have deleted.

use super::{AccountError, AccountRow, Accounts, Result, Seat, mails_of, store};
use crate::{
    cart::{Carts, Owner},
    catalogue::Catalogue,
    clock,
    contact::Contact,
    idempotency::Idempotency,
    mail::{Letter, Message, Text},
    orders::Orders,
    reviews::Reviews,
};
use contract::shop::account::{Account, AccountExport};

/// What others keep of a person.
#[derive(Clone, Copy)]
pub struct Others<'a> {
    /// What is wished for.
    pub catalogue: &'a Catalogue,
    /// Their cart.
    pub carts: &'a Carts,
    /// Their orders.
    pub orders: &'a Orders,
    /// Their reviews.
    pub reviews: &'a Reviews,
    /// What they wrote to the shop.
    pub contact: &'a Contact,
    /// Answers that may be given again.
    pub idempotency: &'a Idempotency,
}

impl Accounts {
    /// Changes what to call somebody.
    pub async fn rename(&self, account: &str, name: &str) -> Result<()> {
        let mut transaction = self.database.write().await?;
        store::rename(&mut transaction, account, name).await?;
        Ok(transaction.commit().await?)
    }

    /// All that is kept of an account.
    pub async fn export(
        &self,
        others: Others<'_>,
        account: &AccountRow,
        session: Option<&str>,
    ) -> Result<AccountExport> {
        let created_at = store::created_at(&mut *self.database.read().await?, &account.id).await?;
        Ok(AccountExport {
            exported_at: clock::rfc3339(clock::now()),
            account: Account {
                id: account.id.clone(),
                name: account.name.clone(),
                email: account.email.clone(),
            },
            created_at: clock::rfc3339(created_at.unwrap_or_default()),
            addresses: self.addresses(&account.id).await?,
            wishlist: self.wishlist(others.catalogue, &account.id).await?.products,
            wished: self.wished(&account.id).await?,
            cart: others.carts.look(Some(&Owner::Account(account.id.clone()))).await?,
            orders: others.orders.all_of_account(&account.id).await?,
            reviews: others.reviews.all_of_account(account).await?,
            messages: others.contact.all_of_account(&account.id).await?,
            sessions: self.sessions(&account.id, session).await?,
            passkeys: self.passkeys(&account.id).await?,
        })
    }

    /// Deletes the account of whoever knows its password, and what is kept of the person; their orders stay without
    /// them.
    pub async fn delete(&self, others: Others<'_>, seat: Seat, password: String) -> Result<()> {
        let password = self.check_password(&seat, password).await?;
        self.count_notice(&seat)?;
        let account = seat.account;
        let mut transaction = self.database.write().await?;
        if !store::hold(&mut transaction, &account.id, &password).await? {
            return Err(AccountError::PasswordWrong);
        }
        store::delete(&mut transaction, &account.id).await?;
        others.carts.forget(&mut transaction, &account.id).await?;
        for scope in others.orders.scopes_of(&mut transaction, &account.id).await? {
            others.idempotency.forget(&mut transaction, &scope).await?;
        }
        others.orders.forget(&mut transaction, &account.id).await?;
        others.reviews.forget(&mut transaction, &account.id).await?;
        others.contact.forget(&mut transaction, &account.id).await?;
        others.idempotency.forget(&mut transaction, &Owner::Account(account.id.clone()).scope()).await?;
        // Not all mails to its address: nobody has said that it is theirs, and what others ordered goes there, too.
        let about = mails_of(&account.id);
        self.mail.forget(&mut transaction, &about).await?;
        let text = Text::of(Letter::AccountDeleted, seat.language, &[]);
        let key = format!("{about}deleted");
        let message = Message { to: account.email, subject: text.subject, text: text.text, key };
        self.mail.queue(&mut transaction, message).await?;
        Ok(transaction.commit().await?)
    }
}
