//! Tokens. `/tokens`

use serde::{Deserialize, Serialize};

/// What a new token is to be. `POST /tokens`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// The microapp that it is for; without one it is an operator's.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[a-z][a-z0-9-]{0,31}$"))]
    pub app: Option<String>,
    /// Whose it is, or what for.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 100))]
    pub label: String,
    /// In how many days it ends, from 1 to 366.
    #[serde(default = "a_quarter")]
    #[cfg_attr(feature = "openapi", schema(minimum = 1, maximum = 366))]
    pub days: u16,
}

fn a_quarter() -> u16 {
    90
}

/// A token, without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Names it in lists and in the history.
    pub id: String,
    /// The microapp that it is for; none for operators.
    pub app: Option<String>,
    /// Whose it is, or what for.
    pub label: String,
    /// When it was made.
    pub created_at: String,
    /// By whom.
    pub created_by: String,
    /// When it ends.
    pub expires_at: String,
    /// Whether it has ended.
    pub expired: bool,
    /// Whether it is the one that asks.
    pub own: bool,
}

/// A token, with its secret: the one time that it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// What to send as `Authorization: Bearer`.
    pub secret: String,
    /// The rest.
    #[serde(flatten)]
    pub token: Token,
}

/// Every token. `GET /tokens`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// The newest first.
    pub tokens: Vec<Token>,
}
