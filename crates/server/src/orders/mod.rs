//! Orders: placed (payment pending, or on delivery) → paid → shipped, or cancelled.
//!
//! Placing is one transaction: the key is taken, the stock, the coupon; the order is written, the cart
//! emptied and the answer kept. Each of them is a conditional statement, so nothing here relies on there
//! being one writer at a time.

mod delivery;
mod handlers;
mod payment;
mod store;
mod wire;

#[cfg(test)]
pub use delivery::delivery_time;
pub use delivery::{countries, free_from};
pub use handlers::routes;
pub use store::SCHEMA;

use crate::{
    cart::{Basket, CartError, Carts, Owner},
    catalogue::Catalogue,
    clock::{self, Millis},
    config::Configuration,
    database::{Database, Transaction},
    idempotency::{Claim, Intent, IntentError, Once},
    pricing::{self, BasisPoints, Currency, Minor, Totals},
    secret::{self, NoRandomness},
};
use axum::http::StatusCode;
use contract::shop::{
    cart,
    order::{Delivery, Order, PaymentMethod, PlaceOrder},
};
use delivery::Way;
use payment::Verdict;
use sqlx::AnyConnection;
use store::{OrderRow, status};
use wire::{line, name, wire};

/// Added to an order's id for the number that people see.
const FIRST_NUMBER: i64 = 10_000;

/// All orders.
#[derive(Clone)]
pub struct Orders {
    database: Database,
    catalogue: Catalogue,
    carts: Carts,
    currency: Currency,
    tax: BasisPoints,
    pending: Millis,
}

