//! Tokens: who may publish a microapp, and who may do everything.
//!
//! A token has 256 random bits; only its hash is kept. A team's token is for one microapp, an operator's for
//! all of them, for the catalogue and for other tokens. Every token ends.

mod bearer;
mod handlers;
mod store;

pub use bearer::{Bearer, Operator};
pub use handlers::routes;
pub use store::{SCHEMA, Token};

use crate::{
    clock::{self, Millis},
    config::OPERATOR_TOKEN,
    database::Database,
    operators::{self, Deed},
    secret::{self, NoRandomness},
};
use contract::code;
use std::sync::Arc;

const DAY: Millis = 24 * 60 * 60 * 1000;
/// How long the operator's token of the first start lives.
const FIRST_TOKEN: Millis = 365 * DAY;
/// Its id.
const FIRST: &str = "first";
/// The environment's token is renewed every hour while a server runs with it; without one it ends by itself.
const ENVIRONMENT_TOKEN: Millis = DAY;
/// Who makes those.
const ENVIRONMENT: &str = "the environment";
/// How long ended tokens are still listed.
const REMEMBERED: Millis = 30 * DAY;

/// The tokens.
#[derive(Clone)]
pub struct Tokens {
    database: Database,
    /// The hash of the operator token that this server was started with.
    environment: Option<Arc<str>>,
}

/// A token that was just made. Its secret is shown once and kept nowhere.
pub struct Minted {
    /// What is kept of it.
    pub token: Token,
    /// What its holder sends.
    pub secret: String,
}

/// Why there is no token.
#[derive(Debug, thiserror::Error)]
pub enum TokenError {
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
}

/// Why the environment's token does not count.
#[derive(Debug, thiserror::Error)]
pub enum EnvironmentError {
    /// It could not be entered.
    #[error("E501 {0}")]
    Token(#[from] TokenError),
    /// It is a team's already, for one microapp and no other.
    #[error(
        "{code} {variable}: is the token of {0}; choose another, or revoke that one",
        code = code::CONFIGURATION,
        variable = OPERATOR_TOKEN
    )]
    OfAnApp(String),
}

impl Tokens {
    /// The tokens in a database, and the operator's token that the environment has.
    pub async fn new(database: Database, environment: Option<&str>) -> Result<Self, EnvironmentError> {
        let environment = environment.map(secret::hash);
        if let Some(hash) = &environment
            && let Some(app) = enter(&database, hash).await?
        {
            return Err(EnvironmentError::OfAnApp(app));
        }
        Ok(Self { database, environment: environment.map(Into::into) })
    }

    /// The operator's token of the first start; `None` when somebody has one, or the environment does.
    pub async fn first(&self) -> Result<Option<Minted>, TokenError> {
        if self.environment.is_some() {
            return Ok(None);
        }
        let mut minted = mint(None, "the first start's".to_owned(), "the first start", FIRST_TOKEN)?;
        // A name that there can be once: of two servers that start at the same time, one shows a token.
        minted.token.id = FIRST.to_owned();
        let mut transaction = self.database.write().await?;
        // Tokens of the environment are for as long as a server runs with them: who starts without one needs another.
        if store::count_operators(&mut transaction, ENVIRONMENT, clock::now()).await? > 0 {
            return Ok(None);
        }
        let entered = store::put_once(&mut transaction, &minted.token, &secret::hash(&minted.secret)).await?;
        transaction.commit().await?;
        Ok(entered.then_some(minted))
    }

    /// Makes a token, for an app or (`None`) for an operator, that ends in `days` days.
    pub async fn create(
        &self,
        app: Option<String>,
        label: String,
        days: u16,
        who: &str,
    ) -> Result<Minted, TokenError> {
        let minted = mint(app, label, who, Millis::from(days) * DAY)?;
        let mut transaction = self.database.write().await?;
        store::put(&mut transaction, &minted.token, &secret::hash(&minted.secret)).await?;
        let Token { id, app, label, .. } = &minted.token;
        let label = if label.is_empty() { String::new() } else { format!(": {label}") };
        let became = format!("{} for {days} days{label}", app.as_deref().unwrap_or("operator"));
        let deed = Deed { who, kind: "token", subject: id, was: "", became: &became };
        operators::write_down(&mut transaction, &deed).await?;
        transaction.commit().await?;
        Ok(minted)
    }

    /// All of them, the newest first.
    pub async fn list(&self) -> Result<Vec<Token>, TokenError> {
        Ok(store::all(&mut *self.database.read().await?).await?)
    }

    /// Takes one away, at once; whether it was there.
    pub async fn revoke(&self, id: &str, who: &str) -> Result<bool, TokenError> {
        let mut transaction = self.database.write().await?;
        let gone = store::remove(&mut transaction, id).await?;
        if gone {
            let deed = Deed { who, kind: "token", subject: id, was: "valid", became: "revoked" };
            operators::write_down(&mut transaction, &deed).await?;
        }
        transaction.commit().await?;
        Ok(gone)
    }

    /// The token with this secret, while it is good.
    pub async fn find(&self, secret: &str) -> Result<Option<Token>, TokenError> {
        let hash = secret::hash(secret);
        Ok(store::find(&mut *self.database.read().await?, &hash, clock::now()).await?)
    }

    /// Renews the environment's token, unless it was revoked, and forgets those that ended long ago.
    pub async fn sweep(&self) -> Result<(), TokenError> {
        let now = clock::now();
        let mut transaction = self.database.write().await?;
        if let Some(hash) = &self.environment {
            store::prolong(&mut transaction, hash, now + ENVIRONMENT_TOKEN).await?;
        }
        store::sweep(&mut transaction, now - REMEMBERED).await?;
        Ok(transaction.commit().await?)
    }
}

/// Enters the environment's token, unless it is an app's: then the answer is whose.
async fn enter(database: &Database, hash: &str) -> Result<Option<String>, TokenError> {
    let token = new_token(None, OPERATOR_TOKEN.to_owned(), ENVIRONMENT, ENVIRONMENT_TOKEN)?;
    let mut transaction = database.write().await?;
    store::put(&mut transaction, &token, hash).await?;
    let app = store::find(&mut transaction, hash, token.created_at).await?.and_then(|token| token.app);
    if app.is_none() {
        transaction.commit().await?;
    }
    Ok(app)
}

fn mint(app: Option<String>, label: String, who: &str, life: Millis) -> Result<Minted, NoRandomness> {
    Ok(Minted { token: new_token(app, label, who, life)?, secret: secret::token()? })
}

fn new_token(app: Option<String>, label: String, who: &str, life: Millis) -> Result<Token, NoRandomness> {
    let now = clock::now();
    let id = secret::readable(8)?;
    Ok(Token { id, app, label, created_at: now, created_by: who.to_owned(), expires_at: now + life })
}
