//! Where files lie, as the command line and the environment say it.

use super::Objects;
use crate::bot::settings::Environment;
use object_store::{
    ClientOptions, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    prefix::PrefixStore,
};
use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

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
            Self::Folder(folder) => {
                Ok(Objects::near(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)))
            }
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
                Ok(Objects::far(PrefixStore::new(builder.build()?, prefix.as_str())))
            }
        }
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
}
