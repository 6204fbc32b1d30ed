//! `menagerie publish`: a release goes to the server's registry.

use crate::{
    Error,
    check::subject,
    server::{Address, Server},
    shown::Format,
};
use contract::{
    code::{RELEASE_FILE_MISSING, RELEASE_HELD},
    registry::release::Published,
};
use release::{Files, verify};
use std::path::PathBuf;

/// Publish a packed release. It goes live by `menagerie rollout start`, or at once with --live.
///
/// The same bytes can be published again; other bytes under a version that was published are refused. A release that
/// newly uses a Web API is held until an operator allows it: --live ends with 5 then.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  MENAGERIE_TOKEN=… menagerie publish microapps/cart --server https://shop.example\n  menagerie publish microapps/cart/dist/release --live"
)]
pub struct Arguments {
    /// A microapp's folder that was built or packed, its release in `dist/release`, or a tar of one.
    pub dir: PathBuf,
    /// Make it live for everybody at once, without a rollout.
    #[arg(long)]
    live: bool,
    /// Allow Web APIs that it newly uses; for operators.
    #[arg(long, requires = "live")]
    allow: bool,
    #[command(flatten)]
    address: Address,
    #[command(flatten)]
    format: Format,
}

/// What becomes of a release that is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It is kept, until a rollout.
    Keep,
    /// It is live for everybody, unless it is held.
    Live,
    /// The same, and its Web APIs are allowed.
    LiveAllowed,
}

/// Publishes, and says what became of it.
pub fn run(arguments: &Arguments) -> Result<String, Error> {
    let files = subject::read_packed(&arguments.dir)?;
    let stage = match (arguments.live, arguments.allow) {
        (true, true) => Stage::LiveAllowed,
        (true, false) => Stage::Live,
        (false, _) => Stage::Keep,
    };
    let published = send(&files, stage, &Server::new(&arguments.address)?)?;
    let shown = arguments.format.show(&published, || told(&published));
    if arguments.live && !published.live {
        let Published { name, version, .. } = &published;
        let what = format!(
            "{name} {version} is held: it newly uses {}. An operator looks at that and says `menagerie releases allow {name} {version}`",
            published.held.join(", ")
        );
        return Err(Error::new(RELEASE_HELD, what).with_output(shown));
    }
    Ok(shown)
}

fn told(published: &Published) -> String {
    let Published { name, version, .. } = published;
    let how = if published.created { "is published" } else { "was published before" };
    match (published.live, published.held.as_slice()) {
        (true, _) => format!("{name} {version} {how}, and is live (revision {})", published.revision),
        (false, []) => format!("{name} {version} {how}. Next: menagerie rollout start {name} {version}"),
        (false, held) => format!(
            "{name} {version} {how}. It newly uses {}. Next, by an operator: menagerie releases allow {name} {version}",
            held.join(", ")
        ),
    }
}

/// Verifies a release and sends it.
pub fn send(files: &Files, stage: Stage, server: &Server) -> Result<Published, Error> {
    verify::files(files)?;
    let query = match stage {
        Stage::Keep => "",
        Stage::Live => "?live=true",
        Stage::LiveAllowed => "?live=true&allow=true",
    };
    server.post(&format!("api/v1/registry/releases{query}"), "application/x-tar", archive(files)?)
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
