//! Releases: the registry that takes them, what is live of them, and their files.
//!
//! Publishing: the files go into the file store under their hashes, then one transaction enters the
//! release, and makes it live where that is asked for. Killed in between, nothing of it is visible, and
//! publishing again goes on where it stopped.

mod admission;
mod console;
mod deltas;
mod embed;
mod encoding;
mod error;
mod files;
mod handlers;
mod hosting;
mod live;
mod pruning;
mod registry;
pub mod rollouts;
mod status;
mod store;
mod webhook;

pub use error::RegistryError;
pub use hosting::routes as hosting_routes;
pub use store::{EVIDENCE_SCHEMA, ROLLOUTS_SCHEMA, SCHEMA, TELLING_SCHEMA};

use crate::{
    clock,
    config::Configuration,
    database::{Database, Transaction, in_time},
    objects::{Objects, PlaceError},
    state::Server,
    worker::Worker,
};
use ::release::{Files, archive, verify};
use contract::{
    registry::rollout::RolloutState,
    release::{DESCRIPTION_FILE, Release},
};
use error::Invalid;
use files::FileStore;
use live::Live;
pub use live::LiveError;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};
use tokio::{
    sync::{OwnedMutexGuard, watch},
    time::timeout,
};
use utoipa_axum::router::OpenApiRouter;

/// How long a page waits for what is live now rather than to be given what was; and what could not be read is tried again after it.
const PATIENCE: Duration = Duration::from_secs(3);

/// How long the question for the manifest's revision may take.
const ANSWER: Duration = Duration::from_secs(10);
/// How long what is live may take to be read, with files from a slow store.
const READING: Duration = Duration::from_secs(2 * 60);

/// How long the file store may take while everybody else who writes waits.
const UNDER_LOCK: Duration = Duration::from_secs(2);

/// The registry.
#[derive(Clone)]
pub struct Releases {
    database: Database,
    files: FileStore,
    /// Looks at uploads.
    checking: Worker,
    configuration: Arc<Configuration>,
    /// The last that was seen live; what is served while the database is away.
    live: Arc<RwLock<Option<Arc<Live>>>>,
    /// Descriptions by address; they never change.
    known: Arc<RwLock<HashMap<String, Arc<Description>>>>,
    revision: Arc<watch::Sender<i64>>,
    /// Held by whoever reads what is live; when that last failed.
    reading: Arc<tokio::sync::Mutex<Option<Instant>>>,
    /// When the registry was last asked in vain.
    away: Arc<Mutex<Option<Instant>>>,
    /// For the webhook.
    client: reqwest::Client,
}

/// A release and its `microapp.json`, byte for byte.
struct Description {
    text: String,
    release: Release,
}

impl Description {
    fn read(text: String) -> serde_json::Result<Arc<Self>> {
        Ok(Arc::new(Self { release: serde_json::from_str(&text)?, text }))
    }
}

/// Whether a published release becomes the live one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Kept, and served at its address.
    Keep,
    /// Live for everybody from now on, unless it is held.
    Live,
    /// The same, and its Web APIs are allowed.
    LiveAllowed,
}

/// What publishing did.
#[derive(Debug)]
pub struct Published {
    /// The release.
    pub release: Release,
    /// Whether it was new.
    pub created: bool,
    /// Whether it is live for everybody.
    pub live: bool,
    /// Web APIs that hold it.
    pub held: Vec<String>,
    /// The app's newest revision afterwards; 0 while nothing of it is live.
    pub revision: i64,
}

impl Releases {
    /// A registry with its files among `objects`.
    pub fn new(database: Database, objects: Objects, configuration: Arc<Configuration>) -> Self {
        Self {
            database,
            files: FileStore::new(objects),
            checking: Worker::default(),
            configuration,
            live: Arc::default(),
            known: Arc::default(),
            revision: Arc::new(watch::Sender::new(0)),
            reading: Arc::default(),
            away: Arc::default(),
            client: webhook::client(),
        }
    }

