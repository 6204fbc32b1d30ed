//! Passkeys: signing in by what a device keeps, without a password (Web Authentication, level 3).
//!
//! 1. Adding one and signing in are ceremonies: the server asks with a challenge, the device signs it. What was asked is kept
//!    in the database for five minutes and taken out by the first answer, right or wrong: any server can check it, and an
//!    answer is worth nothing the second time.
//! 2. Devices find the passkeys of the shop by themselves, so nobody types an address. What they keep of the account is a
//!    random number, not its id.
//! 3. Whoever's passkey was checked is let in as by a password: [`Accounts::begin`].

mod handlers;
mod relying_party;
mod store;

pub use handlers::routes;
pub use relying_party::{RelyingParty, Unfit};
pub use store::SCHEMA;

use super::{
    AccountError, Accounts, Belongings, Result, Seat, SignedIn, mails_of, sessions::known, store as accounts,
};
use crate::{
    cart::Carts,
    clock,
    database::Transaction,
    mail::{Letter, Message, Text},
    secret,
};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use contract::shop::passkey::Passkey;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use std::time::Duration;
use webauthn_rs::prelude::{
    DiscoverableAuthentication, PasskeyRegistration, PublicKeyCredential, RegisterPublicKeyCredential, Uuid,
    WebauthnError,
};

/// How long somebody may take to answer.
const TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// How many an account keeps.
const MOST: usize = 20;

/// A challenge that waits for its answer.
pub struct Challenge {
    /// What the browser names it by.
    pub ceremony: String,
    /// What the browser asks the device with, as JSON.
    pub options: Value,
}

/// Why a passkey is of no use.
#[derive(Debug, thiserror::Error)]
pub enum PasskeyError {
    /// Nobody can have passkeys of a shop at such an address.
    #[error("{0}")]
    Unfit(Unfit),
    /// They work on pages of this origin only.
    #[error("passkeys work at {0} only")]
    Elsewhere(String),
    /// The challenge was answered before, or is too old.
    #[error("the challenge was answered before, or is too old")]
    Over,
    /// Nobody has the passkey here.
    #[error("nobody has this passkey")]
    Unknown,
    /// The answer is not what was asked for.
    #[error("the answer does not hold: {0}")]
    Refused(WebauthnError),
    /// It was added before, by whomever.
    #[error("the passkey is known already")]
    Known,
    /// There may be a copy of it.
    #[error("the passkey's counter did not rise")]
    Copied,
    /// What we wrote ourselves cannot be read.
    #[error(transparent)]
    Unreadable(#[from] serde_json::Error),
}

impl From<WebauthnError> for PasskeyError {
    fn from(error: WebauthnError) -> Self {
        match error {
            WebauthnError::CredentialPossibleCompromise => Self::Copied,
            error => Self::Refused(error),
        }
    }
}

impl Accounts {
    /// An account's passkeys, as they came.
    pub async fn passkeys(&self, account: &str) -> Result<Vec<Passkey>> {
        let rows = store::of(&mut *self.database.read().await?, account).await?;
        Ok(rows.into_iter().map(wire).collect())
    }

    /// Asks a device of somebody who knows their password for a new passkey. `page` is the origin of the page.
    pub async fn prepare_passkey(
        &self,
        seat: &Seat,
        password: String,
        page: Option<&str>,
    ) -> Result<Challenge> {
        let webauthn = self.relying_party.on(page)?;
        let account = &seat.account;
        let password = self.check_password(seat, password).await?;
        let mut transaction = self.database.write().await?;
        let known = store::credential_ids(&mut transaction, &account.id).await?;
        if known.len() >= MOST {
            return Err(FULL);
        }
        // Here, where no device has made anything yet that would be refused.
        self.count_notice(seat)?;
        let handle = store::handle(&mut transaction, &account.id, &Uuid::new_v4().to_string()).await?;
        transaction.commit().await?;
        let handle = Uuid::parse_str(&handle).map_err(|_| PasskeyError::Unknown)?;
        let known = known.iter().filter_map(|id| URL_SAFE_NO_PAD.decode(id).ok()).collect();
        let asked = webauthn.start_passkey_registration(handle, &account.email, &account.name, Some(known));
        let (asked, state) = asked.map_err(PasskeyError::from)?;
        let mut options = serde_json::to_value(asked.public_key).map_err(PasskeyError::from)?;
        // The library leaves it to the device whether the passkey can be found without an address. Here nothing else works.
        options["authenticatorSelection"]["residentKey"] = json!("required");
        options["authenticatorSelection"]["requireResidentKey"] = json!(true);
        self.begin_ceremony(Some(&account.id), &(state, password), options).await
    }

