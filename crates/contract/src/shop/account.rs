//! Accounts and sessions. The session itself is an HttpOnly cookie that no script ever sees.

use super::{
    cart::Cart,
    catalogue::ProductSummary,
    operator::Message,
    order::{Address, Order},
    passkey::Passkey,
    review::Review,
};
use crate::record;
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

/// Changes what to call them. `PATCH /account`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangeAccount {
    /// What to call them, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
}

/// Deletes the account. `POST /account/deletion`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// The password, so that an unlocked screen is not enough.
    pub password: String,
}

/// Changes the password, and ends the other sessions. `PUT /account/password`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangePassword {
    /// The present one.
    pub password: String,
    /// The next one, 10 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 200))]
    pub new_password: String,
}

/// Asks for a way to a new password. `POST /password-resets`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ForgotPassword {
    /// Their address.
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: String,
}

/// Sets a new password with the token of the mail, and ends all sessions. `PUT /password-resets`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResetPassword {
    /// What the link in the mail carries. It works once.
    pub token: String,
    /// 10 to 200 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 200))]
    pub new_password: String,
}

/// A browser that is signed in. `GET /account/sessions`
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SignedInBrowser {
    /// Names it in addresses.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// What it calls itself: `Firefox on Windows`; empty where it does not say.
    pub device: String,
    /// When it signed in, RFC 3339, UTC; none for sessions from before this was noted.
    pub since: Option<String>,
    /// When it was last seen, give or take five minutes.
    pub seen: Option<String>,
}

/// An address that is kept for the next order. `GET /account/addresses`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SavedAddress {
    /// Names it in addresses of the API.
    pub id: i64,
    /// Whether it is the one to begin with.
    pub preferred: bool,
    /// Where it is.
    pub address: Address,
}

/// Keeps an address. `POST /account/addresses`, `PUT /account/addresses/{id}`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SaveAddress {
    /// Makes it the one to begin with. The first one is anyway. `PUT /account/addresses/{id}/preferred` does that alone.
    #[serde(default)]
    pub preferred: bool,
    /// Where it is.
    pub address: Address,
}

/// What somebody wants to remember, the newest first. `GET /account/wishlist`
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Wishlist {
    /// Products that are in the shop.
    pub products: Vec<ProductSummary>,
}

/// All that is kept of an account. `GET /account/export`
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccountExport {
    /// When this was written, RFC 3339, UTC.
    pub exported_at: String,
    /// The account.
    pub account: Account,
    /// When it was made.
    pub created_at: String,
    /// Saved addresses.
    pub addresses: Vec<SavedAddress>,
    /// What is on the wishlist.
    pub wishlist: Vec<ProductSummary>,
    /// The numbers of all products on it, those that left the shop too.
    pub wished: Vec<i64>,
    /// What is in the cart.
    pub cart: Cart,
    /// Every order.
    pub orders: Vec<Order>,
    /// Every review.
    pub reviews: Vec<Review>,
    /// Every message of the contact form that was written while signed in.
    pub messages: Vec<Message>,
    /// The browsers that are signed in.
    pub sessions: Vec<SignedInBrowser>,
    /// What the passkeys are called, and when they were added and used.
    pub passkeys: Vec<Passkey>,
}

record!(SignedInBrowser { id, current, device, since, seen });

#[cfg(target_family = "wasm")]
crate::read_as_records!(SignedInBrowser);
