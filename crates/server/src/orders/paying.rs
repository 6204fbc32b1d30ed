//! How an order is paid, once, and what becomes of it when it is not.
//!
//! Providers are asked outside of transactions. What they say is written down by conditional statements: an order that
//! waits is paid by the first who says so; money that comes for any other is given back.

use super::{
    OrderError, Orders, Result,
    payment::{Begun, Cause, Due, PaymentError, Standing, Told, ToldPaid},
    payment_store::{self, PaymentRow, standing},
    store::{self, OrderRow, status},
    wire::{method, method_name, name},
};
use crate::{
    clock::{self, Millis},
    database::Transaction,
    idempotency::{Claim, Intent, Once},
    language::Language,
    mail::Letter,
    secret,
};
use axum::http::StatusCode;
use contract::shop::order::{Order, PaymentMethod};

/// From this age on an open payment is asked after: its webhook may have got lost.
const ASK_AFTER: Millis = 60_000;
/// What an order is whose shopper has paid in a way whose money takes days.
pub const UNDERWAY: &str = "paid, and the money is on its way";

impl Orders {
    /// Pays a pending order, once per intent; or says where the shopper goes on to pay it.
    pub async fn pay(&self, key: &str, intent: &Intent, card: &str) -> Result<Once> {
        self.settle_overdue(key).await?;
        let mut transaction = self.database.write().await?;
        if let Claim::Done(kept) = intent.claim(&mut transaction).await? {
            return Ok(Once::Replay(kept));
        }
        let row = store::find(&mut transaction, key).await?.ok_or(OrderError::Unknown)?;
        let before = payment_store::of_order(&mut transaction, row.id).await?;
        // Nobody waits for the provider while a key is held.
        drop(transaction);
        if row.status != status::PENDING {
            return Err(OrderError::NotPending(name(&row)?));
        }
        if before.as_ref().is_some_and(PaymentRow::is_underway) {
            return Err(OrderError::NotPending(UNDERWAY));
        }
        let method = method(&row)?;
        let begun = match &before {
            Some(open) if open.status == standing::OPEN && method == PaymentMethod::Stripe => {
                Begun::GoTo { reference: open.reference.clone(), url: open.url.clone() }
            }
            _ => {
                let attempt = before.map_or(0, |before| before.attempt) + 1;
                let provider = self.payments.find(method).ok_or(OrderError::NoPayment)?;
                provider.begin(&self.due(&row, attempt, card)).await?
            }
        };
        self.write_down(row, begun, intent).await
    }

    fn due(&self, row: &OrderRow, attempt: i64, card: &str) -> Due {
        Due {
            key: row.key.clone(),
            number: super::number(row.id),
            email: row.email.clone(),
            total: row.total,
            currency: row.currency.clone(),
            language: Language::of_code(&row.language),
            attempt,
            card: card.to_owned(),
        }
    }

    async fn write_down(&self, row: OrderRow, begun: Begun, intent: &Intent) -> Result<Once> {
        let mut transaction = self.database.write().await?;
        if let Claim::Done(kept) = intent.claim(&mut transaction).await? {
            return Ok(Once::Replay(kept));
        }
        let order = match begun {
            Begun::Paid { reference } => {
                let payment = payment(&row, &reference, "", standing::PAID);
                if !self.enter_paid(&mut transaction, &row, &payment).await? {
                    intent.leave(&mut transaction).await?;
                    transaction.commit().await?;
                    return Err(OrderError::NotPending(self.name_now(&row.key).await?));
                }
                let paid = OrderRow { status: status::PAID.to_owned(), pay_until: None, ..row };
                self.complete(&mut transaction, paid).await?
            }
            Begun::GoTo { reference, url } => {
                let payment = payment(&row, &reference, &url, standing::OPEN);
                let waits = store::is_payable(&mut transaction, row.id, clock::now()).await?;
                if !waits || !payment_store::put(&mut transaction, &payment).await? {
                    drop(transaction);
                    self.end(&payment).await?;
                    let row = store::find(&mut *self.database.read().await?, &row.key).await?;
                    let row = row.ok_or(OrderError::Unknown)?;
                    return Err(if waits && row.status == status::PENDING {
                        // It ended while we heard of it; the next try begins another.
                        PaymentError::Unanswered { cause: Cause("it has ended".to_owned()) }.into()
                    } else {
                        OrderError::NotPending(name(&row)?)
                    });
                }
                let order = self.complete(&mut transaction, row).await?;
                Order { pay_at: Some(url), ..order }
            }
        };
        let kept = intent.keep(&mut transaction, StatusCode::OK, &order).await?;
        transaction.commit().await?;
        Ok(Once::First(kept))
    }

