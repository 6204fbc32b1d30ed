//! Telling somebody outside how a rollout ended. At least once: what could not be told is told again.

use super::{RegistryError, Releases, store};
use crate::clock;
use reqwest::redirect::Policy;
use std::time::Duration;

/// What is older is of no interest any more.
const NEWS: clock::Millis = 24 * 60 * 60 * 1000;
/// How long the other side may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// What could not be told is told again after so long, and then after twice that, and so on up to an hour.
const SOON: clock::Millis = 5_000;
const LATEST: clock::Millis = 60 * 60 * 1000;

/// What tells. Most redirections make a GET without the news of a POST: then nobody has heard. Two keep it as it is.
pub fn client() -> reqwest::Client {
    let policy = Policy::custom(|attempt| match attempt.status().as_u16() {
        307 | 308 if attempt.previous().len() < MOST_REDIRECTIONS => attempt.follow(),
        _ => attempt.stop(),
    });
    // It is made of nothing that could be missing.
    reqwest::Client::builder().redirect(policy).build().unwrap_or_default()
}

const MOST_REDIRECTIONS: usize = 5;

impl Releases {
    /// Tells the configured webhook of rollouts that ended.
    pub async fn tell(&self) -> Result<(), RegistryError> {
        let Some(url) = &self.configuration.webhook else { return Ok(()) };
        let now = clock::now();
        let untold = store::untold(&mut *self.database.read().await?, now - NEWS, now).await?;
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
            let refused = match sent {
                Ok(answer) if answer.status().is_success() => None,
                Ok(answer) => Some(answer.status().to_string()),
                Err(error) => Some(error.without_url().to_string()),
            };
            let mut db = self.database.write().await?;
            match refused {
                None => store::told(&mut db, &rollout).await?,
                Some(error) => {
                    let wait = SOON.saturating_mul(1 << rollout.tries.clamp(0, 20)).min(LATEST);
                    store::tell_later(&mut db, &rollout, clock::now() + wait).await?;
                    let app = &rollout.app;
                    tracing::warn!(error, app, wait, "the webhook could not be told; it is tried again");
                }
            }
            db.commit().await?;
        }
        Ok(())
    }
}
