//! An order as it is kept, and as it travels.

use super::{
    OrderError, Result, number,
    store::{LineRow, OrderRow, status},
};
use crate::{
    cart::Line,
    clock,
    language::t,
    pricing::{Currency, Totals},
    terms,
};
use contract::shop::{
    cart::{Coupon, LineItem},
    order::{Address, Delivery, Order, OrderStatus, PaymentMethod},
};

/// A line of a cart as an order keeps it.
pub fn line(line: &Line) -> LineRow {
    let offer = line.offer.clone();
    LineRow {
        variant_id: offer.variant_id,
        product_id: offer.product_id,
        title: offer.title,
        options: offer.options,
        picture: offer.picture,
        quantity: line.quantity,
        unit_price: offer.price,
    }
}

/// What to call the state of an order.
pub fn name(row: &OrderRow) -> Result<&'static str> {
    Ok(match read_status(row)? {
        OrderStatus::PaymentPending => "overdue",
        OrderStatus::Placed => "paid on delivery",
        OrderStatus::Paid => "paid",
        OrderStatus::Shipped => "on its way",
        OrderStatus::Cancelled => "cancelled",
    })
}

/// How an order is paid.
pub fn method(row: &OrderRow) -> Result<PaymentMethod> {
    METHODS
        .iter()
        .find(|(name, _)| *name == row.payment)
        .map(|(_, method)| *method)
        .ok_or(OrderError::Damaged(row.id))
}

const METHODS: [(&str, PaymentMethod); 3] = [
    ("on_delivery", PaymentMethod::OnDelivery),
    ("test_card", PaymentMethod::TestCard),
    ("stripe", PaymentMethod::Stripe),
];

/// A way of payment as it is kept.
pub fn method_name(method: PaymentMethod) -> &'static str {
    METHODS.iter().find(|(_, known)| *known == method).map_or("", |(name, _)| name)
}

/// A status as it is kept.
pub fn status_name(status: OrderStatus) -> &'static str {
    match status {
        OrderStatus::PaymentPending => status::PENDING,
        OrderStatus::Placed => status::PLACED,
        OrderStatus::Paid => status::PAID,
        OrderStatus::Shipped => status::SHIPPED,
        OrderStatus::Cancelled => status::CANCELLED,
    }
}

fn read_status(row: &OrderRow) -> Result<OrderStatus> {
    match row.status.as_str() {
        status::PENDING => Ok(OrderStatus::PaymentPending),
        status::PLACED => Ok(OrderStatus::Placed),
        status::PAID => Ok(OrderStatus::Paid),
        status::SHIPPED => Ok(OrderStatus::Shipped),
        status::CANCELLED => Ok(OrderStatus::Cancelled),
        _ => Err(OrderError::Damaged(row.id)),
    }
}

/// An order as it travels.
pub fn wire(row: OrderRow, lines: Vec<LineRow>) -> Result<Order> {
    let damaged = |_| OrderError::Damaged(row.id);
    let currency = Currency::parse(&row.currency).map_err(damaged)?;
    let totals = Totals {
        lines: row.lines_total,
        discount: row.discount,
        delivery: Some(row.delivery_price),
        tax_included: row.tax_included,
        tax_added: row.tax_added,
        total: row.total,
    };
    let item = |line: LineRow| LineItem {
        variant_id: line.variant_id,
        product_id: line.product_id,
        title: line.title,
        options: line.options,
        picture: line.picture,
        quantity: line.quantity,
        // In an order it says how many were taken; what is left is the catalogue's to say.
        stock: line.quantity,
        unit_price: currency.money(line.unit_price),
        total: currency.money(line.unit_price * line.quantity),
    };
    let address = address(&row);
    Ok(Order {
        number: number(row.id),
        status: read_status(&row)?,
        payment: method(&row)?,
        pay_at: None,
        pay_until: row.pay_until.map(clock::rfc3339),
        payment_underway: false,
        refunded: false,
        placed_at: clock::rfc3339(row.placed_at),
        email: row.email,
        country_name: t(terms::country_name(&row.country)),
        address,
        delivery: Delivery {
            id: row.delivery,
            name: t(&row.delivery_name),
            when: t(&row.delivery_when),
            price: currency.money(row.delivery_price),
        },
        lines: lines.into_iter().map(item).collect(),
        coupon: row.coupon.map(|code| Coupon { code, label: row.coupon_label.unwrap_or_default() }),
        totals: currency.totals(totals),
        key: row.key,
    })
}

/// Where an order goes.
pub fn address(row: &OrderRow) -> Address {
    Address {
        name: row.name.clone(),
        street: row.street.clone(),
        extra: row.extra.clone(),
        postcode: row.postcode.clone(),
        city: row.city.clone(),
        region: row.region.clone(),
        country: row.country.clone(),
    }
}
