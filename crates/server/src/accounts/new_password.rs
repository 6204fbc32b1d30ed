//! Another password: by the one of before, or by a link in a mail.

use super::{
    AccountError, AccountRow, Accounts, Result, SESSION_SECONDS, mails_of, passkeys, store,
    store::{addresses, resets, sessions},
};
use crate::{
    clock::{self, Millis},
    database::Transaction,
    language::Language,
    mail::{self, Letter, Message, Text},
    secret,
};
use std::net::IpAddr;

/// How long the link in a mail works.
const RESET_MINUTES: i64 = 60;

/// Somebody who is signed in, and the browser they sit at.
pub struct Seat {
    /// Who.
    pub account: AccountRow,
    /// Where.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub device: String,
    /// The language for mails.
    pub language: Language,
}

impl Accounts {
    /// Changes the password of whoever knows the present one. All sessions end; the answer is the cookie of a
    /// new one.
    pub async fn change_password(&self, seat: Seat, present: String, next: String) -> Result<String> {
        let present = self.check_password(&seat, present).await?;
        self.count_notice(&seat)?;
        let hash = self.hasher.hash(next).await?;
        let (account, now) = (seat.account, clock::now());
        let token = secret::token()?;
        let mut transaction = self.database.write().await?;
        if !store::hold(&mut transaction, &account.id, &present).await? {
            return Err(AccountError::PasswordWrong);
        }
        let letter = match passkeys::any(&mut transaction, &account.id).await? {
            true => Letter::PasswordChangedBesidePasskeys,
            false => Letter::PasswordChanged,
        };
        self.set_password(&mut transaction, &account, &hash, letter, seat.language).await?;
        let expires_at = now + SESSION_SECONDS * 1000;
        let hashed = secret::hash(&token);
        sessions::begin(&mut transaction, &hashed, &account.id, &seat.device, now, expires_at).await?;
        transaction.commit().await?;
        Ok(token)
    }

    /// Whether somebody who is signed in knows their password; counted like a sign-in, but apart from those that anybody
    /// can try with the e-mail address. The answer is its hash, for [`store::hold`].
    pub(super) async fn check_password(&self, seat: &Seat, password: String) -> Result<String> {
        self.throttle.attempt(&seat.account.id, seat.address)?;
        let hash = store::password(&mut *self.database.read().await?, &seat.account.id).await?;
        let right = self.hasher.verify(password, hash.clone()).await?;
        hash.filter(|_| right).ok_or(AccountError::PasswordWrong)
    }

    /// Counts a change that is told by mail, by the mail's address.
    pub(super) fn count_notice(&self, seat: &Seat) -> Result<()> {
        Ok(self.notices.attempt(&seat.account.email, seat.address)?)
    }

    /// Takes up that somebody asks for a new password. The same is done whether there is such an account or
    /// not; [`Accounts::answer_wishes`] does the rest beside the requests.
    pub async fn wish_for_password(&self, email: &str, language: Language, address: IpAddr) -> Result<()> {
        self.letters.attempt(email, address)?;
        let mut transaction = self.database.write().await?;
        resets::wish(&mut transaction, email, language.code(), clock::now()).await?;
        Ok(transaction.commit().await?)
    }

    /// Sends those who asked for a new password, and have an account, a link.
    pub async fn answer_wishes(&self) -> Result<()> {
        if !resets::is_wished(&mut *self.database.read().await?).await? {
            return Ok(());
        }
        let mut transaction = self.database.write().await?;
        for wish in resets::take_wishes(&mut transaction).await? {
            let Some(found) = store::credentials(&mut transaction, &wish.email).await? else { continue };
            let token = secret::token()?;
            let hashed = secret::hash(&token);
            let expires_at = clock::now() + RESET_MINUTES * MINUTE;
            resets::insert(&mut transaction, &hashed, &found.id, expires_at).await?;
            let link = format!("{}/#/account/reset?token={token}", self.shop);
            let places = [("link", &*link), ("minutes", &RESET_MINUTES.to_string())];
            let text = Text::of(Letter::PasswordReset, Language::of_code(&wish.language), &places);
            let key = format!("{}reset/{hashed}{}{expires_at}", mails_of(&found.id), mail::UNTIL);
            let message = Message { to: found.email, subject: text.subject, text: text.text, key };
            self.mail.queue(&mut transaction, message).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Sets a new password for whoever has the token of a mail. The token is used up; all sessions and passkeys end.
    pub async fn reset_password(
        &self,
        token: &str,
        next: String,
        language: Language,
        address: IpAddr,
    ) -> Result<()> {
        let token = secret::hash(token);
        // Before a hash is computed; the name is one that no address can be.
        self.throttle.attempt(&format!("reset {token}"), address)?;
        let known = resets::find(&mut *self.database.read().await?, &token, clock::now()).await?;
        let account = known.ok_or(AccountError::ResetInvalid)?;
        let hash = self.hasher.hash(next).await?;
        let mut transaction = self.database.write().await?;
        // First: a passkey that is being added holds it, too, and could not be seen yet.
        addresses::hold(&mut transaction, &account).await?;
        let account = resets::take(&mut transaction, &token, clock::now()).await?;
        let account = account.ok_or(AccountError::ResetInvalid)?;
        let account = store::find(&mut transaction, &account).await?.ok_or(AccountError::ResetInvalid)?;
        // Who opened the account under this address, or came in since, may have left a passkey: now the owner has come.
        let letter = match passkeys::end(&mut transaction, &account.id).await? {
            true => Letter::PasswordResetWithoutPasskeys,
            false => Letter::PasswordChanged,
        };
        self.set_password(&mut transaction, &account, &hash, letter, language).await?;
        Ok(transaction.commit().await?)
    }

    /// Sets a password, ends all sessions and links, and tells the owner.
    async fn set_password(
        &self,
        transaction: &mut Transaction,
        account: &AccountRow,
        hash: &str,
        letter: Letter,
        language: Language,
    ) -> Result<()> {
        if !store::set_password(transaction, &account.id, hash).await? {
            return Err(AccountError::Unknown);
        }
        sessions::end_others(transaction, &account.id, "").await?;
        resets::end(transaction, &account.id).await?;
        let link = format!("{}/#/account/forgotten", self.shop);
        let text = Text::of(letter, language, &[("link", &link), ("passkeys", &self.security())]);
        let key = format!("{}password/{}", mails_of(&account.id), secret::hash(hash));
        let message = Message { to: account.email.clone(), subject: text.subject, text: text.text, key };
        Ok(self.mail.queue(transaction, message).await?)
    }
}

const MINUTE: Millis = 60_000;
