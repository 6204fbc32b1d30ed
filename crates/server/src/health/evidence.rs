//! What a look at a rollout goes by: the reports of two releases over the same time, and how many are of this step.

use super::{judge::Arm, store};
use crate::clock::Millis;
use contract::registry::rollout::{Health, Mounts};
use sqlx::AnyConnection;

/// The newest reports of a release that are weighed: a look takes no longer the longer a rollout lasts, and so many tell
/// differences that are far smaller than those that matter.
const MOST: u32 = 50_000;

/// The evidence of one look.
#[derive(Clone, Debug)]
pub struct Evidence {
    /// For people: all visitors, but of the time only those who are judged.
    pub health: Health,
    /// The release that is rolled out.
    pub new: Arm,
    /// The one before it.
    pub before: Arm,
    /// From how many addresses the new release was heard of after `heard_at`; at most as many as are asked for.
    pub fresh: u64,
    /// When the last report of the new release came, by the clock of the server that took it.
    pub heard_at: Millis,
}

/// What is compared.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The microapp.
    pub app: &'a str,
    /// The version that is rolled out.
    pub new: &'a str,
    /// The one before it.
    pub before: &'a str,
    /// Since when.
    pub since: Millis,
    /// Reports of the new release after this moment are fresh.
    pub heard_at: Millis,
    /// How many fresh ones are enough.
    pub fresh: u64,
}

impl Evidence {
    /// Looks it up.
    pub async fn find(db: &mut AnyConnection, asked: Question<'_>) -> Result<Self, sqlx::Error> {
        let Question { app, new, before, since, heard_at, fresh } = asked;
        let mut since = since;
        for version in [new, before] {
            since = since.max(store::newest_since(db, app, version, since, MOST).await?);
        }
        let [of_new, of_before] = store::arms(db, app, [new, before], since).await?;
        let told = async |db: &mut AnyConnection, version, arm: &Arm| {
            let p75_ms = arm.times.map(|times| times.p75 as u32);
            store::mounts(db, app, version, since).await.map(|mounts| Mounts { p75_ms, ..mounts })
        };
        let health =
            Health { new: told(db, new, &of_new).await?, before: told(db, before, &of_before).await? };
        let heard = since.max(heard_at + 1);
        Ok(Self {
            health,
            new: of_new,
            before: of_before,
            fresh: store::addresses_since(db, app, new, heard, fresh).await?,
            heard_at: store::last_heard(db, app, new).await?.unwrap_or(heard_at),
        })
    }
}
