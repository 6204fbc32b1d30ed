//! All SQL of the orders.

use crate::{
    clock::Millis,
    database::{Schema, containing},
    pricing::Minor,
};
use sqlx::AnyConnection;

/// The tables.
pub const SCHEMA: Schema = Schema { version: 6, name: "orders", sql: include_str!("schema.sql") };
/// The tax that comes on top.
pub const TAX_SCHEMA: Schema = Schema { version: 42, name: "order taxes", sql: include_str!("tax.sql") };
/// Orders without their person.
pub const FORGETTING_SCHEMA: Schema =
    Schema { version: 52, name: "orders of those who left", sql: include_str!("forgetting.sql") };
/// The language of mails.
pub const LANGUAGE_SCHEMA: Schema =
    Schema { version: 53, name: "languages of orders", sql: include_str!("language.sql") };
/// States and counties.
pub const REGION_SCHEMA: Schema =
    Schema { version: 56, name: "regions of orders", sql: include_str!("region.sql") };
/// Orders by e-mail address.
pub const ADDRESS_SCHEMA: Schema =
    Schema { version: 64, name: "orders by address", sql: include_str!("address.sql") };
/// Whom orders are for, as operators search for it.
pub const PERSON_SCHEMA: Schema =
    Schema { version: 67, name: "persons of orders", sql: include_str!("person.sql") };
/// When orders were sent.
pub const SHIPPED_SCHEMA: Schema =
    Schema { version: 59, name: "when orders were sent", sql: include_str!("shipped.sql") };

type Result<T> = std::result::Result<T, sqlx::Error>;

/// The statuses as they are kept.
pub mod status {
    pub const PENDING: &str = "payment_pending";
    pub const PLACED: &str = "placed";
    pub const PAID: &str = "paid";
    pub const SHIPPED: &str = "shipped";
    pub const CANCELLED: &str = "cancelled";
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct OrderRow {
    /// Given by the database.
    pub id: i64,
    pub key: String,
    pub account: Option<String>,
    pub status: String,
    pub payment: String,
    pub placed_at: Millis,
    pub pay_until: Option<Millis>,
    pub email: String,
    pub name: String,
    pub street: String,
    pub extra: String,
    pub postcode: String,
    pub city: String,
    pub region: String,
    pub country: String,
    pub delivery: String,
    pub delivery_name: String,
    pub delivery_when: String,
    pub delivery_price: Minor,
    pub coupon: Option<String>,
    pub coupon_label: Option<String>,
    pub currency: String,
    pub lines_total: Minor,
    pub discount: Minor,
    pub tax_included: Minor,
    pub tax_added: Minor,
    pub total: Minor,
    /// ISO 639-1: of mails about it.
    pub language: String,
}

#[derive(Clone, Debug, sqlx::FromRow)]
pub struct LineRow {
    pub variant_id: i64,
    pub product_id: i64,
    pub title: String,
    pub options: String,
    pub picture: Option<String>,
    pub quantity: i64,
    pub unit_price: Minor,
}

/// Enters an order and gives back its id.
pub async fn insert(db: &mut AnyConnection, order: &OrderRow, lines: &[LineRow]) -> Result<i64> {
    let id: i64 = sqlx::query_scalar(
        "INSERT INTO orders (key, account, status, payment, placed_at, pay_until, email, name, street, extra,
            postcode, city, country, delivery, delivery_name, delivery_when, delivery_price, coupon, coupon_label,
            currency, lines_total, discount, tax_included, tax_added, total, language, region, person_text)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21,
            $22, $23, $24, $25, $26, $27, $28)
         RETURNING id",
    )
    .bind(&order.key)
    .bind(order.account.as_deref())
    .bind(&order.status)
    .bind(&order.payment)
    .bind(order.placed_at)
    .bind(order.pay_until)
    .bind(&order.email)
    .bind(&order.name)
    .bind(&order.street)
    .bind(&order.extra)
    .bind(&order.postcode)
    .bind(&order.city)
    .bind(&order.country)
    .bind(&order.delivery)
    .bind(&order.delivery_name)
    .bind(&order.delivery_when)
    .bind(order.delivery_price)
    .bind(order.coupon.as_deref())
    .bind(order.coupon_label.as_deref())
    .bind(&order.currency)
    .bind(order.lines_total)
    .bind(order.discount)
    .bind(order.tax_included)
    .bind(order.tax_added)
    .bind(order.total)
    .bind(&order.language)
    .bind(&order.region)
    .bind(format!("{} {}", order.name, order.email).to_lowercase())
    .fetch_one(&mut *db)
    .await?;
    for (line, position) in lines.iter().zip(0_i64..) {
        sqlx::query(
            "INSERT INTO order_lines (order_id, position, variant_id, product_id, title, options, picture,
                quantity, unit_price) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(id)
        .bind(position)
        .bind(line.variant_id)
        .bind(line.product_id)
        .bind(&line.title)
        .bind(&line.options)
        .bind(line.picture.as_deref())
        .bind(line.quantity)
        .bind(line.unit_price)
        .execute(&mut *db)
        .await?;
    }
    Ok(id)
}