    /// Publishes a release that [`check`] found good, in the name of `who`.
    pub async fn publish(
        &self,
        release: Release,
        files: Files,
        stage: Stage,
        who: &str,
    ) -> Result<Published, RegistryError> {
        let text = files.get(DESCRIPTION_FILE).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let text = text.unwrap_or_default();
        let (name, version) = (&release.name, &release.version);
        let exists = || RegistryError::Exists { name: name.clone(), version: version.clone() };

        let known = store::release(&mut *self.database.read().await?, name, version).await?;
        if known.as_ref().is_some_and(|known| known.description != text) {
            return Err(exists());
        }
        // What is refused anyway leaves no files behind.
        if stage != Stage::Keep && known.is_none() {
            let everything = admission::live_releases(&mut *self.database.read().await?).await?;
            admission::check_routes(&release, &everything)?;
        }
        // Also what is there already: what was just written is not let go of, whoever prunes meanwhile.
        self.files.keep(&release, &files).await?;
        self.keep_own_deltas(&release).await?;

        let now = clock::now();
        let mut db = self.lock_with_files(&release, &files).await?;
        let before = store::release(&mut db, name, version).await?;
        if before.as_ref().is_some_and(|before| before.description != text) {
            return Err(exists());
        }
        store::insert(&mut db, name, version, &text, now, who).await?;
        let everything = admission::live_releases(&mut db).await?;
        let current = store::live_of(&mut db, name).await?;
        let mut live = current.is_some_and(|live| live.version == *version && live.percent == 100);
        let allowed =
            stage == Stage::LiveAllowed || before.as_ref().is_some_and(|before| before.allowed_by.is_some());
        let added = admission::difference(&release, &everything).added;
        let held = if allowed || live { Vec::new() } else { added.clone() };
        if stage != Stage::Keep && !live && held.is_empty() {
            admission::check_routes(&release, &everything)?;
            if stage == Stage::LiveAllowed && !added.is_empty() {
                store::allow(&mut db, name, version, who).await?;
            }
            if let Some(rollout) = store::under_way(&mut db, name).await? {
                let end = match rollout.version == *version {
                    true => RolloutState::Complete,
                    false => RolloutState::Superseded,
                };
                let reason = format!("{version} went live for everybody");
                store::end_rollout(&mut db, rollout.id, end, &reason, now).await?;
            }
            store::set_faulty(&mut db, name, version, None).await?;
            let change =
                store::Change { app: name, version, percent: 100, before: None, who, why: "published" };
            store::add_revision(&mut db, change, now).await?;
            store::raise_manifest(&mut db).await?;
            live = true;
        }
        let revision = store::newest(&mut db, name).await?.map_or(0, |newest| newest.revision);
        self.commit(db).await?;
        tracing::info!(name, version, revision, ?stage, ?held, "published");
        if live {
            self.keep_deltas_later(release.clone());
        }
        Ok(Published { created: before.is_none(), live, held, revision, release })
    }

    /// Holds what is live, with all files of a release there: from then on nobody deletes any, and one may have been about to be
    /// deleted when it was written. Others wait for us to let go, so a store that does not answer is not waited for.
    async fn lock_with_files(&self, release: &Release, files: &Files) -> Result<Transaction, RegistryError> {
        loop {
            let mut db = self.database.write().await?;
            store::lock_manifest(&mut db).await?;
            let has_all = timeout(UNDER_LOCK, self.files.has_all(release)).await;
            if has_all.unwrap_or_else(|_| Err(files::silent()))? {
                return Ok(db);
            }
            drop(db);
            self.files.keep(release, files).await?;
        }
    }

    /// What is live now; while the database is away, what was.
    async fn live(&self) -> Result<Arc<Live>, LiveError> {
        let Some(last) = self.last() else { return self.refresh(None).await };
        if self.is_away() {
            return Ok(last);
        }
        let refreshed = self.refresh(Some(&last)).await;
        *self.away.lock().unwrap_or_else(PoisonError::into_inner) = refreshed.is_err().then(Instant::now);
        Ok(refreshed.unwrap_or_else(|error| {
            tracing::warn!(%error, "the registry cannot be read; serving what was live");
            last
        }))
    }

