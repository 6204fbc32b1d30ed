//! Accounts, and the sessions of those who are signed in.
//!
//! What can be found out from outside about who has an account: signing in answers alike in text and time
//! for known and unknown addresses. Signing up with an address that is taken says E412, after the same
//! work as a sign-up that succeeds: whoever signs up wants to go on at once, not after a mail, and the
//! throttle bounds how many addresses anybody can try. Asking for a new password does the same work for
//! both, and the mail is sent beside the requests.

mod addresses;
mod device;
mod handlers;
mod leaving;
mod new_password;
mod passkeys;
mod password;
mod sessions;
mod store;
mod throttle;
mod visitor;
mod wishlist;

pub use device::device;
pub use handlers::routes;
pub use leaving::Others;
pub use new_password::Seat;
pub use passkeys::{PasskeyError, RelyingParty, SCHEMA as PASSKEYS_SCHEMA, Unfit};
pub use store::{AccountRow, CARE_SCHEMA, NUMBERS_SCHEMA, REGION_SCHEMA, SCHEMA};
pub use visitor::Visitor;

use crate::{
    cart::{CartError, Carts},
    clock,
    config::Configuration,
    database::{Database, Transaction},
    mail::Mail,
    orders::OrderError,
    pace::TooMany,
    secret::{self, NoRandomness},
};
use password::{HashError, Hasher};
use std::{collections::HashMap, net::IpAddr, sync::Arc, time::Duration};
use throttle::Throttle;

/// How long somebody stays signed in: 30 days.
pub const SESSION_SECONDS: i64 = 30 * 24 * 60 * 60;

/// All accounts.
#[derive(Clone)]
pub struct Accounts {
    database: Database,
    hasher: Hasher,
    throttle: Throttle,
    /// How many mails somebody has sent to an address.
    letters: Throttle,
    /// How many changes somebody has made that an address is told of.
    notices: Throttle,
    /// How many challenges for passkeys somebody has had.
    challenges: Throttle,
    relying_party: RelyingParty,
    mail: Mail,
    /// The shop's public address.
    shop: Arc<str>,
}

/// Somebody who asks to be let in.
pub struct Applicant {
    /// The address that they give, normalised by [`normalise_email`].
    pub email: String,
    /// The password that they give.
    pub password: String,
    /// What they bring along.
    pub belongings: Belongings,
}

/// What somebody brings along who asks to be let in.
pub struct Belongings {
    /// Where they are.
    pub address: IpAddr,
    /// The session cookie that they have; it is dead afterwards.
    pub session: Option<String>,
    /// The guest's cart that they have.
    pub cart: Option<String>,
    /// What their browser calls itself.
    pub device: String,
}

/// Somebody who was let in.
pub struct SignedIn {
    /// Who.
    pub account: AccountRow,
    /// The session cookie's value, new at each sign-in.
    pub token: String,
    /// What became of their carts.
    pub notices: Vec<String>,
}

