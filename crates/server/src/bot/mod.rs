//! The bot: agents that answer on the server, what the shop's own agent asks for, and what jokes are made of.
//!
//! 1. [`routes`]: the shop's fulfilment, and the call of any agent's own webhook for a page that runs the agent
//!    itself.
//! 2. [`detect_routes`]: `detectIntent` and contexts, for Google's client libraries.
//!
//! Neither looks at cookies. A session is named by a random id in the request, and nothing here is anybody's
//! secret: so any page may ask.

pub mod agents;
mod contexts;
mod detect;
pub mod dialogflow;
mod fulfilment;
mod handlers;
mod outbound;
pub mod reddit;
mod sessions;
pub mod settings;
mod store;
mod webhook;
mod written;

pub use detect::routes as detect_routes;
pub use handlers::routes;
pub use store::{SCHEMA, SESSIONS_SCHEMA};

use crate::{
    clock,
    database::Database,
    pace::{Pace, TooMany},
    secret::{self, NoRandomness},
};
use agents::Agents;
use outbound::OutboundError;
use reddit::Reddit;
use sessions::Sessions;
use settings::Settings;
use std::{net::IpAddr, num::NonZeroU32, path::PathBuf, sync::Arc, time::Duration};
use webhook::Webhooks;

/// What was heard is forgotten after a day: no session lasts longer.
const HEARD_FOR: i64 = 24 * 60 * 60 * 1000;
/// How often listings are looked after.
pub const REFRESH: Duration = Duration::from_secs(30);

/// How often one e-mail address may be asked for its orders: their numbers are counted up, and could be tried one by one.
const LOOKUPS_BURST: NonZeroU32 = NonZeroU32::new(10).expect("not zero");
const LOOKUPS_PACE: Duration = Duration::from_secs(60);

/// The bot.
pub struct Bot {
    settings: Arc<Settings>,
    database: Database,
    agents: Agents,
    sessions: Sessions,
    reddit: Reddit,
    webhooks: Webhooks,
    addresses: Pace<IpAddr>,
    callers: Pace<String>,
    lookups: Pace<String>,
}

/// The bot cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("the machine's certificates cannot be read: {0}")]
pub struct NoBot(#[from] OutboundError);

impl Bot {
    /// With agents from a folder beside the shop's own.
    pub fn new(settings: Arc<Settings>, agents: Option<PathBuf>, database: Database) -> Result<Self, NoBot> {
        Ok(Self {
            agents: Agents::new(agents),
            sessions: Sessions::new(database.clone()),
            reddit: Reddit::new(&settings, database.clone()),
            webhooks: Webhooks::new(Arc::clone(&settings))?,
            addresses: Pace::per_minute(settings.limits.address_per_minute),
            callers: Pace::per_minute(settings.limits.session_per_minute),
            lookups: Pace::new(LOOKUPS_BURST, LOOKUPS_PACE),
            settings,
            database,
        })
    }

    /// What holds for it.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What can be heard.
    pub fn reddit(&self) -> &Reddit {
        &self.reddit
    }

    /// A number below `count`.
    fn random(&self, count: usize) -> Result<usize, NoRandomness> {
        let count = u64::try_from(count).unwrap_or(u64::MAX);
        let at = (u64::from(secret::random()?) * count) >> 32;
        Ok(usize::try_from(at).unwrap_or(0))
    }

    /// Counts a look for an order of an e-mail address.
    fn look_up(&self, email: &str) -> Result<(), TooMany> {
        // What is typed may be long; what is kept of it is not.
        self.lookups.check(&secret::hash(email.trim().to_lowercase()))
    }

    fn count(&self, address: IpAddr) -> Result<(), TooMany> {
        self.addresses.check(&address)
    }

    /// Forgets what is over.
    pub async fn sweep(&self) -> Result<(), sqlx::Error> {
        self.addresses.sweep();
        self.callers.sweep();
        self.lookups.sweep();
        let mut transaction = self.database.write().await?;
        let now = clock::now();
        store::forget(&mut transaction, now - HEARD_FOR).await?;
        store::forget_sessions(&mut transaction, now - sessions::LIFETIME, now + sessions::LIFETIME).await?;
        self.reddit.sweep(&mut transaction).await?;
        transaction.commit().await
    }
}
