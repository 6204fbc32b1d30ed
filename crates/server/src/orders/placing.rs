//! What an order would cost, and placing it: one transaction that takes the key, the stock and the coupon, writes the order,
//! empties the cart and keeps the answer.

use super::{
    OrderError, Orders, Result,
    store::{self, OrderRow, status},
    wire::{line, method_name, wire},
};
use crate::{
    cart::{Basket, Customer, Owner},
    clock,
    database::Transaction,
    idempotency::{Claim, Intent, Once},
    language::Language,
    mail::Letter,
    pricing::{self, Discount, Minor, Totals},
    secret,
    terms::{Parcel, Way},
};
use axum::http::StatusCode;
use contract::shop::{
    cart,
    order::{Delivery, ExpectedLine, PlaceOrder},
};
use std::net::IpAddr;

impl Orders {
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
        let is_waited_for = self.payments.find(form.payment).ok_or(OrderError::NoPayment)?.is_waited_for();
        let totals = self.totals(&basket, way, &form.address.country)?;
        if totals.total != form.expected_total || !is_of(&basket, &form.expected_lines) {
            return Err(OrderError::Changed { now: self.currency.text(totals.total) });
        }
        let account = match owner {
            Owner::Account(account) => Some(&**account),
            Owner::Guest(_) => None,
        };
        let taken = self.take(&mut transaction, &basket, Customer { account, email: &form.email }).await;
        // A coupon that is refused tells something of an e-mail address: that is not asked any number of times.
        if matches!(taken, Ok(()) | Err(OrderError::CouponGone | OrderError::NotTheFirst)) {
            self.haste.count(&form.email, peer)?;
        }
        taken?;
        let row = OrderRow {
            language: language.code().to_owned(),
            ..self.row(owner, &basket, way, totals, form, is_waited_for)?
        };
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
        let is_used = self.carts.use_coupon(transaction, basket, customer).await?;
        // Who has ordered before is told that, and not how often the coupon counts.
        let for_first = basket.coupon.as_ref().is_some_and(|coupon| coupon.first_order);
        let email = Some(customer.email.trim());
        if for_first && store::has_ordered(transaction, customer.account, email).await? {
            return Err(OrderError::NotTheFirst);
        }
        if is_used { Ok(()) } else { Err(OrderError::CouponGone) }
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
        is_waited_for: bool,
    ) -> Result<OrderRow> {
        let now = clock::now();
        let (status, pay_until) = match is_waited_for {
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
}

/// Whether a basket has what the shopper saw; whoever says nothing of that agrees to the total alone.
fn is_of(basket: &Basket, expected: &[ExpectedLine]) -> bool {
    let lines = basket.lines.iter().map(|line| (line.offer.variant_id, line.quantity));
    expected.is_empty() || lines.eq(expected.iter().map(|line| (line.variant_id, line.quantity)))
}
