//! The bytes of releases and pictures: in a folder of this machine, or in a bucket of any store that speaks S3. Whatever lies at a
//! key stays as it is, until it is deleted.

mod mark;
mod place;

pub use mark::{PlaceError, SCHEMA, meet};
pub use place::Place;

use axum::body::Bytes;
use futures_util::stream::BoxStream;
use moka::future::Cache;
use object_store::{Error, ObjectMeta, ObjectStore, ObjectStoreExt as _, PutMode, path::Path as Key};
use std::sync::Arc;

type Result<T> = std::result::Result<T, Error>;

/// How many bytes of a bucket are kept in memory: all that is live and the pictures of the day, for a few tens of milliseconds and
/// a fee that each of them would cost again. A folder is kept in memory by the system.
const REMEMBERED: u64 = 128 * 1024 * 1024;

/// What an entry weighs beside its bytes.
const ENTRY: usize = 256;

/// A store, whichever it is.
#[derive(Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    memory: Option<Cache<Key, Bytes>>,
}

impl Objects {
    /// On this machine.
    fn near(store: impl ObjectStore) -> Self {
        Self { store: Arc::new(store), memory: None }
    }

    /// Beyond a network.
    fn far(store: impl ObjectStore) -> Self {
        let weight = |_: &Key, bytes: &Bytes| u32::try_from(bytes.len() + ENTRY).unwrap_or(u32::MAX);
        let memory = Cache::builder().max_capacity(REMEMBERED).weigher(weight).build();
        Self { store: Arc::new(store), memory: Some(memory) }
    }

    /// The bytes at `key`. What is asked for by many at a time is read once.
    pub async fn get(&self, key: &Key) -> Result<Option<Bytes>> {
        let Some(memory) = &self.memory else { return self.read(key).await };
        // What is not there may come: nothing of it is remembered.
        let read = async { self.read(key).await?.ok_or_else(|| missing(key)) };
        match memory.try_get_with_by_ref(key, read).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if matches!(*error, Error::NotFound { .. }) => Ok(None),
            // Whoever else waits for it has the same error.
            Err(error) => Err(Error::Generic { store: "S3", source: Box::new(error) }),
        }
    }

    /// The bytes at `key`, without a question to a store beyond a network; what is not remembered of one is not here.
    pub async fn near_by(&self, key: &Key) -> Result<Option<Bytes>> {
        match &self.memory {
            Some(memory) => Ok(memory.get(key).await),
            None => self.read(key).await,
        }
    }

    /// Whether a question to the store goes beyond a network.
    pub fn is_far(&self) -> bool {
        self.memory.is_some()
    }

    /// The bytes at `key`, from the store itself.
    pub async fn read(&self, key: &Key) -> Result<Option<Bytes>> {
        found(async { self.store.get(key).await?.bytes().await }.await)
    }

    /// What is known of the bytes at `key`.
    pub async fn head(&self, key: &Key) -> Result<Option<ObjectMeta>> {
        found(self.store.head(key).await)
    }

    /// Puts bytes away.
    pub async fn put(&self, key: &Key, bytes: Bytes) -> Result<()> {
        self.store.put(key, bytes.into()).await.map(drop)
    }

    /// Puts bytes away where there are none; whether there were none. A store that cannot tell takes them.
    pub async fn create(&self, key: &Key, bytes: Bytes) -> Result<bool> {
        match self.store.put_opts(key, bytes.clone().into(), PutMode::Create.into()).await {
            Ok(_) => Ok(true),
            Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => Ok(false),
            Err(Error::NotImplemented { .. } | Error::NotSupported { .. }) => {
                self.put(key, bytes).await.map(|()| true)
            }
            Err(error) => Err(error),
        }
    }

    /// Deletes what is at `key`, if it is there.
    pub async fn delete(&self, key: &Key) -> Result<()> {
        if let Some(memory) = &self.memory {
            memory.invalidate(key).await;
        }
        found(self.store.delete(key).await).map(drop)
    }

    /// What lies under `folder`, in no order.
    pub fn list(&self, folder: &Key) -> BoxStream<'static, Result<ObjectMeta>> {
        self.store.list(Some(folder))
    }
}

fn found<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn missing(key: &Key) -> Error {
    Error::NotFound { path: key.to_string(), source: "not there".into() }
}
