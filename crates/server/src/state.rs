//! What every handler can reach.

use crate::{
    accounts::Accounts,
    bot::Bot,
    cart::Carts,
    catalogue::{Catalogue, Uploads},
    config::{Configuration, Seed},
    contact::Contact,
    database::{Database, lacks_rights},
    health::Health,
    http::cookies::Cookies,
    idempotency::Idempotency,
    mail::Mail,
    objects::{self, Objects, Place, PlaceError},
    operators::Operators,
    orders::Orders,
    releases::Releases,
    reviews::Reviews,
    tokens::Tokens,
};
use reqwest::Url;
use sqlx::migrate::MigrateError;
use std::{fs::DirBuilder, io, ops::Deref, os::unix::fs::DirBuilderExt as _, path::Path, sync::Arc};
use tokio_util::sync::CancellationToken;

/// The server: its verticals and what they stand on. Cheap to clone.
#[derive(Clone)]
pub struct Server(Arc<Parts>);

/// See [`Server`].
pub struct Parts {
    /// What it runs with.
    pub configuration: Arc<Configuration>,
    /// The database.
    pub database: Database,
    /// Names and attributes of the cookies.
    pub cookies: Cookies,
    /// Products and stock.
    pub catalogue: Catalogue,
    /// Carts.
    pub carts: Carts,
    /// Orders.
    pub orders: Orders,
    /// Reviews of buyers.
    pub reviews: Reviews,
    /// Accounts and sessions.
    pub accounts: Accounts,
    /// The contact form.
    pub contact: Contact,
    /// What operators do.
    pub operators: Operators,
    /// The bot.
    pub bot: Bot,
    /// The release registry.
    pub releases: Releases,
    /// What pages say of releases.
    pub health: Health,
    /// Who may publish.
    pub tokens: Tokens,
    /// Answers that are given once.
    pub idempotency: Idempotency,
    /// Mails.
    pub mail: Mail,
    /// Told when the server stops: streams without an end must end then.
    pub stopping: CancellationToken,
}

