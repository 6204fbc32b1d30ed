//! Whom browsers take the shop for: passkeys are bound to a name, and work on pages of one origin.

use super::PasskeyError;
use crate::config::Configuration;
use std::sync::Arc;
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

/// What the shop is called where a device lists its passkeys.
const NAME: &str = "Menagerie";

/// The shop as browsers know it.
#[derive(Clone)]
pub struct RelyingParty(Arc<Result<Party, Unfit>>);

struct Party {
    origin: Url,
    webauthn: Webauthn,
}

/// Why nobody can have passkeys of the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Its address has no name.
    #[error(
        "Passkeys belong to a name, and this shop's address is a number. Its owner sets --origin to an address such as https://shop.example."
    )]
    Number,
    /// Its address begins with `http:`.
    #[error(
        "Browsers keep passkeys for https only. The shop's owner sets --origin to an address such as https://shop.example."
    )]
    Insecure,
}

impl RelyingParty {
    /// Of `--origin`. Without one it is `localhost`, whatever address the server listens on: a number is no name.
    pub fn new(configuration: &Configuration) -> Self {
        let local = || format!("http://localhost:{}", configuration.listen.port());
        let party = party(&configuration.origin.clone().unwrap_or_else(local));
        if let Err(why) = &party {
            tracing::warn!("nobody can add a passkey: {why}");
        }
        Self(Arc::new(party))
    }

    /// What checks answers, unless passkeys cannot work.
    pub fn webauthn(&self) -> Result<&Webauthn, PasskeyError> {
        self.party().map(|party| &party.webauthn)
    }

    /// The same for a page of the origin `page`: on any other a browser would refuse, and not say what to do.
    pub fn on(&self, page: Option<&str>) -> Result<&Webauthn, PasskeyError> {
        let party = self.party()?;
        let page = page.and_then(|page| Url::parse(page).ok());
        if page.is_some_and(|page| page.origin() != party.origin.origin()) {
            return Err(PasskeyError::Elsewhere(party.origin.origin().ascii_serialization()));
        }
        Ok(&party.webauthn)
    }

    fn party(&self) -> Result<&Party, PasskeyError> {
        self.0.as_ref().as_ref().map_err(|why| PasskeyError::Unfit(*why))
    }
}

fn party(origin: &str) -> Result<Party, Unfit> {
    let origin = Url::parse(origin).map_err(|_| Unfit::Number)?;
    let name = origin.domain().ok_or(Unfit::Number)?;
    let local = name == "localhost" || name.ends_with(".localhost");
    if origin.scheme() != "https" && !local {
        return Err(Unfit::Insecure);
    }
    let builder = WebauthnBuilder::new(name, &origin);
    let webauthn = builder.and_then(|builder| builder.rp_name(NAME).timeout(super::TIMEOUT).build());
    // The library refuses names that are not of the address, which this one is.
    let webauthn = webauthn.map_err(|_| Unfit::Number)?;
    Ok(Party { origin, webauthn })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(origin: &str, page: Option<&str>, expected: Result<(), &str>) {
        let found = RelyingParty(Arc::new(party(origin))).on(page).map(drop);
        match (found, expected) {
            (Ok(()), Ok(())) => {}
            (Err(error), Err(part)) => assert!(error.to_string().contains(part), "{error}"),
            (found, expected) => panic!("{origin} {page:?}: {found:?}, not {expected:?}"),
        }
    }

    #[test]
    fn where_passkeys_work() {
        check("https://shop.example", Some("https://shop.example"), Ok(()));
        check("https://shop.example:443", Some("https://shop.example"), Ok(()));
        check("https://shop.example", None, Ok(()));
        check("http://localhost:8080", Some("http://localhost:8080"), Ok(()));
        check("http://shop.localhost:8080", None, Ok(()));
        let there = "work at http://localhost:8080 only";
        check("http://localhost:8080", Some("http://127.0.0.1:8080"), Err(there));
        check("http://localhost:8080", Some("http://localhost:9090"), Err(there));
        check("https://shop.example", Some("http://shop.example"), Err("work at https://shop.example only"));
        check(
            "https://shop.example",
            Some("https://www.shop.example"),
            Err("work at https://shop.example only"),
        );
        check("https://shop.example", Some("null"), Ok(())); // no page of ours: the guard before us refuses it
        check("https://192.0.2.1", None, Err("--origin"));
        check("https://[2001:db8::1]", None, Err("a number"));
        check("http://shop.example", None, Err("https"));
    }
}
