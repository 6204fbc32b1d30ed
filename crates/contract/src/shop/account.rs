//! Accounts and sessions. The session itself is an HttpOnly cookie that no script ever sees.

use serde::{Deserialize, Serialize};

/// Who is here. `GET /session`, and the answer to signing up, in and out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The account, when signed in.
    pub account: Option<Account>,
    /// Pieces in the cart, so that the badge needs no microapp.
    pub cart_pieces: i64,
    /// What the shopper should be told, after a merge of carts for one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
}

/// An account, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Account {
    /// Random; never an e-mail address.
    pub id: String,
    /// What to call them.
    pub name: String,
    /// Their address.
    pub email: String,
}

/// Signs up, and in. `POST /accounts`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignUp {
    /// What to call them, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Their address.
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: String,
    /// 10 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 200))]
    pub password: String,
}

/// Signs in. `POST /session`; `DELETE /session` signs out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignIn {
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: String,
}
