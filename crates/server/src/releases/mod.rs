//! Releases: the registry that takes them, what is live of them, and their files.
//!
//! Publishing: the files go into the file store under their hashes, then one transaction enters the
//! release and makes it live. Killed in between, nothing of it is visible, and publishing again goes on
//! where it stopped.

mod archive;
mod files;
mod hosting;
mod live;
mod publisher;
mod registry;
mod store;

pub use hosting::routes as hosting_routes;
pub use publisher::Publisher;
pub use registry::routes as registry_routes;
pub use store::SCHEMA;

use crate::{clock, config::Configuration, database::Database};
use ::release::{Files, SHELL, verify};
use archive::Invalid;
use contract::{
    release::{DESCRIPTION_FILE, Release},
    route::Pattern,
};
use files::FileStore;
use live::{Live, LiveError};
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use tokio::sync::watch;

/// The registry.
#[derive(Clone)]
pub struct Releases {
    database: Database,
    files: FileStore,
    configuration: Arc<Configuration>,
    /// The last that was seen live; what is served while the database is away.
    live: Arc<RwLock<Option<Arc<Live>>>>,
    /// Descriptions by address; they never change.
    known: Arc<RwLock<HashMap<String, Arc<Description>>>>,
    revision: Arc<watch::Sender<i64>>,
}

/// A release and its `microapp.json`, byte for byte.
struct Description {
    text: String,
    release: Release,
}

/// Whether a published release becomes the live one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Kept, and served at its address.
    Keep,
    /// Live from now on.
    Live,
}

/// What publishing did.
#[derive(Debug)]
pub struct Published {
    /// The release.
    pub release: Release,
    /// Whether it was new.
    pub created: bool,
    /// The manifest's revision afterwards.
    pub revision: i64,
}

/// Why a release was not published.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// It is no release.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// Its name and version are taken by other bytes.
    #[error(
        "{name} {version} was published before, with other bytes. Raise the version: a release never changes."
    )]
    Exists {
        /// Its name.
        name: String,
        /// Its version.
        version: String,
    },
    /// Another live app answers one of its routes.
    #[error("`{route}` of {name} is also a route of {other}, which is live. One of them has to give it up.")]
    RouteClash {
        /// The route.
        route: String,
        /// The app that was to be published.
        name: String,
        /// The app that has the route.
        other: String,
    },
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The file store.
    #[error(transparent)]
    Files(#[from] object_store::Error),
    /// What is live already cannot be read.
    #[error(transparent)]
    Live(#[from] LiveError),
}

impl Releases {
    /// A registry with its files in the configured folder.
    pub fn new(database: Database, configuration: Arc<Configuration>) -> Result<Self, object_store::Error> {
        Ok(Self {
            database,
            files: FileStore::local(&configuration.data)?,
            configuration,
            live: Arc::default(),
            known: Arc::default(),
            revision: Arc::new(watch::Sender::new(0)),
        })
    }

    /// Publishes `files`, in the name of `who`.
    pub async fn publish(&self, files: Files, stage: Stage, who: &str) -> Result<Published, PublishError> {
        let release = verify::files(&files).map_err(Invalid::from)?;
        let text = files.get(DESCRIPTION_FILE).map(|bytes| String::from_utf8_lossy(bytes).into_owned());
        let text = text.unwrap_or_default();
        let (name, version) = (&release.name, &release.version);
        let exists = || PublishError::Exists { name: name.clone(), version: version.clone() };

        let known = store::description(&mut *self.database.read().await?, name, version).await?;
        match &known {
            Some(known) if *known != text => return Err(exists()),
            Some(_) => {}
            None => self.files.keep(&release, &files).await?,
        }

        let mut transaction = self.database.write().await?;
        let mut revision = store::lock_manifest(&mut transaction).await?;
        let before = store::description(&mut transaction, name, version).await?;
        if before.as_ref().is_some_and(|before| *before != text) {
            return Err(exists());
        }
        store::insert(&mut transaction, name, version, &text, clock::now()).await?;
        if stage == Stage::Live {
            let live = live_releases(&mut transaction).await?;
            if !live.iter().any(|other| other.name == *name && other.version == *version) {
                check_routes(&release, &live)?;
                store::go_live(&mut transaction, name, version, clock::now(), who, "published").await?;
                revision = store::raise_manifest(&mut transaction).await?;
            }
        }
        transaction.commit().await?;
        self.revision.send_replace(revision);
        tracing::info!(name, version, revision, ?stage, "published");
        Ok(Published { created: before.is_none(), revision, release })
    }

    /// What is live now; while the database is away, what was.
    async fn live(&self) -> Result<Arc<Live>, LiveError> {
        let last = self.live.read().unwrap_or_else(PoisonError::into_inner).clone();
        match (self.refresh(last.as_ref()).await, last) {
            (Ok(live), _) => Ok(live),
            (Err(error), Some(last)) => {
                tracing::warn!(%error, "the registry cannot be read; serving what was live");
                Ok(last)
            }
            (Err(error), None) => Err(error),
        }
    }

    async fn refresh(&self, last: Option<&Arc<Live>>) -> Result<Arc<Live>, LiveError> {
        let mut db = self.database.read().await?;
        let revision = store::manifest_revision(&mut db).await?;
        if let Some(last) = last.filter(|last| last.revision == revision) {
            return Ok(Arc::clone(last));
        }
        let live = Arc::new(Live::load(&mut db, &self.files, &self.configuration).await?);
        *self.live.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::clone(&live));
        Ok(live)
    }

    /// A release's description, at its address.
    async fn describe(&self, app: &str, version: &str) -> Result<Option<Arc<Description>>, LiveError> {
        let address = format!("{app}/{version}");
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).get(&address).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let text = store::description(&mut *self.database.read().await?, app, version).await?;
        let Some(text) = text else { return Ok(None) };
        let description = Arc::new(Description { release: serde_json::from_str(&text)?, text });
        let mut known = self.known.write().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= 1_000 {
            known.clear();
        }
        known.insert(address, Arc::clone(&description));
        Ok(Some(description))
    }

    /// Rises when something goes live.
    fn revisions(&self) -> watch::Receiver<i64> {
        self.revision.subscribe()
    }
}

async fn live_releases(db: &mut sqlx::AnyConnection) -> Result<Vec<Release>, LiveError> {
    let live = store::live(db).await?;
    Ok(live.iter().map(|live| serde_json::from_str(&live.description)).collect::<Result<_, _>>()?)
}

fn check_routes(release: &Release, live: &[Release]) -> Result<(), PublishError> {
    for other in live.iter().filter(|other| other.name != release.name && other.name != SHELL) {
        for route in &release.routes {
            let pattern = Pattern::parse(route);
            let clashes = |taken: &String| {
                pattern
                    .as_ref()
                    .zip(Pattern::parse(taken).as_ref())
                    .is_some_and(|(ours, theirs)| ours.clashes(theirs))
            };
            if other.routes.iter().any(clashes) {
                return Err(PublishError::RouteClash {
                    route: route.clone(),
                    name: release.name.clone(),
                    other: other.name.clone(),
                });
            }
        }
    }
    Ok(())
}
