//! Orders: placed (payment pending, or on delivery) → paid → shipped, or cancelled.
//!
//! Placing is one transaction: the key is taken, the stock, the coupon; the order is written, the cart
//! emptied and the answer kept. Each of them is a conditional statement, so nothing here relies on there
//! being one writer at a time.

mod handlers;
mod haste;
mod leaving;
mod letters;
mod paying;
mod payment;
mod payment_store;
mod seen;
mod store;
mod test_bank;
mod wire;

pub use handlers::{check_address, routes, webhook_routes};
pub use payment::{Credentials, Payments};
pub use payment_store::{PAYMENTS_SCHEMA, UNDERWAY_SCHEMA};
pub use seen::Wish;
pub use store::{FORGETTING_SCHEMA, LANGUAGE_SCHEMA, REGION_SCHEMA, SCHEMA, SHIPPED_SCHEMA, TAX_SCHEMA};
pub use test_bank::test_bank_routes;

use crate::{
    cart::{Basket, CartError, Carts, Customer, Owner, Remembered},
    catalogue::Catalogue,
    clock::{self, Millis},
    config::Configuration,
    database::{Database, Transaction},
    idempotency::{Claim, Intent, IntentError, Once},
    language::{Language, t, t_with},
    mail::{Letter, Mail},
    pace::TooMany,
    pricing::{self, Currency, Discount, Minor, Totals},
    secret::{self, NoRandomness},
    terms::{Parcel, Terms, Way},
};
use axum::http::StatusCode;
use contract::shop::{
    cart,
    order::{Delivery, Order, OrderStatus, PlaceOrder},
};
use haste::Haste;
use payment::{PaymentError, Standing};
use sqlx::AnyConnection;
use std::{net::IpAddr, sync::Arc, time::Duration};
use store::{LineRow, OrderRow, status};
use wire::{line, method_name, name, wire};

/// Added to an order's id for the number that people see.
const FIRST_NUMBER: i64 = 10_000;

/// The number that people see: `M-10042`.
pub fn number(id: i64) -> String {
    format!("M-{}", FIRST_NUMBER + id)
}

/// The id behind a number.
pub fn id(number: &str) -> Option<i64> {
    number.strip_prefix("M-")?.parse::<i64>().ok()?.checked_sub(FIRST_NUMBER)
}

/// All orders.
#[derive(Clone)]
pub struct Orders {
    database: Database,
    catalogue: Catalogue,
    carts: Carts,
    currency: Currency,
    terms: Arc<Terms>,
    payments: Payments,
    pending: Millis,
    mail: Mail,
    haste: Haste,
    /// Where the shop is, for links in mails.
    shop: String,
}

