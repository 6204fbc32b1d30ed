//! The database knows which place of files is its own, by a name that both keep. A server that is started on another place would
//! answer 404 for everything that the database promises; it does not start.

use super::Objects;
use crate::{
    database::{Database, Schema},
    secret,
};
use object_store::path::Path as Key;

/// The name of the place.
pub const SCHEMA: Schema = Schema {
    version: 62,
    name: "objects",
    sql: "CREATE TABLE object_place (id INTEGER PRIMARY KEY, name TEXT NOT NULL)",
};

/// Where the name lies beside the bytes.
const MARK: &str = "menagerie.store";

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
        None if objects.create(&Key::from(MARK), own.clone().into()).await? => Ok(()),
        // Somebody was faster: a server of this database, or another's.
        None => match mark(objects).await? {
            Some(found) if found == own => Ok(()),
            _ => Err(PlaceError::Another),
        },
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
    let found = objects.read(&Key::from(MARK)).await?;
    Ok(found.map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::objects::Place;
    use std::path::Path;

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