/// An order by its key.
pub async fn find(db: &mut AnyConnection, key: &str) -> Result<Option<OrderRow>> {
    sqlx::query_as("SELECT * FROM orders WHERE key = $1").bind(key).fetch_optional(db).await
}

/// An order by its id.
pub async fn by_id(db: &mut AnyConnection, id: i64) -> Result<Option<OrderRow>> {
    sqlx::query_as("SELECT * FROM orders WHERE id = $1").bind(id).fetch_optional(db).await
}

/// The same, held until the transaction ends.
pub async fn hold(db: &mut AnyConnection, id: i64) -> Result<Option<OrderRow>> {
    sqlx::query_as("UPDATE orders SET status = status WHERE id = $1 RETURNING *")
        .bind(id)
        .fetch_optional(db)
        .await
}

/// The newest orders of an account.
pub async fn of_account(db: &mut AnyConnection, account: &str) -> Result<Vec<OrderRow>> {
    sqlx::query_as("SELECT * FROM orders WHERE account = $1 ORDER BY id DESC LIMIT 100")
        .bind(account)
        .fetch_all(db)
        .await
}

/// All orders of an account, the newest first.
pub async fn all_of_account(db: &mut AnyConnection, account: &str) -> Result<Vec<OrderRow>> {
    sqlx::query_as("SELECT * FROM orders WHERE account = $1 ORDER BY id DESC")
        .bind(account)
        .fetch_all(db)
        .await
}

/// Takes an account's orders out of its hands; they wait for [`forget_persons`].
pub async fn let_go(db: &mut AnyConnection, account: &str) -> Result<()> {
    sqlx::query("UPDATE orders SET account = NULL, forget = 1 WHERE account = $1")
        .bind(account)
        .execute(db)
        .await?;
    Ok(())
}

/// Takes the person out of the orders that wait for it and are cancelled, or were sent before `sent` or placed before `placed`.
/// The country stays: the tax depends on it.
pub async fn forget_persons(db: &mut AnyConnection, sent: Millis, placed: Millis) -> Result<()> {
    sqlx::query(
        "UPDATE orders SET forget = 0, email = '', name = '', street = '', extra = '', postcode = '', city = '',
            region = '', person_text = ''
         WHERE forget = 1 AND (status = 'cancelled' OR (status = 'shipped' AND shipped_at < $1) OR placed_at < $2)",
    )
    .bind(sent)
    .bind(placed)
    .execute(db)
    .await?;
    Ok(())
}

/// The lines of an order.
pub async fn lines(db: &mut AnyConnection, order: i64) -> Result<Vec<LineRow>> {
    sqlx::query_as(
        "SELECT variant_id, product_id, title, options, picture, quantity, unit_price
         FROM order_lines WHERE order_id = $1 ORDER BY position",
    )
    .bind(order)
    .fetch_all(db)
    .await
}

/// Marks a pending order as paid; false when it is not pending any more.
pub async fn pay(db: &mut AnyConnection, order: i64) -> Result<bool> {
    let paid = sqlx::query(
        "UPDATE orders SET status = 'paid', pay_until = NULL WHERE id = $1 AND status = 'payment_pending'",
    )
    .bind(order)
    .execute(db)
    .await?;
    Ok(paid.rows_affected() == 1)
}

/// Whether an order waits for its payment; held so until the transaction ends.
pub async fn is_payable(db: &mut AnyConnection, order: i64, now: Millis) -> Result<bool> {
    let held = sqlx::query(
        "UPDATE orders SET status = status WHERE id = $1 AND status = 'payment_pending' AND pay_until > $2",
    )
    .bind(order)
    .bind(now)
    .execute(db)
    .await?;
    Ok(held.rows_affected() == 1)
}

/// Cancels what is not sent yet; `None` when it is too late, or done already.
pub async fn cancel(db: &mut AnyConnection, order: i64) -> Result<Option<OrderRow>> {
    sqlx::query_as(
        "UPDATE orders SET status = 'cancelled', pay_until = NULL
         WHERE id = $1 AND status IN ('payment_pending', 'placed', 'paid') RETURNING *",
    )
    .bind(order)
    .fetch_optional(db)
    .await
}