/// Why something about an order was not done.
#[derive(Debug, thiserror::Error)]
pub enum OrderError {
    /// There is nothing to order.
    #[error("The cart is empty. Put something into it first.")]
    Empty,
    /// It would cost something else than the shopper agreed to.
    #[error("{}", t_with("The cart changed: it comes to {now} now. Look at it again, then order.", &[("now", .now)]))]
    Changed {
        /// What it would cost.
        now: String,
    },
    /// Somebody else was faster.
    #[error("{}", t_with("There is not enough of {name} left. Look at the cart again.", &[("name", .name)]))]
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
    #[error("{}", t_with("This order is not waiting for a payment: it is {state}.", &[("state", &t(.0))]))]
    NotPending(&'static str),
    /// It is too late to cancel it.
    #[error("{}", t_with("This order cannot be cancelled any more: it is {state}.", &[("state", &t(.0))]))]
    NotCancellable(&'static str),
    /// It does not wait to be sent.
    #[error("{}", t_with("This order cannot be sent: it is {state}.", &[("state", &t(.0))]))]
    NotShippable(&'static str),
    /// There is nothing to give back.
    #[error("{}", t_with("Nothing of this order can be refunded here: {reason}.", &[("reason", &t(.0))]))]
    NotRefundable(&'static str),
    /// Too many orders at once, for an e-mail address or from a network address.
    #[error("too many orders at once")]
    TooMany(Duration),
    /// There is no such way of payment.
    #[error("This way of payment is not offered. Choose another one.")]
    NoPayment,
    /// No money came.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// There is no such way of delivery, or not for this parcel.
    #[error("This cannot be delivered there in this way. Choose another one.")]
    NoDelivery,
    /// The coupon is for somebody's first order.
    #[error("The coupon is for a first order. Take it off the cart, then order.")]
    NotTheFirst,
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

impl From<TooMany> for OrderError {
    fn from(refused: TooMany) -> Self {
        Self::TooMany(refused.retry_after)
    }
}

impl Orders {
    /// The orders in a database.
    pub fn new(
        database: Database,
        catalogue: Catalogue,
        carts: Carts,
        mail: Mail,
        configuration: &Configuration,
    ) -> Self {
        Self {
            database,
            catalogue,
            carts,
            currency: configuration.currency,
            terms: Arc::clone(&configuration.terms),
            payments: Payments::new(configuration),
            pending: i64::try_from(configuration.pending.as_millis()).unwrap_or(Millis::MAX / 2),
            mail,
            haste: Haste::new(),
            shop: configuration.address(),
        }
    }

    /// Ways of delivery to a country, with what they cost for the cart as it is; to anywhere before one is known.
    pub async fn deliveries(&self, owner: Option<&Owner>, country: Option<&str>) -> Result<Vec<Delivery>> {
        let basket = match owner {
            Some(owner) => self.carts.look_at_basket(&mut *self.database.read().await?, owner).await?,
            None => None,
        };
        let parcel = match &basket {
            Some(basket) => Parcel { country, grams: basket.grams(), goods: self.goods(basket) },
            None => Parcel { country, ..Parcel::default() },
        };
        let free = basket.is_some_and(|basket| basket.discount() == Some(Discount::FreeDelivery));
        let way = |way: &Way| {
            let price = way.price(parcel)?;
            Some(way.wire(if free { 0 } else { price }, self.currency))
        };
        Ok(self.terms.ways.iter().filter_map(way).collect())
    }

    /// What the cart would cost, delivered.
    pub async fn quote(&self, owner: Option<&Owner>, delivery: &str, country: &str) -> Result<cart::Totals> {
        let way = self.terms.way(delivery).ok_or(OrderError::NoDelivery)?;
        let owner = owner.ok_or(OrderError::Empty)?;
        let mut db = self.database.read().await?;
        let basket = self.carts.look_at_basket(&mut db, owner).await?;
        let basket = basket.filter(|basket| !basket.lines.is_empty()).ok_or(OrderError::Empty)?;
        Ok(self.currency.totals(self.totals(&basket, way, country)?))
    }

    /// Orders the owner's cart, once per intent. `form` is taken as checked; mails about it are in `language`. What is
    /// ordered from the network address `peer` counts, and what was ordered before does not count again.
    pub async fn place(
        &self,
        owner: &Owner,
        intent: &Intent,
        form: &PlaceOrder,
        language: Language,
        peer: IpAddr,
    ) -> Result<Once> {
        let mut transaction = self.database.write().await?;
        if let Claim::Done(kept) = intent.claim(&mut transaction).await? {
            return Ok(Once::Replay(kept));
        }
        let basket = self.carts.hold_basket(&mut transaction, owner).await?;
        let basket = basket.filter(|basket| !basket.lines.is_empty()).ok_or(OrderError::Empty)?;
        let way = self.terms.way(&form.delivery).ok_or(OrderError::NoDelivery)?;
        let totals = self.totals(&basket, way, &form.address.country)?;
        if totals.total != form.expected_total {
            return Err(OrderError::Changed { now: self.currency.text(totals.total) });
        }
        let account = match owner {
            Owner::Account(account) => Some(&**account),
            Owner::Guest(_) => None,
        };
        self.take(&mut transaction, &basket, Customer { account, email: &form.email }).await?;
        self.haste.count(&form.email, peer)?;
        let row =
            OrderRow { language: language.code().to_owned(), ..self.row(owner, &basket, way, totals, form)? };
        let lines: Vec<_> = basket.lines.iter().map(line).collect();
        let row = OrderRow { id: store::insert(&mut transaction, &row, &lines).await?, ..row };
        match row.status.as_str() {
            status::PLACED => self.tell(&mut transaction, &row, Letter::OrderPlaced).await?,
            status::PAID => self.tell(&mut transaction, &row, Letter::OrderPaid).await?,
            _ => {}
        }
        self.carts.empty(&mut transaction, &basket).await?;
        let order = wire(row, lines)?;
        let kept = intent.keep(&mut transaction, StatusCode::CREATED, &order).await?;
        transaction.commit().await?;
        tracing::info!(order.number, totals.total, "order placed");
        Ok(Once::First(kept))
    }

    /// Takes stock and coupon.
    async fn take(
        &self,
        transaction: &mut Transaction,
        basket: &Basket,
        customer: Customer<'_>,
    ) -> Result<()> {
        // By number: two orders of the same variants wait for each other instead of locking each other up.
        let mut lines: Vec<_> = basket.lines.iter().collect();
        lines.sort_unstable_by_key(|line| line.offer.variant_id);
        for line in lines {
            if !self.catalogue.take_stock(transaction, line.offer.variant_id, line.quantity).await? {
                return Err(OrderError::OutOfStock { name: line.offer.title.clone() });
            }
        }
        if !self.carts.use_coupon(transaction, basket, customer).await? {
            return Err(OrderError::CouponGone);
        }
        let for_first = basket.coupon.as_ref().is_some_and(|coupon| coupon.first_order);
        if for_first && store::has_ordered(transaction, customer.account, customer.email.trim()).await? {
            return Err(OrderError::NotTheFirst);
        }
        Ok(())
    }

    /// An order, for whoever has its key.
    pub async fn find(&self, key: &str) -> Result<Order> {
        match self.settle_overdue(key).await {
            // It can be looked at all the same; the next round tries again.
            Err(OrderError::Payment(error)) => error.log(),
            settled => settled?,
        }
        let mut db = self.database.read().await?;
        let row = store::find(&mut db, key).await?.ok_or(OrderError::Unknown)?;
        self.complete(&mut db, row).await
    }

    /// An order by the number that people see, for whoever knows the address that it was ordered with.
    pub async fn standing(&self, number: &str, email: &str) -> Result<Option<Order>> {
        let Some(id) = id(&["M-", number].concat()) else { return Ok(None) };
        let row = store::by_id(&mut *self.database.read().await?, id).await?;
        match row.filter(|row| !row.email.is_empty() && row.email.eq_ignore_ascii_case(email.trim())) {
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
    ///
    /// Several servers may look at the same time: the row of an order is changed by one of them, under the database's
    /// lock, and only that one gives back.
    pub async fn cancel_overdue(&self, now: Millis) -> Result<()> {
        let overdue = store::overdue(&mut *self.database.read().await?, now).await?;
        for order in overdue {
            // One whose provider is away waits for the next round; the others do not.
            if let Err(error) = self.give_up(order, now).await {
                if let OrderError::Payment(error) = &error {
                    error.log();
                }
                tracing::warn!(%error, number = number(order), "an overdue order stays for now");
            }
        }
        Ok(())
    }

    /// The same for one order, so that nobody has to wait for the next round to see it.
    async fn settle_overdue(&self, key: &str) -> Result<()> {
        let row = store::find(&mut *self.database.read().await?, key).await?;
        let now = clock::now();
        match row {
            Some(row) if row.pay_until.is_some_and(|until| until <= now) => self.give_up(row.id, now).await,
            _ => Ok(()),
        }
    }

    async fn give_up(&self, order: i64, now: Millis) -> Result<()> {
        // The shopper has done their part; how it ends is told, or asked for from time to time, and not at every look.
        let payment = payment_store::of_order(&mut *self.database.read().await?, order).await?;
        let is_underway = payment.as_ref().is_some_and(|payment| payment.is_underway());
        if is_underway || self.end_open(payment).await? == Some(Standing::Underway) {
            return Ok(());
        }
        let mut transaction = self.database.write().await?;
        let Some(row) = store::cancel_overdue(&mut transaction, order, now).await? else { return Ok(()) };
        self.give_back(&mut transaction, &row).await?;
        self.tell(&mut transaction, &row, Letter::OrderLapsed).await?;
        transaction.commit().await?;
        tracing::info!(number = number(order), "order cancelled: the payment did not come");
        Ok(())
    }

    /// Cancels what is not sent yet: stock and coupon come back, and the money where there was some. Again changes
    /// nothing.
    pub async fn cancel(&self, key: &str) -> Result<Order> {
        let row = store::find(&mut *self.database.read().await?, key).await?.ok_or(OrderError::Unknown)?;
        self.end_payment_of(row.id).await?;
        let mut transaction = self.database.write().await?;
        let order = self.cancel_in(&mut transaction, row.id).await?;
        transaction.commit().await?;
        Ok(order)
    }

    /// The same in the caller's transaction.
    async fn cancel_in(&self, transaction: &mut Transaction, id: i64) -> Result<Order> {
        let Some(row) = store::cancel(transaction, id).await? else {
            let row = store::by_id(transaction, id).await?.ok_or(OrderError::Unknown)?;
            if row.status == status::CANCELLED {
                return self.complete(transaction, row).await;
            }
            return Err(OrderError::NotCancellable(name(&row)?));
        };
        self.give_back(transaction, &row).await?;
        self.tell(transaction, &row, Letter::OrderCancelled).await?;
        if let Some(payment) = payment_store::of_order(transaction, id).await?
            && payment.status == payment_store::standing::PAID
        {
            payment_store::owe(transaction, &payment.provider, &payment.reference, id).await?;
        }
        tracing::info!(number = number(id), "order cancelled");
        self.complete(transaction, row).await
    }

    /// Whether an account has bought a product: an order with it is on its way.
    pub async fn has_bought(&self, account: &str, product: i64) -> Result<bool> {
        Ok(store::has_bought(&mut *self.database.read().await?, account, product).await?)
    }

    /// The same; it stays so until the caller's transaction ends.
    pub async fn hold_purchase(
        &self,
        transaction: &mut Transaction,
        account: &str,
        product: i64,
    ) -> Result<bool> {
        Ok(store::hold_purchase(transaction, account, product).await?)
    }

    /// What was bought, to put it into a cart again.
    pub async fn bought(&self, key: &str) -> Result<Vec<Remembered>> {
        let mut db = self.database.read().await?;
        let row = store::find(&mut db, key).await?.ok_or(OrderError::Unknown)?;
        let line = |line: LineRow| Remembered {
            variant_id: line.variant_id,
            quantity: line.quantity,
            title: line.title,
            price: line.unit_price,
        };
        Ok(store::lines(&mut db, row.id).await?.into_iter().map(line).collect())
    }

    /// An operator moves an order on, in the caller's transaction: what it was, and what it is.
    pub async fn move_on(
        &self,
        transaction: &mut Transaction,
        id: i64,
        to: OrderStatus,
    ) -> Result<(OrderStatus, Order)> {
        let before = store::by_id(transaction, id).await?.ok_or(OrderError::Unknown)?;
        let was = self.complete(transaction, before.clone()).await?.status;
        let order = match to {
            OrderStatus::Cancelled => self.cancel_in(transaction, id).await?,
            OrderStatus::Shipped => match store::ship(transaction, id, clock::now()).await? {
                Some(row) => {
                    self.tell(transaction, &row, Letter::OrderShipped).await?;
                    self.complete(transaction, row).await?
                }
                None => return Err(OrderError::NotShippable(name(&before)?)),
            },
            _ => return Err(OrderError::NotShippable(name(&before)?)),
        };
        Ok((was, order))
    }

    /// The ways of payment that are on.
    pub fn payments(&self) -> &Payments {
        &self.payments
    }

    /// Gives stock and coupon of an order back.
    async fn give_back(&self, transaction: &mut Transaction, order: &OrderRow) -> Result<()> {
        let mut lines = store::lines(transaction, order.id).await?;
        lines.sort_unstable_by_key(|line| line.variant_id);
        for line in lines {
            self.catalogue.return_stock(transaction, line.variant_id, line.quantity).await?;
        }
        if let Some(code) = &order.coupon {
            let customer = Customer { account: order.account.as_deref(), email: &order.email };
            self.carts.return_coupon(transaction, code, customer).await?;
        }
        Ok(())
    }

    fn goods(&self, basket: &Basket) -> Minor {
        let totals = pricing::totals(&basket.priced(), basket.discount(), None, self.terms.tax(None));
        totals.lines - totals.discount
    }

    fn totals(&self, basket: &Basket, way: &Way, country: &str) -> Result<Totals> {
        let parcel = Parcel { country: Some(country), grams: basket.grams(), goods: self.goods(basket) };
        let delivery = way.price(parcel).ok_or(OrderError::NoDelivery)?;
        let tax = self.terms.tax(Some(country));
        Ok(pricing::totals(&basket.priced(), basket.discount(), Some(delivery), tax))
    }

    fn row(
        &self,
        owner: &Owner,
        basket: &Basket,
        way: &Way,
        totals: Totals,
        form: &PlaceOrder,
    ) -> Result<OrderRow> {
        let now = clock::now();
        let provider = self.payments.find(form.payment).ok_or(OrderError::NoPayment)?;
        let (status, pay_until) = match provider.is_waited_for() {
            // A coupon has paid it all, and no provider takes nothing.
            _ if totals.total == 0 => (status::PAID, None),
            true => (status::PENDING, Some(now + self.pending)),
            false => (status::PLACED, None),
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
            payment: method_name(form.payment).to_owned(),
            placed_at: now,
            pay_until,
            email: form.email.trim().to_owned(),
            name: address.name,
            street: address.street,
            extra: address.extra,
            postcode: address.postcode,
            city: address.city,
            region: address.region,
            country: address.country,
            delivery: way.id.clone(),
            delivery_name: way.name.clone(),
            delivery_when: way.when.clone(),
            delivery_price: totals.delivery.unwrap_or(0),
            coupon: coupon.as_ref().map(|coupon| coupon.code.clone()),
            coupon_label: coupon.map(|coupon| coupon.label),
            currency: self.currency.money(0).currency,
            lines_total: totals.lines,
            discount: totals.discount,
            tax_included: totals.tax_included,
            tax_added: totals.tax_added,
            total: totals.total,
            language: String::new(),
        })
    }

    async fn complete(&self, db: &mut AnyConnection, row: OrderRow) -> Result<Order> {
        let lines = store::lines(db, row.id).await?;
        let payment_underway = row.status == status::PENDING
            && payment_store::of_order(db, row.id).await?.is_some_and(|payment| payment.is_underway());
        Ok(Order { payment_underway, ..wire(row, lines)? })
    }
}
