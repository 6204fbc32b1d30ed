//! Where the files of releases lie: under their own hash, so the same bytes are one file, two uploads
//! cannot mix, and a half-finished upload is never seen.

use ::release::Files;
use axum::body::Bytes;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use contract::release::{DESCRIPTION_FILE, Release};
use object_store::{ObjectStore, ObjectStoreExt as _, PutPayload, local::LocalFileSystem, path::Path as Key};
use std::{io::Write as _, path::Path, sync::Arc};

/// A store of files by hash.
#[derive(Clone)]
pub struct FileStore {
    objects: Arc<dyn ObjectStore>,
}

/// How a file travels.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is.
    Identity,
    /// Brotli, made when the release was published.
    Brotli,
}

impl FileStore {
    /// Files in a folder of this machine.
    pub fn local(folder: &Path) -> Result<Self, object_store::Error> {
        // Synced before a release is entered: what the database knows of is on the disk.
        let objects = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
        Ok(Self { objects: Arc::new(objects) })
    }

    /// Puts away what `release` lists, with a compressed copy where that is smaller.
    pub async fn keep(&self, release: &Release, files: &Files) -> Result<(), object_store::Error> {
        for (name, file) in &release.files {
            let Some(bytes) = files.get(name) else { continue };
            self.put(&file.integrity, Encoding::Identity, bytes).await?;
            if !is_compressible(name) || self.has(&file.integrity, Encoding::Brotli).await? {
                continue;
            }
            let plain = bytes.clone();
            let packed = tokio::task::spawn_blocking(move || brotli(&plain)).await;
            if let Ok(Ok(packed)) = packed
                && packed.len() < bytes.len()
            {
                self.put(&file.integrity, Encoding::Brotli, &packed).await?;
            }
        }
        Ok(())
    }

    /// A file's bytes. `None` when it is not there in that encoding.
    pub async fn get(
        &self,
        integrity: &str,
        encoding: Encoding,
    ) -> Result<Option<Bytes>, object_store::Error> {
        match self.objects.get(&key(integrity, encoding)).await {
            Ok(found) => Ok(Some(found.bytes().await?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    async fn has(&self, integrity: &str, encoding: Encoding) -> Result<bool, object_store::Error> {
        match self.objects.head(&key(integrity, encoding)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn put(
        &self,
        integrity: &str,
        encoding: Encoding,
        bytes: &[u8],
    ) -> Result<(), object_store::Error> {
        self.objects.put(&key(integrity, encoding), PutPayload::from(bytes.to_vec())).await?;
        Ok(())
    }
}

/// Two levels of folders by hash: `releases/3f/3fa9….br`.
fn key(integrity: &str, encoding: Encoding) -> Key {
    let hash = integrity.strip_prefix("sha384-").unwrap_or(integrity);
    // Verified releases have real hashes; anything else is at no address that exists.
    let hash = STANDARD.decode(hash).map(|bytes| crate::secret::hex(&bytes)).unwrap_or_default();
    let folder = hash.get(..2).unwrap_or("none");
    let suffix = if encoding == Encoding::Brotli { ".br" } else { "" };
    Key::from(format!("releases/{folder}/{hash}{suffix}"))
}

fn is_compressible(name: &str) -> bool {
    let extension = name.rsplit('.').next().unwrap_or_default();
    name == DESCRIPTION_FILE
        || matches!(
            extension,
            "js" | "wasm" | "css" | "html" | "json" | "svg" | "txt" | "webmanifest" | "ico"
        )
}

/// Quality 11 and the largest window that every browser takes.
fn brotli(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, 11, 22);
    writer.write_all(bytes)?;
    writer.flush()?;
    Ok(writer.into_inner())
}