    /// The last that was seen live.
    fn last(&self) -> Option<Arc<Live>> {
        self.live.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the registry did not answer a moment ago. Of those who come later one asks again, for all.
    fn is_away(&self) -> bool {
        let mut away = self.away.lock().unwrap_or_else(PoisonError::into_inner);
        match *away {
            Some(at) if at.elapsed() < PATIENCE => true,
            Some(_) => {
                *away = Some(Instant::now());
                false
            }
            None => false,
        }
    }

    async fn refresh(&self, last: Option<&Arc<Live>>) -> Result<Arc<Live>, LiveError> {
        let revision =
            in_time(ANSWER, async { store::manifest_revision(&mut *self.database.read().await?).await })
                .await?;
        if let Some(last) = last.filter(|last| last.revision == revision) {
            return Ok(Arc::clone(last));
        }
        // One reads it; the others wait, without a connection in hand, and find it read.
        let turn = Arc::clone(&self.reading).lock_owned();
        let Some(last) = last else { return self.read(revision, None, turn.await).await };
        // What was live is better than a long wait. Reading goes on meanwhile.
        let Ok(turn) = timeout(PATIENCE, turn).await else { return Ok(Arc::clone(last)) };
        let (releases, before) = (self.clone(), Arc::clone(last));
        let reading = tokio::spawn(async move { releases.read(revision, Some(before), turn).await });
        match timeout(PATIENCE, reading).await {
            Ok(Ok(read)) => read,
            _ => Ok(Arc::clone(last)),
        }
    }

    async fn read(
        &self,
        revision: i64,
        before: Option<Arc<Live>>,
        mut failed: OwnedMutexGuard<Option<Instant>>,
    ) -> Result<Arc<Live>, LiveError> {
        let paused = failed.is_some_and(|at| at.elapsed() < PATIENCE);
        // A number beyond ours is what somebody else has read since; else the registry went back, as a restored one does.
        let is_news = |found: &Arc<Live>| before.as_ref().is_none_or(|before| !Arc::ptr_eq(before, found));
        let is_read =
            |found: &Arc<Live>| found.revision == revision || found.revision > revision && is_news(found);
        match self.last() {
            Some(found) if paused || is_read(&found) => return Ok(found),
            None if paused => return Err(LiveError::Paused),
            _ => {}
        }
        // Who reads it holds the turn of all.
        let read = in_time(READING, Live::load(&self.database, &self.files, &self.configuration)).await;
        *failed = read.is_err().then(Instant::now);
        let live = Arc::new(read?);
        if let Some(before) = before.filter(|before| before.revision > live.revision) {
            tracing::warn!(
                from = before.revision,
                to = live.revision,
                "the registry went back; so does what is live"
            );
        }
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&live));
        Ok(live)
    }

    /// Whether a visitor can have this release now. What was live a moment ago costs no question to the database.
    pub async fn is_live(&self, app: &str, version: &str) -> Result<bool, LiveError> {
        let has = |live: Arc<Live>| live.description(app, version).is_some();
        Ok(self.last().is_some_and(has) || has(self.live().await?))
    }

    /// A release's description, at its address.
    async fn describe(&self, app: &str, version: &str) -> Result<Option<Arc<Description>>, LiveError> {
        // What is live is there while the database is away.
        if let Some(live) = self.last().and_then(|last| last.description(app, version)) {
            return Ok(Some(live));
        }
        let address = format!("{app}/{version}");
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&address).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let entered = store::release(&mut *self.database.read().await?, app, version).await?;
        let Some(entered) = entered.filter(|entered| entered.pruned_at.is_none()) else { return Ok(None) };
        let description = Description::read(entered.description)?;
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= 1_000 {
            known.clear();
        }
        known.insert(address, Arc::clone(&description));
        Ok(Some(description))
    }

    /// Reads a release's description anew the next time.
    fn forget(&self, app: &str, version: &str) {
        let address = format!("{app}/{version}");
        self.known.write().unwrap_or_else(PoisonError::into_inner).remove(&address);
    }

    /// Rises when something goes live.
    fn revisions(&self) -> watch::Receiver<i64> {
        self.revision.subscribe()
    }
}

/// Whether the files of what was published last lie among `objects`; so they do where nothing was published.
pub async fn are_among(objects: &Objects, database: &Database) -> Result<bool, PlaceError> {
    let description = store::newest_description(&mut *database.read().await?).await?;
    match description.map(|text| serde_json::from_str::<Release>(&text)) {
        Some(Ok(release)) => Ok(FileStore::new(objects.clone()).has_all(&release).await?),
        _ => Ok(true),
    }
}

/// The registry's routes; they take a bearer token and no cookie.
pub fn registry_routes() -> OpenApiRouter<Server> {
    registry::routes().merge(handlers::routes())
}

/// The files of an upload.
fn unpack(body: &[u8]) -> Result<Files, RegistryError> {
    Ok(archive::unpack(body, "The body").map_err(Invalid::from)?)
}

/// What an upload says of itself; whether it is a good release is not known yet.
fn description(files: &Files) -> Result<Release, RegistryError> {
    Ok(verify::read_description(files).map_err(Invalid::from)?)
}

/// The description of a release that is good in itself.
pub fn check(files: &Files) -> Result<Release, RegistryError> {
    Ok(verify::files(files).map_err(Invalid::from)?)
}