    /// The money of an order is here: it is paid, if it waits for that; else the money goes back. False then.
    async fn enter_paid(
        &self,
        transaction: &mut Transaction,
        row: &OrderRow,
        payment: &PaymentRow,
    ) -> Result<bool> {
        if store::pay(transaction, row.id).await? {
            payment_store::put(transaction, payment).await?;
            self.tell(transaction, row, Letter::OrderPaid).await?;
            tracing::info!(number = super::number(row.id), "order paid");
            return Ok(true);
        }
        let known = payment_store::of_order(transaction, row.id).await?;
        let twice =
            known.is_some_and(|known| known.status == standing::PAID && known.reference == payment.reference);
        if !twice {
            payment_store::owe(transaction, &payment.provider, &payment.reference, row.id).await?;
            // Nobody asks after it any more.
            payment_store::came(transaction, &payment.reference, clock::now()).await?;
            tracing::warn!(
                number = super::number(row.id),
                "money came for an order that waits for none; it goes back"
            );
        }
        Ok(false)
    }

    /// What Stripe's webhook says. Twice, late or before our own note of the session: nothing changes by it.
    pub async fn told(&self, told: Told) -> Result<()> {
        match told {
            Told::Other => Ok(()),
            Told::Ended { reference } => {
                let mut transaction = self.database.write().await?;
                payment_store::end(&mut transaction, &reference).await?;
                Ok(transaction.commit().await?)
            }
            Told::Underway { reference } => {
                let mut transaction = self.database.write().await?;
                payment_store::underway(&mut transaction, &reference).await?;
                Ok(transaction.commit().await?)
            }
            Told::Paid(paid) => self.told_paid(paid).await,
        }
    }

    async fn told_paid(&self, paid: ToldPaid) -> Result<()> {
        let ToldPaid { reference, number, order, amount, currency } = paid;
        let mut transaction = self.database.write().await?;
        let id = super::id(&number).ok_or(OrderError::Unknown)?;
        let row = store::by_id(&mut transaction, id).await?.ok_or(OrderError::Unknown)?;
        let right = row.payment == method_name(PaymentMethod::Stripe)
            && row.total == amount
            && row.currency.eq_ignore_ascii_case(&currency)
            // After a restore a number may be another order's than it was.
            && order.is_none_or(|order| order == secret::hash(&row.key));
        if !right {
            tracing::error!(number, amount, currency, "Stripe tells of a payment that is not this order's");
            return Ok(());
        }
        let payment = payment(&row, &reference, "", standing::PAID);
        self.enter_paid(&mut transaction, &row, &payment).await?;
        Ok(transaction.commit().await?)
    }

    /// Asks after payments that were begun and of which nothing was heard.
    pub async fn ask_after_payments(&self, now: Millis) -> Result<()> {
        let open = payment_store::open(&mut *self.database.read().await?, now - ASK_AFTER).await?;
        for payment in open {
            let found = match self.payments.of(&payment.provider) {
                Ok(provider) => provider.look(&payment.reference).await,
                Err(error) => Err(error),
            };
            // One that cannot be settled does not keep the others waiting.
            match found {
                Ok(standing) => {
                    if let Err(error) = self.learn(&payment, standing).await {
                        tracing::error!(%error, reference = payment.reference, "a payment cannot be settled");
                    }
                }
                Err(error) => error.log(),
            }
            // The next round asks after others first.
            let mut transaction = self.database.write().await?;
            payment_store::asked(&mut transaction, &payment.reference, now).await?;
            transaction.commit().await?;
        }
        Ok(())
    }

