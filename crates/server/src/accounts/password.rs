//! Password hashes: argon2id, 19 MiB, two passes, one lane (OWASP Password Storage Cheat Sheet).

use crate::worker::{TurnError, Turns};
use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use std::sync::Arc;

/// How many wait for a turn before the others are sent away: each one waits for all before it.
const MOST_WAITING: usize = 64;

/// Hashes passwords beside the requests, a few at a time: each takes 19 MiB and a core.
#[derive(Clone)]
pub struct Hasher {
    turns: Turns,
    /// Compared with where there is no account, so that this takes as long as where there is one.
    nobody: Arc<str>,
}

/// Why a password was not hashed.
#[derive(Debug, thiserror::Error)]
pub enum HashError {
    /// Too many at once.
    #[error("too many passwords are being checked at once")]
    Busy,
    /// The library refused.
    #[error("the password could not be hashed: {0}")]
    Failed(String),
}

impl Hasher {
    /// One hash at a time per core.
    pub async fn new() -> Result<Self, HashError> {
        let hasher = Self { turns: Turns::new(MOST_WAITING), nobody: "".into() };
        let nobody = hasher.hash("nobody has this password".to_owned()).await?;
        Ok(Self { nobody: nobody.into(), ..hasher })
    }

    /// The hash of a new password.
    pub async fn hash(&self, password: String) -> Result<String, HashError> {
        self.run(move |argon2| {
            argon2
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| error.to_string())
        })
        .await
    }

    /// Whether `password` is the one behind `hash`; without a hash it never is, after the same time.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, HashError> {
        let nobody = Arc::clone(&self.nobody);
        self.run(move |argon2| {
            let text = hash.as_deref().unwrap_or(&nobody);
            let parsed = PasswordHash::new(text).map_err(|error| error.to_string())?;
            Ok(argon2.verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> Result<T, String> + Send + 'static,
    ) -> Result<T, HashError> {
        let worked = self.turns.run(move || {
            let params = Params::new(19_456, 2, 1, None).map_err(|error| error.to_string())?;
            work(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
        });
        match worked.await {
            Ok(worked) => worked.map_err(HashError::Failed),
            Err(TurnError::Busy) => Err(HashError::Busy),
            Err(TurnError::Stopped(error)) => Err(HashError::Failed(error.to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_opens_its_own_hash_and_no_other() {
        let hasher = Hasher::new().await.unwrap();
        let hash = hasher.hash("correct horse".to_owned()).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        for (password, hash, expected) in [
            ("correct horse", Some(hash.clone()), true),
            ("correct horse ", Some(hash.clone()), false),
            ("", Some(hash), false),
            ("nobody has this password", None, false),
        ] {
            assert_eq!(hasher.verify(password.to_owned(), hash).await.unwrap(), expected, "{password}");
        }
    }
}
