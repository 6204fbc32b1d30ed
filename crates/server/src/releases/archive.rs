//! Reading an uploaded release: an uncompressed tar of plain files.

use contract::{
    code::{self, Code},
    release::is_file_name,
};
use release::{Files, verify::SIZE_CAP};
use std::{
    collections::btree_map::Entry,
    io::Read as _,
    path::{Component, Path},
};

/// Why an upload is no release.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Invalid {
    /// Which of the 1xx.
    pub code: Code,
    message: String,
}

impl From<release::Error> for Invalid {
    fn from(error: release::Error) -> Self {
        Self { code: error.code, message: format!("{} {}.", error.place, error.what) }
    }
}

/// The files in a tar. Nothing is ever written by the names in it.
pub fn unpack(bytes: &[u8]) -> Result<Files, Invalid> {
    let damaged = |error: std::io::Error| {
        let message = format!("The body is not a tar of a release folder: {error}.");
        Invalid { code: code::RELEASE_MANIFEST, message }
    };
    let mut files = Files::new();
    let mut total = 0;
    let mut archive = tar::Archive::new(bytes);
    for entry in archive.entries().map_err(damaged)? {
        let mut entry = entry.map_err(damaged)?;
        let path = entry.path().map_err(damaged)?.into_owned();
        if entry.header().entry_type().is_dir() && path.components().all(|part| part == Component::CurDir) {
            continue;
        }
        let name = plain_name(&path).filter(|_| entry.header().entry_type().is_file()).ok_or_else(|| {
            let message = format!("`{}` is not a plain file without folders.", path.display());
            Invalid { code: code::RELEASE_FILE_NAME, message }
        })?;
        total += entry.size();
        if total > SIZE_CAP {
            let message = format!("The release has more than {} MiB.", SIZE_CAP / 1024 / 1024);
            return Err(Invalid { code: code::RELEASE_TOO_LARGE, message });
        }
        let mut content = Vec::new();
        entry.read_to_end(&mut content).map_err(damaged)?;
        match files.entry(name) {
            Entry::Vacant(place) => place.insert(content),
            Entry::Occupied(place) => {
                let message = format!("`{}` is in the tar twice.", place.key());
                return Err(Invalid { code: code::RELEASE_FILE_MISSING, message });
            }
        };
    }
    Ok(files)
}

fn plain_name(path: &Path) -> Option<String> {
    let mut parts = path.components().filter(|part| *part != Component::CurDir);
    match (parts.next(), parts.next()) {
        (Some(Component::Normal(name)), None) => {
            name.to_str().filter(|name| is_file_name(name)).map(str::to_owned)
        }
        _ => None,
    }
}