/// Why somebody was not let in.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// Address or password is wrong.
    #[error("the address or the password is wrong")]
    Wrong,
    /// The address is taken.
    #[error("the address is taken")]
    Taken,
    /// Too many attempts.
    #[error("too many attempts")]
    TooMany(Duration),
    /// The present password is wrong.
    #[error("the present password is wrong")]
    PasswordWrong,
    /// A link for a new password is worth nothing any more.
    #[error("the link was used, or is too old")]
    ResetInvalid,
    /// The account has nothing of that name.
    #[error("there is no such thing in this account")]
    Unknown,
    /// What is to be changed is not there any more.
    #[error("It is no longer there: it was removed elsewhere.")]
    Gone,
    /// There is no room for more.
    #[error("{0}")]
    Full(&'static str),
    /// A passkey is of no use.
    #[error(transparent)]
    Passkey(#[from] PasskeyError),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] HashError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// The carts could not be merged.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The orders could not be read, or not be parted from the person.
    #[error(transparent)]
    Orders(#[from] OrderError),
}

impl From<TooMany> for AccountError {
    fn from(refused: TooMany) -> Self {
        Self::TooMany(refused.retry_after)
    }
}

type Result<T> = std::result::Result<T, AccountError>;

impl Accounts {
    /// The accounts in a database.
    pub async fn new(database: Database, mail: Mail, configuration: &Configuration) -> Result<Self> {
        Ok(Self {
            database,
            hasher: Hasher::new().await?,
            throttle: Throttle::new(),
            letters: Throttle::for_letters(),
            notices: Throttle::for_notices(),
            challenges: Throttle::new(),
            relying_party: RelyingParty::new(configuration),
            mail,
            shop: configuration.address().into(),
        })
    }

    /// Makes an account, and signs in.
    pub async fn sign_up(&self, carts: &Carts, name: String, applicant: Applicant) -> Result<SignedIn> {
        self.count(&applicant)?;
        let hash = self.hasher.hash(applicant.password.clone()).await?;
        let account = AccountRow { id: secret::token()?, email: applicant.email.clone(), name };
        let mut transaction = self.database.write().await?;
        if !store::insert(&mut transaction, &account, &hash, clock::now()).await? {
            return Err(AccountError::Taken);
        }
        self.begin(transaction, carts, account, &applicant.belongings).await
    }

    /// Signs in.
    pub async fn sign_in(&self, carts: &Carts, applicant: Applicant) -> Result<SignedIn> {
        self.count(&applicant)?;
        let found = store::credentials(&mut *self.database.read().await?, &applicant.email).await?;
        let hash = found.as_ref().map(|found| found.password.clone());
        let right = self.hasher.verify(applicant.password.clone(), hash).await?;
        let found = found.filter(|_| right).ok_or(AccountError::Wrong)?;
        let account = AccountRow { id: found.id, email: found.email, name: found.name };
        let mut transaction = self.database.write().await?;
        if !store::hold(&mut transaction, &account.id, &found.password).await? {
            return Err(AccountError::Wrong);
        }
        self.begin(transaction, carts, account, &applicant.belongings).await
    }

    /// Signs out: the cookie is dead from now on.
    pub async fn sign_out(&self, token: &str) -> Result<()> {
        let mut transaction = self.database.write().await?;
        store::sessions::end(&mut transaction, &secret::hash(token)).await?;
        Ok(transaction.commit().await?)
    }

    /// What to call these accounts, by id.
    pub async fn names(
        &self,
        accounts: &[&str],
    ) -> std::result::Result<HashMap<String, String>, sqlx::Error> {
        let names = store::names(&mut *self.database.read().await?, accounts).await?;
        Ok(names.into_iter().collect())
    }

    /// Takes away what is over.
    pub async fn sweep(&self) -> Result<()> {
        self.throttle.sweep();
        self.letters.sweep();
        self.notices.sweep();
        self.challenges.sweep();
        let mut transaction = self.database.write().await?;
        store::sessions::sweep(&mut transaction, clock::now()).await?;
        store::resets::sweep(&mut transaction, clock::now()).await?;
        passkeys::sweep(&mut transaction).await?;
        Ok(transaction.commit().await?)
    }

    fn count(&self, applicant: &Applicant) -> Result<()> {
        Ok(self.throttle.attempt(&applicant.email, applicant.belongings.address)?)
    }

    /// Lets somebody in, however they showed who they are.
    async fn begin(
        &self,
        mut transaction: Transaction,
        carts: &Carts,
        account: AccountRow,
        belongings: &Belongings,
    ) -> Result<SignedIn> {
        if let Some(old) = &belongings.session {
            store::sessions::end(&mut transaction, &secret::hash(old)).await?;
        }
        let token = secret::token()?;
        let now = clock::now();
        let (hashed, expires_at) = (secret::hash(&token), now + SESSION_SECONDS * 1000);
        let device = &belongings.device;
        store::sessions::begin(&mut transaction, &hashed, &account.id, device, now, expires_at).await?;
        let notices = match &belongings.cart {
            Some(guest) => carts.merge(&mut transaction, &secret::hash(guest), &account.id).await?,
            None => Vec::new(),
        };
        transaction.commit().await?;
        Ok(SignedIn { account, token, notices })
    }
}

/// What the keys of an account's mails begin with. They are kept when it is gone, so its id is not in them.
fn mails_of(account: &str) -> String {
    format!("account/{}/", secret::hash(account))
}

/// An address as it is kept: without blanks around it, in small letters.
pub fn normalise_email(email: &str) -> String {
    email.trim().to_lowercase()
}
