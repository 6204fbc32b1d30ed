//! Where the files of releases lie: under their own hash, so the same bytes are one file, two uploads
//! cannot mix, and a half-finished upload is never seen. Beside each its smaller forms, made once.

use super::{
    deltas::Pair,
    encoding::{self, Encoding},
};
use crate::{objects::Objects, secret, worker::Worker};
use ::release::Files;
use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use contract::release::Release;
use futures_util::{
    TryStreamExt as _,
    future::{self, try_join_all},
};
use moka::future::Cache;
use object_store::path::Path as Key;
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    sync::Arc,
    time::{Duration, SystemTime},
};

/// A store of files by hash.
#[derive(Clone)]
pub struct FileStore {
    objects: Objects,
    /// Makes the smaller forms.
    compressing: Worker,
    /// The differences in a folder of a store beyond a network, as it listed them lately.
    listed: Cache<Key, Arc<HashSet<Key>>>,
}

/// A file that nobody needs any more.
pub struct Doomed {
    /// Its hash, as [`file_name`] has it.
    pub hash: String,
    bytes: Bytes,
    /// What was made of it: Brotli first, as where that is, the others are.
    forms: Vec<Key>,
}

/// Where differences lie, by the SHA-256 of their dictionary in hexadecimal.
pub type Deltas = BTreeMap<String, Vec<Key>>;

type Result<T> = std::result::Result<T, object_store::Error>;

/// Endings of files that are compressed in themselves.
const COMPRESSED: [&str; 19] = [
    "png", "jpg", "jpeg", "webp", "avif", "gif", "woff", "woff2", "mp3", "mp4", "m4a", "ogg", "opus", "webm",
    "zip", "gz", "br", "zst", "pdf",
];

const FOLDER: &str = "releases";

/// For how long it is known which differences there are; a new one of another server is used after that.
const LISTED: Duration = Duration::from_secs(60);
/// As many folders as there are.
const MOST_FOLDERS: u64 = 256;

/// A file that was written so lately may belong to a release that is being published.
const FRESH: Duration = Duration::from_secs(60 * 60);

impl FileStore {
    /// Files of releases among `objects`.
    pub fn new(objects: Objects) -> Self {
        let listed = Cache::builder().max_capacity(MOST_FOLDERS).time_to_live(LISTED).build();
        Self { objects, compressing: Worker::default(), listed }
    }

    /// Puts away what `release` lists, with compressed forms where those are smaller.
    pub async fn keep(&self, release: &Release, files: &Files) -> Result<()> {
        for (name, file) in &release.files {
            let Some(bytes) = files.get(name) else { continue };
            self.put(&file.integrity, Encoding::Identity, bytes).await?;
            if is_compressible(name) && !self.has(&file.integrity, Encoding::Brotli).await? {
                self.put_forms(&file_name(&file.integrity), &Bytes::copy_from_slice(bytes)).await?;
            }
        }
        Ok(())
    }

    async fn put_forms(&self, hash: &str, bytes: &Bytes) -> Result<()> {
        // Brotli last: where it is, the others are.
        for form in [Encoding::Gzip, Encoding::Zstd, Encoding::Brotli] {
            let plain = bytes.clone();
            let packed = self.compressing.run(move || encoding::compress(form, &plain)).await;
            if let Ok(Ok(packed)) = packed
                && packed.len() < bytes.len()
            {
                self.objects.put(&key_of(hash, form), packed.into()).await?;
            }
        }
        Ok(())
    }

    /// Whether every file that `release` lists is here.
    pub async fn has_all(&self, release: &Release) -> Result<bool> {
        let asked = release.files.values().map(|file| self.has(&file.integrity, Encoding::Identity));
        Ok(try_join_all(asked).await?.into_iter().all(|has| has))
    }

    /// Puts away a file as its difference from another, unless its plain compressed form is as small.
    pub async fn keep_delta(&self, pair: &Pair) -> Result<()> {
        let Some(dictionary) = self.get(&pair.dictionary, Encoding::Identity).await? else { return Ok(()) };
        if self.has(&pair.file, Encoding::Dcz(Sha256::digest(&dictionary).into())).await? {
            return Ok(());
        }
        let Some(plain) = self.get(&pair.file, Encoding::Identity).await? else { return Ok(()) };
        let limit = match self.get(&pair.file, Encoding::Brotli).await? {
            Some(packed) => packed.len(),
            None => plain.len(),
        };
        let made = self.compressing.run(move || encoding::deltas(&plain, &dictionary)).await;
        // The `dcz` last: where it is, the other was tried.
        for (form, delta) in made.ok().and_then(std::io::Result::ok).into_iter().flatten() {
            if delta.len() < limit {
                self.put(&pair.file, form, &delta).await?;
            }
        }
        Ok(())
    }

    /// A file's bytes. `None` when it is not there in that encoding.
    pub async fn get(&self, integrity: &str, encoding: Encoding) -> Result<Option<Bytes>> {
        let key = key(integrity, encoding);
        if encoding.is_delta() && self.objects.is_far() && !self.lists(&file_name(integrity), &key).await? {
            return Ok(None);
        }
        self.objects.get(&key).await
    }

    /// Whether there is a difference at `key`. Dictionaries are what anybody says that they have: each that is made up would be a
    /// question to the store.
    async fn lists(&self, hash: &str, key: &Key) -> Result<bool> {
        let folder = folder_of(hash);
        let list = async {
            let listed = self.objects.list(&folder).map_ok(|found| found.location);
            let deltas = listed.try_filter(|key| future::ready(is_delta(key)));
            Ok::<_, object_store::Error>(Arc::new(deltas.try_collect().await?))
        };
        match self.listed.try_get_with_by_ref(&folder, list).await {
            Ok(listed) => Ok(listed.contains(key)),
            // Whoever else waits for it has the same error.
            Err(error) => Err(object_store::Error::Generic { store: "S3", source: Box::new(error) }),
        }
    }

