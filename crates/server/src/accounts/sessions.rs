//! Which browsers are signed in, and ending that.

use super::{AccountError, AccountRow, Accounts, Result, store::sessions};
use crate::{
    clock::{self, Millis},
    secret,
};
use contract::shop::account::SignedInBrowser;

/// How exactly it is known when a session was last seen.
const GRAIN: Millis = 5 * 60 * 1000;

impl Accounts {
    /// Whose session a cookie is.
    pub async fn whose(&self, token: &str) -> std::result::Result<Option<AccountRow>, sqlx::Error> {
        let (token, now) = (secret::hash(token), clock::now());
        let found = sessions::find(&mut *self.database.read().await?, &token, now).await?;
        if found.as_ref().is_some_and(|found| found.seen_at + GRAIN < now) {
            // That it was seen is worth less than what was asked for.
            if let Err(error) = self.see(&token, now).await {
                tracing::warn!(%error, "could not note that a session was seen");
            }
        }
        Ok(found.map(AccountRow::from))
    }

    async fn see(&self, token: &str, now: Millis) -> std::result::Result<(), sqlx::Error> {
        // Nobody who looks at a page waits for those who write; the next look notes it.
        let Some(mut transaction) = self.database.write_if_free().await? else { return Ok(()) };
        sessions::see(&mut transaction, token, now).await?;
        transaction.commit().await
    }

    /// The browsers that are signed in; `own` is the cookie of the one that asks.
    pub async fn sessions(&self, account: &str, own: Option<&str>) -> Result<Vec<SignedInBrowser>> {
        let own = own.map(secret::hash);
        let rows = sessions::of(&mut *self.database.read().await?, account, clock::now()).await?;
        let browser = |row: sessions::SessionRow| SignedInBrowser {
            current: Some(&row.token) == own.as_ref(),
            id: row.token.chars().take(16).collect(),
            device: row.device,
            since: known(row.begun_at),
            seen: known(row.seen_at),
        };
        Ok(rows.into_iter().map(browser).collect())
    }

    /// Ends one of an account's sessions.
    pub async fn end_session(&self, account: &str, name: &str) -> Result<()> {
        let mut transaction = self.database.write().await?;
        if !sessions::end_named(&mut transaction, account, name).await? {
            return Err(AccountError::Unknown);
        }
        Ok(transaction.commit().await?)
    }

    /// Ends all of an account's sessions but the one of this cookie.
    pub async fn end_other_sessions(&self, account: &str, own: Option<&str>) -> Result<()> {
        let own = own.map(secret::hash).unwrap_or_default();
        let mut transaction = self.database.write().await?;
        sessions::end_others(&mut transaction, account, &own).await?;
        Ok(transaction.commit().await?)
    }
}

/// A moment that is known, where 0 stands for one that is not.
pub(super) fn known(at: Millis) -> Option<String> {
    (at > 0).then(|| clock::rfc3339(at))
}
