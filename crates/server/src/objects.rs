//! Where the bytes of releases and pictures lie: in a folder of this machine, or in a bucket of any store that speaks S3.
//!
//! The database knows which place is its own, by a name that both keep. A server that is started on another place would answer 404
//! for everything that the database promises; it does not start.

use crate::{
    bot::settings::Environment,
    database::{Database, Schema},
    secret,
};
use object_store::{
    ClientOptions, ObjectStore, ObjectStoreExt as _, PutPayload, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path as Key,
    prefix::PrefixStore,
};
use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

/// The name of the place.
pub const SCHEMA: Schema = Schema {
    version: 62,
    name: "objects",
    sql: "CREATE TABLE object_place (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
};

/// A store, whichever it is.
pub type Objects = Arc<dyn ObjectStore>;

/// What is asked of the environment for a bucket: the names that every tool for S3 has.
const VARIABLES: [(&str, AmazonS3ConfigKey); 11] = [
    ("AWS_ACCESS_KEY_ID", AmazonS3ConfigKey::AccessKeyId),
    ("AWS_SECRET_ACCESS_KEY", AmazonS3ConfigKey::SecretAccessKey),
    ("AWS_SESSION_TOKEN", AmazonS3ConfigKey::Token),
    ("AWS_DEFAULT_REGION", AmazonS3ConfigKey::DefaultRegion),
    ("AWS_REGION", AmazonS3ConfigKey::Region),
    ("AWS_ENDPOINT_URL", AmazonS3ConfigKey::Endpoint),
    ("AWS_WEB_IDENTITY_TOKEN_FILE", AmazonS3ConfigKey::WebIdentityTokenFile),
    ("AWS_ROLE_ARN", AmazonS3ConfigKey::RoleArn),
    ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", AmazonS3ConfigKey::ContainerCredentialsRelativeUri),
    ("AWS_CONTAINER_CREDENTIALS_FULL_URI", AmazonS3ConfigKey::ContainerCredentialsFullUri),
    ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", AmazonS3ConfigKey::ContainerAuthorizationTokenFile),
];

/// A store that is away should be said soon: whoever asked is answered after half a minute.
const RETRYING: Duration = Duration::from_secs(10);
const ANSWER: Duration = Duration::from_secs(20);
const MOST_RETRIES: usize = 3;

/// Where the name lies beside the bytes.
const MARK: &str = "menagerie.store";

/// A place for bytes.
#[derive(Clone)]
pub enum Place {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what all its keys begin with.
    Bucket {
        /// Its name.
        name: String,
        /// May be empty.
        prefix: String,
        /// From the environment, secrets among it.
        settings: Vec<(AmazonS3ConfigKey, String)>,
    },
}

/// Without the secrets.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(folder) => folder.display().fmt(f),
            Self::Bucket { name, prefix, .. } => write!(f, "s3://{name}/{prefix}"),
        }
    }
}

/// Why a place cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PlaceError {
    /// The files are elsewhere, or lost.
    #[error(
        "what this database has published is not here, nor is {MARK}. Give the place that has it; to go on without, put the text `{0}` \
         into that file here."
    )]
    Unknown(String),
    /// They are another shop's.
    #[error(
        "these are the files of another database, as {MARK} here says. Give this database a place of its own; if the other one is gone \
         and these are to be its files, delete {MARK}."
    )]
    Another,
    /// The store.
    #[error("{0}")]
    Store(#[from] object_store::Error),
    /// The database.
    #[error("{0}")]
    Database(#[from] sqlx::Error),
    /// No random numbers.
    #[error("{0}")]
    Random(#[from] secret::NoRandomness),
}

impl Place {
    /// What `--files` says, else the folder of the data.
    pub fn read(flag: Option<&str>, data: &Path, environment: Environment) -> Result<Self, String> {
        let Some(url) = flag.filter(|url| !url.is_empty()) else { return Ok(Self::Folder(data.to_owned())) };
        let (name, prefix) = match url.strip_prefix("s3://") {
            Some(rest) => rest.split_once('/').unwrap_or((rest, "")),
            None => return Err(format!("`{url}` does not begin with s3://; a folder is given with --data")),
        };
        if name.is_empty() || name.contains(['?', '#', '@', ':']) {
            return Err(format!(
                "`{url}` names no bucket: s3://BUCKET/PREFIX; keys are taken from the environment"
            ));
        }
        let set = |(name, key): (&str, AmazonS3ConfigKey)| {
            environment(name).filter(|value| !value.is_empty()).map(|value| (key, value))
        };
        let prefix = prefix.trim_matches('/').to_owned();
        Ok(Self::Bucket {
            name: name.to_owned(),
            prefix,
            settings: VARIABLES.into_iter().filter_map(set).collect(),
        })
    }

    /// Opens it. A folder has to be there; a bucket is not asked yet.
    pub fn open(&self) -> Result<Objects, object_store::Error> {
        match self {
            // Synced: what the database knows of is on the disk.
            Self::Folder(folder) => Ok(Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true))),
            Self::Bucket { name, prefix, settings } => {
                let mut builder = AmazonS3Builder::new()
                    .with_bucket_name(name)
                    .with_retry(RetryConfig {
                        max_retries: MOST_RETRIES,
                        retry_timeout: RETRYING,
                        ..RetryConfig::default()
                    })
                    // Not every store that speaks S3 deletes many at once.
                    .with_disable_bulk_delete(true)
                    .with_client_options(ClientOptions::new().with_timeout(ANSWER).with_allow_http(true));
                for (key, value) in settings {
                    builder = builder.with_config(*key, value);
                }
                Ok(Arc::new(PrefixStore::new(builder.build()?, prefix.as_str())))
            }
        }
    }
}

