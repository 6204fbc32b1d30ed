//! The contact form.

use serde::{Deserialize, Serialize};

/// A message to the shop. `POST /contact` with an `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactMessage {
    /// Who writes, 1 to 100 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 100))]
    pub name: String,
    /// Where to answer.
    #[cfg_attr(feature = "openapi", schema(format = Email, max_length = 254))]
    pub email: String,
    /// `order`, `product`, `returns`, `other`.
    #[cfg_attr(feature = "openapi", schema(pattern = "^(order|product|returns|other)$"))]
    pub topic: String,
    /// 10 to 5,000 characters.
    #[cfg_attr(feature = "openapi", schema(min_length = 10, max_length = 5000))]
    pub message: String,
}

/// The answer to a message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ContactReceipt {
    /// For people: `C-7F3K2Q`.
    pub reference: String,
}
