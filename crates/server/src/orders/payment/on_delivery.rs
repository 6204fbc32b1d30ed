//! In cash or by card, to whoever brings the parcel. Nobody waits for it.

use super::{Asked, Begun, Due, PaymentError, Provider};
use contract::shop::order::{Payment, PaymentMethod};
use futures_util::future::BoxFuture;

/// See the module.
pub struct OnDelivery;

impl Provider for OnDelivery {
    fn method(&self) -> PaymentMethod {
        PaymentMethod::OnDelivery
    }

    fn wire(&self) -> Payment {
        Payment {
            method: self.method(),
            name: "Pay on delivery".to_owned(),
            hint: "In cash or by card, to whoever brings the parcel.".to_owned(),
        }
    }

    fn is_waited_for(&self) -> bool {
        false
    }

    fn begin<'p>(&'p self, _: &'p Due) -> BoxFuture<'p, Asked<Begun>> {
        Box::pin(async { Err(PaymentError::Declined) })
    }
}