/// Sees to it that the database and the place know each other, by a name that both keep. A place without a name is taken where the
/// files are that the database promises (`has_files`); one that has another's never is: what its own database knows of would be pruned.
pub async fn meet(
    objects: &Objects,
    database: &Database,
    has_files: impl AsyncFnOnce() -> Result<bool, PlaceError>,
) -> Result<(), PlaceError> {
    // Nothing of the database is held meanwhile: a store may take its time.
    let found = mark(objects).await?;
    let own = own_name(database, &secret::token()?).await?;
    match found {
        Some(found) if found == own => Ok(()),
        Some(_) => Err(PlaceError::Another),
        None if !has_files().await? => Err(PlaceError::Unknown(own)),
        None => {
            objects.put(&Key::from(MARK), PutPayload::from(own.clone())).await?;
            Ok(())
        }
    }
}

/// The name of this database's place; the first server that asks puts `new` there.
async fn own_name(database: &Database, new: &str) -> Result<String, sqlx::Error> {
    let mut db = database.write().await?;
    sqlx::query("INSERT INTO object_place (id, name) VALUES (1, $1) ON CONFLICT (id) DO NOTHING")
        .bind(new)
        .execute(&mut *db)
        .await?;
    let own = sqlx::query_scalar("SELECT name FROM object_place WHERE id = 1").fetch_one(&mut *db).await?;
    db.commit().await?;
    Ok(own)
}

/// The name that lies in a place.
async fn mark(objects: &Objects) -> Result<Option<String>, object_store::Error> {
    match objects.get(&Key::from(MARK)).await {
        Ok(found) => Ok(Some(String::from_utf8_lossy(&found.bytes().await?).trim().to_owned())),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(flag: Option<&str>, expected: &str) {
        let environment = |name: &str| (name == "AWS_REGION").then(|| "eu-central-1".to_owned());
        let place = Place::read(flag, Path::new("data"), &environment);
        assert_eq!(place.map_or_else(|error| format!("! {error}"), |place| place.to_string()), expected);
    }

    #[test]
    fn a_place_is_a_folder_or_a_bucket() {
        check(None, "data");
        check(Some(""), "data");
        check(Some("s3://shop"), "s3://shop/");
        check(Some("s3://shop/a/b/"), "s3://shop/a/b");
        check(Some("/var/files"), "! `/var/files` does not begin with s3://; a folder is given with --data");
        for wrong in ["s3://", "s3:///a", "s3://key:secret@shop/a", "s3://shop?x"] {
            let error = format!(
                "! `{wrong}` names no bucket: s3://BUCKET/PREFIX; keys are taken from the environment"
            );
            check(Some(wrong), &error);
        }
    }

    #[tokio::test]
    async fn a_bucket_that_does_not_answer_is_said_soon() {
        let environment = |name: &str| match name {
            "AWS_ENDPOINT_URL" => Some("http://127.0.0.1:1".to_owned()),
            "AWS_ACCESS_KEY_ID" | "AWS_SECRET_ACCESS_KEY" => Some("x".to_owned()),
            _ => None,
        };
        let place = Place::read(Some("s3://shop"), Path::new("data"), &environment).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let database =
            Database::connect(&format!("sqlite:{}/x.sqlite", folder.path().display())).await.unwrap();
        database.migrate(&[SCHEMA]).await.unwrap();
        let error = meet(&place.open().unwrap(), &database, async || Ok(true)).await.unwrap_err();
        assert!(matches!(error, PlaceError::Store(_)), "{error}");
    }
}