    /// The same, where that asks no store beyond a network.
    pub async fn near_by(&self, integrity: &str, encoding: Encoding) -> Result<Option<Bytes>> {
        self.objects.near_by(&key(integrity, encoding)).await
    }

    /// Hashes of the files that were not written lately, as [`file_name`] has them.
    pub async fn old(&self) -> Result<BTreeSet<String>> {
        let folder = Key::from(FOLDER);
        let mut old = BTreeSet::new();
        let mut listed = self.objects.list(&folder);
        while let Some(found) = listed.try_next().await? {
            let name = found.location.filename().unwrap_or_default();
            // The forms of a file go with it.
            if !name.contains('.') && is_old(found.last_modified) {
                old.insert(name.to_owned());
            }
        }
        Ok(old)
    }

    /// Reads a file that is to be deleted, and deletes others' differences from it, which are made anew when a release with it goes
    /// live. Nothing of one that is not there, or was written lately.
    pub async fn doom(&self, hash: &str, deltas: &Deltas) -> Result<Option<Doomed>> {
        let plain = key_of(hash, Encoding::Identity);
        if !self.is_old(&plain).await? {
            return Ok(None);
        }
        let beside: Vec<_> = self.objects.list(&folder_of(hash)).try_collect().await?;
        let Some(bytes) = self.objects.read(&plain).await? else { return Ok(None) };
        let from_it = deltas.get(&secret::hash(&bytes));
        for delta in from_it.into_iter().flatten() {
            self.objects.delete(delta).await?;
        }
        let first = format!("{plain}.");
        let forms = beside.into_iter().map(|found| found.location);
        let mut forms: Vec<_> = forms.filter(|found| found.as_ref().starts_with(&first)).collect();
        forms.sort_by_key(|form| *form != key_of(hash, Encoding::Brotli));
        Ok(Some(Doomed { hash: hash.to_owned(), bytes, forms }))
    }

    /// Deletes a file with what was made of it, unless it was written lately; whether it was there. The file itself last of all: what
    /// a crash leaves behind is found again by it.
    pub async fn remove(&self, file: &Doomed) -> Result<bool> {
        let plain = key_of(&file.hash, Encoding::Identity);
        let removes = self.is_old(&plain).await?;
        if removes {
            for form in &file.forms {
                self.objects.delete(form).await?;
            }
            self.objects.delete(&plain).await?;
        }
        Ok(removes)
    }

    /// Makes a file whole again that became needed while it was deleted.
    pub async fn put_back(&self, file: &Doomed) -> Result<()> {
        let plain = key_of(&file.hash, Encoding::Identity);
        if self.objects.head(&plain).await?.is_none() {
            self.objects.put(&plain, file.bytes.clone()).await?;
        }
        if file.forms.is_empty() { Ok(()) } else { self.put_forms(&file.hash, &file.bytes).await }
    }

    async fn is_old(&self, key: &Key) -> Result<bool> {
        Ok(self.objects.head(key).await?.is_some_and(|found| is_old(found.last_modified)))
    }

    /// The differences that lie there.
    pub async fn deltas(&self) -> Result<Deltas> {
        let mut deltas = Deltas::new();
        let mut listed = self.objects.list(&Key::from(FOLDER));
        while let Some(found) = listed.try_next().await? {
            let parts: Vec<&str> = found.location.filename().unwrap_or_default().split('.').collect();
            if let [_, dictionary, "dcz" | "dcb"] = parts[..] {
                deltas.entry(dictionary.to_owned()).or_default().push(found.location.clone());
            }
        }
        Ok(deltas)
    }

    async fn has(&self, integrity: &str, encoding: Encoding) -> Result<bool> {
        Ok(self.objects.head(&key(integrity, encoding)).await?.is_some())
    }

    async fn put(&self, integrity: &str, encoding: Encoding, bytes: &[u8]) -> Result<()> {
        self.objects.put(&key(integrity, encoding), Bytes::copy_from_slice(bytes)).await?;
        if encoding.is_delta() {
            self.listed.invalidate(&folder_of(&file_name(integrity))).await;
        }
        Ok(())
    }
}

/// What is said of a store that does not answer.
pub fn silent() -> object_store::Error {
    object_store::Error::Generic { store: "files", source: "no answer in time".into() }
}

/// Two levels of folders by hash: `releases/3f/3fa9….br`.
fn key(integrity: &str, encoding: Encoding) -> Key {
    key_of(&file_name(integrity), encoding)
}

fn key_of(hash: &str, encoding: Encoding) -> Key {
    Key::from(format!("{}/{hash}{}", folder_of(hash), encoding.suffix()))
}

fn is_old(written: impl Into<SystemTime>) -> bool {
    written.into().elapsed().unwrap_or_default() >= FRESH
}

/// What a file of this hash is called.
pub fn file_name(integrity: &str) -> String {
    let hash = integrity.strip_prefix("sha384-").unwrap_or(integrity);
    // Verified releases have real hashes; anything else is at no address that exists.
    STANDARD.decode(hash).map(|bytes| secret::hex(&bytes)).unwrap_or_default()
}

fn folder_of(hash: &str) -> Key {
    Key::from(format!("{FOLDER}/{}", hash.get(..2).unwrap_or("none")))
}

fn is_delta(key: &Key) -> bool {
    key.filename().is_some_and(|name| name.ends_with(".dcz") || name.ends_with(".dcb"))
}

/// Whether compression makes such a file smaller.
pub fn is_compressible(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    !COMPRESSED.iter().any(|compressed| extension.eq_ignore_ascii_case(compressed))
}
