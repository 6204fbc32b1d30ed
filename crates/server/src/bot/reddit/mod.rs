//! What can be heard: from Reddit, from the last good listing, or from our own.
//!
//! Nobody waits for Reddit but the first who asks for a listing that was never fetched, and they not for long.
//! Everything else is answered out of memory and refreshed in the background.

mod bundled;
mod client;
pub mod listing;

pub use client::{Client, RedditError};

use super::{
    settings::{Content, Settings},
    store::{self, ListingRow},
};
use crate::{
    clock::{self, Millis},
    database::{Database, in_time},
};
use listing::{Post, Shows};
use sqlx::AnyConnection;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{sync::OnceCell, time::Instant};

/// How long somebody waits for listings that were never fetched, all of them together.
pub const PATIENCE: Duration = Duration::from_millis(2_500);
/// How long a listing may take to be kept for the next start.
const KEEPING: Duration = Duration::from_secs(60);
/// What was deleted at Reddit must not live on here: an older listing is not shown.
const OLDEST: Millis = 48 * 60 * 60 * 1000;
/// A listing that failed is not tried again for so long.
const RETRY: Millis = 60 * 1000;
/// Listings that nobody asked for in this time are not refreshed.
const WANTED: Millis = 2 * 60 * 60 * 1000;

/// A listing at Reddit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The subreddit.
    pub subreddit: String,
    /// What posts are looked for; none for the day's best.
    pub about: Option<String>,
    /// Which parts of a post are shown.
    pub shows: Shows,
}

impl Source {
    /// Its name in the database.
    fn key(&self) -> String {
        let shows = match self.shows {
            Shows::Title => "title",
            Shows::TitleAndText => "text",
        };
        format!("{}/{shows}/{}", self.subreddit, self.about.as_deref().unwrap_or(""))
    }

    fn of_key(key: &str) -> Option<Self> {
        let (subreddit, rest) = key.split_once('/')?;
        let (shows, about) = rest.split_once('/')?;
        Some(Self {
            subreddit: subreddit.to_owned(),
            about: Some(about.to_owned()).filter(|about| !about.is_empty()),
            shows: if shows == "title" { Shows::Title } else { Shows::TitleAndText },
        })
    }
}

/// Where posts come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// From Reddit, as fresh as it should be.
    Reddit,
    /// From Reddit, but so many minutes ago: it is away, or does not want to be asked.
    Kept {
        /// How many.
        minutes: i64,
    },
    /// Written by us.
    Bundled,
}

impl Origin {
    /// For `source` of a webhook's answer.
    pub fn name(self) -> &'static str {
        match self {
            Self::Reddit => "reddit",
            Self::Kept { .. } => "reddit-kept",
            Self::Bundled => "bundled",
        }
    }
}

#[derive(Clone, Default)]
struct Kept {
    posts: Arc<Vec<Post>>,
    /// When the posts came; 0 for never.
    fetched_at: Millis,
    /// When it was last tried in vain.
    failed_at: Millis,
    /// When somebody last asked.
    wanted_at: Millis,
}

/// All that can be heard. Cheap to clone.
#[derive(Clone)]
pub struct Reddit(Arc<Parts>);

struct Parts {
    client: Option<Client>,
    database: Database,
    refresh: Millis,
    /// The day's best of all contents: always kept fresh.
    usual: Vec<Source>,
    kept: Mutex<HashMap<Source, Kept>>,
    loaded: OnceCell<()>,
    /// One request at a time.
    turn: tokio::sync::Mutex<()>,
}

impl Reddit {
    /// What the settings say; without credentials only our own.
    pub fn new(settings: &Settings, database: Database) -> Self {
        let client = settings.reddit.credentials.clone().and_then(|credentials| {
            let client = Client::new(&settings.reddit, credentials);
            client.inspect_err(|error| tracing::error!(%error, "Reddit will not be asked")).ok()
        });
        let usual = settings.contents.values().flat_map(|content| {
            let subreddits = content.subreddits.values().flatten();
            subreddits.map(|subreddit| source(subreddit, None, content.shows))
        });
        Self(Arc::new(Parts {
            client,
            database,
            refresh: Millis::from(settings.reddit.refresh_minutes.get()) * 60_000,
            usual: usual.collect(),
            kept: Mutex::default(),
            loaded: OnceCell::new(),
            turn: tokio::sync::Mutex::new(()),
        }))
    }

    /// Posts of a content in one language, the best source first. `about` is what Reddit is searched for, and `until` is
    /// how long somebody waits for it.
    pub async fn posts(
        &self,
        content: &Content,
        language: &str,
        about: Option<&str>,
        until: Instant,
    ) -> Vec<(Arc<Vec<Post>>, Origin)> {
        let mut found = Vec::new();
        for subreddit in content.subreddits.get(language).into_iter().flatten() {
            if about.is_some() {
                found.extend(self.listing(&source(subreddit, about, content.shows), until).await);
            }
            found.extend(self.listing(&source(subreddit, None, content.shows), until).await);
        }
        if let Some(bundled) = &content.bundled {
            found.push((bundled::posts(bundled, language, content.shows), Origin::Bundled));
        }
        found.retain(|(posts, _)| !posts.is_empty());
        found
    }

