//! `menagerie releases`: packed and published releases.

use crate::{
    Error,
    check::subject,
    server::{Address, Server},
    shown::{Format, Table},
    size::KILOBYTE,
};
use contract::{
    registry::release::{Allowed, ListedRelease, Prune, Pruned, Releases},
    route::encode,
};
use release::verify;
use serde_json::json;
use std::path::PathBuf;

/// Packed and published releases.
#[derive(Debug, clap::Subcommand)]
pub enum Command {
    /// Check a packed release as the server would: description, names, hashes, size.
    #[command(after_help = "Example:\n  menagerie releases check microapps/cart/dist/release")]
    Check {
        /// A microapp's folder that was built or packed, its release in `dist/release`, or a tar of one.
        dir: PathBuf,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// List published releases: what is live, held, or was taken back. With a team's token those of its microapp.
    #[command(
        after_help = "Examples:\n  menagerie releases list\n  menagerie releases list --app cart --json"
    )]
    List {
        /// Those of one microapp only.
        #[arg(long)]
        app: Option<String>,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Allow a release that is held for the Web APIs that it newly uses; for operators.
    #[command(after_help = "Example:\n  menagerie releases allow cart 1.5.0")]
    Allow {
        /// The microapp.
        app: String,
        /// Its version.
        version: String,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
    /// Delete files of old releases; for operators. What is live, what one falls back to, what is rolled out and what
    /// was published within a day stays in any case.
    #[command(
        after_help = "Examples:\n  menagerie releases prune --dry-run\n  menagerie releases prune --app cart --keep 5"
    )]
    Prune {
        /// Those of one microapp only.
        #[arg(long)]
        app: Option<String>,
        /// Of how many of each microapp's last revisions the files stay; at least 2.
        #[arg(long, default_value_t = 10)]
        keep: u16,
        /// Only say what would go.
        #[arg(long)]
        dry_run: bool,
        /// The server, and as whom.
        #[command(flatten)]
        address: Address,
        /// How to answer.
        #[command(flatten)]
        format: Format,
    },
}

/// Does what `command` says.
pub fn run(command: &Command) -> Result<String, Error> {
    match command {
        Command::Check { dir, format } => {
            let release = verify::files(&subject::read_packed(dir)?)?;
            let bytes: u64 = release.files.values().map(|file| file.size).sum();
            let answer = json!({ "name": release.name, "version": release.version, "bytes": bytes });
            Ok(format.show(&answer, || {
                let (files, kilobytes) = (release.files.len(), bytes.div_ceil(KILOBYTE));
                format!("{} {} is good: {files} files, {kilobytes} KB", release.name, release.version)
            }))
        }
        Command::List { app, address, format } => {
            let found: Releases = Server::new(address)?.get(&list(app.as_deref()))?;
            Ok(format.show(&found, || listed(&found.releases)))
        }
        Command::Allow { app, version, address, format } => {
            let path = format!("api/v1/registry/releases/{}/{}/allow", encode(app), encode(version));
            let allowed: Allowed = Server::new(address)?.send(&path, &json!({}))?;
            Ok(format.show(&allowed, || difference(&allowed)))
        }
        Command::Prune { app, keep, dry_run, address, format } => {
            let prune = Prune { app: app.clone(), keep: *keep, dry_run: *dry_run };
            let pruned: Pruned = Server::new(address)?.send_patiently("api/v1/registry/prune", &prune)?;
            let verb = if *dry_run { "would be" } else { "are" };
            Ok(format.show(&pruned, || match (pruned.files, pruned.releases.as_slice()) {
                (0, []) => "there is nothing to prune".to_owned(),
                (files, []) => format!("{files} files {verb} deleted, which no release has"),
                (files, releases) => format!("{files} files {verb} deleted, of {}", releases.join(", ")),
            }))
        }
    }
}

/// The registry's address of all releases, or of one microapp's.
pub(crate) fn list(app: Option<&str>) -> String {
    let query = app.map(|app| format!("?app={}", encode(app))).unwrap_or_default();
    format!("api/v1/registry/releases{query}")
}

fn listed(releases: &[ListedRelease]) -> String {
    let mut table = Table::new(["APP", "VERSION", "PUBLISHED", "BY", "KB", "STATE"]);
    for release in releases {
        let kilobytes = release.size.div_ceil(KILOBYTE).to_string();
        let (app, version) = (&release.app, &release.version);
        table.row([app, version, &release.published_at, &release.published_by, &kilobytes, &state(release)]);
    }
    table.text("nothing is published yet; `menagerie publish DIR` does that")
}

fn state(release: &ListedRelease) -> String {
    let mut words = Vec::new();
    if release.percent > 0 {
        words.push(format!("live, {} %", release.percent));
    }
    if release.fallback {
        words.push("last good".to_owned());
    }
    if !release.held.is_empty() {
        words.push(format!("held: +{}", release.held.join(" +")));
    }
    words.extend(release.faulty.clone());
    if release.pruned {
        words.push("pruned".to_owned());
    }
    words.join("; ")
}

fn difference(allowed: &Allowed) -> String {
    let mut lines = vec![format!("{} {} is allowed", allowed.app, allowed.version)];
    lines.extend(allowed.added.iter().map(|name| format!("  + {name}")));
    lines.extend(allowed.removed.iter().map(|name| format!("  - {name}")));
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::tests::answering;

    #[test]
    fn a_name_asks_for_nothing_else() {
        let format = Format { json: false };
        let check = |command: &dyn Fn(Address) -> Command, answer: &str, expected: &str| {
            let (address, asked) = answering(&[("200 OK", answer)]);
            run(&command(address)).unwrap();
            let asked = asked.join().unwrap();
            assert!(asked.starts_with(&format!("{expected} HTTP/1.1")), "{asked}");
        };
        let list = |address| Command::List { app: Some("a&waiting=true".to_owned()), address, format };
        check(&list, r#"{"releases":[]}"#, "GET /api/v1/registry/releases?app=a%26waiting%3Dtrue");
        let (app, version) = ("a/b".to_owned(), "1?".to_owned());
        let allow = |address| Command::Allow { app: app.clone(), version: version.clone(), address, format };
        let allowed = r#"{"app":"a","version":"1","added":[],"removed":[]}"#;
        check(&allow, allowed, "POST /api/v1/registry/releases/a%2Fb/1%3F/allow");
    }
}
