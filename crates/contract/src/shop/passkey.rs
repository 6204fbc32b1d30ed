//! Passkeys: signing in by what a device keeps, without a password (Web Authentication).
//!
//! What the browser's own interface takes and gives travels as it writes it (`parseCreationOptionsFromJSON`, `toJSON`);
//! nobody but server and browser reads that, so it has no types here.

use crate::record;
use serde::Serialize;

/// A passkey, as its owner sees it. `GET /account/passkeys`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Passkey {
    /// Names it in addresses of the API.
    pub id: i64,
    /// What its owner calls it; at first the browser that added it.
    pub name: String,
    /// When it was added, RFC 3339, UTC.
    pub added: String,
    /// When somebody last signed in with it; none as long as nobody has.
    pub used: Option<String>,
}

/// Begins to add a passkey. `POST /account/passkeys/options`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PreparePasskey {
    /// The password, so that an unlocked screen is not enough.
    pub password: String,
}

/// Changes what a passkey is called. `PATCH /account/passkeys/{id}`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenamePasskey {
    /// 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

record!(Passkey { id, name, added, used });

#[cfg(target_family = "wasm")]
crate::read_as_records!(Passkey);
