//! What is live, made ready to be sent: the manifest and the shop's page.

use super::{
    files::{Encoding, FileStore},
    store,
};
use crate::config::{Configuration, Watch};
use ::release::SHELL;
use axum::body::Bytes;
use contract::{
    CONTRACT,
    manifest::{App, Manifest, Placed, Share},
    release::Release,
};
use sha2::{Digest as _, Sha256};
use sqlx::AnyConnection;

const PAGE: &str = "index.html";

/// A revision of the manifest and everything that follows from it.
pub struct Live {
    /// The manifest's revision.
    pub revision: i64,
    /// `/manifest.json`.
    pub manifest: Document,
    /// `/`, where a shell is live.
    pub page: Option<Document>,
    /// The version of that shell.
    pub shell: Option<String>,
}

/// A text and its tag.
pub struct Document {
    /// The text.
    pub body: Bytes,
    /// Its hash; weak, since it travels compressed or not.
    pub etag: String,
}

impl Document {
    fn new(body: Vec<u8>) -> Self {
        let etag = format!("W/\"{}\"", &crate::secret::hex(&Sha256::digest(&body))[..32]);
        Self { body: body.into(), etag }
    }
}

/// What cannot be made of what the registry holds.
#[derive(Debug, thiserror::Error)]
pub enum LiveError {
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The release files.
    #[error(transparent)]
    Files(#[from] object_store::Error),
    /// A description that was checked when it came in, and is damaged now.
    #[error("the description of a release is damaged: {0}")]
    Description(#[from] serde_json::Error),
}

impl Live {
    /// Reads what is live.
    pub async fn load(
        db: &mut AnyConnection,
        files: &FileStore,
        configuration: &Configuration,
    ) -> Result<Self, LiveError> {
        // The revision first: if something goes live meanwhile, this is older than it looks, and is
        // loaded once more at the next request.
        let revision = store::manifest_revision(db).await?;
        let mut apps = Vec::new();
        let (mut page, mut shell) = (None, None);
        for live in store::live(db).await? {
            let release: Release = serde_json::from_str(&live.description)?;
            if release.name == SHELL {
                // In the registry, but in no manifest: it is the page itself.
                page = self::page(&release, files, configuration).await?;
                shell = Some(release.version);
                continue;
            }
            let fallback = store::before(db, &release.name, &live.version).await?;
            let fallback = fallback.map(|before| serde_json::from_str(&before.description)).transpose()?;
            apps.push(App {
                name: release.name.clone(),
                revision: live.revision,
                releases: vec![Share { percent: 100.0, placed: place(release) }],
                fallback: fallback.map(place),
            });
        }
        let manifest = serde_json::to_vec(&Manifest { contract: CONTRACT, revision, apps })?;
        Ok(Self { revision, manifest: Document::new(manifest), page, shell })
    }
}

fn place(release: Release) -> Placed {
    Placed { base: base(&release), release }
}

fn base(release: &Release) -> String {
    format!("/apps/{}/{}/", release.name, release.version)
}

async fn page(
    shell: &Release,
    files: &FileStore,
    configuration: &Configuration,
) -> Result<Option<Document>, LiveError> {
    let Some(file) = shell.files.get(PAGE) else { return Ok(None) };
    let Some(bytes) = files.get(&file.integrity, Encoding::Identity).await? else { return Ok(None) };
    let watch = (configuration.watch == Watch::On).then_some("/manifest.events");
    let mut settings = serde_json::json!({ "deadlines": configuration.deadlines });
    if let Some(address) = watch {
        settings["watch"] = address.into();
    }
    let text = String::from_utf8_lossy(&bytes)
        .replace("%BASE%", &base(shell))
        .replace("%CONFIG%", &escape(&settings.to_string()));
    Ok(Some(Document::new(text.into_bytes())))
}

/// For text and attributes alike.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
