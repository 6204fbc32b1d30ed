//! Telling somebody outside how a rollout ended. At least once: what could not be told is told again.

use super::{RegistryError, Releases, store};
use crate::clock;
use std::time::Duration;

/// What is older is of no interest any more.
const NEWS: clock::Millis = 24 * 60 * 60 * 1000;
/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);

impl Releases {
    /// Tells the configured webhook of rollouts that ended.
    pub async fn tell(&self) -> Result<(), RegistryError> {
        let Some(url) = &self.configuration.webhook else { return Ok(()) };
        let untold = store::untold(&mut *self.database.read().await?, clock::now() - NEWS).await?;
        for rollout in untold {
            let news = serde_json::json!({
                "event": format!("rollout.{}", rollout.state),
                "app": rollout.app,
                "version": rollout.version,
                "before": rollout.before,
                "reason": rollout.reason,
                "at": clock::rfc3339(rollout.ended_at),
            });
            let sent = self.client.post(url.as_str()).timeout(PATIENCE).json(&news).send().await;
            match sent.and_then(reqwest::Response::error_for_status) {
                Ok(_) => {
                    let mut db = self.database.write().await?;
                    store::told(&mut db, &rollout).await?;
                    db.commit().await?;
                }
                Err(error) => {
                    let error = error.without_url();
                    tracing::warn!(%error, app = rollout.app, "the webhook could not be told; it is tried again");
                }
            }
        }
        Ok(())
    }
}
