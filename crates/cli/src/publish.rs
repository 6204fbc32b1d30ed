//! `menagerie publish`: a release goes to the server's registry.

use crate::{
    Error,
    server::{Address, Server},
};
use contract::code::RELEASE_FILE_MISSING;
use release::{Files, verify};
use serde::Deserialize;
use std::path::PathBuf;

/// Publish a packed release and make it live.
///
/// The same bytes can be published again; other bytes under a version that was published are refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  MENAGERIE_TOKEN=… menagerie publish microapps/cart/dist/release --server https://shop.example"
)]
pub struct Arguments {
    /// The folder with `microapp.json`.
    pub dir: PathBuf,
    #[command(flatten)]
    address: Address,
}

/// What the registry says of a release that it took.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Published {
    /// The microapp.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Whether the release is new; if not, the same bytes were published before.
    pub created: bool,
    /// The number of the manifest with it.
    pub revision: i64,
}

/// Publishes, and says what became of it.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let files = verify::read(&arguments.dir)?;
    let published = send(&files, &Server::new(&arguments.address)?)?;
    let how = if published.created { "is published and live" } else { "was published before, and is live" };
    Ok(format!("{} {} {how} (revision {})", published.name, published.version, published.revision))
}

/// Verifies a release and sends it.
pub fn send(files: &Files, server: &Server) -> Result<Published, Error> {
    verify::files(files)?;
    server.post("api/v1/registry/releases?live=true", "application/x-tar", archive(files)?)
}

/// The files as an uncompressed tar, the same bytes for the same files.
fn archive(files: &Files) -> Result<Vec<u8>, Error> {
    let mut archive = tar::Builder::new(Vec::new());
    let failed = |error: std::io::Error| {
        Error::new(RELEASE_FILE_MISSING, format!("cannot be put into a tar: {error}"))
    };
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        archive.append_data(&mut header, name, bytes.as_slice()).map_err(failed)?;
    }
    archive.into_inner().map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;

    #[test]
    fn a_tar_holds_every_file() {
        let files = Files::from([("a.js".to_owned(), b"1".to_vec()), ("b.css".to_owned(), vec![0; 2000])]);
        let bytes = archive(&files).unwrap();
        let mut found = Files::new();
        for entry in tar::Archive::new(bytes.as_slice()).entries().unwrap() {
            let mut entry = entry.unwrap();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            found.insert(entry.path().unwrap().display().to_string(), content);
        }
        assert_eq!(found, files);
        assert_eq!(archive(&files).unwrap(), bytes);
    }
}