    async fn listing(&self, source: &Source, until: Instant) -> Option<(Arc<Vec<Post>>, Origin)> {
        self.load().await;
        let now = clock::now();
        let kept = self.want(source, now);
        if self.0.client.is_some() && self.is_due(&kept, now) {
            let task = tokio::spawn(self.clone().fetch(source.clone()));
            // Whoever has something to show does not wait.
            if kept.posts.is_empty() && tokio::time::timeout_at(until, task).await.is_err() {
                tracing::debug!(source = source.key(), "Reddit takes its time");
            }
        }
        let kept = self.want(source, now);
        let age = age(kept.fetched_at, clock::now());
        if kept.posts.is_empty() || age > OLDEST {
            return None;
        }
        // Twice the time between two rounds: a round that is on its way makes nothing old.
        let origin =
            if age <= 2 * self.0.refresh { Origin::Reddit } else { Origin::Kept { minutes: age / 60_000 } };
        Some((kept.posts, origin))
    }

    fn want(&self, source: &Source, now: Millis) -> Kept {
        let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = kept.entry(source.clone()).or_default();
        entry.wanted_at = now;
        entry.clone()
    }

    fn is_due(&self, kept: &Kept, now: Millis) -> bool {
        age(kept.fetched_at, now) >= self.0.refresh && age(kept.failed_at, now) >= RETRY
    }

    /// Fetches what is due of the usual listings and of those that were asked for lately.
    pub async fn refresh(&self) {
        if self.0.client.is_none() {
            return;
        }
        self.load().await;
        let now = clock::now();
        let mut due: Vec<Source> = self.0.usual.clone();
        {
            let kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            due.extend(kept.iter().filter(|(_, kept)| now - kept.wanted_at < WANTED).map(|(s, _)| s.clone()));
            due.retain(|source| kept.get(source).is_none_or(|kept| self.is_due(kept, now)));
        }
        for source in due {
            self.clone().fetch(source).await;
        }
    }

    /// Fetches one listing, unless somebody else just did.
    async fn fetch(self, source: Source) {
        let Some(client) = &self.0.client else { return };
        let _turn = self.0.turn.lock().await;
        let entry = |change: &dyn Fn(&mut Kept)| {
            let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            let entry = kept.entry(source.clone()).or_default();
            change(entry);
            entry.clone()
        };
        if !self.is_due(&entry(&|_| {}), clock::now()) {
            return;
        }
        match client.posts(&source.subreddit, source.about.as_deref(), source.shows).await {
            Ok(posts) => {
                let now = clock::now();
                let posts = Arc::new(posts);
                tracing::debug!(source = source.key(), posts = posts.len(), "listing fetched");
                entry(&|kept| {
                    kept.fetched_at = now;
                    kept.posts = Arc::clone(&posts);
                });
                self.keep(&source, &posts, now).await;
            }
            Err(error) => {
                tracing::warn!(%error, source = source.key(), "no listing from Reddit; what is there is used");
                entry(&|kept| kept.failed_at = clock::now());
            }
        }
    }

    /// Takes up what an earlier run of the server kept.
    async fn load(&self) {
        let load = || async {
            let rows = store::listings(&mut *self.0.database.read().await?).await?;
            let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            for row in rows {
                let (Some(source), Ok(posts)) =
                    (Source::of_key(&row.source), serde_json::from_str(&row.posts))
                else {
                    continue;
                };
                let entry = kept.entry(source).or_default();
                if entry.fetched_at < row.fetched_at {
                    (entry.posts, entry.fetched_at) = (Arc::new(posts), row.fetched_at);
                }
            }
            Ok::<(), sqlx::Error>(())
        };
        if let Err(error) = self.0.loaded.get_or_try_init(load).await {
            tracing::warn!(%error, "the listings that were kept cannot be read");
        }
    }

    /// Forgets listings that are too old to be shown, in memory and in the database.
    pub async fn sweep(&self, db: &mut AnyConnection) -> Result<(), sqlx::Error> {
        let now = clock::now();
        {
            let mut kept = self.0.kept.lock().unwrap_or_else(PoisonError::into_inner);
            // When it was tried and asked for is known a while longer.
            kept.retain(|_, kept| {
                if age(kept.fetched_at, now) > OLDEST {
                    kept.posts = Arc::default();
                }
                [kept.fetched_at, kept.failed_at, kept.wanted_at].iter().any(|at| age(*at, now) <= OLDEST)
            });
        }
        store::drop_listings(db, now - OLDEST).await
    }

    async fn keep(&self, source: &Source, posts: &[Post], at: Millis) {
        let Ok(posts) = serde_json::to_string(posts) else { return };
        let row = ListingRow { source: source.key(), fetched_at: at, posts };
        let kept = async {
            let mut transaction = self.0.database.write().await?;
            store::keep_listing(&mut transaction, &row).await?;
            transaction.commit().await
        };
        // The next listing waits for it.
        if let Err(error) = in_time(KEEPING, kept).await {
            tracing::warn!(%error, "a listing was not kept for the next start");
        }
    }
}

/// How long ago a moment is. One that is still to come was noted by a clock that was ahead, and counts as never.
fn age(at: Millis, now: Millis) -> Millis {
    if at > now { now } else { now - at }
}

fn source(subreddit: &str, about: Option<&str>, shows: Shows) -> Source {
    Source { subreddit: subreddit.to_owned(), about: about.map(str::to_owned), shows }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_comes_back_out_of_its_key() {
        for about in [None, Some("cat OR cats"), Some("a/b")] {
            for shows in [Shows::Title, Shows::TitleAndText] {
                let source = source("Jokes", about, shows);
                assert_eq!(Source::of_key(&source.key()), Some(source));
            }
        }
        assert_eq!(Source::of_key("Jokes"), None);
    }
}