/// Notes that an order was sent; `None` when it does not wait for that.
pub async fn ship(db: &mut AnyConnection, order: i64, now: Millis) -> Result<Option<OrderRow>> {
    sqlx::query_as(
        "UPDATE orders SET status = 'shipped', shipped_at = $2 WHERE id = $1 AND status IN ('placed', 'paid')
         RETURNING *",
    )
    .bind(order)
    .bind(now)
    .fetch_optional(db)
    .await
}

/// Which orders to list.
pub struct Wanted<'w> {
    /// Only of this status.
    pub status: Option<&'w str>,
    /// Only before this id.
    pub before: i64,
    /// Only the one of this id, and those that `words` finds.
    pub id: Option<i64>,
    /// A part of an e-mail address or a name; all where nothing is searched for.
    pub words: Option<&'w str>,
    /// At most so many.
    pub limit: i64,
}

/// The newest orders among these.
pub async fn list(db: &mut AnyConnection, wanted: &Wanted<'_>) -> Result<Vec<OrderRow>> {
    let pattern = wanted.words.map(containing).unwrap_or_default();
    sqlx::query_as(
        "SELECT * FROM orders WHERE id < $1 AND (status = $2 OR $3 = 1)
            AND ($4 = 1 OR id = $5 OR person_text LIKE $6 ESCAPE '!'
                OR LOWER(email) LIKE LOWER($7) ESCAPE '!' OR LOWER(name) LIKE LOWER($7) ESCAPE '!')
         ORDER BY id DESC LIMIT $8",
    )
    .bind(wanted.before)
    .bind(wanted.status.unwrap_or(""))
    .bind(i64::from(wanted.status.is_none()))
    .bind(i64::from(wanted.words.is_none()))
    .bind(wanted.id.unwrap_or(-1))
    .bind(pattern.to_lowercase())
    .bind(pattern)
    .bind(wanted.limit)
    .fetch_all(db)
    .await
}

/// Orders whose payment did not come in time.
pub async fn overdue(db: &mut AnyConnection, now: Millis) -> Result<Vec<i64>> {
    sqlx::query_scalar(
        "SELECT id FROM orders WHERE pay_until <= $1 AND status = 'payment_pending' ORDER BY id LIMIT 1000",
    )
    .bind(now)
    .fetch_all(db)
    .await
}

/// Cancels an order that was to be paid at `due` or before; `None` when somebody else did, or it was paid.
pub async fn cancel_unpaid(db: &mut AnyConnection, order: i64, due: Millis) -> Result<Option<OrderRow>> {
    sqlx::query_as(
        "UPDATE orders SET status = 'cancelled', pay_until = NULL
         WHERE id = $1 AND status = 'payment_pending' AND pay_until <= $2 RETURNING *",
    )
    .bind(order)
    .bind(due)
    .fetch_optional(db)
    .await
}

/// Whether somebody has ordered before, by account or address, as far as they are known; what was cancelled does not count.
pub async fn has_ordered(db: &mut AnyConnection, account: Option<&str>, email: Option<&str>) -> Result<bool> {
    let any: Option<i64> = sqlx::query_scalar(
        "SELECT id FROM orders WHERE status <> 'cancelled' AND (account = $1 OR LOWER(email) = $2) LIMIT 1",
    )
    .bind(account)
    .bind(email.map(str::to_lowercase))
    .fetch_optional(db)
    .await?;
    Ok(any.is_some())
}

/// An order of an account that has the product, and counts as bought: it is on its way, so that nobody can take it back once it
/// has served its turn.
const PURCHASE: &str = "SELECT o.id FROM orders o JOIN order_lines l ON l.order_id = o.id
     WHERE o.account = $1 AND l.product_id = $2 AND o.status = 'shipped' LIMIT 1";

/// Whether an account has bought a product: an order with it is on its way.
pub async fn has_bought(db: &mut AnyConnection, account: &str, product: i64) -> Result<bool> {
    let any: Option<i64> =
        sqlx::query_scalar(PURCHASE).bind(account).bind(product).fetch_optional(db).await?;
    Ok(any.is_some())
}

/// The same; the order is held so until the transaction ends.
pub async fn hold_purchase(db: &mut AnyConnection, account: &str, product: i64) -> Result<bool> {
    let order: Option<i64> =
        sqlx::query_scalar(PURCHASE).bind(account).bind(product).fetch_optional(&mut *db).await?;
    let Some(order) = order else { return Ok(false) };
    let held = sqlx::query(
        "UPDATE orders SET status = status
         WHERE id = $1 AND account = $2 AND status = 'shipped'",
    );
    Ok(held.bind(order).bind(account).execute(db).await?.rows_affected() == 1)
}
