//! Amounts of money, in minor units.

use crate::record;
use serde::Serialize;

/// An amount: `{"amount": 1999, "currency": "EUR"}` is 19.99 euro.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(not(target_family = "wasm"), derive(serde::Deserialize))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// Minor units of the currency (cents); never negative but in a discount line.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
}

record!(Money { amount, currency });

#[cfg(target_family = "wasm")]
crate::read_as_records!(Money);
