//! Mails: written down in the transaction that causes them, sent after it.
//!
//! 1. [`Mail::queue`] enters a mail in the caller's transaction, under a key that names the cause. A cause
//!    has one mail, however often it is entered; a transaction that is given up has none.
//! 2. [`Mail::run`] sends what waits, one after another. What could not be sent is tried again, later each
//!    time; of several servers one takes a mail.
//! 3. Where nobody hears that the other side took a mail, since a server dies before it is noted or the other side
//!    takes too long to say so, it is sent again, with the same `Message-ID`, by which mailboxes know it. Nothing
//!    else is sent twice.

mod post;
pub mod settings;
mod store;
pub mod texts;

pub use store::SCHEMA;
pub use texts::{Letter, Text};

use crate::{
    clock::{self, Millis},
    database::{Database, Transaction},
};
use post::Post;
pub use post::PostError;
use settings::Settings;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often somebody looks whether there is something to send.
const LOOK: Duration = Duration::from_secs(1);
/// How long a server has a mail for itself: longer than sending can take, by more than the clocks of two servers differ. Only
/// what a server had that died waits for it.
const TAKEN: Millis = 20 * MINUTE;
/// After the first failure, the second, …; then it is given up.
const PAUSES: [Millis; 8] = [
    MINUTE,
    5 * MINUTE,
    15 * MINUTE,
    60 * MINUTE,
    4 * 60 * MINUTE,
    12 * 60 * MINUTE,
    24 * 60 * MINUTE,
    24 * 60 * MINUTE,
];
const MINUTE: Millis = 60_000;
/// How long it is known that a cause had its mail.
const KNOWN: Millis = 400 * 24 * 60 * MINUTE;

/// A mail to be sent.
#[derive(Clone, Debug)]
pub struct Message {
    /// The address it goes to.
    pub to: String,
    /// Its subject, one line.
    pub subject: String,
    /// What it says, plain text.
    pub text: String,
    /// The cause: `order/confirmation/17`. A cause has one mail.
    pub key: String,
}

/// All mails.
#[derive(Clone)]
pub struct Mail {
    database: Database,
    post: Arc<Post>,
}

impl Mail {
    /// The mails in a database.
    pub fn new(database: Database, settings: &Settings) -> Result<Self, PostError> {
        Ok(Self { database, post: Arc::new(Post::new(settings)?) })
    }

    /// Has a mail sent when the caller's transaction is committed, once for its key.
    pub async fn queue(&self, transaction: &mut Transaction, message: Message) -> Result<(), sqlx::Error> {
        store::insert(transaction, &message, clock::now()).await
    }

    /// Gives up what waits to be sent to somebody, in the caller's transaction.
    pub async fn forget(&self, transaction: &mut Transaction, recipient: &str) -> Result<(), sqlx::Error> {
        store::forget(transaction, recipient).await
    }

    /// Sends what is there until the server stops. The one that is on its way then is seen to its end.
    pub async fn run(&self, stopping: &CancellationToken) {
        while stopping.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            if let Err(error) = self.send_due(clock::now(), stopping).await {
                tracing::warn!(%error, "could not see to the mails");
            }
        }
    }

    /// Sends every mail whose turn it is at `now`, unless the server stops meanwhile.
    pub async fn send_due(&self, now: Millis, stopping: &CancellationToken) -> Result<(), sqlx::Error> {
        let due = store::due(&mut *self.database.read().await?, now).await?;
        for (id, turn) in due {
            if stopping.is_cancelled() {
                break;
            }
            // A round may take long.
            let now = now.max(clock::now());
            let mut transaction = self.database.write().await?;
            let taken = store::take(&mut transaction, id, turn, now + TAKEN).await?;
            transaction.commit().await?;
            if let Some(letter) = taken {
                self.send(letter, now).await?;
            }
        }
        Ok(())
    }

    async fn send(&self, letter: store::Letter, now: Millis) -> Result<(), sqlx::Error> {
        let result = self.post.send(&letter).await;
        // It may have taken long.
        let now = now.max(clock::now());
        let mut transaction = self.database.write().await?;
        match (result, pause(letter.attempts)) {
            (Ok(()), _) => store::sent(&mut transaction, letter.id, clock::now()).await?,
            (Err(error), Some(pause)) if !error.is_final() => {
                tracing::warn!(%error, mail = letter.id, attempts = letter.attempts, "a mail could not be sent; it is tried again");
                store::again(&mut transaction, letter.id, now + pause).await?;
            }
            (Err(error), _) => {
                tracing::error!(%error, mail = letter.id, attempts = letter.attempts, "a mail was given up");
                store::give_up(&mut transaction, letter.id).await?;
            }
        }
        transaction.commit().await
    }

    /// Forgets causes that are long over.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        let mut transaction = self.database.write().await?;
        store::sweep(&mut transaction, clock::now() - KNOWN).await?;
        transaction.commit().await
    }
}

/// How long to wait after so many attempts; `None` when it was tried often enough.
fn pause(attempts: i64) -> Option<Millis> {
    let failed = usize::try_from(attempts).ok()?.checked_sub(1)?;
    PAUSES.get(failed).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_end() {
        let pauses: Vec<_> = (1..).map_while(pause).collect();
        assert_eq!(pauses.len(), PAUSES.len());
        assert!(pauses.is_sorted() && pauses[0] == MINUTE);
        assert_eq!((pause(0), pause(-1)), (None, None));
    }
}