impl Deref for Server {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Why the server does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be reached or opened.
    #[error("E502 The database {url} cannot be used: {source}. Check --database and --data.")]
    Database {
        /// Its address, without a password.
        url: String,
        /// What it said.
        source: sqlx::Error,
    },
    /// The tables are of another version of this server, or not ours to change.
    #[error("E502 The tables cannot be brought up to date: {0}. {way_out}", way_out = way_out(.0))]
    Migration(#[from] MigrateError),
    /// The folder for release files cannot be used.
    #[error("E502 The folder {folder} cannot be used: {message}. Check --data.")]
    Folder {
        /// The folder.
        folder: String,
        /// What the system said.
        message: String,
    },
    /// The files of releases and pictures cannot be used, or are not those of the database.
    #[error(
        "E502 The files in {place}: {source} Check --data, or --files with AWS_REGION, AWS_ENDPOINT_URL and the keys."
    )]
    Files {
        /// The folder or the bucket.
        place: String,
        /// Why.
        source: PlaceError,
    },
    /// What the binary carries is damaged.
    #[error("E501 assets/pictures/colours.json is not valid: {0}. Build the server again.")]
    Colours(#[from] serde_json::Error),
    /// The seed catalogue is damaged, or could not be loaded.
    #[error("E501 The seed catalogue: {0}")]
    Seed(#[from] crate::catalogue::LoadError),
    /// Nothing can be asked of others.
    #[error("E501 {0}")]
    Bot(#[from] crate::bot::NoBot),
    /// A password hash for comparing with could not be made.
    #[error("E501 {0}")]
    Accounts(#[from] crate::accounts::AccountError),
    /// The operator's token of the environment does not count.
    #[error(transparent)]
    Tokens(#[from] crate::tokens::EnvironmentError),
    /// Mails cannot leave the house.
    #[error("E502 Mails: {0}. Check --data and MENAGERIE_SMTP.")]
    Mail(#[from] crate::mail::PostError),
    /// There is no key for signing.
    #[error("E501 {0}")]
    Health(#[from] crate::health::HealthError),
}

/// What to do where tables cannot be brought up to date.
fn way_out(error: &MigrateError) -> &'static str {
    match error {
        MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) if lacks_rights(error) => {
            "The role of --database lacks rights: let it own the database and its tables, as `createdb --owner` makes it."
        }
        _ => "Start the version that made them, or another database.",
    }
}

impl Server {
    /// Opens the database and the folder, brings the tables up to date and loads the seed where there is nothing.
    pub async fn start(configuration: Configuration) -> Result<Self, StartError> {
        let configuration = Arc::new(configuration);
        let folder = |message: String| StartError::Folder {
            folder: configuration.data.display().to_string(),
            message,
        };
        // Without the one and the other nothing is kept here, and the machine may have no disk to write to.
        let keeps_files = matches!(configuration.files, Place::Folder(_));
        if keeps_files || configuration.database.starts_with("sqlite:") {
            private_folder(&configuration.data).map_err(|error| folder(error.to_string()))?;
        }
        let url = &configuration.database;
        let database = Database::connect(url)
            .await
            .map_err(|source| StartError::Database { url: without_password(url), source })?;
        database
            .migrate(&[
                crate::releases::SCHEMA,
                crate::catalogue::SCHEMA,
                crate::accounts::SCHEMA,
                crate::cart::SCHEMA,
                crate::idempotency::SCHEMA,
                crate::orders::SCHEMA,
                crate::contact::SCHEMA,
                crate::tokens::SCHEMA,
                crate::releases::ROLLOUTS_SCHEMA,
                crate::health::SCHEMA,
                crate::bot::SCHEMA,
                crate::catalogue::SEARCH_SCHEMA,
                crate::catalogue::WEIGHT_SCHEMA,
                crate::catalogue::TAGS_SCHEMA,
                crate::cart::COUPONS_SCHEMA,
                crate::orders::TAX_SCHEMA,
                crate::orders::PAYMENTS_SCHEMA,
                crate::operators::SCHEMA,
                crate::contact::ANSWERED_SCHEMA,
                crate::mail::SCHEMA,
                crate::accounts::CARE_SCHEMA,
                crate::orders::FORGETTING_SCHEMA,
                crate::orders::LANGUAGE_SCHEMA,
                crate::reviews::SCHEMA,
                crate::accounts::PASSKEYS_SCHEMA,
                crate::orders::REGION_SCHEMA,
                crate::accounts::REGION_SCHEMA,
                crate::contact::ACCOUNT_SCHEMA,
                crate::orders::SHIPPED_SCHEMA,
                crate::orders::UNDERWAY_SCHEMA,
                crate::releases::EVIDENCE_SCHEMA,
                objects::SCHEMA,
                crate::releases::TELLING_SCHEMA,
                crate::orders::ADDRESS_SCHEMA,
                crate::orders::PERSON_SCHEMA,
                crate::operators::SUBJECT_SCHEMA,
                crate::health::ADDRESS_SCHEMA,
                crate::mail::RECIPIENTS_SCHEMA,
                crate::bot::SESSIONS_SCHEMA,
                crate::accounts::NUMBERS_SCHEMA,
            ])
            .await?;
        let objects = open(&configuration.files, &database)
            .await
            .map_err(|source| StartError::Files { place: configuration.files.to_string(), source })?;
        let uploads = Uploads::new(objects.clone());
        let catalogue = Catalogue::new(database.clone(), configuration.currency, uploads)?;
        if configuration.seed == Seed::Petstore {
            catalogue.seed().await?;
        }
        catalogue.index().await;
        let tokens = Tokens::new(database.clone(), configuration.operator_token.as_deref()).await?;
        let carts = Carts::new(database.clone(), catalogue.clone(), &configuration);
        let idempotency = Idempotency::new(database.clone());
        let mail = Mail::new(database.clone(), &configuration.mail)?;
        let orders =
            Orders::new(database.clone(), catalogue.clone(), carts.clone(), mail.clone(), &configuration);
        let reviews = Reviews::new(database.clone(), catalogue.clone(), orders.clone());
        let contact = Contact::new(database.clone());
        let releases = Releases::new(database.clone(), objects, Arc::clone(&configuration));
        let bot = Bot::new(Arc::clone(&configuration.bot), configuration.agents.clone(), database.clone())?;
        Ok(Self(Arc::new(Parts {
            bot,
            cookies: Cookies::new(configuration.origin.as_deref()),
            accounts: Accounts::new(database.clone(), mail.clone(), &configuration).await?,
            operators: Operators::new(
                database.clone(),
                orders.clone(),
                catalogue.clone(),
                contact.clone(),
                reviews.clone(),
            ),
            reviews,
            contact,
            health: Health::new(database.clone()).await?,
            mail,
            releases,
            orders,
            carts,
            catalogue,
            tokens,
            idempotency,
            database,
            configuration,
            stopping: CancellationToken::new(),
        })))
    }
}

/// Opens the place of the files, and makes sure that it is the database's.
async fn open(place: &Place, database: &Database) -> Result<Objects, PlaceError> {
    let objects = place.open()?;
    objects::meet(&objects, database, async || crate::releases::are_among(&objects, database).await).await?;
    Ok(objects)
}

/// Makes a folder that nobody else on the machine looks into, where it is not there yet.
pub fn private_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// A database's address as it may be shown. A password that has `/`, `?` or `#` in it ends the host's part early, and nobody can say
/// where it stands then.
fn without_password(url: &str) -> String {
    // Parameters may have one, too.
    let plain = url.split('?').next().unwrap_or_default();
    let Some((scheme, rest)) = plain.split_once("://") else { return plain.to_owned() };
    let path = rest.find(['/', '#']).unwrap_or(rest.len());
    if Url::parse(url).is_err() || url[scheme.len() + "://".len() + path..].contains('@') {
        return format!("{scheme}://…");
    }
    match rest.rsplit_once('@') {
        Some((_, host)) => format!("{scheme}://…@{host}"),
        None => plain.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown_wherever_it_stands() {
        for (url, expected) in [
            ("sqlite:data/menagerie.sqlite", "sqlite:data/menagerie.sqlite"),
            ("sqlite:/a@b/menagerie.sqlite?mode=rwc", "sqlite:/a@b/menagerie.sqlite"),
            ("postgres://db.example/shop", "postgres://db.example/shop"),
            ("postgres://shop@localhost/x?host=/tmp&password=pw", "postgres://…@localhost/x"),
            ("postgres://shop:pw@db:5433/shop", "postgres://…@db:5433/shop"),
            ("postgres://shop:p@w@db/shop", "postgres://…@db/shop"),
            ("postgres://shop:p?w@db/shop", "postgres://…"),
            ("postgres://shop:12?34@db/shop", "postgres://…"),
            ("postgres://shop:12/34@db/shop", "postgres://…"),
            ("postgres://shop:12#34@db/shop", "postgres://…"),
            ("postgres://shop:p@w/1@db/shop", "postgres://…"),
            ("postgres://shop:pw", "postgres://…"),
        ] {
            assert_eq!(without_password(url), expected, "{url}");
        }
    }
}
