//! What is live, made ready to be sent: the manifest and the shop's page.

use super::{Description, console::Console, embed, encoding::Encoding, files::FileStore, store};
use crate::{
    config::{Configuration, Watch},
    database::Database,
    language,
};
use ::release::{PAGE, SHELL, is_for_operators};
use axum::{body::Bytes, http::HeaderMap};
use contract::{
    CONTRACT,
    manifest::{App, Manifest, Placed, Share},
    release::Release,
    rollout,
    shop::order::PaymentMethod,
};
use sqlx::AnyConnection;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// The language of [`PAGE`].
const ENGLISH: &str = "en";
/// Where pages tell of their mounts.
const REPORTS: &str = "/api/v1/health/mounts";
/// Stands in a kept page for the token that it is sent with.
const PASS: &str = "%PASS%";

/// A revision of the manifest and everything that follows from it.
pub struct Live {
    /// The manifest's revision.
    pub revision: i64,
    /// `/manifest.json`.
    pub manifest: Document,
    /// `/`, where a shell is live: one for each share of the visitors, the newest last.
    pages: Vec<Page>,
    /// Every release that a visitor can have drawn or fallen back to: `cart 1.4.0`.
    releases: HashMap<String, Arc<Description>>,
    /// The loaders for pages of others, by the names of the apps.
    pub loaders: BTreeMap<String, embed::Loader>,
    /// The operators' page.
    pub console: Console,
}

/// The page of a live shell.
struct Page {
    version: String,
    percent: f64,
    /// By language, `en` first; with [`PASS`] for the token that it is sent with.
    texts: Vec<(String, String)>,
}

/// A text and its tag.
pub struct Document {
    /// The text.
    pub body: Bytes,
    /// Its hash; weak, since it travels compressed or not.
    pub etag: String,
}

