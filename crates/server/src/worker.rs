//! Work that keeps a processor busy for long.

use std::{sync::Arc, thread};
use tokio::{
    sync::{Mutex, Semaphore},
    task::{JoinError, spawn_blocking},
};

/// Does one piece of work after the other, beside the requests: whoever sends many keeps one processor busy with them.
#[derive(Clone, Default)]
pub struct Worker {
    turn: Arc<Mutex<()>>,
}

impl Worker {
    /// Does `work` when its turn has come.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, JoinError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        spawn_blocking(move || {
            // Held in here: a request that went away leaves its work running.
            let _turn = turn;
            work()
        })
        .await
    }
}

/// Does work beside the requests, a piece at a time per core, for whoever asks. So many wait; the others are sent away, since each
/// waits for all before it.
#[derive(Clone)]
pub struct Turns {
    turns: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

/// Why work was not done.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// Too many at once.
    #[error("too many wait for their turn")]
    Busy,
    /// It panicked, or the server is stopping.
    #[error(transparent)]
    Stopped(#[from] JoinError),
}

impl Turns {
    /// A turn per core, and places for so many more.
    pub fn new(most_waiting: usize) -> Self {
        Self::of(thread::available_parallelism().map_or(1, usize::from), most_waiting)
    }

    /// So many turns at a time, and places for so many more.
    pub fn of(turns: usize, most_waiting: usize) -> Self {
        Self {
            turns: Arc::new(Semaphore::new(turns)),
            places: Arc::new(Semaphore::new(turns + most_waiting)),
        }
    }

    /// Does `work` when its turn has come.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, TurnError> {
        let _place = self.places.try_acquire().map_err(|_| TurnError::Busy)?;
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|_| TurnError::Busy)?;
        let worked = spawn_blocking(move || {
            // Held in here: a request that went away leaves its work running.
            let _turn = turn;
            work()
        });
        Ok(worked.await?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::poll;
    use std::sync::mpsc;

    #[tokio::test]
    async fn one_piece_after_the_other_also_of_who_went_away() {
        let worker = Worker::default();
        let (begun, begins) = mpsc::channel();
        let (release, held) = mpsc::channel::<()>();
        let first = worker.clone();
        let first = tokio::spawn(async move {
            let work = move || {
                begun.send(()).unwrap();
                held.recv().unwrap();
            };
            first.run(work).await
        });
        spawn_blocking(move || begins.recv().unwrap()).await.unwrap();
        first.abort();
        assert!(first.await.unwrap_err().is_cancelled());
        assert!(worker.turn.try_lock().is_err());
        release.send(()).unwrap();
        worker.run(|| ()).await.unwrap();
    }

    #[tokio::test]
    async fn who_finds_no_place_is_sent_away_and_who_goes_leaves_theirs() {
        let turns = Turns::of(1, 1);
        let (release, held) = mpsc::channel::<()>();
        let mut first = Box::pin(turns.run(move || held.recv().unwrap()));
        let mut second = Box::pin(turns.run(|| ()));
        assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
        assert!(matches!(turns.run(|| ()).await, Err(TurnError::Busy)));
        // Work goes on when nobody waits for it any more; its turn is not another's, its place is.
        drop(first);
        assert!(poll!(&mut second).is_pending());
        let mut third = Box::pin(turns.run(|| ()));
        assert!(poll!(&mut third).is_pending());
        drop(second);
        release.send(()).unwrap();
        third.await.unwrap();
        turns.run(|| ()).await.unwrap();
    }
}
