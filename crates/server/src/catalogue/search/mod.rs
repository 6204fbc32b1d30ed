//! Finding products.
//!
//! 1. [`index`] finds, filters and counts, in memory. It is derived from the database and ends with the process: a
//!    crash cannot leave it wrong.
//! 2. Every import raises the catalogue's revision in its own transaction. Each question looks at it; when it is
//!    not the index's, a new index is built while the old one answers.
//! 3. [`plain`] answers with the database alone while there is no index.

mod choice;
mod index;
mod options;
mod plain;
mod prices;
mod shelf;
mod text;
mod words;

pub use index::{Found, MOST_READINGS, MOST_SUGGESTIONS};
pub use options::Kind;
pub use plain::Wanted;

use super::store;
use crate::{
    database::{Database, in_time},
    language::Language,
    worker::{TurnError, Turns},
};
use contract::shop::catalogue::{ProductQuery, Suggestions};
use index::{Index, IndexError};
use shelf::InStock;
use std::{
    collections::HashSet,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::sync::{Mutex, MutexGuard};

/// When it is worth trying again to build an index that could not be built.
const AGAIN: Duration = Duration::from_secs(2);
/// How long an index may take to be built; others wait for it.
const BUILDING: Duration = Duration::from_secs(10 * 60);
/// How many searches wait for their turn before the others are sent away: more than a busy moment brings, and few enough that the last
/// of them is answered in time.
const MOST_WAITING: usize = 256;
/// How old what is known of the stock may be.
const STOCK_AGE: Duration = Duration::from_secs(1);

/// The search, shared by all requests.
#[derive(Clone)]
pub struct Search {
    database: Database,
    index: Arc<RwLock<Option<Arc<Index>>>>,
    /// Held by who builds; when it failed last.
    building: Arc<Mutex<Option<Instant>>>,
    stock: Arc<Mutex<Option<Stock>>>,
    turns: Turns,
}

/// Why nothing was looked for.
#[derive(Debug, thiserror::Error)]
pub enum SearchError {
    /// Too many at once.
    #[error("too many are searching at once")]
    Busy,
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
}

/// What can be bought, of one index.
struct Stock {
    read: Instant,
    revision: i64,
    in_stock: Arc<InStock>,
}

impl Search {
    /// Without an index yet.
    pub fn new(database: Database) -> Self {
        Self {
            database,
            index: Arc::default(),
            building: Arc::default(),
            stock: Arc::default(),
            turns: Turns::new(MOST_WAITING),
        }
    }

    /// Brings the index up to date, and waits for it. A failure is logged: the search goes on without.
    pub async fn refresh(&self) {
        let failed = self.building.lock().await;
        self.build(failed).await;
    }

    /// The products that `query` asks for. `None` when there is no index.
    pub async fn find(
        &self,
        query: &ProductQuery,
        page: i64,
        per_page: i64,
    ) -> Result<Option<Found>, SearchError> {
        let Some(index) = self.index().await? else { return Ok(None) };
        let in_stock = self.in_stock(&index).await?;
        // The other thread knows nothing of the request.
        let (query, language) = (query.clone(), Language::now());
        self.apart(move || index.find(&query, language, &in_stock, page, per_page)).await
    }

    /// What somebody may mean who has typed so much. `None` when there is no index.
    pub async fn suggest(&self, typed: &str) -> Result<Option<Suggestions>, SearchError> {
        let Some(index) = self.index().await? else { return Ok(None) };
        let (typed, language) = (typed.to_owned(), Language::now());
        self.apart(move || index.suggest(&typed, language)).await
    }

    /// Beside the threads that wait for the network, when its turn has come. `None` when the index failed, which is logged.
    async fn apart<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, IndexError> + Send + 'static,
    ) -> Result<Option<T>, SearchError> {
        let answer = match self.turns.run(work).await {
            Ok(answer) => answer,
            Err(TurnError::Busy) => return Err(SearchError::Busy),
            Err(TurnError::Stopped(error)) => Err(error.into()),
        };
        Ok(answer.map_err(|error| tracing::error!(%error, "the search index failed")).ok())
    }

    /// The index that there is; a newer one is built beside if need be.
    async fn index(&self) -> Result<Option<Arc<Index>>, sqlx::Error> {
        let revision = store::revision(&mut *self.database.read().await?).await?;
        let index = self.held();
        if index.as_ref().is_none_or(|index| index.revision != revision) {
            self.refresh_beside();
        }
        Ok(index)
    }

    /// Begins a newer index if there is something new to find.
    pub async fn follow(&self) -> Result<(), sqlx::Error> {
        self.index().await.map(drop)
    }

    /// Brings the index up to date while the old one answers.
    fn refresh_beside(&self) {
        let search = self.clone();
        tokio::spawn(async move {
            if let Ok(failed) = search.building.try_lock()
                && failed.is_none_or(|at| at.elapsed() > AGAIN)
            {
                search.build(failed).await;
            }
        });
    }

    fn held(&self) -> Option<Arc<Index>> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    async fn build(&self, mut failed: MutexGuard<'_, Option<Instant>>) {
        let held = self.held().map(|index| index.revision);
        let began = Instant::now();
        match in_time(BUILDING, Index::read(&self.database, held)).await {
            Ok(Some(index)) => {
                tracing::info!(
                    products = index.products(),
                    revision = index.revision,
                    milliseconds = began.elapsed().as_millis(),
                    "the search index is up to date"
                );
                *self.index.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(index));
                *failed = None;
            }
            Ok(None) => *failed = None,
            Err(error) => {
                let what =
                    if held.is_some() { "the old index answers" } else { "the database alone answers" };
                tracing::error!(%error, "the search index could not be built; {what}");
                *failed = Some(Instant::now());
            }
        }
    }

    async fn in_stock(&self, index: &Index) -> Result<Arc<InStock>, sqlx::Error> {
        let mut stock = self.stock.lock().await;
        if let Some(Stock { read, revision, in_stock }) = &*stock
            && *revision == index.revision
            && read.elapsed() < STOCK_AGE
        {
            return Ok(Arc::clone(in_stock));
        }
        let read = Instant::now();
        let sold_out: HashSet<i64> = store::index::sold_out(&mut *self.database.read().await?).await?;
        let in_stock = Arc::new(index.in_stock(&sold_out));
        *stock = Some(Stock { read, revision: index.revision, in_stock: Arc::clone(&in_stock) });
        Ok(in_stock)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::problem::Failure;
    use axum::{http::StatusCode, response::IntoResponse as _};

    #[tokio::test]
    async fn who_finds_no_place_is_told_to_come_again() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::connect(&format!("sqlite:{}/x.sqlite", folder.path().display())).await;
        let search = Search { turns: Turns::of(0, 0), ..Search::new(database.unwrap()) };
        let refused = search.apart(|| Ok(())).await.unwrap_err();
        let answer = Failure::from(refused).into_response();
        assert_eq!(answer.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers()["retry-after"], "5");
    }
}
