//! Work that keeps a processor busy for long.

use std::sync::Arc;
use tokio::{
    sync::Mutex,
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

#[cfg(test)]
mod tests {
    use super::*;
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
}
