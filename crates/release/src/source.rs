//! What people wrote, read from their folders.

use crate::Error;
use contract::code::CONFIGURATION;
use std::{fs, io, path::Path};

/// Reads a file.
pub(crate) fn bytes(path: &Path) -> Result<Vec<u8>, Error> {
    fs::read(path).map_err(|error| unreadable(path, &error))
}

/// Reads a text. The mark that some editors begin it with is no part of it.
pub(crate) fn text(path: &Path) -> Result<String, Error> {
    let text = String::from_utf8(bytes(path)?)
        .map_err(|_| Error::new(CONFIGURATION, path.display().to_string(), "is not UTF-8"))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Says of a source that it could not be read: no build would make it anew.
pub(crate) fn unreadable(path: &Path, error: &io::Error) -> Error {
    Error::new(CONFIGURATION, path.display().to_string(), format!("cannot be read: {error}"))
}
