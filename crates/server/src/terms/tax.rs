//! The tax of a country, as the owner writes it.

use super::amount::Hundredths;
use crate::pricing::{BasisPoints, Prices, Tax};
use serde::Deserialize;

/// `{ "percent": 8.25, "prices": "net" }`
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    percent: Hundredths,
    #[serde(default)]
    prices: Prices,
}

impl Entry {
    /// The tax, checked.
    pub fn tax(self, country: &str) -> Result<Tax, String> {
        if self.percent.0 > 10_000 {
            return Err(format!("taxes.{country}.percent: at most 100"));
        }
        Ok(Tax { rate: BasisPoints(self.percent.0), prices: self.prices })
    }
}
