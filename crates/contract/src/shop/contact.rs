//! The contact form.

use serde::{Deserialize, Serialize};

/// A message to the shop. `POST /contact` with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactMessage {
    /// Who writes, 1 to 100 characters.
    pub name: String,
    /// Where to answer.
    pub email: String,
    /// `order`, `product`, `returns`, `other`.
    pub topic: String,
    /// 10 to 5,000 characters.
    pub message: String,
}

/// The answer to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactReceipt {
    /// For people: `C-7F3K2Q`.
    pub reference: String,
}