    /// Gives back what came for orders that are not sent.
    pub async fn give_money_back(&self) -> Result<()> {
        let owed = payment_store::owed(&mut *self.database.read().await?).await?;
        for (reference, provider) in owed {
            let given = match self.payments.of(&provider) {
                Ok(provider) => provider.refund(&reference).await,
                Err(error) => Err(error),
            };
            match given {
                Ok(()) => {
                    let mut transaction = self.database.write().await?;
                    payment_store::given_back(&mut transaction, &reference).await?;
                    transaction.commit().await?;
                    tracing::info!(reference, "money given back");
                }
                // It stays owed; the next round tries again.
                Err(error) => error.log(),
            }
        }
        Ok(())
    }

    /// Ends an open payment with its provider, so that nobody pays for what is given up; how it stands then.
    async fn end(&self, payment: &PaymentRow) -> Result<Standing> {
        let standing = self.payments.of(&payment.provider)?.end(&payment.reference).await?;
        self.learn(payment, standing).await?;
        Ok(standing)
    }

    /// Ends what an order has open; how that stands then.
    pub async fn end_payment_of(&self, order: i64) -> Result<Option<Standing>> {
        let payment = payment_store::of_order(&mut *self.database.read().await?, order).await?;
        self.end_open(payment).await
    }

    /// Ends a payment if it is open; how it stands then.
    pub(super) async fn end_open(&self, payment: Option<PaymentRow>) -> Result<Option<Standing>> {
        match payment {
            Some(payment) if payment.status == standing::OPEN => self.end(&payment).await.map(Some),
            _ => Ok(None),
        }
    }

    async fn learn(&self, payment: &PaymentRow, found: Standing) -> Result<()> {
        let mut transaction = self.database.write().await?;
        match found {
            Standing::Open => return Ok(()),
            Standing::Underway => payment_store::underway(&mut transaction, &payment.reference).await?,
            Standing::Ended => payment_store::end(&mut transaction, &payment.reference).await?,
            Standing::Paid => {
                let row =
                    store::by_id(&mut transaction, payment.order_id).await?.ok_or(OrderError::Unknown)?;
                let (status, at) = (standing::PAID.to_owned(), clock::now());
                let payment = PaymentRow { status, at, ..payment.clone() };
                self.enter_paid(&mut transaction, &row, &payment).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    /// The order that a payment at the test bank is for, and whether the shopper says yes there.
    pub async fn confirm(&self, reference: &str, answer: Answer) -> Result<Order> {
        let payment = self.at_the_test_bank(reference).await?;
        let standing = match answer {
            Answer::Approve => Standing::Paid,
            Answer::Decline => Standing::Ended,
        };
        self.learn(&payment, standing).await?;
        let mut db = self.database.read().await?;
        let row = store::by_id(&mut db, payment.order_id).await?.ok_or(OrderError::Unknown)?;
        self.complete(&mut db, row).await
    }

    /// A payment that waits at the test bank.
    pub async fn at_the_test_bank(&self, reference: &str) -> Result<PaymentRow> {
        let payment = payment_store::by_reference(&mut *self.database.read().await?, reference).await?;
        let waits = |payment: &PaymentRow| {
            payment.status == standing::OPEN && payment.provider == method_name(PaymentMethod::TestCard)
        };
        payment.filter(waits).ok_or(OrderError::Unknown)
    }

    async fn name_now(&self, key: &str) -> Result<&'static str> {
        name(&store::find(&mut *self.database.read().await?, key).await?.ok_or(OrderError::Unknown)?)
    }
}

/// What a shopper says at the test bank.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// Yes.
    Approve,
    /// No.
    Decline,
}

fn payment(row: &OrderRow, reference: &str, url: &str, status: &str) -> PaymentRow {
    PaymentRow {
        order_id: row.id,
        provider: row.payment.clone(),
        reference: reference.to_owned(),
        url: url.to_owned(),
        status: status.to_owned(),
        attempt: 0,
        at: clock::now(),
        underway: 0,
    }
}