/// Why something about an order was not done.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is nothing to order.
    #[error("The cart is empty. Put something into it first.")]
    Empty,
    /// It would cost something else than the shopper agreed to.
    #[error("The cart changed: it comes to {now} now. Look at it again, then order.")]
    Changed {
        /// What it would cost.
        now: String,
    },
    /// Somebody else was faster.
    #[error("There is not enough of {name} left. Look at the cart again.")]
    OutOfStock {
        /// What there is not enough of.
        name: String,
    },
    /// The coupon was used up meanwhile.
    #[error("The coupon was used as often as it may be. Look at the cart again.")]
    CouponGone,
    /// There is no such order.
    #[error("There is no such order.")]
    Unknown,
    /// It is not waiting for a payment.
    #[error("This order is not waiting for a payment: it is {0}.")]
    NotPending(&'static str),
    /// The bank said no.
    #[error("The payment was declined. Try another card.")]
    Declined,
    /// There is no such way of delivery.
    #[error("There is no such way of delivery.")]
    NoDelivery,
    /// The cart.
    #[error(transparent)]
    Cart(#[from] CartError),
    /// The key.
    #[error(transparent)]
    Intent(#[from] IntentError),
    /// The database.
    #[error(transparent)]
    Database(#[from] sqlx::Error),
    /// The machine has no randomness to give.
    #[error(transparent)]
    NoRandomness(#[from] NoRandomness),
    /// An order in the database that this version cannot read.
    #[error("order {0} is damaged")]
    Damaged(i64),
}

type Result<T> = std::result::Result<T, OrderError>;

impl Orders {
    /// The orders in a database.
    pub fn new(
        database: Database,
        catalogue: Catalogue,
        carts: Carts,
        configuration: &Configuration,
    ) -> Self {
        Self {
            database,
            catalogue,
            carts,
            currency: configuration.currency,
            tax: configuration.tax,
            pending: i64::try_from(configuration.pending.as_millis()).unwrap_or(Millis::MAX / 2),
        }
    }

    /// Ways of delivery, with what they cost for the cart as it is.
    pub async fn deliveries(&self, owner: Option<&Owner>) -> Result<Vec<Delivery>> {
        let basket = match owner {
            Some(owner) => self.carts.look_at_basket(&mut *self.database.read().await?, owner).await?,
            None => None,
        };
        Ok(delivery::all(basket.map_or(0, |basket| self.goods(&basket)), self.currency))
    }

    /// What the cart would cost, delivered.
    pub async fn quote(&self, owner: Option<&Owner>, delivery: &str) -> Result<cart::Totals> {
        let way = Way::find(delivery).ok_or(OrderError::NoDelivery)?;
        let owner = owner.ok_or(OrderError::Empty)?;
        let basket = self.carts.look_at_basket(&mut *self.database.read().await?, owner).await?;
        let basket = basket.filter(|basket| !basket.lines.is_empty()).ok_or(OrderError::Empty)?;
        Ok(self.currency.totals(self.totals(&basket, way)))
    }

    /// Orders the owner's cart, once per intent. `form` is taken as checked.
    pub async fn place(&self, owner: &Owner, intent: &Intent, form: &PlaceOrder) -> Result<Once> {
        let mut transaction = self.database.write().await?;
        if let Claim::Done(kept) = intent.claim(&mut transaction).await? {
            return Ok(Once::Replay(kept));
        }
        let basket = self.carts.hold_basket(&mut transaction, owner).await?;
        let basket = basket.filter(|basket| !basket.lines.is_empty()).ok_or(OrderError::Empty)?;
        let way = Way::find(&form.delivery).ok_or(OrderError::NoDelivery)?;
        let totals = self.totals(&basket, way);
        if totals.total != form.expected_total {
            return Err(OrderError::Changed { now: self.currency.text(totals.total) });
        }
        self.take(&mut transaction, &basket).await?;
        let row = self.row(owner, &basket, way, totals, form)?;
        let lines: Vec<_> = basket.lines.iter().map(line).collect();
        let id = store::insert(&mut transaction, &row, &lines).await?;
        self.carts.empty(&mut transaction, &basket).await?;
        let order = wire(OrderRow { id, ..row }, lines)?;
        let kept = intent.keep(&mut transaction, StatusCode::CREATED, &order).await?;
        transaction.commit().await?;
        tracing::info!(order.number, totals.total, "order placed");
        Ok(Once::First(kept))
    }

    /// Takes stock and coupon.
    async fn take(&self, transaction: &mut Transaction, basket: &Basket) -> Result<()> {
        // By number: two orders of the same variants wait for each other instead of locking each other up.
        let mut lines: Vec<_> = basket.lines.iter().collect();
        lines.sort_unstable_by_key(|line| line.offer.variant_id);
        for line in lines {
            if !self.catalogue.take_stock(transaction, line.offer.variant_id, line.quantity).await? {
                return Err(OrderError::OutOfStock { name: line.offer.title.clone() });
            }
        }
        if !self.carts.use_coupon(transaction, basket).await? {
            return Err(OrderError::CouponGone);
        }
        Ok(())
    }

    /// Pays a pending order with the test card, once per intent.
    pub async fn pay(&self, key: &str, intent: &Intent, verdict: Verdict) -> Result<Once> {
        self.settle_overdue(key).await?;
        let mut transaction = self.database.write().await?;
        if let Claim::Done(kept) = intent.claim(&mut transaction).await? {
            return Ok(Once::Replay(kept));
        }
        let row = store::find(&mut transaction, key).await?.ok_or(OrderError::Unknown)?;
        if verdict == Verdict::Declined && row.status == status::PENDING {
            return Err(OrderError::Declined);
        }
        if verdict == Verdict::Declined || !store::pay(&mut transaction, row.id, clock::now()).await? {
            return Err(OrderError::NotPending(name(&row)?));
        }
        let order =
            self.complete(&mut transaction, OrderRow { status: status::PAID.to_owned(), ..row }).await?;
        let kept = intent.keep(&mut transaction, StatusCode::OK, &order).await?;
        transaction.commit().await?;
        tracing::info!(order.number, "order paid");
        Ok(Once::First(kept))
    }

    /// An order, for whoever has its key.
    pub async fn find(&self, key: &str) -> Result<Order> {
        self.settle_overdue(key).await?;
        let mut db = self.database.read().await?;
        let row = store::find(&mut db, key).await?.ok_or(OrderError::Unknown)?;
        self.complete(&mut db, row).await
    }

    /// An order by the number that people see, for whoever knows the address that it was ordered with.
    pub async fn standing(&self, number: &str, email: &str) -> Result<Option<Order>> {
        let id = number.parse::<i64>().ok().and_then(|number| number.checked_sub(FIRST_NUMBER));
        let Some(id) = id else { return Ok(None) };
        let row = store::by_id(&mut *self.database.read().await?, id).await?;
        match row.filter(|row| row.email.eq_ignore_ascii_case(email.trim())) {
            Some(row) => self.find(&row.key).await.map(Some),
            None => Ok(None),
        }
    }

    /// The newest orders of an account.
    pub async fn of_account(&self, account: &str) -> Result<Vec<Order>> {
        let mut db = self.database.read().await?;
        let mut orders = Vec::new();
        for row in store::of_account(&mut db, account).await? {
            orders.push(self.complete(&mut db, row).await?);
        }
        Ok(orders)
    }

    /// Gives up every order whose payment did not come in time, and its stock and coupon back.
    pub async fn cancel_overdue(&self) -> Result<()> {
        let overdue = store::overdue(&mut *self.database.read().await?, clock::now()).await?;
        for order in overdue {
            self.cancel(order).await?;
        }
        Ok(())
    }

    /// The same for one order, so that nobody has to wait for the next round to see it.
    async fn settle_overdue(&self, key: &str) -> Result<()> {
        let row = store::find(&mut *self.database.read().await?, key).await?;
        match row {
            Some(row) if row.pay_until.is_some_and(|until| until <= clock::now()) => {
                self.cancel(row.id).await
            }
            _ => Ok(()),
        }
    }

    async fn cancel(&self, order: i64) -> Result<()> {
        let mut transaction = self.database.write().await?;
        let Some(coupon) = store::cancel_overdue(&mut transaction, order, clock::now()).await? else {
            return Ok(());
        };
        let mut lines = store::lines(&mut transaction, order).await?;
        lines.sort_unstable_by_key(|line| line.variant_id);
        for line in lines {
            self.catalogue.return_stock(&mut transaction, line.variant_id, line.quantity).await?;
        }
        if let Some(code) = coupon {
            self.carts.return_coupon(&mut transaction, &code).await?;
        }
        transaction.commit().await?;
        tracing::info!(order = order + FIRST_NUMBER, "order cancelled: the payment did not come");
        Ok(())
    }

    fn goods(&self, basket: &Basket) -> Minor {
        let totals = pricing::totals(&basket.priced(), basket.discount(), None, self.tax);
        totals.lines - totals.discount
    }

    fn totals(&self, basket: &Basket, way: Way) -> Totals {
        let delivery = way.price(self.goods(basket));
        pricing::totals(&basket.priced(), basket.discount(), Some(delivery), self.tax)
    }

    fn row(
        &self,
        owner: &Owner,
        basket: &Basket,
        way: Way,
        totals: Totals,
        form: &PlaceOrder,
    ) -> Result<OrderRow> {
        let now = clock::now();
        let (status, payment, pay_until) = match form.payment {
            PaymentMethod::OnDelivery => (status::PLACED, "on_delivery", None),
            PaymentMethod::TestCard => (status::PENDING, "test_card", Some(now + self.pending)),
        };
        let address = form.address.clone();
        let coupon = basket.coupon(self.currency);
        Ok(OrderRow {
            id: 0,
            key: secret::token()?,
            account: match owner {
                Owner::Account(account) => Some(account.clone()),
                Owner::Guest(_) => None,
            },
            status: status.to_owned(),
            payment: payment.to_owned(),
            placed_at: now,
            pay_until,
            email: form.email.trim().to_owned(),
            name: address.name,
            street: address.street,
            extra: address.extra,
            postcode: address.postcode,
            city: address.city,
            country: address.country,
            delivery: way.id.to_owned(),
            delivery_name: way.name.to_owned(),
            delivery_when: way.when.to_owned(),
            delivery_price: totals.delivery.unwrap_or(0),
            coupon: coupon.as_ref().map(|coupon| coupon.code.clone()),
            coupon_label: coupon.map(|coupon| coupon.label),
            currency: self.currency.money(0).currency,
            lines_total: totals.lines,
            discount: totals.discount,
            tax_included: totals.tax_included,
            total: totals.total,
        })
    }

    async fn complete(&self, db: &mut AnyConnection, row: OrderRow) -> Result<Order> {
        let lines = store::lines(db, row.id).await?;
        wire(row, lines)
    }
}