    /// Keeps the passkey that a device made, and tells the account's owner by mail.
    pub async fn add_passkey(
        &self,
        seat: &Seat,
        ceremony: &str,
        answer: &RegisterPublicKeyCredential,
    ) -> Result<Passkey> {
        let account = &seat.account;
        let (state, password): (PasskeyRegistration, String) =
            self.take_ceremony(ceremony, Some(&account.id)).await?;
        let made = self.relying_party.webauthn()?.finish_passkey_registration(answer, &state);
        let made = made.map_err(PasskeyError::from)?;
        let credential_id = URL_SAFE_NO_PAD.encode(made.cred_id());
        let credential = serde_json::to_string(&made).map_err(PasskeyError::from)?;
        let name = if seat.device.is_empty() { "Passkey" } else { &seat.device };
        let new =
            store::New { account: &account.id, credential_id: &credential_id, credential: &credential, name };
        let now = clock::now();
        let mut transaction = self.database.write().await?;
        // Who asked for the challenge knew the password of then.
        if !accounts::hold(&mut transaction, &account.id, &password).await? {
            return Err(PasskeyError::Over.into());
        }
        if store::of(&mut transaction, &account.id).await?.len() >= MOST {
            return Err(FULL);
        }
        let id = store::insert(&mut transaction, &new, now).await?.ok_or(PasskeyError::Known)?;
        let link = self.security();
        let text = Text::of(Letter::PasskeyAdded, seat.language, &[("name", name), ("link", &link)]);
        let key = format!("{}passkey/{}", mails_of(&account.id), secret::hash(ceremony));
        let message = Message { to: account.email.clone(), subject: text.subject, text: text.text, key };
        self.mail.queue(&mut transaction, message).await?;
        transaction.commit().await?;
        Ok(wire(store::Row { id, name: name.to_owned(), added_at: now, used_at: 0 }))
    }

    /// Changes what a passkey is called. `name` is taken as checked.
    pub async fn rename_passkey(&self, account: &str, id: i64, name: &str) -> Result<Passkey> {
        let mut transaction = self.database.write().await?;
        if !store::rename(&mut transaction, account, id, name).await? {
            return Err(AccountError::Gone);
        }
        let now = store::of(&mut transaction, account).await?;
        transaction.commit().await?;
        now.into_iter().find(|row| row.id == id).map(wire).ok_or(AccountError::Gone)
    }

    /// Takes a passkey away: it opens nothing any more.
    pub async fn remove_passkey(&self, account: &str, id: i64) -> Result<()> {
        let mut transaction = self.database.write().await?;
        if !store::delete(&mut transaction, account, id).await? {
            return Err(AccountError::Unknown);
        }
        Ok(transaction.commit().await?)
    }

    /// Asks any device for a passkey of the shop. `page` is the origin of the page.
    pub async fn ask_for_passkey(&self, belongings: &Belongings, page: Option<&str>) -> Result<Challenge> {
        let webauthn = self.relying_party.on(page)?;
        self.challenges.attempt_from(belongings.address)?;
        let (asked, state) = webauthn.start_discoverable_authentication().map_err(PasskeyError::from)?;
        let options = serde_json::to_value(asked.public_key).map_err(PasskeyError::from)?;
        self.begin_ceremony(None, &state, options).await
    }