impl Document {
    /// With its tag.
    pub fn new(body: Vec<u8>) -> Self {
        let etag = format!("W/\"{}\"", &crate::secret::hash(&body)[..32]);
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
    /// A store that is back may have them again.
    #[error("files of {0} are not where they should be")]
    Missing(String),
    /// It could not be read a moment ago.
    #[error("what is live could not be read a moment ago")]
    Paused,
    /// A description that was checked when it came in, and is damaged now.
    #[error("the description of a release is damaged: {0}")]
    Description(#[from] serde_json::Error),
}

impl Live {
    /// Reads what is live: first what the database has, then files, with no connection in hand.
    pub async fn load(
        database: &Database,
        files: &FileStore,
        configuration: &Configuration,
    ) -> Result<Self, LiveError> {
        // The revision first: if something goes live meanwhile, this is older than it looks, and is
        // loaded once more at the next request.
        let mut connection = database.read().await?;
        let db = &mut *connection;
        let revision = store::manifest_revision(db).await?;
        let (mut apps, mut pages, mut releases) = (Vec::new(), Vec::new(), HashMap::new());
        let mut shells = Vec::new();
        let mut for_operators = Vec::new();
        for live in store::live(db).await? {
            let shares = shares(db, &live).await?;
            let fallback = match store::fallback(db, &live).await? {
                Some(version) => read(db, &live.app, &version).await?,
                None => None,
            };
            for found in shares.iter().map(|(_, share)| share).chain(&fallback) {
                let Release { name, version, .. } = &found.release;
                releases.insert(key(name, version), Arc::clone(found));
            }
            if live.app == SHELL {
                // In the registry, but in no manifest: it is the page itself.
                shells = shares;
                continue;
            }
            let app = App {
                name: live.app,
                revision: live.revision,
                releases: shares
                    .iter()
                    .map(|(percent, share)| Share { percent: *percent, placed: place(&share.release) })
                    .collect(),
                fallback: fallback.map(|fallback| place(&fallback.release)),
            };
            match is_for_operators(&app.name) {
                true => for_operators.push(app),
                false => apps.push(app),
            }
        }
        drop(connection);
        for (percent, shell) in shells {
            let texts = texts(&shell.release, files, configuration).await?;
            if !texts.is_empty() {
                pages.push(Page { version: shell.release.version.clone(), percent, texts });
            }
        }
        let console = Console::new(revision, for_operators)?;
        let loaders = embed::loaders(&apps, files).await?;
        let manifest = serde_json::to_vec(&Manifest { contract: CONTRACT, revision, apps })?;
        Ok(Self { revision, manifest: Document::new(manifest), pages, releases, loaders, console })
    }

    /// The page for a visitor in the language that they want, sent with this token; `None` when no shell is live.
    pub fn page(&self, visitor: &str, request: &HeaderMap, pass: &str) -> Option<Document> {
        let percents: Vec<_> = self.pages.iter().map(|page| page.percent).collect();
        let page = self.pages.get(rollout::pick(visitor, SHELL, &percents))?;
        let codes: Vec<_> = page.texts.iter().map(|(code, _)| code.as_str()).collect();
        let wanted = language::wanted(request, &codes);
        let (_, text) =
            page.texts.iter().find(|(code, _)| Some(code.as_str()) == wanted).or(page.texts.first())?;
        Some(Document::new(text.replace(PASS, pass).into_bytes()))
    }

    /// Whether different visitors get different pages.
    pub fn draws_pages(&self) -> bool {
        self.pages.len() > 1
    }

    /// The newest live shell.
    pub fn shell(&self) -> Option<&str> {
        self.pages.last().map(|page| page.version.as_str())
    }

    /// A release that a visitor can have.
    pub(super) fn description(&self, app: &str, version: &str) -> Option<Arc<Description>> {
        self.releases.get(&key(app, version)).cloned()
    }
}

fn key(app: &str, version: &str) -> String {
    format!("{app} {version}")
}

/// The live releases of an app and the percent of the visitors who get each, the newest last.
async fn shares(
    db: &mut AnyConnection,
    live: &store::Live,
) -> Result<Vec<(f64, Arc<Description>)>, LiveError> {
    let newest = Description::read(live.description.clone())?;
    let before = match &live.before {
        Some(before) => read(db, &live.app, before).await?,
        None => None,
    };
    Ok(match before {
        Some(before) => {
            let percent = live.percent as f64;
            vec![(100.0 - percent, before), (percent, newest)]
        }
        None => vec![(100.0, newest)],
    })
}

async fn read(
    db: &mut AnyConnection,
    app: &str,
    version: &str,
) -> Result<Option<Arc<Description>>, LiveError> {
    let entered = store::release(db, app, version).await?;
    Ok(entered.map(|entered| Description::read(entered.description)).transpose()?)
}

fn place(release: &Release) -> Placed {
    Placed { base: base(release), release: release.clone() }
}

fn base(release: &Release) -> String {
    format!("/apps/{}/{}/", release.name, release.version)
}

/// The pages of a shell by language; none when it has none in English.
async fn texts(
    shell: &Release,
    files: &FileStore,
    configuration: &Configuration,
) -> Result<Vec<(String, String)>, LiveError> {
    let translated = |name: &str| {
        let code = name.strip_prefix("index.")?.strip_suffix(".html")?;
        Some((code.to_owned(), name.to_owned()))
    };
    let others = shell.files.keys().filter_map(|name| translated(name));
    let mut texts = Vec::new();
    for (code, file) in std::iter::once((ENGLISH.to_owned(), PAGE.to_owned())).chain(others) {
        if let Some(text) = page(shell, &file, files, configuration).await? {
            texts.push((code, text));
        } else if code == ENGLISH {
            break;
        }
    }
    Ok(texts)
}

async fn page(
    shell: &Release,
    file: &str,
    files: &FileStore,
    configuration: &Configuration,
) -> Result<Option<String>, LiveError> {
    let Some(file) = shell.files.get(file) else { return Ok(None) };
    let bytes = files.get(&file.integrity, Encoding::Identity).await?;
    let bytes = bytes.ok_or_else(|| LiveError::Missing(base(shell)))?;
    let watch = (configuration.watch == Watch::On).then_some("/manifest.events");
    let reports = serde_json::json!({ "url": REPORTS, "token": PASS });
    let mut settings = serde_json::json!({ "deadlines": configuration.deadlines, "reports": reports });
    if let Some(address) = watch {
        settings["watch"] = address.into();
    }
    if !configuration.override_origins.is_empty() {
        settings["overrides"] = serde_json::json!(configuration.override_origins);
    }
    // A page whose shop takes the test card says that nothing is sold there.
    let sells = match configuration.payments().contains(&PaymentMethod::TestCard) {
        true => "nothing",
        false => "goods",
    };
    let text = String::from_utf8_lossy(&bytes)
        .replace("%BASE%", &base(shell))
        .replace("%CONFIG%", &escape(&settings.to_string()))
        .replace("%SELLS%", sells);
    Ok(Some(text))
}

/// For text and attributes alike.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}
