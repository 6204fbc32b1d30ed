//! Mails: written down in the transaction that causes them, sent after it.
//!
//! 1. [`Mail::queue`] enters a mail in the caller's transaction, under a key that names the cause. A cause
//!    has one mail, however often it is entered; a transaction that is given up has none.
//! 2. [`Mail::run`] sends what waits, one after another. What could not be sent is tried again, later each
//!    time; of several servers one takes a mail.
//! 3. Where nobody hears that the other side took a mail, since a server dies or is without its database before it is
//!    noted, or the other side takes too long to say so, it is sent again, with the same `Message-ID`, by which
//!    mailboxes know it. Nothing else is sent twice.

mod post;
pub mod settings;
mod store;
pub mod texts;

pub use store::{RECIPIENTS_SCHEMA, SCHEMA};
pub use texts::{Letter, Text};

use crate::{
    clock::{self, Millis},
    database::{Database, Transaction, in_time},
};
use post::Post;
pub use post::PostError;
use settings::Settings;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// How often somebody looks whether there is something to send.
const LOOK: Duration = Duration::from_secs(1);
/// How long the database may take for each step.
const PATIENCE: Duration = Duration::from_secs(60);
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
/// What became of a mail is noted again after such pauses where the database fails, for well under [`TAKEN`]: what is not
/// noted is sent again.
const NOTED_AGAIN: [Duration; 4] =
    [Duration::from_millis(100), Duration::from_secs(1), Duration::from_secs(10), Duration::from_secs(60)];
/// A key that ends so, and with a moment, has a mail that is of no use from then on: `…/until/1764523200000`.
pub const UNTIL: &str = "/until/";
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
    /// The cause: `order/{key}/order-placed`. A cause has one mail. It may end in [`UNTIL`] and a moment.
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

    /// Gives up what waits under keys that begin with `keys`, in the caller's transaction.
    pub async fn forget(&self, transaction: &mut Transaction, keys: &str) -> Result<(), sqlx::Error> {
        store::forget(transaction, keys).await
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
        let due =
            in_time(PATIENCE, async { store::due(&mut *self.database.read().await?, now).await }).await?;
        for (id, turn) in due {
            if stopping.is_cancelled() {
                break;
            }
            // A round may take long.
            let now = now.max(clock::now());
            let until = now + TAKEN;
            let take = async {
                let mut transaction = self.database.write().await?;
                let taken = store::take(&mut transaction, id, turn, until).await?;
                transaction.commit().await?;
                Ok::<_, sqlx::Error>(taken)
            };
            if let Some(letter) = in_time(PATIENCE, take).await? {
                let fate = self.hand_over(&letter, now).await;
                self.note((letter.id, until), fate, stopping).await?;
            }
        }
        Ok(())
    }

    /// Sends a mail whose turn it is at `now`.
    async fn hand_over(&self, letter: &store::Letter, now: Millis) -> Fate {
        let store::Letter { id: mail, attempts, .. } = *letter;
        if end(&letter.key).is_some_and(|end| end <= now) {
            tracing::error!(mail, attempts, "a mail was given up: it is of no use any more");
            return Fate::GivenUp;
        }
        let result = self.post.send(letter).await;
        // It may have taken long.
        let now = now.max(clock::now());
        match (result, pause(attempts)) {
            (Ok(()), _) => Fate::Sent,
            (Err(error), Some(pause)) if !error.is_final() => {
                tracing::warn!(%error, mail, attempts, "a mail could not be sent; it is tried again");
                Fate::Again(now + pause)
            }
            (Err(error), _) => {
                tracing::error!(%error, mail, attempts, "a mail was given up");
                Fate::GivenUp
            }
        }
    }

    /// Notes what became of a mail that is taken until a moment, whatever the database says at first; a server that stops
    /// tries once more.
    async fn note(
        &self,
        mail: (i64, Millis),
        fate: Fate,
        stopping: &CancellationToken,
    ) -> Result<(), sqlx::Error> {
        let mut noted = in_time(PATIENCE, self.write_down(mail, fate)).await;
        for pause in NOTED_AGAIN {
            if noted.is_ok() {
                break;
            }
            let waited = stopping.run_until_cancelled(tokio::time::sleep(pause)).await;
            noted = in_time(PATIENCE, self.write_down(mail, fate)).await;
            if waited.is_none() {
                break;
            }
        }
        noted
    }

    async fn write_down(&self, (mail, until): (i64, Millis), fate: Fate) -> Result<(), sqlx::Error> {
        let mut transaction = self.database.write().await?;
        match fate {
            Fate::Sent => store::sent(&mut transaction, mail, clock::now()).await?,
            Fate::Again(next) => store::again(&mut transaction, mail, until, next).await?,
            Fate::GivenUp => store::give_up(&mut transaction, mail).await?,
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

/// What became of a mail.
#[derive(Clone, Copy)]
enum Fate {
    Sent,
    /// It is tried again then.
    Again(Millis),
    GivenUp,
}

/// From when on a mail is of no use, where its key says so.
fn end(key: &str) -> Option<Millis> {
    key.rsplit_once(UNTIL)?.1.parse().ok()
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

    #[test]
    fn a_key_may_say_when_its_mail_ends() {
        for (key, expected) in [
            ("account/a/reset/b/until/1764523200000", Some(1_764_523_200_000)),
            ("order/until/1/order-placed", None),
            ("order/a/until/1/order-placed", None),
            ("account/a/deleted", None),
            ("a/until/", None),
        ] {
            assert_eq!(end(key), expected, "{key}");
        }
    }
}