    /// Signs in with a passkey. Attempts count by address alone: there is nothing to guess, and nobody can hold up
    /// somebody else.
    pub async fn sign_in_by_passkey(
        &self,
        carts: &Carts,
        ceremony: &str,
        answer: &PublicKeyCredential,
        belongings: &Belongings,
    ) -> Result<SignedIn> {
        self.throttle.attempt_from(belongings.address)?;
        let state: DiscoverableAuthentication = self.take_ceremony(ceremony, None).await?;
        let webauthn = self.relying_party.webauthn()?;
        let named = webauthn.identify_discoverable_authentication(answer);
        let (handle, credential_id) = named.map_err(PasskeyError::from)?;
        let mut transaction = self.database.write().await?;
        let held = store::hold(&mut transaction, &URL_SAFE_NO_PAD.encode(credential_id), &handle.to_string())
            .await?;
        let held = held.ok_or(PasskeyError::Unknown)?;
        let mut passkey: webauthn_rs::prelude::Passkey =
            serde_json::from_str(&held.credential).map_err(PasskeyError::from)?;
        let checked = webauthn.finish_discoverable_authentication_v2(answer, state, &passkey);
        let checked = checked
            .map_err(PasskeyError::from)
            .inspect_err(|error| tracing::info!(%error, passkey = held.id, "a passkey was refused"))?;
        passkey.update_credential(&checked);
        let credential = serde_json::to_string(&passkey).map_err(PasskeyError::from)?;
        store::used(&mut transaction, held.id, &credential, clock::now()).await?;
        let account = accounts::find(&mut transaction, &held.account).await?.ok_or(PasskeyError::Unknown)?;
        self.begin(transaction, carts, account, belongings).await
    }

    /// Where somebody sees their passkeys.
    pub(super) fn security(&self) -> String {
        format!("{}/#/account/security", self.shop)
    }

    async fn begin_ceremony(
        &self,
        account: Option<&str>,
        state: &impl Serialize,
        options: Value,
    ) -> Result<Challenge> {
        let state = serde_json::to_string(state).map_err(PasskeyError::from)?;
        let ceremony = secret::token()?;
        let expires_at = clock::now() + i64::try_from(TIMEOUT.as_millis()).unwrap_or_default();
        let mut transaction = self.database.write().await?;
        store::begin(&mut transaction, &secret::hash(&ceremony), account, &state, expires_at).await?;
        transaction.commit().await?;
        Ok(Challenge { ceremony, options })
    }

    async fn take_ceremony<S: DeserializeOwned>(&self, ceremony: &str, account: Option<&str>) -> Result<S> {
        let mut transaction = self.database.write().await?;
        let state = store::take(&mut transaction, &secret::hash(ceremony), account, clock::now()).await?;
        transaction.commit().await?;
        let state = state.ok_or(PasskeyError::Over)?;
        Ok(serde_json::from_str(&state).map_err(PasskeyError::from)?)
    }
}

/// Takes away all of an account, and those it is about to add; whether it had any.
pub(super) async fn end(transaction: &mut Transaction, account: &str) -> Result<bool> {
    Ok(store::delete_all(transaction, account).await?)
}

/// Whether an account has passkeys.
pub(super) async fn any(transaction: &mut Transaction, account: &str) -> Result<bool> {
    Ok(!store::of(transaction, account).await?.is_empty())
}

/// Takes away challenges that nobody answered in time.
pub(super) async fn sweep(transaction: &mut Transaction) -> Result<()> {
    Ok(store::sweep(transaction, clock::now()).await?)
}

const FULL: AccountError = AccountError::Full("An account keeps at most 20 passkeys.");

fn wire(row: store::Row) -> Passkey {
    Passkey { id: row.id, name: row.name, added: clock::rfc3339(row.added_at), used: known(row.used_at) }
}
