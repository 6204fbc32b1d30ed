//! Ways to be paid, behind one trait.
//!
//! A provider is asked outside of every transaction: it may be slow, or away. What it says is written down by
//! [`super::paying`], where each step is a conditional statement: whoever comes twice, late or first changes nothing.

mod on_delivery;
mod stripe;
mod stripe_webhook;
mod test_card;

pub use stripe::Credentials;
pub use stripe_webhook::{SIGNATURE, Told, ToldPaid, read as read_webhook};

use crate::{
    config::Configuration,
    language::{Language, t},
    pricing::Minor,
};
use contract::shop::order::{Payment, PaymentMethod};
use futures_util::future::BoxFuture;
use std::{error::Error, sync::Arc};

/// What an order still costs.
#[derive(Clone, Debug)]
pub struct Due {
    /// The order's key, which makes a payment belong to it.
    pub key: String,
    /// Its number, for people.
    pub number: String,
    /// Where to write to.
    pub email: String,
    /// How much.
    pub total: Minor,
    /// ISO 4217.
    pub currency: String,
    /// What the shopper reads.
    pub language: Language,
    /// How often it was begun before.
    pub attempt: i64,
    /// The test card's number; empty for others.
    pub card: String,
}

/// What became of asking for the money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// It is here.
    Paid {
        /// The provider's name for the payment.
        reference: String,
    },
    /// The shopper goes on at the provider's page.
    GoTo {
        /// The provider's name for the payment.
        reference: String,
        /// The page.
        url: String,
    },
}

/// How a payment stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may still come.
    Open,
    /// The shopper has paid, in a way whose money takes days; it may still fail.
    Underway,
    /// The money is here.
    Paid,
    /// It will not come.
    Ended,
}

/// Why a provider gave no money.
#[derive(Debug, thiserror::Error)]
pub enum PaymentError {
    /// The bank said no.
    #[error("The payment was declined. Try another card.")]
    Declined,
    /// The provider did not answer, or not as it should.
    #[error("The payment provider did not answer. Nothing was paid; try again in a moment.")]
    Unanswered {
        /// For the log.
        #[source]
        cause: Cause,
    },
    /// The provider takes no sum as small as this.
    #[error(
        "This sum is too small to be paid in this way. Cancel the order, then choose another way to pay or order more."
    )]
    TooLittle,
    /// What was typed is no card of the provider.
    #[error("Not a test card: use 4242 4242 4242 4242. Never type a real one.")]
    NotACard,
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] crate::secret::NoRandomness),
}

impl PaymentError {
    /// Notes what shoppers are not told.
    pub fn log(&self) {
        let cause = self.source().map_or_else(|| self.to_string(), ToString::to_string);
        tracing::warn!(cause, "a payment provider did not do what it was asked for");
    }
}

/// What a provider did or said in place of an answer.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Cause(pub String);

/// The result of asking a provider.
pub type Asked<T> = Result<T, PaymentError>;

/// Somebody who brings the money.
pub trait Provider: Send + Sync {
    /// Which.
    fn method(&self) -> PaymentMethod;

    /// As shoppers see it.
    fn wire(&self) -> Payment;

    /// Whether orders wait for the money before they are sent off.
    fn is_waited_for(&self) -> bool {
        true
    }

    /// Asks for the money of an order. The same order and attempt again is the same payment.
    fn begin<'p>(&'p self, due: &'p Due) -> BoxFuture<'p, Asked<Begun>>;

    /// How a payment stands. Whoever holds no money elsewhere has nothing to tell, to end or to give back.
    fn look<'p>(&'p self, _reference: &'p str) -> BoxFuture<'p, Asked<Standing>> {
        Box::pin(async { Ok(Standing::Open) })
    }

    /// Ends a payment: afterwards nobody can pay any more. [`Standing::Paid`] or [`Standing::Underway`] where somebody was
    /// faster; never [`Standing::Open`].
    fn end<'p>(&'p self, _reference: &'p str) -> BoxFuture<'p, Asked<Standing>> {
        Box::pin(async { Ok(Standing::Ended) })
    }

    /// Gives the money back. Twice is once.
    fn refund<'p>(&'p self, _reference: &'p str) -> BoxFuture<'p, Asked<()>> {
        Box::pin(async { Ok(()) })
    }
}

/// The providers. What was begun with one that is no longer offered is still looked after.
#[derive(Clone)]
pub struct Payments {
    /// All that could be.
    known: Arc<[Box<dyn Provider>]>,
    /// What shoppers may choose.
    offered: Arc<[PaymentMethod]>,
}

impl Payments {
    /// Offered is what the configuration says.
    pub fn new(configuration: &Configuration) -> Self {
        let mut known: Vec<Box<dyn Provider>> =
            vec![Box::new(on_delivery::OnDelivery), Box::new(test_card::TestCard)];
        if let Some(stripe) = &configuration.stripe {
            let origin = configuration.origin.clone().unwrap_or_default();
            known.push(Box::new(stripe::Stripe::new(stripe.clone(), origin)));
        }
        Self { known: known.into(), offered: configuration.payments().into() }
    }

    /// What is offered, as shoppers see it.
    pub fn wire(&self) -> Vec<Payment> {
        let spoken = |wire: Payment| Payment { name: t(&wire.name), hint: t(&wire.hint), ..wire };
        let offered = self.offered.iter().filter_map(|method| self.find(*method));
        offered.map(|provider| spoken(provider.wire())).collect()
    }

    /// A provider that is offered.
    pub fn find(&self, method: PaymentMethod) -> Option<&dyn Provider> {
        let known = self.known.iter().find(|provider| provider.method() == method);
        known.filter(|_| self.offered.contains(&method)).map(|provider| &**provider)
    }

    /// The provider of a payment that was begun, by its name in the database.
    pub fn of(&self, name: &str) -> Asked<&dyn Provider> {
        let known = self.known.iter().find(|provider| super::wire::method_name(provider.method()) == name);
        known.map(|provider| &**provider).ok_or_else(|| PaymentError::Unanswered {
            cause: Cause(format!("{name}: a payment was begun with it, and it is not configured any more")),
        })
    }
}
