//! The health of releases: what visitors' pages say of mounts, and whether a new release does worse.
//!
//! Reports come often and matter little one by one. They wait in a queue in memory, and one task writes them in
//! batches; when the queue is full they are shed, so that pages and orders are never slowed by them. What a crash loses
//! is a second of reports.

mod evidence;
mod handlers;
pub mod judge;
mod pass;
mod store;

pub use evidence::{Evidence, Question};
pub use handlers::routes;
pub use store::{ADDRESS_SCHEMA, SCHEMA, Seen, buckets, first_bucket};

use crate::{
    clock::{self, Millis},
    database::{Database, in_time, is_given_up},
    secret::{self, NoRandomness},
};
use pass::Key;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Mutex, mpsc};
use tokio_util::sync::CancellationToken;

/// Reports that may wait; those beyond are shed.
const QUEUE: usize = 20_000;
/// Reports that are written in one transaction: few enough that an order never waits long for its turn.
const BATCH: usize = 500;
/// How long a report waits for others.
const GATHERING: Duration = Duration::from_millis(300);
/// What the database gave up, since two waited for each other, is written again after such pauses: the other goes on meanwhile.
const AGAIN: [Duration; 3] = [Duration::from_millis(20), Duration::from_millis(200), Duration::from_secs(1)];
/// How long a batch may take.
const PATIENCE: Duration = Duration::from_secs(2 * 60);
/// How long reports are kept: charts show them.
const KEPT: Millis = 14 * 24 * 60 * 60 * 1000;

/// The health of releases.
#[derive(Clone)]
pub struct Health {
    database: Database,
    key: Key,
    queue: mpsc::Sender<Seen>,
    waiting: Arc<Mutex<mpsc::Receiver<Seen>>>,
    crowd: handlers::Crowd,
}

/// The server does not start without a key.
#[derive(Debug, thiserror::Error)]
pub enum HealthError {
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// The queue is full.
#[derive(Debug)]
pub struct Shed;

impl Health {
    /// With the key of this database.
    pub async fn new(database: Database) -> Result<Self, HealthError> {
        let mut transaction = database.write().await?;
        let key = store::key(&mut transaction, &secret::token()?).await?;
        transaction.commit().await?;
        let (queue, waiting) = mpsc::channel(QUEUE);
        let waiting = Arc::new(Mutex::new(waiting));
        Ok(Self { database, key: Key::new(key), queue, waiting, crowd: handlers::Crowd::new() })
    }

    /// The token for a page that is sent now.
    pub fn pass(&self) -> String {
        self.key.pass(clock::now())
    }

    /// Lets mounts wait to be counted.
    fn take(&self, seen: Seen) -> Result<(), Shed> {
        self.queue.try_send(seen).map_err(|_| Shed)
    }

    /// Writes what waits, until the server stops; the last ones too.
    pub async fn write(&self, stopping: CancellationToken) {
        let mut waiting = self.waiting.lock().await;
        loop {
            let mut batch = Vec::with_capacity(BATCH);
            tokio::select! {
                _ = waiting.recv_many(&mut batch, BATCH) => {}
                () = stopping.cancelled() => {
                    while waiting.try_recv().is_ok_and(|seen| { batch.push(seen); true }) {}
                    self.report(&batch).await;
                    return;
                }
            }
            self.report(&batch).await;
            if batch.len() < BATCH {
                tokio::time::sleep(GATHERING).await;
            }
        }
    }

    async fn report(&self, batch: &[Seen]) {
        if let Err(error) = in_time(PATIENCE, self.count(batch)).await {
            tracing::warn!(%error, lost = batch.len(), "reports of mounts could not be written");
        }
    }

    /// Counts mounts, all of them or none.
    pub async fn count(&self, batch: &[Seen]) -> Result<(), sqlx::Error> {
        if batch.is_empty() {
            return Ok(());
        }
        // Several servers may write the same mounts: in one order none waits for what another holds while that waits for it.
        let mut ordered: Vec<_> = batch.iter().collect();
        ordered.sort_by(|one, other| one.place().cmp(&other.place()));
        let mut written = self.write_down(&ordered).await;
        for pause in AGAIN {
            if !written.as_ref().is_err_and(is_given_up) {
                break;
            }
            tokio::time::sleep(pause).await;
            written = self.write_down(&ordered).await;
        }
        written
    }

    async fn write_down(&self, batch: &[&Seen]) -> Result<(), sqlx::Error> {
        let mut transaction = self.database.write().await?;
        for seen in batch {
            store::count(&mut transaction, seen).await?;
        }
        transaction.commit().await
    }

    /// Writes what waits now. Tests need not wait for the task then.
    pub async fn flush(&self) -> Result<(), sqlx::Error> {
        let mut waiting = self.waiting.lock().await;
        let mut batch = Vec::new();
        while let Ok(seen) = waiting.try_recv() {
            batch.push(seen);
        }
        self.count(&batch).await
    }

    /// Forgets old reports and addresses.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        self.crowd.sweep();
        let mut transaction = self.database.write().await?;
        store::sweep(&mut transaction, clock::now() - KEPT).await?;
        transaction.commit().await
    }
}
